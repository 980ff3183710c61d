from datetime import date

import pytest

from app.domain.working_days import after_working_days


@pytest.mark.parametrize(
    ("start", "count", "end"),
    [
        (date(2026, 3, 9), 0, date(2026, 3, 9)),
        (date(2026, 3, 9), 1, date(2026, 3, 10)),  # Monday to Tuesday
        (date(2026, 3, 13), 1, date(2026, 3, 16)),  # Friday to Monday
        (date(2026, 3, 14), 1, date(2026, 3, 16)),  # Saturday to Monday
        (date(2026, 3, 10), 15, date(2026, 3, 31)),
    ],
)
def test_weekends_are_not_counted(start: date, count: int, end: date) -> None:
    assert after_working_days(start, count) == end
