"""How each judge's totals stand beside the other judges'. Advisory: nothing here decides anything."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from scoring.agreement import CONFIDENCE
from scoring.distributions import t_quantile
from scoring.marks import tally
from scoring.rubric import Rubric

_HUNDREDTHS: Final = 100


@dataclass(frozen=True)
class Severity:
    """Each judge beside the rest; one element per judge in every array, NaN where a number is undefined.

    A judge's **difference** on an entry is their total less the mean of the other counting totals of that
    entry. A **common** entry is one that the judge and at least one other scored.

    Attributes
    ----------
    sheets : (n_judges,) ndarray of int64
        How many sheets count.
    common : (n_judges,) ndarray of int64
        How many of them are on common entries.
    severities : (n_judges,) ndarray of float64
        The mean difference, in points: above 0 for a judge who gives more than the others. Undefined without
        a common entry.
    lows, highs : (n_judges,) ndarray of float64
        The interval of `CONFIDENCE` about it: ``mean ∓ t * s / sqrt(m)`` with the quantile t of Student's
        distribution with ``m - 1`` degrees of freedom, s the standard deviation of the m differences.
        Undefined with fewer than two common entries.
    lowest, highest : (n_judges,) ndarray of int64
        The lowest and the highest total given, in hundredths; 0 without a sheet.
    range_shares : (n_judges,) ndarray of float64
        ``highest - lowest`` as a share of the scale. Undefined with fewer than two sheets.
    correlations : (n_judges,) ndarray of float64
        Pearson's correlation of the totals with the means of the rest over common entries. Undefined with
        fewer than three of them, or where either side does not vary.
    identical_shares : (n_judges,) ndarray of float64
        The share of the sheets on common entries whose every mark is that of another judge's sheet on the
        same entry. Undefined without a common entry.
    repeated_shares : (n_judges,) ndarray of float64
        The share of the sheets that bear the judge's most frequent total. Undefined with fewer than two.
    """

    sheets: NDArray[np.int64]
    common: NDArray[np.int64]
    severities: NDArray[np.float64]
    lows: NDArray[np.float64]
    highs: NDArray[np.float64]
    lowest: NDArray[np.int64]
    highest: NDArray[np.int64]
    range_shares: NDArray[np.float64]
    correlations: NDArray[np.float64]
    identical_shares: NDArray[np.float64]
    repeated_shares: NDArray[np.float64]


def severity(
    marks: NDArray[np.integer[Any]],
    counts: NDArray[np.bool_],
    rubric: Rubric,
    lines: NDArray[np.integer[Any]] | None = None,
) -> Severity:
    """Compare each judge with the rest of the panel.

    Parameters
    ----------
    marks : (n_entries, n_judges, n_criteria) ndarray of any integer type
        Marks in hundredths of a point. What stands where `counts` is false is never read as a mark.
    counts : (n_entries, n_judges) ndarray of bool
        Which sheets count.
    rubric : Rubric
        The highest mark of each criterion.
    lines : (n_entries, n_judges, n_lines) ndarray of any integer type, optional
        The marks as they stand on the sheets, where criteria are sums of lines: two sheets are identical
        only if these are. `marks` if left out.

    Returns
    -------
    Severity
        Numbers of each judge.

    Raises
    ------
    InvalidMarks
        As `tally` says.

    Examples
    --------
    >>> marks = np.array([[[7000], [7100], [7200]], [[8000], [8100], [8500]]])
    >>> found = severity(marks, np.ones((2, 3), dtype=bool), Rubric((10000,)))
    >>> found.severities
    array([-2.25, -0.75,  3.  ])
    """
    sums = tally(marks, counts, rubric)
    totals, sheets = sums.totals, np.count_nonzero(counts, axis=0)
    others = sums.sheets[:, None] - counts
    common = counts & (others > 0)
    rest = (totals.sum(axis=1, keepdims=True) - totals) / np.maximum(others, 1)
    # Whole numbers first: what is equal stays equal, whatever is added to all.
    whole = totals * others - (totals.sum(axis=1, keepdims=True) - totals)
    differences = whole / np.maximum(others, 1) / _HUNDREDTHS
    severities, lows, highs = _means(differences, common)
    lowest = np.where(counts, totals, rubric.total).min(axis=0, initial=rubric.total)
    highest = totals.max(axis=0, initial=0)
    lowest = np.where(sheets, lowest, 0)
    return Severity(
        sheets=sheets,
        common=np.count_nonzero(common, axis=0),
        severities=severities,
        lows=lows,
        highs=highs,
        lowest=lowest,
        highest=highest,
        range_shares=_shares(highest - lowest, np.where(sheets >= 2, rubric.total, 0)),
        correlations=_correlations(totals, rest, common),
        identical_shares=_shares(
            _identical(marks if lines is None else lines, counts), np.count_nonzero(common, axis=0)
        ),
        repeated_shares=_shares(_most_frequent(totals, counts), np.where(sheets >= 2, sheets, 0)),
    )


_Floats = NDArray[np.float64]


def _shares(parts: NDArray[np.int64], wholes: NDArray[np.int64]) -> _Floats:
    shares: _Floats = np.divide(parts, wholes, out=np.full(parts.shape, np.nan), where=wholes > 0)
    return shares


def _means(differences: _Floats, common: NDArray[np.bool_]) -> tuple[_Floats, _Floats, _Floats]:
    number = np.count_nonzero(common, axis=0)
    means = _shares(differences.sum(axis=0, where=common), number)
    squares = ((differences - np.nan_to_num(means)) ** 2).sum(axis=0, where=common)
    errors = np.sqrt(_shares(squares, np.where(number >= 2, number * (number - 1), 0)))
    quantiles = [t_quantile((1 + CONFIDENCE) / 2, max(m - 1, 1)) for m in number.tolist()]
    return means, means - errors * quantiles, means + errors * quantiles


def _correlations(totals: NDArray[np.int64], rest: _Floats, common: NDArray[np.bool_]) -> _Floats:
    number = np.count_nonzero(common, axis=0)
    enough = number >= 3
    for values in (totals, rest):
        lows = np.where(common, values, np.inf).min(axis=0, initial=np.inf)
        enough &= lows < np.where(common, values, -np.inf).max(axis=0, initial=-np.inf)
    ours, theirs = (
        np.where(common, values - values.sum(axis=0, where=common) / np.maximum(number, 1), 0)
        for values in (totals, rest)
    )
    scale = np.sqrt((ours**2).sum(axis=0) * (theirs**2).sum(axis=0))
    found = np.divide((ours * theirs).sum(axis=0), scale, out=np.full(scale.shape, np.nan), where=enough)
    return np.asarray(np.clip(found, -1, 1))


def _identical(marks: NDArray[np.integer[Any]], counts: NDArray[np.bool_]) -> NDArray[np.int64]:
    # How many sheets of each judge another sheet on the same entry repeats mark by mark.
    numbers = np.zeros(counts.shape[1], dtype=np.int64)
    for judge in range(counts.shape[1]):
        same = (marks == marks[:, judge : judge + 1]).all(axis=2) & counts & counts[:, judge : judge + 1]
        same[:, judge] = False
        numbers[judge] = np.count_nonzero(same.any(axis=1))
    return numbers


def _most_frequent(totals: NDArray[np.int64], counts: NDArray[np.bool_]) -> NDArray[np.int64]:
    # How many sheets of each judge bear their most frequent total.
    columns = zip(totals.T, counts.T, strict=True)
    return np.array(
        [np.unique(column[given], return_counts=True)[1].max(initial=0) for column, given in columns],
        dtype=np.int64,
    )
