"""Assigning entries to judges by themselves: what is known of the jury goes to the solver, its seats become a plan."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np
from sqlalchemy.orm import Session

from app.domain.assignments import GroupMode
from app.domain.errors import IllegalState, InvalidInput, require
from app.domain.messages import N_, Message
from app.domain.permissions import Actor, Permission
from app.queries.possible_conflicts import Pair
from app.queries.scope import contest_for
from app.queries.seating import SeatedEntry, SeatedJudge, Seating, seating_of
from app.services.juries import check_jury_open
from app.services.seating import Bools, Hall, NotSeated, seat

TOO_LONG = N_("No assignment was found in time. Ask for fewer sheets an entry, or assign by product group.")


@dataclass(frozen=True)
class PlanAssignment:
    """How many sheets each entry shall have, and in which groups each judge may work; none ticked means all."""

    contest_id: int
    wanted: int
    mode: GroupMode
    groups: Mapping[int, frozenset[str]]


@dataclass(frozen=True)
class Aside:
    """A judge who cannot be given an entry: the reason of the recusal, empty for one of the same facility."""

    judge: str
    reason: str


@dataclass(frozen=True)
class EntryPlan:
    """What a plan does for one entry."""

    entry: SeatedEntry
    has: int
    given: tuple[str, ...]  # names of judges
    possible: int  # judges who have a sheet or could be given one
    aside: tuple[Aside, ...]
    outside: tuple[str, ...]  # judges whose groups leave it out
    doubtful: tuple[str, ...]  # judges who are given it although a possible conflict is open

    @property
    def will_have(self) -> int:
        """Sheets once the plan is carried out."""
        return self.has + len(self.given)


@dataclass(frozen=True)
class JudgePlan:
    """What a plan gives one judge."""

    judge: SeatedJudge
    before: int
    given: int
    groups: tuple[str, ...]  # in which the judge will have sheets

    @property
    def total(self) -> int:
        """Sheets once the plan is carried out."""
        return self.before + self.given


@dataclass(frozen=True)
class AssignmentPlan:
    """Seats to be given, and what they make of every entry and judge."""

    wanted: int
    seats: tuple[Pair, ...]
    entries: tuple[EntryPlan, ...]
    judges: tuple[JudgePlan, ...]
    seen: str

    @property
    def short(self) -> tuple[EntryPlan, ...]:
        """Entries that will not have the wanted number of sheets."""
        return tuple(entry for entry in self.entries if entry.will_have < self.wanted)

    @property
    def doubtful(self) -> tuple[EntryPlan, ...]:
        """Entries that go to a judge with an open possible conflict, for want of others."""
        return tuple(entry for entry in self.entries if entry.doubtful)


def plan_assignment(session: Session, command: PlanAssignment, *, actor: Actor) -> AssignmentPlan:
    """Work out who gets what; nothing is changed.

    Raises
    ------
    NotFound, IllegalState
        The jury is not this person's to change, or not any more, or the solver found nothing in time.
    InvalidInput
        The number of sheets makes no sense.
    """
    contest = contest_for(session, actor, Permission.JURY_APPOINT, command.contest_id)
    check_jury_open(contest)
    seating = seating_of(session, contest)
    check_wanted(command.wanted, contest.rules.min_sheets, len(seating.judges))
    require(seating.judges and seating.entries, N_("There are no judges, or no entries, to be assigned yet."))
    codes = tuple(group.code for group in contest.rules.groups)
    free, wished = _free(seating, command), _wished(seating, command, codes)
    try:
        given = seat(_hall(seating, free, wished, codes, command.wanted))
    except NotSeated as error:
        raise IllegalState(TOO_LONG) from error
    return _plan(seating, command.wanted, free, given)


def check_wanted(wanted: int, least: int, judges: int) -> None:
    """Raise InvalidInput unless so many sheets an entry are allowed by the rules and possible with the jury."""
    if wanted < least:
        text = N_("The rules ask for at least %(least)d score sheets for each entry.")
        raise InvalidInput({"wanted": Message(text, {"least": least})})
    if wanted > max(least, judges):
        text = N_("There are only %(judges)d judges.")
        raise InvalidInput({"wanted": Message(text, {"judges": judges})})


def _allows(command: PlanAssignment, judge: SeatedJudge, code: str) -> bool:
    groups = command.groups.get(judge.id)
    return command.mode is GroupMode.NONE or not groups or code in groups


def _free(seating: Seating, command: PlanAssignment) -> Bools:
    limited = command.mode is GroupMode.LIMIT
    return np.array(
        [
            [
                seating.may_have(judge.id, entry.id)
                and (not limited or _allows(command, judge, entry.group_code))
                for judge in seating.judges
            ]
            for entry in seating.entries
        ],
        dtype=bool,
    )


def _wished(seating: Seating, command: PlanAssignment, codes: tuple[str, ...]) -> Bools:
    rows = [[_allows(command, judge, code) for code in codes] for judge in seating.judges]
    return np.array(rows, dtype=bool)


def _hall(seating: Seating, free: Bools, wished: Bools, codes: tuple[str, ...], wanted: int) -> Hall:
    pairs = [[(judge.id, entry.id) for judge in seating.judges] for entry in seating.entries]
    return Hall(
        seated=np.array([[pair in seating.counting for pair in row] for row in pairs], dtype=bool),
        free=free,
        avoided=np.array([[pair in seating.doubts for pair in row] for row in pairs], dtype=bool),
        groups=np.array([codes.index(entry.group_code) for entry in seating.entries], dtype=np.int64),
        wished=wished,
        wanted=wanted,
    )


def _plan(seating: Seating, wanted: int, free: Bools, given: Bools) -> AssignmentPlan:
    seats = tuple(
        (seating.judges[judge].id, seating.entries[entry].id) for entry, judge in np.argwhere(given).tolist()
    )
    return AssignmentPlan(
        wanted=wanted,
        seats=seats,
        entries=tuple(_entries(seating, free, given)),
        judges=tuple(_judges(seating, seats)),
        seen=seating.digest,
    )


def _entries(seating: Seating, free: Bools, given: Bools) -> Iterator[EntryPlan]:
    names = {judge.id: judge.name for judge in seating.judges}
    for place, entry in enumerate(seating.entries):
        panel = seating.panels[entry.id]
        chosen = [judge for at, judge in enumerate(seating.judges) if given[place, at]]
        left = [judge for at, judge in enumerate(seating.judges) if not free[place, at]]
        yield EntryPlan(
            entry=entry,
            has=len(panel),
            given=tuple(judge.name for judge in chosen),
            possible=len(panel) + int(free[place].sum()),
            aside=tuple(_aside(seating, names, entry.id)),
            outside=tuple(judge.name for judge in left if seating.may_have(judge.id, entry.id)),
            doubtful=tuple(judge.name for judge in chosen if (judge.id, entry.id) in seating.doubts),
        )


def _aside(seating: Seating, names: Mapping[int, str], entry_id: int) -> Iterator[Aside]:
    for judge_id, name in names.items():
        pair = judge_id, entry_id
        if pair in seating.aside:
            yield Aside(name, seating.aside[pair])
        elif pair in seating.own:
            yield Aside(name, "")


def _judges(seating: Seating, seats: tuple[Pair, ...]) -> Iterator[JudgePlan]:
    group_of = {entry.id: entry.group_code for entry in seating.entries}
    for judge in seating.judges:
        own = [entry_id for judge_id, entry_id in seats if judge_id == judge.id]
        groups = seating.groups_scored[judge.id] | {group_of[entry_id] for entry_id in own}
        yield JudgePlan(judge, seating.loads[judge.id], len(own), tuple(sorted(groups)))
