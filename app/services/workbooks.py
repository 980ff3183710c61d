"""The first sheet of a workbook as rows of text, after the archive was measured and searched for silent gaps.

python-calamine reads a cell with an error value, or a formula that was never calculated, as an empty one:
a mark would be lost without a word. It also allots the whole rectangle up to the furthest cell. Both are
looked for first.
"""

import io
import re
import zipfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from types import MappingProxyType
from typing import Final

import python_calamine

from app.services.faults import FileFault, RefusedFile, refuse

WORKBOOK_SIGNATURE: Final = b"PK\x03\x04"

NOT_TEXT: Final = "\0"
"""Opens the text of a cell that holds a date, a time or a truth value: no text in a file can hold it."""

_MOST_PARTS: Final = 2_000

_COLUMN = re.compile(rb"""\sr\s*=\s*["']([A-Za-z]+)[0-9]""")
_ROW = re.compile(rb"""\sr\s*=\s*["'][A-Za-z]*([0-9]+)["']""")
_ERROR_CELL = re.compile(rb"""\st\s*=\s*["']e["']""")
_UNCALCULATED = re.compile(
    rb"""<(?:\w+:)?c\s([^<>]*)>\s*
         <(?:\w+:)?f\b(?:[^<>]*/>|[^<>]*>[^<]*</(?:\w+:)?f>)\s*
         (?:<(?:\w+:)?v\s*/>|<(?:\w+:)?v>\s*</(?:\w+:)?v>)?\s*
         </(?:\w+:)?c>""",
    re.VERBOSE,
)
_STRING_RESULT = re.compile(rb"""\bt\s*=\s*["']str["']""")
"""A formula may well give an empty text; then there is nothing to lose."""

Cell = str | float | bool | date | datetime | time | timedelta


@dataclass(frozen=True)
class Limits:
    """How much a workbook may hold: bytes once unpacked, and cells in the rectangle that holds them all."""

    unpacked: int = 512 * 2**20
    cells: int = 20_000_000


def workbook_rows(data: bytes) -> Iterator[list[str]]:
    """Give the rows of the first sheet from row 1 on.

    Raises
    ------
    RefusedFile
        It is no workbook, unpacks to too much, or holds cells whose value would be lost.
    """
    with opened_workbook(data) as workbook:
        for row in workbook.get_sheet_by_index(0).iter_rows():
            yield [cell_text(cell) for cell in row]


@contextmanager
def opened_workbook(
    data: bytes, limits: Limits = Limits(), *, unwanted: Mapping[str, FileFault] = MappingProxyType({})
) -> Iterator[python_calamine.CalamineWorkbook]:
    """Open a workbook that was checked; whatever breaks while it is read is a RefusedFile too.

    `unwanted` maps the beginnings of names of parts that refuse the workbook to the fault they are.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            _check_archive(archive, limits, unwanted)
        yield python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(data))
    except RefusedFile:
        raise
    except Exception as error:
        # On a broken archive zipfile and python-calamine raise a dozen kinds of error.
        raise refuse(FileFault.NOT_A_WORKBOOK) from error


def cell_text(cell: Cell) -> str:
    """Write a cell as somebody would type it; a number by the shortest text that means exactly the same.

    >>> cell_text(8.5), cell_text(70.0), cell_text("8,5"), cell_text(0.1 + 0.2)
    ('8.5', '70', '8,5', '0.30000000000000004')
    """
    if isinstance(cell, str):
        return cell
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() else repr(cell)
    return f"{NOT_TEXT}{cell}"


def _check_archive(archive: zipfile.ZipFile, limits: Limits, unwanted: Mapping[str, FileFault]) -> None:
    parts = archive.infolist()
    names = {part.filename for part in parts}
    if "xl/workbook.xml" not in names or names & {"content.xml", "xl/workbook.bin"}:
        raise refuse(FileFault.NOT_A_WORKBOOK)
    for beginning, fault in unwanted.items():
        if any(name.startswith(beginning) for name in names):
            raise refuse(fault)
    if len(parts) > _MOST_PARTS or sum(part.file_size for part in parts) > limits.unpacked:
        raise _too_large(limits)
    for part in parts:
        # Reading stops at the size declared, which is summed above, and compares the checksum.
        _check_part(archive.read(part), limits)


def _check_part(xml: bytes, limits: Limits) -> None:
    columns = max(map(_column_number, set(_COLUMN.findall(xml))), default=1)
    rows = max((int(digits[:9]) for digits in set(_ROW.findall(xml))), default=1)
    if rows * columns > limits.cells:
        raise _too_large(limits)
    if _ERROR_CELL.search(xml):
        raise refuse(FileFault.ERROR_CELLS)
    if b"f>" in xml and not all(_STRING_RESULT.search(match[1]) for match in _UNCALCULATED.finditer(xml)):
        raise refuse(FileFault.NOT_CALCULATED)


def _too_large(limits: Limits) -> RefusedFile:
    return refuse(FileFault.TOO_LARGE, megabytes=limits.unpacked // 2**20)


def _column_number(letters: bytes) -> int:
    number = 0
    for letter in letters[:8].upper():
        number = number * 26 + letter - ord("A") + 1
    return number
