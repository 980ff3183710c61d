"""Every result that was ever computed for a contest, and what each changed in the one before it."""

import json
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.contests import COUNCIL_SEES
from app.domain.errors import require
from app.domain.messages import N_
from app.domain.permissions import Actor
from app.domain.results import Outcome, printed_average
from app.models import Computation, Entry, LedgerEvent, Product, Result, User
from app.queries.contests import ContestHead, head_of


@dataclass(frozen=True)
class Standing:
    """What a result says of one entry; the value is an exact fraction of hundredths."""

    numerator: int | None
    denominator: int | None
    rank: int | None
    outcome: Outcome
    prize: str | None

    @property
    def average(self) -> int | None:
        """The value as printed, in hundredths of a point."""
        if self.numerator is None or self.denominator is None:
            return None
        return printed_average(self.numerator, self.denominator)

    @property
    def unrounded(self) -> Fraction | None:
        """The exact value in points, where two decimals do not say it."""
        if self.numerator is None or self.denominator is None or self.denominator == 1:
            return None
        return Fraction(self.numerator, 100 * self.denominator)


@dataclass(frozen=True)
class Change:
    """An entry of which two results say different things; None where one of them does not have it."""

    code: str
    product: str
    before: Standing | None
    after: Standing | None

    @property
    def moves_outcome(self) -> bool:
        """Whether it is more than a number: another outcome or another prize."""
        return _decisive(self.before) != _decisive(self.after)


@dataclass(frozen=True)
class ResultVersion:
    """One computation, and what differs from the one before it in the same pass."""

    version: int
    pass_no: int
    computed_at: datetime
    computed_by: str | None
    reason: str
    inputs_digest: str
    is_first: bool
    changes: tuple[Change, ...]


@dataclass(frozen=True)
class VersionsPage:
    """The results of a contest, newest first."""

    contest: ContestHead
    versions: tuple[ResultVersion, ...]


def result_versions(session: Session, actor: Actor, contest_id: int) -> VersionsPage:
    """Read every result of a contest this person may see.

    Raises
    ------
    NotFound
        There is no such contest for this person.
    IllegalState
        Scoring has not closed: nobody sees a number before.
    """
    contest = head_of(session, actor, contest_id)
    require(contest.state in COUNCIL_SEES, N_("The result can be seen once scoring has closed."))
    computations = session.execute(
        select(Computation, User.name)
        .outerjoin(User, User.id == Computation.computed_by_id)
        .where(Computation.contest_id == contest.id)
        .order_by(Computation.version)
    ).all()
    names, standings = _standings(session, contest.id)
    versions, last = [], dict[int, int]()
    for computation, by in computations:
        before = last.get(computation.pass_no)
        versions.append(
            ResultVersion(
                version=computation.version,
                pass_no=computation.pass_no,
                computed_at=computation.computed_at,
                computed_by=by,
                reason=computation.reason,
                inputs_digest=computation.inputs_digest,
                is_first=before is None,
                changes=()
                if before is None
                else _changes(names, standings[before], standings[computation.id]),
            )
        )
        last[computation.pass_no] = computation.id
    return VersionsPage(contest, tuple(reversed(versions)))


Names = dict[str, str]
Standings = dict[int, dict[str, Standing]]  # by computation, then by entry code


def _standings(session: Session, contest_id: int) -> tuple[Names, Standings]:
    rows = session.execute(
        select(
            Computation.id,
            Entry.code,
            Product.name,
            Result.numerator,
            Result.denominator,
            Result.rank,
            Result.outcome,
            Result.prize,
        )
        .outerjoin(Result, Result.computation_id == Computation.id)
        .outerjoin(Entry, Entry.id == Result.entry_id)
        .outerjoin(Product, Product.id == Entry.product_id)
        .where(Computation.contest_id == contest_id)
    ).all()
    names: Names = {}
    standings: Standings = {}
    for computation_id, code, product, numerator, denominator, rank, outcome, prize in rows:
        of_computation = standings.setdefault(computation_id, {})
        if code is not None:
            names[code] = product
            of_computation[code] = Standing(numerator, denominator, rank, outcome, prize)
    return names, standings


def _changes(names: Names, before: dict[str, Standing], after: dict[str, Standing]) -> tuple[Change, ...]:
    return tuple(
        Change(code, names[code], before.get(code), after.get(code))
        for code in sorted({*before, *after})
        if before.get(code) != after.get(code)
    )


def _decisive(standing: Standing | None) -> tuple[Outcome, str | None] | None:
    return None if standing is None else (standing.outcome, standing.prize)


def reopening_reason(session: Session, contest_id: int, pass_no: int) -> str:
    """Why a pass that has a result is scored anew, as it was written down; empty before the first result."""
    has_result = select(Computation.id).where(
        Computation.contest_id == contest_id, Computation.pass_no == pass_no
    )
    if session.scalars(has_result.limit(1)).first() is None:
        return ""
    moves = session.scalars(
        select(LedgerEvent.details)
        .where(
            LedgerEvent.contest_id == contest_id,
            LedgerEvent.action.in_(("contest:move", "contest:reopen-first-pass")),
        )
        .order_by(LedgerEvent.id.desc())
    )
    said = (json.loads(details) for details in moves)
    return next(
        (move["reason"] for move in said if move.get("new", "scoring") == "scoring" and "reason" in move), ""
    )
