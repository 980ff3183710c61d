"""What the pages of the meeting share: one entry laid out for the room, and answers that change only when it does."""

from collections.abc import Callable
from dataclasses import dataclass

from flask import Response, make_response, request

from app.domain.permissions import Permission
from app.queries.agenda import AgendaLine
from app.queries.dossiers import AttachedFile, dossier_page
from app.queries.meetings import MeetingPage, stamp_of
from app.web.access import current_actor
from app.web.contests.evidence_words import signed
from app.web.db import read
from app.web.filters import average, mark
from app.web.i18n import _
from app.web.plots import DotPlot, dot_plot

PHOTOS = 3


@dataclass(frozen=True)
class Shown:
    """The entry before the meeting, as it is shown."""

    line: AgendaLine
    photos: tuple[AttachedFile, ...]
    plot: DotPlot
    to_threshold: str
    to_cut: str  # empty where no quota keeps anybody out


def shown(page: MeetingPage) -> Shown | None:
    """Lay out the entry before the meeting; None before the first."""
    line = page.current
    if line is None:
        return None
    row, rules = line.entry.row, page.contest.rules
    margin, cut = page.margins.get(row.entry_id, (None, None))
    text = _(
        "Totals of %(code)s: %(totals)s. Result %(value)s, threshold %(threshold)s.",
        code=row.code,
        totals="; ".join(mark(total) for total in row.totals) or "–",
        value=average(row.average),
        threshold=mark(rules.threshold),
    )
    if cut is not None:
        text = " ".join((text, _("Cut: %(value)s.", value=average(cut))))
    return Shown(
        line=line,
        photos=dossier_page(read(), row.entry_id).photos[:PHOTOS],
        plot=dot_plot(row.totals, row.average, rules.threshold, page.results.plot_range, text, cut),
        to_threshold=signed(margin.to_threshold if margin else None),
        to_cut=signed(margin.to_cut) if margin and margin.to_cut is not None else "",
    )


def stamp(contest_id: int, permission: Permission) -> str:
    """What a page shows, in a word that changes when the meeting does."""
    return stamp_of(read(), current_actor(), contest_id, permission)


def live(contest_id: int, permission: Permission, render: Callable[[], str]) -> Response:
    """The changing parts of a page for who has not seen them; for who has, only that nothing changed."""
    tag = stamp(contest_id, permission)
    is_known = request.if_none_match.contains_weak(tag)
    response = Response(status=304) if is_known else make_response(render())
    response.set_etag(tag)
    return response
