"""Ballots as the ledger tells of them: those that were taken back, and every vote on the one that stands."""

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from app.models import LedgerEvent

ANNULLING = ("motion:close", "ballot:run-off")


@dataclass(frozen=True)
class Turn:
    """A ballot taken back: withdrawn with whatever votes it had, or opened again after its close."""

    is_reopening: bool
    at: datetime
    reason: str
    voters: int  # members whose votes were annulled


def turns_of(session: Session, contest_id: int) -> tuple[Turn, ...]:
    """How often a ballot of a contest was taken back, oldest first."""
    events = session.scalars(
        select(LedgerEvent)
        .where(
            LedgerEvent.contest_id == contest_id,
            LedgerEvent.action.in_(("ballot:withdraw", "ballot:reopen")),
        )
        .order_by(LedgerEvent.id)
    )
    return tuple(_turn(event, json.loads(event.details)) for event in events)


def recorded_votes(session: Session, contest_id: int) -> dict[tuple[int, int], str]:
    """By member and entry, the choice that the ledger holds since the ballot was opened that stands now.

    A motion that changed what is voted on, and a second vote, annulled the votes on the entries that they name.
    """
    rows = session.execute(
        select(LedgerEvent.action, LedgerEvent.subject_id, LedgerEvent.details)
        .where(
            LedgerEvent.contest_id == contest_id,
            LedgerEvent.action.in_(("ballot:vote", *ANNULLING)),
            LedgerEvent.id > opening_of_ballot(contest_id),
        )
        .order_by(LedgerEvent.id)
    )
    votes: dict[tuple[int, int], str] = {}
    for action, member_id, details in rows:
        said = json.loads(details)
        if action in ANNULLING:
            votes = {seat: choice for seat, choice in votes.items() if seat[1] not in said["annulled"]}
        else:
            changes = said["changes"].items()
            votes |= {(member_id, int(entry_id)): choice for entry_id, (_old, choice) in changes}
    return votes


def opening_of_ballot(contest_id: int) -> ColumnElement[int]:
    """Select the id of the ledger's line that opened the ballot that stands; 0 if there is none."""
    opened = select(func.max(LedgerEvent.id)).where(
        LedgerEvent.contest_id == contest_id, LedgerEvent.action == "ballot:open"
    )
    return func.coalesce(opened.scalar_subquery(), 0)


def _turn(event: LedgerEvent, said: dict[str, Any]) -> Turn:
    return Turn(event.action == "ballot:reopen", event.at, said["reason"], said.get("voters", 0))
