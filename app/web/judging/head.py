"""The head of jury's pages: giving a submitted sheet back to its judge."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.domain.errors import InvalidInput
from app.domain.permissions import Permission
from app.queries.reopening import jury_page, sheet_to_reopen
from app.services.judging import ReopenSheet, reopen_sheet
from app.web.access import current_actor, now, requires
from app.web.db import read, transaction
from app.web.i18n import _
from app.web.judging.blueprint import bp
from app.web.judging.forms import ReasonForm


@bp.get("/contests/<int:contest_id>/sheets")
@requires(Permission.SCORE_SHEET_REOPEN)
def jury(contest_id: int) -> str:
    """List what one judge has submitted: only that it is, never what stands on it."""
    page = jury_page(read(), contest_id, current_actor(), request.args.get("judge", type=int))
    return render_template("judging/jury.html", page=page)


@bp.route("/sheets/<int:sheet_id>/reopen", methods=["GET", "POST"])
@requires(Permission.SCORE_SHEET_REOPEN)
def reopen(sheet_id: int) -> ResponseReturnValue:
    """Ask why a sheet is reopened, and reopen it."""
    sheet = sheet_to_reopen(read(), sheet_id, current_actor())
    form = ReasonForm()
    if form.validate_on_submit():
        try:
            with transaction() as session:
                command = ReopenSheet(sheet_id, form.reason.data or "")
                reopen_sheet(session, command, actor=current_actor(), now=now())
        except InvalidInput as error:
            form.refuse(error)
        else:
            flash(_("%(judge)s can change the sheet again.", judge=sheet.judge), "success")
            return redirect(url_for(".jury", contest_id=sheet.contest_id, judge=sheet.judge_id), 303)
    return render_template("judging/reopen.html", sheet=sheet, form=form), 422 if form.errors else 200
