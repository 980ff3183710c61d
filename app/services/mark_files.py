"""Score sheets from a file: columns `entry, judge, criterion, mark` and perhaps `group`, one mark a row."""

import unicodedata
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Final

import numpy as np

from app.domain.marks import InvalidMark, check_mark
from app.domain.rules import CriterionRule
from app.services.cells import cell_rows
from app.services.columns import BAD, NONE, BadCell, Codes, Column, Numbers, mark_number, plain_code
from app.services.faults import Fault, FaultLog, FileFault, refuse

REQUIRED: Final = ("entry", "judge", "criterion", "mark")
COLUMNS: Final = (*REQUIRED, "group")

_CHUNK: Final = 500
"""Rows held as text at a time: too few to wake Python's garbage collector, which would take most of the time."""


@dataclass(frozen=True)
class SheetTable:
    """The complete score sheets of a file, by entry and then by judge; marks in hundredths of a point.

    `groups` has one element per entry. `sheet_entries` and `sheet_judges`, of shape (n_sheets,), point into
    `entries` and `judges`; `marks` has the shape (n_sheets, n_criteria). `blank_rows` are the first rows, in
    the file, of sheets without a single mark: they are no sheets.
    """

    entries: tuple[str, ...]
    judges: tuple[str, ...]
    groups: tuple[str | None, ...]
    sheet_entries: Numbers
    sheet_judges: Numbers
    marks: Numbers
    blank_rows: tuple[int, ...] = ()


@dataclass(frozen=True)
class _Rows:
    """What the rows say, as numbers of shape (n_rows,); `row` is the row of the file."""

    row: Numbers
    entry: Numbers
    judge: Numbers
    criterion: Numbers
    mark: Numbers
    group: Numbers


@dataclass(frozen=True)
class _Names:
    """What the numbers of the rows stand for."""

    entries: Sequence[str]
    judges: Sequence[str]
    groups: Sequence[str]
    criteria: Sequence[CriterionRule]


def read_sheets(path: Path, criteria: Sequence[CriterionRule], step: int = 1) -> SheetTable:
    """Read a file of marks whole, or refuse it with every fault and its row.

    An empty mark is missing, never 0. A judge without any mark for an entry gave no sheet; a sheet with some
    of the criteria is a fault. Maxima and `step` are hundredths of a point.

    Raises
    ------
    RefusedFile
        The file, its header or any row breaks a rule.
    """
    log = FaultLog()
    rows, names = _read_rows(path, criteria, log)
    _check_marks(rows, names, step, log)
    groups = _groups(rows, names, log)
    sheet_entries, sheet_judges, marks, blank_rows = _sheets(rows, names, log)
    log.raise_if_any()
    return SheetTable(
        tuple(names.entries), tuple(names.judges), groups, sheet_entries, sheet_judges, marks, blank_rows
    )


def _read_rows(path: Path, criteria: Sequence[CriterionRule], log: FaultLog) -> tuple[_Rows, _Names]:
    text_rows = cell_rows(path)
    header = _header(next(text_rows, []), log)
    entries, judges, groups = Codes(), Codes(), Codes(may_be_empty=True)
    columns = [
        Column("entry", entries.number),
        Column("judge", judges.number),
        Column("criterion", _criterion_reader(criteria)),
        Column("mark", mark_number),
        Column("group", groups.number),
    ]
    parts: dict[str, list[Numbers]] = {name: [] for name in ("row", *COLUMNS)}
    for row, cells in _chunks(text_rows, len(header), log):
        by_name = dict(zip(header, zip(*cells, strict=True), strict=True))
        parts["row"].append(row)
        for column in columns:
            parts[column.name].append(column.numbers(by_name.get(column.name, [""] * len(cells)), row, log))
    if not parts["row"]:
        log.raise_if_any()
        raise refuse(FileFault.NO_ROWS)
    rows = _Rows(**{name: np.concatenate(arrays) for name, arrays in parts.items()})
    return rows, _Names(entries.names, judges.names, groups.names, criteria)


def _header(cells: Sequence[str], log: FaultLog) -> list[str]:
    """Give the columns in the order of the file; every fault of the header ends the reading."""
    names = [unicodedata.normalize("NFC", cell).strip().casefold() for cell in cells]
    while names and not names[-1]:
        names.pop()
    for index, name in enumerate(names):
        if name not in COLUMNS:
            log.add(FileFault.UNKNOWN_COLUMN, 1, column=cells[index].strip())
        elif name in names[:index]:
            log.add(FileFault.REPEATED_COLUMN, 1, column=name)
    for name in REQUIRED:
        if name not in names:
            log.add(FileFault.MISSING_COLUMN, 1, column=name)
    log.raise_if_any()
    return names


def _criterion_reader(criteria: Sequence[CriterionRule]) -> Callable[[str], int]:
    numbers = {criterion.code: number for number, criterion in enumerate(criteria)}

    def read(text: str) -> int:
        try:
            return numbers[plain_code(text)]
        except KeyError as error:
            raise BadCell(FileFault.UNKNOWN_CRITERION) from error

    return read


def _chunks(
    rows: Iterator[list[str]], width: int, log: FaultLog
) -> Iterator[tuple[Numbers, list[list[str]]]]:
    """Give the rows that are not blank, each as wide as the header, with their numbers in the file."""
    start = 2
    while chunk := list(islice(rows, _CHUNK)):
        numbers = list(range(start, start + len(chunk)))
        start += len(chunk)
        if set(map(len, chunk)) != {width} or not all(map(any, chunk)):
            numbers, chunk = _mended(numbers, chunk, width, log)
        if chunk:
            yield np.array(numbers), chunk


def _mended(
    numbers: list[int], chunk: list[list[str]], width: int, log: FaultLog
) -> tuple[list[int], list[list[str]]]:
    """Drop the blank rows and the empty cells beyond the header, and note the rows of another width."""
    whole = []
    for number, row in zip(numbers, chunk, strict=True):
        if not any(row):
            continue
        if len(row) < width or any(row[width:]):
            log.add(FileFault.ROW_LENGTH, number, cells=len(row), columns=width)
        else:
            whole.append((number, row[:width]))
    return [number for number, _row in whole], [row for _number, row in whole]


def _check_marks(rows: _Rows, names: _Names, step: int, log: FaultLog) -> None:
    """Note the marks above their maximum or off the step; each distinct mark is checked once."""

    def fault(criterion: int, mark: int, row: int = 0) -> Fault | None:
        rule = names.criteria[criterion]
        try:
            check_mark(mark, rule.max_mark, step)
        except InvalidMark as error:
            return Fault(
                error.reason, row, {"criterion": rule.code, "mark": mark, "max": rule.max_mark, "step": step}
            )
        return None

    given = np.flatnonzero((rows.criterion >= 0) & (rows.mark >= 0))
    span = int(rows.mark.max()) + 1
    pairs, which = np.unique(rows.criterion[given] * span + rows.mark[given], return_inverse=True)
    faulty = np.array([fault(*divmod(pair, span)) is not None for pair in pairs.tolist()], dtype=bool)
    bad = given[faulty[which]]
    cells = zip(rows.criterion[bad].tolist(), rows.mark[bad].tolist(), rows.row[bad].tolist(), strict=True)
    log.add_all(len(bad), (found for cell in cells if (found := fault(*cell))))


def _groups(rows: _Rows, names: _Names, log: FaultLog) -> tuple[str | None, ...]:
    """Give each entry's group, and note the rows that put it into another than its first row did."""
    known = np.flatnonzero((rows.entry >= 0) & (rows.group != BAD))
    entries, firsts = np.unique(rows.entry[known], return_index=True)
    first_rows = np.full(len(names.entries), NONE)
    first_rows[entries] = known[firsts]
    other = known[rows.group[known] != rows.group[first_rows[rows.entry[known]]]]

    def name(group: int) -> str:
        return "" if group == NONE else names.groups[group]

    def fault(at: int) -> Fault:
        first = first_rows[rows.entry[at]]
        values = {
            "entry": names.entries[rows.entry[at]],
            "group": name(int(rows.group[at])),
            "first_group": name(int(rows.group[first])),
            "first_row": int(rows.row[first]),
        }
        return Fault(FileFault.TWO_GROUPS, int(rows.row[at]), values)

    log.add_all(len(other), map(fault, other.tolist()))
    return tuple(name(group) or None for group in rows.group[first_rows].tolist())


def _sheets(rows: _Rows, names: _Names, log: FaultLog) -> tuple[Numbers, Numbers, Numbers, tuple[int, ...]]:
    """Give each sheet's entry, judge and marks, and the rows of blank ones; note what is given twice or left out."""
    n_judges, n_criteria = len(names.judges), len(names.criteria)
    placed = np.flatnonzero((rows.entry >= 0) & (rows.judge >= 0) & (rows.criterion >= 0))
    keys, first_of_sheet, sheet = np.unique(
        rows.entry[placed] * n_judges + rows.judge[placed], return_index=True, return_inverse=True
    )
    cells, first_of_cell, cell = np.unique(
        sheet * n_criteria + rows.criterion[placed], return_index=True, return_inverse=True
    )
    marks = np.full(len(keys) * n_criteria, NONE)
    marks[cells] = rows.mark[placed[first_of_cell]]
    row_of_cell = np.repeat(rows.row[placed[first_of_sheet]], n_criteria)
    row_of_cell[cells] = rows.row[placed[first_of_cell]]
    again = np.flatnonzero(first_of_cell[cell] != np.arange(len(cell)))
    repeated = cells[cell[again]]
    log.add_all(
        len(repeated),
        (
            _cell_fault(FileFault.REPEATED_CELL, names, keys, at, row, first_row)
            for at, row, first_row in zip(
                repeated, rows.row[placed[again]], row_of_cell[repeated], strict=True
            )
        ),
    )
    by_sheet = marks.reshape(-1, n_criteria)
    started = (by_sheet != NONE).any(axis=1)
    missing = np.flatnonzero((by_sheet == NONE) & started[:, None])
    missing = missing[np.argsort(row_of_cell[missing], kind="stable")]
    log.add_all(
        len(missing),
        (
            _cell_fault(FileFault.MISSING_CRITERION, names, keys, at, row, row)
            for at, row in zip(missing, row_of_cell[missing], strict=True)
        ),
    )
    blank_rows = tuple(sorted(rows.row[placed[first_of_sheet[~started]]].tolist()))
    return keys[started] // n_judges, keys[started] % n_judges, by_sheet[started], blank_rows


def _cell_fault(
    kind: FileFault, names: _Names, keys: Numbers, at: np.int64, row: np.int64, first_row: np.int64
) -> Fault:
    """Name the cell that stands at a place of all sheets' cells laid end to end."""
    sheet, criterion = divmod(int(at), len(names.criteria))
    entry, judge = divmod(int(keys[sheet]), len(names.judges))
    values: dict[str, str | int] = {
        "entry": names.entries[entry],
        "judge": names.judges[judge],
        "criterion": names.criteria[criterion].code,
        "first_row": int(first_row),
    }
    return Fault(kind, int(row), values)
