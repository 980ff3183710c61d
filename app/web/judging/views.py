"""A judge's pages: the list of sheets, one sheet, the check before submitting, and the word of a conflict."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.domain.errors import IllegalState, InvalidInput, StaleVersion
from app.domain.judging import SheetProgress, check_complete, check_explained, check_reason
from app.domain.messages import Message
from app.domain.permissions import Permission
from app.queries.judging import SheetFilter, sheet_list
from app.queries.score_sheet import SheetPage, sheet_page
from app.services.assignments import Recuse, recuse
from app.services.judging import save_sheet, submit_sheet
from app.web.access import current_actor, now, requires
from app.web.db import read, transaction
from app.web.i18n import _, say
from app.web.judging.blueprint import bp
from app.web.judging.forms import ReasonForm, SheetForm, saved_fields, saved_marks, saved_texts, sheet_form
from app.web.judging.statement import after_statement
from app.web.judging.walks import walk_of
from app.web.kept_forms import typed_before


@bp.get("/")
@requires(Permission.SCORE_SHEET_EDIT)
def index() -> str:
    """List the judge's sheets in one contest, all or those asked for."""
    wanted = SheetFilter(*(request.args.get(name, "") for name in ("progress", "group", "text")))
    page = sheet_list(read(), current_actor(), request.args.get("contest", type=int), wanted)
    return render_template("judging/index.html", page=page, wanted=wanted, progresses=list(SheetProgress))


@bp.route("/sheets/<int:sheet_id>", methods=["GET", "POST"])
@requires(Permission.SCORE_SHEET_EDIT)
@after_statement
def sheet(sheet_id: int) -> ResponseReturnValue:
    """Show a sheet with the dossier beside it; save what is typed."""
    page = _page(sheet_id)
    if request.method == "POST":
        return _save(page)
    typed = typed_before()
    if not page.is_open:
        unsaved = sheet_form(page)(formdata=typed).typed(page) if typed else []
        return _show_closed(page, unsaved)
    if typed:
        notice = _(
            "You were signed out before this was saved. What you typed is not yet saved: check it and save."
        )
        return _show_unsaved(page, sheet_form(page)(formdata=typed), notice)
    return _show(page, sheet_form(page)(data={**saved_marks(page), **saved_texts(page)}), page.version)


@bp.route("/sheets/<int:sheet_id>/check", methods=["GET", "POST"])
@requires(Permission.SCORE_SHEET_EDIT)
@after_statement
def check(sheet_id: int) -> ResponseReturnValue:
    """Show all that is saved on a sheet once more, and submit it."""
    page = _page(sheet_id)
    if request.method == "GET":
        if page.is_open and not (lack := _lacking(page)):
            return _show_to_check(page)
        if page.is_open:
            flash(say(next(iter(lack.values()))), "error")
        return redirect(url_for(".sheet", sheet_id=sheet_id), 303)  # a closed sheet says so itself
    form = sheet_form(page)()  # what was shown is what is submitted
    try:
        with transaction() as session:
            submit_sheet(session, form.command(page), actor=current_actor(), now=now())
    except StaleVersion:
        page = _page(sheet_id)
        return _show_to_check(page, is_stale=True, differences=form.sent_and_saved(page)), 409
    except IllegalState:
        return _closed(_page(sheet_id), form)
    except InvalidInput as error:
        form.refuse(error)
        return _show(page, form, form.seen_version), 422
    flash(_("The sheet was submitted."), "success")
    return redirect(url_for(".sheet", sheet_id=sheet_id), 303)


@bp.route("/sheets/<int:sheet_id>/conflict", methods=["GET", "POST"])
@requires(Permission.SCORE_SHEET_EDIT)
def conflict(sheet_id: int) -> ResponseReturnValue:
    """Let a judge say that they cannot score this product, and why."""
    page = _page(sheet_id)
    form = ReasonForm()
    if form.validate_on_submit():
        command = Recuse(page.judge_id, page.entry_id, form.reason.data or "")
        try:
            check_reason(command.reason)
            with transaction() as session:
                recuse(session, command, actor=current_actor(), now=now())
        except InvalidInput as error:
            form.refuse(error)
        else:
            flash(_("It is on record that you do not score %(code)s.", code=page.code), "success")
            return redirect(url_for(".index", contest=page.contest.id), 303)
    status = 422 if form.errors else 200
    return render_template("judging/conflict.html", page=page, form=form), status


def _page(sheet_id: int) -> SheetPage:
    return sheet_page(read(), sheet_id, current_actor())


def _lacking(page: SheetPage) -> dict[str, Message]:
    """What is missing on a sheet before it can be submitted, by field."""
    try:
        check_complete(page.marks, page.rules, page.group.code)
        check_explained(page.marks, page.notes, page.rules, page.group.code)
    except InvalidInput as error:
        return error.fields
    return {}


def _show_to_check(page: SheetPage, **beside: object) -> str:
    values = {"is_stale": False, "differences": (), **beside}
    return render_template("judging/check.html", page=page, shown=saved_fields(page), **values)


def _show(page: SheetPage, form: SheetForm, version: int, **beside: object) -> str:
    """Render an open sheet; `version` is the one that the next save replaces."""
    values = {"saved": {}, "notice": None, "walk": walk_of(page), **beside}
    values["open_parts"] = form.parts_to_open
    return render_template("judging/sheet.html", page=page, form=form, version=version, **values)


def _show_unsaved(page: SheetPage, form: SheetForm, notice: str) -> str:
    """Render what is not yet saved, with what is saved beside it: seen both, the next save replaces the latter."""
    return _show(page, form, page.version, saved=form.differences(page), notice=notice)


def _show_closed(page: SheetPage, unsaved: list[tuple[str, str]]) -> str:
    return render_template("judging/closed.html", page=page, unsaved=unsaved, walk=walk_of(page))


def _closed(page: SheetPage, form: SheetForm) -> ResponseReturnValue:
    """Refuse to save on a sheet that takes no marks now, without losing what was typed."""
    return _show_closed(page, form.typed(page)), 409


def _save(page: SheetPage) -> ResponseReturnValue:
    """Save what was posted and go where the button says; if it cannot be saved, show it and say why."""
    form = sheet_form(page)()
    if not page.is_open:
        return _closed(page, form)
    if not form.validate():
        return _show(page, form, form.seen_version), 422
    try:
        with transaction() as session:
            save_sheet(session, form.command(page), actor=current_actor(), now=now())
    except InvalidInput as error:
        form.refuse(error)
        return _show(page, form, form.seen_version), 422
    except StaleVersion as error:
        return _show_unsaved(_page(page.sheet_id), form, say(error.message)), 409
    except IllegalState:
        return _closed(_page(page.sheet_id), form)
    return _go_on(page, form)


def _go_on(page: SheetPage, form: SheetForm) -> ResponseReturnValue:
    """After a save: stay, take the next sheet, or check this one before submitting it."""
    then = request.form.get("then")
    if then == "check":
        page = _page(page.sheet_id)
        if lack := _lacking(page):
            form.refuse(InvalidInput(lack))
            return _show(page, form, page.version), 422
        return redirect(url_for(".check", sheet_id=page.sheet_id), 303)
    flash(_("The sheet of %(code)s was saved.", code=page.code), "success")
    if then == "next":
        return redirect(walk_of(page).next_url, 303)
    return redirect(url_for(".sheet", sheet_id=page.sheet_id), 303)
