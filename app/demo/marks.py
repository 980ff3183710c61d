"""Synthetic marks: a product's quality, a judge's habit and some chance, made to land on the side the plan asks for."""

from collections.abc import Mapping, Sequence
from random import Random

from app.domain.rules import ContestRules, CriterionRule, SubCriterionRule

TEN_POINTS = 1000
STRICT = 0.02


def sheets_of(rng: Random, rules: ContestRules, habits: list[float], *, below: bool) -> list[dict[str, int]]:
    """One sheet of marks per judge (code -> hundredths); their mean total is under the threshold or not, as asked."""
    quality = rng.uniform(0.55, 0.67) if below else min(0.97, max(0.72, rng.gauss(0.815, 0.055)))
    while True:
        sheets = [_sheet(rng, rules, quality + habit) for habit in habits]
        total = sum(sum(sheet.values()) for sheet in sheets)
        if (total < rules.threshold * len(sheets)) == below:
            return sheets
        quality += -0.01 if below else 0.01


def habits(rng: Random, judges: int) -> list[float]:
    """How far each judge leans from the panel, as a share of the highest mark; the one in the middle is strict."""
    leanings = [rng.gauss(0, 0.004) for _ in range(judges)]
    leanings[judges // 2] -= STRICT
    return leanings


def seen_on_site(
    rng: Random, rules: ContestRules, sheets: Sequence[Mapping[str, int]]
) -> list[dict[str, int]]:
    """What the judges give after a visit: all a little more or less than for the dossier, none under the threshold."""
    found = rng.gauss(0, 0.03)
    while True:
        again = [
            {
                line.code: _on_step(
                    sheet[line.code] / line.max_mark + found + rng.gauss(0, 0.02), line, rules
                )
                for line in rules.criteria
            }
            for sheet in sheets
        ]
        if min(sum(sheet.values()) for sheet in again) >= rules.threshold:
            return again
        found += 0.01


def on_lines(rng: Random, rules: ContestRules, group: str, sheet: Mapping[str, int]) -> dict[str, int]:
    """A sheet's marks on the lines that the group has below the criteria; they add up to the same."""
    if not rules.sub_criteria:
        return dict(sheet)
    lines = rules.lines(group)
    marks: dict[str, int] = {}
    for criterion in rules.criteria:
        own = [line for line in lines if line.parent == criterion.code]
        given = {line.code: 0 for line in own}
        for line in own:
            share = sheet[criterion.code] / criterion.max_mark - abs(rng.gauss(0, 0.04))
            given[line.code] = _on_step(share, line, rules)
        while (left := sheet[criterion.code] - sum(given.values())) != 0:
            step = rules.mark_step if left > 0 else -rules.mark_step
            line = rng.choice([line for line in own if 0 <= given[line.code] + step <= line.max_mark])
            given[line.code] += step
        marks |= given
    return marks


def misread(marks: Mapping[str, int]) -> dict[str, int]:
    """The same marks with the first read or typed ten points too low."""
    code = next(iter(marks))
    return {**marks, code: abs(marks[code] - TEN_POINTS)}


def half(marks: Mapping[str, int]) -> dict[str, int]:
    """The first half of a sheet's marks, as a draft holds them."""
    return dict(list(marks.items())[: (len(marks) + 1) // 2])


def _sheet(rng: Random, rules: ContestRules, quality: float) -> dict[str, int]:
    return {line.code: _on_step(quality + rng.gauss(0, 0.035), line, rules) for line in rules.criteria}


def _on_step(share: float, line: CriterionRule | SubCriterionRule, rules: ContestRules) -> int:
    """A share of a line's highest mark, on the step of the contest."""
    return round(line.max_mark * min(1.0, max(0.0, share)) / rules.mark_step) * rules.mark_step
