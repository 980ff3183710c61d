"""Communes by province, as the administrator keeps them."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.errors import NotFound
from app.domain.territories import KIND_NAMES_VI, CommuneKind
from app.domain.tiers import Tier
from app.domain.vietnamese import sort_key
from app.models import Territory
from app.queries.territories import Unit, units_of_day


@dataclass(frozen=True)
class CommuneRow:
    """A commune in the list of its province."""

    code: str
    full_name: str
    valid_from: date


@dataclass(frozen=True)
class ProvinceRow:
    """A province with the number of communes that are registered in it."""

    id: int
    code: str
    full_name: str
    communes: int


def provinces_with_communes(session: Session, day: date) -> tuple[ProvinceRow, ...]:
    """The provinces of a day in alphabetical order."""
    communes = set(session.scalars(select(Territory.id).where(Territory.tier == Tier.COMMUNE)))
    return tuple(
        ProvinceRow(unit.id, unit.code, unit.full_name, len(unit.reach & communes))
        for unit in units_of_day(session, day)
    )


def communes_of(session: Session, province_id: int, day: date) -> tuple[Unit, tuple[CommuneRow, ...]]:
    """A province of the day and its communes in alphabetical order; NotFound for anything else."""
    unit = next((unit for unit in units_of_day(session, day) if unit.id == province_id), None)
    if unit is None:
        raise NotFound
    communes = session.scalars(
        select(Territory).where(Territory.tier == Tier.COMMUNE, Territory.id.in_(unit.reach))
    ).all()
    ordered = sorted(communes, key=lambda commune: (sort_key(commune.name), commune.code))
    return unit, tuple(
        CommuneRow(
            commune.code, f"{KIND_NAMES_VI[CommuneKind(commune.kind)]} {commune.name}", commune.valid_from
        )
        for commune in ordered
    )
