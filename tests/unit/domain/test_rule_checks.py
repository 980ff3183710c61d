"""What keeps rules from deciding a contest, named field by field."""

from dataclasses import replace
from typing import Any

import pytest

from app.domain.errors import InvalidInput
from app.domain.rule_checks import check_rules
from app.domain.rules import (
    ContestRules,
    CriterionRule,
    GroupRule,
    Method,
    PrizeBy,
    PrizeRule,
    SubCriterionRule,
    rules_from_json,
)

RULES = ContestRules(
    rubric="two",
    criteria=(CriterionRule("L1", "Một", "One", 6000), CriterionRule("L2", "Hai", "Two", 4000)),
    groups=(GroupRule("A", "Nhóm A", "Group A"), GroupRule("B", "Nhóm B", "Group B")),
)
FIRST, SECOND = PrizeRule("1", "Giải Nhất", "First", 9000), PrizeRule("2", "Giải Nhì", "Second", 8000)


def line(code: str, group: str, max_mark: int, parent: str = "L1", name: str = "Dòng") -> SubCriterionRule:
    return SubCriterionRule(code, parent, group, name, "Line", max_mark)


FOR_ALL = (line("L1.1", "", 2000), line("L1.2", "A", 4000), line("L1.2", "B", 4000))


def faults(**changes: Any) -> dict[str, str]:
    """What is said by field; nothing if the rules stand."""
    try:
        check_rules(replace(RULES, **changes))
    except InvalidInput as error:
        return {name: str(message) for name, message in error.fields.items()}
    return {}


@pytest.mark.parametrize(
    "changes",
    [
        {"facility_quota": 1},
        {"prizes": (replace(FIRST, limit=1), replace(SECOND, limit=99))},
        {"prizes": (FIRST, SECOND), "prize_by": PrizeBy.BAND},
        {"prizes": (replace(FIRST, limit=10_000), replace(SECOND, limit=7000)), "prize_by": PrizeBy.BAND},
        {"passes": 2, "advance_mark": 0, "deciding_pass": 2},
        {"outlier": 0},
        {"outlier": 1, "method": Method.WITHOUT_OUTLIERS},
        {"passes": 2, "advance_mark": 10_000, "deciding_pass": 1},
        {"sub_criteria": FOR_ALL},
        {"sub_criteria": (*FOR_ALL, line("L2.1", "", 4000, "L2"))},
    ],
)
def test_rules_that_can_decide_a_contest_stand_and_are_read_back_as_they_are(changes: dict[str, Any]) -> None:
    assert faults(**changes) == {}
    assert rules_from_json(replace(RULES, **changes).as_json()) == replace(RULES, **changes)


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"facility_quota": 0}, {"facility_quota": "Enter a number from 1, or leave it empty for no limit."}),
        ({"passes": 3}, {"passes": "Enter a whole number from 1 to 2."}),
        ({"passes": 0}, {"passes": "Enter a whole number from 1 to 2."}),
        ({"deciding_pass": 2}, {"deciding_pass": "The second pass decides only where there are two."}),
        ({"passes": 2, "deciding_pass": 3}, {"deciding_pass": "Enter a whole number from 1 to 2."}),
        ({"advance_mark": -1}, {"advance_mark": "Enter points from 0 to 100."}),
        ({"advance_mark": 10_001}, {"advance_mark": "Enter points from 0 to 100."}),
        (
            {"prizes": (replace(FIRST, limit=1), replace(SECOND, limit=0))},
            {"prize_limit_2": "Enter how many entries the class has room for, from 1."},
        ),
        (
            {"prizes": (replace(FIRST, limit=1, name_vi="", name_en=""),)},
            dict.fromkeys(
                ("prize_vi_1", "prize_en_1"), "Every class of prize needs a name in both languages."
            ),
        ),
        ({"outlier": 0, "method": Method.WITHOUT_OUTLIERS}, {"outlier": "Enter points from 0.01 to 100."}),
        (
            {
                "prizes": (
                    FIRST,
                    replace(SECOND, name_vi="giải  NHẤT"),
                    replace(SECOND, code="3", name_en="first"),
                )
            },
            {
                "prize_vi_2": "Another class of prize has this name already.",
                "prize_en_3": "Another class of prize has this name already.",
            },
        ),
        (
            {"prizes": (FIRST, replace(SECOND, code="1"))},
            {"prizes": "Every class of prize needs a code of its own."},
        ),
        (
            {"prizes": (FIRST, replace(SECOND, limit=9000)), "prize_by": PrizeBy.BAND},
            {"prize_limit_2": "A lower class begins at fewer points than the one above it."},
        ),
        (
            {"prizes": (replace(FIRST, limit=10_001), replace(SECOND, limit=6999)), "prize_by": PrizeBy.BAND},
            dict.fromkeys(("prize_limit_1", "prize_limit_2"), "Enter points from 70 to 100."),
        ),
    ],
)
def test_a_rule_that_cannot_be_is_named_by_its_field(changes: dict[str, Any], said: dict[str, str]) -> None:
    assert faults(**changes) == said


@pytest.mark.parametrize(
    ("lines", "said"),
    [
        (
            (line("L1.1", "", 2000), line("L1.2", "A", 3950), line("L1.2", "B", 4100)),
            {
                "lines_L1_A": "The lines of L1 for group A add up to 59.5: 0.5 short of 60.",
                "lines_L1_B": "The lines of L1 for group B add up to 61: 1 above 60.",
            },
        ),
        (
            (line("L1.1", "A", 6000),),
            {"lines_L1_B": "L1 has lines for other product groups but none for group B."},
        ),
        (
            (*FOR_ALL, line("L9.1", "", 100, "L9"), line("L1.3", "Z", 100)),
            dict.fromkeys(("line_4", "line_5"), "Choose the criterion and the product group of this line."),
        ),
        (
            (*FOR_ALL, line("L2.1", "", 4000, "L2", name="")),
            {"line_4": "A line needs a code and a name in both languages."},
        ),
        (
            (line("L1.1", "", 6000), line("L1.2", "", 0)),
            {"line_2": "The highest mark of a line is more than 0."},
        ),
        (
            (line("L1.1", "", 3000), line("L1.1", "A", 3000), line("L1.2", "B", 3000)),
            {"line_2": "There is already a line with the code L1.1 on the same sheet."},
        ),
        (
            (line("L2", "", 6000),),
            {"line_1": "There is already a line with the code L2 on the same sheet."},
        ),
    ],
)
def test_lines_that_do_not_make_a_sheet_are_named_with_how_much_is_missing(
    lines: tuple[SubCriterionRule, ...], said: dict[str, str]
) -> None:
    assert faults(sub_criteria=lines) == said


def test_the_step_divides_the_highest_mark_of_every_line() -> None:
    lines = (line("L1.1", "", 2030), line("L1.2", "", 3970))

    assert faults(sub_criteria=lines) == {
        "mark_step": "The highest mark of each criterion must be a whole number of steps."
    }
    assert faults(sub_criteria=lines, mark_step=10) == {}


def test_a_judge_fills_in_the_lines_of_the_entrys_group_and_criteria_that_have_none() -> None:
    rules = replace(RULES, sub_criteria=FOR_ALL)

    assert [(row.code, row.group, row.parent) for row in rules.lines("B")] == [
        ("L1.1", "", "L1"),
        ("L1.2", "B", "L1"),
        ("L2", "", "L2"),
    ]
