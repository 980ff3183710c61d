"""The council that is meeting: some products are voted on, and one waits for the chair's vote."""

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Any

from sqlalchemy import Engine

from app.domain.meetings import PollBy, Presence
from app.domain.permissions import Actor
from app.domain.results import Choice
from app.models.engine import write_session
from app.queries.meetings import meeting_page
from app.services.attendance import SetAttendance, set_attendance
from app.services.ballots import OpenBallot, open_ballot
from app.services.meetings import AddRemark, GoTo, OpenMeeting, add_remark, go_to, open_meeting
from app.services.polls import ClosePoll, OpenPoll, VoteInMeeting, close_poll, open_poll, vote_in_meeting

REMARK = "Hội đồng đánh giá cao vùng nguyên liệu và mẫu mã; đề nghị cơ sở bổ sung mã truy xuất nguồn gốc trên bao bì."
LATE, AWAY = 4, 6
"""Who comes later, and who does not come, by their place in the council; the third of it keeps the meeting."""


@dataclass
class Room:
    """The people of a contest whose council meets, and the clock in their room, at eight in the morning first."""

    engine: Engine
    contest_id: int
    organiser: Actor
    council: list[Actor]
    now: datetime

    @property
    def secretary(self) -> Actor:
        """Who keeps the meeting."""
        return self.council[2]

    def do(self, service: Any, command: Any, by: Actor | None = None, minutes: int = 1) -> Any:
        """Let somebody, the secretary unless said otherwise, do one thing some minutes later."""
        self.now += timedelta(minutes=minutes)
        with write_session(self.engine) as session:
            return service(session, command, actor=by or self.secretary, now=self.now)


def half_a_meeting(room: Room, place: str) -> None:
    """Hold a meeting up to its third product, on which all but the chair have voted."""
    hall = f"Phòng họp số 1, {place}"
    room.do(open_ballot, OpenBallot(room.contest_id, hall), room.organiser, minutes=0)
    room.do(open_meeting, OpenMeeting(room.contest_id, hall, time(8)))
    with write_session(room.engine) as session:
        page = meeting_page(session, room.secretary, room.contest_id)
    seats = {seat.user_id: seat.member_id for seat in page.seats}
    items = [line.item_id for line in page.lines]
    for number, member in enumerate(room.council):
        if number not in (LATE, AWAY) and member.user_id is not None:
            command = SetAttendance(room.contest_id, seats[member.user_id], Presence.PRESENT, time(8))
            room.do(set_attendance, command, minutes=0)
    _by_hands(room, items[0], len(room.council) - 2)
    late = room.council[LATE].user_id or 0
    room.do(set_attendance, SetAttendance(room.contest_id, seats[late], Presence.PRESENT), minutes=2)
    choices = [Choice.YES] * (len(room.council) - 1)
    present = [member for number, member in enumerate(room.council) if number != AWAY]
    poll_id = _on_devices(room, items[1], items[0], present, [*choices[:-1], Choice.ABSTAIN])
    room.do(close_poll, ClosePoll(room.contest_id, poll_id))
    _on_devices(room, items[2], items[1], present[1:], choices[1:])


def _by_hands(room: Room, item_id: int, hands: int) -> None:
    room.do(go_to, GoTo(room.contest_id, item_id, None), minutes=5)
    room.do(add_remark, AddRemark(room.contest_id, REMARK, item_id), minutes=4)
    poll = room.do(open_poll, OpenPoll(room.contest_id, (item_id,), PollBy.HANDS))
    counts: dict[str, int | None] = {Choice.YES: hands, Choice.NO: 0, Choice.ABSTAIN: 0}
    room.do(close_poll, ClosePoll(room.contest_id, poll.id, counts))


def _on_devices(room: Room, item_id: int, before: int, members: list[Actor], choices: list[Choice]) -> int:
    """Let these members vote on a product; give the vote, which is still open."""
    room.do(go_to, GoTo(room.contest_id, item_id, before), minutes=3)
    poll = room.do(open_poll, OpenPoll(room.contest_id, (item_id,), PollBy.DEVICE), minutes=4)
    for member, choice in zip(members, choices, strict=True):
        room.do(vote_in_meeting, VoteInMeeting(room.contest_id, poll.id, choice), member, minutes=0)
    poll_id: int = poll.id
    return poll_id
