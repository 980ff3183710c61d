"""Computing a contest's result from its frozen rules and its counting sheets."""

from collections import Counter
from datetime import datetime
from math import gcd
from typing import Any

import numpy as np
from sqlalchemy import func, insert, select
from sqlalchemy.orm import Session

import scoring
from app.domain.contests import ContestState
from app.domain.errors import require
from app.domain.messages import N_
from app.domain.permissions import Actor, Permission
from app.domain.results import Outcome
from app.domain.rules import ContestRules
from app.models import Computation, Result
from app.queries.scope import contest_for
from app.services.axes import deciding_name, rubric_axes, rules_axes
from app.services.counting_sheets import CountingSheets, load_counting_sheets
from app.services.ledger import record

COMPUTABLE = frozenset({ContestState.SCORING, ContestState.SCORED})


def compute(session: Session, contest_id: int, *, actor: Actor, now: datetime) -> Computation:
    """Apply the frozen rules to the sheets that count and keep the result as a new version.

    Values are kept as reduced fractions of hundredths of a point. The same sheets give the same rows.
    """
    contest = contest_for(session, actor, Permission.SCORING_MANAGE, contest_id, lock=True)
    rules = contest.rules
    require(contest.state in COMPUTABLE, N_("A result is computed when scoring closes, not before or after."))
    require(contest.rules_digest, N_("The rules must be frozen before a result is computed."))
    require(
        contest.rules_digest == rules.digest,
        N_("The rules differ from those that were frozen. Tell the administrator."),
    )
    sheets = load_counting_sheets(session, contest, rules)
    last = session.scalar(select(func.max(Computation.version)).where(Computation.contest_id == contest.id))
    computation = Computation(
        contest_id=contest.id,
        version=(last or 0) + 1,
        rules_digest=rules.digest,
        inputs_digest=sheets.digest(rules),
        computed_at=now,
        computed_by_id=actor.user_id,
    )
    _keep(session, computation, _decided(sheets, rules), actor, now)
    return computation


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
        rules_digest=computation.rules_digest,
        inputs_digest=computation.inputs_digest,
        outcomes=dict(Counter(row["outcome"].value for row in rows)),
    )


def _decided(sheets: CountingSheets, rules: ContestRules) -> list[dict[str, Any]]:
    """Columns of `Result` for each entry, in the order of the entries."""
    rubric, groups = rubric_axes(rules), [group.code for group in rules.groups]
    indices = {code: index for index, code in enumerate(groups)}
    group_of_entry = np.array(
        [indices.get(group, -1) for _id, _code, group in sheets.entries], dtype=np.int64
    )
    standing = scoring.decide(sheets.marks, sheets.counts, rubric, rules_axes(rules, groups), group_of_entry)
    spreads = scoring.tally(sheets.marks, sheets.counts, rubric).spreads
    columns = zip(
        sheets.entries,
        standing.sheets.tolist(),
        standing.scored.tolist(),
        standing.numerators.tolist(),
        standing.denominators.tolist(),
        standing.ranks.tolist(),
        standing.outcomes.tolist(),
        standing.decided_by.tolist(),
        spreads.tolist(),
        strict=True,
    )
    return [
        {
            "entry_id": entry[0],
            "sheets": n,
            "numerator": numerator // gcd(numerator, denominator) if scored else None,
            "denominator": denominator // gcd(numerator, denominator) if scored else None,
            "rank": rank if scored else None,
            "outcome": Outcome(scoring.Outcome(outcome).name.lower()),
            "decided_by": deciding_name(rules, decided_by),
            "spread": spread if n else None,
        }
        for entry, n, scored, numerator, denominator, rank, outcome, decided_by, spread in columns
    ]
