"""Going from the first pass to the second, and back while nobody has begun it."""

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from wtforms import BooleanField
from wtforms.validators import DataRequired

from app.domain.contests import WRONG_STAGE, ContestState
from app.domain.errors import InvalidInput, NotReady, require
from app.domain.permissions import Permission
from app.queries.contests import ContestHead, ContestPage, head_of
from app.queries.passes import second_pass_is_begun
from app.services import passes
from app.web.access import current_actor, now, requires
from app.web.contests.blueprint import bp
from app.web.contests.moves import CloseForm, ReasonForm, closing_page
from app.web.db import read, transaction
from app.web.fields import Form
from app.web.i18n import _, _l


class ClosePassForm(CloseForm):
    """Closing the first pass although something is missing."""

    confirmed = BooleanField(
        _l("Close the first pass without the missing sheets"),
        validators=[DataRequired(_l("Tick this to close the first pass although sheets are missing."))],
    )


@bp.route("/<int:contest_id>/close-first-pass", methods=["GET", "POST"])
@requires(Permission.SCORING_MANAGE)
def close_first_pass(contest_id: int) -> ResponseReturnValue:
    """Show what is missing from the first pass; close it and open the second."""
    page = closing_page(_head_in(contest_id, passes.FIRST))
    form, status = ClosePassForm() if page.gaps else Form(), 200
    if form.validate_on_submit():
        reason = form.reason.data if isinstance(form, CloseForm) else ""
        try:
            with transaction() as session:
                passes.close_first_pass(
                    session, contest_id, actor=current_actor(), now=now(), reason=reason or ""
                )
        except InvalidInput as error:
            form.refuse(error)
        except NotReady:
            status = 409  # the page names the entries to discuss
        else:
            flash(_("The first pass is closed; the second is open."), "success")
            return redirect(url_for(".progress", contest_id=contest_id), 303)
    html = render_template("contests/close_first_pass.html", page=page, form=form)
    return html, 422 if form.errors else status


@bp.route("/<int:contest_id>/reopen-first-pass", methods=["GET", "POST"])
@requires(Permission.SCORING_MANAGE)
def reopen_first_pass(contest_id: int) -> ResponseReturnValue:
    """Open the first pass again before anybody has begun the second."""
    contest = _head_in(contest_id, passes.SECOND)
    require(not second_pass_is_begun(read(), contest_id), passes.SECOND_IS_BEGUN)
    form = ReasonForm()
    if form.validate_on_submit():
        try:
            with transaction() as session:
                passes.reopen_first_pass(
                    session, contest_id, form.data["reason"], actor=current_actor(), now=now()
                )
        except InvalidInput as error:
            form.refuse(error)
        else:
            flash(_("The first pass is open again."), "success")
            return redirect(url_for(".contest", contest_id=contest_id), 303)
    html = render_template("contests/reopen_first_pass.html", page=ContestPage(contest), form=form)
    return html, 422 if form.errors else 200


def _head_in(contest_id: int, pass_no: int) -> ContestHead:
    contest = head_of(read(), current_actor(), contest_id, Permission.SCORING_MANAGE)
    two_passes = contest.state is ContestState.SCORING and contest.rules.passes == passes.SECOND
    require(two_passes and contest.current_pass == pass_no, WRONG_STAGE)
    return contest
