"""The ledger of a contest: its heads, the bundle that proves the result, and the history of every sheet."""

from io import BytesIO

from flask import Response, render_template, request

from app.domain.contests import COUNCIL_SEES
from app.domain.permissions import Permission
from app.queries.contests import head_of
from app.queries.ledger import grouped, heads_of
from app.queries.mark_history import history_page
from app.services.bundles import export_bundle
from app.web.access import current_actor, now, requires
from app.web.contests.blueprint import bp
from app.web.db import engine, file_store, read
from app.web.downloads import ZIP, download


@bp.get("/<int:contest_id>/ledger")
@requires(Permission.CONTEST_VIEW)
def ledger(contest_id: int) -> str:
    """Show the heads that were made known, and offer the bundle once scoring has closed."""
    contest = head_of(read(), current_actor(), contest_id)
    groups = grouped(heads_of(read(), contest.id))
    return render_template(
        "contests/ledger.html", contest=contest, groups=groups, is_closed=contest.state in COUNCIL_SEES
    )


@bp.post("/<int:contest_id>/bundle")
@requires(Permission.CONTEST_VIEW)
def bundle(contest_id: int) -> Response:
    """Send the contest whole; a post, since the head over what is sent is kept."""
    contest = head_of(read(), current_actor(), contest_id)
    read().rollback()
    file = BytesIO()
    export_bundle(engine(), contest.id, file, store=file_store(), actor=current_actor(), now=now())
    return download(file.getvalue(), f"{contest.slug}-goi-kiem-chung.zip", ZIP)


@bp.get("/<int:contest_id>/history")
@requires(Permission.CONTEST_VIEW)
def history(contest_id: int) -> str:
    """List one judge's sheets with how often each was saved and reopened."""
    page = history_page(read(), current_actor(), contest_id, request.args.get("judge", type=int))
    return render_template("contests/history.html", page=page)
