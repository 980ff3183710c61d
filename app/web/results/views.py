"""Public results lists: found by place, year and tier, read as a page or saved as a file."""

from flask import Blueprint, Response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.domain.errors import NotFound
from app.domain.rule_sentences import rule_sentences
from app.domain.tiers import ROAD, Tier
from app.domain.vietnamese import in_vietnam, normalise
from app.queries.public_results import PublicResults, Search, public_contests, public_results
from app.queries.statistics import by_tier, sentence
from app.queries.statistics import statistics as all_statistics
from app.queries.withdrawn_lists import has_withdrawn_list, withdrawn_page
from app.services.documents import results_list_file
from app.services.spreadsheets import xlsx_file
from app.web.access import now, public
from app.web.db import read
from app.web.downloads import PDF, XLSX, download, download_csv, download_json
from app.web.i18n import language
from app.web.labels import label
from app.web.results.tables import recognised_document, recognised_table, step_bars

bp = Blueprint("results", __name__)

MAX_SEARCH = 100


@bp.get("/results/")
@public
def index() -> str:
    """List the published contests, newest year first."""
    search = _search()
    tiers = [(tier.value, label(tier)) for tier in reversed(ROAD)]
    page = public_contests(read(), search)
    return render_template("results/index.html", page=page, search=search, tiers=tiers)


@bp.get("/results/<slug>")
@public
def contest(slug: str) -> ResponseReturnValue:
    """Show the published list of a contest with the rules that decided."""
    withdrawn = has_withdrawn_list(read(), slug)
    try:
        page = _page(slug)
    except NotFound:
        if not withdrawn:
            raise
        return redirect(url_for(".withdrawn", slug=slug))  # it is being corrected
    sentences = rule_sentences(page.rules, page.tier, language())
    bars = step_bars(page.numbers.steps, provisional=page.provisional)
    return render_template(
        "results/contest.html", page=page, sentences=sentences, bars=bars, withdrawn=withdrawn
    )


@bp.get("/results/<slug>/withdrawn")
@public
def withdrawn(slug: str) -> str:
    """Show lists that were public and were withdrawn to be corrected."""
    return render_template("results/withdrawn.html", page=withdrawn_page(read(), slug))


@bp.get("/results/<slug>.csv")
@public
def contest_csv(slug: str) -> Response:
    """Send a published list as CSV."""
    return download_csv(recognised_table(_page(slug)), f"{slug}.csv")


@bp.get("/results/<slug>.json")
@public
def contest_json(slug: str) -> Response:
    """Send a published list as JSON."""
    return download_json(recognised_document(_page(slug)), f"{slug}.json")


@bp.get("/results/<slug>.xlsx")
@public
def contest_xlsx(slug: str) -> Response:
    """Send a published list as a workbook."""
    return download(xlsx_file([recognised_table(_page(slug))]), f"{slug}.xlsx", XLSX)


@bp.get("/results/<slug>.pdf")
@public
def contest_pdf(slug: str) -> Response:
    """Send a published list as it is printed."""
    content = results_list_file(read(), slug, today=in_vietnam(now()).date())
    return download(content, f"{slug}.pdf", PDF)


@bp.get("/statistics/")
@public
def statistics() -> str:
    """Show the published contests in numbers, and the sentences that a report needs."""
    tiers = by_tier(all_statistics(read()))
    rows = [row for tier in tiers for row in tier.contests]
    sentences = {row.contest_id: sentence(row, language()) for row in rows}
    bars = {row.contest_id: step_bars(row.steps, provisional=row.provisional) for row in rows}
    return render_template("results/statistics.html", tiers=tiers, sentences=sentences, bars=bars)


def _page(slug: str) -> PublicResults:
    return public_results(read(), slug, today=in_vietnam(now()).date())


def _search() -> Search:
    """What was asked for; anything that cannot be chosen is as if it were empty."""
    year, tier = request.args.get("year", ""), request.args.get("tier", "")
    return Search(
        place=normalise(request.args.get("place", ""))[:MAX_SEARCH],
        year=int(year) if year.isdecimal() and len(year) == 4 else None,
        tier=Tier(tier) if tier in list(Tier) else None,
    )
