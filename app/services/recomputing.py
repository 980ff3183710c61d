"""Computing a kept result once more from the frozen rules and the sheets, and telling where the two differ."""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.domain.contests import COUNCIL_SEES
from app.domain.errors import IllegalState, require
from app.domain.messages import N_, Message
from app.domain.permissions import Actor, Permission
from app.domain.rules import rules_digest_of
from app.models import Computation, Contest, Entry, Result
from app.models.base import canonical_json
from app.queries.scope import contest_for
from app.services.results import WorkedOut, worked_out

FIELDS = (
    "sheets",
    "numerator",
    "denominator",
    "rank",
    "outcome",
    "decided_by",
    "spread",
    "prize",
    "prize_tied",
)
Value = str | int | bool | None
Rows = dict[str, dict[str, Value]]  # by entry code


@dataclass(frozen=True)
class Difference:
    """Where a result that was computed anew differs; without an entry it is about the whole."""

    entry: str
    field: str
    stored: Value
    now: Value


@dataclass(frozen=True)
class Recomputed:
    """A kept result beside the same result computed anew."""

    pass_no: int
    version: int
    computed_at: datetime
    digest: str  # SHA-256 of the kept result's text
    differences: tuple[Difference, ...]
    refusal: Message | None = None  # why it cannot be computed any more

    @property
    def is_identical(self) -> bool:
        """Whether the same rules and sheets gave the same bytes."""
        return not self.differences and self.refusal is None


def recompute_for(session: Session, contest_id: int, *, actor: Actor) -> tuple[Recomputed, ...]:
    """Compute a contest's results once more for somebody who may see them; nothing is stored.

    Raises
    ------
    NotFound
        There is no such contest for this person.
    IllegalState
        Scoring has not closed: nobody sees a number before.
    """
    contest = contest_for(session, actor, Permission.CONTEST_VIEW, contest_id)
    require(contest.state in COUNCIL_SEES, N_("The result can be seen once scoring has closed."))
    return recompute(session, contest)


def recompute(session: Session, contest: Contest) -> tuple[Recomputed, ...]:
    """Compute the newest result of each closed pass once more; nothing is stored.

    A pass that is open again has no result that would have to stand.
    """
    closed = contest.current_pass if contest.state in COUNCIL_SEES else contest.current_pass - 1
    newest = (
        select(func.max(Computation.version))
        .where(Computation.contest_id == contest.id, Computation.pass_no <= closed)
        .group_by(Computation.pass_no)
    )
    computations = session.scalars(
        select(Computation)
        .where(Computation.contest_id == contest.id, Computation.version.in_(newest))
        .order_by(Computation.pass_no)
    )
    return tuple(_again(session, contest, computation) for computation in computations.all())


def result_text(rows: Rows) -> str:
    """The one way of writing a result: canonical JSON of its rows by entry code. Equal results are equal bytes."""
    return canonical_json(rows)


def _again(session: Session, contest: Contest, computation: Computation) -> Recomputed:
    stored = _stored(session, computation.id)
    differences: tuple[Difference, ...] = ()
    refusal = None
    rules_digest = rules_digest_of(contest.rules_json)
    if computation.rules_digest != rules_digest:  # by other rules there is nothing to compare
        differences = (Difference("", "rules_digest", computation.rules_digest, rules_digest),)
    else:
        try:
            result = worked_out(session, contest, computation.pass_no)
            now = _by_code(session, contest, result)
            differences = tuple(_differences(computation, result, stored, now))
        except IllegalState as error:  # a sheet that counts lacks a mark
            refusal = error.message
    return Recomputed(
        pass_no=computation.pass_no,
        version=computation.version,
        computed_at=computation.computed_at,
        digest=hashlib.sha256(result_text(stored).encode()).hexdigest(),
        differences=differences,
        refusal=refusal,
    )


def _stored(session: Session, computation_id: int) -> Rows:
    columns = [getattr(Result, field) for field in FIELDS]
    found = session.execute(
        select(Entry.code, *columns)
        .join(Entry, Entry.id == Result.entry_id)
        .where(Result.computation_id == computation_id)
    )
    return {code or "": dict(zip(FIELDS, values, strict=True)) for code, *values in found}


def _by_code(session: Session, contest: Contest, result: WorkedOut) -> Rows:
    entries = select(Entry.id, Entry.code).where(Entry.contest_id == contest.id)
    codes = {entry_id: code or "" for entry_id, code in session.execute(entries)}
    return {codes[row["entry_id"]]: {field: row[field] for field in FIELDS} for row in result.rows}


def _differences(
    computation: Computation, result: WorkedOut, stored: Rows, now: Rows
) -> Iterator[Difference]:
    if computation.inputs_digest != result.inputs_digest:
        yield Difference("", "inputs_digest", computation.inputs_digest, result.inputs_digest)
    nothing: dict[str, Any] = dict.fromkeys(FIELDS)
    for code in sorted({*stored, *now}):
        before, after = stored.get(code, nothing), now.get(code, nothing)
        for field in FIELDS:
            if before[field] != after[field]:
                yield Difference(code, field, before[field], after[field])
