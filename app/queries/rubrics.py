"""Rubrics as organisers see them: everybody's to read and to copy, their own territory's to write."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, false, func, select
from sqlalchemy.orm import Session, selectinload

from app.domain.errors import NotFound
from app.domain.permissions import Actor, Permission
from app.domain.rubrics import RubricState, SheetLine, sheet_lines
from app.domain.rules import CriterionRule, GroupRule
from app.models import Criterion, ProductGroup, RubricVersion, Territory
from app.queries.levels import levels_of


@dataclass(frozen=True)
class RubricRow:
    """One line of the list of rubrics."""

    id: int
    name_vi: str
    name_en: str
    territory: str | None  # None serves everybody
    state: RubricState
    valid_from: date
    valid_to: date | None
    lines: int  # of the second level


def rubric_rows(session: Session, actor: Actor) -> list[RubricRow]:
    """The rubrics this person may read, everybody's first."""
    lines = select(func.count(Criterion.code.distinct())).where(
        Criterion.rubric_version_id == RubricVersion.id, Criterion.parent_code != ""
    )
    rows = session.execute(
        select(
            RubricVersion.id,
            RubricVersion.name_vi,
            RubricVersion.name_en,
            Territory.full_name,
            RubricVersion.state,
            RubricVersion.valid_from,
            RubricVersion.valid_to,
            lines.scalar_subquery(),
        )
        .outerjoin(Territory, Territory.id == RubricVersion.territory_id)
        .where(_readable(actor))
        .order_by(RubricVersion.territory_id.is_not(None), RubricVersion.id)
    )
    return [RubricRow(*row) for row in rows]


@dataclass(frozen=True)
class RubricPage:
    """One rubric with its two levels."""

    id: int
    name_vi: str
    name_en: str
    legal_basis: str
    territory: str | None
    state: RubricState
    valid_from: date
    valid_to: date | None
    version: int
    criteria: tuple[CriterionRule, ...]
    groups: tuple[GroupRule, ...]
    sheet: tuple[SheetLine, ...]
    is_own: bool

    @property
    def is_draft(self) -> bool:
        """Whether it is still being written."""
        return self.state is RubricState.DRAFT

    @property
    def highest_total(self) -> int:
        """The most points a sheet can give, in hundredths."""
        return sum(criterion.max_mark for criterion in self.criteria)


def rubric_page(session: Session, actor: Actor, rubric_id: int) -> RubricPage:
    """A rubric this person may read; NotFound otherwise."""
    rubric = session.scalars(
        select(RubricVersion)
        .where(RubricVersion.id == rubric_id, _readable(actor))
        .options(selectinload(RubricVersion.criteria))
    ).one_or_none()
    if rubric is None:
        raise NotFound
    criteria, lines = levels_of(rubric)
    groups = groups_of(session)
    territory = session.get(Territory, rubric.territory_id) if rubric.territory_id else None
    return RubricPage(
        id=rubric.id,
        name_vi=rubric.name_vi,
        name_en=rubric.name_en,
        legal_basis=rubric.legal_basis,
        territory=territory.full_name if territory else None,
        state=rubric.state,
        valid_from=rubric.valid_from,
        valid_to=rubric.valid_to,
        version=rubric.version,
        criteria=criteria,
        groups=groups,
        sheet=sheet_lines(criteria, lines, groups),
        is_own=rubric.territory_id is not None,
    )


def rubric_for(session: Session, actor: Actor, rubric_id: int, *, own: bool) -> RubricVersion:
    """A rubric with its criteria to copy, or one of the person's own to change, locked; NotFound otherwise."""
    within = _own(actor) if own else _readable(actor)
    statement = (
        select(RubricVersion)
        .where(RubricVersion.id == rubric_id, within)
        .options(selectinload(RubricVersion.criteria))
    )
    rubric = session.scalars(statement.with_for_update() if own else statement).one_or_none()
    if rubric is None:
        raise NotFound
    return rubric


def groups_of(session: Session) -> tuple[GroupRule, ...]:
    """The product groups as the circular names them."""
    rows = session.scalars(select(ProductGroup).order_by(ProductGroup.code))
    return tuple(GroupRule(row.code, row.name_vi, row.name_en) for row in rows)


def _own(actor: Actor) -> ColumnElement[bool]:
    territories = actor.territories(Permission.CONTEST_EDIT)
    return RubricVersion.territory_id.in_(territories) if territories else false()


def _readable(actor: Actor) -> ColumnElement[bool]:
    published = RubricVersion.territory_id.is_(None) & (RubricVersion.state == RubricState.PUBLISHED)
    return published | _own(actor)
