"""Where scoring could be wrong by one: the words of each refusal, the last size that fits, ties a hundredth apart."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from scoring import (
    MAX_TOTAL,
    SPREAD,
    InvalidMarks,
    InvalidRubric,
    InvalidRules,
    MarkOutOfRange,
    Method,
    PrizeBy,
    Prizes,
    Rubric,
    Rules,
    TooLarge,
    WrongShape,
    WrongType,
    aggregate,
    award,
    decide,
    round_half_up,
    select,
    tally,
)
from scoring.marks import check_axes

WHOLE = Rubric((10000,))


def zeros(*shape: int) -> NDArray[np.int8]:
    """Zeros of any shape, however large: no memory is taken."""
    return np.broadcast_to(np.zeros((), dtype=np.int8), shape)


def check(entries: int, judges: int, rubric: Rubric) -> None:
    """Check the axes of so many sheets."""
    counts = np.broadcast_to(np.zeros((), dtype=np.bool_), (entries, judges))
    check_axes(zeros(entries, judges, len(rubric)), counts, rubric)


def of_sheets(*entries: list[list[int]]) -> tuple[NDArray[np.int64], NDArray[np.bool_]]:
    """Marks and mask of entries given by their sheets."""
    most = max(map(len, entries))
    empty = [0] * len(entries[0][0])
    marks = [sheets + [empty] * (most - len(sheets)) for sheets in entries]
    counts = [[judge < len(sheets) for judge in range(most)] for sheets in entries]
    return np.array(marks), np.array(counts)


def refused(call: Callable[[], object], error: type[Exception]) -> str:
    """The words with which a call is refused, by exactly this error."""
    with pytest.raises(error) as refusal:
        call()
    assert type(refusal.value) is error
    return str(refusal.value)


def test_a_rubric_says_what_is_wrong_with_it() -> None:
    assert [
        refused(lambda: Rubric((4000.0,)), InvalidRubric),  # type: ignore[arg-type]  # what is refused
        refused(lambda: Rubric((4000,), (0.5,)), InvalidRubric),  # type: ignore[arg-type]  # what is refused
        refused(lambda: Rubric(()), InvalidRubric),
        refused(lambda: Rubric((0,)), InvalidRubric),
        refused(lambda: Rubric((1, 1), (1,)), InvalidRubric),
        refused(lambda: Rubric((1,), (2,)), InvalidRubric),
        refused(lambda: Rubric((MAX_TOTAL, 1)), InvalidRubric),
    ] == [
        "a maximum is an int of hundredths",
        "a floor is an int of hundredths",
        "a rubric has at least one criterion",
        "a maximum is greater than zero",
        "every criterion has one floor, or none has",
        "a floor lies between zero and its criterion's maximum",
        "the maxima sum to at most 10000000 hundredths",
    ]


def test_the_largest_total_of_a_rubric_is_taken() -> None:
    assert Rubric((MAX_TOTAL - 1, 1)).total == MAX_TOTAL


def test_rules_say_what_is_wrong_with_them() -> None:
    bar = "1000000000000"
    assert [
        refused(lambda: Rules(method="mean"), InvalidRules),  # type: ignore[arg-type]  # what is refused
        refused(lambda: Rules(threshold_op="ge"), InvalidRules),  # type: ignore[arg-type]  # what is refused
        refused(lambda: Rules(trim=-1), InvalidRules),
        refused(lambda: Rules(outlier=-1), InvalidRules),
        refused(lambda: Rules(threshold=-1), InvalidRules),
        refused(lambda: Rules(min_sheets=0), InvalidRules),
        refused(lambda: Rules(quota=-1), InvalidRules),
        refused(lambda: Rules(tie_break=(-2,)), InvalidRules),
        refused(lambda: Rules(tie_break=(0, 0)), InvalidRules),
    ] == [
        "method is a Method, not 'mean'",
        "threshold_op is a ThresholdOp, not 'ge'",
        f"trim is an int within 0..{bar}, not -1",
        f"outlier is an int within 0..{bar}, not -1",
        f"threshold is an int within 0..{bar}, not -1",
        f"min_sheets is an int within 1..{bar}, not 0",
        f"a quota is an int within 0..{bar}, not -1",
        f"a tie-break is an int within -1..{bar}, not -2",
        "a tie-break is asked once",
    ]


def test_the_largest_and_smallest_bars_are_taken() -> None:
    rules = Rules(trim=0, outlier=0, threshold=10**12, min_sheets=1, quota=0, tie_break=(SPREAD,))

    assert (rules.threshold, rules.trim, rules.outlier, rules.quota) == (10**12, 0, 0, 0)


def test_arrays_that_cannot_be_scored_are_refused_in_words() -> None:
    marks, mask = np.zeros((2, 3, 1), dtype=int), np.ones((2, 3), dtype=bool)
    one, two = np.array([1]), np.array([True])
    groups = Rules(group_quotas=(1,))
    texts: Any = ["B"]
    assert [
        refused(lambda: tally(marks.astype(float), mask, WHOLE), WrongType),
        refused(lambda: tally(marks, mask.astype(int), WHOLE), WrongType),
        refused(lambda: tally(marks, mask, Rubric((1, 1))), WrongShape),
        refused(lambda: check(1, 100_000, Rubric((10_000,))), TooLarge),
        refused(lambda: decide(marks, mask, WHOLE, Rules(tie_break=(1,))), InvalidRules),
        refused(lambda: select(one, two, groups), InvalidRules),
        refused(lambda: select(one, two, groups, texts), WrongType),
        refused(lambda: select(one, two, groups, np.array([0, 0])), WrongShape),
        refused(lambda: select(one, two, groups, np.array([1])), InvalidRules),
        refused(lambda: round_half_up(-1, 2), InvalidMarks),
    ] == [
        "marks are an array of integers: hundredths of a point",
        "the mask is an array of truth values",
        "marks have the shape (2, 3, 1), not (entries, judges, 2)",
        "(1, 100000) sheets of 10000 hundredths are too many",
        "the tie-break chain names a criterion that the rubric does not have",
        "quotas per group need the group of each entry",
        "the group of each entry stands in an array of integers",
        "the group of each entry has the shape (2,), not (1,)",
        "a group's index points into the group quotas, or is -1",
        "a fraction to round is made of integers, is not negative and does not divide by zero",
    ]


# 2**63 - 1 is 649657 times this; without judges the size of the comparison is total * (entries + 1).
MOST = (2**63 - 1) // 649_657


def test_the_last_size_that_64_bits_hold_is_taken() -> None:
    check(MOST - 1, 0, Rubric((649_657,)))
    check(9 * 10**11, 9, Rubric((10_000,)))


def test_one_entry_more_than_64_bits_hold_is_refused() -> None:
    with pytest.raises(TooLarge):
        check(MOST, 0, Rubric((649_657,)))


def test_a_mark_at_its_maximum_before_the_wrong_one_is_not_the_one_named() -> None:
    marks, counts = of_sheets([[10_000]], [[10_001]])

    with pytest.raises(MarkOutOfRange) as refusal:
        decide(marks, counts, WHOLE, Rules())

    assert (refusal.value.entry, refusal.value.mark) == (1, 10_001)


def test_sums_are_of_64_bit_integers_beyond_the_first_thousand_entries() -> None:
    marks = np.random.default_rng(5).integers(0, 100, (1_700, 2, 3))
    counts = np.random.default_rng(6).random((1_700, 2)) < 0.8

    found = tally(marks, counts, Rubric((100, 100, 100)))

    kept = marks * counts[:, :, None]
    assert [array.dtype for array in (found.sheets, found.totals, found.criterion_sums, found.spreads)] == [
        np.int64
    ] * 4
    assert found.totals.tolist() == kept.sum(axis=2).tolist()
    assert found.criterion_sums.tolist() == kept.sum(axis=1).tolist()
    assert found.spreads.tolist() == [
        max(totals) - min(totals) if totals else 0
        for totals in (row[mask].tolist() for row, mask in zip(found.totals, counts, strict=True))
    ]


def test_equal_totals_have_no_spread_even_when_they_are_zero() -> None:
    marks, counts = of_sheets([[0], [0]], [[7000], [7000]], [[0]])

    assert tally(marks, counts, WHOLE).spreads.tolist() == [0, 0, 0]


def test_an_entry_that_is_not_scored_has_the_value_0_of_1() -> None:
    marks, counts = of_sheets([[7000], [7000]], [[7000]])

    values = aggregate(tally(marks, counts, WHOLE), Rules(method=Method.MEDIAN, min_sheets=2))

    assert (values.numerators.tolist(), values.denominators.tolist()) == ([14_000, 0], [2, 1])


def test_pairs_of_equal_values_are_each_broken_by_their_own_spread() -> None:
    marks, counts = of_sheets([[7000], [7000]], [[6999], [7001]], [[5999], [6001]], [[6000], [6000]])

    standing = decide(marks, counts, WHOLE, Rules(tie_break=(SPREAD,)))

    assert (standing.ranks.tolist(), standing.decided_by.tolist()) == ([1, 2, 4, 3], [1, 1, 1, 1])


def test_a_tie_break_is_the_mean_of_a_criterion_even_over_a_single_sheet() -> None:
    marks, counts = of_sheets([[40, 30]], [[35, 35], [35, 35]])

    standing = decide(marks, counts, Rubric((40, 40)), Rules(tie_break=(0,)))

    assert (standing.ranks.tolist(), standing.decided_by.tolist()) == ([1, 2], [1, 1])


def test_the_spread_of_each_entry_is_its_highest_total_less_its_lowest() -> None:
    marks, counts = of_sheets([[7000], [7250], [7100]], [[6000]])

    assert decide(marks, counts, WHOLE, Rules()).spreads.tolist() == [250, 0]


def test_facilities_may_be_numbered_from_0_and_from_1() -> None:
    marks, counts = of_sheets([[9000]], [[8900]], [[8800]], [[8700]], [[8600]], [[8500]])
    facilities = np.array([0, 0, 1, 1, -1, -1])

    standing = decide(marks, counts, WHOLE, Rules(facility_quota=1), facilities=facilities)

    assert standing.outcomes.tolist() == [4, 2, 4, 2, 4, 4]


def test_prizes_say_what_is_wrong_with_them() -> None:
    bar = "1000000000000"
    assert [
        refused(lambda: Prizes("rank"), InvalidRules),  # type: ignore[arg-type]  # what is refused
        refused(lambda: Prizes(PrizeBy.RANK, (0,)), InvalidRules),
        refused(lambda: Prizes(PrizeBy.BAND, (-1,)), InvalidRules),
        refused(lambda: Prizes(PrizeBy.BAND, (8000, 8000)), InvalidRules),
    ] == [
        "prizes go by a PrizeBy, not 'rank'",
        f"a prize's limit is an int within 1..{bar}",
        f"a prize's limit is an int within 0..{bar}",
        "the bands of prizes descend",
    ]


def test_the_largest_and_smallest_limits_of_prizes_are_taken() -> None:
    assert Prizes(PrizeBy.BAND, (10**12, 0)).limits == (10**12, 0)
    assert Prizes(PrizeBy.RANK, (1, 10**12)).limits == (1, 10**12)


def test_an_entry_that_is_not_selected_has_no_class_of_prize() -> None:
    marks, counts = of_sheets([[9000]], [[6999]])

    awards = award(decide(marks, counts, WHOLE, Rules()), Prizes(PrizeBy.RANK, (1, 1)))

    assert (awards.classes.tolist(), awards.tied.tolist()) == ([0, -1], [False, False])
