"""From marks to a result, in one call."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from scoring.aggregate import aggregate
from scoring.marks import tally
from scoring.ranking import rank
from scoring.rounding import round_half_up
from scoring.rubric import Rubric
from scoring.rules import Rules
from scoring.selection import reaches, select


@dataclass(frozen=True)
class Standing:
    """What the rules make of each entry; one element per entry in every array.

    Attributes
    ----------
    sheets : (n_entries,) ndarray of int64
        How many sheets count.
    scored : (n_entries,) ndarray of bool
        Whether the entry has a value.
    numerators, denominators : (n_entries,) ndarray of int64
        The exact value in hundredths of a point, not reduced; 0 and 1 where not scored.
    spreads : (n_entries,) ndarray of int64
        The highest total less the lowest, in hundredths; 0 without a sheet.
    averages : (n_entries,) ndarray of int64
        The value rounded half up to whole hundredths, for print only; 0 where not scored.
    ranks : (n_entries,) ndarray of int64
        Competition ranks over all groups together; 0 where not scored.
    decided_by : (n_entries,) ndarray of int64
        What set the entry apart: 0 the value, i the i-th tie-break, -1 nothing; -2 where not scored.
    outcomes : (n_entries,) ndarray of int8
        Values of `Outcome`.
    """

    sheets: NDArray[np.int64]
    scored: NDArray[np.bool_]
    numerators: NDArray[np.int64]
    denominators: NDArray[np.int64]
    spreads: NDArray[np.int64]
    averages: NDArray[np.int64]
    ranks: NDArray[np.int64]
    decided_by: NDArray[np.int64]
    outcomes: NDArray[np.int8]


def decide(
    marks: NDArray[np.integer[Any]],
    counts: NDArray[np.bool_],
    rubric: Rubric,
    rules: Rules,
    groups: NDArray[np.integer[Any]] | None = None,
    facilities: NDArray[np.integer[Any]] | None = None,
) -> Standing:
    """Average the jury's marks, rank the entries and fill the quotas.

    Parameters
    ----------
    marks : (n_entries, n_judges, n_criteria) ndarray of any integer type
        Marks in hundredths of a point. What stands where `counts` is false is never read as a mark.
    counts : (n_entries, n_judges) ndarray of bool
        Which sheets count: submitted, by a judge who is not recused from the entry.
    rubric : Rubric
        The highest mark and the floor of each criterion.
    rules : Rules
        Everything that was declared before scoring opened.
    groups : (n_entries,) ndarray of integers, optional
        The index of each entry's group in ``rules.group_quotas``; -1 for no group.
    facilities : (n_entries,) ndarray of integers, optional
        Entries with the same number are of one facility; a negative number is of none.

    Returns
    -------
    Standing
        Sheets, values, ranks and outcomes.

    Raises
    ------
    InvalidMarks
        Arrays of a wrong type or shape, a mark out of range, or too many judges to compare exactly.
    InvalidRules
        Rules that do not fit the rubric, the groups or the facilities.

    Examples
    --------
    Three judges, one criterion; the second entry lacks a sheet and the third has none:

    >>> marks = np.array([[[7100], [7000], [6950]], [[6999], [7000], [0]], [[0], [0], [0]]])
    >>> counts = np.array([[True, True, True], [True, True, False], [False, False, False]])
    >>> standing = decide(marks, counts, Rubric((10000,)), Rules())
    >>> standing.averages
    array([7017, 7000,    0])
    >>> standing.outcomes
    array([4, 1, 0], dtype=int8)
    """
    sums = tally(marks, counts, rubric)
    values = aggregate(sums, rules)
    ranking = rank(sums, values, rules)
    reached = reaches(sums, values, rubric, rules)
    return Standing(
        sheets=sums.sheets,
        scored=values.scored,
        numerators=values.numerators,
        denominators=values.denominators,
        spreads=sums.spreads,
        averages=round_half_up(values.numerators, values.denominators),
        ranks=ranking.ranks,
        decided_by=ranking.decided_by,
        outcomes=select(ranking.ranks, reached, rules, groups, facilities),
    )
