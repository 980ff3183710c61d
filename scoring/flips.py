"""How far an entry's value is from another outcome. Advisory, but exact: only whole numbers are compared."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from scoring.aggregate import Values, aggregate
from scoring.errors import InvalidMarks
from scoring.marks import Tally, tally
from scoring.ranking import rank
from scoring.rubric import Rubric
from scoring.rules import MAX_BAR, Method, Rules, ThresholdOp
from scoring.selection import Outcome, better_and_equal, reaches, select

_Numbers = NDArray[np.int64]

_OPEN: Final = -1
_SHUT: Final = -2
"""A stage that has room for everybody, and one that has room for nobody."""


@dataclass(frozen=True)
class Flips:
    """The smallest moves that change an outcome; one element per entry in every array.

    Attributes
    ----------
    possible : (n_entries,) ndarray of bool
        Whether there is one: not for an entry that is not scored, misses a floor, or would have to leave the
        scale.
    numerators, denominators : (n_entries,) ndarray of int64
        The move in hundredths of a point with its sign, not reduced; 0 and 1 where there is none.
    """

    possible: NDArray[np.bool_]
    numerators: _Numbers
    denominators: _Numbers


@dataclass(frozen=True)
class _Stage:
    """One quota: the number, from 0, of each entry's facility or group, and how many of it may be selected."""

    owners: _Numbers
    rooms: _Numbers


@dataclass(frozen=True)
class _Bars:
    """What an entry's value is compared with: first the threshold, then its rival at each stage.

    `tops` and `bottoms`, (n_entries, 1 + n_stages), are the fractions; `ties`, (n_entries, n_stages), tells whom
    the tie-break chain prefers at an equal value: 1 the entry, -1 the rival, 0 neither.
    """

    tops: _Numbers
    bottoms: _Numbers
    ties: _Numbers


def flips(
    marks: NDArray[np.integer[Any]],
    counts: NDArray[np.bool_],
    rubric: Rubric,
    rules: Rules,
    groups: NDArray[np.integer[Any]] | None = None,
    facilities: NDArray[np.integer[Any]] | None = None,
    *,
    step: int = 1,
) -> Flips:
    """Find how far the value of each entry must move until its outcome is another, all other entries staying.

    The value moves on the grid that the marks can reach: multiples of ``step / n`` for the mean of n totals (of
    ``step / (n - 2 trim)`` trimmed, ``step`` or half of it for the median, ``step`` by the number of totals kept
    without outliers), from 0 to the rubric's total. The entry's floors and tie-breaks stay as they are. The
    quotas are filled anew at every point of the grid, so that an entry can move into, or out of, a tie. Of two
    moves of equal length the downward one is given.

    A higher value never makes an outcome worse, so a longer move in the same direction changes it as well.
    Exact: the move is a whole multiple of the grid, found without a float.

    Parameters
    ----------
    marks, counts, rubric, rules, groups, facilities
        As for `decide`.
    step : int, optional
        What every mark is a multiple of, in hundredths; at least 1.

    Returns
    -------
    Flips
        The moves.

    Raises
    ------
    InvalidMarks, InvalidRules
        As `decide` says, or a step below 1.

    Examples
    --------
    One place for entries at 72.50 and 71: a move of 1.50 draws either level with the other.

    >>> marks = np.array([[[7300], [7200]], [[7100], [7100]]])
    >>> found = flips(marks, np.ones((2, 2), dtype=bool), Rubric((10000,)), Rules(threshold=0, quota=1), step=50)
    >>> found.numerators / found.denominators
    array([-150.,  150.])
    """
    if step < 1:
        raise InvalidMarks(f"a step is at least 1 hundredth, not {step}")
    sums = tally(marks, counts, rubric)
    values = aggregate(sums, rules)
    ranks = rank(sums, values, rules).ranks
    reached = reaches(sums, values, rubric, rules)
    now = select(ranks, reached, rules, groups, facilities)
    stages = tuple(_stages(rules, groups, facilities, len(ranks)))
    rivals = _rivals(ranks, reached, now, stages)
    bars = _bars(rivals, sums, values, rubric, rules)
    movable = reaches(sums, values, rubric, replace(rules, threshold=0, threshold_op=ThresholdOp.GE))
    return _smallest_moves(now, movable, values, _units(sums, rules, step), bars, rules.threshold_op, rubric)


def _stages(
    rules: Rules,
    groups: NDArray[np.integer[Any]] | None,
    facilities: NDArray[np.integer[Any]] | None,
    n_entries: int,
) -> Iterator[_Stage]:
    if rules.facility_quota is not None and facilities is not None:
        owners = np.unique(facilities, return_inverse=True)[1]
        yield _Stage(owners, np.where(facilities < 0, MAX_BAR, rules.facility_quota))
    if rules.group_quotas and groups is not None:
        rooms = [MAX_BAR if quota is None else quota for quota in (*rules.group_quotas, None)]
        yield _Stage(groups.astype(np.int64) + 1, np.array(rooms)[groups])
    if rules.quota is not None:
        yield _Stage(np.zeros(n_entries, dtype=np.int64), np.full(n_entries, rules.quota))


def _rivals(
    ranks: _Numbers, reached: NDArray[np.bool_], now: NDArray[np.int8], stages: tuple[_Stage, ...]
) -> _Numbers:
    # Whom each entry must stay ahead of at each stage, (n_entries, n_stages): the last who fits when the entry is
    # not there. Who is ahead of an entry passes each stage, or not, whatever becomes of that entry; so one that
    # is cut, and can only rise, need not be taken out for it.
    rivals = np.full((len(ranks), len(stages)), _OPEN)
    everybody = np.flatnonzero(reached) if stages else np.empty(0, dtype=np.int64)
    all_running = list(_running(everybody, ranks, stages))
    for entry in everybody:
        cut = now[entry] == Outcome.REACHED
        runs = all_running if cut else _running(everybody[everybody != entry], ranks, stages)
        rivals[entry] = [_rival(entry, ranks, run, stage) for run, stage in zip(runs, stages, strict=True)]
    return rivals


def _running(members: _Numbers, ranks: _Numbers, stages: tuple[_Stage, ...]) -> Iterator[_Numbers]:
    # The entries that come to each stage.
    for before, _stage in zip((None, *stages), stages, strict=False):
        if before is not None:
            better, equal = better_and_equal(ranks[members], before.owners[members])
            members = members[better + equal <= before.rooms[members]]
        yield members


def _rival(entry: np.int64, ranks: _Numbers, running: _Numbers, stage: _Stage) -> int:
    others = running[(stage.owners[running] == stage.owners[entry]) & (running != entry)]
    room = int(stage.rooms[entry])
    if len(others) < room:
        return _OPEN
    return int(others[np.argpartition(ranks[others], room - 1)[room - 1]]) if room else _SHUT


def _bars(rivals: _Numbers, sums: Tally, values: Values, rubric: Rubric, rules: Rules) -> _Bars:
    unreachable = rubric.total + 1
    found, some = rivals >= 0, np.maximum(rivals, 0)
    tops = np.where(found, values.numerators[some], np.where(rivals == _SHUT, unreachable, -1))
    bottoms = np.where(found, values.denominators[some], 1)
    # With all values equal the ranks are those of the tie-break chain alone.
    equal = Values(np.zeros_like(values.numerators), np.ones_like(values.denominators), values.scored)
    chain = rank(sums, equal, rules).ranks
    ones = np.ones((len(rivals), 1), dtype=np.int64)
    return _Bars(
        tops=np.hstack([min(rules.threshold, unreachable) * ones, tops]),
        bottoms=np.hstack([ones, bottoms]),
        ties=np.sign(chain[some] - chain[:, None]),
    )


def _units(sums: Tally, rules: Rules, step: int) -> _Numbers:
    # By how much a numerator of `aggregate` moves when a mark moves by a step.
    doubled = (sums.sheets % 2 == 1) & (rules.method is Method.MEDIAN)
    return np.where(doubled, 2 * step, step)[:, None]


def _smallest_moves(
    now: NDArray[np.int8],
    movable: NDArray[np.bool_],
    values: Values,
    units: _Numbers,
    bars: _Bars,
    operator: ThresholdOp,
    rubric: Rubric,
) -> Flips:
    tops, bottoms = values.numerators[:, None], values.denominators[:, None]
    # The outcome can only change at a bar: just short of it, on it, or just past it.
    onto = (bars.tops * bottoms - tops * bars.bottoms) // (bars.bottoms * units)
    moves: _Numbers = np.hstack([onto - 1, onto, onto + 1])
    moved = tops + moves * units
    changed = _outcomes(moved, bottoms, bars, operator) != now[:, None]
    changed &= movable[:, None] & (moves != 0) & (moved >= 0) & (moved <= rubric.total * bottoms)
    lengths = np.where(changed, 2 * np.abs(moves) + (moves > 0), np.iinfo(np.int64).max)
    smallest = np.take_along_axis(moves * units, lengths.argmin(axis=1)[:, None], axis=1)[:, 0]
    possible = changed.any(axis=1)
    return Flips(possible, np.where(possible, smallest, 0), np.where(possible, values.denominators, 1))


def _outcomes(moved: _Numbers, bottoms: _Numbers, bars: _Bars, operator: ThresholdOp) -> NDArray[np.int8]:
    # The outcome of each entry at each of its moved values, (n_entries, n_moves).
    threshold = bars.tops[:, :1] * bottoms
    over = moved >= threshold if operator is ThresholdOp.GE else moved > threshold
    outcomes = np.where(over, Outcome.SELECTED, Outcome.BELOW).astype(np.int8)
    for stage in range(bars.ties.shape[1]):
        bar = slice(stage + 1, stage + 2)
        lead = np.sign(moved * bars.bottoms[:, bar] - bars.tops[:, bar] * bottoms)
        lead = np.where(lead == 0, bars.ties[:, stage : stage + 1], lead)
        running = outcomes == Outcome.SELECTED
        outcomes[running & (lead == 0)] = Outcome.TIED
        outcomes[running & (lead < 0)] = Outcome.REACHED
    return outcomes
