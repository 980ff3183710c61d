"""A spreadsheet that somebody sent, as grids of text in which every cell has its name: "D7"."""

from codecs import BOM_UTF8
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Final

from python_calamine import CalamineSheet, CalamineWorkbook, SheetTypeEnum, SheetVisibleEnum
from xlsxwriter.utility import xl_rowcol_to_cell

from app.domain.errors import InvalidInput
from app.domain.messages import N_, Message
from app.services.cells import csv_rows
from app.services.faults import FileFault, RefusedFile, refuse
from app.services.workbooks import NOT_TEXT, WORKBOOK_SIGNATURE, Limits, cell_text, opened_workbook

LARGEST: Final = 10 * 2**20
"""The most bytes of a file that is sent to be taken over."""

MOST_ROWS: Final = 20_000
MOST_COLUMNS: Final = 1_000
MOST_CELLS: Final = 500_000

_LIMITS: Final = Limits(unpacked=100 * 2**20, cells=2_000_000)
_UNWANTED: Final[Mapping[str, FileFault]] = {
    "xl/vbaProject": FileFault.MACROS,
    "xl/macrosheets/": FileFault.MACROS,
    "xl/externalLinks/": FileFault.OTHER_FILES,
}
_NO_TABLES: Final = (b"%PDF-", b"<", b"{\\rtf")  # how a PDF, a web page and a rich text begin
_OLD_OFFICE: Final = b"\xd0\xcf\x11\xe0"  # an .xls file, or an .xlsx file within a password's wrapping

_WORDS: Final[Mapping[FileFault, str]] = {
    FileFault.EMPTY: N_("The file is empty."),
    FileFault.TOO_LARGE: N_(
        "The file is too large, at most %(megabytes)d MB. "
        "Keep only the sheet with the marks, without the empty rows below it."
    ),
    FileFault.BINARY: N_(
        "This is neither an XLSX workbook nor a CSV file in UTF-8. Save the table as “CSV UTF-8” or as .xlsx."
    ),
    FileFault.NOT_UTF8: N_("This CSV file is not in UTF-8. Save the table as “CSV UTF-8” or as .xlsx."),
    FileFault.BAD_CSV: N_("Line %(line)d has a quotation mark that is not closed."),
    FileFault.LONG_CELL: N_(
        "Line %(line)d has a cell that is too long, or a quotation mark that is not closed."
    ),
    FileFault.NOT_A_WORKBOOK: N_(
        "This is no XLSX workbook, or it is damaged, or it is an old .xls file, or it has a password. "
        "Save it as .xlsx without a password."
    ),
    FileFault.MACROS: N_("This workbook holds macros. Save it as .xlsx without macros."),
    FileFault.OTHER_FILES: N_("This workbook takes values from other files. Keep only the values."),
    FileFault.ERROR_CELLS: N_("This workbook has cells with errors such as #N/A. Correct them and save it."),
    FileFault.NOT_CALCULATED: N_(
        "This workbook has formulas that were never calculated. Open it in a spreadsheet program and save it."
    ),
    FileFault.TOO_MANY_ROWS: N_("The table is too large: at most %(rows)d rows and %(columns)d columns."),
}


@dataclass(frozen=True)
class Span:
    """Cells that were merged into one, by their first and last row and column from 0."""

    top: int
    left: int
    bottom: int
    right: int

    @property
    def name(self) -> str:
        """As spreadsheets write it: "D7:D9"."""
        return f"{cell_name(self.top, self.left)}:{cell_name(self.bottom, self.right)}"


@dataclass(frozen=True)
class Grid:
    """One sheet of a spreadsheet: rows of text, all of one width, and which cells are merged."""

    rows: Sequence[Sequence[str]]
    merged: Sequence[Span] = ()

    def text(self, row: int, column: int) -> str:
        """What a cell shows; a date or a truth value as it is written."""
        return self.rows[row][column].strip(NOT_TEXT).strip()


def cell_name(row: int, column: int) -> str:
    """The name that spreadsheets give a cell, by row and column from 0.

    >>> cell_name(6, 3)
    'D7'
    """
    name: str = xl_rowcol_to_cell(row, column)
    return name


def read_grids(data: bytes) -> list[Grid]:
    """The visible sheets of a workbook, or the one table of a CSV file.

    Raises
    ------
    InvalidInput
        The file as a whole cannot be taken: what it is, and what to do.
    """
    try:
        return _grids(data)
    except RefusedFile as error:
        [fault] = error.faults
        text = _WORDS[FileFault(fault.kind)]
        raise InvalidInput({"file": Message(text, dict(fault.values))}) from error


def _grids(data: bytes) -> list[Grid]:
    if len(data) > LARGEST:
        raise refuse(FileFault.TOO_LARGE, megabytes=LARGEST // 2**20)
    if not data.strip():
        raise refuse(FileFault.EMPTY)
    if data.startswith(_OLD_OFFICE):
        raise refuse(FileFault.NOT_A_WORKBOOK)
    if data.removeprefix(BOM_UTF8).lstrip().startswith(_NO_TABLES):
        raise refuse(FileFault.BINARY)
    if not data.startswith(WORKBOOK_SIGNATURE):
        return [_grid(list(islice(csv_rows(data), MOST_ROWS + 1)))]
    with opened_workbook(data, _LIMITS, unwanted=_UNWANTED) as workbook:
        return [_sheet(workbook, sheet.name) for sheet in workbook.sheets_metadata if _is_shown(sheet)]


def _is_shown(sheet: object) -> bool:
    return (
        getattr(sheet, "typ", None) == SheetTypeEnum.WorkSheet
        and getattr(sheet, "visible", None) == SheetVisibleEnum.Visible
    )


def _sheet(workbook: CalamineWorkbook, name: str) -> Grid:
    sheet: CalamineSheet = workbook.get_sheet_by_name(name)
    if sheet.total_height > MOST_ROWS:
        raise _too_many_rows()
    rows = [[cell_text(cell) for cell in row] for row in sheet.to_python(skip_empty_area=False)]
    spans = [Span(*start, *end) for start, end in sheet.merged_cell_ranges or []]
    return _grid(rows, spans)


def _grid(rows: list[list[str]], merged: Sequence[Span] = ()) -> Grid:
    width = max((len(row) for row in rows), default=0)
    if len(rows) > MOST_ROWS or width > MOST_COLUMNS or len(rows) * width > MOST_CELLS:
        raise _too_many_rows()
    return Grid([row + [""] * (width - len(row)) for row in rows], merged)


def _too_many_rows() -> RefusedFile:
    return refuse(FileFault.TOO_MANY_ROWS, rows=MOST_ROWS, columns=MOST_COLUMNS)
