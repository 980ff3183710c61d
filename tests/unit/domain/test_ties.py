"""Ties at the cut: where they are, how many places they have, and what votes make of them."""

import pytest

from app.domain.errors import InvalidInput
from app.domain.placings import JuryResult, Place
from app.domain.results import Choice, Outcome
from app.domain.rules import ContestRules
from app.domain.ties import Parted, Tie, check_tie_choices, part, ties_of_results

S, T, R = Outcome.SELECTED, Outcome.TIED, Outcome.REACHED
PLACE = Place(position=5, equals=3, quota=6, group=None)


def rules(**quotas: object) -> ContestRules:
    return ContestRules(rubric="r", criteria=(), groups=(), **quotas)  # type: ignore[arg-type]


def result(rank: int, outcome: Outcome, group: str = "A", facility: int = 0) -> JuryResult:
    return JuryResult(group, 5, 8000, 1, rank, outcome, (), facility or 100 + rank)


def found(results: dict[int, JuryResult], **quotas: object) -> list[tuple[tuple[int, ...], int]]:
    return [(tie.entries, tie.places) for tie in ties_of_results(results, rules(**quotas))]


def test_without_a_quota_there_is_no_tie() -> None:
    assert found({1: result(1, S), 2: result(1, S)}) == []


def test_the_places_are_what_the_better_ones_leave_of_the_quota() -> None:
    results = {1: result(1, S), 2: result(2, T), 3: result(2, T), 4: result(2, T), 5: result(5, R)}

    assert found(results, quota=3) == [((2, 3, 4), 2)]
    assert found(results, quota=2) == [((2, 3, 4), 1)]


def test_each_group_and_facility_has_its_own_tie() -> None:
    results = {
        1: result(1, T, "A", 7),
        2: result(1, T, "A", 7),
        3: result(3, T, "B"),
        4: result(3, T, "B"),
    }

    assert found(results, facility_quota=1, group_quotas={"B": 1}) == [((1, 2), 1), ((3, 4), 1)]


def test_a_tie_leaves_a_worse_one_only_what_is_left_of_the_quota_in_all() -> None:
    group = {1: result(1, T, "A"), 2: result(1, T, "A"), 3: result(3, S, "B")}
    worse = {4: result(4, T, "B"), 5: result(4, T, "B")}

    assert found(group | worse, group_quotas={"A": 1, "B": 2}, quota=3) == [((1, 2), 1), ((4, 5), 1)]
    assert found(group | worse, group_quotas={"A": 1, "B": 2}, quota=2) == [((1, 2), 1), ((4, 5), 0)]


@pytest.mark.parametrize(
    ("places", "counts", "carried", "undecided"),
    [
        (
            1,
            {1: (5, 2, 0), 2: (4, 3, 0), 3: (3, 4, 0)},
            {1},
            set(),
        ),  # both have a majority, the first has more
        (2, {1: (5, 2, 0), 2: (4, 3, 0), 3: (4, 3, 0)}, {1}, {2, 3}),
        (1, {1: (4, 3, 0), 2: (4, 3, 0), 3: (4, 3, 0)}, set(), {1, 2, 3}),
        (2, {1: (4, 3, 0), 2: (4, 3, 0), 3: (3, 3, 1)}, {1, 2}, set()),  # three of seven are no majority
        (1, {1: (3, 4, 0), 2: (3, 4, 0), 3: (1, 6, 0)}, set(), set()),  # a place may stay free
        (1, {1: (4, 3, 0)}, {1}, set()),  # the others left the ballot
        (0, {1: (7, 0, 0), 2: (6, 1, 0)}, set(), set()),
        (3, {1: (4, 3, 0), 2: (4, 3, 0), 3: (4, 3, 0)}, {1, 2, 3}, set()),
    ],
)
def test_the_most_yes_votes_with_a_majority_fill_the_places(
    places: int, counts: dict[int, tuple[int, int, int]], carried: set[int], undecided: set[int]
) -> None:
    tie = Tie((1, 2, 3), PLACE, 2, decided=places)

    assert part(tie, counts) == Parted(frozenset(carried), frozenset(undecided))


def test_a_member_says_yes_to_no_more_than_there_are_places() -> None:
    tie = Tie((1, 2, 3), PLACE, 1)
    yes = dict.fromkeys((1, 2), Choice.YES) | {3: Choice.NO, 9: Choice.YES}

    check_tie_choices(yes | {2: Choice.ABSTAIN}, [tie])
    with pytest.raises(InvalidInput) as caught:
        check_tie_choices(yes, [tie])

    assert {name: str(text) for name, text in caught.value.fields.items()} == dict.fromkeys(
        ("choice_1", "choice_2"),
        "These products are tied for 1 places; you said yes to 2 of them. Say yes to at most 1.",
    )
