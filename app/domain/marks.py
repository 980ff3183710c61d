"""The only place where the text of a mark is read or written. A mark is an integer in hundredths of a point."""

import re
from enum import StrEnum

LONGEST = 9
_MARK = re.compile(r"(\d+)(?:[.,](\d+))?", re.ASCII)


class MarkFault(StrEnum):
    """What is wrong with a mark."""

    NOT_A_NUMBER = "not_a_number"
    NEGATIVE = "negative"
    TOO_LONG = "too_long"
    TOO_MANY_DECIMALS = "too_many_decimals"
    ABOVE_MAXIMUM = "above_maximum"
    OFF_STEP = "off_step"


class InvalidMark(ValueError):
    """A mark cannot be taken: `reason` says why, `text` is what was given."""

    def __init__(self, reason: MarkFault, text: str) -> None:
        super().__init__(f"{text!r}: {reason}")
        self.reason = reason
        self.text = text


def parse_mark(text: str) -> int | None:
    """Read points typed with comma or point; None when nothing was typed (missing, never 0).

    Raises
    ------
    InvalidMark
        If the text is no number from 0 with at most two decimals.

    Examples
    --------
    >>> parse_mark("8,5"), parse_mark(" 8.50 "), parse_mark("")
    (850, 850, None)
    """
    stripped = text.strip()
    if not stripped:
        return None
    match = _MARK.fullmatch(stripped)
    if match and len(match[1]) <= LONGEST and len(match[2] or "") > 2:
        raise InvalidMark(MarkFault.TOO_MANY_DECIMALS, text)
    if len(stripped) > LONGEST:
        raise InvalidMark(MarkFault.TOO_LONG, text)
    if match is None:
        negative = stripped[0] in "-−–" and _MARK.fullmatch(stripped[1:].strip())
        raise InvalidMark(MarkFault.NEGATIVE if negative else MarkFault.NOT_A_NUMBER, text)
    whole, decimals = match[1], match[2] or ""
    return int(whole) * 100 + int(decimals.ljust(2, "0"))


def check_mark(value: int, max_mark: int, step: int = 1) -> int:
    """Return the mark if it lies from 0 to its maximum on a step; all in hundredths.

    Raises
    ------
    InvalidMark
        If it does not.
    """
    if value < 0:
        raise InvalidMark(MarkFault.NEGATIVE, format_mark(value))
    if value > max_mark:
        raise InvalidMark(MarkFault.ABOVE_MAXIMUM, format_mark(value))
    if value % step:
        raise InvalidMark(MarkFault.OFF_STEP, format_mark(value))
    return value


def format_mark(hundredths: int, decimal: str = ",") -> str:
    """Points without needless zeros.

    >>> format_mark(850), format_mark(7000), format_mark(825, ".")
    ('8,5', '70', '8.25')
    """
    return format_average(hundredths, decimal).rstrip("0").rstrip(decimal)


def format_average(hundredths: int, decimal: str = ",") -> str:
    """Points with two decimals.

    >>> format_average(7072), format_average(7000, ".")
    ('70,72', '70.00')
    """
    sign = "-" if hundredths < 0 else ""
    return f"{sign}{abs(hundredths) // 100}{decimal}{abs(hundredths) % 100:02d}"
