"""The four ways in which the totals of an entry's sheets become its value, as exact fractions."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from scoring.marks import Tally
from scoring.rules import Method, Rules

_LAST: Final = np.iinfo(np.int64).max
"""Stands for a sheet that does not count, so that it sorts behind all that do."""


@dataclass(frozen=True)
class Values:
    """The value of each entry, in hundredths of a point: ``numerators / denominators``, exactly.

    Attributes
    ----------
    numerators, denominators : (n_entries,) ndarray of int64
        Not reduced; 0 and 1 where `scored` is false.
    scored : (n_entries,) ndarray of bool
        Whether enough sheets count for a value.
    """

    numerators: NDArray[np.int64]
    denominators: NDArray[np.int64]
    scored: NDArray[np.bool_]


def aggregate(tally: Tally, rules: Rules) -> Values:
    """Give each entry its value by the declared method.

    Parameters
    ----------
    tally : Tally
        The sums of the marks.
    rules : Rules
        The method with its parameter, and the fewest sheets that give a value.

    Returns
    -------
    Values
        Exact fractions of hundredths of a point.

    Examples
    --------
    >>> from scoring.marks import tally
    >>> from scoring.rubric import Rubric
    >>> marks = np.array([[[6991], [6999], [7010]]])
    >>> sums = tally(marks, np.ones((1, 3), dtype=bool), Rubric((10000,)))
    >>> values = aggregate(sums, Rules())
    >>> values.numerators, values.denominators
    (array([21000]), array([3]))
    >>> values = aggregate(sums, Rules(method=Method.MEDIAN))
    >>> values.numerators, values.denominators
    (array([13998]), array([2]))
    """
    numerators, denominators = _METHODS[rules.method](tally, rules)
    scored = tally.sheets >= rules.sheets_needed
    if rules.method is Method.WITHOUT_OUTLIERS:
        scored &= denominators >= rules.min_sheets
    return Values(np.where(scored, numerators, 0), np.where(scored, denominators, 1), scored)


_Fractions = tuple[NDArray[np.int64], NDArray[np.int64]]


def _mean(tally: Tally, _rules: Rules) -> _Fractions:
    return tally.totals.sum(axis=1), tally.sheets


def _trimmed(tally: Tally, rules: Rules) -> _Fractions:
    ordered = _ordered(tally)
    place = np.arange(ordered.shape[1])
    kept = (place >= rules.trim) & (place < tally.sheets[:, None] - rules.trim)
    return ordered.sum(axis=1, where=kept), tally.sheets - 2 * rules.trim


def _median(tally: Tally, _rules: Rules) -> _Fractions:
    ordered = _ordered(tally)
    place = np.arange(ordered.shape[1])
    lower, upper = (tally.sheets[:, None] - 1) // 2, tally.sheets[:, None] // 2
    middle = ordered.sum(axis=1, where=place == lower) + ordered.sum(axis=1, where=place == upper)
    return middle, np.full_like(tally.sheets, 2)


def _without_outliers(tally: Tally, rules: Rules) -> _Fractions:
    sheets, sums = tally.sheets[:, None], tally.totals.sum(axis=1, keepdims=True)
    kept = tally.counts & (np.abs(tally.totals * sheets - sums) <= rules.outlier * sheets)
    return tally.totals.sum(axis=1, where=kept), np.count_nonzero(kept, axis=1)


def _ordered(tally: Tally) -> NDArray[np.int64]:
    return np.sort(np.where(tally.counts, tally.totals, _LAST), axis=1)


_METHODS: Final = {
    Method.MEAN: _mean,
    Method.TRIMMED: _trimmed,
    Method.MEDIAN: _median,
    Method.WITHOUT_OUTLIERS: _without_outliers,
}
