"""What a new contest can be made of: territories in which to hold it, and score sheets in force."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.permissions import Actor, Permission
from app.domain.rubrics import RubricState
from app.domain.tiers import ROAD, Tier
from app.domain.vietnamese import sort_key
from app.models import RubricVersion, Territory


@dataclass(frozen=True)
class Choice:
    """Something to choose from in a form."""

    id: int
    name_vi: str
    name_en: str


def own_territories(session: Session, actor: Actor, day: date) -> list[tuple[Tier, Choice]]:
    """The territories in which this person may hold a contest on a day, the widest first."""
    rows = session.scalars(
        select(Territory).where(
            Territory.id.in_(actor.territories(Permission.CONTEST_EDIT)),
            Territory.valid_from <= day,
            Territory.valid_to.is_(None) | (Territory.valid_to >= day),
        )
    )
    ordered = sorted(rows, key=lambda row: (-ROAD.index(row.tier), sort_key(row.name)))
    return [(row.tier, Choice(row.id, row.full_name, row.name_en)) for row in ordered]


def rubrics(session: Session, actor: Actor, day: date) -> list[Choice]:
    """The score sheets in force that this person's contests may use: everybody's, the law's first, then own ones."""
    rows = session.scalars(
        select(RubricVersion)
        .where(
            RubricVersion.state == RubricState.PUBLISHED,
            RubricVersion.territory_id.is_(None)
            | RubricVersion.territory_id.in_(actor.territories(Permission.CONTEST_EDIT)),
            RubricVersion.valid_to.is_(None) | (RubricVersion.valid_to >= day),
        )
        .order_by(RubricVersion.territory_id.is_not(None), RubricVersion.id)
    )
    return [Choice(row.id, row.name_vi, row.name_en) for row in rows]
