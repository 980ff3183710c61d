"""Synthetic marks: a product's quality, a judge's habit and some chance, made to land on the side the plan asks for."""

from random import Random

from app.domain.rules import ContestRules


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
    """How far each judge leans from the panel, as a share of the highest mark."""
    return [rng.gauss(0, 0.015) for _ in range(judges)]


def _sheet(rng: Random, rules: ContestRules, quality: float) -> dict[str, int]:
    marks = {}
    for criterion in rules.criteria:
        share = min(1.0, max(0.0, quality + rng.gauss(0, 0.035)))
        steps = round(criterion.max_mark * share / rules.mark_step)
        marks[criterion.code] = steps * rules.mark_step
    return marks
