"""Who reaches the threshold, and who is selected within the quotas."""

from __future__ import annotations

from enum import IntEnum
from typing import Any

import numpy as np
from numpy.typing import NDArray

from scoring.aggregate import Values
from scoring.errors import InvalidRules, WrongShape, WrongType
from scoring.marks import INTEGERS, Tally, holds
from scoring.ranking import competition_places
from scoring.rubric import Rubric
from scoring.rules import MAX_BAR, Rules, ThresholdOp


class Outcome(IntEnum):
    """What the rules make of an entry."""

    NOT_SCORED = 0
    BELOW = 1
    REACHED = 2
    TIED = 3
    SELECTED = 4


def reaches(tally: Tally, values: Values, rubric: Rubric, rules: Rules) -> NDArray[np.bool_]:
    """Tell which entries reach the threshold and every floor, comparing integers only.

    Parameters
    ----------
    tally : Tally
        The sums; a floor is compared with the criterion's mean over all counting sheets.
    values : Values
        The value of each entry.
    rubric : Rubric
        The floors.
    rules : Rules
        The threshold, and whether it must be exceeded.

    Returns
    -------
    (n_entries,) ndarray of bool
        False where not scored.

    Examples
    --------
    Three totals of 69.91, 69.99 and 70.10 average exactly 70:

    >>> from scoring.aggregate import aggregate
    >>> from scoring.marks import tally
    >>> rubric = Rubric((10000,))
    >>> sums = tally(np.array([[[6991], [6999], [7010]]]), np.ones((1, 3), dtype=bool), rubric)
    >>> reaches(sums, aggregate(sums, Rules()), rubric, Rules())
    array([ True])
    >>> reaches(sums, aggregate(sums, Rules()), rubric, Rules(threshold_op=ThresholdOp.GT))
    array([False])
    """
    bar = rules.threshold * values.denominators
    over = values.numerators >= bar if rules.threshold_op is ThresholdOp.GE else values.numerators > bar
    floors = np.array(rubric.floors) * tally.sheets[:, None]
    return values.scored & over & (tally.criterion_sums >= floors).all(axis=1)


def select(
    ranks: NDArray[np.int64],
    reached: NDArray[np.bool_],
    rules: Rules,
    groups: NDArray[np.integer[Any]] | None = None,
    facilities: NDArray[np.integer[Any]] | None = None,
) -> NDArray[np.int8]:
    """Fill the quotas with the best entries that reach: each facility's, then each group's, then the total.

    Entries of one rank that straddle a cut are all `Outcome.TIED`. Who is cut or tied at one quota does not
    come back at a later one.

    Parameters
    ----------
    ranks : (n_entries,) ndarray of int64
        Competition ranks; 0 where not scored.
    reached : (n_entries,) ndarray of bool
        Which entries reach the threshold and the floors.
    rules : Rules
        The quotas.
    groups : (n_entries,) ndarray of integers, optional
        The index of each entry's group in ``rules.group_quotas``; -1 for no group.
    facilities : (n_entries,) ndarray of integers, optional
        Entries with the same number are of one facility; a negative number is of none.

    Returns
    -------
    (n_entries,) ndarray of int8
        Values of `Outcome`.

    Raises
    ------
    InvalidRules
        Quotas per group or facility without groups or facilities, or a group that has no quota entry.
    WrongShape, WrongType
        `groups` or `facilities` is not one integer per entry.

    Examples
    --------
    Two places for ranks 1, 2 and 2: the two that are equal are left to the council.

    >>> select(np.array([2, 1, 2, 4]), np.array([True, True, True, False]), Rules(quota=2))
    array([3, 4, 3, 1], dtype=int8)
    """
    outcomes = np.where(ranks == 0, Outcome.NOT_SCORED, Outcome.BELOW).astype(np.int8)
    outcomes[reached] = Outcome.SELECTED
    if rules.facility_quota is not None:
        owners = _checked_facilities(facilities, ranks)
        _fill(outcomes, ranks, owners, (rules.facility_quota,) * (owners.max(initial=-1) + 1))
    if rules.group_quotas:
        _fill(outcomes, ranks, _checked_groups(groups, ranks, rules), rules.group_quotas)
    if rules.quota is not None:
        _fill(outcomes, ranks, np.zeros_like(ranks), (rules.quota,))
    return outcomes


def better_and_equal(
    ranks: NDArray[np.int64], groups: NDArray[np.int64]
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Count for each entry how many of its own group rank better, and how many equal it, itself included.

    Parameters
    ----------
    ranks : (n,) ndarray of int64
        Competition ranks, at least 0.
    groups : (n,) ndarray of int64
        The group of each entry, at least 0 and not much above their number.

    Returns
    -------
    better, equal : (n,) ndarray of int64
        Numbers of entries.

    Examples
    --------
    >>> better_and_equal(np.array([4, 1, 1, 5]), np.array([0, 0, 0, 1]))
    (array([2, 0, 0, 0]), array([1, 2, 2, 1]))
    """
    sizes = np.bincount(groups)
    # Counted over the groups laid end to end, each best first, then from the start of the entry's own group.
    places = competition_places(groups * (ranks.max(initial=0) + 1) + ranks)
    return places - (np.cumsum(sizes) - sizes)[groups], np.bincount(places)[places]


def _fill(
    outcomes: NDArray[np.int8],
    ranks: NDArray[np.int64],
    groups: NDArray[np.int64],
    quotas: tuple[int | None, ...],
) -> None:
    # Takes from the selected whoever is outside the quota of the group.
    unlimited = MAX_BAR
    limits = np.array([*(unlimited if quota is None else quota for quota in quotas), unlimited])
    running = np.flatnonzero(outcomes == Outcome.SELECTED)
    group = np.where(groups < 0, len(quotas), groups)[running]
    better, equal = better_and_equal(ranks[running], group)
    outcomes[running[better + equal > limits[group]]] = Outcome.TIED
    outcomes[running[better >= limits[group]]] = Outcome.REACHED


def _checked_groups(
    groups: NDArray[np.integer[Any]] | None, ranks: NDArray[np.int64], rules: Rules
) -> NDArray[np.int64]:
    indices = _one_each("group", groups, ranks)
    if indices.max(initial=-1) >= len(rules.group_quotas) or indices.min(initial=-1) < -1:
        raise InvalidRules("a group's index points into the group quotas, or is -1")
    return indices


def _checked_facilities(
    facilities: NDArray[np.integer[Any]] | None, ranks: NDArray[np.int64]
) -> NDArray[np.int64]:
    numbers = _one_each("facility", facilities, ranks)
    # Whatever numbers a facility goes by: here they count up from 0.
    return np.where(numbers < 0, -1, np.unique(numbers, return_inverse=True)[1])


def _one_each(
    name: str, numbers: NDArray[np.integer[Any]] | None, ranks: NDArray[np.int64]
) -> NDArray[np.int64]:
    if numbers is None:
        raise InvalidRules(f"quotas per {name} need the {name} of each entry")
    if not holds(numbers, INTEGERS):
        raise WrongType(f"the {name} of each entry stands in an array of integers")
    if numbers.shape != ranks.shape:
        raise WrongShape(f"the {name} of each entry has the shape {numbers.shape}, not {ranks.shape}")
    return numbers.astype(np.int64)
