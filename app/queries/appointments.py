"""Whom the organiser appoints: the council of a contest, open invitations, and accounts found by address."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from app.domain.permissions import Actor, Permission, Role
from app.domain.results import Office
from app.domain.vietnamese import person_sort_key
from app.models import CouncilMember, Invitation, User
from app.queries.contests import ContestPage, head_of
from app.queries.own_facilities import own_products


@dataclass(frozen=True)
class Invited:
    """Somebody who was sent a link and has not taken it up."""

    id: int
    name: str
    email: str
    position: str
    expires_at: datetime


@dataclass(frozen=True)
class MemberRow:
    """A member of the council; `products` are of their own facility, on which they cannot vote."""

    id: int
    name: str
    email: str
    office: Office
    position: str
    products: tuple[str, ...]


@dataclass(frozen=True)
class CouncilPage(ContestPage):
    """The council of a contest."""

    members: tuple[MemberRow, ...]
    invited: tuple[Invited, ...]


OFFICES = tuple(Office)


def council_page(session: Session, actor: Actor, contest_id: int) -> CouncilPage:
    """Read the council of a contest this person may see: by office, then by given name."""
    contest = head_of(session, actor, contest_id)
    rows = session.execute(
        select(CouncilMember, User.name, User.email)
        .join(User, User.id == CouncilMember.user_id)
        .where(CouncilMember.contest_id == contest_id)
    ).all()
    own = own_products(session, contest_id, [member.user_id for member, _name, _email in rows])
    members = [
        MemberRow(member.id, name, email, member.office, member.position, tuple(own.get(member.user_id, ())))
        for member, name, email in rows
    ]
    members.sort(key=lambda member: (OFFICES.index(member.office), person_sort_key(member.name), member.id))
    return CouncilPage(contest, tuple(members), invited_to(session, contest_id, (Role.COUNCIL_MEMBER,)))


def invited_to(session: Session, contest_id: int, roles: tuple[Role, ...]) -> tuple[Invited, ...]:
    """Everybody who holds an open link to one of these roles in the contest."""
    return _invited(session, Invitation.contest_id == contest_id, Invitation.role.in_(roles))


@dataclass(frozen=True)
class FacilitiesPage(ContestPage):
    """The facilities that are invited to register in the territory of a contest, and have not yet."""

    invited: tuple[Invited, ...]


def facilities_page(session: Session, actor: Actor, contest_id: int) -> FacilitiesPage:
    """Read who is invited to register a facility in the territory of a contest this person may invite to."""
    contest = head_of(session, actor, contest_id, Permission.FACILITY_INVITE)
    here = (Invitation.territory_id == contest.territory_id, Invitation.role == Role.FACILITY_USER)
    return FacilitiesPage(contest, _invited(session, *here))


def _invited(session: Session, *where: ColumnElement[bool]) -> tuple[Invited, ...]:
    rows = session.execute(
        select(Invitation.id, Invitation.name, Invitation.email, Invitation.position, Invitation.expires_at)
        .where(*where, Invitation.accepted_at.is_(None), Invitation.revoked_at.is_(None))
        .order_by(Invitation.id)
    )
    return tuple(Invited(*row) for row in rows)


@dataclass(frozen=True)
class Account:
    """An account that was found by its address."""

    id: int
    name: str


def account_of(session: Session, email: str) -> Account | None:
    """The active account of this e-mail address."""
    row = session.execute(
        select(User.id, User.name).where(User.email == email.strip().lower(), User.active)
    ).one_or_none()
    return Account(*row) if row else None
