"""The two forms in which offices keep a jury's marks, read into one: each mark with what it is said to be of.

Long: a mark a row, under headings for entry, judge, criterion and mark. Wide: an entry a row, with a column for
each judge and criterion, headed by two rows ("GK1" over "L1", "L2", …; the upper cells often merged) or one
("GK1 L1"). Titles may stand above the headings.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from app.domain.errors import InvalidInput
from app.domain.messages import N_, Message
from app.domain.vietnamese import fold
from app.services.grids import Grid, Span, cell_name

ENTRY: Final = frozenset({"ma so", "ma so binh chon", "ma san pham", "ma", "entry", "entry code", "code"})
JUDGE: Final = frozenset({"giam khao", "judge"})
CRITERION: Final = frozenset({"tieu chi", "ma tieu chi", "criterion"})
MARK: Final = frozenset({"diem", "diem cham", "diem binh chon", "mark", "points"})
PRODUCT: Final = frozenset({"san pham", "ten san pham", "product"})
TOTAL: Final = frozenset({"tong", "tong cong", "cong", "tong diem", "total"})
UNREAD: Final = frozenset(
    {
        "tt",
        "stt",
        "no",
        "nhom",
        "nhom san pham",
        "group",
        "co so",
        "ten co so",
        "facility",
        "dia chi",
        "address",
    }
    | {"ghi chu", "note", "diem binh quan", "binh quan", "average", "diem trung binh", "trung binh"}
)
_HEADINGS_WITHIN: Final = 20
"""Rows in which the headings are looked for."""

_JUDGE_AND_CRITERION = re.compile(r"(.+)[\s\-–—_/:|]+(\S+)")


@dataclass(frozen=True)
class Said:
    """What a cell says, and which cell it is."""

    text: str
    cell: str


@dataclass(frozen=True)
class Given:
    """One cell for a mark, filled in or not, with the cells that say what it is of.

    Without a criterion it is the total that the file gives for the judge's sheet.
    """

    mark: Said
    entry: Said
    judge: Said
    criterion: Said | None
    product: Said | None


@dataclass(frozen=True)
class MarkTable:
    """Every cell for a mark of a file, to be read once; the merged cells among them; the columns left unread."""

    given: Iterable[Given]
    merged: Sequence[Span]
    unread: Sequence[str]


@dataclass(frozen=True)
class _Columns:
    """Where the headings lie and what the columns hold; wide marks by the cells that name judge and criterion."""

    top: int
    first_row: int
    entry: int
    product: int | None
    long: tuple[int, int, int] | None
    wide: Sequence[tuple[int, Said, Said | None]]
    unread: Sequence[str]


def read_marks(grids: Sequence[Grid], codes: frozenset[str]) -> MarkTable:
    """Read the one sheet that holds marks; `codes` are the folded codes of criteria that may head a column.

    Raises
    ------
    InvalidInput
        No sheet holds marks, or more than one does, or a heading is missing.
    """
    found = [(grid, at) for grid in grids if (at := find_headings(grid))]
    if not found:
        raise _refusal(
            N_(
                "No headings were found. The first rows need a column “Mã số” and columns of the judges: "
                "use the template."
            )
        )
    if len(found) > 1:
        raise _refusal(N_("More than one sheet of the workbook holds marks. Keep only one of them."))
    grid, (row, column) = found[0]
    columns = _columns(grid, row, column, codes)
    return MarkTable(
        given=_given(grid, columns),
        merged=[span for span in grid.merged if _touches_marks(grid, columns, span)],
        unread=columns.unread,
    )


def _touches_marks(grid: Grid, columns: _Columns, span: Span) -> bool:
    """Whether merged cells lie in the row of an entry; titles above and signatures below may be merged."""
    rows = range(max(span.top, columns.first_row), min(span.bottom + 1, len(grid.rows)))
    return any(grid.text(row, columns.entry) for row in rows)


def _refusal(text: str) -> InvalidInput:
    return InvalidInput({"file": Message(text)})


def find_headings(grid: Grid) -> tuple[int, int] | None:
    """Row and column of the heading over the entries' codes."""
    for row, cells in enumerate(grid.rows[:_HEADINGS_WITHIN]):
        for column in range(len(cells)):
            if fold(grid.text(row, column)) in ENTRY:
                return row, column
    return None


def _columns(grid: Grid, row: int, entry: int, codes: frozenset[str]) -> _Columns:
    heads = [fold(grid.text(row, column)) for column in range(len(grid.rows[row]))]
    product = _place(heads, PRODUCT)
    judge, criterion, mark = (_place(heads, names) for names in (JUDGE, CRITERION, MARK))
    if judge is not None:
        if criterion is None or mark is None:
            raise _refusal(
                N_("With a column “Giám khảo” the table also needs columns “Tiêu chí” and “Điểm”.")
            )
        known = {entry, product, judge, criterion, mark}
        for column in (at for at, head in enumerate(heads) if not head):
            _check_empty(grid, row + 1, column)
        unread = [grid.text(row, at) for at, head in enumerate(heads) if head and at not in known]
        return _Columns(row, row + 1, entry, product, (judge, criterion, mark), (), unread)
    top, low = _heading_rows(grid, row, entry, codes)
    wide, unread = _wide(grid, top, low, entry)
    if not wide:
        raise _refusal(
            N_("No column for marks was found. Head each with judge and criterion, such as “GK1 L1”.")
        )
    return _Columns(top, low + 1, entry, product, None, wide, unread)


def _place(heads: Sequence[str], names: frozenset[str]) -> int | None:
    return next((at for at, head in enumerate(heads) if head in names), None)


def _heading_rows(grid: Grid, row: int, entry: int, codes: frozenset[str]) -> tuple[int, int]:
    """The upper and the lower row of headings, which are one where judge and criterion share a cell."""

    def names_criteria(at: int) -> bool:
        return any(fold(grid.text(at, column)) in codes for column in range(len(grid.rows[at])))

    if row + 1 < len(grid.rows) and not grid.text(row + 1, entry) and names_criteria(row + 1):
        return row, row + 1
    if row > 0 and names_criteria(row):
        return row - 1, row
    return row, row


def _wide(
    grid: Grid, top: int, low: int, entry: int
) -> tuple[list[tuple[int, Said, Said | None]], list[str]]:
    """The columns of marks and totals, and the headings of those that are not read."""
    wide: list[tuple[int, Said, Said | None]] = []
    unread: list[str] = []
    judge: Said | None = None
    for column in range(len(grid.rows[top])):
        upper, lower = grid.text(top, column), grid.text(low, column)
        if column == entry or fold(upper or lower) in PRODUCT:
            judge = None
        elif fold(upper or lower) in UNREAD or (fold(upper) in TOTAL):
            unread.append(upper or lower)
            judge = None
        elif top == low and upper:
            wide.append((column, *_split(Said(upper, cell_name(top, column)))))
        elif not upper and not lower:
            _check_empty(grid, low + 1, column)
        else:
            judge = Said(upper, cell_name(top, column)) if upper else judge
            named = Said(lower, cell_name(low, column))
            wide.append((column, judge or Said("", cell_name(top, column)), _criterion(named)))
    return wide, unread


def _check_empty(grid: Grid, first_row: int, column: int) -> None:
    for row in range(first_row, len(grid.rows)):
        if grid.text(row, column):
            text = N_(
                "Cell %(cell)s is filled in, but its column has no heading. "
                "In a CSV file, a mark with a decimal comma has to stand in quotation marks."
            )
            raise InvalidInput({"file": Message(text, {"cell": cell_name(row, column)})})


def _split(head: Said) -> tuple[Said, Said | None]:
    """Part "GK1 L1" into the judge and the criterion."""
    match = _JUDGE_AND_CRITERION.fullmatch(head.text)
    judge, criterion = match.groups() if match else (head.text, "")
    return Said(judge.strip(), head.cell), _criterion(Said(criterion, head.cell))


def _criterion(named: Said) -> Said | None:
    return None if fold(named.text) in TOTAL else named


def _given(grid: Grid, columns: _Columns) -> Iterator[Given]:
    for row in range(columns.first_row, len(grid.rows)):
        if not any(cell.strip() for cell in grid.rows[row]):
            continue
        entry = _said(grid, row, columns.entry)
        product = None if columns.product is None else _said(grid, row, columns.product)
        if columns.long:
            judge, criterion, mark = (_said(grid, row, column) for column in columns.long)
            yield Given(_raw(grid, row, columns.long[2], mark), entry, judge, criterion, product)
        for column, whose, line in columns.wide:
            yield Given(_raw(grid, row, column, _said(grid, row, column)), entry, whose, line, product)


def _said(grid: Grid, row: int, column: int) -> Said:
    return Said(grid.text(row, column), cell_name(row, column))


def _raw(grid: Grid, row: int, column: int, said: Said) -> Said:
    """A mark as it came: a date or a truth value must not pass for a number."""
    return Said(grid.rows[row][column], said.cell)
