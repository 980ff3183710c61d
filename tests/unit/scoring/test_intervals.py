"""Rank intervals: the same juries ranked by fractions, and what no jury can change."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

import scoring.intervals
from scoring import Method, RankIntervals, Rubric, Rules, rank_intervals, tally
from tests.unit.scoring.oracle import expected_results

RUBRIC = Rubric((40, 60))

chances = st.integers(0, 2**32 - 1).map(np.random.default_rng)
rules = st.builds(
    Rules,
    method=st.sampled_from(Method),
    trim=st.integers(0, 1),
    outlier=st.integers(0, 40),
    min_sheets=st.integers(1, 2),
)


def some_sheets(rng: np.random.Generator) -> tuple[NDArray[np.int64], NDArray[np.bool_]]:
    shape = tuple(rng.integers(0, (7, 5)))
    marks = np.stack([rng.integers(0, 41, shape), rng.integers(0, 61, shape)], axis=2)
    return marks, rng.random(shape) < 0.8


def of(
    marks: NDArray[np.int64], counts: NDArray[np.bool_], rules: Rules, *, seed: int = 1, replicates: int = 40
) -> RankIntervals:
    sums = tally(marks, counts, RUBRIC)
    return rank_intervals(sums, rules, rng=np.random.default_rng(seed), replicates=replicates)


def expected(
    marks: NDArray[np.int64], counts: NDArray[np.bool_], rules: Rules, seed: int, replicates: int
) -> list[tuple[int, int, int]]:
    """Draw the same juries, and rank the entries under each by fractions."""
    judging = np.flatnonzero(counts.any(axis=0))

    def ranks(judges: NDArray[np.int64], rules: Rules, entries: list[int]) -> list[int | None]:
        sheets = [
            [tuple(marks[entry, judge]) for judge in judges if counts[entry, judge]] for entry in entries
        ]
        return [row.rank for row in expected_results(sheets, RUBRIC, rules)]

    everybody = np.arange(counts.shape[1])
    by_all = ranks(everybody, rules, list(range(len(marks))))
    scored = [entry for entry, rank in enumerate(by_all) if rank is not None]
    found = dict.fromkeys(range(len(marks)), (0, 0, 0))
    if len(judging) < 2 or not scored:
        return list(found.values())
    drawn = judging[np.random.default_rng(seed).integers(len(judging), size=(replicates, len(judging)))]
    tried = [ranks(judges, replace(rules, min_sheets=1), scored) for judges in drawn]
    for entry, column in zip(scored, zip(*tried, strict=True), strict=True):
        ordered = sorted(rank for rank in column if rank is not None)
        if ordered:
            tail = len(ordered) // 20
            found[entry] = (ordered[tail], ordered[-1 - tail], len(ordered))
    return list(found.values())


@settings(max_examples=60)
@given(chances, rules)
def test_an_interval_holds_nine_tenths_of_the_ranks(rng: np.random.Generator, rules: Rules) -> None:
    marks, counts = some_sheets(rng)
    found = of(marks, counts, rules)

    columns = zip(found.lows.tolist(), found.highs.tolist(), found.replicates.tolist(), strict=True)
    assert list(columns) == expected(marks, counts, rules, 1, 40)


def test_drawing_in_small_blocks_changes_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    marks, counts = np.random.default_rng(3).integers(0, 41, (5, 4, 2)), np.ones((5, 4), dtype=bool)
    whole = of(marks, counts, Rules())

    monkeypatch.setattr(scoring.intervals, "_BLOCK", 3)

    parts = of(marks, counts, Rules())
    assert (parts.lows.tolist(), parts.highs.tolist()) == (whole.lows.tolist(), whole.highs.tolist())


def test_the_same_seed_gives_the_same_intervals_and_another_one_may_not() -> None:
    marks = np.random.default_rng(3).integers(0, 41, (20, 4, 2))
    first, again, other = (of(marks, np.ones((20, 4), dtype=bool), Rules(), seed=seed) for seed in (1, 1, 2))

    assert (first.lows.tolist(), first.highs.tolist()) == (again.lows.tolist(), again.highs.tolist())
    assert first.highs.tolist() != other.highs.tolist()


def test_judges_of_one_mind_leave_no_doubt() -> None:
    marks = np.repeat(np.array([[[30, 30]], [[20, 20]], [[40, 40]], [[20, 20]]]), 3, axis=1)
    found = of(marks, np.ones((4, 3), dtype=bool), Rules())

    assert found.lows.tolist() == found.highs.tolist() == [2, 3, 1, 3]


def test_with_one_judge_there_is_no_interval() -> None:
    found = of(np.array([[[30, 30]], [[20, 20]]]), np.ones((2, 1), dtype=bool), Rules())

    assert (found.lows.tolist(), found.highs.tolist()) == ([0, 0], [0, 0])


def test_what_is_not_scored_has_no_interval_and_is_nobodys_rival() -> None:
    marks = np.full((3, 2, 2), 20)
    found = of(marks, np.array([[True, True], [False, False], [True, True]]), Rules(min_sheets=2))

    assert (found.lows.tolist(), found.highs.tolist()) == ([1, 0, 1], [1, 0, 1])


def test_one_drawn_jury_is_an_interval_too() -> None:
    found = of(np.full((2, 2, 2), 20), np.ones((2, 2), dtype=bool), Rules(), replicates=1)

    assert (found.lows.tolist(), found.replicates.tolist()) == ([1, 1], [1, 1])
