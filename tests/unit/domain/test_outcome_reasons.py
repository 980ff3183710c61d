from dataclasses import replace

import pytest

from app.domain.outcome_reasons import outcome_reason
from app.domain.placings import JuryResult, Place
from app.domain.results import Outcome
from app.domain.rules import ContestRules, CriterionRule, GroupRule, Method, PrizeRule, ThresholdOp

RULES = ContestRules(
    rubric="two",
    criteria=(CriterionRule("L1", "Một", "One", 6000), CriterionRule("L2", "Hai", "Two", 4000)),
    groups=(GroupRule("B", "B", "B"),),
    min_sheets=3,
)
SUMS = (12_000, 9_000)


def jury(
    outcome: Outcome, numerator: int | None = 7072, denominator: int | None = 1, sheets: int = 3
) -> JuryResult:
    rank = None if numerator is None else 1
    return JuryResult("B", sheets, numerator, denominator, rank, outcome, SUMS)


@pytest.mark.parametrize(
    ("outcome", "place", "vietnamese", "english"),
    [
        (Outcome.SELECTED, None, "Đạt 70,72 ≥ 70.", "Reached 70.72 ≥ 70."),
        (
            Outcome.REACHED,
            Place(12, 1, 10, "B"),
            "Đạt 70,72 ≥ 70; hạng 12 trong nhóm B, số lượng tối đa 10.",
            "Reached 70.72 ≥ 70; place 12 in group B, at most 10.",
        ),
        (
            Outcome.REACHED,
            Place(31, 1, 30, None),
            "Đạt 70,72 ≥ 70; hạng 31 trong cả đợt, số lượng tối đa 30.",
            "Reached 70.72 ≥ 70; place 31 in the whole contest, at most 30.",
        ),
        (
            Outcome.REACHED,
            Place(3, 1, 2, None, of_facility=True),
            "Đạt 70,72 ≥ 70; hạng 3 trong số sản phẩm của cơ sở, số lượng tối đa 2.",
            "Reached 70.72 ≥ 70; place 3 in the facility's own entries, at most 2.",
        ),
        (
            Outcome.TIED,
            Place(10, 2, 10, "B"),
            (
                "Đạt 70,72 ≥ 70; 2 sản phẩm đồng hạng 10 trong nhóm B, ở ranh giới số lượng tối đa 10: "
                "hội đồng quyết định."
            ),
            (
                "Reached 70.72 ≥ 70; 2 entries share place 10 in group B, across the limit of 10: "
                "the council decides."
            ),
        ),
    ],
)
def test_what_reached_says_by_how_much_and_where_it_stands(
    outcome: Outcome, place: Place | None, vietnamese: str, english: str
) -> None:
    assert outcome_reason(jury(outcome), place, RULES, "vi") == vietnamese
    assert outcome_reason(jury(outcome), place, RULES, "en") == english


@pytest.mark.parametrize(
    ("numerator", "denominator", "op", "said"),
    [
        (6999, 1, ThresholdOp.GE, "Không đạt: 69,99 < 70."),
        (13_999, 2, ThresholdOp.GE, "Không đạt: 69,995 < 70."),  # printed, it would be 70,00
        (20_999, 3, ThresholdOp.GE, "Không đạt: 20999/300 < 70."),
        (7000, 1, ThresholdOp.GT, "Không đạt: 70,00 ≤ 70."),
    ],
)
def test_what_is_below_never_seems_to_reach(
    numerator: int, denominator: int, op: ThresholdOp, said: str
) -> None:
    result = jury(Outcome.BELOW, numerator, denominator)

    assert outcome_reason(result, None, replace(RULES, threshold_op=op), "vi") == said


def test_just_over_the_threshold_is_shown_as_over_it() -> None:
    result = jury(Outcome.SELECTED, 21_001, 3)  # printed, it would be 70,00

    assert (
        outcome_reason(result, None, replace(RULES, threshold_op=ThresholdOp.GT), "vi")
        == "Đạt 21001/300 > 70."
    )
    assert outcome_reason(jury(Outcome.SELECTED, 7000, 1), None, RULES, "vi") == "Đạt 70,00 ≥ 70."


def test_a_missed_floor_is_named_with_the_mean_of_its_criterion() -> None:
    criteria = (replace(RULES.criteria[0], floor=4100), RULES.criteria[1])
    rules = replace(RULES, criteria=criteria)

    assert outcome_reason(jury(Outcome.BELOW), None, rules, "vi") == (
        "Không đạt: điểm bình quân tiêu chí L1 40 < 41."
    )
    assert outcome_reason(jury(Outcome.BELOW, 6000), None, rules, "en") == (
        "Below: 60.00 < 70; mean of criterion L1 40 < 41."
    )


def test_what_is_not_scored_says_which_sheets_are_wanting() -> None:
    few = jury(Outcome.NOT_SCORED, None, None, sheets=2)
    scattered = jury(Outcome.NOT_SCORED, None, None, sheets=4)
    rules = replace(RULES, method=Method.WITHOUT_OUTLIERS)

    assert outcome_reason(few, None, RULES, "vi") == "Có 2 phiếu hợp lệ, cần ít nhất 3."
    assert outcome_reason(few, None, RULES, "en") == "2 sheets count; at least 3 are needed."
    assert (
        outcome_reason(scattered, None, rules, "vi") == "Bỏ các phiếu lệch quá 7 điểm thì còn ít hơn 3 phiếu."
    )
    assert outcome_reason(scattered, None, rules, "en") == (
        "Without the sheets more than 7 points away, fewer than 3 remain."
    )


def test_who_did_not_go_on_to_the_second_pass_is_told_the_mark_that_was_needed() -> None:
    result = jury(Outcome.NOT_ADVANCED, None, None, sheets=0)
    rules = replace(RULES, passes=2, deciding_pass=2, advance_mark=6550)

    assert outcome_reason(result, None, rules, "vi") == "Kết quả vòng 1 dưới 65,5 điểm nên không vào vòng 2."
    assert outcome_reason(result, None, rules, "en") == (
        "The first pass gave less than 65.5 points, so the entry did not go on to the second."
    )


def test_the_prize_is_said_by_its_name() -> None:
    rules = replace(RULES, prizes=(PrizeRule("1", "Giải Nhất", "First prize", 1),))
    result = replace(jury(Outcome.SELECTED), prize="1")

    assert outcome_reason(result, None, rules, "vi") == "Đạt 70,72 ≥ 70; hạng giải: Giải Nhất."
    assert outcome_reason(result, None, rules, "en") == "Reached 70.72 ≥ 70; prize: First prize."


def test_equals_across_the_edge_of_a_prize_are_told_that_the_council_decides() -> None:
    result = replace(jury(Outcome.SELECTED), prize_tied=True)

    assert outcome_reason(result, None, RULES, "vi") == (
        "Đạt 70,72 ≥ 70; đồng hạng ở ranh giới hạng giải: hội đồng quyết định hạng giải."
    )
    assert outcome_reason(result, Place(1, 2, 5, None), RULES, "en") == (
        "Reached 70.72 ≥ 70; place 1 in the whole contest, at most 5; "
        "equal to others across the edge of a prize class: the council decides the prize."
    )
