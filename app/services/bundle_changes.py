"""What the council changed of the jury's list, as a bundle holds it beside the ballot: motions and sets."""

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from app.models import Merger, Motion

Rows = list[dict[str, Any]]


def moment(at: datetime | None) -> str | None:
    """A time in UTC as text that is the same on every database."""
    return at.astimezone(UTC).isoformat(timespec="microseconds") if at else None


def changes_of(session: Session, ballot_id: int) -> dict[str, Rows]:
    """The council's motions on a ballot, never how anybody voted, and the sets that they made."""
    motions = session.scalars(select(Motion).where(Motion.ballot_id == ballot_id).order_by(Motion.number))
    sets = session.execute(
        select(Merger, Motion.number)
        .join(Motion, Motion.id == Merger.motion_id)
        .where(Motion.ballot_id == ballot_id)
        .order_by(Merger.id)
        .options(selectinload(Merger.members))
    )
    return {
        "motions": [
            {name: getattr(row, name) for name in MOTION}
            | {"put_at": moment(row.put_at), "closed_at": moment(row.closed_at)}
            for row in motions
        ],
        "sets": [
            {
                "entry": merger.entry_id,
                "name": merger.name,
                "ground": merger.ground,
                "motion": number,
                "entries": sorted(member.entry_id for member in merger.members),
            }
            for merger, number in sets
        ],
    }


MOTION = (
    "number",
    "kind",
    "content",
    "proposer",
    "reason",
    "by_hands",
    "state",
    "withdrawal_reason",
    "yes",
    "no",
    "abstain",
    "entitled",
)
