"""`binhchon evidence`: the advisory numbers of a file of marks."""

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from app.cli import main
from app.cli.evidence_messages import EVIDENCE_LABELS
from tests.integration.cli.scoring_files import HEADER, Row, score, sheet, write_csv, write_rubric

ONE = ({"id": "M", "max": 100},)
SHROUT_FLEISS = ((9, 2, 5, 8), (6, 1, 3, 2), (8, 4, 6, 8), (7, 1, 2, 6), (10, 5, 6, 9), (6, 2, 4, 7))


def evidence(*arguments: str | Path) -> Result:
    """Run `binhchon evidence`."""
    return CliRunner().invoke(main, ["evidence", *map(str, arguments)])


def found(*arguments: str | Path) -> dict[str, Any]:
    """Run the command and give its JSON document."""
    result = evidence(*arguments, "--format", "json")
    assert (result.exit_code, result.stderr) == (0, "")
    document: dict[str, Any] = json.loads(result.stdout, parse_constant=pytest.fail)
    return document


def totals(
    tmp_path: Path, groups: dict[str, str] | None = None, /, **entries: tuple[object, ...]
) -> tuple[Path, str, Path]:
    """Write a file in which judges GK1, GK2, … gave each entry these totals; an empty one is no sheet."""
    rows: list[Row] = [
        (entry, f"GK{judge}", "M", mark, (groups or {}).get(entry, ""))
        for entry, marks in entries.items()
        for judge, mark in enumerate(marks, start=1)
    ]
    return (
        write_csv(tmp_path / "marks.csv", rows, header=(*HEADER, "group")),
        "--rubric",
        write_rubric(tmp_path / "rubric.json", *ONE),
    )


def test_a_published_table_gives_its_published_numbers(tmp_path: Path) -> None:
    entries = {f"SP{number}": marks for number, marks in enumerate(SHROUT_FLEISS, start=1)}

    document = found(*totals(tmp_path, None, **entries))

    assert document["panels"] == [
        {
            "group": None,
            "entries": 6,
            "judges": 4,
            "kendall_w": pytest.approx(0.887037037),
            "icc_2_1": pytest.approx(0.28976378),
            "icc_2_k": pytest.approx(0.62005055),
            "krippendorff_alpha": pytest.approx(0.14730785),
        }
    ]


def test_the_document_says_everything_in_the_agreed_form(tmp_path: Path) -> None:
    rows = [
        *sheet("A-01", "GK1", 30, 30, 5, 5.5),
        *sheet("A-01", "GK2", 30, 30, 5, 4.5),
        *sheet("A-02", "GK1", 30, 30, 5, 3),
        *sheet("A-02", "GK2", 30, 30, 5, 3),
    ]

    document = found(write_csv(tmp_path / "marks.csv", rows), "--step", "0.5", "--method", "median")

    assert json.dumps(document) == json.dumps(
        {
            "format": "binhchon.evidence/1",
            "panels": [
                {
                    "group": None,
                    "entries": 2,
                    "judges": 2,
                    "kendall_w": 1.0,
                    "icc_2_1": 15 / 17,
                    "icc_2_k": 15 / 16,
                    "krippendorff_alpha": 5 / 6,
                }
            ],
            "judges": document["judges"],
            "sensitivity": [
                {
                    "entry": "A-01",
                    "outcome": "selected",
                    "changes": ["without GK1", "threshold 70.5"],
                    "flip": "-0.25",
                },
                {"entry": "A-02", "outcome": "below", "changes": [], "flip": "2.00"},
            ],
            "notes": [],
        }
    )
    half = 12.706204736 / 2  # the 97.5 % point of t with one degree of freedom, times an error of a half
    assert document["judges"] == [
        {
            "judge": judge,
            "sheets": 2,
            "severity": severity,
            "severity_low": pytest.approx(severity - half),
            "severity_high": pytest.approx(severity + half),
        }
        for judge, severity in (("GK1", 0.5), ("GK2", -0.5))
    ]


def test_groups_are_panels_of_their_own_after_the_whole_file(tmp_path: Path) -> None:
    groups = {"X": "B", "Y": "B", "Z": "A"}

    document = found(*totals(tmp_path, groups, X=(70, 80), Y=(60, 65), Z=("", 90), U=(50, 50)))

    panels = [(panel["group"], panel["entries"], panel["judges"]) for panel in document["panels"]]
    assert panels == [(None, 4, 2), ("A", 1, 1), ("B", 2, 2)]


def test_changes_name_the_judge_the_method_and_the_threshold(tmp_path: Path) -> None:
    document = found(*totals(tmp_path, A=(70, 70, "62.5"), B=(90, 90, 90)))

    assert document["sensitivity"] == [
        {"entry": "B", "outcome": "selected", "changes": [], "flip": "-20.01"},
        {
            "entry": "A",
            "outcome": "below",
            "changes": ["without GK3", "trimmed", "median"],
            "flip": "2.50",
        },
    ]


def test_entries_stand_in_the_order_of_the_result_and_judges_in_that_of_their_codes(tmp_path: Path) -> None:
    file = write_csv(
        tmp_path / "marks.csv",
        [*sheet("B", "Z", 30, 30, 5, 5), *sheet("A", "Y", 30, 30, 5, 5), *sheet("C", "X", 40, 30, 5, 5)],
    )

    document = found(file)

    assert [row["entry"] for row in document["sensitivity"]] == ["C", "A", "B"]
    assert [row["judge"] for row in document["judges"]] == ["X", "Y", "Z"]


def test_a_number_that_is_undefined_is_null_with_its_reason(tmp_path: Path) -> None:
    document = found(*totals(tmp_path, {"A": "K"}, A=(80, 70), B=("", "")), "--threshold", "0")

    nothing = {"kendall_w": None, "icc_2_1": None, "icc_2_k": None, "krippendorff_alpha": None}
    assert document["panels"] == [
        {"group": None, "entries": 2, "judges": 2, **nothing},
        {"group": "K", "entries": 1, "judges": 2, **nothing},
    ]
    assert document["judges"][0] == {
        "judge": "GK1",
        "sheets": 1,
        "severity": 10.0,
        "severity_low": None,
        "severity_high": None,
    }
    undefined = [
        {"kind": "undefined", "panel": panel, "statistic": statistic, "reason": "too_few_entries"}
        for panel in (None, "K")
        for statistic in nothing
    ]
    undefined += [
        {"kind": "undefined", "judge": judge, "statistic": "severity_interval", "reason": "one_common_entry"}
        for judge in ("GK1", "GK2")
    ]
    undefined += [
        {"kind": "undefined", "entry": "A", "statistic": "flip", "reason": "no_move"},
        {"kind": "undefined", "entry": "B", "statistic": "flip", "reason": "not_scored"},
    ]
    assert document["notes"] == [{"kind": "blank_sheets", "count": 2, "rows": [4, 5]}, *undefined]


def test_one_judge_is_compared_with_nobody(tmp_path: Path) -> None:
    document = found(*totals(tmp_path, A=(80,), B=(60,)))

    reasons = {note["statistic"]: note["reason"] for note in document["notes"]}
    assert reasons == dict.fromkeys(
        ("kendall_w", "icc_2_1", "icc_2_k", "krippendorff_alpha"), "one_judge"
    ) | {"severity": "no_common_entry"}
    assert document["judges"][0]["severity"] is None


def test_the_tables_speak_vietnamese_by_default(tmp_path: Path) -> None:
    result = evidence(*totals(tmp_path, {"A": "N1", "B": "N1"}, A=(70, 71), B=(60, 60)), "--step", "0.5")

    assert result.stdout.splitlines() == [
        "Mức độ đồng thuận của ban giám khảo",
        "",
        "Nhóm       Sản phẩm  Đủ phiếu  Giám khảo  Kendall W  ICC(2,1)  ICC(2,k)  Krippendorff α",
        "---------  --------  --------  ---------  ---------  --------  --------  --------------",
        "(toàn bộ)         2         2          2      1,000     0,995     0,998           0,993",
        "N1                2         2          2      1,000     0,995     0,998           0,993",
        "",
        "",
        "Mức độ chặt/rộng tay của từng giám khảo, so với các giám khảo khác (điểm)",
        "",
        "Giám khảo  Số phiếu  Chênh lệch  Từ (95 %)  Đến (95 %)",
        "---------  --------  ----------  ---------  ----------",
        "GK1               2       -0,50      -6,85       +5,85",
        "GK2               2       +0,50      -5,85       +6,85",
        "",
        "",
        "Độ nhạy của kết quả",
        "",
        "Mã số  Kết quả    Đổi kết quả nếu điểm thay đổi  Kết quả khác đi nếu",
        "-----  ---------  -----------------------------  -------------------",
        "A      được chọn                          -0,75  –",
        "B      chưa đạt                          +10,00  –",
        "",
        "Các số trên chỉ để tham khảo, không quyết định kết quả.",
    ]


def test_the_tables_say_why_a_number_is_missing_and_what_would_change(tmp_path: Path) -> None:
    arguments = totals(tmp_path, A=(70, "70.2", ""), B=("", "", 60))

    vietnamese, english = (evidence(*arguments, "--lang", lang).stdout.splitlines() for lang in ("vi", "en"))

    assert "A      được chọn                          -0,11  điểm tối thiểu là 70,5" in vietnamese
    assert "B      chưa đạt                          +10,00  không có GK3" in vietnamese
    assert "Lưu ý: Kendall W của toàn bộ tệp không xác định: có ít hơn hai sản phẩm dùng được." in vietnamese
    assert "B      below                                    +10.00  without GK3" in english
    assert "Note: the severity of judge GK3 is undefined: no entry is shared with another judge." in english


@pytest.mark.parametrize(
    "options",
    [
        ("--tie-break", "X"),
        ("--group-quota", "A=1"),
        ("--threshold", "101"),
        ("--step", "0"),
        ("--step", "7"),
        ("--lang", "en", "--group-quota", "A"),
    ],
)
def test_what_score_refuses_is_refused_alike(tmp_path: Path, options: tuple[str, ...]) -> None:
    arguments = totals(tmp_path, A=(70, 71))

    ours, theirs = evidence(*arguments, *options), score(*arguments, *options)

    assert (ours.exit_code, ours.stdout, ours.stderr) == (2, "", theirs.stderr)


def test_a_file_with_faults_is_refused_with_their_rows_and_leaves_no_output(tmp_path: Path) -> None:
    arguments, output = totals(tmp_path, A=(70, -1), B=(101, "x")), tmp_path / "evidence.json"

    ours = evidence(*arguments, "--format", "json", "--output", str(output))

    assert (ours.exit_code, ours.stderr, output.exists()) == (2, score(*arguments).stderr, False)


def test_more_judges_and_entries_than_an_array_holds_are_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    arguments = totals(tmp_path, A=(70, 71), B=(70, 71))
    monkeypatch.setattr("app.services.evidence_file.MOST_CELLS", 3)

    result = evidence(*arguments, "--lang", "en")

    assert (result.exit_code, result.stderr.splitlines()[1]) == (2, "the file has too many score sheets.")


def test_judges_who_are_too_many_to_compare_exactly_are_refused(tmp_path: Path) -> None:
    rows = [(f"A{number}", f"GK{number}", "M", 70) for number in range(1500)]
    rubric = write_rubric(tmp_path / "rubric.json", {"id": "M", "max": 100_000})

    result = evidence(write_csv(tmp_path / "marks.csv", rows), "--rubric", rubric, "--lang", "en")

    assert (result.exit_code, result.stderr.splitlines()[1]) == (2, "the file has too many score sheets.")


def test_a_quota_of_a_group_without_entries_is_told(tmp_path: Path) -> None:
    result = evidence(*totals(tmp_path, {"A": "K"}, A=(70,)), "--group-quota", "Q=1", "--lang", "en")

    assert result.stderr == "Note: no entry is in group Q; its quota has no effect.\n"


def test_the_output_can_go_to_a_file_but_not_over_the_marks(tmp_path: Path) -> None:
    arguments, output = totals(tmp_path, A=(70, 71)), tmp_path / "evidence.json"

    written = evidence(*arguments, "--format", "json", "--output", str(output))
    refused = evidence(*arguments, "--output", arguments[0])

    assert (written.stdout, written.stderr) == ("", f"Đã ghi kết quả vào {output}.\n")
    assert json.loads(output.read_text(encoding="utf-8"))["format"] == "binhchon.evidence/1"
    assert (refused.exit_code, refused.stderr) == (2, "--output: tệp kết quả trùng với tệp đầu vào.\n")


def test_blank_sheets_are_told_below_the_tables(tmp_path: Path) -> None:
    result = evidence(*totals(tmp_path, A=(70, 71), B=("", 60)), "--threshold", "50")

    assert result.stdout.splitlines()[-8:-6] == [
        "Các số trên chỉ để tham khảo, không quyết định kết quả.",
        "Lưu ý: 1 phiếu để trống hoàn toàn nên không được tính (bắt đầu ở hàng 4).",
    ]


def test_both_languages_have_the_same_words() -> None:
    def shape(words: dict[str, Any]) -> dict[str, Any]:
        return {key: sorted(value) if isinstance(value, dict) else "" for key, value in words.items()}

    assert shape(EVIDENCE_LABELS["vi"]) == shape(EVIDENCE_LABELS["en"])
