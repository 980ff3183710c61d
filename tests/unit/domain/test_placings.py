from dataclasses import replace

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

import scoring
from app.domain.placings import JuryResult, Place, places
from app.domain.results import Outcome
from app.domain.rules import ContestRules, CriterionRule, GroupRule

RULES = ContestRules(
    rubric="one",
    criteria=(CriterionRule("L1", "Một", "One", 10_000),),
    groups=(GroupRule("A", "A", "A"), GroupRule("B", "B", "B")),
    min_sheets=1,
    tie_break=(),
)


def jury(group: str, rank: int | None, outcome: Outcome) -> JuryResult:
    return JuryResult(group, 1, 7000, 1, rank, outcome, (7000,))


def test_without_a_quota_there_is_no_place() -> None:
    assert places([jury("A", 1, Outcome.SELECTED), jury("B", 2, Outcome.BELOW)], RULES) == [None, None]


def test_a_place_counts_only_those_of_the_group_that_reached() -> None:
    rules = replace(RULES, group_quotas={"A": 1})
    results = [
        jury("A", 1, Outcome.BELOW),  # a high value, but below the floor of a criterion
        jury("A", 2, Outcome.SELECTED),
        jury("B", 3, Outcome.SELECTED),
        jury("A", 4, Outcome.REACHED),
    ]

    assert places(results, rules) == [None, Place(1, 1, 1, "A"), None, Place(2, 1, 1, "A")]


def test_equals_across_the_cut_share_a_place() -> None:
    results = [jury("A", 1, Outcome.SELECTED), jury("A", 2, Outcome.TIED), jury("B", 2, Outcome.TIED)]

    assert places(results, replace(RULES, quota=2)) == [
        Place(1, 1, 2, None),
        Place(2, 2, 2, None),
        Place(2, 2, 2, None),
    ]


def test_who_is_cut_in_the_group_is_not_counted_in_the_contest() -> None:
    results = [
        jury("A", 1, Outcome.SELECTED),
        jury("A", 2, Outcome.REACHED),
        jury("B", 3, Outcome.SELECTED),
        jury("B", 4, Outcome.REACHED),
    ]

    assert places(results, replace(RULES, group_quotas={"A": 1}, quota=2)) == [
        Place(1, 1, 2, None),
        Place(2, 1, 1, "A"),
        Place(2, 1, 2, None),
        Place(3, 1, 2, None),
    ]


def test_who_is_cut_among_a_facilitys_own_entries_leaves_the_place_to_others() -> None:
    results = [
        replace(jury("A", 1, Outcome.SELECTED), facility_id=7),
        replace(jury("A", 2, Outcome.REACHED), facility_id=7),
        replace(jury("A", 3, Outcome.SELECTED), facility_id=8),
    ]

    assert places(results, replace(RULES, facility_quota=1, group_quotas={"A": 2})) == [
        Place(1, 1, 2, "A"),
        Place(2, 1, 1, None, of_facility=True),
        Place(2, 1, 2, "A"),
    ]
    assert places(results, replace(RULES, facility_quota=1))[2] == Place(1, 1, 1, None, of_facility=True)


@given(
    st.lists(st.tuples(st.sampled_from("AB"), st.integers(65, 75), st.integers(1, 4)), max_size=12),
    st.one_of(st.none(), st.integers(1, 3)),
    st.one_of(st.none(), st.integers(1, 8)),
    st.dictionaries(st.sampled_from("AB"), st.integers(0, 5)),
)
def test_places_tell_the_same_story_as_the_scoring_module(
    entries: list[tuple[str, int, int]],
    facility_quota: int | None,
    quota: int | None,
    group_quotas: dict[str, int],
) -> None:
    marks = np.array([points * 100 for _group, points, _facility in entries], dtype=np.int64).reshape(
        -1, 1, 1
    )
    counts = np.ones((len(entries), 1), dtype=bool)
    limits = tuple(group_quotas.get(code) for code in "AB") if group_quotas else ()
    groups = np.array(["AB".index(group) for group, _points, _facility in entries], dtype=np.int64)
    facilities = np.array([facility for *_entry, facility in entries], dtype=np.int64)
    rules = scoring.Rules(quota=quota, group_quotas=limits, facility_quota=facility_quota)
    standing = scoring.decide(marks, counts, scoring.Rubric((10_000,)), rules, groups, facilities)
    outcomes = [Outcome(scoring.Outcome(outcome).name.lower()) for outcome in standing.outcomes.tolist()]
    results = [
        replace(jury(group, rank, outcome), facility_id=facility)
        for (group, _points, facility), rank, outcome in zip(
            entries, standing.ranks.tolist(), outcomes, strict=True
        )
    ]

    declared = replace(RULES, quota=quota, group_quotas=group_quotas, facility_quota=facility_quota)

    found = places(results, declared)

    for place, outcome in zip(found, outcomes, strict=True):
        if outcome is Outcome.BELOW:
            assert place is None
        elif outcome is Outcome.SELECTED:
            assert place is None or not place.is_cut
        else:
            assert place is not None
            assert place.is_cut
            assert (outcome is Outcome.REACHED) == (place.position > place.quota)
