"""What a judge may give: the highest mark and the floor of each criterion."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from scoring.errors import InvalidRubric

MAX_TOTAL: Final = 10_000_000
"""The largest sum of maxima: 100,000 points, in hundredths."""


@dataclass(frozen=True)
class Rubric:
    """The criteria of a score sheet, as axes.

    Attributes
    ----------
    max_marks : tuple of int
        The highest mark of each criterion, in hundredths of a point.
    floors : tuple of int, optional
        The least mean of each criterion that lets an entry reach the threshold, in hundredths;
        empty for none.

    Raises
    ------
    InvalidRubric
        No criterion, something that is no int, a maximum that is not positive, a floor outside
        ``0..maximum``, a different number of floors than of maxima, or a total above `MAX_TOTAL`.

    Examples
    --------
    The legal sheet (Thông tư 26/2014/TT-BCT, Appendix 4) has four criteria of 40, 40, 10 and 10 points:

    >>> Rubric(max_marks=(4000, 4000, 1000, 1000)).total
    10000
    """

    max_marks: tuple[int, ...]
    floors: tuple[int, ...] = ()

    def __post_init__(self) -> None:
        object.__setattr__(self, "max_marks", _whole(self.max_marks, "a maximum"))
        object.__setattr__(self, "floors", _whole(self.floors, "a floor") or (0,) * len(self.max_marks))
        if not self.max_marks:
            raise InvalidRubric("a rubric has at least one criterion")
        if min(self.max_marks) <= 0:
            raise InvalidRubric("a maximum is greater than zero")
        if len(self.floors) != len(self.max_marks):
            raise InvalidRubric("every criterion has one floor, or none has")
        if not all(0 <= floor <= top for floor, top in zip(self.floors, self.max_marks, strict=True)):
            raise InvalidRubric("a floor lies between zero and its criterion's maximum")
        if self.total > MAX_TOTAL:
            raise InvalidRubric(f"the maxima sum to at most {MAX_TOTAL} hundredths")

    @property
    def total(self) -> int:
        """The highest total of one sheet.

        Returns
        -------
        int
            Hundredths of a point.
        """
        return sum(self.max_marks)

    def __len__(self) -> int:
        return len(self.max_marks)


def _whole(values: Sequence[int], what: str) -> tuple[int, ...]:
    if any(type(value) is not int for value in values):
        raise InvalidRubric(f"{what} is an int of hundredths")
    return tuple(values)
