"""All of a judge's sheets in one table for each product group, to be filled in like a spreadsheet."""

from collections.abc import Mapping
from dataclasses import dataclass

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.domain.permissions import Permission
from app.queries.own_sheets import OwnSheet, SheetGrid, sheet_grid
from app.services.many_sheets import save_sheets
from app.web.access import current_actor, now, requires
from app.web.db import read, transaction
from app.web.i18n import _, ngettext
from app.web.judging.blueprint import bp
from app.web.judging.forms import MarksForm
from app.web.judging.rows import Row, sent_forms, sheets_named
from app.web.judging.statement import statement_first
from app.web.kept_forms import typed_before


@dataclass(frozen=True)
class Unsaved:
    """What was typed on a sheet that takes no marks now."""

    sheet: OwnSheet
    typed: list[tuple[str, str]]


@bp.route("/grid", methods=["GET", "POST"])
@requires(Permission.SCORE_SHEET_EDIT)
def grid() -> ResponseReturnValue:
    """Show all sheets of the pass being scored; save what is typed, each sheet by itself."""
    page = _page()
    if page is None:
        return redirect(url_for(".index"), 303)
    if elsewhere := statement_first(page.contest.id):
        return elsewhere
    if request.method == "POST":
        return _save(page)
    if (typed := typed_before()) is None:
        return _show(page, {})
    flash(_("You were signed out before this was saved. Check what you typed and save it."), "warning")
    return _show(page, _changed(page, sent_forms(page.sheets, typed)))


def _page() -> SheetGrid | None:
    return sheet_grid(read(), current_actor(), request.args.get("contest", type=int))


def _changed(page: SheetGrid, forms: Mapping[int, MarksForm]) -> dict[int, MarksForm]:
    """Those that hold something else than what is saved."""
    own = page.by_id
    return {
        sheet_id: form
        for sheet_id, form in forms.items()
        if sheet_id in own and form.differences(own[sheet_id])
    }


def _save(page: SheetGrid) -> ResponseReturnValue:
    """Save the sheets that can be saved; show the others with what was typed, and why."""
    own = page.by_id
    forms = _changed(page, sent_forms(own.values(), request.form))
    faulty = {sheet_id for sheet_id, form in forms.items() if own[sheet_id].is_open and not form.validate()}
    commands = [form.command(own[sheet_id]) for sheet_id, form in forms.items() if sheet_id not in faulty]
    with transaction() as session:
        refused = save_sheets(session, commands, actor=current_actor(), now=now())
    if saved := len(commands) - len(refused):
        flash(ngettext("%(num)d sheet was saved.", "%(num)d sheets were saved.", saved), "success")
    elif not forms:
        flash(_("There was nothing new to save."), "success")
    page = _page() or page
    if gone := len(sheets_named(request.form) - page.by_id.keys()):
        text = ngettext(
            "%(num)d sheet is no longer yours; what you typed on it was not saved.",
            "%(num)d sheets are no longer yours; what you typed on them was not saved.",
            gone,
        )
        flash(text, "warning")
    left = _changed(page, {sheet_id: forms[sheet_id] for sheet_id in faulty | refused.keys()})
    if not left:
        return redirect(_next_url(page), 303)
    return _show(page, left, faulty), 422 if faulty else 409


def _next_url(page: SheetGrid) -> str:
    """After a save: on to the check, or to the table whose button was pressed."""
    then = request.form.get("then", "")
    if then == "check":
        return url_for(".check_all", contest=page.contest.id)
    anchor = f"group-{then}" if any(table.group.code == then for table in page.tables) else None
    return url_for(".grid", contest=page.contest.id, group=request.args.get("group") or None, _anchor=anchor)


def _show(
    page: SheetGrid, forms: Mapping[int, MarksForm], faulty: frozenset[int] | set[int] = frozenset()
) -> str:
    """Render the tables; `forms` hold what is typed but not saved, `faulty` names those to be corrected."""
    group = request.args.get("group", "")
    tables = [table for table in page.tables if group in ("", table.group.code)]
    rows = {sheet.sheet_id: Row(sheet, sheet.version) for sheet in page.sheets if sheet.is_open}
    unsaved = []
    for sheet_id, form in forms.items():
        sheet = page.by_id[sheet_id]
        if not sheet.is_open:
            unsaved.append(Unsaved(sheet, form.typed(sheet)))
        elif sheet_id in faulty:
            rows[sheet_id] = Row(sheet, form.seen_version, form)
        else:
            rows[sheet_id] = Row(sheet, sheet.version, form, form.differences(sheet))
    return render_template(
        "judging/grid.html",
        page=page,
        tables=tables,
        rows=rows,
        unsaved=unsaved,
        wanted=group,
        faults=[row for row in rows.values() if row.faults],
        stale=[row for row in rows.values() if row.saved],
    )
