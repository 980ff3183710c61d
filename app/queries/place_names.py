"""Names of territories through mergers: what each is called, what it is part of now, what it was made of."""

from collections import defaultdict
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.vietnamese import fold
from app.models import Contest, Territory, TerritorySuccession


@dataclass(frozen=True)
class PlaceName:
    """A territory as lists write it."""

    name: str
    full_name: str
    name_en: str
    now: str  # the territory it is part of today, if that has another name; else empty
    folded: str  # every old and new name, as text is searched

    def __str__(self) -> str:
        return self.full_name


def place_names(session: Session) -> dict[int, PlaceName]:
    """Every territory by id; of the communes, which are thousands, those that held a contest."""
    listed = Territory.province_id.is_(None) | Territory.id.in_(select(Contest.territory_id))
    territories = {territory.id: territory for territory in session.scalars(select(Territory).where(listed))}
    after, before = defaultdict[int, set[int]](set), defaultdict[int, set[int]](set)
    for old, new in session.execute(
        select(TerritorySuccession.predecessor_id, TerritorySuccession.successor_id)
    ):
        after[old].add(new)
        before[new].add(old)
    return {
        territory_id: _place_name(territories, _reached(territory_id, after), _reached(territory_id, before))
        for territory_id in territories
    }


def _place_name(territories: dict[int, Territory], after: list[int], before: list[int]) -> PlaceName:
    own = territories[after[0]]
    now = [territories[id_].name for id_ in after if territories[id_].valid_to is None]
    names = dict.fromkeys(
        name for id_ in [*after, *before] for name in (territories[id_].full_name, territories[id_].name_en)
    )
    return PlaceName(
        name=own.name,
        full_name=own.full_name,
        name_en=own.name_en,
        now=", ".join(name for name in now if name != own.name),
        folded=" | ".join(map(fold, names)),
    )


def _reached(start: int, steps: dict[int, set[int]]) -> list[int]:
    """A territory and all that follow from it step by step, itself first."""
    reached = [start]
    for territory_id in reached:
        reached += sorted(steps.get(territory_id, set()) - set(reached))
    return reached
