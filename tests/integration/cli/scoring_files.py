"""Files of marks for the command's tests, and the command itself."""

import io
import json
import zipfile
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import xlsxwriter
from click.testing import CliRunner, Result

from app.cli import main

Row = Sequence[object]

CRITERIA = ("L1", "L2", "L3", "L4")
HEADER = ("entry", "judge", "criterion", "mark")


def score(*arguments: str | Path) -> Result:
    """Run `binhchon score`."""
    return CliRunner().invoke(main, ["score", *map(str, arguments)])


def scored(*arguments: str | Path) -> dict[str, Any]:
    """Run the command and give its JSON document."""
    result = score(*arguments, "--format", "json")
    assert (result.exit_code, result.stderr) == (0, "")
    document: dict[str, Any] = json.loads(result.stdout)
    return document


def entries_of(document: Mapping[str, Any], *keys: str) -> list[tuple[Any, ...]]:
    """Give these keys of each entry, in the document's order."""
    return [tuple(entry[key] for key in keys) for entry in document["entries"]]


def sheet(entry: str, judge: str, *marks: object) -> list[Row]:
    """One judge's legal sheet for one entry, a mark a row."""
    return [(entry, judge, criterion, mark) for criterion, mark in zip(CRITERIA, marks, strict=True)]


def write_csv(
    path: Path, rows: Iterable[Row], *, header: Row = HEADER, delimiter: str = ",", newline: str = "\n"
) -> Path:
    """Write cells as they are, without quotes."""
    lines = [delimiter.join(map(str, row)) for row in (header, *rows)]
    path.write_bytes((newline.join(lines) + newline).encode())
    return path


def write_xlsx(path: Path, rows: Iterable[Row], *, header: Row = HEADER) -> Path:
    """Write a workbook with one sheet; numbers stay numbers."""
    with xlsxwriter.Workbook(str(path), {"default_date_format": "dd/mm/yyyy"}) as book:
        page = book.add_worksheet()
        for number, row in enumerate((header, *rows)):
            page.write_row(number, 0, row)
    return path


def patch_xlsx(path: Path, change: Callable[[bytes], bytes], part: str = "xl/worksheets/sheet1.xml") -> Path:
    """Rewrite one part of a workbook, as a hostile or broken program would."""
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, change(content) if name == part else content)
    path.write_bytes(data.getvalue())
    return path


def write_rubric(path: Path, *criteria: Mapping[str, object]) -> Path:
    """Write a rubric of these criteria."""
    path.write_text(json.dumps({"criteria": criteria}), encoding="utf-8")
    return path
