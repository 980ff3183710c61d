"""Who is at the council's meeting: written down by its secretary, or said by the members themselves."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, time

from sqlalchemy import ColumnElement, delete, func, select
from sqlalchemy.orm import Session

from app.domain.errors import IllegalState, NotFound, require
from app.domain.meetings import NO_MEETING, Presence, moment_of
from app.domain.messages import N_
from app.domain.permissions import Actor
from app.models import Attendance, Ballot, BallotItem, CouncilMember, Meeting, Poll, Vote
from app.queries.ballot_turns import breaks_of
from app.queries.own_facilities import barred_from
from app.queries.polls import meeting_of, open_poll_of, polls_of, stays_of
from app.services.ballots import own_seat
from app.services.meetings import Room, log, room_for


@dataclass(frozen=True)
class SetAttendance:
    """Whether a member is there, and since when if not since now."""

    contest_id: int
    member_id: int
    presence: Presence
    clock: time | None = None


def set_attendance(session: Session, command: SetAttendance, *, actor: Actor, now: datetime) -> None:
    """Write down who came, left or was not there after all."""
    room = room_for(session, actor, command.contest_id)
    of_council = select(CouncilMember.id).where(
        CouncilMember.id == command.member_id, CouncilMember.contest_id == room.contest.id
    )
    if session.scalar(of_council) is None:
        raise NotFound
    _attend(session, room, command, actor, now)


def come_in(session: Session, contest_id: int, *, actor: Actor, now: datetime) -> None:
    """Let a member of the council say that they are at the meeting."""
    contest, member = own_seat(session, contest_id, actor)
    meeting = meeting_of(session, contest.id)
    if meeting is None or meeting.closed_at is not None:
        raise IllegalState(NO_MEETING)
    room = Room(contest, session.get_one(Ballot, meeting.ballot_id), meeting)
    _attend(session, room, SetAttendance(contest_id, member.id, Presence.PRESENT), actor, now)


def end_stays(session: Session, meeting: Meeting, at: datetime) -> list[int]:
    """Have everybody leave who is in a meeting, at its end; give their ids."""
    here = [
        stay for stays in stays_of(session, meeting.id).values() for stay in stays if stay.left_at is None
    ]
    for stay in here:
        stay.left_at = max(at, stay.came_at)  # who came after the ballot closed may have come after that time
    return sorted(stay.member_id for stay in here)


def _attend(session: Session, room: Room, command: SetAttendance, actor: Actor, now: datetime) -> None:
    meeting, member_id = room.meeting, command.member_id
    resumed = max((one.resumed_at for one in breaks_of(session, room.contest.id)), default=meeting.opened_at)
    stays = stays_of(session, meeting.id)[member_id]
    standing = next((stay for stay in stays if stay.left_at is None), None)
    polls = polls_of(session, meeting.id)
    if command.presence is Presence.PRESENT and standing is None:
        _check_no_list_against(session, room, polls, member_id)
        left = [stay.left_at for stay in stays if stay.left_at]
        # Whoever comes now took no part in the votes that are closed: they name who was there.
        earliest = max([meeting.opened_at, resumed, *left, *_closed(polls)])
        at = moment_of(command.clock, earliest=earliest, now=now)
        session.add(Attendance(meeting_id=meeting.id, member_id=member_id, came_at=at))
    elif command.presence is Presence.LEFT and standing is not None:
        voted = session.scalar(select(func.max(Vote.cast_at)).where(*_votes_of(room, member_id)))
        earliest = max(filter(None, (standing.came_at, voted, *_closed(polls))))
        at = standing.left_at = moment_of(command.clock, earliest=earliest, now=now)
    elif command.presence is Presence.ABSENT and (again := [one for one in stays if one.came_at >= resumed]):
        _check_took_no_part(session, room, polls, member_id, resumed)
        session.execute(delete(Attendance).where(Attendance.id.in_([stay.id for stay in again])))
        at = now
    else:
        return
    said = {"member_id": member_id, "presence": command.presence.value, "clock": at.isoformat()}
    log(session, room, "meeting:attend", actor, now, meeting, **said)


def _closed(polls: Iterable[Poll]) -> list[datetime]:
    """When votes were closed."""
    return [poll.closed_at for poll in polls if poll.closed_at]


def _votes_of(room: Room, member_id: int) -> tuple[ColumnElement[bool], ...]:
    on_ballot = select(BallotItem.id).where(BallotItem.ballot_id == room.ballot.id)
    return (Vote.member_id == member_id, Vote.item_id.in_(on_ballot))


def _check_no_list_against(session: Session, room: Room, polls: Iterable[Poll], member_id: int) -> None:
    """Raise IllegalState while a list is voted on of which this member may vote only on a part."""
    running = open_poll_of(polls)
    if running is None or len(running.items) == 1:
        return
    barred = barred_from(session, room.contest.id)[member_id]
    text = N_(
        "A list with a product of this member’s own facility is being voted on. Close or stop that vote first."
    )
    require(not barred & {item.item.entry_id for item in running.items}, text)


def _check_took_no_part(
    session: Session, room: Room, polls: Iterable[Poll], member_id: int, since: datetime
) -> None:
    """Raise IllegalState if since then a member voted, or stood aside from a vote that is closed."""
    votes = (*_votes_of(room, member_id), Vote.cast_at >= since)
    has_voted = session.scalar(select(Vote.id).where(*votes).limit(1)) is not None
    later = [poll for poll in polls if poll.closed_at is None or poll.closed_at >= since]
    seated = any(member_id in seats for poll in later for seats in poll.seats.values())
    text = N_("This member was there when a vote was taken. Write down when they left.")
    require(not (has_voted or seated), text)
