"""`binhchon score`: the forms of its output."""

import csv
import io
import json
import subprocess
import sys
from pathlib import Path

import pytest
from python_calamine import CalamineWorkbook

from tests.integration.cli.scoring_files import HEADER, score, sheet, write_csv, write_rubric

ONE = ({"id": "M", "max": 100},)


def totals(tmp_path: Path, **entries: list[str]) -> tuple[Path, str, Path]:
    """Write a file in which each entry has these totals, under a rubric of one criterion."""
    rows = [
        (entry, f"GK{judge}", "M", mark)
        for entry, marks in entries.items()
        for judge, mark in enumerate(marks, start=1)
    ]
    return (
        write_csv(tmp_path / "marks.csv", rows, delimiter=";"),
        "--rubric",
        write_rubric(tmp_path / "rubric.json", *ONE),
    )


def test_csv_output_has_a_line_per_entry_and_disarms_formulas(tmp_path: Path) -> None:
    file = write_csv(
        tmp_path / "marks.csv",
        [("=1+1", "GK1", "M", 80, "@A"), ("B", "GK1", "M", 70, "A")],
        header=(*HEADER, "group"),
    )

    result = score(file, "--rubric", write_rubric(tmp_path / "rubric.json", *ONE), "--format", "csv")

    assert result.stdout == (
        "entry,group,sheets,value,average,rank,outcome,decided_by\n"
        "'=1+1,'@A,1,80/1,80.00,1,selected,value\n"
        "B,A,1,70/1,70.00,2,selected,value\n"
    )


def test_the_table_speaks_vietnamese_by_default(tmp_path: Path) -> None:
    result = score(*totals(tmp_path, **{"A-1": ["90,5"], "B-10": ["60"]}))

    assert result.stdout.splitlines() == [
        "Hạng  Mã số  Nhóm  Số phiếu  Điểm bình quân  Kết quả    Phân định bởi",
        "----  -----  ----  --------  --------------  ---------  -------------",
        "   1  A-1                 1           90,50  được chọn  điểm",
        "   2  B-10                1           60,00  chưa đạt   điểm",
        "",
        "Sản phẩm tham gia: 2; chưa đạt: 1; được chọn: 1",
        "Cách tính: bình quân các phiếu; Điểm tối thiểu: ≥ 70",
    ]


def test_the_table_speaks_english_when_asked(tmp_path: Path) -> None:
    result = score(*totals(tmp_path, A=["70"], B=["70"]), "--lang", "en", "--threshold-op", "gt")

    assert result.stdout.splitlines() == [
        "Rank  Entry  Group  Sheets  Average  Outcome  Decided by",
        "----  -----  -----  ------  -------  -------  ----------",
        "   1  A                  1    70.00  below    tie",
        "   1  B                  1    70.00  below    tie",
        "",
        "Entries: 2; below: 2",
        "Method: mean of the sheets; Threshold: > 70",
    ]


def test_the_workbook_holds_numbers_as_numbers_and_codes_as_text(tmp_path: Path) -> None:
    arguments = totals(tmp_path, **{"=A1": ["70", "70,01"], "B": ["", ""]})
    output = tmp_path / "results.xlsx"

    result = score(*arguments, "--format", "xlsx", "--output", output, "--tie-break", "M")

    assert (result.exit_code, result.stderr) == (
        0,
        (
            "Lưu ý: 2 phiếu để trống hoàn toàn nên không được tính (bắt đầu ở hàng 4, 5).\n"
            f"Đã ghi kết quả vào {output}.\n"
        ),
    )
    book = CalamineWorkbook.from_path(str(output))
    assert book.get_sheet_by_name("Kết quả").to_python() == [
        [
            "Mã số",
            "Nhóm",
            "Số phiếu",
            "Giá trị chính xác",
            "Điểm bình quân",
            "Hạng",
            "Kết quả",
            "Phân định bởi",
        ],
        ["=A1", "", 2.0, "14001/200", 70.01, 1.0, "được chọn", "điểm"],
        ["B", "", 0.0, "", "", "", "không có điểm", ""],
    ]
    assert book.get_sheet_by_name("Quy tắc").to_python()[-1] == [
        "Điểm tối thiểu–tối đa của tiêu chí M",
        "0–100",
    ]


@pytest.mark.parametrize("output_format", ["table", "json", "csv"])
def test_an_output_file_holds_what_standard_output_would(tmp_path: Path, output_format: str) -> None:
    arguments = (*totals(tmp_path, A=["80"]), "--format", output_format)
    output = tmp_path / "kết quả.txt"
    output.write_text("an older result", encoding="utf-8")

    result = score(*arguments, "--output", output)

    assert result.stdout == ""
    assert output.read_text(encoding="utf-8") == score(*arguments).stdout
    assert sorted(path.name for path in tmp_path.iterdir()) == ["kết quả.txt", "marks.csv", "rubric.json"]


def test_the_installed_command_writes_utf8_whatever_the_terminal(tmp_path: Path) -> None:
    rows = sheet("Ấm-01", "GK1", 30, 30, 8, 7)
    command = [sys.executable, "-c", "from app.cli import main; main()", "score"]
    command.append(str(write_csv(tmp_path / "marks.csv", rows)))

    json_run = subprocess.run(
        [*command, "--format", "json"], capture_output=True, env={"PYTHONIOENCODING": "ascii"}, check=True
    )
    table_run = subprocess.run(command, capture_output=True, env={"PYTHONIOENCODING": "ascii"}, check=True)

    assert json.loads(json_run.stdout.decode())["entries"][0]["entry"] == "Ấm-01"
    assert b"?m-01" in table_run.stdout


def test_csv_output_reads_back_with_the_standard_reader(tmp_path: Path) -> None:
    result = score(*totals(tmp_path, **{"A, B": ["80"]}), "--format", "csv")

    assert [row["entry"] for row in csv.DictReader(io.StringIO(result.stdout))] == ["A, B"]
