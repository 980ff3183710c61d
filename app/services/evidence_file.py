"""The advisory numbers of a contest from a file of marks, without a database: they decide nothing."""

import math
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from app.domain.results import Outcome
from app.domain.rules import ContestRules
from app.services.axes import rubric_axes, rules_axes
from app.services.faults import FileFault, refuse
from app.services.mark_files import SheetTable
from app.services.score_file import MOST_CELLS, FileContest, FileResult, read_contest, result_of
from scoring import (
    Agreement,
    Scenario,
    Sensitivity,
    TooLarge,
    agreement,
    round_away,
    sensitivity,
    severity,
    tally,
)


@dataclass(frozen=True)
class PanelEvidence:
    """How far the judges of a group agree; of the whole file where the group is None."""

    group: str | None
    agreement: Agreement


@dataclass(frozen=True)
class JudgeEvidence:
    """A judge beside the others, in points; None where a number is undefined."""

    judge: str
    sheets: int
    severity: float | None
    severity_low: float | None
    severity_high: float | None


@dataclass(frozen=True)
class Change:
    """Something under which an outcome is another: a judge left out, another method or threshold."""

    kind: str
    judge: str | None = None
    method: str | None = None
    threshold: int | None = None


@dataclass(frozen=True)
class EntryEvidence:
    """What an entry's outcome hangs on; `flip` in hundredths, rounded away from zero, None where there is none."""

    entry: str
    outcome: Outcome
    changes: tuple[Change, ...]
    flip: int | None


@dataclass(frozen=True)
class FileEvidence:
    """The result, the panels (the whole file first), the judges by code, the entries as the result lists them."""

    result: FileResult
    panels: tuple[PanelEvidence, ...]
    judges: tuple[JudgeEvidence, ...]
    entries: tuple[EntryEvidence, ...]


def evidence_file(path: Path, rules: ContestRules) -> FileEvidence:
    """Read a file of marks, apply the rules to it, and measure the jury and what the outcomes hang on.

    Raises
    ------
    RefusedFile
        As `score_file` says, or the file has too many entries and judges for an array of them all.
    """
    contest = read_contest(path, rules)
    result = result_of(contest, rules)
    marks, counts = _arrays(contest.table)
    rubric = rubric_axes(rules)
    try:
        sums = tally(marks, counts, rubric)
    except TooLarge as error:
        raise refuse(FileFault.TOO_MANY_SHEETS) from error
    panels = [PanelEvidence(None, agreement(sums))]
    panels += [
        PanelEvidence(group, agreement(sums, contest.group_of_entry == number))
        for number, group in enumerate(contest.groups)
    ]
    hung = sensitivity(
        marks, counts, rubric, rules_axes(rules, contest.groups), contest.group_of_entry, step=rules.mark_step
    )
    measured = severity(marks, counts, rubric)
    judges = zip(
        contest.table.judges,
        measured.sheets.tolist(),
        _defined(measured.severities),
        _defined(measured.lows),
        _defined(measured.highs),
        strict=True,
    )
    return FileEvidence(
        result,
        tuple(panels),
        tuple(sorted((JudgeEvidence(*judge) for judge in judges), key=lambda judge: judge.judge)),
        _entries(contest, result, hung),
    )


def _arrays(table: SheetTable) -> tuple[NDArray[np.int64], NDArray[np.bool_]]:
    """Give every judge a column."""
    shape = (len(table.entries), len(table.judges), table.marks.shape[1])
    if shape[0] * shape[1] * shape[2] > MOST_CELLS:
        raise refuse(FileFault.TOO_MANY_SHEETS)
    marks = np.zeros(shape, dtype=np.int64)
    marks[table.sheet_entries, table.sheet_judges] = table.marks
    counts = np.zeros(shape[:2], dtype=np.bool_)
    counts[table.sheet_entries, table.sheet_judges] = True
    return marks, counts


def _defined(numbers: NDArray[np.float64]) -> list[float | None]:
    return [None if math.isnan(number) else number for number in numbers.tolist()]


def _entries(contest: FileContest, result: FileResult, hung: Sensitivity) -> tuple[EntryEvidence, ...]:
    names = [_change(scenario, contest.table.judges) for scenario in hung.scenarios]
    changes = [tuple(names[at] for at in np.flatnonzero(column)) for column in hung.changes.T]
    flips = round_away(hung.flips.numerators, hung.flips.denominators).tolist()
    flipped = [
        flip if possible else None for flip, possible in zip(flips, hung.flips.possible.tolist(), strict=True)
    ]
    places = {entry: index for index, entry in enumerate(contest.table.entries)}
    return tuple(
        EntryEvidence(row.entry, row.outcome, changes[places[row.entry]], flipped[places[row.entry]])
        for row in result.entries
    )


def _change(scenario: Scenario, judges: tuple[str, ...]) -> Change:
    return Change(
        kind=scenario.kind.value,
        judge=None if scenario.judge is None else judges[scenario.judge],
        method=None if scenario.method is None else scenario.method.value,
        threshold=scenario.threshold,
    )
