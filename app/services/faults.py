"""What can be wrong with a file of marks or a rubric, by key and row; the words are the entry point's."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from itertools import islice

from app.domain.errors import InvalidInput
from app.domain.marks import MarkFault
from app.domain.messages import N_, Message

SHOWN = 50
"""How many faults of one file are described; the rest are counted."""


class FileFault(StrEnum):
    """What is wrong with a file, a row or a cell; what is wrong with a mark itself is a `MarkFault`."""

    NOT_FOUND = "not_found"
    IS_A_FOLDER = "is_a_folder"
    NOT_READABLE = "not_readable"
    TOO_LARGE = "too_large"
    EMPTY = "empty"
    NO_ROWS = "no_rows"
    BINARY = "binary"
    NOT_UTF8 = "not_utf8"
    BAD_CSV = "bad_csv"
    LONG_CELL = "long_cell"
    NOT_A_WORKBOOK = "not_a_workbook"
    ERROR_CELLS = "error_cells"
    NOT_CALCULATED = "not_calculated"
    MACROS = "macros"
    OTHER_FILES = "other_files"
    TOO_MANY_SHEETS = "too_many_sheets"
    TOO_MANY_ROWS = "too_many_rows"
    NO_GROUPS = "no_groups"

    MISSING_COLUMN = "missing_column"
    UNKNOWN_COLUMN = "unknown_column"
    REPEATED_COLUMN = "repeated_column"
    ROW_LENGTH = "row_length"
    EMPTY_CODE = "empty_code"
    LONG_CODE = "long_code"
    UNPRINTABLE = "unprintable"
    NOT_TEXT = "not_text"
    UNKNOWN_CRITERION = "unknown_criterion"
    REPEATED_CELL = "repeated_cell"
    MISSING_CRITERION = "missing_criterion"
    TWO_GROUPS = "two_groups"

    RUBRIC_NOT_JSON = "rubric_not_json"
    RUBRIC_SHAPE = "rubric_shape"
    RUBRIC_CODE = "rubric_code"
    RUBRIC_REPEATED = "rubric_repeated"
    RUBRIC_MARK = "rubric_mark"
    RUBRIC_MAXIMUM = "rubric_maximum"
    RUBRIC_FLOOR = "rubric_floor"
    RUBRIC_TOTAL = "rubric_total"


@dataclass(frozen=True)
class Fault:
    """One thing that is wrong: its kind, the row of the file (the header is row 1), what the words need."""

    kind: FileFault | MarkFault
    row: int | None = None
    values: Mapping[str, str | int] = field(default_factory=dict)


class RefusedFile(Exception):
    """A file that cannot be used: its first faults by row, and how many there are in all."""

    def __init__(self, faults: Sequence[Fault], count: int | None = None) -> None:
        super().__init__(f"{faults[0].kind} in row {faults[0].row}")
        self.faults = tuple(faults)
        self.count = len(faults) if count is None else count


def refuse(kind: FileFault, **values: str | int) -> RefusedFile:
    """Make the error for a file that is wrong as a whole."""
    return RefusedFile([Fault(kind, values=values)])


@dataclass(frozen=True)
class RowFault:
    """What is wrong in one cell of a table that a form brought; the first row is 1."""

    row: int
    column: str
    message: Message


class FaultyRows(InvalidInput):
    """Rows of a table that cannot be taken: nothing of it is stored. The form's field with the table says so."""

    def __init__(self, rows: Sequence[RowFault], field: str = "file") -> None:
        count = len({fault.row for fault in rows})
        text = N_("Nothing was stored. Rows to correct: %(count)d; they are named below.")
        super().__init__({field: Message(text, {"count": count})})
        self.rows = tuple(rows)


class FaultLog:
    """Collects the faults of one file: all are counted, enough are kept to describe the first by row."""

    def __init__(self) -> None:
        self._kept: list[Fault] = []
        self._count = 0

    def add(self, kind: FileFault | MarkFault, row: int, **values: str | int) -> None:
        """Note one fault."""
        self.add_all(1, [Fault(kind, row, values)])

    def add_all(self, count: int, faults: Iterable[Fault]) -> None:
        """Note so many faults, given by ascending row; only those that may be shown are asked for."""
        self._count += count
        self._kept += islice(faults, SHOWN)

    def raise_if_any(self) -> None:
        """Raise RefusedFile if something was noted."""
        if self._count:
            faults = sorted(self._kept, key=lambda fault: fault.row or 0)
            raise RefusedFile(faults[:SHOWN], self._count)
