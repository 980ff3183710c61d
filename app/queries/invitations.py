"""Links that can still be used: what the person who holds one sees, and who keeps accounts."""

import hashlib
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.orm import Session, aliased

from app.domain.errors import NotFound
from app.domain.messages import N_
from app.domain.permissions import Role
from app.models import Contest, Facility, Invitation, Membership, Territory, User

LINK_OVER = N_(
    "This link has been used, withdrawn or is too old. Ask the person who gave it to you for a new one."
)


@dataclass(frozen=True)
class PlaceName:
    """Where a role holds, in words; empty if nowhere in particular."""

    vi: str
    en: str


@dataclass(frozen=True)
class InvitationPage:
    """What the holder of a link is told; `account_id` is the account of the invited address, if there is one."""

    email: str
    name: str
    role: Role | None
    place: PlaceName
    position: str
    expires_at: datetime
    account_id: int | None
    registers_facility: bool = False  # `name` may then be the facility's

    @property
    def is_password_link(self) -> bool:
        """Whether the link is to a new password rather than to a role."""
        return self.role is None


@dataclass(frozen=True)
class OpenInvitation:
    """A line of the list of open links."""

    id: int
    email: str
    name: str
    role: Role | None
    place: PlaceName
    invited_by: str
    created_at: datetime
    expires_at: datetime


def open_invitation(session: Session, token: str, *, now: datetime, lock: bool = False) -> Invitation:
    """The invitation of a token, if it can still be used; otherwise NotFound, whatever the reason."""
    statement = select(Invitation).where(Invitation.token_sha256 == token_hash(token), *_still_open(now))
    found = session.scalar(statement.with_for_update() if lock else statement)
    if found is None:
        raise NotFound(LINK_OVER)
    return found


def invitation_page(session: Session, token: str, *, now: datetime) -> InvitationPage:
    """What to show to whoever opens a link."""
    invitation = open_invitation(session, token, now=now)
    row = session.execute(with_place(Invitation).where(Invitation.id == invitation.id)).one()
    return InvitationPage(
        email=invitation.email,
        name=invitation.name,
        role=invitation.role,
        place=place_name(row),
        position=invitation.position,
        expires_at=invitation.expires_at,
        account_id=session.scalar(select(User.id).where(User.email == invitation.email)),
        registers_facility=invitation.role is Role.FACILITY_USER and invitation.facility_id is None,
    )


def open_invitations(session: Session, *, now: datetime) -> tuple[OpenInvitation, ...]:
    """Every link that can still be used, the newest first."""
    inviter = aliased(User)
    rows = session.execute(
        with_place(Invitation)
        .add_columns(inviter.name.label("inviter"))
        .outerjoin(inviter, inviter.id == Invitation.invited_by_id)
        .where(*_still_open(now))
        .order_by(Invitation.created_at.desc(), Invitation.id.desc())
    )
    return tuple(
        OpenInvitation(
            id=row.Invitation.id,
            email=row.Invitation.email,
            name=row.Invitation.name,
            role=row.Invitation.role,
            place=place_name(row),
            invited_by=row.inviter or "",
            created_at=row.Invitation.created_at,
            expires_at=row.Invitation.expires_at,
        )
        for row in rows
    )


def with_place(model: type[Invitation | Membership]) -> Select[Any, str, str, str, str]:
    """Rows with the names of their territory, contest and facility."""
    return (
        select(
            model,
            Territory.full_name.label("territory"),
            Territory.name_en.label("territory_en"),
            Contest.name.label("contest"),
            Facility.name.label("facility"),
        )
        .outerjoin(Territory, Territory.id == model.territory_id)
        .outerjoin(Contest, Contest.id == model.contest_id)
        .outerjoin(Facility, Facility.id == model.facility_id)
    )


def place_name(row: Any) -> PlaceName:
    """The place of one row of `with_place`."""
    own = row.facility or row.contest
    return PlaceName(own or row.territory or "", own or row.territory_en or "")


def token_hash(token: str) -> str:
    """What is kept of a link's token."""
    return hashlib.sha256(token.encode()).hexdigest()


def _still_open(now: datetime) -> tuple[Any, ...]:
    return (Invitation.accepted_at.is_(None), Invitation.revoked_at.is_(None), Invitation.expires_at > now)
