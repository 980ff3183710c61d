"""Marks at the door: checked once, and summed along each axis on the way in."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from scoring.errors import MarkOutOfRange, TooLarge, WrongShape, WrongType
from scoring.rubric import Rubric

INTEGERS: Final = "iu"
BOOLEANS: Final = "b"
"""NumPy's letters for the kinds of element that arrays of marks and masks have."""

_BLOCK: Final = 512
"""Entries summed at a time: their marks stay in the processor's cache."""


@dataclass(frozen=True)
class Tally:
    """The sums of an array of marks, over counting sheets, in hundredths of a point.

    Attributes
    ----------
    counts : (n_entries, n_judges) ndarray of bool
        The sheets that count.
    sheets : (n_entries,) ndarray of int64
        How many sheets count.
    totals : (n_entries, n_judges) ndarray of int64
        The total of each sheet; 0 where it does not count.
    criterion_sums : (n_entries, n_criteria) ndarray of int64
        Each criterion's marks, summed over the sheets.
    spreads : (n_entries,) ndarray of int64
        The highest total less the lowest; 0 without a sheet.
    """

    counts: NDArray[np.bool_]
    sheets: NDArray[np.int64]
    totals: NDArray[np.int64]
    criterion_sums: NDArray[np.int64]
    spreads: NDArray[np.int64]


def tally(marks: NDArray[np.integer[Any]], counts: NDArray[np.bool_], rubric: Rubric) -> Tally:
    """Check an array of marks and sum it.

    Parameters
    ----------
    marks : (n_entries, n_judges, n_criteria) ndarray of any integer type
        Marks in hundredths of a point. What stands where `counts` is false is never read as a mark.
    counts : (n_entries, n_judges) ndarray of bool
        Which sheets count: submitted, by a judge who is not recused from the entry.
    rubric : Rubric
        The highest mark of each criterion.

    Returns
    -------
    Tally
        Sums per sheet and per criterion.

    Raises
    ------
    WrongType
        `marks` is not of integers or `counts` not of truth values.
    WrongShape
        The axes do not fit each other or the rubric.
    MarkOutOfRange
        A counting mark is negative or above its maximum; the first one is named.
    TooLarge
        ``rubric.total * n_judges ** 3 * n_entries`` does not fit in 64 bits, so that values could not be
        compared exactly by whole numbers.

    Examples
    --------
    >>> marks = np.array([[[3000, 3100], [2950, 3200]]])
    >>> tally(marks, np.array([[True, False]]), Rubric((4000, 4000))).totals
    array([[6100,    0]])
    """
    check_axes(marks, counts, rubric)
    n_entries, n_judges, n_criteria = marks.shape
    totals = np.empty((n_entries, n_judges), dtype=np.int64)
    criterion_sums = np.empty((n_entries, n_criteria), dtype=np.int64)
    spreads = np.empty(n_entries, dtype=np.int64)
    max_marks = np.array(rubric.max_marks)
    for start in range(0, n_entries, _BLOCK):
        part = slice(start, start + _BLOCK)
        counting = counts[part].T.astype(np.int64)
        # Entries go last, so that NumPy's inner loops run over hundreds of entries, not a dozen criteria.
        # A copy even where nothing would move: what follows must not reach the caller's marks.
        block = np.array(marks[part].transpose(2, 1, 0), dtype=np.int64, order="C")
        if not counting.all():
            block *= counting
        if block.min(initial=0) < 0 or (block.max(axis=(1, 2), initial=0) > max_marks).any():
            raise _out_of_range(marks, counts, max_marks, start)
        sums = block.sum(axis=0)
        totals[part] = sums.T
        criterion_sums[part] = block.sum(axis=1).T
        lowest = np.where(counting, sums, rubric.total).min(axis=0, initial=rubric.total)
        spreads[part] = np.maximum(sums.max(axis=0, initial=0) - lowest, 0)
    return Tally(counts, np.count_nonzero(counts, axis=1), totals, criterion_sums, spreads)


def check_axes(marks: NDArray[Any], counts: NDArray[Any], rubric: Rubric) -> None:
    """Raise unless the arrays have the types and axes that `tally` documents.

    Parameters
    ----------
    marks : (n_entries, n_judges, n_criteria) ndarray
        Marks in hundredths of a point.
    counts : (n_entries, n_judges) ndarray
        Which sheets count.
    rubric : Rubric
        As many criteria as the last axis of `marks`.

    Raises
    ------
    WrongType, WrongShape, TooLarge
        As `tally` says.

    Examples
    --------
    >>> check_axes(np.zeros((5, 3, 1), dtype=int), np.ones((5, 2), dtype=bool), Rubric((100,)))
    Traceback (most recent call last):
    scoring.errors.WrongShape: the mask has the shape (5, 2), not (5, 3)
    """
    if not holds(marks, INTEGERS):
        raise WrongType("marks are an array of integers: hundredths of a point")
    if not holds(counts, BOOLEANS):
        raise WrongType("the mask is an array of truth values")
    if marks.ndim != 3 or marks.shape[2] != len(rubric):
        raise WrongShape(f"marks have the shape {marks.shape}, not (entries, judges, {len(rubric)})")
    if counts.shape != marks.shape[:2]:
        raise WrongShape(f"the mask has the shape {counts.shape}, not {marks.shape[:2]}")
    if rubric.total * (marks.shape[1] + 1) ** 3 * (marks.shape[0] + 1) > np.iinfo(np.int64).max:
        raise TooLarge(f"{marks.shape[:2]} sheets of {rubric.total} hundredths are too many")


def holds(array: object, kinds: str) -> bool:
    """Tell whether something is an array whose elements are of a kind.

    Parameters
    ----------
    array : object
        Anything.
    kinds : str
        `INTEGERS` or `BOOLEANS`.

    Returns
    -------
    bool
        False for what is no array.

    Examples
    --------
    >>> holds(np.array([1, 2]), INTEGERS), holds(np.array([1.0]), INTEGERS), holds([1, 2], INTEGERS)
    (True, False, False)
    """
    return isinstance(array, np.ndarray) and array.dtype.kind in kinds


def _out_of_range(
    marks: NDArray[np.integer[Any]], counts: NDArray[np.bool_], max_marks: NDArray[np.int64], start: int
) -> MarkOutOfRange:
    part = slice(start, start + _BLOCK)
    wrong = counts[part, :, None] & ((marks[part] < 0) | (marks[part] > max_marks))
    entry, judge, criterion = (int(index) for index in np.argwhere(wrong)[0])
    return MarkOutOfRange(
        entry=start + entry,
        judge=judge,
        criterion=criterion,
        mark=int(marks[start + entry, judge, criterion]),
        max_mark=int(max_marks[criterion]),
    )
