"""The evidence behind a result: as a page, and part by part in files."""

from flask import Response, render_template

from app.domain.errors import NotFound
from app.domain.permissions import Permission
from app.queries.evidence import what_is_missing
from app.services.evidence import evidence_of
from app.services.spreadsheets import xlsx_file
from app.web.access import current_actor, requires
from app.web.contests.blueprint import bp
from app.web.contests.evidence_document import evidence_document
from app.web.contests.evidence_page import laid_out
from app.web.contests.evidence_tables import parts_of
from app.web.db import read
from app.web.downloads import XLSX, download, download_csv, download_json


@bp.get("/<int:contest_id>/evidence")
@requires(Permission.RESULTS_VIEW)
def evidence(contest_id: int) -> str:
    """Show what speaks for the result of a contest and where it is thin, or what is missing for that."""
    contest, missing = what_is_missing(read(), current_actor(), contest_id)
    if missing:
        return render_template("contests/evidence_missing.html", page={"contest": contest}, missing=missing)
    found = evidence_of(read(), current_actor(), contest_id)
    return render_template("contests/evidence.html", page=found.results, evidence=found, **laid_out(found))


@bp.get("/<int:contest_id>/evidence/<any(entries,passes,judges,agreement,sensitivity,steps):part>.csv")
@requires(Permission.RESULTS_VIEW)
def evidence_csv(contest_id: int, part: str) -> Response:
    """Send one part of the evidence as CSV."""
    found = evidence_of(read(), current_actor(), contest_id)
    tables = parts_of(found)
    if part not in tables:
        raise NotFound
    return download_csv(tables[part](found), f"{found.results.contest.slug}-{part}.csv")


@bp.get("/<int:contest_id>/evidence.xlsx")
@requires(Permission.RESULTS_VIEW)
def evidence_xlsx(contest_id: int) -> Response:
    """Send every part of the evidence as a workbook."""
    found = evidence_of(read(), current_actor(), contest_id)
    book = xlsx_file([table(found) for table in parts_of(found).values()])
    return download(book, f"{found.results.contest.slug}-evidence.xlsx", XLSX)


@bp.get("/<int:contest_id>/evidence.json")
@requires(Permission.RESULTS_VIEW)
def evidence_json(contest_id: int) -> Response:
    """Send the evidence as JSON."""
    found = evidence_of(read(), current_actor(), contest_id)
    return download_json(evidence_document(found), f"{found.results.contest.slug}-evidence.json")
