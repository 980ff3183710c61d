"""What can be wrong with a rubric, with rules or with marks.

::

    ScoringError (ValueError)
    ├── InvalidRubric       maxima or floors that make no sense
    ├── InvalidRules        a method, a bar, a quota or a chain that makes no sense
    └── InvalidMarks
        ├── WrongShape      arrays whose axes do not fit each other or the rubric
        ├── WrongType       arrays that do not hold whole numbers (or, for masks, truth values)
        ├── MarkOutOfRange  a counting mark below zero or above its maximum
        └── TooLarge        more sheets than 64 bits can compare exactly
"""

from __future__ import annotations


class ScoringError(ValueError):
    """Anything this package refuses."""


class InvalidRubric(ScoringError):
    """Maxima or floors that make no sense."""


class InvalidRules(ScoringError):
    """A method, a bar, a quota or a tie-break chain that makes no sense."""


class InvalidMarks(ScoringError):
    """Arrays that cannot be scored."""


class WrongShape(InvalidMarks):
    """Arrays whose axes do not fit each other or the rubric."""


class WrongType(InvalidMarks):
    """Arrays that do not hold whole numbers or, for masks, truth values."""


class MarkOutOfRange(InvalidMarks):
    """A counting mark below zero or above its criterion's maximum.

    Parameters
    ----------
    entry, judge, criterion : int
        Where the first such mark stands on the three axes.
    mark, max_mark : int
        The mark and the most it may be, in hundredths of a point.
    """

    def __init__(self, *, entry: int, judge: int, criterion: int, mark: int, max_mark: int) -> None:
        super().__init__(
            f"mark {mark} of entry {entry}, judge {judge}, criterion {criterion} is not within 0..{max_mark}"
        )
        self.entry = entry
        self.judge = judge
        self.criterion = criterion
        self.mark = mark
        self.max_mark = max_mark


class TooLarge(InvalidMarks):
    """More sheets than can be compared exactly in 64 bits."""
