"""The secretary's console: the meeting opened and led through its agenda, one product after the other."""

from collections.abc import Callable, Mapping

from flask import Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session
from wtforms import HiddenField

from app.domain.errors import IllegalState, InvalidInput
from app.domain.meetings import PollBy, Presence
from app.domain.permissions import Permission
from app.queries.meetings import MeetingPage, meeting_page
from app.services.attendance import SetAttendance, set_attendance
from app.services.meetings import (
    AddRemark,
    GoTo,
    OpenMeeting,
    SetTimer,
    add_remark,
    go_to,
    open_meeting,
    set_timer,
)
from app.services.polls import ClosePoll, OpenPoll, close_poll, open_poll
from app.web.access import current_actor, now, requires
from app.web.council.blueprint import bp
from app.web.council.room import live, shown, stamp
from app.web.council.room_forms import (
    AttendanceForm,
    DevicesForm,
    HandsForm,
    ListForm,
    MeetingForm,
    RemarkForm,
    ShownForm,
    TimerForm,
)
from app.web.db import read, transaction
from app.web.fields import Form, number_of
from app.web.i18n import _, say
from app.web.kept_forms import typed_before

KEEP = Permission.MEETING_KEEP
FORMS: dict[str, type[Form]] = {
    "opening": MeetingForm,
    "attendance": AttendanceForm,
    "list": ListForm,
    "hands": HandsForm,
    "devices": DevicesForm,
    "remark": RemarkForm,
    "timer": TimerForm,
}
"""What can be typed on the console, by the prefix of its fields."""


@bp.get("/<int:contest_id>/console")
@requires(KEEP)
def console(contest_id: int) -> str:
    """Show where the meeting stands, and what the secretary can do next."""
    return show(contest_id)


@bp.get("/<int:contest_id>/console/live")
@requires(KEEP)
def console_live(contest_id: int) -> Response:
    """Send the parts of the console that others change: attendance, and how many have voted."""

    def render() -> str:
        page = meeting_page(read(), current_actor(), contest_id)
        is_as_shown = request.args.get("shown") == _shown(page)
        return render_template("council/_console_live.html", page=page, is_as_shown=is_as_shown)

    return live(contest_id, KEEP, render)


@bp.post("/<int:contest_id>/console/open")
@requires(KEEP)
def open_the_meeting(contest_id: int) -> ResponseReturnValue:
    """Open the meeting on the ballot."""
    form = MeetingForm(prefix="opening")

    def act(session: Session) -> None:
        command = OpenMeeting(contest_id, form.place.data or "", form.clock.clock)
        open_meeting(session, command, actor=current_actor(), now=now())

    return carry_out(contest_id, act, form, _("The meeting is open. Write down who is there."))


@bp.post("/<int:contest_id>/console/attendance")
@requires(KEEP)
def attend(contest_id: int) -> ResponseReturnValue:
    """Write down who came, left or was not there; `everybody` has come."""
    form, pressed = AttendanceForm(prefix="attendance"), request.form.get("attend", "")
    name, _dash, member = pressed.partition("-")
    presence = next((one for one in Presence if one == name), Presence.PRESENT)

    def act(session: Session) -> None:
        ids = [number_of(member)]
        if pressed == "everybody":
            page = meeting_page(session, current_actor(), contest_id)
            ids = [seat.member_id for seat in page.seats if not seat.is_present]
        for member_id in ids:
            command = SetAttendance(contest_id, member_id, presence, form.clock.clock)
            set_attendance(session, command, actor=current_actor(), now=now())

    return carry_out(contest_id, act, form, anchor="attendance")


@bp.post("/<int:contest_id>/console/go-to")
@requires(KEEP)
def go(contest_id: int) -> ResponseReturnValue:
    """Put another product before the meeting."""
    form = ShownForm()

    def act(session: Session) -> None:
        command = GoTo(contest_id, number_of(request.form.get("item")), form.seen_item)
        go_to(session, command, actor=current_actor(), now=now())

    return carry_out(contest_id, act, form)


@bp.post("/<int:contest_id>/console/vote")
@requires(KEEP)
def take_vote(contest_id: int) -> ResponseReturnValue:
    """Begin a vote on the product before the meeting."""
    form = ShownForm()

    def act(session: Session) -> None:
        command = OpenPoll(contest_id, (form.seen_item or 0,), _way())
        open_poll(session, command, actor=current_actor(), now=now())

    return carry_out(contest_id, act, form)


@bp.post("/<int:contest_id>/console/list")
@requires(KEEP)
def take_list_vote(contest_id: int) -> ResponseReturnValue:
    """Begin a vote on products of one group as a list."""
    form = ListForm(prefix="list")

    def act(session: Session) -> None:
        command = OpenPoll(
            contest_id,
            tuple(form["items"].data or ()),
            _way(),
            is_list=True,
            nobody_objects=form.nobody_objects.data,
        )
        open_poll(session, command, actor=current_actor(), now=now())

    return carry_out(contest_id, act, form)


@bp.post("/<int:contest_id>/console/hands")
@requires(KEEP)
def count_hands(contest_id: int) -> ResponseReturnValue:
    """End a vote by raised hands with its counts."""
    form = HandsForm(prefix="hands")

    def act(session: Session) -> None:
        poll_id, seen = number_of(form.poll_id.data), form.entitled.seen
        command = ClosePoll(contest_id, poll_id, counts=form.counts, seen=seen)
        close_poll(session, command, actor=current_actor(), now=now())

    return carry_out(contest_id, act, form)


@bp.post("/<int:contest_id>/console/devices")
@requires(KEEP)
def count_devices(contest_id: int) -> ResponseReturnValue:
    """End a vote on devices."""
    form = DevicesForm(prefix="devices")

    def act(session: Session) -> None:
        command = ClosePoll(contest_id, number_of(form.poll_id.data), without_them=form.without_them.data)
        close_poll(session, command, actor=current_actor(), now=now())

    return carry_out(contest_id, act, form)


@bp.post("/<int:contest_id>/console/remark")
@requires(KEEP)
def remark(contest_id: int) -> ResponseReturnValue:
    """Write down what was said."""
    form = RemarkForm(prefix="remark")

    def act(session: Session) -> None:
        command = AddRemark(contest_id, form.text.data or "", number_of(form.item_id.data) or None)
        add_remark(session, command, actor=current_actor(), now=now())

    return carry_out(contest_id, act, form, _("The remark is kept for the minutes."))


@bp.post("/<int:contest_id>/console/timer")
@requires(KEEP)
def timer(contest_id: int) -> ResponseReturnValue:
    """Start the timer, or take it away."""
    form = TimerForm(prefix="timer")
    seconds = None if "stop" in request.form else 60 * number_of(form.minutes.data)

    def act(session: Session) -> None:
        set_timer(session, SetTimer(contest_id, seconds), actor=current_actor(), now=now())

    return carry_out(contest_id, act, form)


def _way() -> PollBy:
    """How the vote is taken that was asked for."""
    return PollBy.HANDS if request.form.get("by") == PollBy.HANDS else PollBy.DEVICE


def carry_out(
    contest_id: int, act: Callable[[Session], None], form: Form, done: str = "", anchor: str | None = None
) -> ResponseReturnValue:
    """Do one step in its transaction; show the console again with what was typed if the rules refuse."""
    try:
        if not form.validate():
            return show(contest_id, form), 422
        with transaction() as session:
            act(session)
    except InvalidInput as error:
        form.refuse(error)
        return show(contest_id, form), 422
    except IllegalState as error:
        return show(contest_id, form, problem=say(error.message)), 409
    if done:
        flash(done, "success")
    return redirect(url_for(".console", contest_id=contest_id, _anchor=anchor), 303)


def show(contest_id: int, refused: Form | None = None, problem: str = "") -> str:
    """Render the console; the form that was refused stands in for its empty sister."""
    tag = stamp(contest_id, KEEP)
    page = meeting_page(read(), current_actor(), contest_id)
    place = page.ballot.place if page.ballot else ""
    forms = {
        name: refused if isinstance(refused, kind) else kind(formdata=None, prefix=name)
        for name, kind in FORMS.items()
    }
    if forms["opening"] is not refused:
        forms["opening"].process(data={"place": place})
    if forms["remark"] is not refused:
        forms["remark"].process(data={"item_id": page.current.item_id if page.current else ""})
    about = page.line_of(number_of(forms["remark"]["item_id"].data))
    if about is None:  # in general, or on a product that is not on the ballot any more
        forms["remark"]["item_id"].data = ""
    typed = _not_kept(page, forms)
    if typed and request.method == "GET":
        typed_before()  # which is shown here
    return render_template(
        "council/console.html",
        page=page,
        shown=shown(page),
        form=refused or Form(formdata=None),
        forms=forms,
        about=about,
        typed=typed,
        problem=problem,
        stamp=tag,
        signature=_shown(page),
    )


def _not_kept(page: MeetingPage, forms: Mapping[str, Form]) -> list[tuple[str, str]]:
    """What was typed into forms that the page does not have any more, by label."""
    gone = {"opening": page.meeting is not None or not page.is_voting, "remark": not page.is_open}
    return [
        (field.label.text, field.data)
        for name, is_gone in gone.items()
        for field in forms[name]
        if is_gone and field.raw_data and field.data and not isinstance(field, HiddenField)
    ]


def _shown(page: MeetingPage) -> str:
    """What the controls of the console are for: the product and its vote, and whether it can be voted on at all."""
    line, meeting = page.current, page.meeting
    poll = line.poll if line else None
    parts = (
        meeting.id if meeting else 0,
        page.is_open,
        page.is_voting,
        line.item_id if line else 0,
        poll.id if poll else 0,
        bool(poll and poll.is_open),
    )
    return ".".join(map(str, parts))
