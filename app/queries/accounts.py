"""Accounts for the pages of their owners and of administrators: people, their roles and where these hold."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from app.domain.errors import NotFound
from app.domain.permissions import Role
from app.domain.tiers import ROAD
from app.domain.vietnamese import fold, sort_key
from app.models import Contest, CouncilMember, Facility, Judge, Membership, Territory, User
from app.queries.invitations import PlaceName, place_name, with_place
from app.queries.paging import PER_PAGE, last_page
from app.queries.territories import existed_on


@dataclass(frozen=True)
class HeldRole:
    """One role of a person and where it holds; those with a `membership_id` can be ended here."""

    role: Role
    place: PlaceName
    membership_id: int | None = None


@dataclass(frozen=True)
class AccountLine:
    """A line of the list of accounts."""

    id: int
    name: str
    email: str
    active: bool
    roles: tuple[HeldRole, ...]


@dataclass(frozen=True)
class AccountsPage:
    """One page of the accounts that were looked for."""

    accounts: tuple[AccountLine, ...]
    search: str
    total: int
    number: int

    @property
    def last(self) -> int:
        """Number of the last page."""
        return last_page(self.total)


@dataclass(frozen=True)
class AccountPage(AccountLine):
    """One account with what its owner and administrators may know of it: no secret is here."""

    created_at: datetime
    has_second_factor: bool
    recovery_codes: int


@dataclass(frozen=True)
class Choices:
    """Places that a role can be given in: ids with names, as lists to choose from show them."""

    territories: tuple[tuple[int, PlaceName], ...]
    contests: tuple[tuple[int, PlaceName], ...]


def accounts_page(session: Session, search: str, number: int) -> AccountsPage:
    """Accounts whose name holds the text, marks or not, or whose address begins with it."""
    wanted = fold(search)
    found = or_(
        User.folded_name.contains(wanted, autoescape=True), User.email.startswith(wanted, autoescape=True)
    )
    total = session.scalar(select(func.count(User.id)).where(found)) or 0
    users = session.scalars(
        select(User)
        .where(found)
        .order_by(User.folded_name, User.id)
        .limit(PER_PAGE)
        .offset((number - 1) * PER_PAGE)
    ).all()
    roles = roles_of(session, [user.id for user in users])
    lines = (AccountLine(user.id, user.name, user.email, user.active, roles[user.id]) for user in users)
    return AccountsPage(tuple(lines), search, total, number)


def account_page(session: Session, user_id: int) -> AccountPage:
    """One account."""
    user = session.get(User, user_id)
    if user is None:
        raise NotFound
    return AccountPage(
        id=user.id,
        name=user.name,
        email=user.email,
        active=user.active,
        roles=roles_of(session, [user.id])[user.id],
        created_at=user.created_at,
        has_second_factor=user.tf_primary_method is not None,
        recovery_codes=len(user.mf_recovery_codes or ()),
    )


def roles_of(session: Session, user_ids: Collection[int]) -> dict[int, tuple[HeldRole, ...]]:
    """Every role these people hold now."""
    held: dict[int, list[HeldRole]] = {user_id: [] for user_id in user_ids}
    for row in session.execute(
        with_place(Membership)
        .where(Membership.user_id.in_(user_ids), Membership.ended_at.is_(None))
        .order_by(Membership.id)
    ):
        member = row.Membership
        held[member.user_id].append(HeldRole(member.role, place_name(row), member.id))
    judges = select(Judge.user_id, Contest.name, Judge.is_head).join(Contest, Contest.id == Judge.contest_id)
    for user_id, contest, is_head in session.execute(
        judges.where(Judge.user_id.in_(user_ids), Contest.removed_at.is_(None)).order_by(Judge.id)
    ):
        role = Role.HEAD_OF_JURY if is_head else Role.JUDGE
        held[user_id].append(HeldRole(role, PlaceName(contest, contest)))
    members = select(CouncilMember.user_id, Contest.name).join(
        Contest, Contest.id == CouncilMember.contest_id
    )
    seated = members.where(CouncilMember.user_id.in_(user_ids)).order_by(CouncilMember.id)
    for user_id, contest in session.execute(seated):
        held[user_id].append(HeldRole(Role.COUNCIL_MEMBER, PlaceName(contest, contest)))
    return {user_id: tuple(roles) for user_id, roles in held.items()}


def places_to_choose(session: Session, day: date) -> Choices:
    """Territories that exist on a day, the widest first, and contests, the newest first."""
    territories = session.scalars(select(Territory).where(existed_on(Territory, day))).all()
    ordered = sorted(territories, key=lambda place: (-ROAD.index(place.tier), sort_key(place.name)))
    there = select(Contest.id, Contest.name).where(Contest.removed_at.is_(None))
    contests = session.execute(there.order_by(Contest.year.desc(), Contest.name))
    return Choices(
        tuple((place.id, PlaceName(place.full_name, place.name_en)) for place in ordered),
        tuple((contest_id, PlaceName(name, name)) for contest_id, name in contests),
    )


def facility_of_tax_code(session: Session, tax_code: str) -> int | None:
    """The facility that is registered under a tax code, if one is."""
    return session.scalar(select(Facility.id).where(Facility.tax_code == tax_code))
