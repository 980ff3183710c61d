"""Which entries are scored in a pass: all that take part in the first, those that reached its mark in the second."""

from collections.abc import Mapping
from fractions import Fraction
from typing import Protocol

from sqlalchemy import ColumnElement, Select, exists, or_, select
from sqlalchemy.orm import Session

from app.domain.entries import EntryState
from app.domain.judging import SheetState
from app.domain.results import printed_average
from app.domain.rules import ContestRules
from app.models import Contest, Entry, KeyedSheet, Product, Result, ScoreSheet
from app.queries.computations import newest_computation


class InPass(Protocol):
    """A contest, or the head of a page of one."""

    @property
    def id(self) -> int:
        """The contest's id."""

    @property
    def current_pass(self) -> int:
        """The pass that is being scored."""

    @property
    def rules(self) -> ContestRules:
        """The contest's rules."""


def entries_of_pass(contest_id: int, pass_no: int, advance_mark: int) -> Select[int]:
    """Select the ids of the entries that are scored in a pass; exact fractions are compared, in hundredths."""
    accepted = select(Entry.id).where(Entry.contest_id == contest_id, Entry.state == EntryState.ACCEPTED)
    if pass_no == 1:
        return accepted
    return accepted.join(Result, Result.entry_id == Entry.id).where(
        Result.computation_id == newest_computation(contest_id, pass_no - 1),
        Result.numerator >= advance_mark * Result.denominator,
    )


def frozen_entries(session: Session, contest_id: int) -> dict[str, tuple[str, str, int]]:
    """By id, what decides of each entry beside its marks: code, product group, and the facility's id."""
    rows = session.execute(
        select(Entry.id, Entry.code, Entry.group_code, Product.facility_id)
        .join(Product, Product.id == Entry.product_id)
        .where(Entry.contest_id == contest_id, Entry.state == EntryState.ACCEPTED)
        .order_by(Entry.id)
    )
    return {str(entry_id): (code or "", group, facility_id) for entry_id, code, group, facility_id in rows}


def is_scored_now(contest: InPass) -> ColumnElement[bool]:
    """Condition on Entry: it is scored in the pass that a contest has come to."""
    return Entry.id.in_(entries_of_pass(contest.id, contest.current_pass, contest.rules.advance_mark))


def is_of_current_pass(contest_id: int) -> ColumnElement[bool]:
    """Condition on ScoreSheet: it is of the pass that a contest has come to."""
    return (
        ScoreSheet.pass_no == select(Contest.current_pass).where(Contest.id == contest_id).scalar_subquery()
    )


def sheets_of_pass(contest_id: int, pass_no: int) -> Select[ScoreSheet]:
    """Select the sheets of one pass of a contest, oldest first."""
    sheets = select(ScoreSheet).join(Entry, Entry.id == ScoreSheet.entry_id).order_by(ScoreSheet.id)
    return sheets.where(Entry.contest_id == contest_id, ScoreSheet.pass_no == pass_no)


def second_pass_is_begun(session: Session, contest_id: int) -> bool:
    """Whether anything was ever saved on a sheet of the second pass, by its judge or from paper."""
    keyed = exists().where(KeyedSheet.sheet_id == ScoreSheet.id)
    begun = or_(ScoreSheet.saved_at.is_not(None), ScoreSheet.state != SheetState.DRAFT, keyed)
    return session.scalars(sheets_of_pass(contest_id, 2).where(begun).limit(1)).first() is not None


def values_by_pass(session: Session, contest: InPass) -> Mapping[int, tuple[Fraction | None, ...]]:
    """The exact value of each entry in each pass, in hundredths; nothing for a contest of one pass."""
    if contest.rules.passes == 1:
        return {}
    values: dict[int, list[Fraction | None]] = {}
    for pass_no in range(1, contest.rules.passes + 1):
        rows = session.execute(
            select(Result.entry_id, Result.numerator, Result.denominator).where(
                Result.computation_id == newest_computation(contest.id, pass_no)
            )
        )
        for entry_id, numerator, denominator in rows:
            before = values.setdefault(entry_id, [None] * contest.rules.passes)
            if numerator is not None and denominator is not None:
                before[pass_no - 1] = Fraction(numerator, denominator)
    return {entry_id: tuple(of_entry) for entry_id, of_entry in values.items()}


def averages_by_pass(session: Session, contest: InPass) -> Mapping[int, tuple[int | None, ...]]:
    """The printed average of each entry in each pass, in hundredths; nothing for a contest of one pass."""
    return {
        entry_id: tuple(
            None if value is None else printed_average(value.numerator, value.denominator) for value in values
        )
        for entry_id, values in values_by_pass(session, contest).items()
    }
