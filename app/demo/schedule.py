"""When the example's judges work: in office hours, each at a pace of their own, the last sheet left over the break."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from random import Random

from app.domain.vietnamese import VIETNAM
from app.domain.working_days import SATURDAY

HOLIDAYS = {(1, 1), (30, 4), (1, 5), (1, 9), (2, 9)}  # those that have the same day each year
SESSIONS = (time(8), time(13, 30))
SESSION_MINUTES = 150
MANY = 60  # entries, beyond which a judge spends fewer minutes on each
PACES = {True: (8.0, 15.0), False: (16.0, 30.0)}  # minutes for a sheet, where there are many and where not
HASTY_PACE = (2.0, 3.0)


@dataclass(frozen=True, order=True)
class Act:
    """A judge, by their place on the jury, saves or submits a sheet."""

    at: datetime
    judge: int
    entry_id: int
    is_draft: bool = False


def timetable(
    chance: Random,
    seats: Mapping[int, Sequence[int]],
    first: date,
    last: date,
    *,
    hasty: int | None = None,
) -> list[Act]:
    """Who fills in which sheet when, in order of time; `seats` are each judge's entries.

    >>> timetable(Random(1), {0: [7]}, date(2026, 3, 7), date(2026, 3, 9))[0].at.isoformat()
    '2026-03-09T08:24:24+07:00'
    """
    open_sessions = list(_sessions(first, last))
    acts = [
        act
        for judge, entries in seats.items()
        for act in _acts_of(chance, judge, entries, open_sessions, is_hasty=judge == hasty)
    ]
    return sorted(acts)


def office_day(day: date) -> date:
    """That day, or the first after it on which offices are open."""
    while day.weekday() >= SATURDAY or (day.day, day.month) in HOLIDAYS:
        day += timedelta(days=1)
    return day


def _sessions(first: date, last: date) -> Iterator[datetime]:
    """When mornings and afternoons begin on the working days between two days."""
    for number in range((last - first).days + 1):
        day = first + timedelta(days=number)
        if day == office_day(day):
            yield from (datetime.combine(day, begin, VIETNAM) for begin in SESSIONS)


def _acts_of(
    chance: Random, judge: int, entries: Sequence[int], sessions: Sequence[datetime], *, is_hasty: bool
) -> Iterator[Act]:
    pace = chance.uniform(*(HASTY_PACE if is_hasty else PACES[len(entries) > MANY]))
    at_once = max(int(SESSION_MINUTES / pace), -(-len(entries) // len(sessions)))
    needed = -(-len(entries) // at_once)
    begin = chance.randrange(len(sessions) - needed + 1)
    for number in range(needed):
        part = entries[number * at_once : (number + 1) * at_once]
        at, waits = sessions[begin + number] + timedelta(seconds=round(60 * chance.uniform(2, 20))), None
        if number:  # finished first, what was begun before the break
            at += _spell(chance, pace)
            yield Act(at, judge, entries[number * at_once - 1])
        if number < needed - 1:
            *part, waits = part
        for entry_id in part:
            at += _spell(chance, pace)
            yield Act(at, judge, entry_id)
        if waits is not None:
            yield Act(at + _spell(chance, pace), judge, waits, is_draft=True)


def _spell(chance: Random, pace: float) -> timedelta:
    """The time that one sheet takes."""
    return timedelta(seconds=round(pace * chance.uniform(0.6, 1.4) * 60))
