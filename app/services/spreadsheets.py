"""Tables as files for a spreadsheet: CSV and XLSX, in which no text is ever taken for a formula."""

import csv
import io
import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

import xlsxwriter

from app.domain.marks import format_average

FORMULA_SIGNS = ("=", "+", "-", "@", "\t", "\r")
NEGATIVE_FRACTION = re.compile(r"-\d+/\d+", re.ASCII)  # an exact value: a number, whoever reads it
BYTE_ORDER_MARK = "\ufeff"  # without it Excel takes UTF-8 for the computer's own code page
SHEET_NAME_LENGTH = 31
WIDEST = 60


class Kind(StrEnum):
    """What a column holds."""

    TEXT = "text"
    NUMBER = "number"
    POINTS = "points"  # hundredths of a point, shown with two decimals
    DECIMAL = "decimal"  # a float, shown with three decimals


@dataclass(frozen=True)
class Column:
    """A column with its heading."""

    title: str
    kind: Kind = Kind.TEXT


Cell = str | int | float | None


@dataclass(frozen=True)
class Table:
    """A sheet: notes on top in a workbook, then a heading and rows of as many cells."""

    title: str
    columns: Sequence[Column]
    rows: Sequence[Sequence[Cell]]
    notes: Sequence[str] = ()


def csv_file(table: Table, decimal: str) -> bytes:
    """The table as CSV in UTF-8 with a byte order mark; where the decimal sign is a comma, semicolons part the cells.

    That is how a spreadsheet set to that language reads it.
    """
    text = io.StringIO()
    writer = csv.writer(text, delimiter=";" if decimal == "," else ",", lineterminator="\r\n")
    writer.writerow([harmless(column.title) for column in table.columns])
    for row in table.rows:
        writer.writerow(
            [_as_text(column.kind, cell, decimal) for column, cell in zip(table.columns, row, strict=True)]
        )
    return (BYTE_ORDER_MARK + text.getvalue()).encode()


def harmless(text: str) -> str:
    """A text that no spreadsheet runs: an apostrophe goes before what could begin a formula.

    >>> harmless("=HYPERLINK(A1)"), harmless("Trà sen")
    ("'=HYPERLINK(A1)", 'Trà sen')
    """
    is_risky = text.startswith(FORMULA_SIGNS) and not NEGATIVE_FRACTION.fullmatch(text)
    return f"'{text}" if is_risky else text


def xlsx_file(tables: Sequence[Table]) -> bytes:
    """The tables as sheets of one workbook, numbers as numbers."""
    data = io.BytesIO()
    with xlsxwriter.Workbook(data, {"in_memory": True}) as book:
        formats = {
            "heading": book.add_format({"bold": True, "text_wrap": True, "valign": "top", "bottom": 1}),
            "note": book.add_format({"italic": True}),
            Kind.TEXT: book.add_format({"text_wrap": True, "valign": "top"}),
            Kind.NUMBER: book.add_format({"num_format": "0", "valign": "top"}),
            Kind.POINTS: book.add_format({"num_format": "0.00", "valign": "top"}),
            Kind.DECIMAL: book.add_format({"num_format": "0.000", "valign": "top"}),
        }
        for table in tables:
            _write(book.add_worksheet(_sheet_name(table.title)), table, formats)
    return data.getvalue()


def _write(sheet: Any, table: Table, formats: dict[str, Any]) -> None:
    for row, note in enumerate(table.notes):
        sheet.write_string(row, 0, note, formats["note"])
    top = len(table.notes) + bool(table.notes)
    sheet.freeze_panes(top + 1, 0)
    for place, column in enumerate(table.columns):
        sheet.write_string(top, place, column.title, formats["heading"])
        sheet.set_column(place, place, _width(table, place))
    for row, cells in enumerate(table.rows, start=top + 1):
        for place, (column, cell) in enumerate(zip(table.columns, cells, strict=True)):
            # `write_string` keeps a text that looks like a formula a text.
            if isinstance(cell, str):
                sheet.write_string(row, place, cell, formats[Kind.TEXT])
            elif cell is not None:
                sheet.write_number(
                    row, place, cell / 100 if column.kind is Kind.POINTS else cell, formats[column.kind]
                )


def _width(table: Table, place: int) -> int:
    column = table.columns[place]
    lengths = [len(_as_text(column.kind, row[place])) for row in table.rows]
    return min(WIDEST, max([len(column.title), *lengths]) + 2)


def _sheet_name(title: str) -> str:
    """A title without the signs that spreadsheets refuse in the name of a sheet."""
    return re.sub(r"[\[\]:*?/\\'\s]+", " ", title)[:SHEET_NAME_LENGTH].strip()


def _as_text(kind: Kind, cell: Cell, decimal: str = ".") -> str:
    if cell is None:
        return ""
    if isinstance(cell, str):
        return harmless(cell)
    if isinstance(cell, float):
        return f"{cell:.3f}".replace(".", decimal)
    return format_average(cell, decimal) if kind is Kind.POINTS else str(cell)
