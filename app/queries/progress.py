"""How far the scoring is, in counts of sheets: never a mark, never a total."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby

from sqlalchemy import ColumnElement, and_, case, func, not_, select
from sqlalchemy.orm import Session

from app.domain.contests import Readiness
from app.domain.entries import EntryState
from app.domain.judging import SheetState
from app.domain.vietnamese import person_sort_key
from app.models import Entry, Judge, Product, ScoreSheet, User
from app.queries.conflicts import is_recused
from app.queries.own_facilities import conflicts_of
from app.queries.passes import InPass, is_of_current_pass, is_scored_now
from app.queries.people import name_on_jury


@dataclass(frozen=True)
class Sheets:
    """Counts of sheets: assigned, of which saved but not submitted, of which submitted."""

    assigned: int
    drafts: int
    submitted: int

    @property
    def empty(self) -> int:
        """Sheets with nothing on them."""
        return self.assigned - self.drafts - self.submitted

    @property
    def percent(self) -> int:
        """Submitted sheets of a hundred, rounded down: 100 means all."""
        return self.submitted * 100 // self.assigned if self.assigned else 0


@dataclass(frozen=True)
class EntrySeats(Sheets):
    """The sheets of one accepted entry."""

    entry_id: int
    code: str
    group_code: str
    product: str


@dataclass(frozen=True)
class JudgeSheets(Sheets):
    """The sheets of one judge."""

    judge_id: int
    user_id: int
    name: str
    is_head: bool
    saved_at: datetime | None  # when anything was last saved on one of them


@dataclass(frozen=True)
class GroupSheets(Sheets):
    """The sheets of one product group."""

    group_code: str
    entries: int


def seats_of(session: Session, contest: InPass) -> tuple[EntrySeats, ...]:
    """The entries of a contest that are scored in its current pass, by code, with their sheets of it."""
    rows = session.execute(
        select(*_counts(), Entry.id, func.coalesce(Entry.code, ""), Entry.group_code, Product.name)
        .select_from(Entry)
        .join(Product, Product.id == Entry.product_id)
        .outerjoin(
            ScoreSheet,
            and_(
                ScoreSheet.entry_id == Entry.id,
                ScoreSheet.pass_no == contest.current_pass,
                not_(is_recused()),
            ),
        )
        .where(is_scored_now(contest))
        .group_by(Entry.id, Entry.code, Entry.group_code, Product.name)
    )
    return tuple(sorted((EntrySeats(*row) for row in rows), key=lambda seat: code_key(seat.code)))


def code_key(code: str) -> tuple[str, int]:
    """Order of entry codes: B-2 before B-10."""
    group, _dash, serial = code.rpartition("-")
    return group, int(serial)


def sheets_of_judges(session: Session, contest_id: int) -> list[JudgeSheets]:
    """The judges of a contest, the head first, then by given name, with their sheets of its current pass."""
    rows = session.execute(
        select(*_counts(), Judge.id, User.id, name_on_jury(), Judge.is_head, func.max(ScoreSheet.saved_at))
        .select_from(Judge)
        .join(User, User.id == Judge.user_id)
        .outerjoin(
            ScoreSheet,
            and_(ScoreSheet.judge_id == Judge.id, is_of_current_pass(contest_id), not_(is_recused())),
        )
        .where(Judge.contest_id == contest_id)
        .group_by(Judge.id, User.id)
    )
    judges = [JudgeSheets(*row) for row in rows]
    return sorted(judges, key=lambda row: (not row.is_head, person_sort_key(row.name), row.judge_id))


def sheets_of_groups(seats: Iterable[EntrySeats]) -> list[GroupSheets]:
    """The sheets of each product group, out of those of its entries."""
    groups = groupby(seats, key=lambda seat: seat.group_code)
    return [
        GroupSheets(
            assigned=sum(seat.assigned for seat in members),
            drafts=sum(seat.drafts for seat in members),
            submitted=sum(seat.submitted for seat in members),
            group_code=code,
            entries=len(members),
        )
        for code, members in ((code, list(found)) for code, found in groups)
    ]


@dataclass(frozen=True)
class MissingSheet:
    """A sheet that is assigned but not submitted."""

    judge: str
    code: str
    product: str
    begun: bool


@dataclass(frozen=True)
class Gaps:
    """What is missing before scoring can be closed without a reason; false when nothing is."""

    missing: tuple[MissingSheet, ...]
    short: tuple[str, ...]  # codes of entries that will be not scored

    @property
    def drafts(self) -> int:
        """Sheets with something on them that nobody submitted."""
        return sum(sheet.begun for sheet in self.missing)

    def __bool__(self) -> bool:
        return bool(self.missing or self.short)


def gaps_of(session: Session, contest: InPass) -> Gaps:
    """The missing sheets of the current pass, and the entries with fewer submitted ones than the rules ask for."""
    rows = session.execute(
        select(name_on_jury(), func.coalesce(Entry.code, ""), Product.name, ScoreSheet.saved_at.is_not(None))
        .select_from(ScoreSheet)
        .join(Judge, Judge.id == ScoreSheet.judge_id)
        .join(User, User.id == Judge.user_id)
        .join(Entry, Entry.id == ScoreSheet.entry_id)
        .join(Product, Product.id == Entry.product_id)
        .where(
            is_scored_now(contest),
            ScoreSheet.pass_no == contest.current_pass,
            ScoreSheet.state != SheetState.SUBMITTED,
            not_(is_recused()),
        )
    )
    missing = [MissingSheet(*row) for row in rows]
    missing.sort(key=lambda row: (code_key(row.code), person_sort_key(row.judge)))
    short = (seat.code for seat in seats_of(session, contest) if seat.submitted < contest.rules.min_sheets)
    return Gaps(tuple(missing), tuple(short))


def readiness_of(session: Session, contest: InPass) -> Readiness:
    """What decides whether scoring may open."""
    seats, min_sheets = seats_of(session, contest), contest.rules.min_sheets
    waiting = select(func.count()).where(Entry.contest_id == contest.id, Entry.state == EntryState.SUBMITTED)
    return Readiness(
        accepted=len(seats),
        waiting=session.scalars(waiting).one(),
        short=tuple(seat.code for seat in seats if seat.assigned < min_sheets),
        conflicts=tuple((conflict.judge, conflict.code) for conflict in conflicts_of(session, contest.id)),
        min_sheets=min_sheets,
    )


def _counts() -> tuple[ColumnElement[int], ColumnElement[int], ColumnElement[int]]:
    is_submitted = ScoreSheet.state == SheetState.SUBMITTED
    drafts = case((and_(ScoreSheet.saved_at.is_not(None), not_(is_submitted)), 1), else_=0)
    submitted = case((is_submitted, 1), else_=0)
    return func.count(ScoreSheet.id), func.sum(drafts), func.sum(submitted)
