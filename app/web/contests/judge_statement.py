"""The organiser's page of a judge's impartiality statement: read it, or record one that was signed on paper."""

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from app.domain.contests import JURY_OPEN
from app.domain.errors import InvalidInput
from app.domain.permissions import Permission
from app.queries.statements import judge_statement
from app.services.statements import RecordPaper, record_paper
from app.web.access import current_actor, now, requires
from app.web.contests.blueprint import bp
from app.web.db import read, transaction
from app.web.fields import DayField, filled_in
from app.web.i18n import _, _l
from app.web.judging.statement import DeclaredForm


class PaperForm(DeclaredForm):
    """A statement on paper: the day, and what it declares as far as it is of use."""

    signed_on = DayField(_l("Day on the paper"), validators=[filled_in])


@bp.route("/<int:contest_id>/jury/<int:judge_id>/statement", methods=["GET", "POST"])
@requires(Permission.JURY_APPOINT)
def judge_statement_page(contest_id: int, judge_id: int) -> ResponseReturnValue:
    """Show what a judge signed; record what was signed on paper."""
    page = judge_statement(read(), current_actor(), contest_id, judge_id)
    form = PaperForm(data=page.declared)
    if form.is_submitted() and form.validate():
        command = RecordPaper(contest_id, judge_id, form.data["signed_on"], form.declared)
        try:
            with transaction() as session:
                record_paper(session, command, actor=current_actor(), now=now())
        except InvalidInput as error:
            form.refuse(error)
        else:
            flash(_("It was recorded."), "success")
            return redirect(url_for(".judge_statement_page", contest_id=contest_id, judge_id=judge_id), 303)
    may_record = page.contest.state in JURY_OPEN
    shown = render_template("contests/judge_statement.html", page=page, form=form, may_record=may_record)
    return shown, 422 if form.errors else 200
