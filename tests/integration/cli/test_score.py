"""`binhchon score`: results, options and forms of output."""

import csv
import io
import json
import subprocess
import sys
from pathlib import Path

import pytest
from python_calamine import CalamineWorkbook

from tests.integration.cli.scoring_files import (
    HEADER,
    entries_of,
    score,
    scored,
    sheet,
    write_csv,
    write_rubric,
    write_xlsx,
)

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


def test_the_document_says_everything_in_the_agreed_form(tmp_path: Path) -> None:
    rows = [
        ("A-01", "GK1", "L1", "30", "A"),
        ("A-01", "GK1", "L2", "28.5", "A"),
        ("A-01", "GK1", "L3", "7", "A"),
        ("A-01", "GK1", "L4", "5.22", "A"),
        ("B-01", "GK1", "L1", "", ""),
    ]
    file = write_csv(tmp_path / "marks.csv", rows, header=(*HEADER, "group"))

    result = score(file, "--format", "json", "--tie-break", "L1,spread", "--group-quota", "A=10")

    assert result.stdout == (
        '{"format": "binhchon.results/1",\n'
        ' "rules": {"method": "mean", "threshold": "70", "threshold_op": "ge", "trim": null, "outlier": null,'
        ' "min_sheets": 1, "tie_break": ["L1", "spread"], "quota": null, "group_quota": {"A": 10},'
        ' "step": "0.01", "criteria": [{"id": "L1", "max": "40", "floor": "0"},'
        ' {"id": "L2", "max": "40", "floor": "0"}, {"id": "L3", "max": "10", "floor": "0"},'
        ' {"id": "L4", "max": "10", "floor": "0"}]},\n'
        ' "counts": {"entries": 2, "not_scored": 1, "below": 0, "reached": 0, "tied": 0, "selected": 1},\n'
        ' "entries": [\n'
        '  {"entry": "A-01", "group": "A", "sheets": 1, "value": "1768/25", "average": "70.72", "rank": 1,'
        ' "outcome": "selected", "decided_by": "value"},\n'
        '  {"entry": "B-01", "group": null, "sheets": 0, "value": null, "average": null, "rank": null,'
        ' "outcome": "not_scored", "decided_by": null}]}\n'
    )


def test_a_mean_of_exactly_70_reaches_and_one_of_69_995_does_not(tmp_path: Path) -> None:
    document = scored(*totals(tmp_path, A=["69,91", "69,99", "70,1"], B=["69,99", "70"]))

    assert entries_of(document, "entry", "value", "average", "outcome") == [
        ("A", "70/1", "70.00", "selected"),
        ("B", "13999/200", "70.00", "below"),
    ]


@pytest.mark.parametrize(
    ("options", "value"),
    [
        (("--method", "mean"), "143/2"),
        (("--method", "trimmed"), "71/1"),
        (("--method", "trimmed", "--trim", "2"), None),
        (("--method", "median"), "71/1"),
        (("--method", "without-outliers"), "71/1"),
        (("--method", "without-outliers", "--outlier", "12,5"), "143/2"),
        (("--method", "without-outliers", "--outlier", "12,49"), "202/3"),
        (("--min-sheets", "5"), None),
    ],
)
def test_each_method_gives_its_value(tmp_path: Path, options: tuple[str, ...], value: str | None) -> None:
    document = scored(*totals(tmp_path, A=["60", "70", "72", "84"]), *options)

    assert entries_of(document, "value") == [(value,)]


def test_equals_share_a_rank_are_listed_by_code_and_are_left_to_the_council(tmp_path: Path) -> None:
    document = scored(*totals(tmp_path, D=["71"], C=["80"], B=["80"], A=["90"]), "--quota", "2")

    assert entries_of(document, "entry", "rank", "outcome", "decided_by") == [
        ("A", 1, "selected", "value"),
        ("B", 2, "tied", "tie"),
        ("C", 2, "tied", "tie"),
        ("D", 4, "reached", "value"),
    ]


def test_the_tie_break_chain_is_asked_in_its_order_and_named(tmp_path: Path) -> None:
    rows = [
        *sheet("A", "GK1", 30, 30, 10, 5),
        *sheet("A", "GK2", 30, 30, 10, 5),
        *sheet("B", "GK1", 31, 30, 10, 5),
        *sheet("B", "GK2", 29, 30, 10, 5),
        *sheet("C", "GK1", 35, 25, 10, 5),
        *sheet("C", "GK2", 35, 25, 10, 5),
    ]

    document = scored(write_csv(tmp_path / "marks.csv", rows), "--tie-break", "L1, spread")

    assert entries_of(document, "entry", "rank", "decided_by") == [
        ("C", 1, "L1"),
        ("A", 2, "spread"),
        ("B", 3, "spread"),
    ]


def test_quotas_per_group_come_before_the_total(tmp_path: Path) -> None:
    rows = [
        (entry, "GK1", "M", mark, group)
        for entry, mark, group in [
            ("A1", 95, "Nhóm A"),
            ("A2", 94, "Nhóm A"),
            ("A3", 93, "Nhóm A"),
            ("B1", 80, "B"),
            ("B2", 60, "B"),
        ]
    ]
    file = write_csv(tmp_path / "marks.csv", rows, header=(*HEADER, "group"))
    rubric = write_rubric(tmp_path / "rubric.json", *ONE)

    document = scored(file, "--rubric", rubric, "--group-quota", "Nhóm A=2", "--quota", "3")

    assert entries_of(document, "entry", "outcome") == [
        ("A1", "selected"),
        ("A2", "selected"),
        ("A3", "reached"),
        ("B1", "selected"),
        ("B2", "below"),
    ]


def test_a_floor_keeps_an_entry_below(tmp_path: Path) -> None:
    rubric = write_rubric(
        tmp_path / "rubric.json", {"id": "M", "max": 90}, {"id": "N", "max": "10,0", "floor": 5.5}
    )
    rows = [("A", "GK1", "M", 90), ("A", "GK1", "N", "5.49"), ("B", "GK1", "M", 70), ("B", "GK1", "N", "5.5")]

    document = scored(write_csv(tmp_path / "marks.csv", rows), "--rubric", rubric)

    assert entries_of(document, "entry", "rank", "outcome") == [("A", 1, "below"), ("B", 2, "selected")]


def test_a_threshold_that_must_be_exceeded(tmp_path: Path) -> None:
    document = scored(
        *totals(tmp_path, A=["75.5"], B=["75.51"]), "--threshold", "75,5", "--threshold-op", "gt"
    )

    assert entries_of(document, "entry", "outcome") == [("B", "selected"), ("A", "below")]
    assert (document["rules"]["threshold"], document["rules"]["threshold_op"]) == ("75.5", "gt")


def test_order_of_rows_and_columns_delimiter_and_byte_order_mark_change_nothing(tmp_path: Path) -> None:
    rows = [*sheet("Â-01", "GK1", "30,5", 30, 8, 7), *sheet("B-01", "GK2", 20, 20, 8, 7)]
    plain = scored(write_csv(tmp_path / "plain.csv", rows, delimiter=";"))
    turned = [(mark, judge, entry, criterion) for entry, judge, criterion, mark in reversed(rows)]
    file = write_csv(
        tmp_path / "turned.csv",
        turned,
        header=(" Mark", "JUDGE", "Entry ", "criterion"),
        delimiter="\t",
        newline="\r\n",
    )
    file.write_bytes(b"\xef\xbb\xbf" + file.read_bytes())

    assert scored(file) == plain


def test_two_ways_to_write_the_same_letters_are_one_code(tmp_path: Path) -> None:
    composed, decomposed = "Ấm chén", "A\u0302\u0301m che\u0301n "
    rows = [*sheet(composed, "GK1", 30, 30, 8, 7), *sheet(decomposed, "GK2", 30, 30, 8, 7)]

    document = scored(write_csv(tmp_path / "marks.csv", rows))

    assert entries_of(document, "entry", "sheets") == [(composed, 2)]


def test_blank_rows_and_trailing_delimiters_are_passed_over(tmp_path: Path) -> None:
    file = tmp_path / "marks.csv"
    file.write_text(
        'entry,judge,criterion,mark,,\nA,GK1,L1,"30,5",,\n\n,,,,,\nA,GK1,L2,30,,\nA,GK1,L3,8,,\nA,GK1,L4,7,,\n',
        encoding="utf-8",
    )

    assert entries_of(scored(file), "value") == [("151/2",)]


def test_a_judge_without_any_mark_gave_no_sheet(tmp_path: Path) -> None:
    rows = [*sheet("A", "GK1", 30, 30, 8, 7), *sheet("A", "GK2", "", " ", "", "")]

    assert entries_of(scored(write_csv(tmp_path / "marks.csv", rows)), "sheets", "average") == [(1, "75.00")]


def test_a_workbook_gives_the_same_as_its_csv(tmp_path: Path) -> None:
    rows = [*sheet("1", "GK1", 30.25, 30, 8.1, 7), *sheet("2", "GK1", "30,5", "20.75", 8, 7)]
    numbered = [(int(str(entry)), *rest) for entry, *rest in rows]

    document = scored(write_xlsx(tmp_path / "marks.xlsx", numbered))

    assert document == scored(write_csv(tmp_path / "marks.csv", rows, delimiter=";"))


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

    assert (result.exit_code, result.stderr) == (0, f"Đã ghi kết quả vào {output}.\n")
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


def test_a_quota_for_a_group_without_entries_is_pointed_out(tmp_path: Path) -> None:
    rows = [(*cells, "A") for cells in sheet("A-01", "GK1", 30, 30, 8, 7)]
    file = write_csv(tmp_path / "marks.csv", rows, header=(*HEADER, "group"))

    result = score(file, "--lang", "en", "--group-quota", "A=1", "--group-quota", "a=1")

    assert (result.exit_code, result.stderr) == (
        0,
        "Note: no entry is in group a; its quota has no effect.\n",
    )


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
