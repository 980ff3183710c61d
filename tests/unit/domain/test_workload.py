from datetime import date

import pytest

from app.domain.errors import InvalidInput
from app.domain.workload import MOST_DAYS, Workload, days_to_score
from tests.refusals import refusals


def test_sheets_are_shared_over_the_days_and_the_busiest_counts() -> None:
    days = Workload(per_day=45, days=3)

    assert [days.a_day(sheets) for sheets in (0, 1, 135, 136)] == [0, 1, 45, 46]
    assert [days.is_too_much(sheets) for sheets in (135, 136)] == [False, True]


@pytest.mark.parametrize(
    ("per_day", "days", "fields"),
    [
        (0, 1, ["per_day"]),
        (45, 0, ["days"]),
        (-1, -1, ["per_day", "days"]),
        (10**12, 10**12, ["per_day", "days"]),
    ],
)
def test_numbers_that_make_no_sense_are_refused(per_day: int, days: int, fields: list[str]) -> None:
    with pytest.raises(InvalidInput) as error:
        Workload(per_day, days).check()

    assert list(refusals(error)) == fields


def test_working_days_are_counted_and_never_none() -> None:
    friday, tuesday = date(2026, 3, 6), date(2026, 3, 10)

    assert days_to_score(friday, tuesday) == 3
    assert days_to_score(tuesday, friday) == 1
    assert days_to_score(date(2026, 3, 7), date(2026, 3, 8)) == 1
    assert days_to_score(friday, date(2199, 1, 1)) <= MOST_DAYS
