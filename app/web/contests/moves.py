"""The steps that take a contest from one state to the next, each with what has to be known before it."""

from dataclasses import dataclass

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from wtforms import BooleanField
from wtforms.validators import DataRequired

from app.domain.contests import WRONG_STAGE, ContestState, what_scoring_waits_for
from app.domain.errors import InvalidInput, NotReady, require
from app.domain.messages import Message
from app.domain.permissions import Permission
from app.domain.rule_sentences import rule_sentences
from app.domain.vietnamese import in_vietnam
from app.queries.contests import ContestHead, ContestPage, head_of
from app.queries.progress import Gaps, gaps_of, readiness_of
from app.queries.spreads import open_discussions
from app.services import contests
from app.web.access import current_actor, now, requires
from app.web.contests.blueprint import bp
from app.web.contests.views import show_overview
from app.web.db import read, transaction
from app.web.fields import Form, LongTextField, filled_in, longest
from app.web.i18n import _, _l, language


@bp.post("/<int:contest_id>/open-registration")
@requires(Permission.SCORING_MANAGE)
def open_registration(contest_id: int) -> ResponseReturnValue:
    """Open registration."""
    try:
        with transaction() as session:
            contests.open_registration(session, contest_id, actor=current_actor(), now=now())
    except NotReady as error:
        return show_overview(contest_id, error.reasons), 409
    flash(_("Registration is open."), "success")
    return redirect(url_for(".contest", contest_id=contest_id), 303)


@dataclass(frozen=True)
class OpeningPage(ContestPage):
    """What opening scoring means, and what it waits for."""

    sentences: tuple[str, ...]
    reasons: tuple[Message, ...]
    is_early: bool  # registration was announced to go on


@bp.route("/<int:contest_id>/open-scoring", methods=["GET", "POST"])
@requires(Permission.SCORING_MANAGE)
def open_scoring(contest_id: int) -> ResponseReturnValue:
    """Show the rules that will be frozen and what is missing; open scoring."""
    contest = _head_in(contest_id, ContestState.REGISTRATION)
    form, reasons = Form(), what_scoring_waits_for(readiness_of(read(), contest))
    if form.validate_on_submit():
        try:
            with transaction() as session:
                contests.open_scoring(session, contest_id, actor=current_actor(), now=now())
        except NotReady as error:
            return _show_opening(contest, form, error.reasons), 409
        flash(_("Scoring is open and the rules are frozen."), "success")
        return redirect(url_for(".contest", contest_id=contest_id), 303)
    return _show_opening(contest, form, reasons)


def _show_opening(contest: ContestHead, form: Form, reasons: tuple[Message, ...]) -> str:
    page = OpeningPage(
        contest=contest,
        sentences=rule_sentences(contest.rules, contest.tier, language()),
        reasons=reasons,
        is_early=in_vietnam(now()).date() <= contest.calendar.registration_closes_on,
    )
    return render_template("contests/open_scoring.html", page=page, form=form)


@dataclass(frozen=True)
class ClosingPage(ContestPage):
    """What is missing when a pass closes, and what keeps it open."""

    gaps: Gaps
    to_discuss: tuple[str, ...]  # codes of entries


def closing_page(contest: ContestHead) -> ClosingPage:
    """What the current pass of a contest lacks."""
    return ClosingPage(contest, gaps_of(read(), contest), open_discussions(read(), contest))


class CloseForm(Form):
    """Closing although something is missing."""

    confirmed = BooleanField(
        _l("Close scoring without the missing sheets"),
        validators=[DataRequired(_l("Tick this to close scoring although sheets are missing."))],
    )
    reason = LongTextField(_l("Reason"), validators=[filled_in, longest(2000)])


@bp.route("/<int:contest_id>/close-scoring", methods=["GET", "POST"])
@requires(Permission.SCORING_MANAGE)
def close_scoring(contest_id: int) -> ResponseReturnValue:
    """Show what is missing; close scoring and compute the result."""
    contest = _head_in(contest_id, ContestState.SCORING)
    require(contest.current_pass == contest.rules.passes, WRONG_STAGE)
    page = closing_page(contest)
    form, status = CloseForm() if page.gaps else Form(), 200
    if form.validate_on_submit():
        reason = form.reason.data if page.gaps else ""
        try:
            with transaction() as session:
                contests.close_scoring(session, contest_id, actor=current_actor(), now=now(), reason=reason)
        except InvalidInput as error:
            form.refuse(error)
        except NotReady:
            status = 409  # the page names the entries to discuss
        else:
            flash(_("Scoring is closed and the result is computed."), "success")
            return redirect(url_for(".contest", contest_id=contest_id), 303)
    html = render_template("contests/close_scoring.html", page=page, form=form)
    return html, 422 if form.errors else status


class ReasonForm(Form):
    """Why something is done."""

    reason = LongTextField(_l("Reason"), validators=[filled_in, longest(2000)])


@bp.route("/<int:contest_id>/reopen-scoring", methods=["GET", "POST"])
@requires(Permission.SCORING_MANAGE)
def reopen_scoring(contest_id: int) -> ResponseReturnValue:
    """Open scoring again before the council votes."""
    page, form = ContestPage(_head_in(contest_id, ContestState.SCORED)), ReasonForm()
    if form.validate_on_submit():
        try:
            with transaction() as session:
                contests.reopen_scoring(
                    session, contest_id, form.data["reason"], actor=current_actor(), now=now()
                )
        except InvalidInput as error:
            form.refuse(error)
        else:
            flash(_("Scoring is open again."), "success")
            return redirect(url_for(".contest", contest_id=contest_id), 303)
    return render_template("contests/reopen_scoring.html", page=page, form=form), 422 if form.errors else 200


def _head_in(contest_id: int, state: ContestState) -> ContestHead:
    contest = head_of(read(), current_actor(), contest_id, Permission.SCORING_MANAGE)
    require(contest.state is state, WRONG_STAGE)
    return contest
