"""Score sheets from a spreadsheet: the template, sending a file in, looking at what it would do, and doing it."""

from flask import Response, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from wtforms import FileField

from app.domain.contests import ContestState
from app.domain.errors import IllegalState, InvalidInput, StaleVersion
from app.domain.messages import N_, Message
from app.domain.paper import ImportKind, ImportState
from app.domain.permissions import Permission
from app.queries.imports import import_page, imports_page
from app.services.grids import LARGEST
from app.services.import_plans import ImportPlan
from app.services.sheet_imports import (
    ApplyImport,
    apply_import,
    checked_file,
    discard_import,
    import_plan,
    upload_import,
)
from app.services.sheet_template import template_file
from app.web.access import current_actor, now, requires
from app.web.contests.blueprint import bp
from app.web.db import file_store, read, transaction
from app.web.downloads import XLSX, download
from app.web.fields import Form, TextField
from app.web.i18n import _, _l, ngettext, say


class FileForm(Form):
    """A spreadsheet to send in."""

    file = FileField(_l("File with the marks"))


class ConfirmForm(Form):
    """Which plan was looked at."""

    seen = TextField()


@bp.route("/<int:contest_id>/imports", methods=["GET", "POST"])
@requires(Permission.SCORING_MANAGE)
def imports(contest_id: int) -> ResponseReturnValue:
    """List the files that were sent in, and take one more."""
    form = FileForm()
    if form.validate_on_submit():
        try:
            return redirect(
                url_for(".import_preview", contest_id=contest_id, import_id=_upload(contest_id, form)), 303
            )
        except InvalidInput as error:
            form.refuse(error)
    page = imports_page(read(), current_actor(), contest_id)
    is_open = page.contest.state is ContestState.SCORING
    status = 422 if form.errors else 200
    return render_template("contests/imports.html", page=page, form=form, is_open=is_open), status


def _upload(contest_id: int, form: FileForm) -> int:
    chosen = form.file.data
    if not chosen or not chosen.filename:
        raise InvalidInput({"file": Message(N_("Choose a file first."))})
    content = chosen.stream.read(LARGEST + 1)
    command = checked_file(read(), current_actor(), contest_id, chosen.filename, content)
    with transaction() as session:
        row = upload_import(session, command, store=file_store(), actor=current_actor(), now=now())
    return row.id


@bp.get("/<int:contest_id>/imports/template.xlsx")
@requires(Permission.SCORING_MANAGE)
def import_template(contest_id: int) -> Response:
    """Send the empty spreadsheet of this contest."""
    slug, content = template_file(read(), current_actor(), contest_id)
    return download(content, f"phieu-cham-{slug}.xlsx", XLSX)


@bp.get("/<int:contest_id>/imports/<int:import_id>")
@requires(Permission.SCORING_MANAGE)
def import_preview(contest_id: int, import_id: int) -> str:
    """Show what a file would do."""
    return _show(contest_id, import_id)


@bp.post("/<int:contest_id>/imports/<int:import_id>")
@requires(Permission.SCORING_MANAGE)
def import_apply(contest_id: int, import_id: int) -> ResponseReturnValue:
    """Submit the sheets of a file, as they were shown."""
    command = ApplyImport(contest_id, import_id, ConfirmForm().seen.data or "")
    try:
        with transaction() as session:
            sheets = apply_import(session, command, store=file_store(), actor=current_actor(), now=now())
    except StaleVersion as error:
        return _show(contest_id, import_id, say(error.message)), 409
    except InvalidInput as error:
        return _show(contest_id, import_id, say(error.fields["file"])), 422
    if sheets:
        flash(
            ngettext("%(num)d score sheet was taken over.", "%(num)d score sheets were taken over.", sheets),
            "success",
        )
    else:
        flash(_("This file had been taken over before. Nothing was changed."), "info")
    return redirect(url_for(".import_preview", contest_id=contest_id, import_id=import_id), 303)


@bp.post("/<int:contest_id>/imports/<int:import_id>/discard")
@requires(Permission.SCORING_MANAGE)
def import_discard(contest_id: int, import_id: int) -> ResponseReturnValue:
    """Put a file aside."""
    with transaction() as session:
        discard_import(session, contest_id, import_id, actor=current_actor(), now=now())
    flash(_("The file was discarded. No score sheet was changed."), "success")
    return redirect(url_for(".imports", contest_id=contest_id), 303)


@bp.get("/<int:contest_id>/imports/<int:import_id>/file")
@requires(Permission.SCORING_MANAGE)
def import_file(contest_id: int, import_id: int) -> Response:
    """Send a file back as it came."""
    page = import_page(read(), current_actor(), contest_id, import_id)
    return download(file_store().read(page.file_sha256), page.row.name, page.media_type)


def _show(contest_id: int, import_id: int, problem: str = "") -> str:
    page = import_page(read(), current_actor(), contest_id, import_id)
    plan: ImportPlan | None = None
    if page.row.state is ImportState.UPLOADED:
        try:
            plan = import_plan(read(), current_actor(), contest_id, import_id, store=file_store())
        except IllegalState as error:
            problem = say(error.message)
    return render_template(
        "contests/import.html", page=page, plan=plan, kinds=list(ImportKind), problem=problem
    )
