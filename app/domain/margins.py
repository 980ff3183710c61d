"""How far each entry is from the lines that decide about it: exact, to be shown beside the result."""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import ceil, floor

from app.domain.placings import JuryResult, Place
from app.domain.results import Outcome
from app.domain.rules import ContestRules


@dataclass(frozen=True)
class Margin:
    """Distances in hundredths of a point; positive is the good side of a line."""

    to_threshold: Fraction
    to_cut: Fraction | None = None  # to the nearest entry on the other side of a quota
    rival: int | None = None  # the place of that entry in the list of results


def margins(
    results: Sequence[JuryResult], places: Sequence[Place | None], rules: ContestRules
) -> list[Margin | None]:
    """Give each entry's distances; None for one without a value. `places` is what `placings.places` made."""
    values = [_value(result) for result in results]
    inside, outside = _edges(results, places)
    found: list[Margin | None] = []
    for result, place, value in zip(results, places, values, strict=True):
        if value is None:
            found.append(None)
            continue
        rival = _rival(result, place, inside, outside)
        other = None if rival is None else values[rival]
        found.append(Margin(value - rules.threshold, None if other is None else value - other, rival))
    return found


Edge = tuple[int, int]  # rank and place in the list
Edges = dict[object, Edge]  # by quota


def _quotas(result: JuryResult) -> tuple[object, object, object]:
    """Names of the quotas that an entry meets: its facility's, its group's, the contest's."""
    return ("facility", result.facility_id), ("group", result.group), "contest"


def _met_last(result: JuryResult, place: Place) -> object:
    facility, group, contest = _quotas(result)
    return facility if place.of_facility else group if place.group else contest


def _edges(results: Sequence[JuryResult], places: Sequence[Place | None]) -> tuple[Edges, Edges]:
    """For each quota the last entry that it let in, and the first that it kept out."""
    inside: Edges = {}
    outside: Edges = {}
    ranked = [(result.rank, index) for index, result in enumerate(results) if result.rank is not None]
    for edge in sorted(ranked):
        result, place = results[edge[1]], places[edge[1]]
        if result.outcome is Outcome.SELECTED:
            inside |= dict.fromkeys(_quotas(result), edge)
        elif place is not None:
            outside.setdefault(_met_last(result, place), edge)
    return inside, outside


def _rival(result: JuryResult, place: Place | None, inside: Edges, outside: Edges) -> int | None:
    if place is None:
        return None
    if result.outcome is not Outcome.SELECTED:
        edge = inside.get(_met_last(result, place))
    else:  # each of its quotas keeps others out: the best of those is the nearest
        edge = min((outside[quota] for quota in _quotas(result) if quota in outside), default=None)
    return None if edge is None else edge[1]


def _value(result: JuryResult) -> Fraction | None:
    if result.numerator is None or result.denominator is None:
        return None
    return Fraction(result.numerator, result.denominator)


def rounded_away(hundredths: Fraction) -> int:
    """Whole hundredths for print, away from zero: only what is exactly zero prints as zero.

    >>> rounded_away(Fraction(-1, 3)), rounded_away(Fraction(7, 2)), rounded_away(Fraction(0))
    (-1, 4, 0)
    """
    return ceil(hundredths) if hundredths > 0 else floor(hundredths)
