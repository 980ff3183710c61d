"""The recount of `verify.py`: contests worked out by hand, and random ones against the oracle."""

from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction
from typing import Any

import numpy as np
import pytest
from hypothesis import given

from app.verify.verify import Bundle, Sheets, placed, recount, value_of
from tests.unit.scoring.test_decide import Contest, contests, expected
from tests.unit.verify.small_bundles import RULES, columns, entry, given_sheets, opened


@pytest.mark.parametrize(
    ("totals", "rules", "value"),
    [
        ([7000, 7100, 7300], {"method": "mean"}, Fraction(21400, 3)),
        ([7000], {"method": "mean"}, Fraction(7000)),
        ([], {"method": "mean"}, None),
        ([6000, 7000, 7100, 9000], {"method": "trimmed", "trim": 1}, Fraction(7050)),
        ([5000, 6000, 7000, 7100, 9000, 9100], {"method": "trimmed", "trim": 2}, Fraction(7050)),
        ([6000, 7000, 9000], {"method": "trimmed", "trim": 1}, Fraction(7000)),
        ([6000, 7000], {"method": "trimmed", "trim": 1}, None),
        ([6000], {"method": "trimmed", "trim": 1}, None),
        ([6000, 7001], {"method": "trimmed", "trim": 0}, Fraction(13001, 2)),
        ([6000, 7000, 9000], {"method": "median"}, Fraction(7000)),
        ([6000, 7000, 7001, 9000], {"method": "median"}, Fraction(14001, 2)),
        ([6000], {"method": "median"}, Fraction(6000)),
        ([], {"method": "median"}, None),
        # The mean is 7000: 6500 and 7500 lie exactly at the limit and stay, one hundredth further they go.
        ([6500, 7000, 7500], {"method": "without-outliers"}, Fraction(7000)),
        ([6499, 7000, 7000, 7501], {"method": "without-outliers"}, Fraction(7000)),
        ([6499, 6900, 7000, 7601], {"method": "without-outliers"}, Fraction(6950)),
        ([6000, 7000, 8000], {"method": "without-outliers", "min_sheets": 2}, None),
        ([6000, 7000, 8000], {"method": "without-outliers"}, Fraction(7000)),
        ([6000, 8000], {"method": "without-outliers"}, None),
    ],
)
def test_each_method_gives_its_exact_value(
    totals: list[int], rules: dict[str, Any], value: Fraction | None
) -> None:
    assert value_of(totals, RULES | rules) == value


def test_equals_share_a_place_and_the_next_ones_are_skipped() -> None:
    assert placed({1: 5, 2: 3, 3: 5, 4: 9}) == {1: (1, 2), 2: (0, 1), 3: (1, 2), 4: (3, 1)}


def test_lines_of_the_entrys_group_and_of_every_group_stand_for_their_criterion() -> None:
    lines = [
        {"code": "A1", "parent": "A", "group": ""},
        {"code": "A2", "parent": "A", "group": "X"},
        {"code": "A3", "parent": "A", "group": "Y"},
    ]

    assert opened().criteria("X") == {"A": ["A"], "B": ["B"]}
    assert opened(sub_criteria=lines).criteria("X") == {"A": ["A1", "A2"], "B": ["B"]}
    assert opened(sub_criteria=lines).criteria("") == {"A": ["A1"], "B": ["B"]}


def results_of(*entries: Sequence[tuple[int, int]], **rules: Any) -> dict[int, dict[str, Any]]:
    """Recount such marks."""
    bundle = opened([entry(number) for number in range(1, len(entries) + 1)], **rules)
    return recount(bundle, given_sheets(*entries))


def test_an_entry_gets_its_reduced_fraction_its_spread_and_its_rank() -> None:
    found = results_of([(3600, 3400), (3500, 3500), (3700, 3300), (4000, 3000)], [(4000, 3000), (3900, 3500)])

    assert found == {
        1: {
            "sheets": 4,
            "spread": 0,
            "numerator": 7000,
            "denominator": 1,
            "rank": 2,
            "decided_by": "value",
            "outcome": "selected",
            "prize": None,
            "prize_tied": False,
        },
        2: {
            "sheets": 2,
            "spread": 400,
            "numerator": 7200,
            "denominator": 1,
            "rank": 1,
            "decided_by": "value",
            "outcome": "selected",
            "prize": None,
            "prize_tied": False,
        },
    }


def test_who_has_too_few_sheets_is_not_scored_and_keeps_their_spread() -> None:
    found = results_of([(3600, 3400), (3500, 3400)], [], [(4000, 4000)] * 3, min_sheets=3)

    assert columns(found, "outcome", "rank", "numerator", "decided_by", "sheets", "spread") == [
        ("not_scored", None, None, None, 2, 100),
        ("not_scored", None, None, None, 0, None),
        ("selected", 1, 8000, "value", 3, 0),
    ]


@pytest.mark.parametrize(
    ("operator", "outcomes"),
    [("ge", ["below", "selected", "selected"]), ("gt", ["below", "below", "selected"])],
)
def test_the_threshold_is_held_against_the_exact_value(operator: str, outcomes: list[str]) -> None:
    found = results_of(
        [(4000, 2999), (4000, 3000)], [(4000, 3000)], [(4000, 3000), (4000, 3001)], threshold_op=operator
    )

    assert [outcome for (outcome,) in columns(found, "outcome")] == outcomes
    assert columns(found, "numerator", "denominator") == [(13999, 2), (7000, 1), (14001, 2)]


def test_a_floor_is_held_against_the_exact_mean_of_its_criterion() -> None:
    criteria = [{"code": "A", "floor": 0}, {"code": "B", "floor": 3000}]

    found = results_of(
        [(5000, 2999), (5000, 3000)], [(5000, 2999), (5000, 3001)], [(5000, 4000)], criteria=criteria
    )

    assert [outcome for (outcome,) in columns(found, "outcome")] == ["below", "selected", "selected"]


def test_ties_are_broken_down_the_chain_and_each_entry_names_what_set_it_apart() -> None:
    found = results_of(
        [(4000, 4000)],  # 1 and 2 differ in B's mean only after A's, which is equal for none
        [(4100, 3900)],
        [(3500, 3500), (3500, 3500)],  # 3 and 4 have the same means and differ in their spread
        [(3500, 3500), (3600, 3600), (3400, 3400)],
        [(4500, 4500)],
        [(2000, 2000), (2100, 1900)],  # 6 and 7 are equal in everything
        [(2000, 2000), (2100, 1900)],
        tie_break=["A", "spread"],
    )

    assert columns(found, "rank", "decided_by") == [
        (3, "A"),
        (2, "A"),
        (4, "spread"),
        (5, "spread"),
        (1, "value"),
        (6, "tie"),
        (6, "tie"),
    ]


def test_a_criterion_with_lines_of_its_own_breaks_ties_by_their_sum() -> None:
    lines = [{"code": "A1", "parent": "A", "group": ""}, {"code": "A2", "parent": "A", "group": "X"}]
    bundle = opened([entry(1), entry(2)], sub_criteria=lines, tie_break=["A"])

    found = recount(
        bundle, {1: {7: {"A1": 3000, "A2": 1000, "B": 4000}}, 2: {7: {"A1": 2000, "A2": 2001, "B": 3999}}}
    )

    assert columns(found, "rank", "decided_by") == [(2, "A"), (1, "A")]


def test_one_hundredth_of_spread_is_more_than_none() -> None:
    found = results_of(
        [(4000, 3000), (4000, 3000), (4000, 3001)], [(4000, 3000)], method="median", tie_break=["spread"]
    )

    assert columns(found, "numerator", "rank", "decided_by") == [(7000, 2, "spread"), (7000, 1, "spread")]


def test_prizes_by_band_go_by_the_recounted_value() -> None:
    prizes = [{"code": "first", "limit": 9000}, {"code": "second", "limit": 8000}]

    found = results_of([(4000, 3999)], [(4000, 4000)], [(6000, 3000)], prizes=prizes, prize_by="band")

    assert columns(found, "prize", "prize_tied") == [(None, False), ("second", False), ("first", False)]


@given(drawn=contests())
def test_a_random_contest_is_recounted_as_the_oracle_does(drawn: Contest) -> None:
    # In a contest every entry has a facility: one of its own, where none was drawn.
    own = 100 + np.arange(len(drawn.facilities))
    contest = replace(drawn, facilities=np.where(drawn.facilities < 0, own, drawn.facilities))
    names = [f"c{place}" for place in range(len(contest.rubric))]
    bundle = bundle_of(contest, names)

    found = recount(bundle, marks_of(contest, names))

    chain = ("value", *bundle.rules["tie_break"], "tie")  # -1 is nothing to the end of the chain
    assert columns(found, "sheets", "numerator", "denominator", "rank", "decided_by", "outcome") == [
        (
            wanted.sheets,
            None if wanted.value is None else wanted.value.numerator,
            None if wanted.value is None else wanted.value.denominator,
            wanted.rank,
            None if wanted.decided_by is None else chain[wanted.decided_by],
            wanted.outcome,
        )
        for wanted in expected(contest)
    ]


def marks_of(contest: Contest, names: list[str]) -> Sheets:
    """The sheets of a random contest that count, by entry and judge."""
    entries = zip(contest.marks.tolist(), contest.counts.tolist(), strict=True)
    return {
        number: {
            judge: dict(zip(names, marks, strict=True)) for judge, marks in enumerate(sheets) if counts[judge]
        }
        for number, (sheets, counts) in enumerate(entries)
    }


def bundle_of(contest: Contest, names: list[str]) -> Bundle:
    """The rules and entries of a random contest."""
    rules = contest.rules
    groups = [-1] * len(contest.facilities) if contest.groups is None else contest.groups.tolist()
    entries = [
        entry(number, f"g{group}", facility)
        for number, (group, facility) in enumerate(zip(groups, contest.facilities.tolist(), strict=True))
    ]
    return opened(
        entries,
        criteria=[
            {"code": code, "floor": floor} for code, floor in zip(names, contest.rubric.floors, strict=True)
        ],
        method=rules.method.value,
        trim=rules.trim,
        outlier=rules.outlier,
        threshold=rules.threshold,
        threshold_op=rules.threshold_op.value,
        min_sheets=rules.min_sheets,
        tie_break=["spread" if key < 0 else names[key] for key in rules.tie_break],
        quota=rules.quota,
        group_quotas={f"g{group}": quota for group, quota in enumerate(rules.group_quotas)},
        facility_quota=rules.facility_quota,
    )
