"""Handing messages of the outbox to a mail server: who takes which, and what becomes of each.

A sender takes one message at a time under a lease. If it is killed, the lease runs out and another takes the message
again, under the same message id: none is lost, and one comes twice only if the sender died between the server's
word and the database's.
"""

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from app.domain.mails import LEASE, MOST_TRIES, MailState, pause_after
from app.domain.permissions import SYSTEM
from app.models import Mail, User
from app.services.ledger import record

MINUTE = timedelta(minutes=1)
MAX_ERROR = 500


@dataclass(frozen=True)
class ClaimedMail:
    """A message that one sender holds: all that is needed to hand it over."""

    id: int
    lease: str
    message_id: str
    name: str
    address: str
    reply_to: str
    subject: str
    body: str


@dataclass(frozen=True)
class Delivery:
    """What became of a try: taken, refused for good, or to be tried again; `error` says why."""

    error: str = ""
    is_final: bool = False

    @property
    def is_sent(self) -> bool:
        """Whether the server took it."""
        return not self.error


def claim_mail(session: Session, *, now: datetime, per_minute: int) -> ClaimedMail | None:
    """Take the message that has waited longest; None when none is due, or a minute's share is used up."""
    tried = select(func.count(Mail.id)).where(Mail.tried_at > now - MINUTE)
    if (session.scalar(tried) or 0) >= per_minute:
        return None
    mail = session.scalars(
        select(Mail)
        .where(
            Mail.state == MailState.SENDING,
            Mail.next_try_at <= now,
            or_(Mail.leased_until.is_(None), Mail.leased_until < now),
        )
        .order_by(Mail.next_try_at, Mail.id)
        .limit(1)
        .with_for_update(skip_locked=True)
    ).one_or_none()
    if mail is None:
        return None
    if mail.attempts >= MOST_TRIES:
        mail.lease = mail.leased_until = None
        _finish(session, mail, MailState.FAILED, "mail:fail", now)
        return None
    mail.lease, mail.leased_until = secrets.token_hex(16), now + LEASE
    mail.attempts, mail.tried_at = mail.attempts + 1, now
    writer = select(User.email).where(User.id == mail.written_by_id)
    return ClaimedMail(
        mail.id,
        mail.lease,
        mail.message_id,
        mail.name,
        mail.address,
        session.scalar(writer) or "",
        mail.subject,
        mail.body,
    )


def settle_mail(session: Session, claimed: ClaimedMail, delivery: Delivery, *, now: datetime) -> bool:
    """Note what became of a message; False, and nothing noted, if its lease ran out and another sender has it."""
    mail = session.scalars(
        select(Mail).where(Mail.id == claimed.id, Mail.lease == claimed.lease).with_for_update()
    ).one_or_none()
    if mail is None:
        return False
    mail.lease = mail.leased_until = None
    mail.error = delivery.error[:MAX_ERROR]
    pause = pause_after(mail.attempts)
    if delivery.is_sent:
        _finish(session, mail, MailState.SENT, "mail:sent", now)
    elif delivery.is_final or pause is None:
        _finish(session, mail, MailState.FAILED, "mail:fail", now)
    else:
        mail.next_try_at = now + pause
    return True


def _finish(session: Session, mail: Mail, state: MailState, action: str, now: datetime) -> None:
    mail.state, mail.done_at = state, now
    details = {"user_id": mail.user_id, "attempts": mail.attempts, "error": mail.error}
    record(session, SYSTEM, action, mail, now=now, contest_id=mail.contest_id, **details)
