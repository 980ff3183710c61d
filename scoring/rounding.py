"""Rounding, once and for print only: nothing in this package compares a rounded number."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from scoring.errors import InvalidMarks
from scoring.marks import INTEGERS, holds


def round_half_up(numerators: ArrayLike, denominators: ArrayLike) -> NDArray[np.int64]:
    """Round fractions to whole numbers, halves upwards.

    Parameters
    ----------
    numerators : array_like of int
        At least zero; hundredths of a point when the result is to be printed with two decimals.
    denominators : array_like of int
        Greater than zero; broadcast against `numerators`.

    Returns
    -------
    ndarray of int64
        The nearest whole number of each fraction.

    Raises
    ------
    InvalidMarks
        A number that is no integer, is negative, or divides by zero.

    Examples
    --------
    Two sheets of 69.99 and 70.00 average 69.995, printed as 70.00 (and still below 70):

    >>> round_half_up(13999, 2)
    array(7000)
    """
    top, bottom = np.asarray(numerators), np.asarray(denominators)
    if not (holds(top, INTEGERS) and holds(bottom, INTEGERS)) or (top < 0).any() or (bottom <= 0).any():
        raise InvalidMarks(
            "a fraction to round is made of integers, is not negative and does not divide by zero"
        )
    top, bottom = top.astype(np.int64), bottom.astype(np.int64)
    return np.asarray((2 * top + bottom) // (2 * bottom))


def round_away(numerators: ArrayLike, denominators: ArrayLike) -> NDArray[np.int64]:
    """Round fractions to whole numbers away from zero, so that what is not zero never prints as zero.

    Parameters
    ----------
    numerators : array_like of int
        Of either sign.
    denominators : array_like of int
        Greater than zero; broadcast against `numerators`.

    Returns
    -------
    ndarray of int64
        The next whole number of each fraction that is at least as far from zero.

    Examples
    --------
    >>> round_away([-50, 5, 0], [9, 1, 3])
    array([-6,  5,  0])
    """
    top, bottom = np.asarray(numerators, dtype=np.int64), np.asarray(denominators, dtype=np.int64)
    return np.asarray(np.sign(top) * -(-np.abs(top) // bottom))
