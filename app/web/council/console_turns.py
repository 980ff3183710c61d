"""Turns of the meeting that are asked for on a page of their own: a vote annulled, the ballot closed, its end."""

from collections.abc import Callable

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from app.domain.errors import IllegalState, InvalidInput, NotFound
from app.domain.permissions import Permission
from app.queries.meetings import MeetingPage, meeting_page
from app.queries.polls import annulment_of
from app.services.ballots import CloseBallot
from app.services.ballots import close_ballot as close_it
from app.services.meetings import (
    CancelMeeting,
    CloseMeeting,
    cancel_meeting,
    close_meeting,
)
from app.services.polls import AnnulPoll, annul_poll
from app.web.access import current_actor, now, requires
from app.web.contests.moves import ReasonForm
from app.web.council.blueprint import bp
from app.web.council.room_forms import ConclusionForm, EndForm
from app.web.db import read, transaction
from app.web.fields import Form
from app.web.i18n import _, say

KEEP = Permission.MEETING_KEEP


@bp.route("/<int:contest_id>/console/polls/<int:poll_id>/annul", methods=["GET", "POST"])
@requires(KEEP)
def annul_vote(contest_id: int, poll_id: int) -> ResponseReturnValue:
    """Ask why a vote is taken back, and take it back."""
    page, form = _page(contest_id), ReasonForm()
    if page.poll(poll_id) is None:
        if annulment_of(read(), contest_id, poll_id) is None:
            raise NotFound
        flash(_("This vote is annulled already."), "info")
        return redirect(url_for(".console", contest_id=contest_id), 303)

    def act(session: Session) -> None:
        seen_closed = request.form.get("seen") == "closed"
        command = AnnulPoll(contest_id, poll_id, form.reason.data or "", seen_closed)
        annul_poll(session, command, actor=current_actor(), now=now())

    done = _("The vote was annulled. It can be taken again.")
    return _turn("council/annul_vote.html", page, form, act, done, poll_id=poll_id)


@bp.route("/<int:contest_id>/console/close-ballot", methods=["GET", "POST"])
@requires(KEEP)
def close_ballot(contest_id: int) -> ResponseReturnValue:
    """Ask for the council's conclusion, and end its ballot."""
    page, form = _page(contest_id), ConclusionForm()

    def act(session: Session) -> None:
        close_it(session, CloseBallot(contest_id, form.note.data or ""), actor=current_actor(), now=now())

    done = _("The ballot is closed and the votes are counted.")
    return _turn("council/close_ballot.html", page, form, act, done)


@bp.route("/<int:contest_id>/console/close", methods=["GET", "POST"])
@requires(KEEP)
def end_meeting(contest_id: int) -> ResponseReturnValue:
    """Ask when the meeting ended, and end it."""
    page, form = _page(contest_id), EndForm()

    def act(session: Session) -> None:
        close_meeting(session, CloseMeeting(contest_id, form.clock.clock), actor=current_actor(), now=now())

    done = _("The meeting has ended. Look over the minutes.")
    return _turn("council/end_meeting.html", page, form, act, done, then="council.minutes")


@bp.route("/<int:contest_id>/console/cancel", methods=["GET", "POST"])
@requires(KEEP)
def cancel(contest_id: int) -> ResponseReturnValue:
    """Ask why a meeting is taken back that was opened by mistake."""
    page, form = _page(contest_id), ReasonForm()

    def act(session: Session) -> None:
        command = CancelMeeting(contest_id, form.reason.data or "")
        cancel_meeting(session, command, actor=current_actor(), now=now())

    done = _("The meeting was taken back. Members can vote without one.")
    return _turn("council/cancel_meeting.html", page, form, act, done)


def _page(contest_id: int) -> MeetingPage:
    return meeting_page(read(), current_actor(), contest_id)


def _turn(
    template: str,
    page: MeetingPage,
    form: Form,
    act: Callable[[Session], None],
    done: str,
    then: str = "council.console",
    **beside: object,
) -> ResponseReturnValue:
    """Ask first; do it in its transaction, and show what was typed again if the rules refuse."""
    status, problem = 200, ""
    if form.is_submitted():
        status = 422
        try:
            if form.validate():
                with transaction() as session:
                    act(session)
                flash(done, "success")
                return redirect(url_for(then, contest_id=page.contest.id), 303)
        except InvalidInput as error:
            form.refuse(error)
        except IllegalState as error:
            status, problem, page = 409, say(error.message), _page(page.contest.id)
    return render_template(template, page=page, form=form, problem=problem, **beside), status
