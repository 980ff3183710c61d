"""How far the judges agree. Advisory: nothing here decides anything.

Sums of squares are whole numbers of any length; a float appears only in the last division.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from typing import Final

import numpy as np
from numpy.typing import NDArray

from scoring.distributions import f_quantile
from scoring.marks import Tally

MIN_ENTRIES: Final = 2
"""With fewer entries no statistic of agreement is defined."""

CONFIDENCE: Final = 0.95
"""How often an interval of a statistic should hold the truth."""


class Undefined(StrEnum):
    """Why a statistic has no value."""

    ONE_JUDGE = "one_judge"
    TOO_FEW_ENTRIES = "too_few_entries"
    NO_VARIANCE = "no_variance"
    DISAGREEMENT = "disagreement"


@dataclass(frozen=True)
class Estimate:
    """A statistic, or why it has none.

    Attributes
    ----------
    value : float or None
        None where it is undefined.
    low, high : float or None
        The interval of `CONFIDENCE`; None where there is none.
    reason : Undefined or None
        Why there is no value: fewer than two judges; fewer than `MIN_ENTRIES` entries that can be used; every
        mark (or every judge's ranking) the same; or judges who differ by more than the entries do, so that
        the estimated variance of their mean is not positive.
    """

    value: float | None
    low: float | None = None
    high: float | None = None
    reason: Undefined | None = None


@dataclass(frozen=True)
class Agreement:
    """How far the judges of one panel agree on the totals.

    Attributes
    ----------
    entries : int
        Entries of the panel.
    complete : int
        Entries for which every judge of the panel has a counting sheet.
    judges : int
        Judges with a counting sheet in the panel.
    kendall_w : Estimate
        Kendall's coefficient of concordance of the judges' rankings of the complete entries, with the
        correction for ties (Kendall & Gibbons 1990, chapter 6).
    icc_2_1, icc_2_k : Estimate
        Intraclass correlations of one judge's total and of the mean of all judges over the complete entries:
        two-way random effects, absolute agreement (Shrout & Fleiss 1979). The interval of the first is that of
        McGraw & Wong (1996), the interval of the second follows from it by the Spearman-Brown formula.
    krippendorff_alpha : Estimate
        Krippendorff's alpha for interval data over every entry with two sheets or more (Krippendorff 2011).
    """

    entries: int
    complete: int
    judges: int
    kendall_w: Estimate
    icc_2_1: Estimate
    icc_2_k: Estimate
    krippendorff_alpha: Estimate


def agreement(sums: Tally, entries: NDArray[np.bool_] | None = None) -> Agreement:
    """Measure how far the judges agree.

    Parameters
    ----------
    sums : Tally
        The totals of the sheets.
    entries : (n_entries,) ndarray of bool, optional
        The entries of the panel; all of them by default.

    Returns
    -------
    Agreement
        Numbers of entries and judges, and the statistics.

    Examples
    --------
    Six entries under four judges (Shrout & Fleiss 1979, table 2):

    >>> from scoring.marks import tally
    >>> from scoring.rubric import Rubric
    >>> marks = [[9, 2, 5, 8], [6, 1, 3, 2], [8, 4, 6, 8], [7, 1, 2, 6], [10, 5, 6, 9], [6, 2, 4, 7]]
    >>> sums = tally(np.array(marks)[:, :, None], np.ones((6, 4), dtype=bool), Rubric((10,)))
    >>> panel = agreement(sums)
    >>> round(panel.icc_2_1.value, 2), round(panel.icc_2_k.value, 2)
    (0.29, 0.62)
    """
    members = slice(None) if entries is None else entries
    counts, totals = sums.counts[members], sums.totals[members]
    judging = counts.any(axis=0)
    counts, totals = counts[:, judging], totals[:, judging]
    complete = totals[counts.all(axis=1)] if judging.any() else totals
    single, mean = _intraclass(complete)
    return Agreement(
        entries=len(totals),
        complete=len(complete),
        judges=totals.shape[1],
        kendall_w=_kendall_w(complete),
        icc_2_1=single,
        icc_2_k=mean,
        krippendorff_alpha=_krippendorff_alpha(totals, counts),
    )


def _lacking(n_entries: int, n_judges: int) -> Estimate | None:
    if n_judges < 2:
        return Estimate(None, reason=Undefined.ONE_JUDGE)
    return Estimate(None, reason=Undefined.TOO_FEW_ENTRIES) if n_entries < MIN_ENTRIES else None


def _squares(numbers: NDArray[np.int64]) -> int:
    return sum(number * number for number in numbers.ravel().tolist())


def _kendall_w(totals: NDArray[np.int64]) -> Estimate:
    # With R the sums of ranks and T = Σ(t³ - t) over a judge's ties: W = 12 S / (m²(n³ - n) - m ΣT).
    n, m = totals.shape
    if lacking := _lacking(n, m):
        return lacking
    doubled, ties = np.zeros(n, dtype=np.int64), 0
    for column in totals.T:
        _values, places, sizes = np.unique(column, return_inverse=True, return_counts=True)
        doubled += (2 * np.cumsum(sizes) - sizes + 1)[places]  # twice the middle rank of the equals
        ties += sum(size**3 - size for size in sizes.tolist())
    most = m * m * (n**3 - n) - m * ties
    if not most:
        return Estimate(None, reason=Undefined.NO_VARIANCE)
    return Estimate(float(Fraction(3 * (_squares(doubled) - m * m * n * (n + 1) ** 2), most)))


def _intraclass(totals: NDArray[np.int64]) -> tuple[Estimate, Estimate]:
    n, k = totals.shape
    if lacking := _lacking(n, k):
        return lacking, lacking
    whole = int(totals.sum()) ** 2
    # Sums of squares times n k, and mean squares from them.
    entries = n * _squares(totals.sum(axis=1)) - whole
    judges = k * _squares(totals.sum(axis=0)) - whole
    rest = n * k * _squares(totals) - whole - entries - judges
    ms_entries = Fraction(entries, n - 1)
    ms_judges = Fraction(judges, k - 1)
    ms_rest = Fraction(rest, (n - 1) * (k - 1))
    between = k * ms_judges + (k * n - k - n) * ms_rest
    all_variance = n * ms_entries + between
    if not all_variance:
        nothing = Estimate(None, reason=Undefined.NO_VARIANCE)
        return nothing, nothing
    single = n * (ms_entries - ms_rest) / all_variance
    low, high = _interval(float(single), n, k, *map(float, (ms_entries, ms_judges, ms_rest)))
    if 1 + (k - 1) * single <= 0:
        mean = Estimate(None, reason=Undefined.DISAGREEMENT)
    else:
        value = float(k * single / (1 + (k - 1) * single))
        mean = Estimate(value, _of_mean(low, k), _of_mean(high, k))
    return Estimate(float(single), low, high), mean


def _interval(
    value: float, n: int, k: int, ms_entries: float, ms_judges: float, ms_rest: float
) -> tuple[float | None, float | None]:
    # McGraw & Wong (1996), table 7, ICC(A,1), with the F quantiles on one side.
    if not ms_judges and not ms_rest:
        return 1.0, 1.0
    a, b = k * value * ms_judges, (n * (1 + (k - 1) * value) - k * value) * ms_rest
    spread = a * a / (k - 1) + b * b / ((n - 1) * (k - 1))
    freedom = (a + b) ** 2 / spread if spread else 0.0
    if freedom < 0.1:  # Satterthwaite's approximation has broken down
        return None, None

    def bound(probability: float) -> float:
        ratio = f_quantile(probability, freedom, n - 1) * ms_entries
        return n * (ratio - ms_rest) / (k * ms_judges + (k * n - k - n) * ms_rest + n * ratio)

    return bound((1 - CONFIDENCE) / 2), bound((1 + CONFIDENCE) / 2)


def _of_mean(single: float | None, k: int) -> float | None:
    # The Spearman-Brown formula; None where it has no value.
    if single is None or 1 + (k - 1) * single <= 0:
        return None
    return k * single / (1 + (k - 1) * single)


def _krippendorff_alpha(totals: NDArray[np.int64], counts: NDArray[np.bool_]) -> Estimate:
    # 1 - D_o / D_e, where D_e compares all values that can be paired, and D_o those of one entry.
    sheets = np.count_nonzero(counts, axis=1)
    paired = sheets >= 2
    if lacking := _lacking(int(np.count_nonzero(paired)), totals.shape[1]):
        return lacking
    totals, sheets = np.where(counts, totals, 0)[paired], sheets[paired]
    n, whole, squares = int(sheets.sum()), int(totals.sum()), _squares(totals)
    expected = n * squares - whole**2
    if not expected:
        return Estimate(None, reason=Undefined.NO_VARIANCE)
    observed = Fraction(0)
    for m in np.unique(sheets).tolist():
        of_size = totals[sheets == m]
        observed += Fraction(m * _squares(of_size) - _squares(of_size.sum(axis=1)), m - 1)
    return Estimate(float(1 - (n - 1) * observed / expected))
