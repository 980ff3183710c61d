"""The rules of scoring once more, in fractions and plain loops: what `decide` is held against."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import floor

from scoring import Rubric, Rules

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
    entries: Sequence[Sequence[Sheet]], rubric: Rubric, rules: Rules, groups: Sequence[int] | None = None
) -> list[Expected]:
    """Score entries, each given as its counting sheets."""
    values = [_value([sum(sheet) for sheet in sheets], rules) for sheets in entries]
    keys = [
        None if value is None else [-value, *_tie_breaks(sheets, rules)]
        for sheets, value in zip(entries, values, strict=True)
    ]
    reached = [
        value is not None and _reaches(sheets, value, rubric, rules)
        for sheets, value in zip(entries, values, strict=True)
    ]
    outcomes = _outcomes(keys, reached, rules, groups)
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
    keys: Sequence[list[Fraction] | None], reached: Sequence[bool], rules: Rules, groups: Sequence[int] | None
) -> list[str]:
    outcomes = [
        "not_scored" if key is None else "selected" if reaches else "below"
        for key, reaches in zip(keys, reached, strict=True)
    ]
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
