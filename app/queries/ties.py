"""The ties at the cut of a result, with the places that rules or council leave; and second votes on them."""

import json
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.motions import MotionKind
from app.domain.placings import JuryResult
from app.domain.rules import ContestRules
from app.domain.ties import Tie, ties_of_results
from app.models import Entry, LedgerEvent, Product, Result
from app.queries.ballot_turns import opening_of_ballot
from app.queries.computations import deciding_computation
from app.queries.motions import carried_proposals


def ties_of(session: Session, contest_id: int, rules: ContestRules) -> tuple[Tie, ...]:
    """The ties of the result that decides, best placed first."""
    rows = session.execute(
        select(Result.entry_id, Entry.group_code, Result.rank, Result.outcome, Product.facility_id)
        .join(Entry, Entry.id == Result.entry_id)
        .join(Product, Product.id == Entry.product_id)
        .where(Result.computation_id == deciding_computation(contest_id))
        .order_by(Result.entry_id)
    )
    results = {
        entry_id: JuryResult(group, 0, None, None, rank, outcome, (), facility_id)
        for entry_id, group, rank, outcome, facility_id in rows
    }
    decided = {
        proposal.entries: proposal.number
        for proposal in carried_proposals(session, contest_id)
        if proposal.kind is MotionKind.PLACES
    }
    return tuple(
        Tie(tie.entries, tie.place, tie.room, decided.get(tie.entries))
        for tie in ties_of_results(results, rules)
    )


@dataclass(frozen=True)
class RunOff:
    """A second vote on entries that had equally many votes for the last place of a tie."""

    at: datetime
    entries: tuple[int, ...]
    reason: str


def run_offs_of(session: Session, contest_id: int) -> tuple[RunOff, ...]:
    """The second votes since the ballot was opened that stands, oldest first."""
    events = session.scalars(
        select(LedgerEvent)
        .where(
            LedgerEvent.contest_id == contest_id,
            LedgerEvent.action == "ballot:run-off",
            LedgerEvent.id > opening_of_ballot(contest_id),
        )
        .order_by(LedgerEvent.id)
    )
    return tuple(_run_off(event) for event in events)


def _run_off(event: LedgerEvent) -> RunOff:
    said = json.loads(event.details)
    return RunOff(event.at, tuple(said["entries"]), said["reason"])
