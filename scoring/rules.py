"""How marks become a result: declared and frozen before scoring opens."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from scoring.errors import InvalidRules

SPREAD: Final = -1
"""In a tie-break chain: the highest total less the lowest, where lower is better."""

MAX_BAR: Final = 1_000_000_000_000
"""The largest threshold or outlier distance, in hundredths of a point."""


class Method(StrEnum):
    """How the totals of an entry's sheets become its value."""

    MEAN = "mean"
    TRIMMED = "trimmed"
    MEDIAN = "median"
    WITHOUT_OUTLIERS = "without-outliers"


class ThresholdOp(StrEnum):
    """Whether a value equal to the threshold reaches it."""

    GE = "ge"
    GT = "gt"


@dataclass(frozen=True)
class Rules:
    """The rules of a contest, as axes.

    Attributes
    ----------
    method : Method, default mean
        How totals become a value. The mean is the legal *điểm bình quân*.
    trim : int, default 1
        For `Method.TRIMMED`: how many lowest and how many highest totals are dropped.
    outlier : int, default 700
        For `Method.WITHOUT_OUTLIERS`: a sheet further than this from the mean of all is dropped;
        hundredths of a point.
    threshold : int, default 7000
        The value that must be reached, in hundredths of a point.
    threshold_op : ThresholdOp, default ge
        Whether the threshold itself reaches.
    min_sheets : int, default 1
        The fewest sheets that give a value.
    tie_break : tuple of int
        Indices of criteria (higher mean first) or `SPREAD` (lower first), asked in this order.
    quota : int, optional
        How many entries may be selected in all.
    group_quotas : tuple of int or None
        How many entries of each group may be selected, by the group's index; None for no limit.
    facility_quota : int, optional
        How many entries of one facility may be selected.

    Raises
    ------
    InvalidRules
        A value of another type or out of range, or a tie-break that is asked twice.

    Examples
    --------
    >>> Rules(threshold=7000, quota=10, tie_break=(0, 1, SPREAD)).method
    <Method.MEAN: 'mean'>
    """

    method: Method = Method.MEAN
    trim: int = 1
    outlier: int = 700
    threshold: int = 7000
    threshold_op: ThresholdOp = ThresholdOp.GE
    min_sheets: int = 1
    tie_break: tuple[int, ...] = ()
    quota: int | None = None
    group_quotas: tuple[int | None, ...] = ()
    facility_quota: int | None = None

    def __post_init__(self) -> None:
        _check_member("method", self.method, Method)
        _check_member("threshold_op", self.threshold_op, ThresholdOp)
        _check_int("trim", self.trim)
        _check_int("outlier", self.outlier)
        _check_int("threshold", self.threshold)
        _check_int("min_sheets", self.min_sheets, least=1)
        for quota in (self.quota, self.facility_quota, *self.group_quotas):
            if quota is not None:
                _check_int("a quota", quota)
        for key in self.tie_break:
            _check_int("a tie-break", key, least=SPREAD)
        if len(set(self.tie_break)) != len(self.tie_break):
            raise InvalidRules("a tie-break is asked once")

    @property
    def sheets_needed(self) -> int:
        """The fewest counting sheets with which the method can give a value.

        Returns
        -------
        int
            At least `min_sheets`.
        """
        return max(self.min_sheets, 2 * self.trim + 1 if self.method is Method.TRIMMED else 1)


def _check_member(name: str, value: object, kind: type[StrEnum]) -> None:
    if not isinstance(value, kind):
        raise InvalidRules(f"{name} is a {kind.__name__}, not {value!r}")


def _check_int(name: str, value: int, *, least: int = 0) -> None:
    if type(value) is not int or not least <= value <= MAX_BAR:
        raise InvalidRules(f"{name} is an int within {least}..{MAX_BAR}, not {value!r}")
