"""Limits on guessing a password or a code; in the database, so that all processes and restarts share them."""

import hashlib
from datetime import datetime, timedelta
from ipaddress import IPv6Address, ip_address, ip_network

from sqlalchemy import delete, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from app.models import SignInAttempt

WINDOW = timedelta(minutes=15)
PER_ACCOUNT = 5
PER_ADDRESS = 30  # an office shares one


def password_of(email: str) -> str:
    """Name under which wrong passwords for an address count, whether it has an account or not."""
    return f"password:{email}"


def code_of(user_id: int) -> str:
    """Name under which a person's wrong codes count."""
    return f"code:{user_id}"


def note_attempt(session: Session, account: str, address: str, *, now: datetime) -> SignInAttempt:
    """Write down that something is about to be tried; forget what no longer counts.

    Commit before asking `wait_for`: then attempts at the same moment, in other processes, count each other.
    """
    session.execute(delete(SignInAttempt).where(SignInAttempt.at <= now - WINDOW))
    attempt = SignInAttempt(account=_hash(account), address=_network(address), at=now)
    session.add(attempt)
    session.flush()
    return attempt


def wait_for(session: Session, attempt: SignInAttempt, *, now: datetime) -> timedelta:
    """How long until the attempt may be checked: zero is now. One that has to wait is forgotten."""
    waits = [
        *_waits(session, attempt, SignInAttempt.account, attempt.account, PER_ACCOUNT),
        *_waits(session, attempt, SignInAttempt.address, attempt.address, PER_ADDRESS),
    ]
    if not waits:
        return timedelta(0)
    session.delete(attempt)
    return max(waits) - now


def forget_attempts(session: Session, account: str) -> None:
    """The right password or code was given: the wrong ones before it no longer count."""
    session.execute(delete(SignInAttempt).where(SignInAttempt.account == _hash(account)))


def _waits(
    session: Session, attempt: SignInAttempt, column: InstrumentedAttribute[str], value: str, limit: int
) -> list[datetime]:
    """When the oldest attempt that fills the limit stops counting, if the limit is full."""
    counted = session.scalars(
        select(SignInAttempt.at)
        .where(column == value, SignInAttempt.id != attempt.id, SignInAttempt.at > attempt.at - WINDOW)
        .order_by(SignInAttempt.at.desc())
        .limit(limit)
    ).all()
    return [counted[-1] + WINDOW] if len(counted) == limit else []


def _hash(account: str) -> str:
    return hashlib.sha256(account.encode()).hexdigest()


def _network(address: str) -> str:
    """The address, or for IPv6 its /64: one line of one customer."""
    try:
        found = ip_address(address)
    except ValueError:
        return ""
    if isinstance(found, IPv6Address):
        return str(found.ipv4_mapped or ip_network((int(found), 64), strict=False))
    return str(found)
