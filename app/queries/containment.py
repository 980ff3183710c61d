"""Which territories lie in which on a day, through mergers and changes of region."""

from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.tiers import Tier
from app.models import RegionMembership, Territory, TerritorySuccession


def lies_within(session: Session, territory_id: int, upper: Territory, day: date) -> bool:
    """Whether a commune or province, or what that province has become by this day, is or lies in another territory."""
    if upper.tier is Tier.NATIONAL:
        return True
    province_id = session.scalar(select(Territory.province_id).where(Territory.id == territory_id))
    today_called = {territory_id} | successors_of(session, province_id or territory_id, day)
    if upper.id in today_called:
        return True
    membership = select(RegionMembership.id).where(
        RegionMembership.region_id == upper.id,
        RegionMembership.province_id.in_(today_called),
        RegionMembership.valid_from <= day,
        RegionMembership.valid_to.is_(None) | (RegionMembership.valid_to >= day),
    )
    return session.scalars(membership.limit(1)).one_or_none() is not None


def successors_of(session: Session, territory_id: int, day: date) -> set[int]:
    """A territory with everything it was merged into up to a day."""
    successors: dict[int, list[int]] = {}
    merged = select(TerritorySuccession.predecessor_id, TerritorySuccession.successor_id)
    for predecessor, successor in session.execute(merged.where(TerritorySuccession.on <= day)):
        successors.setdefault(predecessor, []).append(successor)
    reached, to_visit = {territory_id}, [territory_id]
    while to_visit:
        for successor in successors.get(to_visit.pop(), []):
            if successor not in reached:
                reached.add(successor)
                to_visit.append(successor)
    return reached
