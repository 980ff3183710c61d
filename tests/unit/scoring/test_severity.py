"""Each judge beside the rest: a worked example, other people's programs, and what moves which number."""

from __future__ import annotations

import math
from collections import Counter
from fractions import Fraction
from statistics import fmean

import numpy as np
import pytest
import scipy.stats
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from scoring import InvalidMarks, Rubric, Severity, severity

RUBRIC = Rubric((4000, 6000))
NAN = math.nan

chances = st.integers(0, 2**32 - 1).map(np.random.default_rng)


def some_sheets(rng: np.random.Generator) -> tuple[NDArray[np.int64], NDArray[np.bool_]]:
    """Marks of two criteria with few values, so that equal sheets occur, and gaps."""
    shape = int(rng.integers(0, 12)), int(rng.integers(1, 7))
    marks = np.stack([rng.integers(4, 7, shape) * 500, rng.integers(6, 10, shape) * 500], axis=2)
    return marks, rng.random(shape) < 0.8


def numbers(found: Severity, judge: int) -> list[float]:
    """Give everything about one judge."""
    return [float(column[judge]) for column in vars(found).values()]


def expected(marks: NDArray[np.int64], counts: NDArray[np.bool_], judge: int) -> list[float]:
    """Say the definitions once more, entry by entry."""
    given_totals, ours, theirs, identical = [], [], [], 0
    for sheets, counting in zip(marks.tolist(), counts.tolist(), strict=True):
        others = [sheet for at, sheet in enumerate(sheets) if counting[at] and at != judge]
        if counting[judge]:
            given_totals.append(sum(sheets[judge]))
        if counting[judge] and others:
            ours.append(sum(sheets[judge]))
            theirs.append(Fraction(sum(map(sum, others)), len(others)))
            identical += sheets[judge] in others
    differences = [float((our - their) / 100) for our, their in zip(ours, theirs, strict=True)]
    low = high = correlation = NAN
    if len(ours) >= 2:
        half = scipy.stats.t.ppf(0.975, len(ours) - 1) * scipy.stats.sem(differences)
        low, high = fmean(differences) - half, fmean(differences) + half
    if len(ours) >= 3 and len(set(ours)) > 1 and len(set(theirs)) > 1:
        correlation = scipy.stats.pearsonr(ours, [float(their) for their in theirs]).statistic
    several = len(given_totals) >= 2
    return [
        len(given_totals),
        len(ours),
        fmean(differences) if ours else NAN,
        low,
        high,
        min(given_totals, default=0),
        max(given_totals, default=0),
        (max(given_totals) - min(given_totals)) / 10000 if several else NAN,
        correlation,
        identical / len(ours) if ours else NAN,
        max(Counter(given_totals).values()) / len(given_totals) if several else NAN,
    ]


@given(chances)
def test_every_number_is_what_its_definition_says(rng: np.random.Generator) -> None:
    marks, counts = some_sheets(rng)
    found = severity(marks, counts, RUBRIC)

    for judge in range(counts.shape[1]):
        wanted = expected(marks, counts, judge)
        assert numbers(found, judge) == pytest.approx(wanted, abs=1e-9, nan_ok=True)


@given(chances)
def test_a_judge_who_gives_more_to_all_is_found_to(rng: np.random.Generator) -> None:
    marks, _counts = some_sheets(rng)
    counts = np.ones(marks.shape[:2], dtype=bool)
    generous = marks.copy()
    generous[:, 0, 1] += 700
    before, after = severity(marks, counts, RUBRIC), severity(generous, counts, RUBRIC)

    n_judges = marks.shape[1]
    if before.common[0]:
        shift = np.where(np.arange(n_judges) == 0, 7, -7 / (n_judges - 1))
        np.testing.assert_allclose(after.severities, before.severities + shift, atol=1e-9)
        np.testing.assert_allclose(after.highs - after.lows, before.highs - before.lows, atol=1e-9)
        np.testing.assert_allclose(after.correlations, before.correlations, atol=1e-9)
        assert after.range_shares.tolist() == pytest.approx(before.range_shares.tolist(), nan_ok=True)


@given(chances)
def test_neither_the_order_of_entries_nor_of_judges_matters(rng: np.random.Generator) -> None:
    marks, counts = some_sheets(rng)
    entries, judges = rng.permutation(counts.shape[0]), rng.permutation(counts.shape[1])
    found = severity(marks, counts, RUBRIC)
    shuffled = severity(marks[entries][:, judges], counts[entries][:, judges], RUBRIC)

    for before, after in zip(vars(found).values(), vars(shuffled).values(), strict=True):
        np.testing.assert_allclose(after, before[judges], atol=1e-9)


def test_differences_that_never_vary_have_an_interval_without_width() -> None:
    marks = np.array([[[3000, 4000], [3000, 4001], [3000, 4002]]] * 3) + np.arange(3)[:, None, None]
    found = severity(marks, np.ones((3, 3), dtype=bool), RUBRIC)

    assert found.severities.tolist() == found.lows.tolist() == found.highs.tolist() == [-0.015, 0, 0.015]


def test_a_judge_alone_has_nobody_to_be_compared_with() -> None:
    found = severity(np.array([[[3000, 4000]], [[3000, 5000]]]), np.ones((2, 1), dtype=bool), RUBRIC)

    wanted = [2, 0, NAN, NAN, NAN, 7000, 8000, 0.1, NAN, NAN, 0.5]
    assert numbers(found, 0) == pytest.approx(wanted, nan_ok=True)


def test_sheets_with_equal_subtotals_are_identical_only_if_their_lines_are() -> None:
    marks = np.array([[[3000, 4000], [3000, 4000]], [[3000, 5000], [3000, 5000]]])
    lines = np.array(
        [[[1600, 1400, 4000], [1500, 1500, 4000]], [[1500, 1500, 5000], [1500, 1500, 5000]]],
        dtype=np.uint16,
    )
    counts = np.ones((2, 2), dtype=bool)

    assert severity(marks, counts, RUBRIC).identical_shares.tolist() == [1, 1]
    assert severity(marks, counts, RUBRIC, lines).identical_shares.tolist() == [0.5, 0.5]


def test_a_judge_without_a_sheet_has_no_numbers() -> None:
    marks = np.array([[[3000, 4000], [9999, 9999]]])
    found = severity(marks, np.array([[True, False]]), RUBRIC)

    wanted = [0, 0, NAN, NAN, NAN, 0, 0, NAN, NAN, NAN, NAN]
    assert numbers(found, 1) == pytest.approx(wanted, nan_ok=True)


def test_a_contest_without_entries_is_measured_too() -> None:
    found = severity(np.empty((0, 2, 2), dtype=np.int64), np.empty((0, 2), dtype=bool), RUBRIC)

    assert found.sheets.tolist() == [0, 0]
    assert np.isnan(found.severities).all()


def test_marks_that_cannot_be_scored_are_refused() -> None:
    with pytest.raises(InvalidMarks):
        severity(np.array([[[4001, 0]]]), np.array([[True]]), RUBRIC)
