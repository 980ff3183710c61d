"""Looking at score sheets as a judge sees them: each opening is on record, and shows nobody's marks."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.errors import NotFound
from app.domain.ledger import PREVIEW
from app.domain.permissions import Actor, Permission
from app.models import Judge, LedgerEvent
from app.queries.people import judge_name
from app.queries.scope import contest_for
from app.services.ledger import record


@dataclass(frozen=True)
class OpenPreview:
    """The judge whose list is shown, without anything on it; None for a judge of every product group."""

    contest_id: int
    judge_id: int | None = None


def open_preview(session: Session, command: OpenPreview, *, actor: Actor, now: datetime) -> LedgerEvent:
    """Put on record that this person looks at a contest's sheets as a judge; the event opens the pages."""
    contest = contest_for(session, actor, Permission.JURY_APPOINT, command.contest_id)
    details: dict[str, object] = {"judge_id": None}
    if command.judge_id is not None:
        seat = select(Judge.id).where(Judge.id == command.judge_id, Judge.contest_id == contest.id)
        if session.scalar(seat) is None:
            raise NotFound
        details = {"judge_id": command.judge_id, "judge": judge_name(session, command.judge_id)}
    record(session, actor, PREVIEW, contest, now=now, contest_id=contest.id, **details)
    own = (LedgerEvent.action == PREVIEW, LedgerEvent.actor_id == actor.user_id)
    return session.scalars(select(LedgerEvent).where(*own).order_by(LedgerEvent.id.desc()).limit(1)).one()
