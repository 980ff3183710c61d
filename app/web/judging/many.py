"""Checking and submitting several complete sheets at once, and the receipts of what was submitted."""

from collections.abc import Mapping
from dataclasses import dataclass

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.domain.errors import DomainError, InvalidInput, StaleVersion
from app.domain.judging import SheetState
from app.domain.permissions import Permission
from app.queries.own_sheets import OwnSheet, SheetGrid, receipts_of, sheet_grid
from app.services.many_sheets import submit_sheets
from app.web.access import current_actor, now, requires
from app.web.db import read, transaction
from app.web.fields import number_of
from app.web.i18n import _, ngettext, say
from app.web.judging.blueprint import bp
from app.web.judging.forms import MarksForm, saved_marks
from app.web.judging.rows import prefix_of, sent_forms
from app.web.judging.statement import statement_first


@dataclass(frozen=True)
class NotSubmitted:
    """A sheet that was ticked and not submitted, why, and what was shown and is saved where these differ."""

    sheet: OwnSheet
    reason: str
    is_stale: bool
    differences: list[tuple[str, str, str]]


@bp.route("/check", methods=["GET", "POST"])
@requires(Permission.SCORE_SHEET_EDIT)
def check_all() -> ResponseReturnValue:
    """Show every complete sheet once more, and submit those that are ticked; one that is refused stops no other."""
    page = _page()
    if page is None:
        return redirect(url_for(".index"), 303)
    if elsewhere := statement_first(page.contest.id):
        return elsewhere
    if request.method == "GET":
        return _show(page, ticked={sheet.sheet_id for sheet in page.to_submit})
    ticked = {number_of(text) for text in request.form.getlist("submit")} - {0}
    if not ticked:
        return _show(page, error=_("Tick at least one sheet.")), 422
    forms = {
        sheet_id: form
        for sheet_id, form in sent_forms(page.by_id.values(), request.form).items()
        if sheet_id in ticked
    }
    with transaction() as session:
        commands = [form.command(page.by_id[sheet_id]) for sheet_id, form in forms.items()]
        refused = submit_sheets(session, commands, actor=current_actor(), now=now())
    return _submitted(page, forms, refused, gone=len(ticked - forms.keys()))


def _page() -> SheetGrid | None:
    return sheet_grid(read(), current_actor(), request.args.get("contest", type=int))


def _submitted(
    page: SheetGrid, forms: Mapping[int, MarksForm], refused: Mapping[int, DomainError], gone: int
) -> ResponseReturnValue:
    """Go on to the receipts; if something was not submitted, first say what and why."""
    done = sorted(forms.keys() - refused.keys())
    if gone:
        text = ngettext(
            "%(num)d sheet is no longer yours and was not submitted.",
            "%(num)d sheets are no longer yours and were not submitted.",
            gone,
        )
        flash(text, "warning")
    if done and not refused:
        return redirect(url_for(".receipts", contest=page.contest.id, sheet=done), 303)
    page = _page() or page
    left = [
        _not_submitted(page.by_id[sheet_id], forms[sheet_id], error)
        for sheet_id, error in refused.items()
        if sheet_id in page.by_id
    ]
    return _show(page, left=left, done=done), 409


def _not_submitted(sheet: OwnSheet, form: MarksForm, error: DomainError) -> NotSubmitted:
    message = next(iter(error.fields.values())) if isinstance(error, InvalidInput) else error.message
    is_stale = isinstance(error, StaleVersion)
    return NotSubmitted(sheet, say(message), is_stale, form.sent_and_saved(sheet) if is_stale else [])


def _show(page: SheetGrid, **beside: object) -> str:
    shown = {
        sheet.sheet_id: {f"{prefix_of(sheet)}-{name}": value for name, value in saved_marks(sheet).items()}
        for sheet in page.to_submit
    }
    values = {"ticked": set(), "error": "", "left": [], "done": [], **beside}
    return render_template("judging/check_all.html", page=page, shown=shown, **values)


@bp.get("/receipts")
@requires(Permission.SCORE_SHEET_EDIT)
def receipts() -> ResponseReturnValue:
    """Show the receipts of own submitted sheets: all, or those asked for."""
    page = _page()
    if page is None:
        return redirect(url_for(".index"), 303)
    wanted = {number_of(text) for text in request.args.getlist("sheet")}
    sheets = [
        sheet
        for sheet in page.by_id.values()
        if sheet.state is SheetState.SUBMITTED and (not wanted or sheet.sheet_id in wanted)
    ]
    found = receipts_of(read(), [sheet.sheet_id for sheet in sheets])
    return render_template("judging/receipts.html", page=page, sheets=sheets, receipts=found)
