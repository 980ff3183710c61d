"""What each outcome hangs on: one judge, the method, the threshold. Advisory: nothing here decides anything."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from scoring.decide import Standing, decide
from scoring.flips import Flips, flips
from scoring.rubric import Rubric
from scoring.rules import MAX_BAR, Method, Rules
from scoring.selection import Outcome

THRESHOLD_MARGIN: Final = 50
"""How far the threshold is moved down and up: half a point, in hundredths."""


class ScenarioKind(StrEnum):
    """What is different from the contest as it was declared."""

    JUDGE = "judge"
    METHOD = "method"
    THRESHOLD = "threshold"


@dataclass(frozen=True)
class Scenario:
    """One thing that might have been otherwise.

    Attributes
    ----------
    kind : ScenarioKind
        Which of the following is given.
    judge : int or None
        The index of the judge who is left out.
    method : Method or None
        The method used instead.
    threshold : int or None
        The threshold used instead, in hundredths of a point.
    """

    kind: ScenarioKind
    judge: int | None = None
    method: Method | None = None
    threshold: int | None = None


@dataclass(frozen=True)
class Sensitivity:
    """What changes the outcomes.

    Attributes
    ----------
    outcomes : (n_entries,) ndarray of int8
        Values of `Outcome` as declared.
    scenarios : tuple of Scenario
        Without each judge in their order, under each other method, with the threshold lower and higher.
    scenario_outcomes : (n_scenarios, n_entries) ndarray of int8
        The outcomes under each scenario.
    changes : (n_scenarios, n_entries) ndarray of bool
        Where an outcome differs. A method that needs more sheets than an entry has says nothing about it, and
        is no change.
    flips : Flips
        The smallest move of each entry's own value that changes its outcome.
    """

    outcomes: NDArray[np.int8]
    scenarios: tuple[Scenario, ...]
    scenario_outcomes: NDArray[np.int8]
    changes: NDArray[np.bool_]
    flips: Flips


def sensitivity(
    marks: NDArray[np.integer[Any]],
    counts: NDArray[np.bool_],
    rubric: Rubric,
    rules: Rules,
    groups: NDArray[np.integer[Any]] | None = None,
    facilities: NDArray[np.integer[Any]] | None = None,
    *,
    step: int = 1,
) -> Sensitivity:
    """Decide the contest again with one thing changed at a time, exactly as `decide` does.

    Without a judge the minimum of sheets is lowered by one (never below one): the question is what the rest of
    the jury says, and where every judge's sheet is required, the declared minimum would only repeat that one is
    missing. An entry that was not scored with all judges is not scored without one either. An entry whose only
    sheet is left out, or whose method needs more sheets than remain, becomes `Outcome.NOT_SCORED`, which is a
    change. Other methods are tried with ``rules.trim`` and ``rules.outlier``.

    Parameters
    ----------
    marks : (n_entries, n_judges, n_criteria) ndarray of any integer type
        Marks in hundredths of a point. What stands where `counts` is false is never read as a mark.
    counts : (n_entries, n_judges) ndarray of bool
        Which sheets count.
    rubric : Rubric
        The highest mark and the floor of each criterion.
    rules : Rules
        Everything that was declared before scoring opened.
    groups, facilities : (n_entries,) ndarray of integers, optional
        As for `decide`.
    step : int, optional
        What every mark is a multiple of, in hundredths.

    Returns
    -------
    Sensitivity
        Outcomes under every scenario, and the smallest moves.

    Raises
    ------
    InvalidMarks, InvalidRules
        As `decide` says.

    Examples
    --------
    Two entries at 70.50 and 69.00 for a threshold of 70; without the second judge the first falls below:

    >>> marks = np.array([[[6900], [7200]], [[6900], [6900]]])
    >>> found = sensitivity(marks, np.ones((2, 2), dtype=bool), Rubric((10000,)), Rules(), step=25)
    >>> [found.scenarios[index].judge for index in np.flatnonzero(found.changes[:, 0])[:1]]
    [1]
    >>> found.flips.numerators / found.flips.denominators
    array([-62.5, 100. ])
    """

    def decided(counts: NDArray[np.bool_], rules: Rules) -> Standing:
        return decide(marks, counts, rubric, rules, groups, facilities)

    standing = decided(counts, rules)
    scenarios = tuple(_scenarios(counts.shape[1], rules))
    outcomes = np.empty((len(scenarios), len(counts)), dtype=np.int8)
    for index, scenario in enumerate(scenarios):
        sheets, least = counts, rules.min_sheets
        if scenario.judge is not None:
            sheets, least = counts & standing.scored[:, None], max(1, least - 1)
            sheets[:, scenario.judge] = False
        otherwise = replace(
            rules,
            min_sheets=least,
            method=scenario.method or rules.method,
            threshold=rules.threshold if scenario.threshold is None else scenario.threshold,
        )
        outcomes[index] = decided(sheets, otherwise).outcomes
    by_method = np.array([scenario.method is not None for scenario in scenarios])
    silent = by_method[:, None] & (outcomes == Outcome.NOT_SCORED)
    return Sensitivity(
        outcomes=standing.outcomes,
        scenarios=scenarios,
        scenario_outcomes=outcomes,
        changes=(outcomes != standing.outcomes) & ~silent,
        flips=flips(marks, counts, rubric, rules, groups, facilities, step=step),
    )


def _scenarios(n_judges: int, rules: Rules) -> Iterator[Scenario]:
    for judge in range(n_judges):
        yield Scenario(ScenarioKind.JUDGE, judge=judge)
    for method in Method:
        if method is not rules.method:
            yield Scenario(ScenarioKind.METHOD, method=method)
    yield Scenario(ScenarioKind.THRESHOLD, threshold=max(0, rules.threshold - THRESHOLD_MARGIN))
    yield Scenario(ScenarioKind.THRESHOLD, threshold=min(MAX_BAR, rules.threshold + THRESHOLD_MARGIN))
