"""Territories of a day: the provincial units, what each was made of, and the region each belongs to."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, and_, or_, select
from sqlalchemy.orm import Session

from app.domain.tiers import Tier
from app.domain.vietnamese import fold, sort_key
from app.models import RegionMembership, Territory
from app.queries.people import with_communes, with_predecessors


@dataclass(frozen=True)
class FormerUnit:
    """A unit that is gone, by merger, renaming or a change of rank, though the next one may have its name."""

    name: str
    full_name: str
    valid_from: date
    valid_to: date | None


@dataclass(frozen=True)
class Unit:
    """A province or city of the day; `reach` are the territories whose contests are open to its facilities."""

    id: int
    code: str
    name: str
    full_name: str
    valid_from: date
    region: str
    region_en: str
    former: tuple[FormerUnit, ...]
    reach: frozenset[int]

    @property
    def former_names(self) -> tuple[str, ...]:
        """Names that are no longer in use, in alphabetical order."""
        return tuple(sorted({unit.name for unit in self.former} - {self.name}, key=sort_key))

    @property
    def merged(self) -> tuple[FormerUnit, ...]:
        """The units that were joined into this one, among them one of its own name; none if it was never joined."""
        return _joined(self.former)


@dataclass(frozen=True)
class TerritoryMatch:
    """A unit of the day, and the old name by which it was found, if it was."""

    unit: Unit
    old_name: str | None = None


def units_of_day(session: Session, day: date) -> tuple[Unit, ...]:
    """The provincial units that exist on a day, in alphabetical order."""
    units = session.scalars(
        select(Territory).where(Territory.tier == Tier.PROVINCIAL, existed_on(Territory, day))
    ).all()
    made_of = with_predecessors(session, (unit.id for unit in units))
    reach = with_communes(session, made_of)
    former = _by_id(session, set().union(*made_of.values()) - {unit.id for unit in units})
    regions = _regions(session, day)
    nations = frozenset(session.scalars(select(Territory.id).where(Territory.tier == Tier.NATIONAL)))
    built = []
    for unit in units:
        region = regions.get(unit.id)
        gone = [former[id_] for id_ in made_of[unit.id] if id_ in former]
        built.append(
            Unit(
                id=unit.id,
                code=unit.code,
                name=unit.name,
                full_name=unit.full_name,
                valid_from=unit.valid_from,
                region=region.name if region else "",
                region_en=region.name_en if region else "",
                former=_former(gone, unit),
                reach=reach[unit.id] | nations | ({region.id} if region else set()),
            )
        )
    return tuple(sorted(built, key=lambda unit: sort_key(unit.name)))


def search_territories(session: Session, text: str, day: date) -> tuple[TerritoryMatch, ...]:
    """Units of the day whose name, or the name of one they were made of, holds the text, marks or not."""
    wanted = fold(text)
    found = []
    for unit in units_of_day(session, day):
        if wanted in fold(unit.full_name):
            found.append(TerritoryMatch(unit))
            continue
        old_names = [gone.name for gone in unit.former if wanted in fold(gone.full_name)]
        found.extend(TerritoryMatch(unit, name) for name in sorted(old_names, key=sort_key)[:1])
    return tuple(found)


def reach_of(session: Session, territory_id: int, day: date) -> frozenset[int]:
    """Territories whose contests are open to a facility registered in this unit, though it be merged by now."""
    reaches = [unit.reach for unit in units_of_day(session, day) if territory_id in unit.reach]
    return frozenset({territory_id}).union(*reaches)


def existed_on(table: type[Territory] | type[RegionMembership], day: date) -> ColumnElement[bool]:
    """Condition: the row was valid on this day."""
    return and_(table.valid_from <= day, or_(table.valid_to.is_(None), table.valid_to >= day))


def _by_id(session: Session, ids: Iterable[int]) -> dict[int, Territory]:
    return {unit.id: unit for unit in session.scalars(select(Territory).where(Territory.id.in_(ids)))}


def _regions(session: Session, day: date) -> dict[int, Territory]:
    """Province -> its region on the day."""
    rows = session.execute(
        select(RegionMembership.province_id, Territory)
        .join(Territory, Territory.id == RegionMembership.region_id)
        .where(existed_on(RegionMembership, day))
    )
    return {row.province_id: row.Territory for row in rows}


def _former(gone: list[Territory], unit: Territory) -> tuple[FormerUnit, ...]:
    """Predecessors in alphabetical order; those called just as the unit is now only if it was joined of several."""
    ordered = sorted(gone, key=lambda old: (sort_key(old.name), old.valid_from))
    former = tuple(FormerUnit(old.name, old.full_name, old.valid_from, old.valid_to) for old in ordered)
    return former if _joined(former) else tuple(old for old in former if old.full_name != unit.full_name)


def _joined(former: tuple[FormerUnit, ...]) -> tuple[FormerUnit, ...]:
    """Those that ended on one and the same day: a unit that was only renamed had one predecessor at a time."""
    ended = Counter(old.valid_to for old in former)
    return tuple(old for old in former if ended[old.valid_to] > 1)
