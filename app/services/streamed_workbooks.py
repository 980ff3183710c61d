"""Workbooks of any length: rows go to the file as they come, and none of them stays in memory."""

import io
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any, Final

import xlsxwriter

from app.domain.vietnamese import in_vietnam

MOST_ROWS: Final = 1_000_000
"""Rows on one sheet; the format itself ends at 1,048,576."""

LONGEST_TEXT: Final = 32_767
"""Characters in one cell."""

Cell = str | int | bool | date | datetime | None


class Look(StrEnum):
    """How what is in a column is shown."""

    TEXT = "text"
    COUNT = "count"
    POINTS = "points"  # hundredths of a point, written as points
    DAY = "day"
    MOMENT = "moment"


@dataclass(frozen=True)
class Head:
    """A column: its heading, how its cells look, and its width in characters."""

    title: str
    look: Look = Look.TEXT
    width: int = 14


@contextmanager
def streamed_workbook(data: io.BytesIO) -> Iterator["StreamedWorkbook"]:
    """Write a workbook into `data`; it is whole when the block ends."""
    with xlsxwriter.Workbook(data, {"constant_memory": True}) as book:
        yield StreamedWorkbook(book)


class StreamedWorkbook:
    """Sheets written row by row. A text is always written as a text, so that none becomes a formula."""

    def __init__(self, book: Any) -> None:
        self._book = book
        top = {"valign": "top"}
        self._formats = {
            "heading": book.add_format(top | {"text_wrap": True, "bold": True, "bottom": 1}),
            Look.TEXT: book.add_format(top | {"text_wrap": True}),
            Look.COUNT: book.add_format(top | {"num_format": "0"}),
            Look.POINTS: book.add_format(top | {"num_format": "0.00"}),
            Look.DAY: book.add_format(top | {"num_format": "dd/mm/yyyy"}),
            Look.MOMENT: book.add_format(top | {"num_format": "dd/mm/yyyy hh:mm"}),
        }

    def sheet(self, name: str, heads: Sequence[Head], rows: Iterable[tuple[Cell, ...]]) -> None:
        """Write a table; what does not fit on one sheet goes on to the next of the same name and a number."""
        sheet, number, place = self._begin(name, heads), 1, 0
        for row in rows:
            place += 1
            if place > MOST_ROWS:
                number, place = number + 1, 1
                sheet = self._begin(f"{name} {number}", heads)
            for column, (head, cell) in enumerate(zip(heads, row, strict=True)):
                self._write(sheet, place, column, cell, head.look)

    def _begin(self, name: str, heads: Sequence[Head]) -> Any:
        sheet = self._book.add_worksheet(name)
        sheet.freeze_panes(1, 0)
        for column, head in enumerate(heads):
            sheet.set_column(column, column, head.width)
            sheet.write_string(0, column, head.title, self._formats["heading"])
        return sheet

    def _write(self, sheet: Any, row: int, column: int, cell: Cell, look: Look) -> None:
        if cell is None or cell == "":
            return
        if isinstance(cell, str):
            sheet.write_string(row, column, cell[:LONGEST_TEXT], self._formats[Look.TEXT])
        elif isinstance(cell, bool):
            sheet.write_string(row, column, "có" if cell else "không", self._formats[Look.TEXT])
        elif isinstance(cell, datetime):
            local = in_vietnam(cell).replace(tzinfo=None)
            sheet.write_datetime(row, column, local, self._formats[Look.MOMENT])
        elif isinstance(cell, date):
            sheet.write_datetime(row, column, cell, self._formats[Look.DAY])
        else:
            number = cell / 100 if look is Look.POINTS else cell
            sheet.write_number(row, column, number, self._formats[look])
