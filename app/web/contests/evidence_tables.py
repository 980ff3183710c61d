"""The evidence of a contest as tables, one for each part, for files."""

from collections.abc import Callable, Sequence
from fractions import Fraction

from app.domain.margins import rounded_away
from app.queries.evidence import Funnel
from app.services.evidence_records import EntryEvidence, Evidence, JudgeEvidence, PassesEvidence
from app.services.spreadsheets import Cell, Column, Kind, Table
from app.web.contests.evidence_page import drawn_how, panel_name, statistic_lines, step_titles
from app.web.contests.evidence_words import assumption, exact_in_files, pace_words, which_decides
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
        exact_in_files(threshold),
        _printed(cut),
        exact_in_files(cut),
        entry.rival.code if entry.rival else "",
        row.spread,
        _("yes, discussed") if entry.is_settled else _("yes") if entry.is_flagged else "",
    )


def _printed(hundredths: Fraction | None) -> int | None:
    return None if hundredths is None else rounded_away(hundredths)


def passes_table(evidence: Evidence) -> Table:
    """Every entry in both passes, with its distance to the mark that leads to the second."""
    rules = evidence.results.contest.rules
    columns = (
        Column(_("Code")),
        Column(_("Group")),
        Column(_("Product")),
        Column(_("Facility")),
        Column(_("Pass 1, exact value")),
        Column(_("Pass 1, average"), Kind.POINTS),
        Column(_("To the mark of the second pass"), Kind.POINTS),
        Column(_("To that mark, exactly")),
        Column(_("Went on to the second pass")),
        Column(_("Pass 2, exact value")),
        Column(_("Pass 2, average"), Kind.POINTS),
        Column(_("Pass 2 less pass 1"), Kind.POINTS),
        Column(_("Pass 2 less pass 1, exactly")),
        Column(_("Outcome")),
    )
    rows = [_pass_cells(line) for line in evidence.passes]
    return _table(evidence, _("Two passes"), columns, rows, which_decides(rules))


def _pass_cells(line: PassesEvidence) -> tuple[Cell, ...]:
    row = line.row
    first, second = row.by_pass
    return (
        row.code,
        row.jury.group,
        row.product,
        row.facility,
        _fraction(line.first),
        first,
        _printed(line.to_advance),
        exact_in_files(line.to_advance),
        _("yes") if line.went_on else _("no"),
        _fraction(line.second),
        second,
        _printed(line.change),
        exact_in_files(line.change),
        label(row.outcome),
    )


def _fraction(hundredths: Fraction | None) -> str:
    if hundredths is None:
        return ""
    points = hundredths / 100
    return f"{points.numerator}/{points.denominator}"


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
            exact_in_files(entry.flip),
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


def parts_of(evidence: Evidence) -> dict[str, Callable[[Evidence], Table]]:
    """The parts that the evidence has, by name: the one on passes only where there are two."""
    return {name: table for name, table in PARTS.items() if name != "passes" or evidence.passes}


PARTS: dict[str, Callable[[Evidence], Table]] = {
    "entries": entries_table,
    "passes": passes_table,
    "judges": judges_table,
    "agreement": agreement_table,
    "sensitivity": sensitivity_table,
    "steps": steps_table,
}
