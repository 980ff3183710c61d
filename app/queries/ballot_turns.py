"""Ballots of a contest that were taken back, as the ledger tells it."""

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.models import LedgerEvent


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


def _turn(event: LedgerEvent, said: dict[str, Any]) -> Turn:
    return Turn(event.action == "ballot:reopen", event.at, said["reason"], said.get("voters", 0))
