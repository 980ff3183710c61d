"""The head of jury's pages: the desk with all that is to be done, and giving a submitted sheet back to its judge."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.domain.errors import InvalidInput
from app.domain.permissions import Permission
from app.queries.live import progress_page
from app.queries.mails import waiting_mails
from app.queries.reopening import jury_page, sheet_to_reopen
from app.services.judging import ReopenSheet, reopen_sheet
from app.web.access import current_actor, now, requires
from app.web.contests.progress import live_part, live_tag, named_groups
from app.web.db import read, transaction
from app.web.i18n import _
from app.web.judging.blueprint import bp
from app.web.judging.forms import ReasonForm
from app.web.security import poll


@bp.get("/contests/<int:contest_id>/sheets")
@requires(Permission.SCORE_SHEET_REOPEN)
def jury(contest_id: int) -> str:
    """Show how far the jury is and what waits for its head; of one judge, that sheets are submitted, never a mark."""
    page = jury_page(read(), contest_id, current_actor(), request.args.get("judge", type=int))
    tag = live_tag(contest_id)
    progress = progress_page(read(), current_actor(), contest_id, Permission.SCORE_SHEET_REOPEN)
    return render_template(
        "judging/jury.html",
        page=page,
        progress=progress,
        groups=named_groups(progress),
        waiting=waiting_mails(read(), contest_id),
        tag=tag,
    )


@bp.get("/contests/<int:contest_id>/live")
@poll
@requires(Permission.SCORE_SHEET_REOPEN)
def live(contest_id: int) -> ResponseReturnValue:
    """Give the counts again, if they have changed."""
    return live_part(contest_id, Permission.SCORE_SHEET_REOPEN)


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
