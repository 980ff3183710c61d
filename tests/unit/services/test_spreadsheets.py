import io

import pytest
import python_calamine

from app.services.spreadsheets import Column, Kind, Table, csv_file, harmless, xlsx_file

TABLE = Table(
    "Kết quả: [2026]",
    (Column("Mã"), Column("Số", Kind.NUMBER), Column("Điểm", Kind.POINTS)),
    [("=1+1", 3, 7005), ("Trà sen", None, None)],
    notes=("VÍ DỤ",),
)


def test_csv_is_utf_8_with_a_mark_and_runs_nothing() -> None:
    assert csv_file(TABLE, ".").decode() == "\ufeffMã,Số,Điểm\r\n'=1+1,3,70.05\r\nTrà sen,,\r\n"


@pytest.mark.parametrize("text", ["=1", "+1", "-1", "@A1", "\t=1", "\r=1"])
def test_every_beginning_of_a_formula_is_disarmed(text: str) -> None:
    assert harmless(text) == f"'{text}"


@pytest.mark.parametrize("text", ["-31/6", "-1801/200"])
def test_a_fraction_below_zero_is_a_number_and_stays_as_it_is(text: str) -> None:
    assert harmless(text) == text


@pytest.mark.parametrize("text", ["-31/6+A1", "-31/6\n=A1", "-1/", "-A1/6", "+31/6", "-١/٢"])
def test_what_only_begins_as_a_fraction_is_disarmed(text: str) -> None:
    assert harmless(text) == f"'{text}"


def test_a_workbook_holds_numbers_as_numbers_and_formulas_as_text() -> None:
    book = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(xlsx_file([TABLE])))

    assert book.sheet_names == ["Kết quả 2026"]
    assert book.get_sheet_by_index(0).to_python() == [
        ["VÍ DỤ", "", ""],
        ["", "", ""],
        ["Mã", "Số", "Điểm"],
        ["=1+1", 3.0, 70.05],
        ["Trà sen", "", ""],
    ]


def test_with_a_decimal_comma_semicolons_part_the_cells() -> None:
    assert csv_file(TABLE, ",").decode() == "\ufeffMã;Số;Điểm\r\n'=1+1;3;70,05\r\nTrà sen;;\r\n"
