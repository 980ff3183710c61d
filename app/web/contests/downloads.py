"""A contest as a whole, for offices that keep their own files."""

from flask import Response

from app.domain.permissions import Permission
from app.queries.contests import head_of
from app.services.contest_workbook import contest_workbook
from app.web.access import current_actor, requires
from app.web.contests.blueprint import bp
from app.web.db import read
from app.web.downloads import XLSX, download


@bp.get("/<int:contest_id>/contest.xlsx")
@requires(Permission.CONTEST_VIEW)
def workbook(contest_id: int) -> Response:
    """Send everything of the contest as one workbook, once scoring has closed."""
    contest = head_of(read(), current_actor(), contest_id)
    book = contest_workbook(read(), contest_id, actor=current_actor())
    return download(book, f"{contest.slug}-toan-bo.xlsx", XLSX)
