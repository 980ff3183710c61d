"""What the evidence of a contest holds: advisory numbers beside its result, none of which decides anything."""

from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from typing import Final

from app.domain.margins import Margin
from app.domain.results import Outcome
from app.domain.rules import GroupRule, Method
from app.queries.evidence import Funnels
from app.queries.results import ResultRow, ResultsPage
from scoring import Agreement

NOTABLE: Final = 1.0
"""Points of severity below which a judge is not pointed out, however sure the difference is."""


class NoPace(StrEnum):
    """Why the time between sheets says nothing."""

    TOO_FEW = "too_few"  # sheets
    AT_ONCE = "at_once"  # submitted together at the end, or taken over from a file


@dataclass(frozen=True)
class Pace:
    """Median minutes between one submitted sheet and the next, or why that says nothing."""

    minutes: float | None
    reason: NoPace | None = None


@dataclass(frozen=True)
class Change:
    """Under one other assumption, the outcome an entry would have; exactly one of the three is set."""

    outcome: Outcome
    without: str | None = None  # a judge, as the reader may know them
    method: Method | None = None
    threshold: int | None = None  # hundredths of a point


@dataclass(frozen=True)
class EntryEvidence:
    """One entry; distances are exact, in hundredths of a point."""

    row: ResultRow
    margin: Margin | None
    rival: ResultRow | None  # the nearest entry on the other side of a quota
    is_flagged: bool  # its sheets lie far apart
    is_settled: bool  # and the jury has discussed that
    changes: tuple[Change, ...]
    flip: Fraction | None  # how far its value would have to move for another outcome
    ranks: tuple[int, int] | None


@dataclass(frozen=True)
class JudgeEvidence:
    """One judge beside the rest of the panel; severity in points, totals in hundredths, shares from 0 to 1."""

    name: str
    sheets: int
    common: int  # of them, on entries that others scored too
    severity: float | None  # positive is generous
    low: float | None
    high: float | None
    lowest: int | None
    highest: int | None
    range_share: float | None
    correlation: float | None
    identical_share: float | None
    repeated_share: float | None
    pace: Pace

    @property
    def stands_out(self) -> bool:
        """Whether the severity is worth a talk: not small, and its interval leaves zero out."""
        if self.severity is None or self.low is None or self.high is None:
            return False
        return abs(self.severity) >= NOTABLE and not self.low <= 0 <= self.high


@dataclass(frozen=True)
class PanelEvidence:
    """How far the judges of the whole contest (no group) or of one group agree."""

    group: GroupRule | None
    agreement: Agreement


@dataclass(frozen=True)
class PassesEvidence:
    """One entry in both passes; values and distances are exact, in hundredths of a point."""

    row: ResultRow
    first: Fraction | None
    second: Fraction | None
    to_advance: Fraction | None  # from the mark that leads to the second pass

    @property
    def went_on(self) -> bool:
        """Whether the entry was scored again."""
        return self.to_advance is not None and self.to_advance >= 0

    @property
    def change(self) -> Fraction | None:
        """How much more the second pass gave than the first."""
        return None if self.first is None or self.second is None else self.second - self.first


@dataclass(frozen=True)
class Bootstrap:
    """How the rank intervals were drawn; the same seed gives the same intervals."""

    seed: int
    replicates: int
    percent: int


@dataclass(frozen=True)
class Evidence:
    """Everything on the evidence page of a contest."""

    results: ResultsPage
    is_same: bool  # whether the marks that count now are those of the computation
    entries: tuple[EntryEvidence, ...]  # in the order of the results
    passes: tuple[PassesEvidence, ...]  # by the first pass, best first; none with one pass
    judges: tuple[JudgeEvidence, ...]  # the most generous first
    panels: tuple[PanelEvidence, ...]
    funnels: Funnels
    bootstrap: Bootstrap
