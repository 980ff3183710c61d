"""`binhchon score`: options, rubrics and outputs that are refused."""

from pathlib import Path

import pytest

from app.cli.score_messages import FAULTS
from tests.integration.cli.scoring_files import score, sheet, write_csv, write_rubric

GOOD = sheet("A", "GK1", 30, 30, 8, 7)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (("--threshold", "abc"), "“abc” is no number of points from 0, with two decimals at most."),
        (("--threshold", "-1"), "“-1” is no number of points from 0, with two decimals at most."),
        (("--threshold", ""), "“” is no number of points from 0, with two decimals at most."),
        (("--outlier", "7.005"), "“7.005” is no number of points from 0, with two decimals at most."),
        (("--step", "0"), "the step must be above 0."),
        (("--quota", "-1"), "-1 is not in the range"),
        (("--quota", "1.5"), "'1.5' is not a valid integer"),
        (("--group-quota", "A"), "“A” is not GROUP=NUMBER with a number from 0."),
        (("--group-quota", "=3"), "“=3” is not GROUP=NUMBER with a number from 0."),
        (("--group-quota", "A=-3"), "“A=-3” is not GROUP=NUMBER with a number from 0."),
        (("--group-quota", "A=1", "--group-quota", "A=2"), "group A has two quotas."),
        (("--group-quota", "A=1"), FAULTS["en"]["no_groups"]),
        (("--min-sheets", "0"), "0 is not in the range"),
        (("--trim", "-1"), "-1 is not in the range"),
        (("--method", "mode"), "'mode' is not one of"),
        (("--threshold-op", "lt"), "'lt' is not one of"),
        (("--tie-break", "L1,L9"), "the rubric has no “L9”; use criterion ids or spread."),
        (("--tie-break", "L1,,L2"), "the rubric has no “”; use criterion ids or spread."),
        (("--tie-break", "L1,spread,L1"), "“L1” is there twice."),
        (("--format", "xlsx"), "the format xlsx needs --output FILE."),
    ],
)
def test_an_option_that_makes_no_sense_is_refused(
    tmp_path: Path, options: tuple[str, ...], message: str
) -> None:
    result = score(write_csv(tmp_path / "marks.csv", GOOD), *options, "--lang", "en")

    assert (result.exit_code, result.stdout) == (2, "")
    assert message in result.stderr


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("", "empty"),
        ("{", "rubric_not_json"),
        ("[" * 100_000, "rubric_not_json"),
        ('{"criteria": [{"id": "M", "max": NaN}]}', "rubric_not_json"),
        ('{"criteria": [{"id": "M", "max": 10, "max": 40}]}', "rubric_not_json"),
        ("[]", "rubric_shape"),
        ("{}", "rubric_shape"),
        ('{"criteria": []}', "rubric_shape"),
        ('{"criteria": {"M": 10}}', "rubric_shape"),
        ('{"criteria": [7]}', "rubric_shape"),
        ('{"criteria": [{"id": "M"}]}', "rubric_shape"),
        ('{"criteria": [{"id": "M", "max": 10, "floors": 5}]}', "rubric_shape"),
        ('{"criteria": [{"id": "", "max": 10}]}', "rubric_code"),
        ('{"criteria": [{"id": null, "max": 10}]}', "rubric_code"),
        ('{"criteria": [{"id": "a\\u0007", "max": 10}]}', "rubric_code"),
        ('{"criteria": [{"id": "spread", "max": 10}]}', "rubric_code"),
        ('{"criteria": [{"id": "M", "max": 10}, {"id": "M ", "max": 20}]}', "rubric_repeated"),
        ('{"criteria": [{"id": "M", "max": true}]}', "rubric_mark"),
        ('{"criteria": [{"id": "M", "max": "mười"}]}', "rubric_mark"),
        ('{"criteria": [{"id": "M", "max": ""}]}', "rubric_mark"),
        ('{"criteria": [{"id": "M", "max": 1e3}]}', "rubric_mark"),
        ('{"criteria": [{"id": "M", "max": -10}]}', "rubric_mark"),
        ('{"criteria": [{"id": "M", "max": 10.005}]}', "rubric_mark"),
        ('{"criteria": [{"id": "M", "max": 0}]}', "rubric_maximum"),
        ('{"criteria": [{"id": "M", "max": 10, "floor": 10.01}]}', "rubric_floor"),
        ('{"criteria": [{"id": "M", "max": 99999}, {"id": "N", "max": 99999}]}', "rubric_total"),
    ],
)
def test_a_rubric_that_makes_no_sense_is_refused(tmp_path: Path, text: str, kind: str) -> None:
    rubric = tmp_path / "rubric.json"
    rubric.write_text(text, encoding="utf-8")

    result = score(write_csv(tmp_path / "marks.csv", GOOD), "--rubric", rubric, "--lang", "en")

    start = (
        FAULTS["en"][kind].format_map(dict.fromkeys(["text", "criterion", "max"], "\n")).partition("\n")[0]
    )
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr.startswith(f"{rubric}: faults: 1; no result was written.\n{start}")


def test_an_output_over_an_input_is_refused(tmp_path: Path) -> None:
    file = write_csv(tmp_path / "marks.csv", GOOD)
    rubric = write_rubric(tmp_path / "rubric.json", *({"id": f"L{n}", "max": 40} for n in range(1, 5)))
    before = file.read_bytes(), rubric.read_bytes()

    over_marks = score(file, "--output", tmp_path / "." / "marks.csv", "--lang", "en")
    over_rubric = score(file, "--rubric", rubric, "--output", rubric, "--lang", "en")

    assert (file.read_bytes(), rubric.read_bytes()) == before
    for result in (over_marks, over_rubric):
        assert result.exit_code == 2
        assert "the output file is an input file." in result.stderr


@pytest.mark.parametrize("where", ["none/results.json", "."])
def test_an_output_that_cannot_be_written_is_refused(tmp_path: Path, where: str) -> None:
    file = write_csv(tmp_path / "marks.csv", GOOD)

    result = score(file, "--output", tmp_path / where, "--lang", "en")

    assert (result.exit_code, [path.name for path in tmp_path.iterdir()]) == (2, ["marks.csv"])
    assert "the file cannot be written" in result.stderr
