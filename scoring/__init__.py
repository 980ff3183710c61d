"""Exact arithmetic of a jury's marks: values, ranks and outcomes, over axes that have no names.

Marks, maxima, thresholds and floors are whole hundredths of a point; every comparison is between integers.
`decide` does everything in one call; the steps it takes are public too.
"""

from scoring.aggregate import Values, aggregate
from scoring.decide import Standing, decide
from scoring.errors import (
    InvalidMarks,
    InvalidRubric,
    InvalidRules,
    MarkOutOfRange,
    ScoringError,
    TooLarge,
    WrongShape,
    WrongType,
)
from scoring.marks import Tally, tally
from scoring.ranking import DECIDED_BY_NOTHING, DECIDED_BY_VALUE, NOT_RANKED, Ranking, rank
from scoring.rounding import round_half_up
from scoring.rubric import MAX_TOTAL, Rubric
from scoring.rules import SPREAD, Method, Rules, ThresholdOp
from scoring.selection import Outcome, reaches, select

__all__ = [
    "DECIDED_BY_NOTHING",
    "DECIDED_BY_VALUE",
    "MAX_TOTAL",
    "NOT_RANKED",
    "SPREAD",
    "InvalidMarks",
    "InvalidRubric",
    "InvalidRules",
    "MarkOutOfRange",
    "Method",
    "Outcome",
    "Ranking",
    "Rubric",
    "Rules",
    "ScoringError",
    "Standing",
    "Tally",
    "ThresholdOp",
    "TooLarge",
    "Values",
    "WrongShape",
    "WrongType",
    "aggregate",
    "decide",
    "rank",
    "reaches",
    "round_half_up",
    "select",
    "tally",
]
