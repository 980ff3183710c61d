"""What the council's ballot asks for."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.ballots import (
    check_addition,
    check_choices,
    check_closing_note,
    check_place,
    check_quorum,
    has_voted,
    votes_needed,
)
from app.domain.errors import IllegalState, InvalidInput, NotFound, NotPermitted
from app.domain.results import Choice, Outcome, is_carried

YES, NO, ABSTAIN = Choice.YES, Choice.NO, Choice.ABSTAIN


@given(st.integers(0, 200), st.integers(0, 200), st.integers(0, 200))
def test_an_entry_is_carried_exactly_by_the_votes_needed(yes: int, no: int, abstain: int) -> None:
    assert is_carried(yes, no, abstain) == (yes >= votes_needed(yes + no + abstain))


@pytest.mark.parametrize(
    ("voted_on", "on_ballot", "barred", "voted"),
    [
        ({1, 2}, [1, 2], set(), True),
        ({1}, [1, 2], set(), False),
        ({1}, [1, 2], {2}, True),
        (set(), [1], {1}, False),
        (set(), [], set(), False),
    ],
)
def test_a_member_has_voted_with_a_choice_on_everything_open_to_them(
    voted_on: set[int], on_ballot: list[int], barred: set[int], voted: bool
) -> None:
    assert has_voted(voted_on, on_ballot, barred) is voted


def test_a_vote_covers_every_entry_that_is_open_to_the_member() -> None:
    check_choices({1: YES, 2: ABSTAIN}, [1, 2, 3], {3})

    with pytest.raises(InvalidInput) as caught:
        check_choices({1: NO}, [1, 2, 4], {4})
    assert list(caught.value.fields) == ["choice_2"]


def test_nobody_votes_on_what_is_not_on_the_ballot() -> None:
    with pytest.raises(NotFound):
        check_choices({1: YES, 9: YES}, [1], set())


def test_nobody_votes_on_a_product_of_their_own_facility() -> None:
    with pytest.raises(NotPermitted):
        check_choices({1: YES, 2: YES}, [1, 2], {2})


@pytest.mark.parametrize("outcome", Outcome)
def test_only_what_reached_the_threshold_can_be_added(outcome: Outcome) -> None:
    if outcome in (Outcome.TIED, Outcome.REACHED):
        check_addition(outcome)
    else:
        with pytest.raises(IllegalState):
            check_addition(outcome)


@pytest.mark.parametrize("place", ["", "x" * 201])
def test_the_place_is_written_and_not_endless(place: str) -> None:
    check_place("Sở Công Thương, phòng họp số 2")

    with pytest.raises(InvalidInput) as caught:
        check_place(place)
    assert list(caught.value.fields) == ["place"]


def test_the_quorum_must_be_there() -> None:
    check_quorum(7, 9, 7)

    with pytest.raises(IllegalState, match=r"6 of 9 members .* at least 7"):
        check_quorum(6, 9, 7)


def test_a_ballot_closes_with_the_council_s_conclusion() -> None:
    check_closing_note("Hội đồng không nhất trí.")

    for note in ("", "x" * 2001):
        with pytest.raises(InvalidInput) as caught:
            check_closing_note(note)
        assert list(caught.value.fields) == ["note"]
