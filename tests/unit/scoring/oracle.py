"""The rules of scoring once more, in fractions and plain loops: what `decide` is held against."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import floor

from scoring import Prizes, Rubric, Rules

Sheet = tuple[int, ...]


@dataclass(frozen=True)
class Expected:
    """What one entry should get; None where it is not scored."""

    sheets: int
    value: Fraction | None
    average: int | None
    rank: int | None
    decided_by: int | None
    outcome: str


def expected_results(
    entries: Sequence[Sequence[Sheet]],
    rubric: Rubric,
    rules: Rules,
    groups: Sequence[int] | None = None,
    facilities: Sequence[int] | None = None,
) -> list[Expected]:
    """Score entries, each given as its counting sheets."""
    keys = entry_keys(entries, rules)
    outcomes = entry_outcomes(entries, keys, rubric, rules, groups, facilities)
    values = [None if key is None else -key[0] for key in keys]
    return [
        Expected(
            sheets=len(sheets),
            value=value,
            average=None if value is None else floor(value + Fraction(1, 2)),
            rank=None if key is None else 1 + sum(other is not None and other < key for other in keys),
            decided_by=None if key is None else _decided_by(key, keys),
            outcome=outcome,
        )
        for sheets, value, key, outcome in zip(entries, values, keys, outcomes, strict=True)
    ]


def entry_keys(entries: Sequence[Sequence[Sheet]], rules: Rules) -> list[list[Fraction] | None]:
    """Tell what each entry is ordered by, lower first: its value with the sign turned, then the tie-breaks."""
    values = [_value([sum(sheet) for sheet in sheets], rules) for sheets in entries]
    return [
        None if value is None else [-value, *_tie_breaks(sheets, rules)]
        for sheets, value in zip(entries, values, strict=True)
    ]


def entry_outcomes(
    entries: Sequence[Sequence[Sheet]],
    keys: Sequence[list[Fraction] | None],
    rubric: Rubric,
    rules: Rules,
    groups: Sequence[int] | None = None,
    facilities: Sequence[int] | None = None,
) -> list[str]:
    """Compare with the threshold and the floors, and fill the quotas."""
    reached = [
        key is not None and _reaches(sheets, -key[0], rubric, rules)
        for sheets, key in zip(entries, keys, strict=True)
    ]
    return _outcomes(keys, reached, rules, groups, facilities)


def _value(totals: list[int], rules: Rules) -> Fraction | None:
    if not totals or len(totals) < rules.min_sheets:
        return None
    totals = sorted(totals)
    if rules.method == "mean":
        return _mean(totals)
    if rules.method == "trimmed":
        kept = totals[rules.trim : len(totals) - rules.trim]
        return _mean(kept) if len(totals) >= 2 * rules.trim + 1 else None
    if rules.method == "median":
        half = len(totals) // 2
        return Fraction(totals[half]) if len(totals) % 2 else _mean(totals[half - 1 : half + 1])
    centre = _mean(totals)
    kept = [total for total in totals if abs(total - centre) <= rules.outlier]
    return _mean(kept) if kept and len(kept) >= rules.min_sheets else None


def _mean(numbers: Sequence[int]) -> Fraction:
    return Fraction(sum(numbers), len(numbers))


def _tie_breaks(sheets: Sequence[Sheet], rules: Rules) -> list[Fraction]:
    totals = [sum(sheet) for sheet in sheets]
    return [
        Fraction(max(totals) - min(totals)) if key == -1 else -_mean([sheet[key] for sheet in sheets])
        for key in rules.tie_break
    ]


def _reaches(sheets: Sequence[Sheet], value: Fraction, rubric: Rubric, rules: Rules) -> bool:
    over = value > rules.threshold if rules.threshold_op == "gt" else value >= rules.threshold
    return over and all(
        _mean([sheet[criterion] for sheet in sheets]) >= least
        for criterion, least in enumerate(rubric.floors)
    )


def _decided_by(key: list[Fraction], keys: Sequence[list[Fraction] | None]) -> int:
    for level in range(len(key)):
        equals = [other for other in keys if other is not None and other[: level + 1] == key[: level + 1]]
        if len(equals) == 1:
            return level
    return -1


def _outcomes(
    keys: Sequence[list[Fraction] | None],
    reached: Sequence[bool],
    rules: Rules,
    groups: Sequence[int] | None,
    facilities: Sequence[int] | None,
) -> list[str]:
    outcomes = [
        "not_scored" if key is None else "selected" if reaches else "below"
        for key, reaches in zip(keys, reached, strict=True)
    ]
    if rules.facility_quota is not None:
        assert facilities is not None
        for facility in {number for number in facilities if number >= 0}:
            members = [index for index, own in enumerate(facilities) if own == facility]
            _cut(outcomes, keys, members, rules.facility_quota)
    for group, quota in enumerate(rules.group_quotas):
        assert groups is not None
        _cut(outcomes, keys, [index for index, own in enumerate(groups) if own == group], quota)
    _cut(outcomes, keys, range(len(keys)), rules.quota)
    return outcomes


def _cut(
    outcomes: list[str], keys: Sequence[list[Fraction] | None], members: Sequence[int], quota: int | None
) -> None:
    if quota is None:
        return
    running = [index for index in members if outcomes[index] == "selected"]
    for index in running:
        key = keys[index]
        assert key is not None
        better = sum(other is not None and other < key for other in (keys[rival] for rival in running))
        equal = sum(keys[rival] == key for rival in running)
        if better >= quota:
            outcomes[index] = "reached"
        elif better + equal > quota:
            outcomes[index] = "tied"


def expected_prizes(results: Sequence[Expected], prizes: Prizes) -> list[tuple[int | None, bool]]:
    """Tell each entry's class of prize, and whether it is left to the council."""
    return [_prize(result, results, prizes) for result in results]


def _prize(result: Expected, results: Sequence[Expected], prizes: Prizes) -> tuple[int | None, bool]:
    if result.outcome != "selected":
        return None, False
    assert result.value is not None
    assert result.rank is not None
    if prizes.by == "band":
        reached = [place for place, limit in enumerate(prizes.limits) if result.value >= limit]
        return (reached[0] if reached else None), False
    # One prize after the other is laid on a line, and the entries of a rank stand before a stretch of it.
    handed_out = [place for place, limit in enumerate(prizes.limits) for _one in range(limit)]
    ranks = [other.rank for other in results if other.outcome == "selected"]
    better = sum(rank is not None and rank < result.rank for rank in ranks)
    stretch = range(better, better + ranks.count(result.rank))
    classes = {handed_out[place] if place < len(handed_out) else None for place in stretch}
    return (None, True) if len(classes) > 1 else (classes.pop(), False)
