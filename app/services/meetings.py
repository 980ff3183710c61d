"""The council's meeting: opened on its ballot, attendance, the product before it, remarks, and its end."""

from dataclasses import dataclass
from datetime import datetime, time

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from app.domain.ballots import check_length, check_place
from app.domain.contests import ContestState
from app.domain.errors import IllegalState, InvalidInput, NotFound, StaleVersion, require
from app.domain.judging import check_reason
from app.domain.meetings import (
    MAX_REMARK,
    MOVED_ON,
    NO_MEETING,
    check_present,
    check_timer,
    moment_of,
)
from app.domain.messages import N_, Message
from app.domain.permissions import Actor, Permission
from app.models import Attendance, Ballot, BallotItem, Contest, Meeting, Poll, Remark
from app.queries.polls import meeting_of, open_poll_of, polls_of, present_in
from app.queries.scope import contest_for
from app.services.ballots import ballot_with_votes, standing_ballot
from app.services.ledger import record
from app.services.meeting_counts import touch
from app.services.printing import check_letters


@dataclass(frozen=True)
class OpenMeeting:
    """Where the council meets to vote on its ballot, and since when if not since now."""

    contest_id: int
    place: str
    clock: time | None = None


@dataclass(frozen=True)
class GoTo:
    """Put a product before the meeting; `seen` is the one that the page showed there."""

    contest_id: int
    item_id: int
    seen: int | None


@dataclass(frozen=True)
class AddRemark:
    """What was said, on a product or in general, for the minutes."""

    contest_id: int
    text: str
    item_id: int | None = None


@dataclass(frozen=True)
class SetTimer:
    """Let a timer run for so many seconds, or take it away."""

    contest_id: int
    seconds: int | None


@dataclass(frozen=True)
class CloseMeeting:
    """End the meeting, and when if not now."""

    contest_id: int
    clock: time | None = None


@dataclass(frozen=True)
class CancelMeeting:
    """Take a meeting back in which nothing was voted on, and why."""

    contest_id: int
    reason: str


@dataclass(frozen=True)
class Room:
    """An open meeting with its contest, which is locked, and its ballot."""

    contest: Contest
    ballot: Ballot
    meeting: Meeting

    @property
    def items(self) -> dict[int, BallotItem]:
        """What is on the ballot."""
        return {item.id: item for item in self.ballot.items}


def room_for(session: Session, actor: Actor, contest_id: int) -> Room:
    """The open meeting of a contest for whoever keeps it; the caller holds the contest's lock."""
    contest = contest_for(session, actor, Permission.MEETING_KEEP, contest_id, lock=True)
    meeting = meeting_of(session, contest.id)
    if meeting is None or meeting.closed_at is not None:
        raise IllegalState(NO_MEETING)
    return Room(contest, ballot_with_votes(session, contest), meeting)


def log(
    session: Session,
    room: Room,
    act: str,
    actor: Actor,
    now: datetime,
    subject: Meeting | Poll,
    **details: object,
) -> None:
    """Record an act of the meeting, and let every page that follows it see that something changed."""
    record(session, actor, act, subject, now=now, contest_id=room.contest.id, **details)
    touch(room.meeting)


def open_meeting(session: Session, command: OpenMeeting, *, actor: Actor, now: datetime) -> Meeting:
    """Open the council's meeting on its ballot, on which nobody has voted yet."""
    contest = contest_for(session, actor, Permission.MEETING_KEEP, command.contest_id, lock=True)
    ballot = standing_ballot(session, contest)
    require(meeting_of(session, contest.id) is None, N_("The meeting is open already."))
    text = N_("Members have voted on their own already. Close the ballot as it is, or withdraw it first.")
    require(not any(item.votes for item in ballot.items), text)
    check_place(command.place)
    check_letters(place=command.place)
    opened_at = moment_of(command.clock, earliest=None, now=now)
    meeting = Meeting(ballot_id=ballot.id, place=command.place, opened_at=opened_at)
    session.add(meeting)
    said = {"place": command.place, "opened_at": opened_at.isoformat()}
    record(session, actor, "meeting:open", meeting, now=now, contest_id=contest.id, **said)
    return meeting


def go_to(session: Session, command: GoTo, *, actor: Actor, now: datetime) -> None:
    """Put a product before the meeting, once there is a quorum and no vote is being taken."""
    room = room_for(session, actor, command.contest_id)
    if command.item_id not in room.items:
        raise NotFound
    if room.meeting.current_item_id == command.item_id:
        return
    if room.meeting.current_item_id != command.seen:
        raise StaleVersion(MOVED_ON)
    check_quorum_of(session, room)
    check_no_poll(session, room)
    room.meeting.current_item_id = command.item_id
    entry_id = room.items[command.item_id].entry_id
    log(session, room, "meeting:go-to", actor, now, room.meeting, entry_id=entry_id)


def check_quorum_of(session: Session, room: Room) -> None:
    """Raise IllegalState unless enough members are there now."""
    check_present(len(present_in(session, room.meeting.id)), room.ballot.quorum)


def check_no_poll(session: Session, room: Room) -> None:
    """Raise IllegalState while a vote is being taken."""
    running = open_poll_of(polls_of(session, room.meeting.id))
    require(running is None, N_("A vote is being taken. Close it first."))


def add_remark(session: Session, command: AddRemark, *, actor: Actor, now: datetime) -> Remark:
    """Write down what was said; the minutes begin with it."""
    room = room_for(session, actor, command.contest_id)
    if command.item_id is not None and command.item_id not in room.items:
        raise NotFound
    if not command.text:
        raise InvalidInput({"text": Message(N_("Write what was said."))})
    check_length("text", command.text, MAX_REMARK)
    check_letters(text=command.text)
    before = select(Remark).where(Remark.meeting_id == room.meeting.id).order_by(Remark.id.desc()).limit(1)
    last = session.scalar(before)
    if last and (last.item_id, last.text) == (command.item_id, command.text):
        return last  # the button was pressed twice
    remark = Remark(meeting_id=room.meeting.id, item_id=command.item_id, text=command.text, written_at=now)
    session.add(remark)
    entry_id = room.items[command.item_id].entry_id if command.item_id else None
    said = {"entry_id": entry_id, "text": command.text}
    record(session, actor, "remark:add", remark, now=now, contest_id=room.contest.id, **said)
    return remark


def set_timer(session: Session, command: SetTimer, *, actor: Actor, now: datetime) -> None:
    """Start the timer that everybody sees, or take it away."""
    room = room_for(session, actor, command.contest_id)
    if command.seconds is not None:
        check_timer(command.seconds)
    elif room.meeting.timer_seconds is None:
        return
    room.meeting.timer_seconds = command.seconds
    room.meeting.timer_started_at = None if command.seconds is None else now
    log(session, room, "meeting:timer", actor, now, room.meeting, seconds=command.seconds)


def close_meeting(session: Session, command: CloseMeeting, *, actor: Actor, now: datetime) -> None:
    """End the meeting, once its ballot is closed."""
    room = room_for(session, actor, command.contest_id)
    closed = room.ballot.closed_at
    if closed is None:
        raise IllegalState(N_("Close the ballot first: the council has not finished voting."))
    room.meeting.closed_at = moment_of(command.clock, earliest=closed, now=now)
    room.meeting.timer_seconds = room.meeting.timer_started_at = None
    said = {"closed_at": room.meeting.closed_at.isoformat()}
    log(session, room, "meeting:close", actor, now, room.meeting, **said)


def cancel_meeting(session: Session, command: CancelMeeting, *, actor: Actor, now: datetime) -> None:
    """Take back a meeting that was opened by mistake; the ballot stays open for votes without a meeting."""
    room = room_for(session, actor, command.contest_id)
    require(room.contest.state is ContestState.VOTING, NO_MEETING)
    text = N_("Votes were taken in this meeting. Annul them first.")
    require(not polls_of(session, room.meeting.id), text)
    check_reason(command.reason)
    check_letters(reason=command.reason)
    record(
        session,
        actor,
        "meeting:cancel",
        room.meeting,
        now=now,
        contest_id=room.contest.id,
        reason=command.reason,
    )
    remove_meeting(session, room.meeting)


def remove_meeting(session: Session, meeting: Meeting) -> None:
    """Take a meeting away with all that belongs to it; the ledger keeps what happened."""
    for poll in polls_of(session, meeting.id):
        session.delete(poll)
    session.flush()
    for table in (Attendance, Remark):
        session.execute(delete(table).where(table.meeting_id == meeting.id))
    session.delete(meeting)
    session.flush()
