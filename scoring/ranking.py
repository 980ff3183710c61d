"""Competition ranks by exact value and a declared tie-break chain."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from scoring.aggregate import Values
from scoring.errors import InvalidRules
from scoring.marks import Tally
from scoring.rules import SPREAD, Rules

DECIDED_BY_VALUE: Final = 0
"""The value alone sets the entry apart; ``i`` is the chain's i-th tie-break, counted from 1."""

DECIDED_BY_NOTHING: Final = -1
"""Another entry equals this one to the end of the chain."""

NOT_RANKED: Final = -2
"""The entry was not scored."""


@dataclass(frozen=True)
class Ranking:
    """Where each entry stands among all scored ones.

    Attributes
    ----------
    ranks : (n_entries,) ndarray of int64
        1 is best; equals share a rank and the next ones are skipped (1, 2, 2, 4); 0 where not scored.
    decided_by : (n_entries,) ndarray of int64
        The first key under which no other scored entry equals this one: `DECIDED_BY_VALUE`, the i-th
        tie-break counted from 1, or `DECIDED_BY_NOTHING`; `NOT_RANKED` where not scored.
    """

    ranks: NDArray[np.int64]
    decided_by: NDArray[np.int64]


def rank(tally: Tally, values: Values, rules: Rules) -> Ranking:
    """Order the scored entries by value, then by the tie-break chain over all counting sheets.

    Parameters
    ----------
    tally : Tally
        The sums that tie-breaks ask for.
    values : Values
        The value of each entry.
    rules : Rules
        The chain.

    Returns
    -------
    Ranking
        Ranks, and what decided them.

    Raises
    ------
    InvalidRules
        The chain names a criterion that the marks do not have.

    Examples
    --------
    >>> from scoring.aggregate import aggregate
    >>> from scoring.marks import tally
    >>> from scoring.rubric import Rubric
    >>> marks = np.array([[[30, 40]], [[40, 30]], [[10, 10]], [[40, 30]]])
    >>> sums = tally(marks, np.ones((4, 1), dtype=bool), Rubric((40, 40)))
    >>> rules = Rules(tie_break=(0,))
    >>> rank(sums, aggregate(sums, rules), rules)
    Ranking(ranks=array([3, 1, 4, 1]), decided_by=array([ 1, -1,  0, -1]))
    """
    if max(rules.tie_break, default=SPREAD) >= tally.criterion_sums.shape[1]:
        raise InvalidRules("the tie-break chain names a criterion that the rubric does not have")
    scored = np.flatnonzero(values.scored)
    places = np.zeros(len(scored), dtype=np.int64)
    decided_by = np.full(len(scored), DECIDED_BY_NOTHING)
    for level, keys in enumerate(_keys(tally, values, rules)):
        tied = np.flatnonzero(decided_by == DECIDED_BY_NOTHING)
        if not len(tied):
            break
        places[tied] = _refined(places[tied], keys[scored[tied]])
        decided_by[tied[np.bincount(places)[places[tied]] == 1]] = level
    ranks = np.zeros(len(values.scored), dtype=np.int64)
    ranks[scored] = places + 1
    decided = np.full(len(values.scored), NOT_RANKED)
    decided[scored] = decided_by
    return Ranking(ranks, decided)


def competition_places(keys: NDArray[np.int64]) -> NDArray[np.int64]:
    """Count, for each key, how many are lower.

    Parameters
    ----------
    keys : (n,) ndarray of int64
        Lower is better.

    Returns
    -------
    (n,) ndarray of int64
        0 for the best; equals share a place and the next ones are skipped.

    Examples
    --------
    >>> competition_places(np.array([7, 3, 7, 9]))
    array([1, 0, 1, 3])
    """
    order = np.argsort(keys)
    ordered = keys[order]
    differs = np.flatnonzero(ordered[1:] != ordered[:-1]) + 1
    starts = np.zeros(len(keys), dtype=np.int64)
    starts[differs] = differs
    places = np.empty_like(starts)
    places[order] = np.maximum.accumulate(starts)
    return places


def fraction_keys(
    numerators: NDArray[np.int64], denominators: NDArray[np.int64], max_denominator: int
) -> NDArray[np.int64]:
    """Turn fractions into whole numbers that compare as the fractions do.

    Two different fractions whose denominators are at most `D` lie at least ``1 / D**2`` apart. Times ``D**2``
    they lie at least 1 apart, so their whole parts differ and keep their order; equal ones stay equal.

    Parameters
    ----------
    numerators, denominators : (n,) ndarray of int64
        Fractions of at least zero; ``numerators * max_denominator ** 2`` fits in 64 bits.
    max_denominator : int
        At least every denominator.

    Returns
    -------
    (n,) ndarray of int64
        The keys.

    Examples
    --------
    >>> fraction_keys(np.array([13, 26, 9]), np.array([3, 6, 2]), 6)
    array([156, 156, 162])
    """
    return numerators * max_denominator**2 // denominators


def _refined(places: NDArray[np.int64], keys: NDArray[np.int64]) -> NDArray[np.int64]:
    # Breaks the ties among places; a lower key is better.
    keys = keys - keys.min()
    here = competition_places(places * (keys.max() + 1) + keys)
    sizes = np.bincount(places)
    return places + here - (np.cumsum(sizes) - sizes)[places]


def _keys(tally: Tally, values: Values, rules: Rules) -> Iterator[NDArray[np.int64]]:
    # The value and then each tie-break of the chain; a lower key is better.
    max_denominator = max(2, tally.counts.shape[1])  # the median halves, even with one judge
    yield -fraction_keys(values.numerators, values.denominators, max_denominator)
    # An entry without a sheet has no mean; it is not scored, and 1 only keeps the division whole.
    sheets = np.maximum(tally.sheets, 1)
    for key in rules.tie_break:
        if key == SPREAD:
            yield tally.spreads
        else:
            yield -fraction_keys(tally.criterion_sums[:, key], sheets, max_denominator)
