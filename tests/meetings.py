"""A council in its meeting, for the tests of the room: a chair, a secretary and three members; a quorum of four."""

import json
from collections.abc import Sequence
from datetime import datetime, time, timedelta
from typing import Any

from sqlalchemy import select

from app.domain.contests import ContestState
from app.domain.meetings import PollBy, Presence
from app.domain.permissions import Role
from app.domain.results import Choice, Office, Outcome
from app.models import BallotItem, Contest, LedgerEvent, Meeting, Membership, Poll, Product, User, Vote
from app.services.attendance import SetAttendance, come_in, set_attendance
from app.services.ballots import CloseBallot, OpenBallot, close_ballot, open_ballot
from app.services.meetings import (
    AddRemark,
    CloseMeeting,
    GoTo,
    OpenMeeting,
    add_remark,
    close_meeting,
    go_to,
    open_meeting,
)
from app.services.polls import (
    AnnulPoll,
    ClosePoll,
    OpenPoll,
    VoteInMeeting,
    annul_poll,
    close_poll,
    object_to_list,
    open_poll,
    vote_in_meeting,
)
from tests.awards import Award
from tests.builders import NOW, World

YES, NO, ABSTAIN = Choice.YES, Choice.NO, Choice.ABSTAIN
NAMES = ("Võ Thị Nhàn", "Hồ Ánh", "Phạm Quốc Khánh", "Lý Thu", "Đặng Bình")
OFFICES = (Office.CHAIR, Office.SECRETARY, Office.MEMBER, Office.MEMBER, Office.MEMBER)


class Sitting:
    """A contest in Lâm Đồng whose council meets; people and entries by their number."""

    def __init__(self, world: World, groups: str = "AABB", award: Award | None = None) -> None:
        self.world = world
        if award is None:
            self._score(groups)
        else:
            self.contest, self.entries, self.organiser = award.contest, award.entries, award.organiser
        self.users = [world.user(name) for name in NAMES]
        self.seats = [
            world.council_member(self.contest, office, user)
            for office, user in zip(OFFICES, self.users, strict=True)
        ]
        self.now = NOW

    def _score(self, groups: str) -> None:
        """Make entries of these groups, all but the last on the jury's list."""
        world = self.world
        self.contest = world.contest(ContestState.SCORED)
        self.entries = [
            world.entry(self.contest, world.product(name=f"Sản phẩm {number}", group=group))
            for number, group in enumerate(groups)
        ]
        outcomes = [Outcome.SELECTED] * (len(groups) - 1) + [Outcome.REACHED]
        values = [9000 - 100 * number for number in range(len(groups))]
        world.computed(self.contest, *zip(self.entries, outcomes, values, strict=True))
        self.organiser = world.organiser(world.territory("Lâm Đồng"))

    @property
    def secretary(self) -> User:
        """The member who keeps the meeting."""
        return self.users[1]

    def do(self, service: Any, *command: Any, by: User | None = None) -> Any:
        """Have the council's secretary, or somebody else, do one thing; a minute passes."""
        self.now += timedelta(minutes=1)
        with self.world.session() as session:
            return service(session, *command, actor=self.world.actor(by or self.secretary), now=self.now)

    def bar(self, member: int, entry: int) -> None:
        """Let a member work for the facility of an entry."""
        facility = self.world.get(Product, self.entries[entry].product_id).facility_id
        self.world.add(
            Membership(
                user_id=self.users[member].id, role=Role.FACILITY_USER, facility_id=facility, created_at=NOW
            )
        )

    def open_ballot(self) -> "Sitting":
        """Put the jury's list to the vote."""
        self.do(open_ballot, OpenBallot(self.contest.id, "Sở Công Thương"), by=self.organiser)
        return self

    def open(self, clock: time | None = None) -> "Sitting":
        """Open the ballot, and the meeting on it."""
        return self.open_ballot().meet(clock)

    def meet(self, clock: time | None = None) -> "Sitting":
        """Open the meeting on the ballot."""
        self.do(open_meeting, OpenMeeting(self.contest.id, "Phòng họp số 2", clock))
        return self

    def attend(
        self,
        *members: int,
        presence: Presence = Presence.PRESENT,
        clock: time | None = None,
        by: User | None = None,
    ) -> None:
        """Write down who came, left or was not there."""
        for member in members:
            command = SetAttendance(self.contest.id, self.seats[member].id, presence, clock)
            self.do(set_attendance, command, by=by)

    def come(self, member: int) -> None:
        """Let a member say that they are there."""
        self.do(come_in, self.contest.id, by=self.users[member])

    def begin(self, *members: int) -> "Sitting":
        """Open the meeting with these members, or all, and go to the first product."""
        self.open()
        self.attend(*(members or range(5)))
        self.go(0)
        return self

    def item(self, entry: int) -> int:
        """The item of the ballot for an entry."""
        of_entry = select(BallotItem.id).where(BallotItem.entry_id == self.entries[entry].id)
        found: int = self.world.all(of_entry)[0]
        return found

    def go(self, entry: int, seen: int | None = -1, by: User | None = None) -> None:
        """Put an entry before the meeting, from whatever is there now."""
        at = self.meeting.current_item_id if seen == -1 else seen
        self.do(go_to, GoTo(self.contest.id, self.item(entry), at), by=by)

    def take(self, by: PollBy = PollBy.DEVICE, *entries: int, nobody_objects: bool = True) -> int:
        """Begin a vote on the product before the meeting, or on a list; give its id."""
        at = self.meeting.current_item_id or 0
        items = tuple(self.item(entry) for entry in entries) or (at,)
        command = OpenPoll(self.contest.id, items, by, bool(entries), nobody_objects)
        poll: Poll = self.do(open_poll, command)
        return poll.id

    def vote(self, poll: int, member: int, choice: Choice | None, seen: Choice | None = None) -> None:
        """Let a member vote on their device."""
        self.do(vote_in_meeting, VoteInMeeting(self.contest.id, poll, choice, seen), by=self.users[member])

    def object(self, poll: int, member: int) -> None:
        """Let a member object to a list."""
        self.do(object_to_list, self.contest.id, poll, by=self.users[member])

    def count(
        self,
        poll: int,
        *hands: int | None,
        without_them: bool = False,
        seen: frozenset[int] | None = None,
    ) -> None:
        """Close a vote, with counts of hands if there are any, of those whom the page showed if it is one's."""
        counts = dict(zip(("yes", "no", "abstain"), hands, strict=True)) if hands else None
        self.do(close_poll, ClosePoll(self.contest.id, poll, counts, without_them, seen))

    def annul(self, poll: int, reason: str = "Đếm nhầm.", *, seen_closed: bool = True) -> None:
        """Take a vote back."""
        self.do(annul_poll, AnnulPoll(self.contest.id, poll, reason, seen_closed))

    def by_hands(self, entry: int, *hands: int) -> int:
        """Vote on an entry by raised hands, from going to it to its counts."""
        self.go(entry)
        poll = self.take(PollBy.HANDS)
        self.count(poll, *hands)
        return poll

    def by_devices(self, entry: int, *choices: Choice) -> int:
        """Vote on an entry on devices, member by member."""
        self.go(entry)
        poll = self.take()
        for member, choice in enumerate(choices):
            self.vote(poll, member, choice)
        self.count(poll)
        return poll

    def remark(self, text: str, entry: int | None = None) -> None:
        """Write down what was said."""
        command = AddRemark(self.contest.id, text, None if entry is None else self.item(entry))
        self.do(add_remark, command)

    def close_ballot(self, note: str = "Hội đồng thống nhất.", by: User | None = None) -> None:
        """Close the ballot."""
        self.do(close_ballot, CloseBallot(self.contest.id, note), by=by)

    def close(self, clock: time | None = None) -> None:
        """End the meeting."""
        self.do(close_meeting, CloseMeeting(self.contest.id, clock))

    def voted(self) -> "Sitting":
        """The whole meeting up to the close of its ballot: hands, devices, and a list of none."""
        self.begin()
        self.by_hands(0, 4, 1, 0)
        self.by_devices(1, YES, YES, NO, ABSTAIN, YES)
        self.by_hands(2, 1, 4, 0)
        self.close_ballot()
        return self

    @property
    def meeting(self) -> Meeting:
        """The meeting as it stands."""
        [found] = self.world.all(select(Meeting))
        assert isinstance(found, Meeting)
        return found

    @property
    def state(self) -> ContestState:
        """Where the contest stands."""
        return self.world.get(Contest, self.contest.id).state

    @property
    def polls(self) -> list[tuple[Any, ...]]:
        """The votes that stand: how they were taken, and the counts."""
        rows = self.world.all(select(Poll).order_by(Poll.id))
        return [(poll.taken_by, poll.yes, poll.no, poll.abstain) for poll in rows]

    @property
    def votes(self) -> list[tuple[int, int, Choice]]:
        """Member, entry and choice of each vote on a device."""
        rows = select(Vote).order_by(Vote.id)
        members, entries = [seat.id for seat in self.seats], [entry.id for entry in self.entries]
        items = {item.id: item.entry_id for item in self.world.all(select(BallotItem))}
        return [
            (members.index(vote.member_id), entries.index(items[vote.item_id]), vote.choice)
            for vote in self.world.all(rows)
        ]

    @property
    def counts(self) -> list[tuple[Any, ...]]:
        """What the closed ballot says of each entry."""
        rows: Sequence[BallotItem] = self.world.all(select(BallotItem).order_by(BallotItem.entry_id))
        return [(item.yes, item.no, item.abstain, item.carried) for item in rows]

    def events(self, action: str) -> list[dict[str, Any]]:
        """What the ledger says of these acts."""
        statement = select(LedgerEvent).where(LedgerEvent.action == action).order_by(LedgerEvent.id)
        return [json.loads(event.details) for event in self.world.all(statement)]

    def moment(self, minutes: int) -> datetime:
        """So many minutes after the sitting was made."""
        return NOW + timedelta(minutes=minutes)
