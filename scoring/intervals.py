"""How far an entry's rank depends on who happened to sit on the jury. Advisory: nothing here decides anything."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
from numpy.typing import NDArray

from scoring.aggregate import Values, aggregate
from scoring.marks import Tally
from scoring.ranking import fraction_keys
from scoring.rules import Rules

REPLICATES: Final = 1000
"""Juries that are drawn."""

PERCENT: Final = 90
"""How many of a hundred drawn juries have their ranks inside an interval."""

_BLOCK: Final = 2_000_000
"""Totals drawn at a time: 16 MB."""


@dataclass(frozen=True)
class RankIntervals:
    """Between which ranks an entry stands; one element per entry in every array.

    Attributes
    ----------
    lows, highs : (n_entries,) ndarray of int64
        The best and the worst rank of the interval; 0 where it is undefined: the entry is not scored, or fewer
        than two judges gave a sheet.
    replicates : (n_entries,) ndarray of int64
        In how many of the drawn juries somebody scored the entry.
    """

    lows: NDArray[np.int64]
    highs: NDArray[np.int64]
    replicates: NDArray[np.int64]


def rank_intervals(
    sums: Tally,
    rules: Rules,
    *,
    rng: np.random.Generator,
    replicates: int = REPLICATES,
    percent: int = PERCENT,
) -> RankIntervals:
    """Draw juries of the same size from the judges, with replacement, and rank the entries under each.

    A percentile bootstrap over judges (Efron & Tibshirani 1993, chapter 13). A judge drawn twice counts twice.
    Equal values share a competition rank: the tie-break chain is not asked. The minimum number of sheets is not
    asked either, since a drawn jury has fewer different judges. An entry that nobody in a drawn jury scored has
    no rank there, and its interval is taken over the others. Memory: a few blocks of 16 MB, and four bytes
    for each entry and replicate.

    Parameters
    ----------
    sums : Tally
        The totals of the sheets.
    rules : Rules
        The method with its parameter, and the minimum of sheets that an entry needs to be looked at.
    rng : numpy.random.Generator
        The chance; the same seed gives the same intervals.
    replicates : int, optional
        How many juries are drawn.
    percent : int, optional
        How many of a hundred of them an interval holds: half of the rest lies on either side.

    Returns
    -------
    RankIntervals
        Ranks.

    Examples
    --------
    >>> from scoring.marks import tally
    >>> from scoring.rubric import Rubric
    >>> marks = np.array([[[90], [80]], [[80], [90]], [[10], [10]]])
    >>> sums = tally(marks, np.ones((3, 2), dtype=bool), Rubric((100,)))
    >>> found = rank_intervals(sums, Rules(), rng=np.random.default_rng(1))
    >>> found.lows, found.highs
    (array([1, 1, 3]), array([2, 2, 3]))
    """
    scored = np.flatnonzero(aggregate(sums, rules).scored)
    judging = np.flatnonzero(sums.counts.any(axis=0))
    lows, highs, numbers = (np.zeros(len(sums.sheets), dtype=np.int64) for _array in range(3))
    if len(judging) < 2 or not len(scored):
        return RankIntervals(lows, highs, numbers)
    drawn = judging[rng.integers(len(judging), size=(replicates, len(judging)))]
    one_is_enough = replace(rules, min_sheets=1)
    ranks = np.concatenate(
        [
            _ranks(values, len(judging), len(scored))
            for values in _drawn_values(sums, scored, drawn, one_is_enough)
        ]
    )
    ranks.sort(axis=0)  # what is not ranked comes first
    numbers[scored] = np.count_nonzero(ranks, axis=0)
    tail = numbers[scored] * (100 - percent) // 200
    ranked = np.flatnonzero(numbers[scored])
    first = replicates - numbers[scored]
    lows[scored[ranked]] = ranks[(first + tail)[ranked], ranked]
    highs[scored[ranked]] = ranks[(replicates - 1 - tail)[ranked], ranked]
    return RankIntervals(lows, highs, numbers)


def _drawn_values(
    sums: Tally, scored: NDArray[np.int64], drawn: NDArray[np.int64], rules: Rules
) -> Iterator[Values]:
    # The values under some drawn juries at a time, the entries of one after those of the other.
    size = max(1, _BLOCK // (len(scored) * drawn.shape[1]))
    for start in range(0, len(drawn), size):
        juries = drawn[start : start + size]
        totals = sums.totals[scored[None, :, None], juries[:, None, :]].reshape(-1, drawn.shape[1])
        counts = sums.counts[scored[None, :, None], juries[:, None, :]].reshape(-1, drawn.shape[1])
        nothing = np.zeros(len(totals), dtype=np.int64)
        block = Tally(counts, np.count_nonzero(counts, axis=1), totals, nothing[:, None], nothing)
        yield aggregate(block, rules)


def _ranks(values: Values, n_judges: int, n_entries: int) -> NDArray[np.int32]:
    # Competition ranks of each jury's entries, (n_juries, n_entries); 0 where not scored.
    keys = -fraction_keys(values.numerators, values.denominators, max(2, n_judges))
    keys[~values.scored] = np.iinfo(np.int64).max
    keys = keys.reshape(-1, n_entries)
    order = np.argsort(keys, axis=1)
    ordered = np.take_along_axis(keys, order, axis=1)
    fresh = np.ones(keys.shape, dtype=np.bool_)
    fresh[:, 1:] = ordered[:, 1:] != ordered[:, :-1]
    places = np.maximum.accumulate(np.where(fresh, np.arange(1, n_entries + 1), 0), axis=1)
    ranks = np.empty(keys.shape, dtype=np.int32)
    np.put_along_axis(ranks, order, places.astype(np.int32), axis=1)
    ranks[~values.scored.reshape(ranks.shape)] = 0
    return ranks
