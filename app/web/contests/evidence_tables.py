"""The evidence of a contest as tables, one for each part, for files."""

from collections.abc import Callable, Sequence
from fractions import Fraction

from app.domain.margins import rounded_away
from app.queries.evidence import Funnel
from app.services.evidence_records import EntryEvidence, Evidence, JudgeEvidence
from app.services.spreadsheets import Cell, Column, Kind, Table
from app.web.contests.evidence_page import drawn_how, panel_name, statistic_lines, step_titles
from app.web.contests.evidence_words import assumption, exact, pace_words
from app.web.example import note_cell, note_column, notes_of
from app.web.i18n import _
from app.web.labels import decided_by, label


def _table(
    evidence: Evidence, title: str, columns: tuple[Column, ...], rows: Sequence[tuple[Cell, ...]], *notes: str
) -> Table:
    contest = evidence.results.contest
    example = contest.is_example
    marked = [(*row, *note_cell(is_example=example)) for row in rows]
    return Table(
        title,
        (*columns, *note_column(is_example=example)),
        marked,
        notes_of(contest.name, *notes, is_example=example),
    )


def entries_table(evidence: Evidence) -> Table:
    """Every entry with its distances to the threshold and to the cut."""
    columns = (
        Column(_("Rank"), Kind.NUMBER),
        Column(_("Code")),
        Column(_("Group")),
        Column(_("Product")),
        Column(_("Facility")),
        Column(_("Sheets"), Kind.NUMBER),
        Column(_("Exact value")),
        Column(_("Average"), Kind.POINTS),
        Column(_("Outcome")),
        Column(_("Place decided by")),
        Column(_("To the threshold"), Kind.POINTS),
        Column(_("To the threshold, exactly")),
        Column(_("To the cut"), Kind.POINTS),
        Column(_("To the cut, exactly")),
        Column(_("Compared with")),
        Column(_("Spread"), Kind.POINTS),
        Column(_("Sheets far apart")),
    )
    rows = [_entry_cells(evidence, entry) for entry in evidence.entries]
    return _table(evidence, _("Products"), columns, rows)


def _entry_cells(evidence: Evidence, entry: EntryEvidence) -> tuple[Cell, ...]:
    row, margin = entry.row, entry.margin
    threshold, cut = (margin.to_threshold, margin.to_cut) if margin else (None, None)
    return (
        row.jury.rank,
        row.code,
        row.jury.group,
        row.product,
        row.facility,
        row.jury.sheets,
        "" if row.value is None else f"{row.value.numerator}/{row.value.denominator}",
        row.average,
        label(row.outcome),
        decided_by(row.decided_by, evidence.results.contest.rules),
        _printed(threshold),
        exact(threshold),
        _printed(cut),
        exact(cut),
        entry.rival.code if entry.rival else "",
        row.spread,
        _("yes, discussed") if entry.is_settled else _("yes") if entry.is_flagged else "",
    )


def _printed(hundredths: Fraction | None) -> int | None:
    return None if hundredths is None else rounded_away(hundredths)


def judges_table(evidence: Evidence) -> Table:
    """Every judge beside the rest of the panel."""
    columns = (
        Column(_("Judge")),
        Column(_("Sheets"), Kind.NUMBER),
        Column(_("Severity, points"), Kind.DECIMAL),
        Column(_("Confidence interval from"), Kind.DECIMAL),
        Column(_("Confidence interval to"), Kind.DECIMAL),
        Column(_("Lowest total"), Kind.POINTS),
        Column(_("Highest total"), Kind.POINTS),
        Column(_("Share of the scale used"), Kind.DECIMAL),
        Column(_("Correlation with the rest"), Kind.DECIMAL),
        Column(_("Share of sheets equal to another judge’s"), Kind.DECIMAL),
        Column(_("Share of the most frequent total"), Kind.DECIMAL),
        Column(_("Time between sheets")),
    )
    rows = [_judge_cells(judge) for judge in evidence.judges]
    return _table(evidence, _("Judges"), columns, rows)


def _judge_cells(judge: JudgeEvidence) -> tuple[Cell, ...]:
    return (
        judge.name,
        judge.sheets,
        judge.severity,
        judge.low,
        judge.high,
        judge.lowest,
        judge.highest,
        judge.range_share,
        judge.correlation,
        judge.identical_share,
        judge.repeated_share,
        pace_words(judge.pace),
    )


def agreement_table(evidence: Evidence) -> Table:
    """The statistics of agreement of every panel."""
    columns = (
        Column(_("Panel")),
        Column(_("Products"), Kind.NUMBER),
        Column(_("Scored by all"), Kind.NUMBER),
        Column(_("Judges"), Kind.NUMBER),
        Column(_("Statistic")),
        Column(_("Value"), Kind.DECIMAL),
        Column(_("Confidence interval from"), Kind.DECIMAL),
        Column(_("Confidence interval to"), Kind.DECIMAL),
        Column(_("What it says")),
    )
    rows = [
        (
            panel_name(panel),
            panel.agreement.entries,
            panel.agreement.complete,
            panel.agreement.judges,
            line.name,
            line.value,
            line.low,
            line.high,
            line.says,
        )
        for panel in evidence.panels
        for line in statistic_lines(panel)
    ]
    return _table(evidence, _("Agreement"), columns, rows)


def sensitivity_table(evidence: Evidence) -> Table:
    """Every entry with what would change its outcome."""
    columns = (
        Column(_("Rank"), Kind.NUMBER),
        Column(_("Code")),
        Column(_("Product")),
        Column(_("Outcome")),
        Column(_("Would change")),
        Column(_("Smallest move of the value"), Kind.POINTS),
        Column(_("Smallest move, exactly")),
        Column(_("Rank from"), Kind.NUMBER),
        Column(_("Rank to"), Kind.NUMBER),
    )
    rows = [
        (
            entry.row.jury.rank,
            entry.row.code,
            entry.row.product,
            label(entry.row.outcome),
            "; ".join(f"{assumption(change)}: {label(change.outcome)}" for change in entry.changes),
            _printed(entry.flip),
            exact(entry.flip),
            entry.ranks[0] if entry.ranks else None,
            entry.ranks[1] if entry.ranks else None,
        )
        for entry in evidence.entries
    ]
    return _table(evidence, _("Sensitivity"), columns, rows, drawn_how(evidence))


def steps_table(evidence: Evidence) -> Table:
    """How far the entries came: in all, by group and by place."""
    columns = (
        Column(_("Part")),
        Column(_("Name")),
        *(Column(title, Kind.NUMBER) for title in step_titles().values()),
    )
    funnels = evidence.funnels
    lines = [
        (_("Whole contest"), "", funnels.total),
        *((_("Product group"), name, funnel) for name, funnel in funnels.groups),
        *((_("Place"), name, funnel) for name, funnel in funnels.places),
    ]
    rows: list[tuple[Cell, ...]] = [(part, name, *_counts(funnel)) for part, name, funnel in lines]
    return _table(evidence, _("Steps"), columns, rows)


def _counts(funnel: Funnel) -> list[int]:
    return [getattr(funnel, step) for step in step_titles()]


PARTS: dict[str, Callable[[Evidence], Table]] = {
    "entries": entries_table,
    "judges": judges_table,
    "agreement": agreement_table,
    "sensitivity": sensitivity_table,
    "steps": steps_table,
}
