"""What the room sees on the wall: the product before the meeting, never a judge's name, counts only after the vote."""

from flask import Response, render_template

from app.domain.permissions import Permission
from app.queries.meetings import meeting_page
from app.web.access import current_actor, now, requires
from app.web.council.blueprint import bp
from app.web.council.room import live, shown, stamp
from app.web.db import read

KEEP = Permission.MEETING_KEEP


@bp.get("/<int:contest_id>/projector")
@requires(KEEP)
def projector(contest_id: int) -> str:
    """Show where the meeting stands, in large letters."""
    tag = stamp(contest_id, KEEP)
    return _render("council/projector.html", contest_id, stamp=tag)


@bp.get("/<int:contest_id>/projector/live")
@requires(KEEP)
def projector_live(contest_id: int) -> Response:
    """Send what is on the wall, if it has changed."""
    return live(contest_id, KEEP, lambda: _render("council/_projector.html", contest_id))


def _render(template: str, contest_id: int, **beside: str) -> str:
    page = meeting_page(read(), current_actor(), contest_id)
    return render_template(template, page=page, shown=shown(page), now=now(), **beside)
