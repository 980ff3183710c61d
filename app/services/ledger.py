"""Writing the ledger: every act leaves a row that nothing changes afterwards."""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Protocol, cast

from sqlalchemy import Table, insert
from sqlalchemy.orm import Session

from app.domain.permissions import Actor
from app.models import LedgerEvent
from app.models.base import canonical_json
from app.services.merkle import leaf_hash


class Subject(Protocol):
    """Any row with an id and a table."""

    id: int
    __tablename__: str


@dataclass(frozen=True)
class Event:
    """What an event says, before it is kept as a `LedgerEvent`."""

    contest_id: int | None
    at: datetime
    actor_id: int | None
    actor_name: str
    on_behalf_of: str
    action: str
    subject_kind: str
    subject_id: int
    details: str
    salt: str


def record(
    session: Session,
    actor: Actor,
    action: str,
    subject: Subject,
    *,
    now: datetime,
    contest_id: int | None = None,
    **details: object,
) -> None:
    """Append one act: `<resource>:<verb>`, on what, and the values old and new (marks as integers).

    The detail `on_behalf_of` names whose sheet it is where somebody else types it in; it has its own column.
    """
    session.flush()  # the subject needs its id, and what it refers to has to be there
    on_behalf_of = str(details.pop("on_behalf_of", ""))
    event = Event(
        contest_id=contest_id,
        at=now,
        actor_id=actor.user_id,
        actor_name=actor.name,
        on_behalf_of=on_behalf_of,
        action=action,
        subject_kind=subject.__tablename__,
        subject_id=subject.id,
        details=canonical_json(details),
        salt=secrets.token_hex(16),
    )
    session.execute(_APPEND, {**vars(event), "sha256": leaf_hash(leaf_of(event).encode()).hex()})


# Past the session's own bookkeeping: an event is never changed, and nobody has to find it in the session.
_APPEND = insert(cast("Table", LedgerEvent.__table__)).inline()


def opening_of(event: Event | LedgerEvent) -> str:
    """What an event says, as its leaf commits to it: the details with the salt, as canonical JSON."""
    return f'{{"details":{event.details},"salt":"{event.salt}"}}'


def leaf_of(event: Event | LedgerEvent) -> str:
    """The leaf of an event: one line of canonical JSON that is the same on every database.

    It holds the hash of the details, not the details: these can be withheld and the leaf still be shown.
    """
    return canonical_json(
        {
            "action": event.action,
            "actor_id": event.actor_id,
            "actor_name": event.actor_name,
            "at": event.at.astimezone(UTC).isoformat(timespec="microseconds"),
            "contest_id": event.contest_id,
            "details_sha256": hashlib.sha256(opening_of(event).encode()).hexdigest(),
            "on_behalf_of": event.on_behalf_of,
            "subject_id": event.subject_id,
            "subject_kind": event.subject_kind,
        }
    )
