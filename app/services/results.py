"""Computing a contest's result from its frozen rules and its counting sheets."""

from collections import Counter
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, insert, select
from sqlalchemy.orm import Session

from app.domain.contests import ContestState
from app.domain.errors import require
from app.domain.messages import N_
from app.domain.permissions import Actor, Permission
from app.domain.results import Outcome
from app.domain.rules import ContestRules, rules_digest_of
from app.models import Computation, Contest, Result
from app.queries.computations import newest_computation
from app.queries.passes import entries_of_pass
from app.queries.result_versions import reopening_reason
from app.queries.scope import contest_for
from app.services.counting_sheets import load_counting_sheets
from app.services.ledger import record
from app.services.result_rows import result_rows

COMPUTABLE = frozenset({ContestState.SCORING, ContestState.SCORED})


def compute(session: Session, contest_id: int, *, actor: Actor, now: datetime) -> Computation:
    """Apply the frozen rules to the sheets that count in the current pass and keep the result as a new version.

    Values are kept as reduced fractions of hundredths of a point. The same sheets give the same rows.
    """
    contest = contest_for(session, actor, Permission.SCORING_MANAGE, contest_id, lock=True)
    require(contest.state in COMPUTABLE, N_("A result is computed when scoring closes, not before or after."))
    require(contest.rules_digest, N_("The rules must be frozen before a result is computed."))
    require(
        contest.rules_digest == rules_digest_of(contest.rules_json),
        N_("The rules differ from those that were frozen. Tell the administrator."),
    )
    result = worked_out(session, contest, contest.current_pass)
    last = session.scalar(select(func.max(Computation.version)).where(Computation.contest_id == contest.id))
    computation = Computation(
        contest_id=contest.id,
        version=(last or 0) + 1,
        pass_no=contest.current_pass,
        reason=reopening_reason(session, contest.id, contest.current_pass),
        rules_digest=contest.rules_digest,
        inputs_digest=result.inputs_digest,
        computed_at=now,
        computed_by_id=actor.user_id,
    )
    _keep(session, computation, result.rows, actor, now)
    return computation


@dataclass(frozen=True)
class WorkedOut:
    """A result that is not kept yet: the digest of what went in, and columns of `Result` for each entry."""

    inputs_digest: str
    rows: list[dict[str, Any]]


def worked_out(session: Session, contest: Contest, pass_no: int) -> WorkedOut:
    """Apply a contest's rules to the sheets that count in a pass; nothing is written."""
    rules = contest.rules
    sheets = load_counting_sheets(session, contest, rules, pass_no)
    rows = result_rows(sheets, rules) + _left_behind(session, contest, rules, pass_no)
    return WorkedOut(sheets.digest(rules), rows)


def _keep(
    session: Session, computation: Computation, rows: list[dict[str, Any]], actor: Actor, now: datetime
) -> None:
    session.add(computation)
    session.flush()
    if rows:
        session.execute(insert(Result), [row | {"computation_id": computation.id} for row in rows])
    record(
        session,
        actor,
        "results:compute",
        computation,
        now=now,
        contest_id=computation.contest_id,
        version=computation.version,
        pass_no=computation.pass_no,
        rules_digest=computation.rules_digest,
        inputs_digest=computation.inputs_digest,
        outcomes=dict(Counter(row["outcome"].value for row in rows)),
    )


def _left_behind(
    session: Session, contest: Contest, rules: ContestRules, pass_no: int
) -> list[dict[str, Any]]:
    """Columns of `Result`, in the second pass, for each entry that ended with the first."""
    if pass_no == 1:
        return []
    first = select(Result.entry_id, Result.sheets, Result.outcome).where(
        Result.computation_id == newest_computation(contest.id, 1),
        Result.entry_id.not_in(entries_of_pass(contest.id, pass_no, rules.advance_mark)),
    )
    return [
        dict.fromkeys(RANKED)
        | {
            "prize_tied": False,
            "entry_id": entry_id,
            "sheets": sheets if outcome is Outcome.NOT_SCORED else 0,
            "outcome": outcome if outcome is Outcome.NOT_SCORED else Outcome.NOT_ADVANCED,
        }
        for entry_id, sheets, outcome in session.execute(first.order_by(Result.id))
    ]


RANKED = ("numerator", "denominator", "rank", "decided_by", "spread", "prize")
