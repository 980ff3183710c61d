"""Quantiles of Student's t and of F, for the intervals beside advisory numbers."""

from __future__ import annotations

from functools import lru_cache
from math import exp, lgamma, log, log1p, sqrt
from typing import Final

_TINY: Final = 1e-300
_EPSILON: Final = 1e-16
_STEPS: Final = 100_000
_WIDEST: Final = 600.0
"""Logarithms of quantiles are sought up to this: exp() of much more does not fit in a float."""

_HALVINGS: Final = 63
"""After so many, nothing is left of the range that a float could tell apart."""


def t_quantile(probability: float, freedom: float) -> float:
    """Give the point below which Student's t stays with a probability.

    Parameters
    ----------
    probability : float
        Between 0 and 1, without them.
    freedom : float
        Degrees of freedom, above 0.

    Returns
    -------
    float
        The quantile.

    Examples
    --------
    >>> round(t_quantile(0.975, 8), 6)
    2.306004
    """
    if probability < 0.5:
        return -t_quantile(1 - probability, freedom)
    return 0.0 if probability == 0.5 else sqrt(f_quantile(2 * probability - 1, 1, freedom))


@lru_cache(maxsize=4096)
def f_quantile(probability: float, freedom_1: float, freedom_2: float) -> float:
    """Give the point below which an F variable stays with a probability.

    Parameters
    ----------
    probability : float
        Between 0 and 1, without them.
    freedom_1, freedom_2 : float
        Degrees of freedom of the numerator and of the denominator, above 0.

    Returns
    -------
    float
        The quantile; 0 or infinity where it is too small or too large for a float.

    Examples
    --------
    >>> round(f_quantile(0.95, 3, 20), 6)
    3.098391
    """
    # Bisects the logarithm, so that small and large quantiles come out equally sharp.
    low, high = -_WIDEST, _WIDEST
    for _halving in range(_HALVINGS):
        middle = (low + high) / 2
        if f_probability(exp(middle), freedom_1, freedom_2) < probability:
            low = middle
        else:
            high = middle
    if low == -_WIDEST:
        return 0.0
    return float("inf") if high == _WIDEST else exp((low + high) / 2)


def f_probability(point: float, freedom_1: float, freedom_2: float) -> float:
    """Give the probability that an F variable stays below a point above 0.

    Parameters
    ----------
    point : float
        Above 0.
    freedom_1, freedom_2 : float
        Degrees of freedom of the numerator and of the denominator, above 0.

    Returns
    -------
    float
        Between 0 and 1.

    Examples
    --------
    >>> round(f_probability(3.098391, 3, 20), 6)
    0.95
    """
    ratio = log(freedom_1) + log(point) - log(freedom_2)
    # The share x and its complement, each without the loss of subtracting from 1.
    share, rest = 1 / (1 + exp(-ratio)), 1 / (1 + exp(ratio))
    return _incomplete_beta(freedom_1 / 2, freedom_2 / 2, share, rest)


def _incomplete_beta(a: float, b: float, share: float, rest: float) -> float:
    # The regularised incomplete beta function at `share`, with ``rest = 1 - share``.
    front = exp(lgamma(a + b) - lgamma(a) - lgamma(b) + a * _log(share, rest) + b * _log(rest, share))
    # The fraction converges fast on this side of the mean; the other side is its mirror image.
    if share < (a + 1) / (a + b + 2):
        return front * _continued_fraction(a, b, share) / a
    return 1 - front * _continued_fraction(b, a, rest) / b


def _log(value: float, complement: float) -> float:
    return log(value) if value < 0.5 else log1p(-complement)


def _continued_fraction(a: float, b: float, share: float) -> float:
    # Lentz's evaluation of the continued fraction of the incomplete beta function (DLMF 8.17.22).
    c, d = 1.0, 1 / _away_from_zero(1 - (a + b) * share / (a + 1))
    value, step = d, 0
    while step == 0 or (abs(c * d - 1) > _EPSILON and step < _STEPS):
        step += 1
        even = step * (b - step) * share / ((a + 2 * step - 1) * (a + 2 * step))
        odd = -(a + step) * (a + b + step) * share / ((a + 2 * step) * (a + 2 * step + 1))
        for coefficient in (even, odd):
            d = 1 / _away_from_zero(1 + coefficient * d)
            c = _away_from_zero(1 + coefficient / c)
            value *= c * d
    return value


def _away_from_zero(value: float) -> float:
    return value if abs(value) > _TINY else _TINY
