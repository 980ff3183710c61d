"""The computed result of a contest as organiser, observer and council see it, once scoring has closed."""

from collections import Counter, defaultdict
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction
from itertools import groupby

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from app.domain.contests import COUNCIL_SEES
from app.domain.errors import NotFound, require
from app.domain.messages import N_
from app.domain.outcome_reasons import outcome_reason
from app.domain.permissions import Actor, Permission
from app.domain.placings import JuryResult, Place, places
from app.domain.results import Outcome, printed_average
from app.domain.rules import ContestRules, GroupRule
from app.models import (
    Computation,
    Criterion,
    Entry,
    Facility,
    Mark,
    Product,
    Result,
    ScoreSheet,
)
from app.queries.contests import ContestHead, head_of
from app.queries.counting import counting

ORDER = (Outcome.SELECTED, Outcome.TIED, Outcome.REACHED, Outcome.BELOW, Outcome.NOT_SCORED)


@dataclass(frozen=True)
class ResultRow:
    """One entry's result; totals and averages in hundredths of a point."""

    entry_id: int
    code: str
    product: str
    facility: str
    jury: JuryResult
    place: Place | None
    decided_by: str | None
    spread: int | None
    totals: tuple[int, ...]  # of the counting sheets, lowest first

    @property
    def outcome(self) -> Outcome:
        """What the jury's marks make of the entry."""
        return self.jury.outcome

    @property
    def value(self) -> Fraction | None:
        """The exact value in points."""
        if self.jury.numerator is None or self.jury.denominator is None:
            return None
        return Fraction(self.jury.numerator, 100 * self.jury.denominator)

    @property
    def average(self) -> int | None:
        """The value as printed, in hundredths of a point."""
        if self.jury.numerator is None or self.jury.denominator is None:
            return None
        return printed_average(self.jury.numerator, self.jury.denominator)

    @property
    def is_rounded(self) -> bool:
        """Whether two decimals do not say the whole value."""
        return (
            self.value is not None and self.average is not None and self.value != Fraction(self.average, 100)
        )

    def reason(self, rules: ContestRules, language: str) -> str:
        """Why the outcome is what it is."""
        return outcome_reason(self.jury, self.place, rules, language)


@dataclass(frozen=True)
class ResultGroup:
    """The entries of a product group, apart by outcome, best first."""

    group: GroupRule
    parts: tuple[tuple[Outcome, tuple[ResultRow, ...]], ...]


@dataclass(frozen=True)
class ResultsPage:
    """The newest computation of a contest."""

    contest: ContestHead
    version: int
    computed_at: datetime
    inputs_digest: str
    rows: tuple[ResultRow, ...]  # by rank, then by code; those not scored last

    @property
    def counts(self) -> dict[Outcome, int]:
        """How many entries have each outcome."""
        counted = Counter(row.outcome for row in self.rows)
        return {outcome: counted[outcome] for outcome in ORDER}

    @property
    def groups(self) -> tuple[ResultGroup, ...]:
        """The rows by product group, in the order of the rules."""
        return tuple(
            ResultGroup(group, _parts([row for row in self.rows if row.jury.group == group.code]))
            for group in self.contest.rules.groups
            if any(row.jury.group == group.code for row in self.rows)
        )

    def is_flagged(self, row: ResultRow) -> bool:
        """Whether the sheets of an entry differ more than the rules let pass without a second look."""
        return row.spread is not None and row.spread > self.contest.rules.spread_limit

    @property
    def plot_range(self) -> tuple[int, int]:
        """Lowest and highest total of the plots, in hundredths; the lowest is a multiple of ten points."""
        lowest = min([self.contest.rules.threshold, *(total for row in self.rows for total in row.totals)])
        return max(0, lowest - 500) // 1000 * 1000, self.contest.rules.highest_total


def _parts(rows: list[ResultRow]) -> tuple[tuple[Outcome, tuple[ResultRow, ...]], ...]:
    ordered = sorted(rows, key=lambda row: ORDER.index(row.outcome))
    return tuple((outcome, tuple(part)) for outcome, part in groupby(ordered, key=lambda row: row.outcome))


def newest_computation(contest_id: int) -> Select[int]:
    """Select the id of a contest's newest computation."""
    newest = select(Computation.id).where(Computation.contest_id == contest_id)
    return newest.order_by(Computation.version.desc()).limit(1)


def results_page(
    session: Session, actor: Actor, contest_id: int, permission: Permission = Permission.RESULTS_VIEW
) -> ResultsPage:
    """The result of a contest this person may see.

    Raises
    ------
    NotFound
        There is no such contest for this person, or nothing was computed.
    IllegalState
        Scoring has not closed: nobody sees a number before.
    """
    contest = head_of(session, actor, contest_id, permission)
    require(contest.state in COUNCIL_SEES, N_("The result can be seen once scoring has closed."))
    newest = newest_computation(contest.id).scalar_subquery()
    computation = session.scalars(select(Computation).where(Computation.id == newest)).one_or_none()
    if computation is None:
        raise NotFound
    return ResultsPage(
        contest=contest,
        version=computation.version,
        computed_at=computation.computed_at,
        inputs_digest=computation.inputs_digest,
        rows=_rows(session, contest, computation.id),
    )


def _rows(session: Session, contest: ContestHead, computation_id: int) -> tuple[ResultRow, ...]:
    found = session.execute(
        select(Result, Entry.code, Entry.group_code, Product.name, Facility.name)
        .join(Entry, Entry.id == Result.entry_id)
        .join(Product, Product.id == Entry.product_id)
        .join(Facility, Facility.id == Product.facility_id)
        .where(Result.computation_id == computation_id)
    ).all()
    sums = _criterion_sums(session, contest)
    juries = [
        JuryResult(
            group=group,
            sheets=result.sheets,
            numerator=result.numerator,
            denominator=result.denominator,
            rank=result.rank,
            outcome=result.outcome,
            criterion_sums=tuple(sums[result.entry_id, c.code] for c in contest.rules.criteria),
        )
        for result, _code, group, _product, _facility in found
    ]
    totals = _totals(session, contest.id)
    rows = [
        ResultRow(
            entry_id=result.entry_id,
            code=code or "",
            product=product,
            facility=facility,
            jury=jury,
            place=place,
            decided_by=result.decided_by,
            spread=result.spread,
            totals=tuple(sorted(totals[result.entry_id])),
        )
        for (result, code, _group, product, facility), jury, place in zip(
            found, juries, places(juries, contest.rules), strict=True
        )
    ]
    return tuple(sorted(rows, key=lambda row: (row.jury.rank is None, row.jury.rank, row.code)))


def _totals(session: Session, contest_id: int) -> dict[int, list[int]]:
    statement = select(ScoreSheet.entry_id, func.sum(Mark.value)).join(Mark, Mark.sheet_id == ScoreSheet.id)
    totals: dict[int, list[int]] = defaultdict(list)
    for entry_id, total in session.execute(counting(statement, contest_id).group_by(ScoreSheet.id)):
        totals[entry_id].append(total)
    return totals


def _criterion_sums(session: Session, contest: ContestHead) -> dict[tuple[int, str], int]:
    statement = (
        select(ScoreSheet.entry_id, Criterion.code, func.sum(Mark.value))
        .join(Mark, Mark.sheet_id == ScoreSheet.id)
        .join(Criterion, Criterion.id == Mark.criterion_id)
    )
    sums: dict[tuple[int, str], int] = defaultdict(int)
    for entry_id, code, total in session.execute(
        counting(statement, contest.id).group_by(ScoreSheet.entry_id, Criterion.code)
    ):
        sums[entry_id, code] = total
    return sums
