"""Rubrics of a territory: copied from one that exists, written, checked, published, and ended; or a draft deleted.

Never changed in use.
"""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import delete, exists, select, update
from sqlalchemy.orm import Session

from app.domain.errors import InvalidInput, StaleVersion, require
from app.domain.messages import N_, Message
from app.domain.permissions import Actor, Permission
from app.domain.rubrics import RubricState, SheetLine, line_faults, row_faults, sub_criteria_of
from app.domain.vietnamese import in_vietnam
from app.models import Contest, Criterion, RubricVersion, Territory
from app.queries.levels import levels_of
from app.queries.rubrics import groups_of, rubric_for
from app.services.ledger import record
from app.services.printing import letter_faults

ONLY_DRAFTS = N_("This score sheet is in use and stays as it is. Copy it, and change the copy.")
NOT_TO_DELETE = N_("This score sheet is in use and cannot be deleted. You can set the last day of its use.")


@dataclass(frozen=True)
class CopyRubric:
    """A rubric to begin with, and the territory that the copy is for."""

    rubric_id: int
    territory_id: int


def copy_rubric(session: Session, command: CopyRubric, *, actor: Actor, now: datetime) -> RubricVersion:
    """Begin a rubric of one's own as a copy: a draft until it is published."""
    source = rubric_for(session, actor, command.rubric_id, own=False)
    if command.territory_id not in actor.territories(Permission.CONTEST_EDIT):
        raise InvalidInput({"territory_id": Message(N_("Choose one of your own territories."))})
    territory = session.get_one(Territory, command.territory_id, with_for_update=True)
    copy = RubricVersion(
        code=_free_code(session, territory),
        name_vi=source.name_vi,
        name_en=source.name_en,
        legal_basis=source.legal_basis,
        valid_from=max(source.valid_from, in_vietnam(now).date()),
        territory_id=territory.id,
        based_on_id=source.id,
        state=RubricState.DRAFT,
        criteria=[Criterion(**{name: getattr(row, name) for name in COPIED}) for row in source.criteria],
    )
    session.add(copy)
    record(session, actor, "rubric:copy", copy, now=now, based_on=source.code, new=_facts(copy))
    return copy


COPIED = (
    "code",
    "position",
    "name_vi",
    "name_en",
    "max_mark",
    "parent_code",
    "group_code",
    "guidance_vi",
    "guidance_en",
)


@dataclass(frozen=True)
class SaveRubric:
    """A draft as it was written over the version that was seen; names are Vietnamese, then English."""

    rubric_id: int
    version: int
    name_vi: str
    name_en: str
    legal_basis: str
    valid_from: date
    criteria: dict[str, tuple[str, str]]  # names by code of the first level
    lines: tuple[SheetLine, ...]


def save_rubric(session: Session, command: SaveRubric, *, actor: Actor, now: datetime) -> RubricVersion:
    """Keep a draft, whether or not its lines add up yet.

    Raises
    ------
    InvalidInput
        By field, what cannot be kept: a line without a name or a highest mark.
    StaleVersion
        Somebody else saved it meanwhile.
    """
    rubric = rubric_for(session, actor, command.rubric_id, own=True)
    require(rubric.state is RubricState.DRAFT, ONLY_DRAFTS)
    if rubric.version != command.version:
        raise StaleVersion
    groups = [group.code for group in groups_of(session)]
    if faults := _text_faults(session, rubric, command) | row_faults(command.lines, groups):
        raise InvalidInput(faults)
    old = _facts(rubric)
    rubric.name_vi, rubric.name_en = command.name_vi, command.name_en
    rubric.legal_basis, rubric.valid_from = command.legal_basis, command.valid_from
    rubric.version += 1
    _write_levels(session, rubric, command, groups)
    record(session, actor, "rubric:save", rubric, now=now, old=old, new=_facts(rubric))
    return rubric


def publish_rubric(session: Session, command: SaveRubric, *, actor: Actor, now: datetime) -> RubricVersion:
    """Keep a draft and let contests use it: from now on it stays as it is.

    Raises
    ------
    InvalidInput
        As `save_rubric`; also where lines do not add up to their criterion, with how much is missing.
    """
    rubric = save_rubric(session, command, actor=actor, now=now)
    criteria, lines = levels_of(rubric)
    if faults := line_faults(criteria, lines, [group.code for group in groups_of(session)]):
        raise InvalidInput(faults)
    rubric.state = RubricState.PUBLISHED
    record(session, actor, "rubric:publish", rubric, now=now, old="draft", new="published")
    return rubric


@dataclass(frozen=True)
class EndRubric:
    """The last day on which new contests may choose a rubric."""

    rubric_id: int
    valid_to: date


def end_rubric(session: Session, command: EndRubric, *, actor: Actor, now: datetime) -> RubricVersion:
    """End the validity of a published rubric; contests that use it keep it."""
    rubric = rubric_for(session, actor, command.rubric_id, own=True)
    require(rubric.state is RubricState.PUBLISHED, N_("Only a score sheet that is in use can be ended."))
    if command.valid_to < rubric.valid_from:
        raise InvalidInput({"valid_to": Message(N_("The last day cannot be before the first."))})
    old, rubric.valid_to = rubric.valid_to, command.valid_to
    record(
        session,
        actor,
        "rubric:end",
        rubric,
        now=now,
        old=old and old.isoformat(),
        new=command.valid_to.isoformat(),
    )
    return rubric


@dataclass(frozen=True)
class DeleteRubric:
    """A draft that shall go, as it was seen."""

    rubric_id: int
    version: int


def delete_rubric(session: Session, command: DeleteRubric, *, actor: Actor, now: datetime) -> None:
    """Delete a draft that is not wanted; what it said stays in the ledger.

    Raises
    ------
    IllegalState
        It is no draft, or a contest uses it.
    StaleVersion
        Somebody saved it since it was seen.
    """
    rubric = rubric_for(session, actor, command.rubric_id, own=True)
    used = session.scalar(select(exists().where(Contest.rubric_version_id == rubric.id)))
    require(rubric.state is RubricState.DRAFT and not used, NOT_TO_DELETE)
    if rubric.version != command.version:
        raise StaleVersion(N_("Somebody else saved this draft meanwhile. Look at it before you delete it."))
    record(session, actor, "rubric:delete", rubric, now=now, old=_facts(rubric))
    copies = update(RubricVersion).where(RubricVersion.based_on_id == rubric.id)
    session.execute(copies.values(based_on_id=rubric.based_on_id))
    session.execute(delete(Criterion).where(Criterion.rubric_version_id == rubric.id))
    session.execute(delete(RubricVersion).where(RubricVersion.id == rubric.id))


def _text_faults(session: Session, rubric: RubricVersion, command: SaveRubric) -> dict[str, Message]:
    faults = letter_faults(name_vi=command.name_vi, legal_basis=command.legal_basis)
    for name in ("name_vi", "name_en", "legal_basis"):
        if not getattr(command, name):
            faults[name] = Message(N_("This field is required."))
    source = session.get_one(RubricVersion, rubric.based_on_id) if rubric.based_on_id else rubric
    criteria, _lines = levels_of(rubric)
    for criterion in criteria:
        names = command.criteria.get(criterion.code, ("", ""))
        if not all(names):
            faults[f"vi_{criterion.code}"] = Message(N_("A criterion needs a name in both languages."))
        elif names != (criterion.name_vi, criterion.name_en) and command.legal_basis == source.legal_basis:
            text = N_("This name is set by the legal basis. To change it, write on what other basis you do.")
            faults[f"vi_{criterion.code}"] = Message(text)
    return faults | letter_faults(**{f"vi_{line.code}": line.name_vi for line in command.lines})


def _write_levels(session: Session, rubric: RubricVersion, command: SaveRubric, groups: list[str]) -> None:
    session.execute(
        delete(Criterion).where(Criterion.rubric_version_id == rubric.id, Criterion.parent_code != "")
    )
    top = [row for row in rubric.criteria if not row.parent_code]
    lines = sub_criteria_of(command.lines, groups)
    position = 0
    for row in top:
        row.position = position = position + 1
        row.name_vi, row.name_en = command.criteria[row.code]
        for line in lines:
            if line.parent == row.code:
                position += 1
                session.add(
                    Criterion(
                        rubric_version_id=rubric.id,
                        code=line.code,
                        position=position,
                        name_vi=line.name_vi,
                        name_en=line.name_en,
                        max_mark=line.max_mark,
                        parent_code=line.parent,
                        group_code=line.group,
                        guidance_vi=line.guidance_vi,
                        guidance_en=line.guidance_en,
                    )
                )
    session.flush()
    session.refresh(rubric, ["criteria"])


def _free_code(session: Session, territory: Territory) -> str:
    """A short name within rules: "lam-dong-tc-1", then "lam-dong-tc-2"."""
    base = f"{territory.slug[:30]}-tc-"
    taken = set(session.scalars(select(RubricVersion.code).where(RubricVersion.code.startswith(base))))
    number = 1
    while f"{base}{number}" in taken:
        number += 1
    return f"{base}{number}"


def _facts(rubric: RubricVersion) -> dict[str, object]:
    return {
        "name_vi": rubric.name_vi,
        "name_en": rubric.name_en,
        "legal_basis": rubric.legal_basis,
        "valid_from": rubric.valid_from.isoformat(),
        "criteria": [[getattr(row, name) for name in COPIED] for row in rubric.criteria],
    }
