"""Which class of prize each selected entry gets."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from scoring.decide import Standing
from scoring.errors import InvalidRules
from scoring.rules import MAX_BAR
from scoring.selection import Outcome, better_and_equal


class PrizeBy(StrEnum):
    """What a class of prize goes by."""

    RANK = "rank"
    BAND = "band"


@dataclass(frozen=True)
class Prizes:
    """The classes of prize, best first.

    Attributes
    ----------
    by : PrizeBy
        By rank or by bands of values.
    limits : tuple of int
        By rank: how many entries each class has room for, at least 1. By band: the least value of each
        class in hundredths of a point, descending.

    Raises
    ------
    InvalidRules
        A value of another type or out of range, or bands that do not descend.

    Examples
    --------
    >>> Prizes(PrizeBy.RANK, (1, 2, 5)).limits
    (1, 2, 5)
    """

    by: PrizeBy = PrizeBy.RANK
    limits: tuple[int, ...] = ()

    def __post_init__(self) -> None:
        if not isinstance(self.by, PrizeBy):
            raise InvalidRules(f"prizes go by a PrizeBy, not {self.by!r}")
        least = 1 if self.by is PrizeBy.RANK else 0
        if any(type(limit) is not int or not least <= limit <= MAX_BAR for limit in self.limits):
            raise InvalidRules(f"a prize's limit is an int within {least}..{MAX_BAR}")
        if self.by is PrizeBy.BAND and any(
            lower >= higher for higher, lower in zip(self.limits, self.limits[1:], strict=False)
        ):
            raise InvalidRules("the bands of prizes descend")


@dataclass(frozen=True)
class Awards:
    """The prize of each entry; one element per entry in every array.

    Attributes
    ----------
    classes : (n_entries,) ndarray of int64
        The index of the class in ``prizes.limits``; -1 for none.
    tied : (n_entries,) ndarray of bool
        Whether entries of one rank straddle the edge of a class, so that none of them has a class yet.
    """

    classes: NDArray[np.int64]
    tied: NDArray[np.bool_]


def award(standing: Standing, prizes: Prizes) -> Awards:
    """Give each selected entry its class of prize, over all groups together.

    Parameters
    ----------
    standing : Standing
        What `decide` made of the entries; only those with `Outcome.SELECTED` get a prize.
    prizes : Prizes
        By rank the first so many have the first class, the next so many the second, and so on. By band an
        entry has the first class whose limit its exact value reaches.

    Returns
    -------
    Awards
        Classes, and who waits for the council.

    Examples
    --------
    Four entries at 90, 80, 80 and 75 points; the second class has room for one:

    >>> from scoring import Rubric, Rules, decide
    >>> marks = np.array([[[9000]], [[8000]], [[8000]], [[7500]]])
    >>> standing = decide(marks, np.ones((4, 1), dtype=bool), Rubric((10000,)), Rules())
    >>> award(standing, Prizes(PrizeBy.RANK, (1, 1, 5)))
    Awards(classes=array([ 0, -1, -1,  2]), tied=array([False,  True,  True, False]))
    >>> award(standing, Prizes(PrizeBy.BAND, (8500, 8000))).classes
    array([ 0,  1,  1, -1])
    """
    classes = np.full(standing.ranks.shape, -1, dtype=np.int64)
    tied = np.zeros(standing.ranks.shape, dtype=np.bool_)
    winners = np.flatnonzero(standing.outcomes == Outcome.SELECTED)
    if prizes.by is PrizeBy.BAND:
        values = standing.numerators[winners, None], standing.denominators[winners, None]
        missed = values[0] < np.array(prizes.limits, dtype=np.int64) * values[1]
        first = last = np.count_nonzero(missed, axis=1)
    else:
        edges = np.cumsum(prizes.limits, dtype=np.int64)
        better, equal = better_and_equal(standing.ranks[winners], np.zeros_like(winners))
        first = np.searchsorted(edges, better, side="right")
        last = np.searchsorted(edges, better + equal - 1, side="right")
    tied[winners] = first != last
    classes[winners] = np.where((first == last) & (first < len(prizes.limits)), first, -1)
    return Awards(classes, tied)
