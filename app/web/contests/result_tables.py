"""The result of a contest as tables and as a document, for files."""

from typing import Any

from app.domain.marks import format_average
from app.domain.rule_sentences import rule_sentences
from app.queries.results import ResultRow, ResultsPage
from app.queries.submitted_sheets import SheetRow
from app.services.score_output import rules_document
from app.services.spreadsheets import Cell, Column, Kind, Table
from app.web.example import note_cell, note_column, notes_of
from app.web.i18n import _, in_language, language
from app.web.labels import decided_by, label, prize_name
from app.web.pass_columns import averages_document, pass_columns


def results_table(page: ResultsPage) -> Table:
    """Every entry with its result, by rank."""
    columns = (
        Column(_("Rank"), Kind.NUMBER),
        Column(_("Code")),
        Column(_("Group")),
        Column(_("Product")),
        Column(_("Facility")),
        Column(_("Sheets"), Kind.NUMBER),
        Column(_("Exact value")),
        Column(_("Average"), Kind.POINTS),
        *pass_columns(page.contest.rules.passes),
        Column(_("Spread"), Kind.POINTS),
        Column(_("Flagged")),
        Column(_("Outcome")),
        Column(_("Place decided by")),
        Column(_("Reason")),
        *_prize_columns(page),
        *note_column(is_example=page.contest.is_example),
    )
    rows = [_result_cells(page, row) for row in page.rows]
    notes = notes_of(page.contest.name, _digests(page), is_example=page.contest.is_example)
    return Table(_("Results"), columns, rows, notes)


def _result_cells(page: ResultsPage, row: ResultRow) -> tuple[Cell, ...]:
    rules = page.contest.rules
    return (
        row.jury.rank,
        row.code,
        row.jury.group,
        row.product,
        row.facility,
        row.jury.sheets,
        "" if row.value is None else f"{row.value.numerator}/{row.value.denominator}",
        row.average,
        *row.by_pass,
        row.spread,
        "" if not page.is_flagged(row) else _("yes, discussed") if page.is_settled(row) else _("yes"),
        label(row.outcome),
        decided_by(row.decided_by, rules),
        row.reason(rules, language()),
        *_prize_cells(page, row),
        *note_cell(is_example=page.contest.is_example),
    )


def _prize_columns(page: ResultsPage) -> tuple[Column, ...]:
    """The prize by the marks, and beside it the council's; nothing for a contest without prizes."""
    columns = (Column(_("Prize by the marks")), Column(_("Prize given by the council")))
    return columns if page.contest.rules.prizes else ()


def _prize_cells(page: ResultsPage, row: ResultRow) -> tuple[Cell, ...]:
    rules = page.contest.rules
    if not rules.prizes:
        return ()
    given = (row.jury.prize, page.council_prizes.get(row.entry_id))
    jury, council = (prize_name(prize, rules) if prize else "" for prize in given)
    return _("Tied between prize classes") if row.jury.prize_tied else jury, council


def _prize_document(page: ResultsPage, row: ResultRow) -> dict[str, Any]:
    if not page.contest.rules.prizes:
        return {}
    council = page.council_prizes.get(row.entry_id)
    return {"prize": row.jury.prize, "prize_tied": row.jury.prize_tied, "council_prize": council}


def sheets_table(page: ResultsPage, sheets: list[SheetRow]) -> Table:
    """Every submitted sheet with what it gives each criterion."""
    criteria = page.contest.rules.criteria
    has_passes = page.contest.rules.passes > 1
    columns = (
        *((Column(_("Pass"), Kind.NUMBER),) if has_passes else ()),
        Column(_("Code")),
        Column(_("Product")),
        Column(_("Judge")),
        Column(_("Position")),
        *(Column(f"{c.code} – {in_language(c.name_vi, c.name_en)}", Kind.POINTS) for c in criteria),
        Column(_("Total"), Kind.POINTS),
        Column(_("Counts")),
    )
    rows = [
        (
            *((sheet.pass_no,) if has_passes else ()),
            sheet.entry,
            sheet.product,
            sheet.judge,
            sheet.position,
            *sheet.marks,
            sum(given for given in sheet.marks if given is not None),
            _("yes") if sheet.counts else _("no: the judge is recused"),
        )
        for sheet in sheets
    ]
    return Table(_("Score sheets"), columns, rows, notes_of(is_example=page.contest.is_example))


def rules_table(page: ResultsPage) -> Table:
    """The rules in sentences."""
    spoken = rule_sentences(page.contest.rules, page.contest.tier, language())
    sentences = [(sentence,) for sentence in spoken]
    return Table(_("Rules"), (Column(_("Rules")),), sentences, notes_of(is_example=page.contest.is_example))


def results_document(page: ResultsPage) -> dict[str, Any]:
    """The result for programs: values in points as reduced fractions, rules as they were frozen."""
    contest = page.contest
    return {
        "format": "binhchon.contest-results/1",
        "example": contest.is_example,
        "contest": {"name": contest.name, "slug": contest.slug, "year": contest.year, "tier": contest.tier},
        "rules": rules_document(contest.rules),
        "rules_digest": contest.rules_digest,
        "inputs_digest": page.inputs_digest,
        "version": page.version,
        "computed_at": page.computed_at.isoformat(),
        "counts": page.counts,
        "entries": [_entry_document(page, row) for row in page.rows],
    }


def _entry_document(page: ResultsPage, row: ResultRow) -> dict[str, Any]:
    value = row.value
    return {
        "entry": row.code,
        "group": row.jury.group,
        "product": row.product,
        "facility": row.facility,
        "sheets": row.jury.sheets,
        "value": None if value is None else f"{value.numerator}/{value.denominator}",
        "average": None if row.average is None else format_average(row.average, "."),
        **averages_document(row.by_pass),
        "spread": None if row.spread is None else format_average(row.spread, "."),
        "rank": row.jury.rank,
        "outcome": row.outcome,
        "decided_by": row.decided_by,
        **_prize_document(page, row),
    }


def _digests(page: ResultsPage) -> str:
    return _(
        "Computation %(version)d; SHA-256 of the rules: %(rules)s; of the marks: %(inputs)s",
        version=page.version,
        rules=page.contest.rules_digest or "",
        inputs=page.inputs_digest,
    )
