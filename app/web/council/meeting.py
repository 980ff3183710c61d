"""The meeting on a member's own device: it follows the product before the council, and takes the own vote."""

from collections.abc import Callable

from flask import Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from app.domain.errors import IllegalState, InvalidInput
from app.domain.permissions import Permission
from app.queries.meetings import meeting_page, own_part
from app.services.attendance import come_in
from app.services.polls import VoteInMeeting, object_to_list, vote_in_meeting
from app.web.access import current_actor, now, requires
from app.web.council.blueprint import bp
from app.web.council.forms import as_choice
from app.web.council.room import live, shown, stamp
from app.web.db import read, transaction
from app.web.fields import Form, number_of
from app.web.i18n import _, say

VOTE = Permission.BALLOT_VOTE


@bp.get("/<int:contest_id>/meeting")
@requires(VOTE)
def meeting(contest_id: int) -> str:
    """Show the product before the council, and what this member can do."""
    return _show(contest_id)


@bp.get("/<int:contest_id>/meeting/live")
@requires(VOTE)
def meeting_live(contest_id: int) -> Response:
    """Send the same, if it has changed."""
    return live(contest_id, VOTE, lambda: _render("council/_meeting.html", contest_id))


@bp.post("/<int:contest_id>/meeting/presence")
@requires(VOTE)
def say_present(contest_id: int) -> ResponseReturnValue:
    """Take this member's word that they are there."""

    def act(session: Session) -> None:
        come_in(session, contest_id, actor=current_actor(), now=now())

    return _carry_out(contest_id, act)


@bp.post("/<int:contest_id>/meeting/vote")
@requires(VOTE)
def vote(contest_id: int) -> ResponseReturnValue:
    """Take this member's vote; it can be changed until the vote is closed."""
    command = VoteInMeeting(
        contest_id,
        number_of(request.form.get("poll_id")),
        as_choice(request.form.get("choice")),
        as_choice(request.form.get("seen")),
    )

    def act(session: Session) -> None:
        vote_in_meeting(session, command, actor=current_actor(), now=now())

    return _carry_out(contest_id, act)


@bp.post("/<int:contest_id>/meeting/objection")
@requires(VOTE)
def object_to_it(contest_id: int) -> ResponseReturnValue:
    """Stop a vote on a list, because this member wants its products voted on one by one."""
    poll_id = number_of(request.form.get("poll_id"))

    def act(session: Session) -> None:
        object_to_list(session, contest_id, poll_id, actor=current_actor(), now=now())

    done = _("The vote on the list was stopped: its products are voted on one by one.")
    return _carry_out(contest_id, act, done)


def _carry_out(contest_id: int, act: Callable[[Session], None], done: str = "") -> ResponseReturnValue:
    try:
        with transaction() as session:
            act(session)
    except InvalidInput as error:
        return _show(contest_id, " ".join(say(message) for message in error.fields.values())), 422
    except IllegalState as error:
        return _show(contest_id, say(error.message)), 409
    if done:
        flash(done, "success")
    return redirect(url_for(".meeting", contest_id=contest_id), 303)


def _show(contest_id: int, problem: str = "") -> str:
    tag = stamp(contest_id, VOTE)
    return _render("council/meeting.html", contest_id, stamp=tag, problem=problem, form=Form(formdata=None))


def _render(template: str, contest_id: int, **beside: object) -> str:
    page = meeting_page(read(), current_actor(), contest_id, VOTE)
    own = own_part(read(), current_actor(), page)
    return render_template(template, page=page, own=own, shown=shown(page), now=now(), **beside)
