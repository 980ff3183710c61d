"""Quotas, ties across a cut, and floors."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from scoring import InvalidRules, Outcome, Rubric, Rules, WrongShape, WrongType, decide, select


def outcomes(
    ranks: list[int], rules: Rules, groups: list[int] | None = None, facilities: list[int] | None = None
) -> list[str]:
    """Select among entries that all reach."""
    of_group = None if groups is None else np.array(groups)
    of_facility = None if facilities is None else np.array(facilities)
    found = select(np.array(ranks), np.ones(len(ranks), dtype=bool), rules, of_group, of_facility)
    return [Outcome(outcome).name.lower() for outcome in found]


def test_without_quota_everyone_who_reaches_is_selected() -> None:
    assert outcomes([1, 2, 2], Rules()) == ["selected", "selected", "selected"]


def test_entries_beyond_the_quota_have_reached() -> None:
    assert outcomes([1, 2, 3], Rules(quota=2)) == ["selected", "selected", "reached"]


def test_equals_that_straddle_the_cut_are_all_tied_and_none_is_selected() -> None:
    assert outcomes([1, 2, 2, 2, 5], Rules(quota=3)) == ["selected", "tied", "tied", "tied", "reached"]


def test_equals_that_end_at_the_cut_are_selected() -> None:
    assert outcomes([1, 2, 2, 4], Rules(quota=3)) == ["selected", "selected", "selected", "reached"]


def test_a_quota_of_none_at_all_selects_nobody_and_ties_nobody() -> None:
    assert outcomes([1, 1, 3], Rules(quota=0)) == ["reached", "reached", "reached"]


def test_groups_are_cut_first_and_the_total_among_those_still_in() -> None:
    rules = Rules(quota=3, group_quotas=(2, 2))

    assert outcomes([1, 2, 3, 4, 5, 6], rules, [0, 0, 0, 1, 1, 1]) == [
        "selected",
        "selected",
        "reached",
        "selected",
        "reached",
        "reached",
    ]


def test_who_is_tied_at_the_quota_of_the_group_leaves_the_total_to_others() -> None:
    rules = Rules(quota=2, group_quotas=(1, None))

    assert outcomes([1, 1, 3, 4], rules, [0, 0, 1, 1]) == ["tied", "tied", "selected", "selected"]


def test_an_entry_without_group_is_held_only_by_the_total() -> None:
    rules = Rules(quota=1, group_quotas=(0,))

    assert outcomes([1, 2, 3], rules, [0, -1, -1]) == ["reached", "selected", "reached"]


def test_equals_in_different_groups_do_not_tie_at_the_quota_of_one() -> None:
    assert outcomes([1, 1], Rules(group_quotas=(1, 1)), [0, 1]) == ["selected", "selected"]


def test_the_best_of_each_facility_stay_within_its_quota() -> None:
    assert outcomes([1, 2, 3, 4], Rules(facility_quota=1), facilities=[7, 7, 5, 5]) == [
        "selected",
        "reached",
        "selected",
        "reached",
    ]


def test_equals_of_one_facility_at_its_cut_are_tied_and_those_of_another_are_not() -> None:
    assert outcomes([1, 1, 1], Rules(facility_quota=1), facilities=[7, 7, 5]) == ["tied", "tied", "selected"]


def test_an_entry_of_no_facility_is_not_held_by_its_quota() -> None:
    assert outcomes([1, 2, 3], Rules(facility_quota=1), facilities=[-1, -1, -2]) == ["selected"] * 3


def test_whom_the_facility_leaves_out_makes_room_in_the_group_and_in_the_total() -> None:
    rules = Rules(facility_quota=1, group_quotas=(2,), quota=2)

    assert outcomes([1, 2, 3, 4], rules, [0, 0, 0, 0], [9, 9, 8, 6]) == [
        "selected",
        "reached",
        "selected",
        "reached",
    ]


def test_who_is_tied_at_the_facility_does_not_come_back() -> None:
    rules = Rules(facility_quota=1, quota=3)

    assert outcomes([1, 1, 3], rules, facilities=[9, 9, 8]) == ["tied", "tied", "selected"]


def test_a_facility_may_go_by_a_very_large_number() -> None:
    assert outcomes([1, 2, 3], Rules(facility_quota=1), facilities=[2**62, 2**62, 0]) == [
        "selected",
        "reached",
        "selected",
    ]


def test_groups_of_an_unsigned_type_are_taken() -> None:
    found = select(
        np.array([1, 2]), np.array([True, True]), Rules(group_quotas=(1,)), np.zeros(2, dtype=np.uint8)
    )

    assert found.tolist() == [Outcome.SELECTED, Outcome.REACHED]


def test_a_floor_is_compared_with_the_exact_mean_of_the_criterion() -> None:
    rubric = Rubric((5000, 5000), (2500, 0))
    marks = np.array([[[2499, 5000], [2501, 5000]], [[2499, 5000], [2500, 5000]]])

    standing = decide(marks, np.ones((2, 2), dtype=bool), rubric, Rules())

    assert standing.outcomes.tolist() == [Outcome.SELECTED, Outcome.BELOW]


def test_a_floor_looks_at_sheets_that_the_method_drops() -> None:
    rubric = Rubric((10000,), (7000,))
    marks = np.array([[[7000], [7000], [0]]])

    standing = decide(marks, np.ones((1, 3), dtype=bool), rubric, Rules(outlier=2500))

    assert standing.outcomes.tolist() == [Outcome.BELOW]


def test_quotas_per_group_without_groups_are_refused() -> None:
    with pytest.raises(InvalidRules, match="need the group"):
        outcomes([1], Rules(group_quotas=(1,)))


@pytest.mark.parametrize(
    ("groups", "error"),
    [
        ([0], WrongType),
        (np.array([0.0]), WrongType),
        (np.array([0, 0]), WrongShape),
        (np.array([1]), InvalidRules),
        (np.array([-2]), InvalidRules),
    ],
)
def test_groups_that_do_not_fit_are_refused(groups: Any, error: type[Exception]) -> None:
    with pytest.raises(error):
        select(np.array([1]), np.array([True]), Rules(group_quotas=(1,)), groups)


def test_a_quota_per_facility_without_facilities_is_refused() -> None:
    with pytest.raises(InvalidRules, match="need the facility"):
        outcomes([1], Rules(facility_quota=1))


@pytest.mark.parametrize(
    ("facilities", "error"), [([0], WrongType), (np.array([0.0]), WrongType), (np.array([0, 0]), WrongShape)]
)
def test_facilities_that_do_not_fit_are_refused(facilities: Any, error: type[Exception]) -> None:
    with pytest.raises(error):
        select(np.array([1]), np.array([True]), Rules(facility_quota=1), facilities=facilities)
