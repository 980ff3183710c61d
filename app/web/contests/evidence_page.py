"""The evidence of a contest laid out for its page: plots, and which lines are worth a look."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

from app.domain.results import printed_average
from app.queries.evidence import Funnel
from app.services.evidence_records import (
    EntryEvidence,
    Evidence,
    JudgeEvidence,
    PanelEvidence,
    PassesEvidence,
)
from app.web.contests.evidence_words import (
    alpha_words,
    assumption,
    decimal,
    exact,
    icc_words,
    pace_words,
    percent,
    signed,
    undefined_words,
    w_words,
    which_decides,
)
from app.web.filters import average, mark
from app.web.i18n import _, in_language
from app.web.plots import Bar, DotPlot, IntervalPlot, bars, dot_plot, interval_plot

CLOSE = 100
"""Hundredths of a point: an entry that such a move of its value would change is shown as close to a line."""


def laid_out(evidence: Evidence) -> dict[str, Any]:
    """What the page needs beside the evidence itself."""
    return {
        "findings": findings(evidence),
        "entries": {entry.row.entry_id: entry for entry in evidence.entries},
        "passes": passes_apart(evidence),
        "dot_plots": {entry.row.entry_id: _entry_plot(evidence, entry) for entry in evidence.entries},
        "judges": list(zip(evidence.judges, judge_plots(evidence.judges), strict=True)),
        "panels": [(panel, panel_name(panel), statistic_lines(panel)) for panel in evidence.panels],
        "close": close_entries(evidence),
        "rank_plots": rank_plots(evidence),
        "steps": step_titles(),
        "groups": group_funnels(evidence),
        "bars": funnel_bars(evidence.funnels.total),
        "which_decides": which_decides,
        "drawn_how": drawn_how(evidence),
        "signed": signed,
        "exact": exact,
        "decimal": decimal,
        "percent": percent,
        "pace_words": pace_words,
        "assumption": assumption,
    }


@dataclass(frozen=True)
class PassesPart:
    """The entries that went on to the second pass, or those that did not, with the words for which they are."""

    title: str
    lines: list[PassesEvidence]


def passes_apart(evidence: Evidence) -> list[PassesPart]:
    """The entries of two passes apart by whether they were scored again."""
    parts = [
        PassesPart(title, [line for line in evidence.passes if line.went_on == went_on])
        for went_on, title in (
            (True, _("Went on to the second pass")),
            (False, _("Did not go on to the second pass")),
        )
    ]
    return [part for part in parts if part.lines]


@dataclass(frozen=True)
class StatisticLine:
    """One statistic of one panel, and what it says."""

    name: str
    value: float | None
    low: float | None
    high: float | None
    says: str


def _entry_plot(evidence: Evidence, entry: EntryEvidence) -> DotPlot:
    row, rival, threshold = entry.row, entry.rival, evidence.results.contest.rules.threshold
    cut = None if rival is None else rival.average
    text = _(
        "Totals of %(code)s: %(totals)s. Result %(value)s, threshold %(threshold)s.",
        code=row.code,
        totals="; ".join(mark(total) for total in row.totals) or "–",
        value=average(row.average),
        threshold=mark(threshold),
    )
    if cut is not None:
        text = " ".join((text, _("Cut: %(value)s.", value=average(cut))))
    return dot_plot(row.totals, row.average, threshold, evidence.results.plot_range, text, cut)


def judge_plots(judges: Sequence[JudgeEvidence]) -> list[IntervalPlot | None]:
    """The severity of each judge with its interval, on one scale around zero."""
    ends = [
        abs(end) for judge in judges for end in (judge.low, judge.high, judge.severity) if end is not None
    ]
    widest = max(1.0, *ends) if ends else 1.0
    return [_judge_plot(judge, widest) for judge in judges]


def _judge_plot(judge: JudgeEvidence, widest: float) -> IntervalPlot | None:
    if judge.severity is None:
        return None
    low = judge.severity if judge.low is None else judge.low
    high = judge.severity if judge.high is None else judge.high
    text = _(
        "%(judge)s: %(severity)s points from the rest of the panel, 95%% interval %(low)s to %(high)s.",
        judge=judge.name,
        severity=decimal(judge.severity),
        low=decimal(judge.low),
        high=decimal(judge.high),
    )
    return interval_plot(low, judge.severity, high, (-widest, widest), text, mark=0)


def panel_name(panel: PanelEvidence) -> str:
    """The panel as its heading says it."""
    if panel.group is None:
        return _("Whole contest")
    return f"{panel.group.code} – {in_language(panel.group.name_vi, panel.group.name_en)}"


def statistic_lines(panel: PanelEvidence) -> list[StatisticLine]:
    """The four statistics of a panel."""
    found = panel.agreement
    lines = (
        (_("Kendall’s W"), found.kendall_w, w_words),
        (_("ICC(2,1), one judge"), found.icc_2_1, lambda value: icc_words(value, single=True)),
        (_("ICC(2,k), the panel"), found.icc_2_k, lambda value: icc_words(value, single=False)),
        (_("Krippendorff’s α"), found.krippendorff_alpha, alpha_words),
    )
    return [
        StatisticLine(
            name,
            estimate.value,
            estimate.low,
            estimate.high,
            undefined_words(estimate.reason or "") if estimate.value is None else words(estimate.value),
        )
        for name, estimate, words in lines
    ]


def close_entries(evidence: Evidence) -> list[EntryEvidence]:
    """Entries whose outcome another assumption or a small move of the value would change."""
    return [
        entry
        for entry in evidence.entries
        if entry.changes or (entry.flip is not None and abs(entry.flip) <= CLOSE)
    ]


def rank_plots(evidence: Evidence) -> dict[int, IntervalPlot]:
    """The interval of ranks of each entry, rank 1 on the left, by entry."""
    last = max((entry.row.jury.rank or 0 for entry in evidence.entries), default=0)
    return {
        entry.row.entry_id: interval_plot(
            entry.ranks[0], entry.row.jury.rank, entry.ranks[1], (1, max(2, last)), _rank_text(entry)
        )
        for entry in evidence.entries
        if entry.ranks and entry.row.jury.rank
    }


def _rank_text(entry: EntryEvidence) -> str:
    low, high = entry.ranks or (0, 0)
    return _(
        "%(code)s: rank %(rank)d, between %(low)d and %(high)d.",
        code=entry.row.code,
        rank=entry.row.jury.rank or 0,
        low=low,
        high=high,
    )


def drawn_how(evidence: Evidence) -> str:
    """How the rank intervals came about, so that they can be drawn again."""
    return _(
        "Rank intervals of %(percent)d%%: %(replicates)d draws of the judges, seed %(seed)d.",
        **asdict(evidence.bootstrap),
    )


def step_titles() -> dict[str, str]:
    """The steps of an entry through a contest, in their order."""
    return {
        "registered": _("Registered"),
        "accepted": _("Accepted"),
        "scored": _("With a result"),
        "reached": _("Reached the threshold"),
        "selected": _("Selected"),
        "voted": _("Carried by the council"),
        "certified": _("Certified"),
    }


def group_funnels(evidence: Evidence) -> list[tuple[str, Funnel]]:
    """The steps of each product group, by its name in this contest."""
    names = {
        group.code: f"{group.code} – {in_language(group.name_vi, group.name_en)}"
        for group in evidence.results.contest.rules.groups
    }
    return [(names.get(code, code), funnel) for code, funnel in evidence.funnels.groups]


def funnel_bars(funnel: Funnel) -> list[Bar]:
    """The steps as bars, each with its share of those registered."""
    steps = [(title, getattr(funnel, step)) for step, title in step_titles().items()]
    return bars([(title, number, _share(number, funnel.registered)) for title, number in steps])


def _share(number: int, of: int) -> str:
    return f"{printed_average(100 * number, of)}%" if of else "–"


def findings(evidence: Evidence) -> list[tuple[str, str, str]]:
    """Anchor, title and the one finding of each part, for the top of the page."""
    entries, judges, funnel = evidence.entries, evidence.judges, evidence.funnels.total
    flagged = sum(entry.is_flagged for entry in entries)
    apart = sum(judge.stands_out for judge in judges)
    hanging = sum(bool(entry.changes) for entry in entries)
    whole = decimal(evidence.panels[0].agreement.kendall_w.value)
    far_apart = _("%(flagged)d of %(entries)d with sheets far apart", flagged=flagged, entries=len(entries))
    beside = _(
        "%(apart)d of %(judges)d clearly higher or lower than the rest", apart=apart, judges=len(judges)
    )
    assumed = _("%(number)d products whose outcome hangs on one assumption", number=hanging)
    came = _(
        "%(registered)d registered, %(selected)d selected",
        registered=funnel.registered,
        selected=funnel.selected,
    )
    went_on = _(
        "%(went_on)d of %(entries)d products went on, pass %(number)d decides",
        went_on=sum(line.went_on for line in evidence.passes),
        entries=len(entries),
        number=evidence.results.contest.rules.deciding_pass,
    )
    both_passes = [("passes", _("Two passes"), went_on)] if evidence.passes else []
    return [
        ("entries", _("Products"), far_apart),
        *both_passes,
        ("judges", _("Judges"), beside),
        ("agreement", _("Agreement"), _("Kendall’s W %(value)s", value=whole)),
        ("sensitivity", _("Sensitivity"), assumed),
        ("steps", _("Steps"), came),
    ]
