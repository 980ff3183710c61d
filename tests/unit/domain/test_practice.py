"""The rules of practice contests."""

from dataclasses import replace

from app.domain.practice import practice_name, practice_rules
from app.domain.rules import ContestRules, CriterionRule, GroupRule, Method

RULES = ContestRules(
    rubric="two",
    criteria=(
        CriterionRule("L1", "Thị trường", "Market", 6000),
        CriterionRule("L2", "Văn hóa", "Culture", 4000),
    ),
    groups=(GroupRule("A", "Thủ công", "Craft"), GroupRule("B", "Chế biến", "Food")),
    tie_break=("L1",),
    min_sheets=3,
)


def test_an_entry_needs_no_more_sheets_than_the_smallest_group_has_judges() -> None:
    assert practice_rules(RULES, [["A", "B"], ["B"], ["B"], ["B"]]).min_sheets == 1
    assert practice_rules(RULES, [["B"], ["B"]]).min_sheets == 2
    assert practice_rules(RULES, [["B"]] * 9) == RULES


def test_without_a_jury_one_sheet_is_enough() -> None:
    assert practice_rules(RULES, []).min_sheets == 1


def test_there_is_one_pass() -> None:
    two = replace(RULES, passes=2, deciding_pass=2)

    assert practice_rules(two, [["A"]] * 3) == RULES


def test_where_too_few_are_left_none_is_left_out() -> None:
    trimmed = replace(RULES, method=Method.TRIMMED, trim=1)

    assert practice_rules(trimmed, [["A"]] * 2).method is Method.MEAN
    assert practice_rules(trimmed, [["A"]] * 3).method is Method.TRIMMED


def test_a_long_name_still_fits_its_column() -> None:
    assert practice_name("Đợt 1") == "Chấm thử: Đợt 1"
    assert len(practice_name("x" * 300)) == 300
