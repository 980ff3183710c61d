"""Accounts come by invitation only: a link that is good once, of which only a hash is kept."""

import secrets
import uuid
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, select, update
from sqlalchemy.orm import Session

from app.domain.errors import InvalidInput, NotFound, NotPermitted, require
from app.domain.invitations import INVITATION_LIFE, PASSWORD_LINK_LIFE, Place, check_place, keeps_accounts
from app.domain.messages import N_, Message
from app.domain.permissions import SYSTEM, Actor, Role
from app.domain.results import Office
from app.domain.vietnamese import normalise
from app.models import Invitation, User
from app.queries.invitations import LINK_OVER, open_invitation, token_hash
from app.queries.people import actor_of
from app.services.emails import clean_email
from app.services.ledger import record
from app.services.printing import check_letters
from app.services.roles import check_may_give, check_new_to, give_role, place_of, same_place
from app.services.sign_in_attempts import forget_attempts, password_of

MAX_NAME = 200


@dataclass(frozen=True)
class Invite:
    """Whom to invite to which role, and where it shall hold."""

    email: str
    name: str
    role: Role
    territory_id: int | None = None
    contest_id: int | None = None
    facility_id: int | None = None
    position: str = ""
    office: Office | None = None

    @property
    def place(self) -> Place:
        """Where the role shall hold."""
        return Place(self.territory_id, self.contest_id, self.facility_id)


def invite(session: Session, command: Invite, *, actor: Actor, now: datetime) -> str:
    """Invite a person; return the token of the link. An earlier open link to the same role stops working."""
    email, name, position = clean_email(command.email), clean_name(command.name), normalise(command.position)
    if len(position) > MAX_NAME:
        raise InvalidInput({"position": Message(N_("Use at most %(max)d characters."), {"max": MAX_NAME})})
    check_letters(position=position)
    check_place(command.role, command.place)
    check_may_give(session, actor, command.role, command.place)
    check_new_to(session, email, command.role, command.place)
    same = (
        Invitation.email == email,
        Invitation.role == command.role,
        *same_place(Invitation, command.place),
    )
    _withdraw(session, *same, now=now)
    token = secrets.token_urlsafe(32)
    invitation = Invitation(
        token_sha256=token_hash(token),
        email=email,
        name=name,
        role=command.role,
        territory_id=command.territory_id,
        contest_id=command.contest_id,
        facility_id=command.facility_id,
        position=position,
        office=command.office,
        invited_by_id=actor.user_id,
        created_at=now,
        expires_at=now + INVITATION_LIFE,
    )
    session.add(invitation)
    _record(session, actor, "invitation:create", invitation, now)
    return token


def make_password_link(session: Session, user_id: int, *, actor: Actor, now: datetime) -> str:
    """Make a link by which a person sets a new password; return its token. Administrators only."""
    if not keeps_accounts(actor):
        raise NotPermitted
    user = session.get(User, user_id)
    if user is None:
        raise NotFound
    _withdraw(session, Invitation.user_id == user.id, now=now)
    token = secrets.token_urlsafe(32)
    link = Invitation(
        token_sha256=token_hash(token),
        email=user.email,
        name=user.name,
        user_id=user.id,
        invited_by_id=actor.user_id,
        created_at=now,
        expires_at=now + PASSWORD_LINK_LIFE,
    )
    session.add(link)
    _record(session, actor, "password-link:create", link, now)
    return token


def withdraw_invitation(
    session: Session, invitation_id: int, *, actor: Actor, now: datetime, within: Place | None = None
) -> Invitation:
    """Make an open link useless; if a place is named, only a link to a role that holds there.

    Who gave the link may, whoever may give the same role there, and administrators.
    """
    invitation = session.get(Invitation, invitation_id)
    if invitation is None or within not in (None, place_of(invitation)):
        raise NotFound
    if not keeps_accounts(actor) and invitation.invited_by_id != actor.user_id:
        _check_may_invite(session, actor, invitation)
    require(invitation.accepted_at is None, N_("This link has been used already."))
    _withdraw(session, Invitation.id == invitation.id, now=now)
    _record(session, actor, "invitation:withdraw", invitation, now)
    return invitation


def _check_may_invite(session: Session, actor: Actor, invitation: Invitation) -> None:
    """Raise NotFound for a link that this person could not have given."""
    if invitation.role is None:
        raise NotFound
    try:
        check_may_give(session, actor, invitation.role, place_of(invitation))
    except NotPermitted:
        raise NotFound from None


@dataclass(frozen=True)
class AcceptInvitation:
    """What the holder of a link answers; `user_id` is the account that is signed in, if one is."""

    token: str
    name: str = ""
    password_hash: str = ""
    user_id: int | None = None


def accept_invitation(session: Session, command: AcceptInvitation, *, now: datetime) -> User:
    """Use a link: a new account with its role, one more role, or a new password."""
    invitation = open_invitation(session, command.token, now=now, lock=True)
    if invitation.user_id is not None:
        user = _set_password(session, invitation, command.password_hash, now)
    else:
        user = _role_taken(session, invitation, command, now)
    invitation.accepted_at = now
    _record(session, Actor(user.id, user.name), "invitation:accept", invitation, now)
    return user


def new_user(session: Session, email: str, name: str, password_hash: str, *, now: datetime) -> User:
    """Add an account for an address that has none; sessions are tied to its random `fs_uniquifier`."""
    user = User(
        email=email,
        name=clean_name(name),
        password=password_hash,
        fs_uniquifier=uuid.uuid4().hex,
        created_at=now,
    )
    session.add(user)
    session.flush()
    record(session, Actor(user.id, user.name), "account:create", user, now=now)
    return user


def _role_taken(session: Session, invitation: Invitation, command: AcceptInvitation, now: datetime) -> User:
    """Give the role as the act of whoever invited, who must still be allowed to."""
    inviter = SYSTEM
    if invitation.invited_by_id is not None:
        if not session.get_one(User, invitation.invited_by_id).active:
            raise NotFound(LINK_OVER)
        inviter = actor_of(session, invitation.invited_by_id)
    user = _user_for(session, invitation, command, now)
    try:
        give_role(session, invitation, user, actor=inviter, now=now)
    except (NotFound, NotPermitted):
        raise NotFound(LINK_OVER) from None
    return user


def _user_for(session: Session, invitation: Invitation, command: AcceptInvitation, now: datetime) -> User:
    """The account of the invited address: one there is must be signed in, one there is not is made."""
    user = session.scalar(select(User).where(User.email == invitation.email))
    if user is None:
        if command.user_id is not None:
            raise NotPermitted(N_("This invitation is for somebody else. Sign out first."))
        return new_user(session, invitation.email, command.name, command.password_hash, now=now)
    if user.id != command.user_id or not user.active:
        raise NotPermitted(N_("This invitation is for an account that exists. Sign in with it first."))
    return user


def _set_password(session: Session, link: Invitation, password_hash: str, now: datetime) -> User:
    user = session.get_one(User, link.user_id)
    if not user.active:
        raise NotFound(LINK_OVER)
    user.password, user.fs_uniquifier = password_hash, uuid.uuid4().hex  # which ends every session
    forget_attempts(session, password_of(user.email))
    record(session, Actor(user.id, user.name), "account:set-password", user, now=now)
    return user


def end_links(session: Session, user: User, *, now: datetime) -> None:
    """End every open link to this person's account or address."""
    _withdraw(session, (Invitation.user_id == user.id) | (Invitation.email == user.email), now=now)


def _withdraw(session: Session, *where: ColumnElement[bool], now: datetime) -> None:
    """End the open links that these conditions find."""
    still_open = (Invitation.accepted_at.is_(None), Invitation.revoked_at.is_(None))
    session.execute(update(Invitation).where(*where, *still_open).values(revoked_at=now))


def _record(session: Session, actor: Actor, action: str, invitation: Invitation, now: datetime) -> None:
    session.flush()
    record(
        session,
        actor,
        action,
        invitation,
        now=now,
        contest_id=invitation.contest_id,
        role=invitation.role,
        territory_id=invitation.territory_id,
        facility_id=invitation.facility_id,
        user_id=invitation.user_id,
    )


def clean_name(text: str) -> str:
    """A person's name as it is stored."""
    name = normalise(text)
    if not 0 < len(name) <= MAX_NAME:
        raise InvalidInput({"name": Message(N_("Enter the full name, as it shall stand in documents."))})
    check_letters(name=name)
    return name
