"""Spreadsheets that are broken, hostile or not what they seem: refused in words, never with a traceback."""

import datetime as dt
import io
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile

import pytest
from sqlalchemy import func, select

from app.domain.errors import InvalidInput
from app.models import SheetImport, StoredFile
from app.services.grids import LARGEST
from tests.builders import World
from tests.outside_sheets import CODES, GOOD, MARKS, Office, csv_table, office, with_part, workbook

HEAD = ["Mã số", *(f"GK1 {code}" for code in CODES)]
ROW = ["B-001", *GOOD]
GRID = [HEAD, ROW]
NO_HEADING = (
    "Cell %s is filled in, but its column has no heading. "
    "In a CSV file, a mark with a decimal comma has to stand in quotation marks."
)


@pytest.fixture
def desk(world: World) -> Office:
    return office(world)


def refusal(desk: Office, content: bytes, name: str = "điểm.xlsx") -> str:
    """What is said of a file that is refused as a whole; nothing of it is kept."""
    with pytest.raises(InvalidInput) as error:
        desk.upload(content, name)
    kept = [desk.world.all(select(func.count()).select_from(model)) for model in (SheetImport, StoredFile)]
    assert kept == [[0], [0]]
    return str(error.value.fields["file"])


def book_of_parts(**parts: bytes) -> bytes:
    data = io.BytesIO()
    with ZipFile(data, "w", ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name.replace("__", "/") + ".xml", content)
    return data.getvalue()


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "The file is empty."),
        (b" \r\n\t", "The file is empty."),
        (b"\x00\x01\x02", "This is neither an XLSX workbook nor a CSV file"),
        (csv_table(GRID, "\t", "utf-16"), "This is neither an XLSX workbook nor a CSV file"),
        (csv_table([["M· sè", "Gi¸m kh¶o"]], ",", "latin-1"), "This CSV file is not in UTF-8."),
        (b'M\xc3\xa3 s\xe1\xbb\x91,GK1 L1\nB-001,"8', "Line 2 has a quotation mark that is not closed."),
        (b'M\xc3\xa3 s\xe1\xbb\x91,GK1 L1\nB-001,"' + b"8" * 5_000_000, "Line 2 has a cell that is too long"),
        (b"M\xc3\xa3 s\xe1\xbb\x91,GK1 L1\nB-001," + b"8" * 5_000_000, "Line 2 has a cell that is too long"),
        (
            b"%PDF-1.7\n1 0 obj\n<< /Type /Catalog >>\nendobj\n",
            "This is neither an XLSX workbook nor a CSV file",
        ),
        (b"\xef\xbb\xbf\n <html><table></table></html>", "This is neither an XLSX workbook nor a CSV file"),
        (b"{\\rtf1\\ansi GK1}", "This is neither an XLSX workbook nor a CSV file"),
        (b"PK\x03\x04 not an archive", "This is no XLSX workbook, or it is damaged"),
        (workbook(GRID)[:-200], "This is no XLSX workbook, or it is damaged"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "This is no XLSX workbook, or it is damaged"),
        (with_part(workbook(GRID), "xl/vbaProject.bin"), "This workbook holds macros."),
        (with_part(workbook(GRID), "xl/macrosheets/sheet1.xml"), "This workbook holds macros."),
        (
            with_part(workbook(GRID), "xl/externalLinks/externalLink1.xml"),
            "This workbook takes values from other files.",
        ),
        (
            with_part(workbook(GRID), "xl/media/bomb.xml", b"0" * 150_000_000),
            "The file is too large, at most 100 MB.",
        ),
        (b"entry,judge\n" + b"x" * LARGEST, "The file is too large, at most 10 MB."),
        (b"x" * 50_000_000, "The file is too large, at most 10 MB."),
        (book_of_parts(word__document=b"<w/>"), "This is no XLSX workbook, or it is damaged"),
    ],
    ids=[
        "nothing",
        "blanks",
        "binary",
        "utf-16",
        "tcvn",
        "open quote",
        "endless quote",
        "endless cell",
        "PDF",
        "web page",
        "rich text",
        "no archive",
        "cut off",
        "old or password",
        "macros",
        "macro sheet",
        "links to other files",
        "zip bomb",
        "too long",
        "50 MB",
        "another office file",
    ],
)
def test_a_file_that_is_no_table_is_refused_in_words(desk: Office, content: bytes, said: str) -> None:
    assert refusal(desk, content).startswith(said)


def test_a_table_of_something_else_is_refused(desk: Office) -> None:
    assert refusal(desk, workbook([["Họ tên", "Lương"], ["An", 5]])).startswith("No headings were found.")


def test_headings_without_columns_of_marks_are_refused(desk: Office) -> None:
    assert refusal(desk, csv_table([["Mã số", "Sản phẩm"], ["B-001", "Trà"]])).startswith(
        "No column for marks"
    )


def test_a_long_table_without_criteria_is_refused(desk: Office) -> None:
    said = refusal(desk, csv_table([["Mã số", "Giám khảo", "Điểm"], ["B-001", "GK1", 8]]))

    assert said == "With a column “Giám khảo” the table also needs columns “Tiêu chí” and “Điểm”."


def test_a_column_of_marks_without_a_heading_is_refused(desk: Office) -> None:
    rows = [["Mã số", "GK1 L1", "", "GK1 L3"], ["B-001", 8, 9, 7]]

    assert refusal(desk, csv_table(rows)) == NO_HEADING % "C2"


def test_a_decimal_comma_that_parts_the_cells_of_a_csv_file_is_refused(desk: Office) -> None:
    text = "Mã số,Giám khảo,Tiêu chí,Điểm\nB-001,GK1,L1,30,5\n"

    assert refusal(desk, text.encode()) == NO_HEADING % "E2"


def test_two_sheets_of_marks_are_refused_and_hidden_ones_are_not_read(desk: Office) -> None:
    def hide(_book: Any, pages: list[Any]) -> None:
        pages[1].activate()
        pages[0].hide()

    other = [HEAD, ["B-001", 1, 1, 1, 1]]

    assert refusal(desk, workbook(GRID, other)).startswith("More than one sheet")
    assert desk.planned(workbook(other, GRID, prepare=hide)) == [("GK1", "B-001", MARKS, "new")]


def test_a_million_rows_are_refused(desk: Office) -> None:
    def far_away(_book: Any, pages: list[Any]) -> None:
        pages[0].write(1_048_575, 4, "x")

    assert refusal(desk, workbook(GRID, prepare=far_away)).startswith("The file is too large")
    assert refusal(desk, b"entry,judge,criterion,mark\n" + b"a,b,c,1\n" * 30_000).startswith(
        "The table is too large: at most 20000 rows"
    )


def test_a_table_that_is_far_too_wide_is_refused(desk: Office) -> None:
    assert refusal(desk, b"entry" + b"," * 5_000).startswith("The table is too large")


def test_merged_marks_are_named(desk: Office) -> None:
    def merge(_book: Any, pages: list[Any]) -> None:
        pages[0].merge_range(1, 1, 2, 1, 30.5)

    content = workbook([HEAD, ROW, ["B-002", "", 30, 8, 7]], prepare=merge)

    assert desk.faults(content)[0] == (
        "B2:B3",
        "Cells that hold marks are merged. Unmerge them and fill in each.",
    )


def test_a_signature_below_the_table_may_be_merged(desk: Office) -> None:
    def sign(_book: Any, pages: list[Any]) -> None:
        pages[0].merge_range(5, 0, 6, 0, "")
        pages[0].merge_range(4, 1, 4, 4, "")

    assert desk.planned(workbook(GRID, prepare=sign)) == [("GK1", "B-001", MARKS, "new")]


def test_every_row_with_marks_but_no_code_is_named(desk: Office) -> None:
    faults = desk.faults(csv_table([HEAD, ["", *GOOD], ["", *GOOD]]))

    assert [cell for cell, _said in faults] == ["A2", "A3"]


@pytest.mark.parametrize("value", [dt.date(2026, 5, 8), dt.datetime(2026, 5, 8, 10, 30), dt.time(8, 30)])  # noqa: DTZ001 -- a spreadsheet knows no zone
def test_a_mark_that_a_spreadsheet_took_for_a_date_is_named(desk: Office, value: object) -> None:
    [(cell, said)] = desk.faults(workbook([HEAD, ["B-001", 30.5, value, 8, 7]]))

    assert (cell, said.split("(")[0]) == ("C2", "This cell holds a date, a time or a truth value ")


def test_a_formula_is_read_by_its_value_and_refused_without_one(desk: Office) -> None:
    def calculate(_book: Any, pages: list[Any]) -> None:
        pages[0].write_formula(1, 1, "=30+0.5", None, 30.5)

    content = workbook(GRID, prepare=calculate)

    assert refusal(desk, without_value(content)).startswith("This workbook has formulas")
    assert desk.planned(content) == [("GK1", "B-001", MARKS, "new")]


def without_value(content: bytes) -> bytes:
    """The workbook as a program writes it that does not calculate."""
    data = io.BytesIO()
    with ZipFile(io.BytesIO(content)) as old, ZipFile(data, "w", ZIP_DEFLATED) as new:
        for name in old.namelist():
            part = old.read(name)
            if name == "xl/worksheets/sheet1.xml":
                part = part.replace(b"<f>30+0.5</f><v>30.5</v>", b"<f>30+0.5</f>")
            new.writestr(name, part)
    return data.getvalue()


def test_an_error_in_a_cell_is_refused(desk: Office) -> None:
    def divide(_book: Any, pages: list[Any]) -> None:
        pages[0].write_formula(1, 1, "=1/0", None, "#DIV/0!")

    assert refusal(desk, workbook(GRID, prepare=divide)).startswith("This workbook has cells with errors")


@pytest.mark.parametrize(
    "text",
    [
        '=HYPERLINK("http://x.example","A-001")',
        "<script>alert(1)</script>",
        "x" * 10_000,
        "🪷",
    ],
)
def test_a_hostile_code_is_quoted_short_and_clean(desk: Office, text: str) -> None:
    [(cell, said)] = desk.faults(csv_table([HEAD, [text, *GOOD]]))

    assert (cell, len(said) < 200, said.isprintable()) == ("A2", True, True)


def test_quoted_cells_with_line_breaks_are_read(desk: Office) -> None:
    rows = [["Mã số", "Sản phẩm", *HEAD[1:]], ["B-001", "Trà\nsen 1", *GOOD]]

    assert desk.planned(csv_table(rows, ";")) == [("GK1", "B-001", MARKS, "new")]


def test_hundreds_of_faults_are_counted_and_the_first_fifty_described(desk: Office) -> None:
    rows = [HEAD, *([f"X-{number}", *GOOD] for number in range(300))]

    plan = desk.plan(desk.upload(csv_table(rows)))

    assert (plan.fault_count, len(plan.faults), plan.faults[0].cell) == (300, 50, "A2")
