"""The smallest move to another outcome, against trying every point of the grid."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scoring import InvalidMarks, Method, Rubric, Rules, ThresholdOp, flips
from tests.unit.scoring.oracle import Sheet, entry_keys, entry_outcomes
from tests.unit.scoring.test_decide import Contest, rules_for

WHOLE = Rubric((10000,))


@st.composite
def small_contests(draw: st.DrawFn) -> tuple[Contest, int]:
    """Few marks, all multiples of a step, so that every move can be tried."""
    step = draw(st.integers(1, 3))
    rubric = Rubric(tuple(step * top for top in draw(st.lists(st.integers(1, 4), min_size=1, max_size=2))))
    n_entries, n_judges = draw(st.integers(0, 6)), draw(st.integers(0, 4))
    cells = st.tuples(
        *(st.integers(0, top // step).map(lambda mark: mark * step) for top in rubric.max_marks)
    )

    def per_entry(values: st.SearchStrategy[Any]) -> list[Any]:
        return draw(st.lists(values, min_size=n_entries, max_size=n_entries))

    sheets = per_entry(st.lists(cells, min_size=n_judges, max_size=n_judges))
    counts = per_entry(
        st.lists(st.sampled_from([True, True, True, False]), min_size=n_judges, max_size=n_judges)
    )
    rules = draw(rules_for(rubric, 2))
    if draw(st.booleans()):
        rules = replace(rules, threshold=0)
    contest = Contest(
        marks=np.array(sheets, dtype=np.int64).reshape(n_entries, n_judges, len(rubric)),
        counts=np.array(counts, dtype=np.bool_).reshape(n_entries, n_judges),
        rubric=rubric,
        rules=rules,
        groups=np.array(per_entry(st.integers(-1, 1)), dtype=np.int64),
        facilities=np.array(per_entry(st.sampled_from([-1, 3, 70])), dtype=np.int64),
    )
    return contest, step


def tried(contest: Contest, step: int) -> list[Fraction | None]:
    """Move each entry's value along its grid, nearest first and down before up, until its outcome is another."""
    entries: list[list[Sheet]] = [
        [tuple(sheet) for sheet, counts in zip(sheets, counting, strict=True) if counts]
        for sheets, counting in zip(contest.marks.tolist(), contest.counts.tolist(), strict=True)
    ]
    keys = entry_keys(entries, contest.rules)

    def outcome(entry: int, move: Fraction) -> str:
        moved = [None if key is None else list(key) for key in keys]
        key = moved[entry]
        assert key is not None
        key[0] -= move  # keys hold the value with its sign turned
        groups = None if contest.groups is None else contest.groups.tolist()
        owners = contest.facilities.tolist()
        return entry_outcomes(entries, moved, contest.rubric, contest.rules, groups, owners)[entry]

    found: list[Fraction | None] = []
    for entry, key in enumerate(keys):
        moves = (
            [] if key is None else _moves(-key[0], [sum(sheet) for sheet in entries[entry]], contest, step)
        )
        now = None if key is None else outcome(entry, Fraction(0))
        found.append(next((move for move in moves if outcome(entry, move) != now), None))
    return found


def _moves(value: Fraction, totals: list[int], contest: Contest, step: int) -> list[Fraction]:
    rules = contest.rules
    parts = {
        Method.MEAN: len(totals),
        Method.TRIMMED: len(totals) - 2 * rules.trim,
        Method.MEDIAN: 2 - len(totals) % 2,
        Method.WITHOUT_OUTLIERS: sum(
            abs(total - Fraction(sum(totals), len(totals))) <= rules.outlier for total in totals
        ),
    }[rules.method]
    grid = Fraction(step, parts)
    far = contest.rubric.total * parts // step + 1
    moves = [sign * length * grid for length in range(1, far + 1) for sign in (-1, 1)]
    return [move for move in moves if 0 <= value + move <= contest.rubric.total]


@settings(max_examples=300)
@given(small_contests())
def test_the_smallest_move_is_the_first_that_works(drawn: tuple[Contest, int]) -> None:
    contest, step = drawn
    found = flips(
        contest.marks,
        contest.counts,
        contest.rubric,
        contest.rules,
        contest.groups,
        contest.facilities,
        step=step,
    )

    moves = [
        Fraction(int(top), int(bottom)) if possible else None
        for possible, top, bottom in zip(found.possible, found.numerators, found.denominators, strict=True)
    ]
    assert moves == tried(contest, step)


def move(totals: list[list[int]], rules: Rules, *, step: int = 1, rubric: Rubric = WHOLE) -> Fraction | None:
    """Give the move of the first entry."""
    marks = np.array(totals)[:, :, None]
    found = flips(marks, np.ones(marks.shape[:2], dtype=bool), rubric, rules, step=step)
    fraction = Fraction(int(found.numerators[0]), int(found.denominators[0]))
    return fraction if found.possible[0] else None


@pytest.mark.parametrize(
    ("totals", "rules", "step", "wanted"),
    [
        ([[7000, 7000, 7000]], Rules(), 1, Fraction(-1, 3)),
        ([[7000, 7000, 6999]], Rules(), 1, Fraction(1, 3)),
        ([[7000, 7000, 6950]], Rules(), 50, Fraction(50, 3)),
        ([[7000]], Rules(threshold_op=ThresholdOp.GT), 1, Fraction(1)),
        ([[6900], [9000]], Rules(quota=1), 1, Fraction(100)),
        ([[9000], [8000]], Rules(quota=1), 50, Fraction(-1000)),
        ([[9000], [9000]], Rules(quota=1), 50, Fraction(-50)),
        ([[9000], [8000]], Rules(quota=0), 50, Fraction(-2050)),
        ([[9000]], Rules(threshold=0), 1, None),
        ([[9000]], Rules(threshold=10001), 1, None),
        ([[6900, 7000, 7300]], Rules(method=Method.MEDIAN), 25, Fraction(-25)),
        ([[6900, 7000]], Rules(method=Method.MEDIAN), 25, Fraction(50)),
    ],
)
def test_a_move_is_told_with_its_sign(
    totals: list[list[int]], rules: Rules, step: int, wanted: Fraction | None
) -> None:
    assert move(totals, rules, step=step) == wanted


def test_an_entry_below_a_floor_cannot_be_moved() -> None:
    marks, counts = np.array([[[1000, 1000]]]), np.ones((1, 1), dtype=bool)
    found = flips(marks, counts, Rubric((4000, 4000), floors=(1001, 0)), Rules(threshold=2001))

    assert found.possible.tolist() == [False]


def test_a_threshold_beyond_every_number_is_compared_all_the_same() -> None:
    assert move([[9000]], Rules(threshold=10**12)) is None


def test_a_step_below_one_is_refused() -> None:
    with pytest.raises(InvalidMarks, match="a step is at least 1 hundredth, not 0"):
        move([[9000]], Rules(), step=0)
