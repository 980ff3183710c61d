"""What an outcome hangs on: each scenario against a contest that really is so."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given

from scoring import (
    InvalidRules,
    Method,
    Outcome,
    Rubric,
    Rules,
    Scenario,
    ScenarioKind,
    Sensitivity,
    decide,
    sensitivity,
)
from tests.unit.scoring.test_decide import Contest, contests

WHOLE = Rubric((10000,))


def of(totals: object, rules: Rules, counts: list[list[int]] | None = None) -> Sensitivity:
    """Try totals of one criterion."""
    marks = np.array(totals, dtype=np.int64)[:, :, None]
    counting = np.ones(marks.shape[:2], dtype=bool) if counts is None else np.array(counts, dtype=bool)
    return sensitivity(marks, counting, WHOLE, rules)


def outcomes(found: Sensitivity, kind: ScenarioKind) -> dict[object, list[str]]:
    """Name the outcomes under each scenario of a kind, by what is different."""
    return {
        scenario.judge if kind is ScenarioKind.JUDGE else (scenario.method or scenario.threshold): [
            Outcome(value).name for value in row
        ]
        for scenario, row in zip(found.scenarios, found.scenario_outcomes, strict=True)
        if scenario.kind is kind
    }


def decided(contest: Contest, rules: Rules) -> list[int]:
    """Decide by other rules."""
    arrays = contest.marks, contest.counts, contest.rubric, rules, contest.groups, contest.facilities
    outcomes: list[int] = decide(*arrays).outcomes.tolist()
    return outcomes


@given(contests())
def test_each_scenario_is_a_contest_decided_again(contest: Contest) -> None:
    found = sensitivity(
        contest.marks, contest.counts, contest.rubric, contest.rules, contest.groups, contest.facilities
    )
    scored = contest.decide().scored

    for scenario, given_outcomes, changes in zip(
        found.scenarios, found.scenario_outcomes, found.changes, strict=True
    ):
        wanted = contest
        rules = contest.rules
        if scenario.judge is not None:
            rules = replace(rules, min_sheets=max(1, rules.min_sheets - 1))
            kept = np.arange(contest.counts.shape[1]) != scenario.judge
            wanted = replace(
                contest,
                marks=contest.marks[:, kept],
                counts=contest.counts[:, kept] & scored[:, None],
            )
        if scenario.method is not None:
            rules = replace(rules, method=scenario.method)
        if scenario.threshold is not None:
            rules = replace(rules, threshold=scenario.threshold)
        assert given_outcomes.tolist() == decided(wanted, rules)
        differs = given_outcomes != contest.decide().outcomes
        silent = (scenario.kind is ScenarioKind.METHOD) & (given_outcomes == Outcome.NOT_SCORED)
        assert changes.tolist() == (differs & ~silent).tolist()


@given(contests())
def test_the_scenarios_are_each_judge_each_other_method_and_both_thresholds(contest: Contest) -> None:
    found = sensitivity(
        contest.marks, contest.counts, contest.rubric, contest.rules, contest.groups, contest.facilities
    )

    assert found.outcomes.tolist() == contest.decide().outcomes.tolist()
    assert found.scenarios == (
        *(Scenario(ScenarioKind.JUDGE, judge=judge) for judge in range(contest.counts.shape[1])),
        *(
            Scenario(ScenarioKind.METHOD, method=method)
            for method in Method
            if method != contest.rules.method
        ),
        Scenario(ScenarioKind.THRESHOLD, threshold=max(0, contest.rules.threshold - 50)),
        Scenario(ScenarioKind.THRESHOLD, threshold=contest.rules.threshold + 50),
    )


def test_an_outcome_that_hangs_on_one_judge_is_told() -> None:
    found = of([[7000, 7100, 6850], [9000, 9000, 9000]], Rules())

    assert outcomes(found, ScenarioKind.JUDGE) == {
        0: ["BELOW", "SELECTED"],
        1: ["BELOW", "SELECTED"],
        2: ["SELECTED", "SELECTED"],
    }
    assert found.outcomes.tolist() == [Outcome.BELOW, Outcome.SELECTED]


def test_where_every_sheet_is_required_one_fewer_is_required_without_a_judge() -> None:
    found = of([[7000, 7100, 7200]], Rules(min_sheets=3))

    assert outcomes(found, ScenarioKind.JUDGE) == {0: ["SELECTED"], 1: ["SELECTED"], 2: ["SELECTED"]}


def test_an_entry_with_too_few_sheets_does_not_get_in_because_a_judge_is_left_out() -> None:
    found = of([[7000, 7100, 0], [8000, 8000, 8000]], Rules(min_sheets=3), [[1, 1, 0], [1, 1, 1]])

    assert outcomes(found, ScenarioKind.JUDGE)[2] == ["NOT_SCORED", "SELECTED"]
    assert not found.changes[:3].any()


def test_an_entry_loses_its_only_sheet_with_its_judge() -> None:
    found = of([[7000, 7000]], Rules(), [[1, 0]])

    assert outcomes(found, ScenarioKind.JUDGE) == {0: ["NOT_SCORED"], 1: ["SELECTED"]}
    assert found.changes[:2, 0].tolist() == [True, False]


def test_a_method_that_needs_more_sheets_changes_nothing() -> None:
    found = of([[7000, 7100]], Rules())

    assert outcomes(found, ScenarioKind.METHOD)[Method.TRIMMED] == ["NOT_SCORED"]
    assert not found.changes.any()


def test_another_method_may_give_another_outcome() -> None:
    found = of([[7000, 7000, 5900]], Rules())

    assert outcomes(found, ScenarioKind.METHOD) == {
        Method.TRIMMED: ["SELECTED"],
        Method.MEDIAN: ["SELECTED"],
        Method.WITHOUT_OUTLIERS: ["SELECTED"],
    }


def test_half_a_point_of_threshold_is_tried_on_either_side() -> None:
    found = of([[6950], [7049], [7050], [6949]], Rules())

    assert outcomes(found, ScenarioKind.THRESHOLD) == {
        6950: ["SELECTED", "SELECTED", "SELECTED", "BELOW"],
        7050: ["BELOW", "BELOW", "SELECTED", "BELOW"],
    }


def test_a_threshold_does_not_go_below_nothing_nor_beyond_the_largest_bar() -> None:
    lowest, highest = of([[0]], Rules(threshold=20)), of([[0]], Rules(threshold=10**12))

    assert [scenario.threshold for scenario in lowest.scenarios[-2:]] == [0, 70]
    assert [scenario.threshold for scenario in highest.scenarios[-2:]] == [10**12 - 50, 10**12]


@pytest.mark.parametrize("shape", [(0, 0), (0, 3), (3, 0)])
def test_a_contest_without_entries_or_judges_hangs_on_nothing(shape: tuple[int, int]) -> None:
    found = of(np.empty(shape), Rules(quota=1))

    assert not found.changes.any()
    assert found.flips.possible.tolist() == [False] * shape[0]


def test_quotas_of_groups_need_groups() -> None:
    with pytest.raises(InvalidRules):
        of([[7000]], Rules(group_quotas=(1,)))
