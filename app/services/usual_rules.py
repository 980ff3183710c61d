"""The rules that a new contest begins with, over the score sheet that was chosen."""

from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from app.domain.errors import InvalidInput
from app.domain.messages import N_, Message
from app.domain.rubrics import RubricState
from app.domain.rules import (
    COMMUNE_TIER_NOT_HELD,
    SPREAD,
    ContestRules,
)
from app.domain.tiers import Tier
from app.models import RubricVersion
from app.queries.levels import levels_of
from app.queries.rubrics import groups_of


def rubric_in_force(session: Session, rubric_version_id: int, territory_id: int, year: int) -> RubricVersion:
    """The rubric with its criteria: everybody's or the territory's own, published, and in force in the year.

    Raises
    ------
    InvalidInput
        There is none such.
    """
    rubric = session.scalars(
        select(RubricVersion)
        .where(
            RubricVersion.id == rubric_version_id,
            RubricVersion.state == RubricState.PUBLISHED,
            RubricVersion.territory_id.is_(None) | (RubricVersion.territory_id == territory_id),
            RubricVersion.valid_from <= date(year, 12, 31),
            RubricVersion.valid_to.is_(None) | (RubricVersion.valid_to >= date(year, 1, 1)),
        )
        .options(selectinload(RubricVersion.criteria))
    ).one_or_none()
    if rubric is None:
        reason = N_("This score sheet is not in force in %(year)s in this territory.")
        raise InvalidInput({"rubric_version_id": Message(reason, {"year": str(year)})})
    return rubric


def usual_rules(session: Session, rubric: RubricVersion, tier: Tier) -> ContestRules:
    """The circular's rules over a rubric; its lines are copied, so that the contest keeps them as they are."""
    criteria, lines = levels_of(rubric)
    return ContestRules(
        rubric=rubric.code,
        criteria=criteria,
        sub_criteria=lines,
        groups=groups_of(session),
        tie_break=(*(c.code for c in criteria[:2]), SPREAD),
        lower_tier_skipped=COMMUNE_TIER_NOT_HELD if tier is Tier.PROVINCIAL else "",
    )
