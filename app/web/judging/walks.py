"""The way from one sheet to the others, as addresses."""

from dataclasses import dataclass

from flask import url_for

from app.queries.judging import sheet_lines, walk_from
from app.queries.score_sheet import SheetPage
from app.web.access import current_actor
from app.web.db import read


@dataclass(frozen=True)
class Links:
    """Where a sheet stands in the list, and the addresses around it; the next open one, or the list after the last."""

    place: int
    all: int
    previous_url: str
    following_url: str
    next_url: str


def walk_of(page: SheetPage) -> Links:
    """The way on from a sheet."""
    walk = walk_from(sheet_lines(read(), current_actor(), page.contest), page.sheet_id, page.pass_no)
    return Links(
        place=walk.place,
        all=walk.all,
        previous_url=_sheet(walk.previous_id),
        following_url=_sheet(walk.following_id),
        next_url=_sheet(walk.next_open_id) or url_for("judging.index", contest=page.contest.id),
    )


def _sheet(sheet_id: int | None) -> str:
    return url_for("judging.sheet", sheet_id=sheet_id) if sheet_id else ""
