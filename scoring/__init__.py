"""Exact arithmetic of a jury's marks: values, ranks and outcomes, over axes that have no names.

Marks, maxima, thresholds and floors are whole hundredths of a point; every comparison is between integers.
`decide` does everything in one call; the steps it takes are public too. `agreement`, `severity`, `sensitivity`
and `rank_intervals` measure the jury; they advise, and decide nothing.
"""

from scoring.aggregate import Values, aggregate
from scoring.agreement import Agreement, Estimate, Undefined, agreement
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
from scoring.flips import Flips, flips
from scoring.intervals import RankIntervals, rank_intervals
from scoring.marks import Tally, tally
from scoring.prizes import Awards, PrizeBy, Prizes, award
from scoring.ranking import DECIDED_BY_NOTHING, DECIDED_BY_VALUE, NOT_RANKED, Ranking, rank
from scoring.rounding import round_away, round_half_up
from scoring.rubric import MAX_TOTAL, Rubric
from scoring.rules import SPREAD, Method, Rules, ThresholdOp
from scoring.selection import Outcome, reaches, select
from scoring.sensitivity import THRESHOLD_MARGIN, Scenario, ScenarioKind, Sensitivity, sensitivity
from scoring.severity import Severity, severity

__all__ = [
    "DECIDED_BY_NOTHING",
    "DECIDED_BY_VALUE",
    "MAX_TOTAL",
    "NOT_RANKED",
    "SPREAD",
    "THRESHOLD_MARGIN",
    "Agreement",
    "Awards",
    "Estimate",
    "Flips",
    "InvalidMarks",
    "InvalidRubric",
    "InvalidRules",
    "MarkOutOfRange",
    "Method",
    "Outcome",
    "PrizeBy",
    "Prizes",
    "RankIntervals",
    "Ranking",
    "Rubric",
    "Rules",
    "Scenario",
    "ScenarioKind",
    "ScoringError",
    "Sensitivity",
    "Severity",
    "Standing",
    "Tally",
    "ThresholdOp",
    "TooLarge",
    "Undefined",
    "Values",
    "WrongShape",
    "WrongType",
    "aggregate",
    "agreement",
    "award",
    "decide",
    "flips",
    "rank",
    "rank_intervals",
    "reaches",
    "round_away",
    "round_half_up",
    "select",
    "sensitivity",
    "severity",
    "tally",
]
