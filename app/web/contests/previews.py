"""Opening a preview of the jury's sheets, which the ledger keeps."""

from flask import redirect, request, url_for
from flask.typing import ResponseReturnValue

from app.domain.errors import NotFound
from app.domain.permissions import Permission
from app.services.previews import OpenPreview, open_preview
from app.web.access import current_actor, now, requires
from app.web.contests.blueprint import bp
from app.web.db import transaction
from app.web.fields import number_of


@bp.post("/<int:contest_id>/preview")
@requires(Permission.JURY_APPOINT)
def preview(contest_id: int) -> ResponseReturnValue:
    """Put on record that somebody looks as a judge does, and show the judge's list."""
    typed = request.form.get("judge", "")
    judge_id = number_of(typed) if typed else None
    if judge_id == 0:
        raise NotFound
    with transaction() as session:
        event = open_preview(session, OpenPreview(contest_id, judge_id), actor=current_actor(), now=now())
    return redirect(url_for("judging.preview", event_id=event.id), 303)
