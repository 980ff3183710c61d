"""What happened to one sheet, the receipt of a submission, putting a sheet back, and verifying a bundle."""

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_wtf.file import FileField
from wtforms import RadioField
from wtforms.validators import DataRequired

from app.domain.errors import InvalidInput
from app.domain.permissions import Permission
from app.queries.mark_history import SheetHistory, history_to_read
from app.services.receipts import receipt_of
from app.services.restoring import RestoreSheet, history_to_restore, restore_sheet
from app.services.verification import Verdict, head_typed, verified
from app.web.access import current_actor, now, requires, signed_in
from app.web.db import read, transaction
from app.web.fields import Form, LongTextField, TextField, number_of
from app.web.filters import moment
from app.web.i18n import _, _l

bp = Blueprint("ledger", __name__, url_prefix="/ledger")


class RestoreForm(Form):
    """Which submission shall stand again, and why."""

    version = RadioField(_l("Submission"), validators=[DataRequired(_l("Choose a submission."))])
    reason = LongTextField(_l("Reason"))


class BundleForm(Form):
    """A bundle to be verified."""

    file = FileField(_l("Bundle (zip file)"), validators=[DataRequired(_l("Choose the bundle to verify."))])
    head = TextField(_l("Head printed on the minutes"))


@bp.get("/sheets/<int:sheet_id>")
@signed_in
def sheet(sheet_id: int) -> str:
    """Show every mark ever saved on a sheet: to its judge, and after scoring to who leads or oversees."""
    page = history_to_read(read(), current_actor(), sheet_id)
    return render_template("ledger/sheet.html", page=page, back=_back(page))


@bp.get("/sheets/<int:sheet_id>/receipt")
@requires(Permission.SCORE_SHEET_EDIT)
def receipt(sheet_id: int) -> str:
    """Show a judge that the own submission is in the tree, with the proof."""
    with transaction() as session:  # the submission may have no place in the tree yet
        page = receipt_of(session, sheet_id, actor=current_actor())
    return render_template("ledger/receipt.html", page=page)


@bp.route("/sheets/<int:sheet_id>/restore", methods=["GET", "POST"])
@requires(Permission.SCORE_SHEET_REOPEN)
def restore(sheet_id: int) -> ResponseReturnValue:
    """Let the head of jury put a sheet back to what its judge had submitted, without seeing a mark."""
    page = history_to_restore(read(), sheet_id, current_actor())
    form = RestoreForm()
    form.version.choices = [
        (str(step.version), _said(page, step.version)) for step in page.earlier_submissions
    ]
    if form.validate_on_submit():
        command = RestoreSheet(sheet_id, number_of(form.version.data), form.reason.data or "")
        try:
            with transaction() as session:
                restore_sheet(session, command, actor=current_actor(), now=now())
        except InvalidInput as error:
            form.refuse(error)
        else:
            flash(_("The sheet of %(judge)s stands as it was submitted before.", judge=page.judge), "success")
            return redirect(url_for("judging.jury", contest_id=page.contest_id), 303)
    return render_template("ledger/restore.html", page=page, form=form), 422 if form.errors else 200


@bp.route("/verify", methods=["GET", "POST"])
@signed_in
def verify() -> ResponseReturnValue:
    """Verify a bundle that somebody hands in; nothing of it is kept."""
    form = BundleForm()
    verdict: Verdict | None = None
    if form.validate_on_submit():
        try:
            verdict = verified(form.file.data.stream, head_typed(form.head.data or ""))
        except InvalidInput as error:
            form.refuse(error)
    page = render_template("ledger/verify.html", form=form, verdict=verdict)
    return page, 422 if form.errors else 200


def _back(page: SheetHistory) -> tuple[str, str]:
    """Title and address of the page that this reader comes from."""
    if page.judge_user_id == current_actor().user_id:
        return page.product, url_for("judging.sheet", sheet_id=page.sheet_id)
    if current_actor().may(Permission.CONTEST_VIEW):
        url = url_for("contests.history", contest_id=page.contest_id, judge=page.judge_id)
        return _("History of the marks"), url
    return _("Reopen a submitted sheet"), url_for("judging.jury", contest_id=page.contest_id)


def _said(page: SheetHistory, version: int) -> str:
    at = next(step.at for step in page.steps if step.is_submission and step.version == version)
    return _("Submitted at %(moment)s (version %(version)d)", moment=moment(at), version=version)
