"""What a rubric, rules and fractions to round refuse, and that every example in the documentation runs."""

from __future__ import annotations

import doctest
import importlib
import pkgutil
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import scoring
from scoring import MAX_TOTAL, SPREAD, InvalidMarks, InvalidRubric, InvalidRules, Rubric, Rules, round_half_up
from scoring.rounding import round_away


def test_a_rubric_without_floors_has_floors_of_zero() -> None:
    assert Rubric((4000, 1000)).floors == (0, 0)


def test_a_rubric_given_as_lists_is_kept_as_tuples() -> None:
    maxima: Any = [4000, 1000]
    floors: Any = [0, 500]

    rubric = Rubric(maxima, floors)

    assert rubric == Rubric((4000, 1000), (0, 500))


@pytest.mark.parametrize(
    ("max_marks", "floors"),
    [
        ((), ()),
        ((0,), ()),
        ((-1,), ()),
        ((4000.0,), ()),
        (("4000",), ()),
        ((True,), ()),
        ((4000,), (0, 0)),
        ((4000, 1000), (0,)),
        ((4000,), (-1,)),
        ((4000,), (4001,)),
        ((4000,), (0.5,)),
        ((MAX_TOTAL, 1), ()),
    ],
)
def test_a_rubric_that_makes_no_sense_is_refused(max_marks: Any, floors: Any) -> None:
    with pytest.raises(InvalidRubric):
        Rubric(max_marks, floors)


@pytest.mark.parametrize(
    "options",
    [
        {"method": "mean"},
        {"method": "mode"},
        {"threshold_op": "ge"},
        {"trim": -1},
        {"trim": 1.0},
        {"outlier": -1},
        {"threshold": -1},
        {"threshold": 70.0},
        {"threshold": 10**13},
        {"min_sheets": 0},
        {"min_sheets": True},
        {"quota": -1},
        {"quota": 2.5},
        {"group_quotas": (1, -1)},
        {"tie_break": (SPREAD - 1,)},
        {"tie_break": (0, 1, 0)},
        {"tie_break": (SPREAD, SPREAD)},
        {"tie_break": ("L1",)},
    ],
)
def test_rules_that_make_no_sense_are_refused(options: dict[str, Any]) -> None:
    with pytest.raises(InvalidRules):
        Rules(**options)


@given(numerator=st.integers(0, 10**9), denominator=st.integers(1, 10**4))
def test_rounding_goes_to_the_nearest_and_halves_go_up(numerator: int, denominator: int) -> None:
    rounded = int(round_half_up(numerator, denominator))

    assert -denominator <= 2 * (rounded * denominator - numerator) <= denominator
    assert 2 * (rounded * denominator - numerator) != -denominator


@pytest.mark.parametrize(
    ("numerators", "denominators"),
    [([-1], [2]), ([1], [0]), ([1], [-2]), ([1.5], [1]), ([1], [2.0]), (["1"], [1])],
)
def test_fractions_that_cannot_be_rounded_are_refused(numerators: Any, denominators: Any) -> None:
    with pytest.raises(InvalidMarks):
        round_half_up(np.array(numerators), np.array(denominators))


def test_rounding_away_from_zero_is_exact_for_every_type_of_integer() -> None:
    numerators, denominators = np.array([5, 255, 0]), np.array([2, 1, 3])

    found = round_away(numerators.astype(np.uint8), denominators.astype(np.uint64))

    assert found.tolist() == [3, 255, 0]
    assert found.dtype == np.int64


@pytest.mark.parametrize("module", [module.name for module in pkgutil.iter_modules(scoring.__path__)])
def test_every_example_in_the_documentation_runs(module: str) -> None:
    found = doctest.testmod(importlib.import_module(f"scoring.{module}"))

    assert found.failed == 0
    assert found.attempted > 0 or module == "errors"
