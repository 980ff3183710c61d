"""`binhchon score`: what it says beside the figures, and how it says what cannot be."""

from pathlib import Path

import pytest

from tests.integration.cli.scoring_files import score, scored, sheet, write_csv, write_rubric

SAMPLE = Path(__file__).parents[3] / "docs" / "samples" / "marks.csv"
ALMOST = [*sheet("A", "J1", 30, 30, 5, 5), *sheet("A", "J2", 30, 30, 5, "4.99")]
BLANK = [("B", "J2", criterion, "") for criterion in ("L1", "L2", "L3", "L4")]


@pytest.mark.parametrize(
    ("rows", "options", "note"),
    [
        (
            ALMOST,
            (),
            "Lưu ý: A in là 70,00 nhưng giá trị chính xác là 13999/200 = 69,995 (mức: ≥ 70): chưa đạt.",
        ),
        (
            [*sheet("A", "J1", 30, 30, 5, 5), *ALMOST[4:], *sheet("A", "J3", 30, 30, 5, 5)],
            (),
            "Lưu ý: A in là 70,00 nhưng giá trị chính xác là 20999/300 = 69,996666… (mức: ≥ 70): chưa đạt.",
        ),
        (
            [row for judge in range(3) for row in sheet("A", f"J{judge}", 30, 30, 5, 5 if judge else "5.01")],
            ("--threshold-op", "gt"),
            "Lưu ý: A in là 70,00 nhưng giá trị chính xác là 21001/300 = 70,003333… (mức: > 70): được chọn.",
        ),
    ],
)
def test_the_table_explains_an_average_that_prints_on_the_other_side(
    tmp_path: Path, rows: list[tuple[object, ...]], options: tuple[str, ...], note: str
) -> None:
    result = score(write_csv(tmp_path / "marks.csv", rows), *options)

    lines = result.stdout.splitlines()
    assert "  70,00  " in lines[2]
    assert lines[-1] == note


@pytest.mark.parametrize("mark", [5, "4.98"])
def test_an_average_that_prints_on_its_own_side_needs_no_note(tmp_path: Path, mark: object) -> None:
    rows = [*sheet("A", "J1", 30, 30, 5, 5), *sheet("A", "J2", 30, 30, 5, mark)]

    result = score(write_csv(tmp_path / "marks.csv", rows))

    assert result.stdout.splitlines()[-1] == "Cách tính: bình quân các phiếu; Điểm tối thiểu: ≥ 70"


def test_blank_sheets_are_told_with_their_rows(tmp_path: Path) -> None:
    file = write_csv(tmp_path / "marks.csv", [*sheet("B", "J1", 30, 30, 8, 7), *BLANK, ("A", "J2", "L1", "")])
    note = "Lưu ý: 2 phiếu để trống hoàn toàn nên không được tính (bắt đầu ở hàng 6, 10)."

    table, csv = score(file), score(file, "--format", "csv")

    assert table.stdout.splitlines()[-1] == note
    assert scored(file)["notes"] == [{"kind": "blank_sheets", "count": 2, "rows": [6, 10]}]
    assert (csv.stderr, csv.exit_code) == (f"{note}\n", 0)


def test_without_blank_sheets_the_document_has_no_notes(tmp_path: Path) -> None:
    document = scored(write_csv(tmp_path / "marks.csv", ALMOST))

    assert list(document) == ["format", "rules", "counts", "entries"]


@pytest.mark.parametrize(
    "options",
    [("--threshold", "100.01"), ("--threshold", "101"), ("--threshold", "100", "--threshold-op", "gt")],
)
def test_a_threshold_that_nobody_can_reach_is_refused(tmp_path: Path, options: tuple[str, ...]) -> None:
    result = score(write_csv(tmp_path / "marks.csv", ALMOST), *options)

    points = options[1].replace(".", ",")
    assert (result.exit_code, result.stdout, result.stderr) == (
        2,
        "",
        f"--threshold: không sản phẩm nào đạt được {points} điểm: tổng điểm tối đa là 100.\n",
    )


def test_the_highest_threshold_is_the_sum_of_the_rubric(tmp_path: Path) -> None:
    rubric = write_rubric(tmp_path / "rubric.json", {"id": "L1", "max": 10})
    file = write_csv(tmp_path / "marks.csv", [("A", "J1", "L1", "10")])

    reached = score(file, "--rubric", rubric, "--threshold", "10")
    refused = score(file, "--rubric", rubric, "--threshold", "10,01")
    usual = score(file, "--rubric", rubric)

    assert (reached.exit_code, refused.exit_code, usual.exit_code) == (0, 2, 0)
    assert refused.stderr == "--threshold: không sản phẩm nào đạt được 10,01 điểm: tổng điểm tối đa là 10.\n"
    assert "chưa đạt: 1" in usual.stdout


@pytest.mark.parametrize(
    ("where", "reason"),
    [
        ("none/results.json", "không có tệp hoặc thư mục này"),
        (".", "đây là một thư mục"),
        ("marks.csv/results.json", "một phần của đường dẫn không phải là thư mục"),
        (f"{'x' * 300}.json", "tên quá dài"),
    ],
)
def test_why_the_output_cannot_be_written_is_one_line_in_vietnamese(
    tmp_path: Path, where: str, reason: str
) -> None:
    file = write_csv(tmp_path / "marks.csv", ALMOST)

    result = score(file, "--output", tmp_path / where)

    assert (result.exit_code, result.stderr) == (2, f"--output: không ghi được tệp: {reason}\n")


def test_an_option_that_makes_no_sense_is_one_line_in_vietnamese(tmp_path: Path) -> None:
    result = score(write_csv(tmp_path / "marks.csv", ALMOST), "--outlier", "bảy")

    assert (result.exit_code, result.stderr) == (
        2,
        "--outlier: “bảy” không phải là số điểm từ 0, nhiều nhất hai chữ số thập phân.\n",
    )


def test_the_sample_of_the_manual_can_be_scored() -> None:
    document = scored(SAMPLE, "--quota", "2")

    assert [(entry["entry"], entry["average"], entry["outcome"]) for entry in document["entries"]] == [
        ("B-01", "89.67", "selected"),
        ("A-01", "83.17", "selected"),
        ("B-02", "77.17", "reached"),
        ("A-02", "70.00", "reached"),
    ]
