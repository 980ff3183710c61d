"""Classes of prize, by rank and by bands of values."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scoring import InvalidRules, PrizeBy, Prizes, Rubric, Rules, Standing, award, decide
from tests.unit.scoring.oracle import expected_prizes
from tests.unit.scoring.test_decide import Contest, contests, expected


def standing_of(*totals: int, rules: Rules | None = None) -> Standing:
    """One sheet for each entry, by its total in hundredths."""
    marks = np.array(totals, dtype=np.int64).reshape(-1, 1, 1)
    return decide(marks, np.ones((len(totals), 1), dtype=bool), Rubric((10000,)), rules or Rules())


def prizes_of(standing: Standing, prizes: Prizes) -> list[tuple[int | None, bool]]:
    """Class, or None, and whether the council decides."""
    awards = award(standing, prizes)
    return [
        (None if prize < 0 else prize, tied)
        for prize, tied in zip(awards.classes.tolist(), awards.tied.tolist(), strict=True)
    ]


@st.composite
def classes(draw: st.DrawFn) -> Prizes:
    if draw(st.booleans()):
        return Prizes(PrizeBy.RANK, tuple(draw(st.lists(st.integers(1, 3), max_size=4))))
    bands = draw(st.lists(st.integers(0, 9000), unique=True, max_size=4))
    return Prizes(PrizeBy.BAND, tuple(sorted(bands, reverse=True)))


@settings(max_examples=300)
@given(contest=contests(), prizes=classes())
def test_prizes_of_a_random_contest_are_given_as_the_oracle_does(contest: Contest, prizes: Prizes) -> None:
    assert prizes_of(contest.decide(), prizes) == expected_prizes(expected(contest), prizes)


def test_by_rank_each_class_takes_as_many_as_it_has_room_for() -> None:
    standing = standing_of(9000, 9500, 8000, 7000, 7500)

    assert prizes_of(standing, Prizes(PrizeBy.RANK, (1, 2))) == [
        (1, False),
        (0, False),
        (1, False),
        (None, False),
        (None, False),
    ]


def test_equals_within_one_class_share_it_and_equals_across_its_edge_wait_for_the_council() -> None:
    standing = standing_of(9000, 9000, 8000, 8000)

    assert prizes_of(standing, Prizes(PrizeBy.RANK, (2, 1))) == [
        (0, False),
        (0, False),
        (None, True),
        (None, True),
    ]


def test_equals_across_the_last_prize_wait_for_the_council() -> None:
    assert prizes_of(standing_of(9000, 9000), Prizes(PrizeBy.RANK, (1,))) == [(None, True), (None, True)]


def test_a_place_that_equals_leave_open_is_not_handed_down() -> None:
    standing = standing_of(9000, 9000, 8000)

    assert prizes_of(standing, Prizes(PrizeBy.RANK, (1, 2))) == [(None, True), (None, True), (1, False)]


def test_only_selected_entries_are_counted_and_get_a_prize() -> None:
    standing = standing_of(9000, 9000, 8000, 6000, rules=Rules(facility_quota=None, quota=1))

    assert prizes_of(standing, Prizes(PrizeBy.RANK, (1, 1))) == [(None, False)] * 4


def test_a_band_begins_exactly_at_its_limit_and_never_at_what_is_printed() -> None:
    marks = np.array([[[8999], [9000]], [[9000], [9000]]])
    standing = decide(marks, np.ones((2, 2), dtype=bool), Rubric((10000,)), Rules())

    assert standing.averages.tolist() == [9000, 9000]
    assert prizes_of(standing, Prizes(PrizeBy.BAND, (9000, 8000))) == [(1, False), (0, False)]


def test_without_classes_nobody_gets_a_prize() -> None:
    assert prizes_of(standing_of(9000), Prizes()) == [(None, False)]
    assert prizes_of(standing_of(9000), Prizes(PrizeBy.BAND)) == [(None, False)]
    assert prizes_of(standing_of(), Prizes(PrizeBy.RANK, (1,))) == []


@pytest.mark.parametrize(
    ("by", "limits"),
    [
        ("rank", (1,)),
        (PrizeBy.RANK, (0,)),
        (PrizeBy.RANK, (1.0,)),
        (PrizeBy.RANK, (True,)),
        (PrizeBy.RANK, (10**13,)),
        (PrizeBy.BAND, (-1,)),
        (PrizeBy.BAND, (8000, 8000)),
        (PrizeBy.BAND, (8000, 9000)),
    ],
)
def test_prizes_that_make_no_sense_are_refused(by: Any, limits: Any) -> None:
    with pytest.raises(InvalidRules):
        Prizes(by, limits)
