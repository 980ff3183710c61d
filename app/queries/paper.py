"""What is known of a contest's sheets when marks come from outside: judges, entries, what stands on each sheet.

No permission inside: callers scope first, and show nobody a judge's own marks.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Select, exists, func, select
from sqlalchemy.orm import Session

from app.domain.judging import SheetState
from app.domain.ledger import SheetAct
from app.models import Contest, Criterion, Entry, Judge, LedgerEvent, Mark, Product, Recusal, ScoreSheet, User
from app.queries.own_facilities import own_entries
from app.queries.progress import code_key

WRITES = (SheetAct.SAVE, SheetAct.SUBMIT)


@dataclass(frozen=True)
class JuryMember:
    """A judge, numbered in the order of appointment as GK1, GK2 and so on."""

    judge_id: int
    user_id: int
    number: int
    name: str
    position: str
    email: str

    @property
    def label(self) -> str:
        """As a column of a spreadsheet is headed."""
        return f"GK{self.number} – {self.name}"


@dataclass(frozen=True)
class OutsideSheet:
    """A sheet of the current pass; marks in hundredths by the code of their line."""

    sheet_id: int
    version: int
    state: SheetState
    judge_id: int
    entry_id: int
    code: str
    group_code: str
    product: str
    marks: Mapping[str, int]
    is_judges_own: bool  # what stands on it came from the judge's own hand
    stands_aside: bool  # the judge is recused from the entry, or belongs to its facility

    @property
    def is_submitted(self) -> bool:
        """Whether nothing may change on it."""
        return self.state is SheetState.SUBMITTED


def jury_members(session: Session, contest_id: int) -> list[JuryMember]:
    """The judges of a contest, numbered in the order of their appointment."""
    rows = session.execute(
        select(Judge.id, Judge.user_id, User.name, Judge.position, User.email)
        .join(User, User.id == Judge.user_id)
        .where(Judge.contest_id == contest_id)
        .order_by(Judge.id)
    )
    return [
        JuryMember(judge_id, user_id, number, name, position, email)
        for number, (judge_id, user_id, name, position, email) in enumerate(rows, start=1)
    ]


def outside_sheets(
    session: Session, contest: Contest, *conditions: ColumnElement[bool]
) -> list[OutsideSheet]:
    """The sheets of the current pass by judge and entry code: all, or those that meet conditions on ScoreSheet."""
    rows = session.execute(_sheets(contest, conditions)).all()
    marks = _marks(session, contest, conditions)
    writers = _last_writers(session, contest, conditions)
    own = own_entries(session, {row.judge_id for row in rows}, {row.entry_id for row in rows})
    sheets = [
        OutsideSheet(
            sheet_id=row.id,
            version=row.version,
            state=row.state,
            judge_id=row.judge_id,
            entry_id=row.entry_id,
            code=row.code,
            group_code=row.group_code,
            product=row.name,
            marks=marks.get(row.id, {}),
            # Marks that came without a word in the ledger are taken for the judge's own.
            is_judges_own=row.id in marks and writers.get(row.id, row.user_id) == row.user_id,
            stands_aside=row.is_recused or (row.judge_id, row.entry_id) in own,
        )
        for row in rows
    ]
    return sorted(sheets, key=lambda sheet: (sheet.judge_id, code_key(sheet.code)))


def _sheets(contest: Contest, conditions: Sequence[ColumnElement[bool]]) -> Select[*tuple[Any, ...]]:
    recused = exists().where(Recusal.entry_id == Entry.id, Recusal.judge_id == Judge.id)
    return (
        select(
            ScoreSheet.id,
            ScoreSheet.version,
            ScoreSheet.state,
            ScoreSheet.judge_id,
            Judge.user_id,
            Entry.id.label("entry_id"),
            Entry.code,
            Entry.group_code,
            Product.name,
            recused.label("is_recused"),
        )
        .join(Judge, Judge.id == ScoreSheet.judge_id)
        .join(Entry, Entry.id == ScoreSheet.entry_id)
        .join(Product, Product.id == Entry.product_id)
        .where(
            Entry.contest_id == contest.id,
            Entry.code.is_not(None),
            ScoreSheet.pass_no == contest.current_pass,
            *conditions,
        )
    )


def _sheet_ids(contest: Contest, conditions: Sequence[ColumnElement[bool]]) -> Select[int]:
    return (
        select(ScoreSheet.id)
        .join(Entry, Entry.id == ScoreSheet.entry_id)
        .where(Entry.contest_id == contest.id, ScoreSheet.pass_no == contest.current_pass, *conditions)
    )


def _marks(
    session: Session, contest: Contest, conditions: Sequence[ColumnElement[bool]]
) -> dict[int, dict[str, int]]:
    marks: dict[int, dict[str, int]] = defaultdict(dict)
    rows = session.execute(
        select(Mark.sheet_id, Criterion.code, Mark.value)
        .join(Criterion, Criterion.id == Mark.criterion_id)
        .where(Mark.sheet_id.in_(_sheet_ids(contest, conditions)))
    )
    for sheet_id, code, value in rows:
        marks[sheet_id][code] = value
    return dict(marks)


def _last_writers(
    session: Session, contest: Contest, conditions: Sequence[ColumnElement[bool]]
) -> dict[int, int | None]:
    """Who wrote what stands on each sheet."""
    newest = (
        select(func.max(LedgerEvent.id))
        .where(
            LedgerEvent.subject_kind == ScoreSheet.__tablename__,
            LedgerEvent.subject_id.in_(_sheet_ids(contest, conditions)),
            LedgerEvent.action.in_(WRITES),
        )
        .group_by(LedgerEvent.subject_id)
    )
    writers = select(LedgerEvent.subject_id, LedgerEvent.actor_id).where(LedgerEvent.id.in_(newest))
    return {sheet_id: writer for sheet_id, writer in session.execute(writers)}  # noqa: C416 -- a Row is no pair to mypy
