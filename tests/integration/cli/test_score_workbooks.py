"""Workbooks that are broken, hostile, or would lose a mark without a word."""

import datetime as dt
import doctest
import zipfile
from pathlib import Path

import pytest
import xlsxwriter

from app.cli.score_messages import FAULTS
from app.services import workbooks
from tests.integration.cli.scoring_files import (
    CRITERIA,
    HEADER,
    entries_of,
    patch_xlsx,
    score,
    scored,
    sheet,
    write_xlsx,
)

GOOD = sheet("A", "GK1", 30.5, 30, 8, 7)
FIRST_MARK = b'<c r="D2"><v>30.5</v></c>'


def workbook(tmp_path: Path) -> Path:
    return write_xlsx(tmp_path / "marks.xlsx", GOOD)


def complaint(path: Path) -> str:
    """Give what a refused file is said to be."""
    result = score(path, "--lang", "en")
    assert (result.exit_code, result.stdout) == (2, "")
    return "\n".join(result.stderr.splitlines()[1:])


@pytest.mark.parametrize(
    ("cell", "words"),
    [
        (
            True,
            "Row 2: the column “mark” holds a date, time or truth value (True); make it a number or text.",
        ),
        (
            dt.date(2026, 5, 8),
            "Row 2: the column “mark” holds a date, time or truth value (2026-05-08); make it a number or text.",
        ),
        (8.505, "Row 2: the mark “8.505” has more than two decimals."),
        (-0.5, "Row 2: the mark “-0.5” is below 0."),
        (1e20, "Row 2: the mark “100000000000000000000” is too long."),
        ("abc", "Row 2: the mark “abc” is not a number."),
    ],
)
def test_a_cell_that_is_no_mark_is_named(tmp_path: Path, cell: object, words: str) -> None:
    rows = [("A", "GK1", "L1", cell), *GOOD[1:]]

    assert complaint(write_xlsx(tmp_path / "marks.xlsx", rows)) == words


def test_a_number_that_only_looks_like_a_mark_is_not_rounded_to_one(tmp_path: Path) -> None:
    path = patch_xlsx(
        workbook(tmp_path), lambda xml: xml.replace(FIRST_MARK, b'<c r="D2"><v>8.3000000000000025</v></c>')
    )

    assert complaint(path) == "Row 2: the mark “8.300000000000002” has more than two decimals."


def test_a_number_is_the_mark_that_excel_means_by_seventeen_digits(tmp_path: Path) -> None:
    path = patch_xlsx(
        workbook(tmp_path), lambda xml: xml.replace(FIRST_MARK, b'<c r="D2"><v>8.3000000000000007</v></c>')
    )

    assert entries_of(scored(path), "average") == [("53.30",)]


def test_a_code_that_excel_took_for_a_date_is_a_fault(tmp_path: Path) -> None:
    rows = [(dt.date(2026, 2, 1), *cells) for _entry, *cells in GOOD]

    assert complaint(write_xlsx(tmp_path / "marks.xlsx", rows)).startswith(
        "Row 2: the column “entry” holds a date, time or truth value (2026-02-01)"
    )


def test_rows_are_counted_from_the_first_of_the_sheet_and_columns_from_the_first_filled(
    tmp_path: Path,
) -> None:
    path = tmp_path / "marks.xlsx"
    with xlsxwriter.Workbook(str(path)) as book:
        page = book.add_worksheet()
        page.write_row(0, 2, HEADER)
        for row, cells in enumerate([*GOOD[:3], ("A", "GK1", "L4", "x")], start=4):
            page.write_row(row, 2, cells)

    assert complaint(path) == "Row 8: the mark “x” is not a number."


def test_only_the_first_sheet_is_read(tmp_path: Path) -> None:
    path = tmp_path / "marks.xlsx"
    with xlsxwriter.Workbook(str(path)) as book:
        first, second = book.add_worksheet(), book.add_worksheet()
        for row, cells in enumerate((HEADER, *GOOD)):
            first.write_row(row, 0, cells)
        second.write_string(0, 0, "something else")

    assert entries_of(scored(path), "entry", "average") == [("A", "75.50")]


def test_a_calculated_formula_counts_as_its_value(tmp_path: Path) -> None:
    path = patch_xlsx(
        workbook(tmp_path), lambda xml: xml.replace(FIRST_MARK, b'<c r="D2"><f>15+15.5</f><v>30.5</v></c>')
    )

    assert entries_of(scored(path), "average") == [("75.50",)]


@pytest.mark.parametrize(
    ("cell", "kind"),
    [
        (b'<c r="D2" t="e"><v>#N/A</v></c>', "error_cells"),
        (b"<x:c r='D2' s='1' t = 'e'><x:v>#REF!</x:v></x:c>", "error_cells"),
        (b'<c r="D2"><f>15+15.5</f></c>', "not_calculated"),
        (b'<c r="D2"><f>15+15.5</f><v></v></c>', "not_calculated"),
        (b'<c r="D2" s="1">\n<f t="shared" ref="D2:D5" si="0">15+15.5</f>\n<v/>\n</c>', "not_calculated"),
        (b'<x:c r="D2"><x:f>15+15.5</x:f><x:v> </x:v></x:c>', "not_calculated"),
    ],
)
def test_a_cell_whose_value_would_be_lost_is_refused(tmp_path: Path, cell: bytes, kind: str) -> None:
    path = patch_xlsx(workbook(tmp_path), lambda xml: xml.replace(FIRST_MARK, cell))

    assert complaint(path) == FAULTS["en"][kind]


def test_a_formula_that_gives_an_empty_text_is_an_empty_cell(tmp_path: Path) -> None:
    path = patch_xlsx(
        workbook(tmp_path), lambda xml: xml.replace(FIRST_MARK, b'<c r="D2" t="str"><f>""</f><v></v></c>')
    )

    assert complaint(path) == "Row 2: the sheet of judge GK1 for A has no mark for criterion L1."


@pytest.mark.parametrize("place", [b"XFD1048576", b"zzzzzzz2", b"D99999999999999999999", b"D" + b"9" * 5000])
def test_a_cell_far_away_does_not_fill_the_memory(tmp_path: Path, place: bytes) -> None:
    path = patch_xlsx(workbook(tmp_path), lambda xml: xml.replace(b'r="D2"', b'r="' + place + b'"'))

    assert complaint(path) == FAULTS["en"]["too_large"].format(megabytes=512)


def test_a_bomb_is_not_unpacked(tmp_path: Path) -> None:
    path = workbook(tmp_path)
    with zipfile.ZipFile(path, "a", zipfile.ZIP_DEFLATED) as archive, archive.open("bomb.bin", "w") as part:
        for _megabyte in range(520):
            part.write(bytes(2**20))

    assert path.stat().st_size < 2**20
    assert complaint(path) == FAULTS["en"]["too_large"].format(megabytes=512)


def test_a_part_that_unpacks_to_more_than_it_declares_is_refused(tmp_path: Path) -> None:
    path = patch_xlsx(workbook(tmp_path), lambda xml: xml + b" " * 100_000)
    data = path.read_bytes()
    with zipfile.ZipFile(path) as archive:
        size = archive.getinfo("xl/worksheets/sheet1.xml").file_size

    path.write_bytes(data.replace(size.to_bytes(4, "little"), (100).to_bytes(4, "little")))

    assert complaint(path) == FAULTS["en"]["not_a_workbook"]


@pytest.mark.parametrize(
    "content", [b"entry,judge,criterion,mark\n", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", b"PK\x03\x04"]
)
def test_a_workbook_by_name_only_is_refused(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "marks.xlsx"
    path.write_bytes(content)

    assert complaint(path) == FAULTS["en"]["not_a_workbook"]


def test_an_archive_of_something_else_is_refused_whatever_its_name(tmp_path: Path) -> None:
    path = tmp_path / "marks.csv"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("content.xml", "<office:document-content/>")

    assert complaint(path) == FAULTS["en"]["not_a_workbook"]


@pytest.mark.parametrize(
    "part", ["xl/workbook.xml", "xl/worksheets/sheet1.xml", "xl/_rels/workbook.xml.rels"]
)
@pytest.mark.parametrize("content", [b"", b"<a><b></a>", b"\xff\xfe\0\0"])
def test_a_workbook_with_a_broken_part_is_refused_without_a_traceback(
    tmp_path: Path, part: str, content: bytes
) -> None:
    result = score(patch_xlsx(workbook(tmp_path), lambda _xml: content, part), "--lang", "en")

    assert (result.exit_code, result.stdout) == (2, "")
    assert isinstance(result.exception, SystemExit)


def test_an_archive_whose_directory_points_before_its_start_is_refused(tmp_path: Path) -> None:
    path = workbook(tmp_path)
    path.write_bytes(b"PK\x03\x04" + path.read_bytes()[46:])

    assert complaint(path) == FAULTS["en"]["not_a_workbook"]


def test_a_truncated_workbook_is_refused(tmp_path: Path) -> None:
    path = workbook(tmp_path)
    path.write_bytes(path.read_bytes()[:-100])

    assert complaint(path) == FAULTS["en"]["not_a_workbook"]


def test_numbers_as_codes_are_the_codes_that_excel_shows(tmp_path: Path) -> None:
    rows = [(101, 1.5, criterion, 7) for criterion in CRITERIA]

    assert entries_of(scored(write_xlsx(tmp_path / "marks.xlsx", rows)), "entry") == [("101",)]


def test_the_examples_in_the_documentation_run() -> None:
    found = doctest.testmod(workbooks)

    assert (found.failed, found.attempted > 0) == (0, True)
