"""Site visits as those who record them see them: which entries were visited, and one record to change."""

from dataclasses import dataclass, replace
from datetime import date

from sqlalchemy import ColumnElement, func, not_, select
from sqlalchemy.orm import Session

from app.domain.contests import ContestState
from app.domain.errors import NotFound, require
from app.domain.messages import N_
from app.domain.permissions import Actor, Permission
from app.models import Entry, Facility, Product, SiteVisit
from app.queries.conflicts import has_conflict
from app.queries.contests import ContestHead, ContestPage, head_of
from app.queries.passes import is_scored_now
from app.queries.progress import code_key
from app.queries.site_visits import VisitRecord, visits_of


@dataclass(frozen=True)
class EntryToVisit:
    """An entry of the second pass with the days on which it was visited: id of the record, day."""

    entry_id: int
    code: str
    product: str
    facility: str
    address: str
    visits: tuple[tuple[int, date], ...] = ()


@dataclass(frozen=True)
class VisitsPage(ContestPage):
    """The entries to visit, by code."""

    entries: tuple[EntryToVisit, ...]

    @property
    def visited(self) -> int:
        """How many were visited at least once."""
        return sum(bool(entry.visits) for entry in self.entries)

    @property
    def is_open(self) -> bool:
        """Whether visits can be recorded now."""
        return may_be_recorded(self.contest)


@dataclass(frozen=True)
class VisitPage(ContestPage):
    """One entry to visit, and one record of a visit unless it is a new one."""

    entry: EntryToVisit
    visit: VisitRecord | None = None

    @property
    def is_open(self) -> bool:
        """Whether the record can be changed now."""
        return may_be_recorded(self.contest)


def may_be_recorded(contest: ContestHead) -> bool:
    """Whether visits are recorded now: in the second pass, until scoring closes."""
    return contest.state is ContestState.SCORING and contest.current_pass > 1


def visits_page(session: Session, actor: Actor, contest_id: int) -> VisitsPage:
    """The entries that this person may record visits of.

    Raises
    ------
    IllegalState
        The second pass has not begun.
    """
    contest = head_of(session, actor, contest_id, Permission.SITE_VISIT_RECORD)
    _require_second_pass(contest)
    entries = _entries(session, actor, contest)
    visits: dict[int, list[tuple[int, date]]] = {}
    rows = session.execute(
        select(SiteVisit.entry_id, SiteVisit.id, SiteVisit.visited_on)
        .join(Entry, Entry.id == SiteVisit.entry_id)
        .where(Entry.contest_id == contest.id)
        .order_by(SiteVisit.visited_on, SiteVisit.id)
    )
    for entry_id, visit_id, day in rows:
        visits.setdefault(entry_id, []).append((visit_id, day))
    return VisitsPage(
        contest,
        tuple(replace(entry, visits=tuple(visits.get(entry.entry_id, ()))) for entry in entries),
    )


def entry_to_visit(session: Session, actor: Actor, contest_id: int, entry_id: int) -> VisitPage:
    """One entry for a new record; NotFound if it is not in the second pass, or not for this person."""
    contest = head_of(session, actor, contest_id, Permission.SITE_VISIT_RECORD)
    found = _entries(session, actor, contest, Entry.id == entry_id)
    if not found:
        raise NotFound
    _require_second_pass(contest)
    return VisitPage(contest, found[0])


def visit_page(session: Session, actor: Actor, contest_id: int, visit_id: int) -> VisitPage:
    """One record of a visit; NotFound if there is none, or not for this person."""
    entry_id = session.scalar(select(SiteVisit.entry_id).where(SiteVisit.id == visit_id))
    if entry_id is None:
        raise NotFound
    page = entry_to_visit(session, actor, contest_id, entry_id)
    visit = next(visit for visit in visits_of(session, entry_id) if visit.id == visit_id)
    return VisitPage(page.contest, page.entry, visit)


def _require_second_pass(contest: ContestHead) -> None:
    require(contest.current_pass > 1, N_("Site visits begin once the first pass is closed."))


def _entries(
    session: Session, actor: Actor, contest: ContestHead, *conditions: ColumnElement[bool]
) -> list[EntryToVisit]:
    rows = session.execute(
        select(Entry.id, func.coalesce(Entry.code, ""), Product.name, Facility.name, Facility.address)
        .join(Product, Product.id == Entry.product_id)
        .join(Facility, Facility.id == Product.facility_id)
        .where(is_scored_now(contest), not_(has_conflict(actor)), *conditions)
    )
    found = [EntryToVisit(*row) for row in rows]
    return sorted(found, key=lambda entry: code_key(entry.code))
