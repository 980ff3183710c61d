"""Synthetic marks keep every rule that real ones do."""

from dataclasses import replace
from random import Random

from app.demo.marks import half, misread, on_lines, seen_on_site
from app.domain.judging import check_complete, check_sheet
from app.domain.rules import ContestRules, SubCriterionRule
from tests.unit.demo.test_plan import RULES

LINES = tuple(
    SubCriterionRule(f"L1.{number}", "L1", group, "", "", most)
    for group, maxima in (("A", (2500, 1500)), ("B", (1000, 1000, 2000)))
    for number, most in enumerate(maxima, start=1)
)
FINE = replace(RULES, sub_criteria=LINES)
SHEET = {"L1": 3150, "L2": 4000, "L3": 0, "L4": 750}


def check(marks: dict[str, int], rules: ContestRules, group: str) -> None:
    check_sheet(marks, {}, "", rules, group)
    check_complete(marks, rules, group)


def test_marks_on_lines_add_up_to_those_on_criteria() -> None:
    chance = Random(4)

    for group in ("A", "B"):
        for first in range(0, 4001, 50):
            marks = on_lines(chance, FINE, group, SHEET | {"L1": first})

            check(marks, FINE, group)
            assert sum(value for code, value in marks.items() if code.startswith("L1.")) == first
            assert {code: value for code, value in marks.items() if "." not in code} == {
                "L2": 4000,
                "L3": 0,
                "L4": 750,
            }


def test_without_lines_a_sheet_stays_as_it_is() -> None:
    assert on_lines(Random(4), RULES, "A", SHEET) == SHEET


def test_after_a_visit_no_judge_is_below_the_threshold() -> None:
    chance = Random(4)
    low = {criterion.code: criterion.max_mark * 7 // 10 for criterion in RULES.criteria}

    for sheet in (low, SHEET):
        for again in seen_on_site(chance, RULES, [sheet] * 7):
            check(again, RULES, "A")
            assert sum(again.values()) >= RULES.threshold


def test_a_misread_sheet_differs_in_one_mark_by_ten_points() -> None:
    assert misread(SHEET) == SHEET | {"L1": 2150}
    assert misread({"L1": 300, "L2": 100}) == {"L1": 700, "L2": 100}


def test_a_draft_holds_the_first_half() -> None:
    assert half(SHEET) == {"L1": 3150, "L2": 4000}
