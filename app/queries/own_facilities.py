"""Who would judge the work of their own facility."""

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass

from sqlalchemy import ColumnElement, exists, func, or_, select
from sqlalchemy.orm import Session

from app.domain.entries import EntryState
from app.domain.permissions import Role
from app.models import (
    CouncilMember,
    Entry,
    Facility,
    Judge,
    Membership,
    Product,
    Recusal,
    ScoreSheet,
    User,
)
from app.queries.people import name_on_jury


def belongs_to_facility() -> ColumnElement[bool]:
    """Condition on a user and a facility: an account of the facility, or its own e-mail address."""
    account = exists().where(
        Membership.user_id == User.id,
        Membership.facility_id == Facility.id,
        Membership.role == Role.FACILITY_USER,
        Membership.ended_at.is_(None),
    )
    return or_(account, func.lower(User.email) == func.lower(Facility.email))


@dataclass(frozen=True)
class Conflict:
    """A judge who holds a sheet for an entry of their own facility and is not recused from it."""

    judge: str
    code: str


def conflicts_of(session: Session, contest_id: int) -> list[Conflict]:
    """Sheets that a judge of the same facility still holds, by entry code."""
    rows = session.execute(
        select(name_on_jury(), func.coalesce(Entry.code, ""))
        .select_from(ScoreSheet)
        .join(Judge, Judge.id == ScoreSheet.judge_id)
        .join(User, User.id == Judge.user_id)
        .join(Entry, Entry.id == ScoreSheet.entry_id)
        .join(Product, Product.id == Entry.product_id)
        .join(Facility, Facility.id == Product.facility_id)
        .where(
            Entry.contest_id == contest_id,
            Entry.state == EntryState.ACCEPTED,
            belongs_to_facility(),
            ~exists().where(Recusal.judge_id == Judge.id, Recusal.entry_id == Entry.id),
        )
        .order_by(Entry.code, User.name)
    )
    return [Conflict(*row) for row in rows]


def own_entries(
    session: Session, judge_ids: Collection[int], entry_ids: Collection[int]
) -> frozenset[tuple[int, int]]:
    """Pairs (judge, entry) in which the entry is of the judge's own facility."""
    rows = session.execute(
        select(Judge.id, Entry.id)
        .select_from(Judge)
        .join(User, User.id == Judge.user_id)
        .join(Entry, Entry.id.in_(entry_ids))
        .join(Product, Product.id == Entry.product_id)
        .join(Facility, Facility.id == Product.facility_id)
        .where(Judge.id.in_(judge_ids), belongs_to_facility())
    )
    return frozenset((judge_id, entry_id) for judge_id, entry_id in rows)


def own_products(session: Session, contest_id: int, user_ids: Collection[int]) -> dict[int, list[str]]:
    """For each of these people, the products in the contest that are of their own facility."""
    rows = session.execute(
        select(User.id, Product.name)
        .select_from(User)
        .join(Entry, Entry.contest_id == contest_id)
        .join(Product, Product.id == Entry.product_id)
        .join(Facility, Facility.id == Product.facility_id)
        .where(User.id.in_(user_ids), Entry.state != EntryState.REJECTED, belongs_to_facility())
        .order_by(Product.name)
    )
    found: dict[int, list[str]] = {}
    for user_id, name in rows:
        found.setdefault(user_id, []).append(name)
    return found


def barred_from(session: Session, contest_id: int) -> Mapping[int, frozenset[int]]:
    """For each council member, the entries of their own facility: they do not vote on those."""
    rows = session.execute(
        select(CouncilMember.id, Entry.id)
        .join(User, User.id == CouncilMember.user_id)
        .join(Entry, Entry.contest_id == CouncilMember.contest_id)
        .join(Product, Product.id == Entry.product_id)
        .join(Facility, Facility.id == Product.facility_id)
        .where(CouncilMember.contest_id == contest_id, belongs_to_facility())
    )
    found: defaultdict[int, set[int]] = defaultdict(set)
    for member_id, entry_id in rows:
        found[member_id].add(entry_id)
    return defaultdict(frozenset, {member: frozenset(entries) for member, entries in found.items()})
