"""Why a result can be trusted, or where it is thin: the advisory numbers of a contest, worked out when asked for."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from fractions import Fraction
from itertools import pairwise
from statistics import median

import numpy as np
from sqlalchemy.orm import Session

import scoring
from app.domain.errors import IllegalState
from app.domain.margins import margins
from app.domain.permissions import Actor
from app.domain.results import Outcome
from app.domain.rules import ContestRules, Method
from app.models import Contest
from app.queries.evidence import funnels, judge_names, submission_times, what_is_missing
from app.queries.passes import values_by_pass
from app.queries.results import ResultsPage, results_page
from app.services.axes import rubric_axes, rules_axes
from app.services.counting_sheets import CountingSheets, load_counting_sheets
from app.services.evidence_records import (
    Bootstrap,
    Change,
    EntryEvidence,
    Evidence,
    JudgeEvidence,
    NoPace,
    Pace,
    PanelEvidence,
    PassesEvidence,
)
from app.services.result_rows import group_indices

REPLICATES = 1000
PERCENT = 90
LEAST_SUBMISSIONS = 5  # with fewer, a median of times says nothing
LEAST_MINUTES = 0.5  # nobody fills in a sheet faster: they were submitted together


def evidence_of(session: Session, actor: Actor, contest_id: int) -> Evidence:
    """The evidence of a contest for one reader, who learns no judge's name that is not for them.

    Raises
    ------
    NotFound
        There is no such contest for this person.
    IllegalState
        There is no result of the pass that decides yet.
    """
    head, missing = what_is_missing(session, actor, contest_id)
    if missing:
        raise IllegalState(missing.text, **missing.values)
    results = results_page(session, actor, contest_id)
    rules = head.rules
    contest = session.get_one(Contest, contest_id)
    sheets = load_counting_sheets(session, contest, rules, rules.deciding_pass)
    names = judge_names(session, head, results.inputs_digest)
    times = submission_times(session, contest_id, rules.deciding_pass)
    sums = scoring.tally(sheets.marks, sheets.counts, rubric_axes(rules))
    bootstrap = Bootstrap(int(results.inputs_digest[:8], 16), REPLICATES, PERCENT)
    return Evidence(
        results=results,
        is_same=sheets.digest(rules) == results.inputs_digest,
        entries=_entries(results, _sensitivity(sheets, rules, names), _ranks(sheets, sums, rules, bootstrap)),
        passes=_passes(results, values_by_pass(session, head)),
        judges=_judges(sheets, rules, names, times),
        panels=_panels(sheets, sums, rules),
        funnels=funnels(session, head),
        bootstrap=bootstrap,
    )


def _entries(
    results: ResultsPage,
    sensitivity: dict[int, tuple[tuple[Change, ...], Fraction | None]],
    ranks: dict[int, tuple[int, int]],
) -> tuple[EntryEvidence, ...]:
    rows = results.rows
    found = margins([row.jury for row in rows], [row.place for row in rows], results.contest.rules)
    entries = []
    for row, margin in zip(rows, found, strict=True):
        changes, flip = sensitivity.get(row.entry_id, ((), None))
        rival = None if margin is None or margin.rival is None else rows[margin.rival]
        entries.append(
            EntryEvidence(
                row=row,
                margin=margin,
                rival=rival,
                is_flagged=results.is_flagged(row),
                is_settled=results.is_settled(row),
                changes=changes,
                flip=flip,
                ranks=ranks.get(row.entry_id),
            )
        )
    return tuple(entries)


def _passes(
    results: ResultsPage, values: Mapping[int, tuple[Fraction | None, ...]]
) -> tuple[PassesEvidence, ...]:
    """Both passes of every entry; nothing for a contest of one pass."""
    if not values:
        return ()
    mark = results.contest.rules.advance_mark
    lines = []
    for row in results.rows:
        first, second = values.get(row.entry_id, (None, None))
        lines.append(PassesEvidence(row, first, second, None if first is None else first - mark))
    return tuple(sorted(lines, key=lambda line: (line.first is None, -(line.first or 0), line.row.code)))


def _sensitivity(
    sheets: CountingSheets, rules: ContestRules, names: dict[int, str]
) -> dict[int, tuple[tuple[Change, ...], Fraction | None]]:
    """By entry: what it would be under each other assumption that changes it, and how far it is from a change."""
    groups = [group.code for group in rules.groups]
    found = scoring.sensitivity(
        sheets.marks,
        sheets.counts,
        rubric_axes(rules),
        rules_axes(rules, groups),
        group_indices(sheets, groups),
        sheets.facilities,
        step=rules.mark_step,
    )
    changes: dict[int, list[Change]] = {index: [] for index in range(len(sheets.entries))}
    for number, index in np.argwhere(found.changes).tolist():
        scenario = found.scenarios[number]
        changes[index].append(
            Change(
                outcome=_outcome(found.scenario_outcomes[number, index]),
                without=None if scenario.judge is None else names[sheets.judges[scenario.judge]],
                method=None if scenario.method is None else Method(scenario.method),
                threshold=scenario.threshold,
            )
        )
    flips = zip(
        found.flips.possible.tolist(),
        found.flips.numerators.tolist(),
        found.flips.denominators.tolist(),
        strict=True,
    )
    return {
        entry_id: (tuple(changes[index]), Fraction(top, bottom) if possible else None)
        for index, ((entry_id, _code, _group), (possible, top, bottom)) in enumerate(
            zip(sheets.entries, flips, strict=True)
        )
    }


def _outcome(number: int) -> Outcome:
    return Outcome(scoring.Outcome(number).name.lower())


def _ranks(
    sheets: CountingSheets, sums: scoring.Tally, rules: ContestRules, bootstrap: Bootstrap
) -> dict[int, tuple[int, int]]:
    axes = rules_axes(rules, [group.code for group in rules.groups])
    rng = np.random.default_rng(bootstrap.seed)
    found = scoring.rank_intervals(
        sums, axes, rng=rng, replicates=bootstrap.replicates, percent=bootstrap.percent
    )
    return {
        entry_id: (low, high)
        for (entry_id, _code, _group), low, high in zip(
            sheets.entries, found.lows.tolist(), found.highs.tolist(), strict=True
        )
        if low
    }


def _panels(sheets: CountingSheets, sums: scoring.Tally, rules: ContestRules) -> tuple[PanelEvidence, ...]:
    """The whole contest, then each group that has entries."""
    of_entry = np.array([group for _id, _code, group in sheets.entries], dtype=np.str_)
    panels = [PanelEvidence(None, scoring.agreement(sums))]
    for group in rules.groups:
        members = of_entry == group.code
        if members.any():
            panels.append(PanelEvidence(group, scoring.agreement(sums, members)))
    return tuple(panels)


def _judges(
    sheets: CountingSheets, rules: ContestRules, names: dict[int, str], times: dict[int, list[datetime]]
) -> tuple[JudgeEvidence, ...]:
    found = scoring.severity(sheets.marks, sheets.counts, rubric_axes(rules), sheets.lines)
    judges = [
        JudgeEvidence(
            name=names[judge_id],
            sheets=int(found.sheets[index]),
            common=int(found.common[index]),
            severity=_number(found.severities[index]),
            low=_number(found.lows[index]),
            high=_number(found.highs[index]),
            lowest=int(found.lowest[index]) if found.sheets[index] else None,
            highest=int(found.highest[index]) if found.sheets[index] else None,
            range_share=_number(found.range_shares[index]),
            correlation=_number(found.correlations[index]),
            identical_share=_number(found.identical_shares[index]),
            repeated_share=_number(found.repeated_shares[index]),
            pace=pace_of(times.get(judge_id, ())),
        )
        for index, judge_id in enumerate(sheets.judges)
    ]
    return tuple(
        sorted(judges, key=lambda judge: (judge.severity is None, -(judge.severity or 0), judge.name))
    )


def pace_of(times: Sequence[datetime]) -> Pace:
    """How fast a judge worked, from the times at which sheets were submitted, in their order."""
    if len(times) < LEAST_SUBMISSIONS:
        return Pace(None, NoPace.TOO_FEW)
    minutes = median((after - before).total_seconds() / 60 for before, after in pairwise(times))
    return Pace(None, NoPace.AT_ONCE) if minutes < LEAST_MINUTES else Pace(minutes)


def _number(value: float) -> float | None:
    return None if np.isnan(value) else float(value)
