"""A table that somebody sent, as rows of text: CSV in UTF-8, or the first sheet of a workbook."""

import csv
import io
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from app.services.faults import FileFault, refuse
from app.services.workbooks import WORKBOOK_SIGNATURE, workbook_rows

LARGEST: Final = 256 * 2**20
"""The most bytes read from one file."""

_DELIMITERS: Final = (b",", b";", b"\t")
_OFFICE_SUFFIXES: Final = frozenset({".xlsx", ".xlsm", ".xls", ".ods"})


def cell_rows(path: Path) -> Iterator[list[str]]:
    """Give the rows of a CSV file or of a workbook's first sheet, its header included.

    Raises
    ------
    RefusedFile
        The file cannot be read, is neither UTF-8 text nor a workbook, or breaks off.
    """
    data = read_bytes(path)
    if data.startswith(WORKBOOK_SIGNATURE):
        return workbook_rows(data)
    if path.suffix.lower() in _OFFICE_SUFFIXES:
        raise refuse(FileFault.NOT_A_WORKBOOK)
    return csv_rows(data)


def read_bytes(path: Path, largest: int = LARGEST) -> bytes:
    """Read a whole file that may come from anybody.

    Raises
    ------
    RefusedFile
        It is missing, a folder, unreadable, empty or larger than `largest` bytes.
    """
    try:
        with path.open("rb") as file:
            data = file.read(largest + 1)
    except FileNotFoundError as error:
        raise refuse(FileFault.NOT_FOUND) from error
    except OSError as error:
        raise refuse(FileFault.IS_A_FOLDER if path.is_dir() else FileFault.NOT_READABLE) from error
    if len(data) > largest:
        raise refuse(FileFault.TOO_LARGE, megabytes=largest // 2**20)
    if not data.strip():
        raise refuse(FileFault.EMPTY)
    return data


def csv_rows(data: bytes) -> Iterator[list[str]]:
    """Give the rows of a CSV file with comma, semicolon or tab, its header included.

    Raises
    ------
    RefusedFile
        It is not UTF-8 text, or breaks off.
    """
    if b"\0" in data:
        raise refuse(FileFault.BINARY)
    header = re.split(rb"[\r\n]", data, maxsplit=1)[0]
    delimiter = max(_DELIMITERS, key=header.count).decode()
    text = io.TextIOWrapper(io.BytesIO(data), encoding="utf-8-sig", newline="")
    reader = csv.reader(text, delimiter=delimiter, strict=True)
    try:
        yield from reader
    except UnicodeDecodeError as error:
        raise refuse(FileFault.NOT_UTF8) from error
    except csv.Error as error:
        kind = FileFault.LONG_CELL if "field limit" in str(error) else FileFault.BAD_CSV
        raise refuse(kind, line=reader.line_num) from error
