"""What the rules make of the sheets that count: one row for each entry, from arrays alone."""

from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

import scoring
from app.domain.results import Outcome
from app.domain.rules import ContestRules
from app.services.axes import deciding_name, prize_axes, rubric_axes, rules_axes
from app.services.counting_sheets import CountingSheets


def result_rows(sheets: CountingSheets, rules: ContestRules) -> list[dict[str, Any]]:
    """Columns of `Result` for each entry, in the order of the entries; values are reduced fractions of hundredths.

    The same sheets and rules give the same rows.
    """
    groups = [group.code for group in rules.groups]
    standing = scoring.decide(
        sheets.marks,
        sheets.counts,
        rubric_axes(rules),
        rules_axes(rules, groups),
        group_indices(sheets, groups),
        sheets.facilities,
    )
    awards = scoring.award(standing, prize_axes(rules))
    prize_codes = (*(prize.code for prize in rules.prizes), None)  # -1 is no prize: it counts from the end
    scored = standing.scored.tolist()
    divisors = np.gcd(standing.numerators, standing.denominators)
    columns = {
        "entry_id": [entry_id for entry_id, _code, _group in sheets.entries],
        "sheets": standing.sheets.tolist(),
        "numerator": _where(scored, standing.numerators // divisors),
        "denominator": _where(scored, standing.denominators // divisors),
        "rank": _where(scored, standing.ranks),
        "outcome": [OUTCOMES[outcome] for outcome in standing.outcomes.tolist()],
        "decided_by": [deciding_name(rules, decided_by) for decided_by in standing.decided_by.tolist()],
        "spread": _where(standing.sheets > 0, standing.spreads),
        "prize": [prize_codes[place] for place in awards.classes.tolist()],
        "prize_tied": awards.tied.tolist(),
    }
    return [dict(zip(columns, row, strict=True)) for row in zip(*columns.values(), strict=True)]


OUTCOMES = {int(outcome): Outcome(outcome.name.lower()) for outcome in scoring.Outcome}


def _where(holds: Iterable[object], values: NDArray[np.int64]) -> list[int | None]:
    return [value if here else None for here, value in zip(holds, values.tolist(), strict=True)]


def group_indices(sheets: CountingSheets, groups: Sequence[str]) -> NDArray[np.int64]:
    """The place of each entry's group among the codes of `groups`; -1 for one that is not there."""
    places = {code: place for place, code in enumerate(groups)}
    return np.array([places.get(group, -1) for _id, _code, group in sheets.entries], dtype=np.int64)
