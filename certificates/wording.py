"""Vietnamese dates and times as official documents write them (Nghị định 30/2020/NĐ-CP, Phụ lục I)."""

import re
from datetime import date, time

LONGEST_UNBROKEN = 24  # letters in a line of the head: a longer name has to break somewhere
TERRITORY = re.compile(
    r"\b(?:TỈNH|THÀNH PHỐ|XÃ|PHƯỜNG|ĐẶC KHU) .+?(?=,| (?:TỈNH|THÀNH PHỐ) |$)", re.IGNORECASE
)


def unbroken(issuer: str) -> str:
    r"""Who issued a document, with the name of its territory kept in one line where lines break.

    >>> unbroken("ỦY BAN NHÂN DÂN TỈNH THÁI NGUYÊN").split(" ")
    ['ỦY', 'BAN', 'NHÂN', 'DÂN', 'TỈNH\xa0THÁI\xa0NGUYÊN']
    """
    return TERRITORY.sub(lambda found: _glued(found[0]), issuer)


def _glued(name: str) -> str:
    return name.replace(" ", "\N{NO-BREAK SPACE}") if len(name) <= LONGEST_UNBROKEN else name


def long_date(day: date) -> str:
    """The date in words: a zero before days under 10 and before the months January and February.

    >>> long_date(date(2027, 1, 5))
    'ngày 05 tháng 01 năm 2027'
    >>> long_date(date(2026, 3, 15))
    'ngày 15 tháng 3 năm 2026'
    """
    month = f"{day.month:02d}" if day.month <= 2 else str(day.month)
    return f"ngày {day.day:02d} tháng {month} năm {day.year}"


def short_date(day: date) -> str:
    """The date in figures.

    >>> short_date(date(2027, 1, 5))
    '05/01/2027'
    """
    return f"{day.day:02d}/{day.month:02d}/{day.year}"


def clock(moment: time) -> str:
    """The time of day.

    >>> clock(time(8, 5))
    '08 giờ 05 phút'
    """
    return f"{moment.hour:02d} giờ {moment.minute:02d} phút"
