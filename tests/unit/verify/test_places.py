"""How `verify.py` fills quotas and gives prizes."""

from collections.abc import Sequence
from fractions import Fraction
from typing import Any

from app.verify.verify import award, select
from tests.unit.verify.small_bundles import columns, entry, opened


def chosen(ranks: list[int], entries: list[dict[str, Any]], **rules: Any) -> list[str]:
    """Who is selected among entries of these ranks that all reach."""
    bundle = opened(entries, **rules)
    results: dict[int, Any] = {row["id"]: {"rank": rank} for row, rank in zip(entries, ranks, strict=True)}
    select(bundle, results, list(results))
    return [row["outcome"] for row in results.values()]


def test_quotas_are_filled_by_facility_then_by_group_then_in_total() -> None:
    entries = [entry(1, "X", 7), entry(2, "X", 7), entry(3, "X", 8), entry(4, "X", 9), entry(5, "Y", 9)]

    assert chosen([1, 2, 3, 4, 5], entries) == ["selected"] * 5
    assert chosen([1, 2, 3, 4, 5], entries, facility_quota=1) == [
        "selected",
        "reached",
        "selected",
        "selected",
        "reached",
    ]
    assert chosen([1, 2, 3, 4, 5], entries, facility_quota=1, group_quotas={"X": 2}, quota=1) == [
        "selected",
        "reached",
        "reached",
        "reached",
        "reached",
    ]
    assert chosen([1, 2, 3, 4, 5], entries, group_quotas={"X": 2, "Y": 0}, quota=5) == [
        "selected",
        "selected",
        "reached",
        "reached",
        "reached",
    ]


def test_equals_across_a_cut_are_tied_and_those_that_end_at_it_are_selected() -> None:
    entries = [entry(number) for number in range(1, 6)]

    assert chosen([1, 2, 2, 4, 4], entries, quota=4) == ["selected", "selected", "selected", "tied", "tied"]
    assert chosen([1, 2, 2, 4, 5], entries, quota=3) == [
        "selected",
        "selected",
        "selected",
        "reached",
        "reached",
    ]
    assert chosen([1, 1, 3, 4, 5], entries, quota=0) == ["reached"] * 5


def test_who_is_tied_at_a_quota_of_the_facility_leaves_the_total_to_others() -> None:
    entries = [entry(1, "X", 7), entry(2, "X", 7), entry(3, "X", 8), entry(4, "X", 9)]

    assert chosen([1, 1, 3, 4], entries, facility_quota=1, quota=2) == [
        "tied",
        "tied",
        "selected",
        "selected",
    ]


def test_who_only_reached_is_not_counted_in_a_quota_and_who_did_not_reach_stays_as_they_are() -> None:
    results: dict[int, Any] = {1: {"rank": 1, "outcome": "below"}, 2: {"rank": 2}, 3: {"rank": 3}}

    select(opened([entry(1), entry(2), entry(3)], quota=1), results, [2, 3])

    assert columns(results, "outcome") == [("below",), ("selected",), ("reached",)]


def prizes_of(
    ranks: list[int], prizes: list[tuple[str, int]], by: str | None = None, values: Sequence[Any] = ()
) -> list[tuple[str | None, bool]]:
    """Prizes of selected entries; a rank of 0 is an entry that is not selected."""
    results: dict[int, Any] = {
        number: {"rank": rank, "outcome": "selected" if rank else "below", "prize": None, "prize_tied": False}
        for number, rank in enumerate(ranks)
    }
    rules = {"prizes": [{"code": code, "limit": limit} for code, limit in prizes], "prize_by": by}
    award(rules if by else rules | {"prize_by": "rank"}, dict(enumerate(values)), results)
    return [(row["prize"], row["prize_tied"]) for row in results.values()]


def test_by_rank_each_class_takes_as_many_as_it_has_room_for() -> None:
    prizes = [("first", 1), ("second", 2)]

    assert prizes_of([2, 1, 3, 4, 0], prizes) == [
        ("second", False),
        ("first", False),
        ("second", False),
        (None, False),
        (None, False),
    ]


def test_equals_across_the_edge_of_a_class_and_of_the_last_prize_get_none_and_are_tied() -> None:
    prizes = [("first", 1), ("second", 2)]

    assert prizes_of([1, 1, 3, 3], prizes) == [(None, True), (None, True), (None, True), (None, True)]
    assert prizes_of([1, 2, 2, 4], prizes) == [
        ("first", False),
        ("second", False),
        ("second", False),
        (None, False),
    ]


def test_a_class_with_more_room_than_entries_leaves_none_for_the_next() -> None:
    assert prizes_of([1, 2], [("first", 10**9), ("second", 1)]) == [("first", False), ("first", False)]


def test_by_band_the_first_class_is_taken_whose_limit_the_exact_value_reaches() -> None:
    values = [Fraction(9000), Fraction(17999, 2), Fraction(8000), Fraction(15999, 2)]

    assert prizes_of([1, 2, 3, 4], [("first", 9000), ("second", 8000)], "band", values) == [
        ("first", False),
        ("second", False),
        ("second", False),
        (None, False),
    ]


def test_by_band_the_best_place_is_worth_no_more_than_its_value() -> None:
    assert prizes_of([1], [("first", 9000), ("second", 8000)], "band", [Fraction(8000)]) == [
        ("second", False)
    ]


def test_rules_older_than_prizes_give_none() -> None:
    results: dict[int, Any] = {1: {"rank": 1, "outcome": "selected"}, 2: {"rank": 2, "outcome": "reached"}}

    award({}, {}, results)

    assert results == {
        1: {"rank": 1, "outcome": "selected", "prize": None, "prize_tied": False},
        2: {"rank": 2, "outcome": "reached"},
    }
