"""How much a judge can score in a day. Practice of OIV competitions: no more than 45 samples; here a warning only."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from app.domain.errors import InvalidInput
from app.domain.messages import N_, Message
from app.domain.working_days import SATURDAY

PER_DAY: Final = 45
MOST_PER_DAY: Final = 500
MOST_DAYS: Final = 366


@dataclass(frozen=True)
class Workload:
    """So many sheets a day at most, on so many days."""

    per_day: int
    days: int

    def check(self) -> None:
        """Raise InvalidInput, by field, unless both numbers make sense."""
        faults = {}
        for name, most in (("per_day", MOST_PER_DAY), ("days", MOST_DAYS)):
            if not 1 <= getattr(self, name) <= most:
                faults[name] = Message(N_("Enter a whole number from 1 to %(most)d."), {"most": most})
        if faults:
            raise InvalidInput(faults)

    def a_day(self, sheets: int) -> int:
        """How many of so many sheets fall on the busiest day, if all days are used alike."""
        return -(-sheets // self.days)

    def is_too_much(self, sheets: int) -> bool:
        """Whether so many sheets are more than the days allow."""
        return self.a_day(sheets) > self.per_day


def days_to_score(first: date, last: date) -> int:
    """Working days from one day to another, both included; one at least.

    >>> days_to_score(date(2026, 3, 6), date(2026, 3, 10))
    3
    """
    return max(1, sum(day.weekday() < SATURDAY for day in _days(first, last)))


def _days(first: date, last: date) -> Iterator[date]:
    for offset in range(min((last - first).days + 1, MOST_DAYS)):
        yield first + timedelta(days=offset)
