"""Writing the ledger: every act leaves a row that nothing changes afterwards."""

import hashlib
from datetime import datetime
from typing import Protocol

from sqlalchemy.orm import Session

from app.domain.permissions import Actor
from app.models import LedgerEvent
from app.models.base import canonical_json


class Subject(Protocol):
    """Any row with an id and a table."""

    id: int
    __tablename__: str


def record(
    session: Session,
    actor: Actor,
    action: str,
    subject: Subject,
    *,
    now: datetime,
    contest_id: int | None = None,
    **details: object,
) -> LedgerEvent:
    """Append one act: `<resource>:<verb>`, on what, and the values old and new (marks as integers)."""
    session.flush()  # the subject needs its id
    text = canonical_json(details)
    head = canonical_json(
        [now.isoformat(), actor.user_id, actor.name, action, subject.__tablename__, subject.id]
    )
    event = LedgerEvent(
        contest_id=contest_id,
        at=now,
        actor_id=actor.user_id,
        actor_name=actor.name,
        action=action,
        subject_kind=subject.__tablename__,
        subject_id=subject.id,
        details=text,
        sha256=hashlib.sha256(f"{head}\n{text}".encode()).hexdigest(),
    )
    session.add(event)
    return event
