"""Who a person is: accounts, and the roles that follow from memberships, juries and councils."""

from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Integer,
    Select,
    String,
    bindparam,
    case,
    cast,
    exists,
    func,
    literal,
    null,
    select,
    union_all,
)
from sqlalchemy.orm import Session, aliased

from app.domain.permissions import Actor, Grant, Role
from app.models import Contest, CouncilMember, Judge, Membership, Territory, TerritorySuccession, User

_ROLE = Membership.role.type
_NONE = cast(null(), Integer)
_NO_OFFICE = cast(null(), CouncilMember.office.type)
# A practice contest that was deleted gives nobody a role.
_STANDS = ~exists().where(Contest.id == Judge.contest_id, Contest.removed_at.is_not(None)).correlate(Judge)


def actor_of(session: Session, user_id: int) -> Actor:
    """The person with every role held now.

    An organiser also keeps what the territory's predecessors held, and one of a province works for its communes.
    """
    rows = session.execute(_PERSON, {"user_id": user_id}).all()
    [name] = [row.name for row in rows if row.name is not None]
    held = [row for row in rows if row.role is not None]
    in_territories = {row.territory_id for row in held if row.territory_id is not None}
    territories = with_communes(session, with_predecessors(session, in_territories))
    grants = tuple(
        Grant(
            row.role,
            territories.get(row.territory_id, frozenset()),
            row.contest_id,
            row.facility_id,
            office=row.office,
        )
        for row in held
    )
    return Actor(user_id=user_id, name=name, grants=grants)


def _held(
    role: Any,
    *,
    territory_id: Any = _NONE,
    contest_id: Any = _NONE,
    facility_id: Any = _NONE,
    office: Any = _NO_OFFICE,
) -> Select[Any]:
    """A part of `_PERSON`: a role, and where it is held."""
    return select(
        cast(null(), String).label("name"),
        literal(role, _ROLE) if isinstance(role, Role) else role,
        territory_id,
        contest_id,
        facility_id,
        office,
    )


# The name and all roles in one select, made once: every request asks.
_PERSON = union_all(
    select(
        User.name,
        cast(null(), _ROLE).label("role"),
        _NONE.label("territory_id"),
        _NONE.label("contest_id"),
        _NONE.label("facility_id"),
        _NO_OFFICE.label("office"),
    ).where(User.id == bindparam("user_id")),
    _held(
        Membership.role,
        territory_id=Membership.territory_id,
        contest_id=Membership.contest_id,
        facility_id=Membership.facility_id,
    ).where(Membership.user_id == bindparam("user_id"), Membership.ended_at.is_(None)),
    _held(Role.JUDGE, contest_id=Judge.contest_id).where(Judge.user_id == bindparam("user_id"), _STANDS),
    _held(Role.HEAD_OF_JURY, contest_id=Judge.contest_id).where(
        Judge.user_id == bindparam("user_id"), Judge.is_head, _STANDS
    ),
    _held(Role.COUNCIL_MEMBER, contest_id=CouncilMember.contest_id, office=CouncilMember.office).where(
        CouncilMember.user_id == bindparam("user_id")
    ),
)


def judge_name(session: Session, judge_id: int) -> str:
    """The name of a member of a jury."""
    return session.scalars(
        select(User.name).join(Judge, Judge.user_id == User.id).where(Judge.id == judge_id)
    ).one()


def name_on_jury() -> ColumnElement[str]:
    """The name of a select's Judge and User as others read it, told apart from a namesake's: "Lê Thị Cúc (GK2)".

    The number is that of the order of appointment, as on printed sheets.
    """
    peer, person = aliased(Judge), aliased(User)
    on_same_jury = peer.contest_id == Judge.contest_id
    has_namesake = (
        exists()
        .where(on_same_jury, peer.id != Judge.id, person.id == peer.user_id, person.name == User.name)
        .correlate(Judge, User)
    )
    number = select(func.count(peer.id)).where(on_same_jury, peer.id <= Judge.id).correlate(Judge)
    numbered = User.name + " (GK" + number.scalar_subquery().cast(String) + ")"
    return case((has_namesake, numbered), else_=User.name)


def names_on_jury(session: Session, contest_id: int) -> dict[int, str]:
    """The judges of a contest by id, as `name_on_jury` says them."""
    rows = session.execute(
        select(Judge.id, name_on_jury())
        .join(User, User.id == Judge.user_id)
        .where(Judge.contest_id == contest_id)
    )
    return {judge_id: name for judge_id, name in rows}  # noqa: C416 -- a Row is no pair to mypy


def with_predecessors(session: Session, territory_ids: Iterable[int]) -> dict[int, frozenset[int]]:
    """Each territory with all it was made of, through every succession."""
    wanted = set(territory_ids)
    if not wanted:
        return {}
    made_of: dict[int, set[int]] = {}
    for predecessor, successor in session.execute(
        select(TerritorySuccession.predecessor_id, TerritorySuccession.successor_id)
    ):
        made_of.setdefault(successor, set()).add(predecessor)
    return {territory_id: frozenset(_reach(territory_id, made_of)) for territory_id in wanted}


def with_communes(session: Session, made_of: Mapping[int, frozenset[int]]) -> dict[int, frozenset[int]]:
    """Each territory and what it was made of, with the communes in all of these."""
    provinces = frozenset().union(*made_of.values())
    if not provinces:
        return dict(made_of)
    communes: dict[int | None, set[int]] = {}
    for commune_id, province_id in session.execute(
        select(Territory.id, Territory.province_id).where(Territory.province_id.in_(provinces))
    ):
        communes.setdefault(province_id, set()).add(commune_id)
    return {
        territory_id: parts.union(*(communes.get(part, ()) for part in parts))
        for territory_id, parts in made_of.items()
    }


def _reach(start: int, made_of: dict[int, set[int]]) -> set[int]:
    reached, to_visit = {start}, [start]
    while to_visit:
        for predecessor in made_of.get(to_visit.pop(), set()) - reached:
            reached.add(predecessor)
            to_visit.append(predecessor)
    return reached
