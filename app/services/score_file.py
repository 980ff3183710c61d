"""A contest's result from a file of marks, without a database."""

from collections import Counter
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

import scoring
from app.domain.results import Outcome
from app.domain.rules import ContestRules, ThresholdOp
from app.services.axes import deciding_name, rubric_axes, rules_axes
from app.services.faults import FileFault, refuse
from app.services.mark_files import SheetTable, read_sheets
from scoring import Standing, TooLarge, decide

MOST_CELLS: Final = 100_000_000
"""The most marks that the array of all entries may hold, places without a sheet included."""


@dataclass(frozen=True)
class EntryResult:
    """What the rules make of one entry; value in points, average in hundredths rounded half up for print."""

    entry: str
    group: str | None
    sheets: int
    value: Fraction | None
    average: int | None
    rank: int | None
    outcome: Outcome
    decided_by: str | None


@dataclass(frozen=True)
class FileResult:
    """The rules used, and the entries by rank and then by code, those not scored last.

    `blank_rows` are the first rows, in the file, of sheets without a single mark, which do not count.
    """

    rules: ContestRules
    entries: tuple[EntryResult, ...]
    blank_rows: tuple[int, ...] = ()

    @property
    def counts(self) -> dict[str, int]:
        """How many entries there are, in all and by outcome."""
        by_outcome = Counter(entry.outcome for entry in self.entries)
        of_one_pass = [outcome for outcome in Outcome if outcome is not Outcome.NOT_ADVANCED]
        return {"entries": len(self.entries)} | {
            outcome.value: by_outcome[outcome] for outcome in of_one_pass
        }

    @property
    def groups_without_entries(self) -> tuple[str, ...]:
        """The groups that have a quota and no entry: perhaps slips of the pen."""
        present = {entry.group for entry in self.entries}
        return tuple(group for group in self.rules.group_quotas if group not in present)

    @property
    def misleading(self) -> tuple[EntryResult, ...]:
        """The entries whose printed average stands on the other side of the threshold than their value."""
        return tuple(
            entry
            for entry in self.entries
            if entry.value is not None
            and entry.average is not None
            and self._reaches(entry.value) is not self._reaches(Fraction(entry.average, 100))
        )

    def _reaches(self, value: Fraction) -> bool:
        threshold = Fraction(self.rules.threshold, 100)
        return value >= threshold if self.rules.threshold_op is ThresholdOp.GE else value > threshold


@dataclass(frozen=True)
class FileContest:
    """The sheets of a file, its groups, and for each entry the number of its group (-1 for none)."""

    table: SheetTable
    groups: tuple[str, ...]
    group_of_entry: NDArray[np.int64]


def score_file(path: Path, rules: ContestRules) -> FileResult:
    """Read a file of marks and apply the rules to it.

    Raises
    ------
    RefusedFile
        The file breaks a rule, or has no groups although there are quotas per group.
    """
    return result_of(read_contest(path, rules), rules)


def read_contest(path: Path, rules: ContestRules) -> FileContest:
    """Read a file of marks.

    Raises
    ------
    RefusedFile
        The file breaks a rule, or has no groups although there are quotas per group.
    """
    table = read_sheets(path, rules.criteria, rules.mark_step)
    groups = tuple(sorted({group for group in table.groups if group is not None}))
    if rules.group_quotas and not groups:
        raise refuse(FileFault.NO_GROUPS)
    numbers = {group: number for number, group in enumerate(groups)}
    group_of_entry = np.array([numbers.get(group or "", -1) for group in table.groups], dtype=np.int64)
    return FileContest(table, groups, group_of_entry)


def result_of(contest: FileContest, rules: ContestRules) -> FileResult:
    """Apply the rules to the sheets of a file.

    Raises
    ------
    RefusedFile
        There are too many sheets to compare exactly.
    """
    marks, counts = _arrays(contest.table)
    axes = rubric_axes(rules), rules_axes(rules, contest.groups)
    try:
        standing = decide(marks, counts, *axes, contest.group_of_entry)
    except TooLarge as error:
        raise refuse(FileFault.TOO_MANY_SHEETS) from error
    results = _entry_results(contest.table, standing, rules)
    results.sort(key=lambda result: (result.rank is None, result.rank, result.entry))
    return FileResult(rules, tuple(results), contest.table.blank_rows)


def _arrays(table: SheetTable) -> tuple[NDArray[np.int64], NDArray[np.bool_]]:
    """Lay each entry's sheets side by side: no result depends on which judge gave which."""
    per_entry = np.bincount(table.sheet_entries, minlength=len(table.entries))
    shape = (len(table.entries), int(per_entry.max()), table.marks.shape[1])
    if shape[0] * shape[1] * shape[2] > MOST_CELLS:
        raise refuse(FileFault.TOO_MANY_SHEETS)
    starts = np.cumsum(per_entry) - per_entry
    places = np.arange(len(table.sheet_entries)) - starts[table.sheet_entries]
    marks = np.zeros(shape, dtype=np.int64)
    marks[table.sheet_entries, places] = table.marks
    counts = np.zeros(shape[:2], dtype=np.bool_)
    counts[table.sheet_entries, places] = True
    return marks, counts


_OUTCOMES: Final = {outcome.value: Outcome(outcome.name.lower()) for outcome in scoring.Outcome}


def _entry_results(table: SheetTable, standing: Standing, rules: ContestRules) -> list[EntryResult]:
    columns = zip(
        table.entries,
        table.groups,
        standing.sheets.tolist(),
        standing.scored.tolist(),
        standing.numerators.tolist(),
        standing.denominators.tolist(),
        standing.averages.tolist(),
        standing.ranks.tolist(),
        standing.outcomes.tolist(),
        standing.decided_by.tolist(),
        strict=True,
    )
    return [
        EntryResult(
            entry=entry,
            group=group,
            sheets=sheets,
            value=Fraction(numerator, 100 * denominator) if scored else None,
            average=average if scored else None,
            rank=rank if scored else None,
            outcome=_OUTCOMES[outcome],
            decided_by=deciding_name(rules, decided_by),
        )
        for (
            entry,
            group,
            sheets,
            scored,
            numerator,
            denominator,
            average,
            rank,
            outcome,
            decided_by,
        ) in columns
    ]
