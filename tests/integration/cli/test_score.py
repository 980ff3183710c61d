"""`binhchon score`: results and options."""

from pathlib import Path

import pytest

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
        ' "notes": [{"kind": "blank_sheets", "count": 1, "rows": [6]}],\n'
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


def test_a_quota_for_a_group_without_entries_is_pointed_out(tmp_path: Path) -> None:
    rows = [(*cells, "A") for cells in sheet("A-01", "GK1", 30, 30, 8, 7)]
    file = write_csv(tmp_path / "marks.csv", rows, header=(*HEADER, "group"))

    result = score(file, "--lang", "en", "--group-quota", "A=1", "--group-quota", "a=1")

    assert (result.exit_code, result.stderr) == (
        0,
        "Note: no entry is in group a; its quota has no effect.\n",
    )
