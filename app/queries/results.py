"""The computed result of a contest as organiser, observer and council see it, once scoring has closed."""

from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction
from itertools import groupby

from sqlalchemy import func, select
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
from app.queries.ballot_prizes import council_prizes
from app.queries.computations import deciding_computation
from app.queries.contests import ContestHead, head_of
from app.queries.counting import counting
from app.queries.criteria import level_one
from app.queries.evidence import discussed
from app.queries.passes import averages_by_pass

ORDER = (
    Outcome.SELECTED,
    Outcome.TIED,
    Outcome.REACHED,
    Outcome.BELOW,
    Outcome.NOT_ADVANCED,
    Outcome.NOT_SCORED,
)


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
    by_pass: tuple[int | None, ...] = ()  # printed averages of both passes, in hundredths, if there are two

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
    discussed: Mapping[int, tuple[int, str]]  # by entry: settled spread, note if the reader may know
    council_prizes: Mapping[int, str | None]  # of each entry that the council carried, by entry

    @property
    def counts(self) -> dict[Outcome, int]:
        """How many entries have each outcome."""
        counted = Counter(row.outcome for row in self.rows)
        passes = self.contest.rules.passes
        return {
            outcome: counted[outcome]
            for outcome in ORDER
            if passes > 1 or outcome is not Outcome.NOT_ADVANCED
        }

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

    def is_settled(self, row: ResultRow) -> bool:
        """Whether the jury has discussed just this difference."""
        return row.spread is not None and row.spread == self.discussed.get(row.entry_id, (None, ""))[0]

    def note_on(self, row: ResultRow) -> str:
        """What came of that discussion, if the reader may know."""
        return self.discussed[row.entry_id][1] if self.is_settled(row) else ""

    @property
    def plot_range(self) -> tuple[int, int]:
        """Lowest and highest total of the plots, in hundredths; the lowest is a multiple of ten points."""
        lowest = min([self.contest.rules.threshold, *(total for row in self.rows for total in row.totals)])
        return max(0, lowest - 500) // 1000 * 1000, self.contest.rules.highest_total


def _parts(rows: list[ResultRow]) -> tuple[tuple[Outcome, tuple[ResultRow, ...]], ...]:
    ordered = sorted(rows, key=lambda row: ORDER.index(row.outcome))
    return tuple((outcome, tuple(part)) for outcome, part in groupby(ordered, key=lambda row: row.outcome))


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
    deciding = deciding_computation(contest.id)
    computation = session.scalars(select(Computation).where(Computation.id == deciding)).one_or_none()
    if computation is None:
        raise NotFound
    return ResultsPage(
        contest=contest,
        version=computation.version,
        computed_at=computation.computed_at,
        inputs_digest=computation.inputs_digest,
        rows=_rows(session, contest, computation),
        discussed=discussed(session, contest, computation.pass_no),
        council_prizes=council_prizes(session, contest.id),
    )


def _rows(session: Session, contest: ContestHead, computation: Computation) -> tuple[ResultRow, ...]:
    found = session.execute(
        select(Result, Entry.code, Entry.group_code, Product.name, Facility.name, Facility.id)
        .join(Entry, Entry.id == Result.entry_id)
        .join(Product, Product.id == Entry.product_id)
        .join(Facility, Facility.id == Product.facility_id)
        .where(Result.computation_id == computation.id)
    ).all()
    sums = _criterion_sums(session, contest, computation.pass_no)
    juries = [
        _jury_result(
            result, group, facility_id, [sums[result.entry_id, c.code] for c in contest.rules.criteria]
        )
        for result, _code, group, _product, _facility, facility_id in found
    ]
    totals = _totals(session, contest.id, computation.pass_no)
    by_pass = averages_by_pass(session, contest)
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
            by_pass=by_pass.get(result.entry_id, ()),
        )
        for (result, code, _group, product, facility, _facility_id), jury, place in zip(
            found, juries, places(juries, contest.rules), strict=True
        )
    ]
    return tuple(sorted(rows, key=lambda row: (row.jury.rank is None, row.jury.rank, row.code)))


def _jury_result(result: Result, group: str, facility_id: int, sums: list[int]) -> JuryResult:
    return JuryResult(
        group=group,
        sheets=result.sheets,
        numerator=result.numerator,
        denominator=result.denominator,
        rank=result.rank,
        outcome=result.outcome,
        criterion_sums=tuple(sums),
        facility_id=facility_id,
        prize=result.prize,
        prize_tied=result.prize_tied,
    )


def _totals(session: Session, contest_id: int, pass_no: int) -> dict[int, list[int]]:
    statement = select(ScoreSheet.entry_id, func.sum(Mark.value)).join(Mark, Mark.sheet_id == ScoreSheet.id)
    totals: dict[int, list[int]] = defaultdict(list)
    for entry_id, total in session.execute(counting(statement, contest_id, pass_no).group_by(ScoreSheet.id)):
        totals[entry_id].append(total)
    return totals


def _criterion_sums(session: Session, contest: ContestHead, pass_no: int) -> dict[tuple[int, str], int]:
    statement = (
        select(ScoreSheet.entry_id, level_one(), func.sum(Mark.value))
        .join(Mark, Mark.sheet_id == ScoreSheet.id)
        .join(Criterion, Criterion.id == Mark.criterion_id)
    )
    sums: dict[tuple[int, str], int] = defaultdict(int)
    for entry_id, code, total in session.execute(
        counting(statement, contest.id, pass_no).group_by(ScoreSheet.entry_id, level_one())
    ):
        sums[entry_id, code] = total
    return sums
