"""Columns of text as numbers: each distinct text is read once, and each cell that cannot be read is noted."""

import unicodedata
from collections.abc import Callable, Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

from app.domain.marks import InvalidMark, MarkFault, parse_mark
from app.services.faults import Fault, FaultLog, FileFault
from app.services.workbooks import NOT_TEXT

Numbers = NDArray[np.int64]

NONE: Final = -1
"""The number of an empty cell, where a cell may be empty."""

BAD: Final = -2
"""The number of a cell that is a fault."""

LONGEST_CODE: Final = 100
"""Characters of a code of an entry, judge, criterion or group."""


class BadCell(ValueError):
    """A cell that is a fault, and which one."""

    def __init__(self, kind: FileFault | MarkFault) -> None:
        super().__init__(kind)
        self.kind = kind


class Column(dict[str, int]):
    """Maps the texts of one column to numbers; `read` raises BadCell for a text that is a fault."""

    def __init__(self, name: str, read: Callable[[str], int]) -> None:
        super().__init__()
        self.name = name
        self._read = read
        self._faults: dict[str, FileFault | MarkFault] = {}

    def __missing__(self, text: str) -> int:
        try:
            number = self._read(text)
        except BadCell as error:
            self._faults[text] = error.kind
            number = BAD
        self[text] = number
        return number

    def numbers(self, cells: Sequence[str], rows: Numbers, log: FaultLog) -> Numbers:
        """Give each cell's number, and note the cells that are faults with their rows of the file."""
        numbers = np.fromiter(map(self.__getitem__, cells), np.int64, len(cells))
        bad = np.flatnonzero(numbers == BAD).tolist()
        log.add_all(len(bad), (self._fault(cells[index], int(rows[index])) for index in bad))
        return numbers

    def _fault(self, text: str, row: int) -> Fault:
        return Fault(self._faults[text], row, {"column": self.name, "text": text.strip(NOT_TEXT).strip()})


class Codes:
    """Numbers codes in the order in which they first appear."""

    def __init__(self, *, may_be_empty: bool = False) -> None:
        self.names: list[str] = []
        self._numbers: dict[str, int] = {}
        self._may_be_empty = may_be_empty

    def number(self, text: str) -> int:
        """Give the number of a code, a new one for a new code."""
        code = plain_code(text)
        if not code:
            if self._may_be_empty:
                return NONE
            raise BadCell(FileFault.EMPTY_CODE)
        if code not in self._numbers:
            self._numbers[code] = len(self.names)
            self.names.append(code)
        return self._numbers[code]


def plain_code(text: str) -> str:
    """Bring a code to one spelling: Unicode's composed form without the spaces around it.

    Raises
    ------
    BadCell
        The code is too long, has characters that cannot be seen, or is no text.
    """
    if text.startswith(NOT_TEXT):
        raise BadCell(FileFault.NOT_TEXT)
    code = unicodedata.normalize("NFC", text.strip())
    if len(code) > LONGEST_CODE:
        raise BadCell(FileFault.LONG_CODE)
    if not code.isprintable():
        raise BadCell(FileFault.UNPRINTABLE)
    return code


def mark_number(text: str) -> int:
    """Read a mark as hundredths of a point, NONE for an empty cell."""
    if text.startswith(NOT_TEXT):
        raise BadCell(FileFault.NOT_TEXT)
    try:
        mark = parse_mark(text)
    except InvalidMark as error:
        raise BadCell(error.reason) from error
    return NONE if mark is None else mark
