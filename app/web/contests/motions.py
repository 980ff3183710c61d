"""The organiser's pages of the council's motions: put one, count its vote, withdraw it."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from app.domain.contests import ContestState
from app.domain.errors import IllegalState, InvalidInput, NotFound
from app.domain.motions import MotionKind
from app.domain.permissions import Permission
from app.queries.ballots import BallotDesk, BallotPage, ballot_desk
from app.queries.motions import MotionRow
from app.services.motions import (
    CloseMotion,
    PutMotion,
    WithdrawMotion,
    close_motion,
    put_motion,
    withdraw_motion,
)
from app.web.access import current_actor, now, requires
from app.web.contests.ballot_turns import desk_at, turn
from app.web.contests.blueprint import bp
from app.web.contests.motion_forms import HANDS, motion_form
from app.web.contests.moves import ReasonForm
from app.web.db import read, transaction
from app.web.fields import CountField, Form, SeenPeopleField, number_of
from app.web.i18n import _, _l, say

KINDS = ", ".join(f'"{kind.value}"' for kind in MotionKind)


class TallyForm(Form):
    """How many hands were shown, and whose they may be."""

    entitled = SeenPeopleField()
    yes = CountField(_l("Yes"))
    no = CountField(_l("No"))
    abstain = CountField(_l("Abstain"))


@bp.route(f"/<int:contest_id>/ballot/motions/new/<any({KINDS}):kind>", methods=["GET", "POST"])
@requires(Permission.BALLOT_MANAGE)
def new_motion(contest_id: int, kind: str) -> ResponseReturnValue:
    """Ask for a motion of this kind; put it to the council."""
    desk, ballot = _voting(contest_id)
    form = motion_form(MotionKind(kind), desk, ballot, number_of(request.args.get("entry")))
    status, problem = 200, ""
    if form.is_submitted():
        status = 422
        try:
            if form.validate():
                proposal, by_hands = form.proposal(MotionKind(kind)), form.how.data == HANDS
                command = PutMotion(
                    contest_id, proposal, form.proposer.data or "", form.reason.data or "", by_hands
                )
                with transaction() as session:
                    number = put_motion(session, command, actor=current_actor(), now=now()).number
                flash(_("Motion no. %(number)d is put to the council.", number=number), "success")
                return redirect(url_for(".motion", contest_id=contest_id, number=number), 303)
        except InvalidInput as error:
            form.refuse(_beside("one", error) if "one" in form else error)
        except IllegalState as error:
            status, problem = 409, say(error.message)
    return render_template(
        "contests/new_motion.html", page=desk, form=form, kind=MotionKind(kind), problem=problem
    ), status


def _beside(field: str, error: InvalidInput) -> InvalidInput:
    """The same with what is said of the entries at the field that holds them."""
    return InvalidInput({field if name == "entries" else name: text for name, text in error.fields.items()})


@bp.get("/<int:contest_id>/ballot/motions/<int:number>")
@requires(Permission.CONTEST_VIEW)
def motion(contest_id: int, number: int) -> str:
    """Show a motion and its vote."""
    desk = ballot_desk(read(), current_actor(), contest_id)
    return _show(desk, number, TallyForm(formdata=None))


@bp.post("/<int:contest_id>/ballot/motions/<int:number>/close")
@requires(Permission.BALLOT_MANAGE)
def close_vote_on_motion(contest_id: int, number: int) -> ResponseReturnValue:
    """Count the votes; what is carried is done."""
    desk, _ballot = _voting(contest_id)
    form = TallyForm()
    try:
        if not form.validate():
            return _show(desk, number, form), 422
        counts = (form.yes.data, form.no.data, form.abstain.data)
        command = CloseMotion(contest_id, number, counts, form.entitled.seen)
        with transaction() as session:
            close_motion(session, command, actor=current_actor(), now=now())
    except InvalidInput as error:
        form.refuse(error)
        return _show(desk, number, form), 422
    except IllegalState as error:
        desk = ballot_desk(read(), current_actor(), contest_id)
        return _show(desk, number, form, say(error.message)), 409
    flash(_("The vote on motion no. %(number)d is closed.", number=number), "success")
    return redirect(url_for(".motion", contest_id=contest_id, number=number), 303)


@bp.route("/<int:contest_id>/ballot/motions/<int:number>/withdraw", methods=["GET", "POST"])
@requires(Permission.BALLOT_MANAGE)
def withdraw_motion_page(contest_id: int, number: int) -> ResponseReturnValue:
    """Ask why a motion is taken off the table."""
    desk, ballot = _voting(contest_id)
    found, form = _motion(ballot, number), ReasonForm()

    def act(session: Session) -> None:
        command = WithdrawMotion(contest_id, number, form.reason.data or "")
        withdraw_motion(session, command, actor=current_actor(), now=now())

    done = _("Motion no. %(number)d was withdrawn.", number=number)
    return turn("contests/withdraw_motion.html", desk, form, act, done, motion=found)


def _voting(contest_id: int) -> tuple[BallotDesk, BallotPage]:
    desk = desk_at(contest_id, ContestState.VOTING)
    if desk.ballot is None:
        raise NotFound
    return desk, desk.ballot


def _motion(ballot: BallotPage | None, number: int) -> MotionRow:
    found = [motion for motion in ballot.motions if motion.number == number] if ballot else []
    if not found:
        raise NotFound
    return found[0]


def _show(desk: BallotDesk, number: int, form: TallyForm, problem: str = "") -> str:
    found = _motion(desk.ballot, number)
    may_close = desk.may_manage and found.is_open and desk.contest.state is ContestState.VOTING
    return render_template(
        "contests/motion.html", page=desk, motion=found, form=form, may_close=may_close, problem=problem
    )
