"""The computed result of a contest: as a page, and whole as a workbook, CSV and JSON."""

from flask import Response, render_template

from app.domain.permissions import Permission
from app.queries.results import ResultRow, ResultsPage, results_page
from app.queries.submitted_sheets import submitted_sheets
from app.services.spreadsheets import xlsx_file
from app.web.access import current_actor, requires
from app.web.contests.blueprint import bp
from app.web.contests.result_tables import results_document, results_table, rules_table, sheets_table
from app.web.db import read
from app.web.downloads import XLSX, download, download_csv, download_json
from app.web.filters import average, mark
from app.web.i18n import _
from app.web.plots import DotPlot, dot_plot


@bp.get("/<int:contest_id>/results")
@requires(Permission.RESULTS_VIEW)
def results(contest_id: int) -> str:
    """Show every entry with its place, its exact value and why; from the close of scoring on."""
    page = results_page(read(), current_actor(), contest_id)
    plots = {row.entry_id: _plot(page, row) for row in page.rows}
    return render_template("contests/results.html", page=page, plots=plots)


@bp.get("/<int:contest_id>/results.xlsx")
@requires(Permission.CONTEST_VIEW)
def results_xlsx(contest_id: int) -> Response:
    """Send the result, every judge's marks and the rules as a workbook."""
    page = _page_to_send(contest_id)
    sheets = submitted_sheets(read(), page.contest)
    book = xlsx_file([results_table(page), sheets_table(page, sheets), rules_table(page)])
    return download(book, f"{page.contest.slug}.xlsx", XLSX)


@bp.get("/<int:contest_id>/results.csv")
@requires(Permission.CONTEST_VIEW)
def results_csv(contest_id: int) -> Response:
    """Send the result as CSV."""
    page = _page_to_send(contest_id)
    return download_csv(results_table(page), f"{page.contest.slug}.csv")


@bp.get("/<int:contest_id>/results.json")
@requires(Permission.CONTEST_VIEW)
def results_json(contest_id: int) -> Response:
    """Send the result as JSON."""
    page = _page_to_send(contest_id)
    return download_json(results_document(page), f"{page.contest.slug}.json")


def _page_to_send(contest_id: int) -> ResultsPage:
    return results_page(read(), current_actor(), contest_id, Permission.CONTEST_VIEW)


def _plot(page: ResultsPage, row: ResultRow) -> DotPlot:
    text = _(
        "Totals of %(code)s: %(totals)s. Result %(value)s, threshold %(threshold)s.",
        code=row.code,
        totals="; ".join(mark(total) for total in row.totals) or "–",
        value=average(row.average),
        threshold=mark(page.contest.rules.threshold),
    )
    return dot_plot(row.totals, row.average, page.contest.rules.threshold, page.plot_range, text)
