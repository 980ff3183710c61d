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


@dataclass(frozen=True)
class AnnulledPoll:
    """A vote in the meeting that was taken back: why, or whose objection to a list it was."""

    at: datetime
    entry_ids: tuple[int, ...]
    reason: str
    objector: str


def annulled_polls(session: Session, contest_id: int) -> tuple[AnnulledPoll, ...]:
    """Votes that were taken back in the meeting on the ballot that stands, oldest first."""
    events = session.scalars(
        select(LedgerEvent)
        .where(
            LedgerEvent.contest_id == contest_id,
            LedgerEvent.action == "meeting:annul-poll",
            LedgerEvent.id > opening_of_ballot(contest_id),
        )
        .order_by(LedgerEvent.id)
    )
    return tuple(
        AnnulledPoll(
            event.at,
            tuple(int(entry_id) for entry_id in said["polls"]),
            said["reason"],
            event.actor_name if said["objection"] else "",
        )
        for event in events
        for said in [json.loads(event.details)]
    )


@dataclass(frozen=True)
class Break:
    """The time between an end of the meeting and its going on, when the ballot was opened again."""

    ended_at: datetime
    resumed_at: datetime
    reason: str


def breaks_of(session: Session, contest_id: int) -> tuple[Break, ...]:
    """How often the meeting on the ballot that stands had ended and went on, oldest first."""
    events = session.scalars(
        select(LedgerEvent)
        .where(
            LedgerEvent.contest_id == contest_id,
            LedgerEvent.action.in_(("meeting:close", "meeting:reopen")),
            LedgerEvent.id > opening_of_ballot(contest_id),
        )
        .order_by(LedgerEvent.id)
    )
    breaks, ended = [], None
    for event in events:
        said = json.loads(event.details)
        if event.action == "meeting:close":
            ended = datetime.fromisoformat(said["closed_at"])
        elif ended:  # a meeting that sat on while its ballot was closed had no break
            breaks.append(Break(ended, event.at, said["reason"]))
            ended = None
    return tuple(breaks)


def recorded_votes(session: Session, contest_id: int) -> dict[tuple[int, int], str]:
    """By member and entry, the choice that the ledger holds since the ballot was opened that stands now.

    A motion that changed what is voted on, and a second vote, annulled the votes on the entries that they name.
    """
    rows = session.execute(
        select(LedgerEvent.action, LedgerEvent.subject_id, LedgerEvent.details)
        .where(
            LedgerEvent.contest_id == contest_id,
            LedgerEvent.action.in_(("ballot:vote", "meeting:annul-poll", *ANNULLING)),
            LedgerEvent.id > opening_of_ballot(contest_id),
        )
        .order_by(LedgerEvent.id)
    )
    votes: dict[tuple[int, int], str] = {}
    for action, member_id, details in rows:
        said = json.loads(details)
        if action == "ballot:vote":
            changes = said["changes"].items()
            votes |= {(member_id, int(entry_id)): choice for entry_id, (_old, choice) in changes}
        else:
            annulled = {int(entry_id) for entry_id in said["annulled" if action in ANNULLING else "polls"]}
            votes = {seat: choice for seat, choice in votes.items() if seat[1] not in annulled}
    return votes


def opening_of_ballot(contest_id: int) -> ColumnElement[int]:
    """Select the id of the ledger's line that opened the ballot that stands; 0 if there is none."""
    opened = select(func.max(LedgerEvent.id)).where(
        LedgerEvent.contest_id == contest_id, LedgerEvent.action == "ballot:open"
    )
    return func.coalesce(opened.scalar_subquery(), 0)


def _turn(event: LedgerEvent, said: dict[str, Any]) -> Turn:
    return Turn(event.action == "ballot:reopen", event.at, said["reason"], said.get("voters", 0))
