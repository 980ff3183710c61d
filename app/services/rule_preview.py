"""What a contest's rules would make of made-up marks: the same path as the real result, and nothing is stored."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from app.domain.outcome_reasons import outcome_reason
from app.domain.placings import JuryResult, Place, places
from app.domain.results import Outcome, printed_average
from app.domain.rules import ContestRules
from app.services.counting_sheets import CountingSheets
from app.services.result_rows import result_rows

SIT_OUT = 0.03  # the share of sheets that are missing, so that too few of them can be seen


@dataclass(frozen=True)
class PreviewRow:
    """One made-up entry and what the rules make of it."""

    code: str
    facility: int
    jury: JuryResult
    place: Place | None
    decided_by: str | None

    @property
    def average(self) -> int | None:
        """The value as printed, in hundredths of a point."""
        if self.jury.numerator is None or self.jury.denominator is None:
            return None
        return printed_average(self.jury.numerator, self.jury.denominator)

    def reason(self, rules: ContestRules, language: str) -> str:
        """Why the outcome is what it is."""
        return outcome_reason(self.jury, self.place, rules, language)


def preview(rules: ContestRules, *, entries: int, judges: int, seed: int) -> tuple[PreviewRow, ...]:
    """Decide made-up entries by the rules, best first; the same numbers give the same rows.

    The last entry is marked exactly as the first, so that the rules for equals have something to do.
    """
    chance = np.random.default_rng([seed, entries, judges])
    quality = chance.normal(rules.threshold / rules.highest_total + 0.04, 0.07, entries)
    quality[-1] = quality[0]
    sheets = _made_up(rules, quality, judges, chance, np.arange(entries))
    found = {row["entry_id"]: row for row in result_rows(sheets, rules)}
    if rules.deciding_pass == 2:
        ahead = [entry for entry, row in found.items() if _goes_on(row, rules)]
        sheets = _made_up(rules, quality, judges, chance, np.array(ahead, dtype=np.int64))
        second = {row["entry_id"]: row for row in result_rows(sheets, rules)}
        found = {entry: second.get(entry) or _left(row) for entry, row in found.items()}
    sums = dict(zip((entry for entry, _code, _group in sheets.entries), _sums(sheets), strict=True))
    return _rows(rules, found, sums, _names(rules, entries))


def _rows(
    rules: ContestRules,
    found: dict[int, dict[str, Any]],
    sums: dict[int, tuple[int, ...]],
    names: list[tuple[str, str, int]],
) -> tuple[PreviewRow, ...]:
    juries = []
    for entry, row in found.items():
        _code, group, facility = names[entry]
        kept = {name: row[name] for name in ("sheets", "numerator", "denominator", "rank", "outcome")}
        nothing = (0,) * len(rules.criteria)
        juries.append(
            JuryResult(
                group=group,
                criterion_sums=sums.get(entry, nothing),
                facility_id=facility,
                prize=row["prize"],
                prize_tied=row["prize_tied"],
                **kept,
            )
        )
    rows = [
        PreviewRow(names[entry][0], names[entry][2], jury, place, row["decided_by"])
        for (entry, row), jury, place in zip(found.items(), juries, places(juries, rules), strict=True)
    ]
    return tuple(sorted(rows, key=lambda row: (row.jury.rank is None, row.jury.rank, row.code)))


def _names(rules: ContestRules, entries: int) -> list[tuple[str, str, int]]:
    """Code, group and number of the facility of each entry; a facility has two or three entries."""
    codes = [group.code for group in rules.groups]
    return [
        (f"{codes[n % len(codes)]}-{n // len(codes) + 1:03d}", codes[n % len(codes)], n * 2 // 5 + 1)
        for n in range(entries)
    ]


def _made_up(
    rules: ContestRules,
    quality: NDArray[np.float64],
    judges: int,
    chance: np.random.Generator,
    ids: NDArray[np.int64],
) -> CountingSheets:
    """Sheets of lenient and strict judges for the entries with these numbers; only inventing them takes floats."""
    maxima = np.array([criterion.max_mark for criterion in rules.criteria])
    lenience = chance.normal(0, 0.02, (1, judges, 1))
    noise = chance.normal(0, 0.05, (len(quality), judges, len(maxima)))
    shares = np.clip(quality[:, None, None] + lenience + noise, 0, 1)
    marks = np.rint(shares * maxima / rules.mark_step).astype(np.int64) * rules.mark_step
    counts = chance.random(marks.shape[:2]) >= SIT_OUT
    marks[-1], counts[-1] = marks[0], counts[0]
    names = _names(rules, len(quality))
    return CountingSheets(
        entries=[(entry, names[entry][0], names[entry][1]) for entry in ids.tolist()],
        facilities=np.array([names[entry][2] for entry in ids.tolist()], dtype=np.int64),
        judges=list(range(judges)),
        marks=marks[ids],
        counts=counts[ids],
        lines=marks[ids],
    )


def _sums(sheets: CountingSheets) -> list[tuple[int, ...]]:
    counted = np.where(sheets.counts[:, :, None], sheets.marks, 0).sum(axis=1)
    return [tuple(row) for row in counted.tolist()]


def _goes_on(row: dict[str, Any], rules: ContestRules) -> bool:
    return row["numerator"] is not None and row["numerator"] >= rules.advance_mark * row["denominator"]


def _left(row: dict[str, Any]) -> dict[str, Any]:
    """The row of the second pass for an entry that ended with the first."""
    if row["outcome"] is Outcome.NOT_SCORED:
        return row
    nothing = dict.fromkeys(("numerator", "denominator", "rank", "decided_by", "spread", "prize"))
    return row | nothing | {"sheets": 0, "outcome": Outcome.NOT_ADVANCED, "prize_tied": False}
