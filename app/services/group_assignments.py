"""The product groups of a whole jury at once, as the organiser ticks them."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy.orm import Session

from app.domain.errors import StaleVersion
from app.domain.messages import N_
from app.domain.permissions import Actor
from app.queries.juries import groups_digest, groups_of_judges
from app.services.assignments import Assigned, AssignGroup, assign_group
from app.services.juries import open_jury

CHANGED_MEANWHILE: Final = N_(
    "The jury or its product groups have changed since you opened this page. Where what you chose differs, what is "
    "saved now is shown beside it; look it over and save again."
)


@dataclass(frozen=True)
class AssignGroups:
    """All product groups of these judges; `seen` is the digest of the jury that the page showed."""

    contest_id: int
    groups: Mapping[int, Collection[str]]
    seen: str


def assign_groups(session: Session, command: AssignGroups, *, actor: Actor, now: datetime) -> list[Assigned]:
    """Give judges the entries of their groups, take back those of others; all of it or nothing.

    Raises
    ------
    StaleVersion
        Judges or their groups have changed since, and are not as this would make them.
    IllegalState
        Sheets of a group that would be taken away are begun.
    """
    contest = open_jury(session, command.contest_id, actor)
    current = groups_of_judges(session, contest.id)
    wanted = {**current, **command.groups}
    if groups_digest(current) != command.seen and groups_digest(current) != groups_digest(wanted):
        raise StaleVersion(CHANGED_MEANWHILE)
    return [
        assign_group(session, AssignGroup(contest.id, judge_id, groups), actor=actor, now=now)
        for judge_id, groups in command.groups.items()
    ]
