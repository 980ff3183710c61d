"""The council's meeting as the secretary, the room and each member see it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import groupby
from typing import Any

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from app.domain.errors import NotFound
from app.domain.margins import Margin, margins
from app.domain.meetings import FurtherPoint
from app.domain.permissions import Actor, Permission
from app.domain.results import Choice
from app.domain.rules import GroupRule
from app.models import Ballot, Contest, CouncilMember, Meeting, Poll, PollItem, Remark, Vote
from app.queries.agenda import AgendaLine, PollView, agenda_of
from app.queries.attendance import Seat, seats_in
from app.queries.ballots import BallotPage, ballot_of
from app.queries.contests import ContestHead
from app.queries.further_points import further_points
from app.queries.motions import own_choices
from app.queries.polls import meeting_of
from app.queries.results import ResultsPage, results_page
from app.queries.scope import contests_within


@dataclass(frozen=True)
class MeetingPage:
    """A meeting with its agenda; without a `meeting` none was opened."""

    results: ResultsPage
    ballot: BallotPage | None
    meeting: Meeting | None
    seats: tuple[Seat, ...]
    lines: tuple[AgendaLine, ...]  # by group, rank and code
    points: tuple[FurtherPoint, ...]
    remarks: Mapping[int | None, Sequence[str]]  # by item; general ones by None

    @property
    def contest(self) -> ContestHead:
        """The contest."""
        return self.results.contest

    @property
    def is_open(self) -> bool:
        """Whether the council is meeting."""
        return self.meeting is not None and self.meeting.closed_at is None

    @property
    def is_voting(self) -> bool:
        """Whether the council is voting: its ballot is open."""
        return self.ballot is not None and self.ballot.is_open

    @property
    def present(self) -> tuple[Seat, ...]:
        """Who is there."""
        return tuple(seat for seat in self.seats if seat.is_present)

    @property
    def quorum(self) -> int:
        """How many members have to be there."""
        return self.ballot.quorum if self.ballot else 0

    @property
    def has_quorum(self) -> bool:
        """Whether the meeting may go on."""
        return len(self.present) >= self.quorum

    @property
    def groups(self) -> list[tuple[GroupRule, list[AgendaLine]]]:
        """The agenda by product group."""
        return [(group, list(lines)) for group, lines in groupby(self.lines, key=lambda line: line.group)]

    @cached_property
    def current(self) -> AgendaLine | None:
        """The product before the meeting; None before the first."""
        return self.line_of(self.meeting.current_item_id if self.meeting else None)

    def line_of(self, item_id: int | None) -> AgendaLine | None:
        """The product of an item of the ballot."""
        return next((line for line in self.lines if line.item_id == item_id), None)

    def beside(self, step: int) -> AgendaLine | None:
        """The product so many places from the current one."""
        at = self.lines.index(self.current) + step if self.current else 0 if step > 0 else -1
        return self.lines[at] if 0 <= at < len(self.lines) else None

    @property
    def running(self) -> PollView | None:
        """The vote that is being taken."""
        polls = (line.poll for line in self.lines if line.poll and line.poll.is_open)
        return next(polls, None)

    @property
    def left(self) -> tuple[AgendaLine, ...]:
        """What the meeting has not voted on."""
        return tuple(line for line in self.lines if not line.is_voted)

    def poll(self, poll_id: int) -> PollView | None:
        """The vote with this id, open or closed; None once it is annulled."""
        return next((line.poll for line in self.lines if line.poll and line.poll.id == poll_id), None)

    def of_poll(self, poll: PollView) -> tuple[AgendaLine, ...]:
        """The products of a vote."""
        return tuple(line for line in self.lines if line.item_id in poll.item_ids)

    @property
    def listable(self) -> tuple[AgendaLine, ...]:
        """Products of the current group that could be voted on as one list."""
        group = self.current.group if self.current else None
        found = tuple(
            line
            for line in self.left
            if line.group == group and line.entry.on_jury_list and not line.to_leave and line.poll is None
        )
        return found if len(found) > 1 else ()

    @cached_property
    def margins(self) -> dict[int, tuple[Margin, int | None]]:
        """By entry, how far it is from threshold and cut, and the printed value beyond the cut."""
        rows = self.results.rows
        found = margins([row.jury for row in rows], [row.place for row in rows], self.contest.rules)
        return {
            row.entry_id: (margin, None if margin.rival is None else rows[margin.rival].average)
            for row, margin in zip(rows, found, strict=True)
            if margin is not None
        }


@dataclass(frozen=True)
class OwnPart:
    """A member's own part in the meeting."""

    seat: Seat
    is_barred: bool  # from the product before the meeting
    choice: Choice | None  # in the vote that is being taken
    motions: tuple[int, ...]  # that wait for their vote


def meeting_page(
    session: Session, actor: Actor, contest_id: int, permission: Permission = Permission.MEETING_KEEP
) -> MeetingPage:
    """The meeting of a contest; errors as of `results_page`."""
    results = results_page(session, actor, contest_id, permission)
    return meeting_on(session, results, ballot_of(session, results))


def meeting_on(session: Session, results: ResultsPage, ballot: BallotPage | None) -> MeetingPage:
    """The meeting on a ballot that was read already."""
    meeting = meeting_of(session, results.contest.id)
    seats = seats_in(session, results.contest.id, meeting)
    return MeetingPage(
        results=results,
        ballot=ballot,
        meeting=meeting,
        seats=seats,
        lines=agenda_of(session, results, ballot, meeting, seats) if ballot else (),
        points=further_points(session, results, ballot) if ballot else (),
        remarks=remarks_of(session, meeting),
    )


def own_part(session: Session, actor: Actor, page: MeetingPage) -> OwnPart:
    """The part of one of its members in a meeting; NotFound for anybody else."""
    seat = next((seat for seat in page.seats if seat.user_id == actor.user_id), None)
    if seat is None:
        raise NotFound
    choice = None
    if page.running:
        own = select(Vote.choice).where(
            Vote.member_id == seat.member_id, Vote.item_id.in_(page.running.item_ids)
        )
        choice = session.scalars(own.limit(1)).one_or_none()
    before_it = page.of_poll(page.running) if page.running else (page.current,) if page.current else ()
    voted = own_choices(session, page.contest.id, seat.member_id)
    motions = page.ballot.motions if page.ballot else ()
    waiting = [one.number for one in motions if one.takes_vote_of(seat.member_id) and one.number not in voted]
    return OwnPart(seat, any(seat in line.barred for line in before_it), choice, tuple(waiting))


def stamp_of(session: Session, actor: Actor, contest_id: int, permission: Permission) -> str:
    """What changes whenever the meeting does, in one cheap select; of the votes a member sees only the own."""
    seen: Select[Any]
    if permission is Permission.MEETING_KEEP:
        seen = select(func.count(Vote.id))
    else:
        seen = select(func.max(Vote.choice)).join(CouncilMember, CouncilMember.id == Vote.member_id)
        seen = seen.where(CouncilMember.user_id == actor.user_id)
    running = seen.join(PollItem, PollItem.item_id == Vote.item_id).join(Poll, Poll.id == PollItem.poll_id)
    votes = running.where(Poll.meeting_id == Meeting.id, Poll.closed_at.is_(None))
    row = session.execute(
        select(Contest.state, Meeting.id, Meeting.version, votes.correlate(Meeting).scalar_subquery())
        .outerjoin(Ballot, Ballot.contest_id == Contest.id)
        .outerjoin(Meeting, Meeting.ballot_id == Ballot.id)
        .where(Contest.id == contest_id, contests_within(actor, permission))
    ).one_or_none()
    if row is None:
        raise NotFound
    state, *rest = row
    return "-".join([state.value, *map(str, rest)])


def remarks_of(session: Session, meeting: Meeting | None) -> dict[int | None, list[str]]:
    """What was written down in a meeting, by item of the ballot; general remarks by None."""
    remarks: dict[int | None, list[str]] = {}
    if meeting:
        rows = select(Remark.item_id, Remark.text).where(Remark.meeting_id == meeting.id).order_by(Remark.id)
        for item_id, text in session.execute(rows):
            remarks.setdefault(item_id, []).append(text)
    return remarks
