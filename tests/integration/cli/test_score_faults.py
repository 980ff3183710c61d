"""`binhchon score` refuses: exit code 2, every fault with its row, and nothing written."""

import json
import re
import string
from collections.abc import Sequence
from pathlib import Path

import pytest

from app.cli.score_messages import FAULTS, LABELS, TEXTS
from app.domain.marks import MarkFault
from app.domain.results import Outcome
from app.domain.rules import ContestRules
from app.services.faults import Fault, FileFault, RefusedFile
from app.services.rubric_files import LEGAL_SHEET
from app.services.score_file import EntryResult, FileResult
from app.services.score_output import Labels, as_xlsx
from tests.integration.cli.scoring_files import HEADER, Row, score, sheet, write_csv, write_rubric

GOOD = sheet("A", "GK1", 30, 30, 8, 7)


def faults(tmp_path: Path, rows: Sequence[Row], *options: str, header: Row = HEADER) -> list[str]:
    """Give the lines on standard error, without the first, of a file that must be refused."""
    output = tmp_path / "results.json"

    result = score(
        write_csv(tmp_path / "marks.csv", rows, header=header), "--lang", "en", "--output", output, *options
    )

    assert (result.exit_code, result.stdout, output.exists()) == (2, "", False)
    first, *lines = result.stderr.splitlines()
    assert re.fullmatch(r".*marks\.csv: faults: \d+; no result was written\.", first)
    return lines


@pytest.mark.parametrize(
    ("mark", "fault"),
    [
        ("abc", "the mark “abc” is not a number."),
        ("NaN", "the mark “NaN” is not a number."),
        ("1e1", "the mark “1e1” is not a number."),
        ("8.5.5", "the mark “8.5.5” is not a number."),
        ("-1", "the mark “-1” is below 0."),
        ("8.505", "the mark “8.505” has more than two decimals."),
        ("0000000008", "the mark “0000000008” is too long."),
        ("40.01", "the mark 40.01 is above the maximum 40 of criterion L1."),
        ("8.25", "the mark 8.25 of criterion L1 is off the step 0.5."),
    ],
)
def test_a_mark_that_breaks_a_rule_is_named_with_its_row(tmp_path: Path, mark: str, fault: str) -> None:
    rows = [*GOOD, *sheet("B", "GK1", mark, 30, 8, 7)]

    assert faults(tmp_path, rows, "--step", "0,5") == [f"Row 6: {fault}"]


@pytest.mark.parametrize(
    ("row", "fault"),
    [
        (("", "GK1", "L1", 8), "the column “entry” is empty."),
        (("B", " ", "L1", 8), "the column “judge” is empty."),
        (("B\u200b", "GK1", "L1", 8), "the code “B\\u200b” in the column “entry” has characters that cannot be seen."),
        (("B" * 101, "GK1", "L1", 8), f"the code “{'B' * 60}…” in the column “entry” is too long."),
        (("A", "GK1", "L9", 8), "the rubric has no criterion “L9”."),
        (("A", "GK1", "", 8), "the rubric has no criterion “”."),
        (("A", "GK1", "L1", 8), "judge GK1 marks A twice for criterion L1; first in row 2."),
        (("A", "GK1", "L1", ""), "judge GK1 marks A twice for criterion L1; first in row 2."),
        (("B", "GK1", "L1", 8, 5), "has 5 cells, the header 4; a mark with a decimal comma must be quoted."),
        (("B", "GK1", "L1"), "has 3 cells, the header 4; a mark with a decimal comma must be quoted."),
    ],
)  # fmt: skip
def test_a_row_that_breaks_a_rule_is_named(tmp_path: Path, row: Row, fault: str) -> None:
    assert faults(tmp_path, [*GOOD, ("",) * 4, row]) == [f"Row 7: {fault}"]


def test_a_sheet_with_some_of_the_criteria_is_a_fault_at_its_empty_cell_or_first_row(tmp_path: Path) -> None:
    rows = [*GOOD, *sheet("B", "GK2", 30, "", 8, 7)[:3], *GOOD[:0], ("C", "GK1", "L4", 7)]

    assert faults(tmp_path, rows) == [
        "Row 6: the sheet of judge GK2 for B has no mark for criterion L4.",
        "Row 7: the sheet of judge GK2 for B has no mark for criterion L2.",
        "Row 9: the sheet of judge GK1 for C has no mark for criterion L1.",
        "Row 9: the sheet of judge GK1 for C has no mark for criterion L2.",
        "Row 9: the sheet of judge GK1 for C has no mark for criterion L3.",
    ]


def test_an_entry_in_two_groups_is_a_fault(tmp_path: Path) -> None:
    rows = [(*cells, group) for cells, group in zip(GOOD, ("A", "A", "B", ""), strict=True)]

    assert faults(tmp_path, rows, header=(*HEADER, "group")) == [
        "Row 4: A is in group “B”, but in row 2 in group “A”.",
        "Row 5: A is in group “”, but in row 2 in group “A”.",
    ]


def test_faults_of_every_kind_are_listed_by_row(tmp_path: Path) -> None:
    rows = [*sheet("A", "GK1", 41, 30, "x", 7), ("A", "GK1", "L2", 30), ("B", "GK2", "LX", "y")]

    assert faults(tmp_path, rows) == [
        "Row 2: the mark 41 is above the maximum 40 of criterion L1.",
        "Row 4: the mark “x” is not a number.",
        "Row 6: judge GK1 marks A twice for criterion L2; first in row 3.",
        "Row 7: the rubric has no criterion “LX”.",
        "Row 7: the mark “y” is not a number.",
    ]


def test_the_first_fifty_faults_are_shown_and_the_rest_counted(tmp_path: Path) -> None:
    rows = [cells for number in range(700) for cells in sheet(f"A{number}", "GK1", 30, "x", 41, 7)]

    lines = faults(tmp_path, rows)

    assert len(lines) == 51
    assert lines[:2] == [
        "Row 3: the mark “x” is not a number.",
        "Row 4: the mark 41 is above the maximum 10 of criterion L3.",
    ]
    assert lines[-1] == "… and 1350 more."


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        (("entry", "judge", "criterion", "mark", "note"), ["unknown_column note"]),
        (("entry", "judge", "criterion"), ["missing_column mark"]),
        (("entry", "judge", "judge", "criterion", "mark"), ["repeated_column judge"]),
        (
            ("Mã số", "judge", "criterion", "mark"),
            ["unknown_column Mã số", "missing_column entry"],
        ),
        (("entry", "", "judge", "criterion", "mark"), ["unknown_column "]),
        (("entry|judge|criterion|mark",), [
            "unknown_column entry|judge|criterion|mark",
            *(f"missing_column {name}" for name in HEADER),
        ]),
    ],
)  # fmt: skip
def test_a_header_that_breaks_a_rule_is_refused(tmp_path: Path, header: Row, expected: list[str]) -> None:
    named = [fault.partition(" ")[::2] for fault in expected]

    assert faults(tmp_path, GOOD, header=header) == [
        f"Row 1: {FAULTS['en'][kind].format(column=column)}" for kind, column in named
    ]


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (b"", FileFault.EMPTY),
        (b" \n\r\n", FileFault.EMPTY),
        (b"\xef\xbb\xbfentry,judge,criterion,mark\n", FileFault.NO_ROWS),
        (b"entry,judge,criterion,mark\n,,,\n\n", FileFault.NO_ROWS),
        ("entry,judge,criterion,mark\nĐồ gốm,GK1,L1,8\n".encode("cp1258", "replace"), FileFault.NOT_UTF8),
        ("entry,judge,criterion,mark\nA,GK1,L1,8\n".encode("utf-16"), FileFault.BINARY),
        (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", FileFault.BINARY),
        (b"entry,judge,criterion,mark\nA,GK1,L1,\xff8\n", FileFault.NOT_UTF8),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1\0\0", FileFault.BINARY),
    ],
)
def test_a_file_that_is_no_table_is_refused_with_one_message(
    tmp_path: Path, content: bytes, kind: FileFault
) -> None:
    file = tmp_path / "marks.csv"
    file.write_bytes(content)

    result = score(file, "--lang", "en")

    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr == f"{file}: faults: 1; no result was written.\n{FAULTS['en'][kind]}\n"


def test_a_cell_that_is_too_long_is_refused_with_its_line(tmp_path: Path) -> None:
    file = tmp_path / "marks.csv"
    file.write_text(f"entry,judge,criterion,mark\nA,GK1,L1,{'8' * 200_000}\n", encoding="utf-8")

    result = score(file, "--lang", "en")

    said = "a cell in line 2 is too long, or a quotation mark is not closed."
    assert (result.exit_code, result.stderr.splitlines()[1]) == (2, said)


@pytest.mark.parametrize("text", ['A,"GK1,L1,8\nA,GK1,L2,8', 'A,"GK1"x,L1,8'])
def test_a_broken_cell_is_refused_with_its_line(tmp_path: Path, text: str) -> None:
    file = tmp_path / "marks.csv"
    file.write_text(f"entry,judge,criterion,mark\n{text}\n", encoding="utf-8")

    result = score(file, "--lang", "en")

    assert result.exit_code == 2
    assert re.fullmatch(
        r"a quotation mark or a cell near line [23] is broken\.", result.stderr.splitlines()[1]
    )


def test_a_file_too_large_to_be_a_rubric_is_refused(tmp_path: Path) -> None:
    rubric = tmp_path / "rubric.json"
    rubric.write_text(" " * (2**20 + 1), encoding="utf-8")

    result = score(write_csv(tmp_path / "marks.csv", GOOD), "--rubric", rubric, "--lang", "en")

    assert (result.exit_code, result.stderr.splitlines()[1]) == (
        2,
        FAULTS["en"]["too_large"].format(megabytes=1),
    )


@pytest.mark.parametrize(
    ("entries", "judges", "max_mark"),
    [(20_000, 5_001, 10), (1, 9_001, 100_000)],  # too many places for sheets; too fine to compare in 64 bits
)
def test_more_sheets_than_can_be_compared_are_refused(
    tmp_path: Path, entries: int, judges: int, max_mark: int
) -> None:
    rows = [("A0", f"GK{judge}", "M", 5) for judge in range(judges)]
    rows += [(f"A{entry}", "GK0", "M", 5) for entry in range(1, entries)]
    rubric = write_rubric(tmp_path / "rubric.json", {"id": "M", "max": max_mark})

    assert faults(tmp_path, rows, "--rubric", str(rubric)) == [FAULTS["en"]["too_many_sheets"]]


def test_more_entries_than_rows_of_a_workbook_are_refused() -> None:
    entry = EntryResult("A", None, 0, None, None, None, Outcome.NOT_SCORED, None)
    rules = ContestRules("", LEGAL_SHEET, ())

    with pytest.raises(RefusedFile) as refused:
        as_xlsx(FileResult(rules, (entry,) * 2**20), Labels(decimal=",", **LABELS["vi"]))

    assert refused.value.faults == (Fault(FileFault.TOO_MANY_ROWS, values={"rows": 2**20}),)


def test_a_missing_file_and_a_folder_are_refused(tmp_path: Path) -> None:
    missing, folder = score(tmp_path / "none.csv", "--lang", "en"), score(tmp_path, "--lang", "en")

    assert (missing.exit_code, missing.stderr.splitlines()[1]) == (2, FAULTS["en"]["not_found"])
    assert (folder.exit_code, folder.stderr.splitlines()[1]) == (2, FAULTS["en"]["is_a_folder"])


def test_control_characters_of_a_stranger_never_reach_the_terminal(tmp_path: Path) -> None:
    result = score(write_csv(tmp_path / "marks.csv", [("A", "GK1", "L1", "\x1b[2J8")]))

    assert "\x1b" not in result.stderr
    assert "“\\u001b[2J8” không phải là số." in result.stderr


def test_every_fault_has_its_words_in_both_languages_with_the_same_blanks() -> None:
    kinds = {*FileFault, *MarkFault}

    assert set(FAULTS["vi"]) == set(FAULTS["en"]) == kinds
    for words in (FAULTS, TEXTS):
        assert words["vi"].keys() == words["en"].keys()
        for key in words["vi"]:
            assert blanks(words["vi"][key]) == blanks(words["en"][key])
    assert json.dumps(shape(LABELS["vi"])) == json.dumps(shape(LABELS["en"]))


def blanks(sentence: str) -> set[str | None]:
    """Give the names of the values that a sentence asks for."""
    return {name for _text, name, _format, _conversion in string.Formatter().parse(sentence) if name}


def shape(labels: object) -> object:
    """Give the keys without the words."""
    return {key: shape(value) for key, value in labels.items()} if isinstance(labels, dict) else None
