"""The seats that the solver gives: what is asked holds whatever the jury looks like."""

from itertools import product
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.services import seating
from app.services.seating import Bools, Hall, NotSeated, seat


def hall(free: Any, wanted: int, groups: Any = None, **fields: Any) -> Hall:
    """A hall in which nothing is seated, avoided or wished for unless said otherwise."""
    free = np.array(free, dtype=bool)
    n_entries, n_judges = free.shape
    groups = np.array([0] * n_entries if groups is None else groups, dtype=np.int64)
    values: dict[str, Any] = {
        "seated": np.zeros_like(free),
        "avoided": np.zeros_like(free),
        "wished": np.ones((n_judges, int(groups.max()) + 1), dtype=bool),
    }
    made = {name: np.array(value, dtype=bool) for name, value in (values | fields).items()}
    return Hall(free=free, groups=groups, wanted=wanted, **made)


def everybody(n_entries: int, n_judges: int) -> Bools:
    return np.ones((n_entries, n_judges), dtype=bool)


def loads(seats: Bools) -> list[int]:
    counts: list[int] = seats.sum(axis=0).tolist()
    return sorted(counts)


def test_every_entry_gets_its_sheets_and_loads_are_even() -> None:
    seats = seat(hall(everybody(12, 4), wanted=3))

    assert seats.sum(axis=1).tolist() == [3] * 12
    assert loads(seats) == [9, 9, 9, 9]


def test_each_of_two_groups_is_kept_by_its_own_judges() -> None:
    seats = seat(hall(everybody(12, 6), wanted=3, groups=[0] * 6 + [1] * 6))

    in_groups = np.stack([seats[:6].any(axis=0), seats[6:].any(axis=0)])
    assert in_groups.sum(axis=1).tolist() == [3, 3]
    assert in_groups.sum(axis=0).tolist() == [1] * 6
    assert loads(seats) == [6] * 6


def test_sheets_that_exist_stay_and_count() -> None:
    seated = np.zeros((6, 3), dtype=bool)
    seated[:4, 0] = True

    seats = seat(hall(everybody(6, 3), wanted=2, seated=seated))

    assert not (seats & seated).any()
    assert (seats | seated).sum(axis=1).tolist() == [2] * 6
    assert loads(seats | seated) == [4, 4, 4]


def test_an_entry_with_more_sheets_than_wanted_is_left_alone() -> None:
    assert not seat(hall(everybody(2, 3), wanted=1, seated=everybody(2, 3))).any()


def test_an_entry_gets_what_there_is_when_too_few_may_score_it() -> None:
    free = everybody(3, 3)
    free[1] = [True, False, False]
    free[2] = [False, False, False]

    seats = seat(hall(free, wanted=2))

    assert seats.sum(axis=1).tolist() == [2, 1, 0]


def test_nothing_is_given_without_judges_or_entries() -> None:
    for shape in ((3, 0), (0, 3)):
        empty = Hall(
            *(np.zeros(shape, dtype=bool),) * 3, np.zeros(shape[0], np.int64), np.ones((shape[1], 1), bool), 2
        )
        assert seat(empty).shape == shape


def test_an_avoided_seat_is_given_only_for_want_of_others() -> None:
    avoided = np.zeros((2, 3), dtype=bool)
    avoided[:, 0] = True
    free = everybody(2, 3)
    free[1, 2] = False

    seats = seat(hall(free, wanted=2, avoided=avoided))

    assert seats.tolist() == [[False, True, True], [True, True, False]]


def test_judges_are_kept_where_they_are_wished_for_also_at_the_price_of_a_group_more() -> None:
    wished = np.array([[1, 0], [1, 0], [0, 1], [0, 1]], dtype=bool)

    seats = seat(hall(everybody(8, 4), wanted=2, groups=[0] * 4 + [1] * 4, wished=wished))

    assert seats[:4].sum(axis=0).tolist() == [4, 4, 0, 0]
    assert seats[4:].sum(axis=0).tolist() == [0, 0, 4, 4]


def test_a_group_that_its_own_judges_cannot_fill_gets_others() -> None:
    wished = np.array([[1, 0], [1, 0], [0, 1]], dtype=bool)

    seats = seat(hall(everybody(4, 3), wanted=2, groups=[0, 0, 1, 1], wished=wished))

    assert seats.sum(axis=1).tolist() == [2] * 4


def test_the_same_arrays_give_the_same_seats() -> None:
    chance = np.random.default_rng(1)
    free, groups = chance.random((40, 7)) < 0.9, np.sort(chance.integers(0, 3, 40))
    one, other = (seat(hall(free, wanted=3, groups=groups)) for _run in range(2))

    assert (one == other).all()


def test_a_solver_without_time_says_so() -> None:
    with pytest.raises(NotSeated):
        seat(hall(everybody(60, 12), wanted=5), seconds=0.0)


def test_without_time_for_the_groups_the_loads_are_even_all_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    def in_vain(*_args: object) -> Bools:
        raise NotSeated

    monkeypatch.setattr(seating, "_groups_of_judges", in_vain)

    assert loads(seat(hall(everybody(8, 4), wanted=2))) == [4] * 4


@st.composite
def halls(draw: st.DrawFn) -> Hall:
    n_entries, n_judges = draw(st.integers(1, 8)), draw(st.integers(1, 5))
    cells = st.lists(st.booleans(), min_size=n_entries * n_judges, max_size=n_entries * n_judges)
    free, seated, avoided = (
        np.array(draw(cells), dtype=bool).reshape(n_entries, n_judges) for _table in range(3)
    )
    n_groups = draw(st.integers(1, 3))
    groups = draw(st.lists(st.integers(0, n_groups - 1), min_size=n_entries, max_size=n_entries))
    wishes = st.lists(st.booleans(), min_size=n_judges * n_groups, max_size=n_judges * n_groups)
    return Hall(
        seated=seated & ~free,
        free=free,
        avoided=avoided,
        groups=np.array(groups, dtype=np.int64),
        wished=np.array(draw(wishes), dtype=bool).reshape(n_judges, n_groups),
        wanted=draw(st.integers(0, 6)),
    )


@settings(max_examples=40)
@given(halls())
def test_whatever_the_jury_every_entry_gets_what_can_be_given(room: Hall) -> None:
    seats = seat(room)

    assert not (seats & ~room.free).any()
    assert not (seats & room.seated).any()
    lacks = np.maximum(room.wanted - room.seated.sum(axis=1), 0)
    assert seats.sum(axis=1).tolist() == np.minimum(lacks, room.free.sum(axis=1)).tolist()
    needed = np.minimum(lacks, (room.free & ~room.avoided).sum(axis=1))
    assert ((seats & room.avoided).sum(axis=1) == seats.sum(axis=1) - needed).all()


@settings(max_examples=20)
@given(st.lists(st.lists(st.booleans(), min_size=3, max_size=3), min_size=1, max_size=5), st.integers(1, 2))
def test_no_way_of_seating_has_a_smaller_largest_load_than_one_less(
    rows: list[list[bool]], wanted: int
) -> None:
    free = np.array(rows, dtype=bool)

    seats = seat(hall(free, wanted=wanted))

    assert loads(seats)[-1] <= smallest_largest_load(free, wanted) + 1


def smallest_largest_load(free: Bools, wanted: int) -> int:
    """By trying every way of seating."""
    panels = [
        [
            panel
            for panel in product((0, 1), repeat=free.shape[1])
            if sum(panel) == min(wanted, row.sum()) and not (np.array(panel, dtype=bool) & ~row).any()
        ]
        for row in free
    ]
    return min(int(np.array(chosen).sum(axis=0).max()) for chosen in product(*panels))
