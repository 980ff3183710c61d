"""Minutes when their ballot is opened again or annulled: signatures fall, signed files stay."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from app.domain.permissions import Actor
from app.models import Ballot, MinutesText
from app.services.ledger import record

SEALED = "documents/minutes.pdf"
"""The file of the bundle that the second signature seals."""


def minutes_of(session: Session, ballot_id: int) -> MinutesText | None:
    """What was added to the minutes of a ballot, with its signatures; None if nothing was."""
    return session.scalars(
        select(MinutesText)
        .where(MinutesText.ballot_id == ballot_id)
        .options(selectinload(MinutesText.parts), selectinload(MinutesText.signatures))
        .execution_options(populate_existing=True)
    ).one_or_none()


def void_signatures(session: Session, ballot: Ballot, reason: str, *, actor: Actor, now: datetime) -> bool:
    """Take the signatures off the minutes of a ballot, with a reason; whether there were any."""
    minutes = minutes_of(session, ballot.id)
    if minutes is None or not minutes.signatures:
        return False
    signed = [[one.signing.value, one.name, one.text_sha256] for one in minutes.signatures]
    said = {"reason": reason, "signed": signed, "seals": {SEALED: ""}}
    minutes.signatures.clear()
    minutes.pdf_sha256 = None
    minutes.version += 1
    record(session, actor, "minutes:reopen", minutes, now=now, contest_id=ballot.contest_id, **said)
    return True


def let_go_of_minutes(session: Session, ballot: Ballot, *, now: datetime) -> None:
    """Part the minutes from a ballot that is annulled: what was signed is kept, a draft is not."""
    minutes = minutes_of(session, ballot.id)
    if minutes is None:
        return
    if minutes.pdf_sha256 is None and minutes.scan_sha256 is None:
        session.delete(minutes)
    else:
        minutes.ballot_id, minutes.annulled_at = None, now
    session.flush()
