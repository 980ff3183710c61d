"""Counting working days (ngày làm việc): Monday to Friday; public holidays change each year and come on top."""

from datetime import date, timedelta

SATURDAY = 5


def after_working_days(day: date, count: int) -> date:
    """The day on which a term of so many working days ends, if no public holiday falls within it.

    >>> after_working_days(date(2026, 3, 10), 15)
    datetime.date(2026, 3, 31)
    """
    while count > 0:
        day += timedelta(days=1)
        count -= day.weekday() < SATURDAY
    return day
