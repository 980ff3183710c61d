"""Seating a jury: which judge gets which entry, as a mixed-integer programme that HiGHS (in SciPy) solves.

Arrays in, seats out; nothing here knows a name, an id or the database. What is asked, in this order:

1. every entry has the wanted number of sheets, or as many as there are judges who may have it; never more;
2. seats that are better left empty stay empty;
3. loads are as even as they can be, to within a twentieth of the average load;
4. judges stay in the groups that they are wished for;
5. as few judges as possible in each group.

Sheets that exist stay, and count towards the numbers and the loads. The same arrays give the same seats: the solver
is bounded by nodes first, and by time only as a last resort. Filling seats is a flow through a network, whose linear
programme has whole numbers at its corners; only the choice of groups needs branching.
"""

from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

Bools = NDArray[np.bool_]
Ints = NDArray[np.int64]
Band = tuple[Ints, Ints]  # the least and the most sheets of each judge

SECONDS: Final = 10.0
"""Time for one of the three programmes; sizes that occur take a small part of it."""

_NODES: Final = 200
_GAP: Final = 0.02
_AVOIDED: Final = 1e5
_OUT_OF_BAND: Final = 100.0
_OUTSIDE: Final = 10.0
_UNWISHED: Final = 3.0


class NotSeated(RuntimeError):
    """The solver found no seats within its limits."""


@dataclass(frozen=True)
class Hall:
    """What a jury is seated in; booleans of shape (n_entries, n_judges) unless said otherwise.

    Parameters
    ----------
    seated
        Sheets that exist.
    free
        Seats that may be given beside them.
    avoided
        Seats to be given only where an entry would otherwise have too few sheets.
    groups
        The group of each entry, of shape (n_entries,), from 0.
    wished
        Groups in which a judge is wished for, of shape (n_judges, n_groups).
    wanted
        Sheets that each entry shall have.
    """

    seated: Bools
    free: Bools
    avoided: Bools
    groups: Ints
    wished: Bools
    wanted: int

    @property
    def missing(self) -> Ints:
        """Sheets that each entry is to be given: as many as it lacks, or as can be given."""
        lacks: Ints = np.maximum(self.wanted - self.seated.sum(axis=1), 0)
        given: Ints = np.minimum(lacks, (self.free & ~self.seated).sum(axis=1))
        return given


def seat(hall: Hall, *, seconds: float = SECONDS) -> Bools:
    """Choose the seats to give; raise NotSeated if the solver finds none in time."""
    open_seats = hall.free & ~hall.seated
    missing = hall.missing
    if not missing.any():
        return np.zeros_like(open_seats)
    evenly = _fill(hall, open_seats, missing, None, None, seconds)
    band = _band((evenly | hall.seated).sum(axis=0))
    try:
        within = _groups_of_judges(hall, open_seats, missing, band, seconds)
    except NotSeated:
        return evenly
    return _fill(hall, open_seats, missing, within, band, seconds)


def _band(even: Ints) -> Band:
    """Loads that are as good as the even ones: who has the one sheet more does not matter, nor a twentieth."""
    slack = int(even.sum()) // (20 * len(even))
    most = int(even.max())
    return np.where(even == most, even - 1, even) - slack, np.minimum(even + 1, most) + slack


def _fill(
    hall: Hall,
    open_seats: Bools,
    missing: Ints,
    within: Bools | None,
    band: Band | None,
    seconds: float,
) -> Bools:
    """Fill the missing seats at the least cost, which grows with each further sheet of a judge.

    With a band, loads within it cost nothing; seats outside the judge's groups (`within`) are dear.
    """
    entries, judges = np.nonzero(open_seats)
    cost = np.where(hall.avoided[entries, judges], _AVOIDED, 0.0)
    if within is not None:
        cost += np.where(within[judges, hall.groups[entries]], 0.0, _OUTSIDE)
    steps, step_cost = _steps(hall, open_seats, missing, band)
    n_seats, n_steps = len(entries), len(steps)
    n_entries, n_judges = open_seats.shape
    # One row for each entry (its seats are those that are missing) and one for each judge (seats = steps of the load).
    rows = np.concatenate([entries, n_entries + judges, n_entries + steps])
    columns = np.concatenate([np.arange(n_seats), np.arange(n_seats), n_seats + np.arange(n_steps)])
    values = np.concatenate([np.ones(2 * n_seats), -np.ones(n_steps)])
    right = np.concatenate([missing, np.zeros(n_judges)])
    found = _solve(
        np.concatenate([cost, step_cost]),
        (rows, columns, values, n_entries + n_judges),
        (right, right),
        np.ones(n_seats + n_steps),
        seconds,
        whole=False,
    )
    given = np.zeros_like(open_seats)
    given[entries, judges] = found[:n_seats] > 0.5
    return given


def _steps(
    hall: Hall, open_seats: Bools, missing: Ints, band: Band | None
) -> tuple[Ints, NDArray[np.float64]]:
    """For each judge the further sheets one by one, and what each of them costs: more than the one before."""
    has = hall.seated.sum(axis=0)
    most = np.minimum(open_seats.sum(axis=0), int(missing.sum()))
    judges = np.repeat(np.arange(len(has)), most)
    number = np.arange(len(judges)) - np.repeat(np.cumsum(most) - most, most)
    load = (has[judges] + number).astype(np.float64)
    if band is None:
        return judges, load / max(1.0, float(load.max()))
    low, high = band
    above = np.maximum(load - high[judges] + 1, 0)
    below = np.maximum(low[judges] - load, 0)
    return judges, _OUT_OF_BAND * (above - below) + load / max(1.0, float(load.max())) / 100


def _groups_of_judges(hall: Hall, open_seats: Bools, missing: Ints, band: Band, seconds: float) -> Bools:
    """In which groups each judge works, as few as the even loads allow: numbers of sheets, not yet which ones.

    Where a judge has sheets already costs nothing; where the judge is not wished for is dear.
    """
    n_judges, n_groups = hall.wished.shape
    of_group = np.eye(n_groups, dtype=np.int64)[hall.groups]
    room = (open_seats.T.astype(np.int64) @ of_group).astype(np.float64)
    begun = (hall.seated.T.astype(np.int64) @ of_group) > 0
    # By judge and group: how many sheets, and whether any; then rows for group, load, and one "any" for each number.
    size = n_judges * n_groups
    judge, group = np.divmod(np.arange(size), n_groups)
    opening = np.where(begun, 0.0, np.where(hall.wished, 1.0, 1.0 + _UNWISHED)).ravel()
    cost = np.concatenate([np.where(hall.wished.ravel(), 0.0, 1e-3), opening])
    number, any_ = np.arange(size), size + np.arange(size)
    rows = np.concatenate(
        [group, n_groups + judge, n_groups + n_judges + number, n_groups + n_judges + number]
    )
    columns = np.concatenate([number, number, number, any_])
    values = np.concatenate([np.ones(3 * size), -room.ravel()])
    # Each entry's sheets come from different judges: so many must work in the group at least.
    rows = np.concatenate([rows, n_groups + n_judges + size + group])
    columns, values = np.concatenate([columns, any_]), np.concatenate([values, np.ones(size)])
    per_group = missing @ of_group
    panel = np.array([missing[hall.groups == one].max(initial=0) for one in range(n_groups)])
    has = hall.seated.sum(axis=0)
    low = np.concatenate([per_group, band[0] - has, np.full(size, -np.inf), panel])
    high = np.concatenate([per_group, band[1] - has, np.zeros(size), np.full(n_groups, np.inf)])
    top = np.concatenate([room.ravel(), np.ones(size)])
    n_rows = 2 * n_groups + n_judges + size
    found = _solve(cost, (rows, columns, values, n_rows), (low, high), top, seconds)
    chosen: Bools = (found[size:] > 0.5).reshape(n_judges, n_groups) | begun
    return chosen


def _solve(
    cost: NDArray[np.float64],
    cells: tuple[Any, Any, Any, int],
    limits: tuple[Any, Any],
    top: NDArray[np.float64],
    seconds: float,
    *,
    whole: bool = True,
) -> NDArray[np.float64]:
    """The integers from 0 to `top` of the least cost that keep every row within its limits."""
    # SciPy takes a third of a second to load, and few pages need it.
    from scipy.optimize import Bounds, LinearConstraint, milp  # noqa: PLC0415
    from scipy.sparse import csr_array  # noqa: PLC0415

    rows, columns, values, n_rows = cells
    matrix = csr_array((values, (rows, columns)), shape=(n_rows, len(cost)))
    found = milp(
        cost,
        integrality=np.full(len(cost), int(whole)),
        bounds=Bounds(np.zeros(len(cost)), top),
        constraints=LinearConstraint(matrix, *limits),
        options={"time_limit": seconds, "node_limit": _NODES, "mip_rel_gap": _GAP},
    )
    if found.x is None:
        raise NotSeated(found.message)
    solution: NDArray[np.float64] = found.x
    return solution
