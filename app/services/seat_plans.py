"""Giving out sheets by a plan: made by the solver or read from a file, looked at, then carried out as a whole.

A plan travels with its preview, so that what is carried out is what was shown; each seat of it is checked again.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final

from sqlalchemy.orm import Session

from app.domain.errors import InvalidInput, StaleVersion, require
from app.domain.messages import N_, Message
from app.domain.permissions import Actor
from app.models import Contest, ScoreSheet
from app.queries.possible_conflicts import Pair
from app.queries.seating import Seating, seating_of
from app.services.juries import open_jury
from app.services.ledger import record

STALE: Final = N_(
    "The jury, its sheets or its recusals have changed since this preview was made. Make it again before you confirm."
)
NOTHING: Final = N_("There is no sheet to give out.")
_NOT_A_PLAN: Final = N_("This preview cannot be read. Make it again.")
_LONGEST: Final = 300_000


class SeatSource(StrEnum):
    """Where a plan of seats comes from."""

    SOLVER = "solver"
    FILE = "file"


@dataclass(frozen=True)
class ApplySeats:
    """Give these sheets out; `seen` is the digest of the seating that the preview was made from."""

    contest_id: int
    source: SeatSource
    seats: str
    seen: str


def write_seats(seats: Iterable[Pair]) -> str:
    """A plan as one line of text: "judge:entry,entry;judge:entry".

    >>> write_seats([(2, 7), (1, 9), (2, 5)])
    '1:9;2:5,7'
    """
    by_judge: dict[int, list[int]] = {}
    for judge_id, entry_id in sorted(seats):
        by_judge.setdefault(judge_id, []).append(entry_id)
    return ";".join(f"{judge}:{','.join(map(str, entries))}" for judge, entries in by_judge.items())


def read_seats(text: str) -> list[Pair]:
    """Read what `write_seats` wrote; InvalidInput for anything else."""
    if len(text) > _LONGEST:
        raise InvalidInput({"seats": Message(_NOT_A_PLAN)})
    seats: list[Pair] = []
    for part in text.split(";") if text else ():
        if not re.fullmatch(r"[0-9]{1,9}:[0-9]{1,9}(?:,[0-9]{1,9})*", part, re.ASCII):
            raise InvalidInput({"seats": Message(_NOT_A_PLAN)})
        judge, _colon, entries = part.partition(":")
        seats.extend((int(judge), int(entry)) for entry in entries.split(","))
    if len(set(seats)) < len(seats):
        raise InvalidInput({"seats": Message(_NOT_A_PLAN)})
    return seats


def apply_seats(session: Session, command: ApplySeats, *, actor: Actor, now: datetime) -> int:
    """Make the sheets of a plan in one transaction, and tell how many.

    Raises
    ------
    StaleVersion
        Anything that the plan was made from has changed.
    InvalidInput
        It is no plan, or gives a seat that may not be given.
    """
    contest = open_jury(session, command.contest_id, actor)
    seats = read_seats(command.seats)
    seating = seating_of(session, contest)
    if seating.digest != command.seen:
        raise StaleVersion(STALE)
    require(seats, NOTHING)
    _check(seating, seats)
    session.add_all(_sheet(contest, judge_id, entry_id) for judge_id, entry_id in seats)
    given: dict[str, list[int]] = {}
    for judge_id, entry_id in sorted(seats):
        given.setdefault(str(judge_id), []).append(entry_id)
    details = {"source": command.source, "pass": contest.current_pass, "given": given}
    record(session, actor, "contest:assign-sheets", contest, now=now, contest_id=contest.id, **details)
    return len(seats)


def _check(seating: Seating, seats: Sequence[Pair]) -> None:
    judges, entries = {one.id for one in seating.judges}, {one.id for one in seating.entries}
    for judge_id, entry_id in seats:
        known = judge_id in judges and entry_id in entries
        if not known or not seating.may_have(judge_id, entry_id):
            raise InvalidInput({"seats": Message(_NOT_A_PLAN)})


def _sheet(contest: Contest, judge_id: int, entry_id: int) -> ScoreSheet:
    return ScoreSheet(judge_id=judge_id, entry_id=entry_id, pass_no=contest.current_pass)
