"""What an administrator does to accounts; and ending one's own sessions."""

import uuid
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.errors import InvalidInput, NotFound, NotPermitted, require
from app.domain.invitations import Place, keeps_accounts
from app.domain.messages import N_, Message
from app.domain.permissions import Actor, Role
from app.models import User
from app.services.accounts import clean_name, end_links, new_user
from app.services.emails import clean_email
from app.services.ledger import record
from app.services.roles import add_membership, check_administrator_remains


@dataclass(frozen=True)
class CreateAdministrator:
    """The first administrator of an installation, or one more."""

    email: str
    name: str
    password_hash: str


def create_administrator(
    session: Session, command: CreateAdministrator, *, actor: Actor, now: datetime
) -> User:
    """Add an account that keeps the others; for commands on the machine and for administrators."""
    _check_keeps_accounts(actor)
    email = clean_email(command.email)
    _check_free(session, email)
    user = new_user(session, email, command.name, command.password_hash, now=now)
    add_membership(session, user, Role.ADMINISTRATOR, Place(), actor=actor, now=now)
    return user


@dataclass(frozen=True)
class CorrectAccount:
    """A person's name and address as they should be."""

    user_id: int
    name: str
    email: str


def correct_account(session: Session, command: CorrectAccount, *, actor: Actor, now: datetime) -> User:
    """Correct a name or an address; the old ones stay in the ledger."""
    user = _user(session, command.user_id, actor)
    email, name = clean_email(command.email), clean_name(command.name)
    if email != user.email:
        _check_free(session, email)
        end_links(session, user, now=now)
    old = {"name": user.name, "email": user.email}
    user.name, user.email = name, email
    new = {"name": name, "email": email}
    record(session, actor, "account:correct", user, now=now, old=old, new=new)
    return user


def disable_account(session: Session, user_id: int, *, actor: Actor, now: datetime) -> User:
    """Shut a person out: sessions end at once, open links die, roles stay on record."""
    user = _user(session, user_id, actor)
    require(user.id != actor.user_id, N_("You cannot disable your own account."))
    require(user.active, N_("This account is disabled already."))
    check_administrator_remains(session, without=user.id)
    user.active, user.fs_uniquifier = False, uuid.uuid4().hex
    end_links(session, user, now=now)
    record(session, actor, "account:disable", user, now=now)
    return user


def enable_account(session: Session, user_id: int, *, actor: Actor, now: datetime) -> User:
    """Let a person in again."""
    user = _user(session, user_id, actor)
    require(not user.active, N_("This account is not disabled."))
    user.active = True
    record(session, actor, "account:enable", user, now=now)
    return user


def remove_second_factor(session: Session, user_id: int, *, actor: Actor, now: datetime) -> User:
    """Let a person whose telephone is lost sign in by password alone; sessions end."""
    user = _user(session, user_id, actor)
    require(user.tf_primary_method is not None, N_("This account has no second factor."))
    user.tf_primary_method = user.tf_totp_secret = user.mf_recovery_codes = None
    user.fs_uniquifier = uuid.uuid4().hex
    record(session, actor, "account:remove-second-factor", user, now=now)
    return user


def end_sessions(session: Session, *, actor: Actor, now: datetime) -> None:
    """Sign a person out everywhere."""
    user = session.get_one(User, actor.user_id)
    user.fs_uniquifier = uuid.uuid4().hex
    record(session, actor, "account:end-sessions", user, now=now)


def _user(session: Session, user_id: int, actor: Actor) -> User:
    _check_keeps_accounts(actor)
    user = session.get(User, user_id, with_for_update=True)
    if user is None:
        raise NotFound
    return user


def _check_keeps_accounts(actor: Actor) -> None:
    if not keeps_accounts(actor):
        raise NotPermitted


def _check_free(session: Session, email: str) -> None:
    if session.scalar(select(User.id).where(User.email == email)) is not None:
        raise InvalidInput({"email": Message(N_("Another account has this address."))})
