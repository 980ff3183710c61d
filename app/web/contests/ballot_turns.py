"""The turns of the council's ballot that are asked for on a page of their own: its close, and the ways back."""

from collections.abc import Callable

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from app.domain.contests import WRONG_STAGE, ContestState
from app.domain.errors import IllegalState, InvalidInput, require
from app.domain.permissions import Permission
from app.queries.ballots import BallotDesk, ballot_desk
from app.services.ballot_turns import (
    CloseWithoutVote,
    TurnBack,
)
from app.services.ballot_turns import close_without_vote as close_it_without_vote
from app.services.ballot_turns import reopen_ballot as reopen_it
from app.services.ballot_turns import withdraw_ballot as withdraw_it
from app.services.ballots import CloseBallot
from app.services.ballots import close_ballot as close_it
from app.web.access import current_actor, now, requires
from app.web.contests.blueprint import bp
from app.web.contests.moves import ReasonForm
from app.web.db import read, transaction
from app.web.fields import Form, LongTextField, TextField, filled_in
from app.web.i18n import _, _l, say


class ClosingForm(Form):
    """What the council concludes."""

    note = LongTextField(_l("The council’s conclusion"))


class WithoutVoteForm(ReasonForm):
    """Where the council met, and why there was nothing to vote on."""

    place = TextField(_l("Place of the council’s meeting"), validators=[filled_in])


@bp.route("/<int:contest_id>/ballot/close", methods=["GET", "POST"])
@requires(Permission.BALLOT_MANAGE)
def close_ballot(contest_id: int) -> ResponseReturnValue:
    """Show who has voted; count the votes."""
    desk, form = desk_at(contest_id, ContestState.VOTING), ClosingForm()
    if desk.ballot and desk.ballot.is_met_on:
        return redirect(url_for("council.close_ballot", contest_id=contest_id), 303)

    def act(session: Session) -> None:
        close_it(session, CloseBallot(contest_id, form.note.data or ""), actor=current_actor(), now=now())

    return turn(
        "contests/close_ballot.html", desk, form, act, _("The ballot is closed and the votes are counted.")
    )


@bp.route("/<int:contest_id>/ballot/without-vote", methods=["GET", "POST"])
@requires(Permission.BALLOT_MANAGE)
def close_without_vote(contest_id: int) -> ResponseReturnValue:
    """End the council's part where nothing reached the threshold."""
    desk, form = desk_at(contest_id, ContestState.SCORED), WithoutVoteForm()

    def act(session: Session) -> None:
        command = CloseWithoutVote(contest_id, form.place.data or "", form.reason.data or "")
        close_it_without_vote(session, command, actor=current_actor(), now=now())

    return turn(
        "contests/close_without_vote.html",
        desk,
        form,
        act,
        _("It is on record that there was nothing to vote on."),
    )


@bp.route("/<int:contest_id>/ballot/withdraw", methods=["GET", "POST"])
@requires(Permission.BALLOT_MANAGE)
def withdraw_ballot(contest_id: int) -> ResponseReturnValue:
    """Take back a ballot on which too few have voted to close it."""
    desk, form = desk_at(contest_id, ContestState.VOTING), ReasonForm()

    def act(session: Session) -> None:
        withdraw_it(session, TurnBack(contest_id, form.reason.data or ""), actor=current_actor(), now=now())

    return turn("contests/withdraw_ballot.html", desk, form, act, _("The ballot was withdrawn."))


@bp.route("/<int:contest_id>/ballot/reopen", methods=["GET", "POST"])
@requires(Permission.BALLOT_MANAGE)
def reopen_ballot(contest_id: int) -> ResponseReturnValue:
    """Take votes again before the list is published."""
    desk, form = desk_at(contest_id, ContestState.VOTED), ReasonForm()

    def act(session: Session) -> None:
        reopen_it(session, TurnBack(contest_id, form.reason.data or ""), actor=current_actor(), now=now())

    return turn("contests/reopen_ballot.html", desk, form, act, _("The ballot is open again."))


def desk_at(contest_id: int, state: ContestState) -> BallotDesk:
    """The ballot of a contest that stands at this stage; IllegalState if it stands elsewhere."""
    desk = ballot_desk(read(), current_actor(), contest_id)
    require(desk.contest.state is state, WRONG_STAGE)
    return desk


def turn(
    template: str, desk: BallotDesk, form: Form, act: Callable[[Session], None], done: str, **beside: object
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
                return redirect(url_for(".ballot", contest_id=desk.contest.id), 303)
        except InvalidInput as error:
            form.refuse(error)
        except IllegalState as error:
            status, problem = 409, say(error.message)
    return render_template(template, page=desk, form=form, problem=problem, **beside), status
