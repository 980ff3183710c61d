"""Giving a role and ending it: whoever may give a role in a place may also end it there."""

from dataclasses import asdict, replace
from datetime import datetime

from sqlalchemy import ColumnElement, select, true
from sqlalchemy.orm import Session

from app.domain.errors import InvalidInput, NotFound, NotPermitted, require
from app.domain.invitations import GIVEN_BY, Place, keeps_accounts, may_give
from app.domain.messages import N_, Message
from app.domain.permissions import Actor, Grant, Role
from app.domain.results import Office
from app.models import Contest, CouncilMember, Facility, Invitation, Judge, Membership, Territory, User
from app.queries.scope import contests_within
from app.services.juries import AppointCouncilMember, AppointJudge, appoint_council_member, appoint_judge
from app.services.ledger import record


def give_role(session: Session, invitation: Invitation, user: User, *, actor: Actor, now: datetime) -> None:
    """Give a person the role of an invitation; `actor` is who invited, and must still be allowed to."""
    role = Role(invitation.role or "")
    place = place_of(invitation)
    check_may_give(session, actor, role, place)
    check_new_to(session, user.email, role, place)
    if place.contest_id is not None and role is not Role.OBSERVER:
        organiser = Grant(Role.ORGANISER, contest_id=place.contest_id)
        appointer = replace(actor, grants=(*actor.grants, organiser))
        _appoint(session, invitation, user, place.contest_id, appointer, now)
        return
    add_membership(session, user, role, place, actor=actor, now=now)


def add_membership(
    session: Session, user: User, role: Role, place: Place, *, actor: Actor, now: datetime
) -> Membership:
    """Write down that a person holds a role in a place."""
    membership = Membership(user_id=user.id, role=role, created_at=now, **asdict(place))
    session.add(membership)
    _record(session, actor, "membership:create", membership, now)
    return membership


def end_membership(session: Session, membership_id: int, *, actor: Actor, now: datetime) -> Membership:
    """End a role; the last administrator's stays."""
    membership = session.get(Membership, membership_id, with_for_update=True)
    if membership is None:
        raise NotFound
    try:
        check_may_give(session, actor, membership.role, place_of(membership))
    except NotPermitted:
        raise NotFound from None
    require(membership.ended_at is None, N_("This role has been ended already."))
    if membership.role is Role.ADMINISTRATOR:
        check_administrator_remains(session, without=membership.user_id)
    membership.ended_at = now
    _record(session, actor, "membership:end", membership, now)
    return membership


def check_administrator_remains(session: Session, *, without: int) -> None:
    """Raise IllegalState if nobody could keep the accounts any more without this person."""
    holders = session.scalars(
        select(Membership.user_id)
        .join(User)
        .where(Membership.role == Role.ADMINISTRATOR, Membership.ended_at.is_(None), User.active)
        .with_for_update(of=Membership)
    ).all()
    require(set(holders) != {without}, N_("This is the last administrator. Appoint another one first."))


def place_of(row: Invitation | Membership) -> Place:
    """Where the role of an invitation or a membership holds."""
    return Place(row.territory_id, row.contest_id, row.facility_id)


def same_place(model: type[Invitation | Membership], place: Place) -> list[ColumnElement[bool]]:
    """Conditions: the row's place is this one."""
    return [getattr(model, name).is_not_distinct_from(value) for name, value in asdict(place).items()]


def check_may_give(session: Session, actor: Actor, role: Role, place: Place) -> None:
    """Raise NotPermitted for a role, NotFound for a place, that is not this person's to give."""
    if not may_give(actor, role):
        raise NotPermitted
    permission = None if keeps_accounts(actor) else GIVEN_BY[role]
    territories = actor.territories(permission) if permission else frozenset()
    if place.contest_id is not None:
        within = contests_within(actor, permission) if permission else true()
        _check_found(session, Contest, Contest.id == place.contest_id, within)
    if place.territory_id is not None:
        within = Territory.id.in_(territories) if permission else true()
        _check_found(session, Territory, Territory.id == place.territory_id, within)
    if place.facility_id is not None:
        within = Facility.territory_id.in_(territories) if permission else true()
        _check_found(session, Facility, Facility.id == place.facility_id, within)


def _check_found(
    session: Session, model: type[Contest | Territory | Facility], *where: ColumnElement[bool]
) -> None:
    if session.scalar(select(model.id).where(*where)) is None:
        raise NotFound


def check_new_to(session: Session, email: str, role: Role, place: Place) -> None:
    """Raise InvalidInput if the person of this address holds the role in this place already."""
    if role in (Role.JUDGE, Role.HEAD_OF_JURY):
        held = select(Judge.id).join(User).where(Judge.contest_id == place.contest_id)
    elif role is Role.COUNCIL_MEMBER:
        held = select(CouncilMember.id).join(User).where(CouncilMember.contest_id == place.contest_id)
    else:
        open_ones = (Membership.role == role, Membership.ended_at.is_(None), *same_place(Membership, place))
        held = select(Membership.id).join(User).where(*open_ones)
    if session.scalar(held.where(User.email == email)) is not None:
        raise InvalidInput({"email": Message(N_("This person already has this role here."))})


def _appoint(
    session: Session, invitation: Invitation, user: User, contest_id: int, actor: Actor, now: datetime
) -> None:
    """Seat a judge or a council member in the contest."""
    if invitation.role is Role.COUNCIL_MEMBER:
        office = invitation.office or Office.MEMBER
        member = AppointCouncilMember(contest_id, user.id, office, invitation.position)
        appoint_council_member(session, member, actor=actor, now=now)
    else:
        is_head = invitation.role is Role.HEAD_OF_JURY
        judge = AppointJudge(contest_id, user.id, invitation.position, is_head=is_head)
        appoint_judge(session, judge, actor=actor, now=now)


def _record(session: Session, actor: Actor, action: str, membership: Membership, now: datetime) -> None:
    record(
        session,
        actor,
        action,
        membership,
        now=now,
        contest_id=membership.contest_id,
        user_id=membership.user_id,
        role=membership.role,
        territory_id=membership.territory_id,
        facility_id=membership.facility_id,
    )
