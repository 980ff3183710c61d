"""The agenda of the council's meeting: its ballot by product group, each product with the vote on it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.meetings import PollBy, Tally
from app.domain.rules import GroupRule
from app.domain.ties import Tie, Verdict, verdict_of
from app.models import Ballot, BallotItem, Meeting, Poll
from app.queries.attendance import Seat
from app.queries.ballots import BallotLine, BallotPage
from app.queries.own_facilities import barred_from
from app.queries.polls import polls_of, voters_of
from app.queries.progress import code_key
from app.queries.results import ResultsPage


@dataclass(frozen=True)
class PollView:
    """A vote in the meeting; what it came to is known once it is closed."""

    id: int
    taken_by: PollBy
    opened_at: datetime
    closed_at: datetime | None
    item_ids: tuple[int, ...]
    tally: Tally | None
    voted: int
    entitled: frozenset[int]  # members who may vote: present, not barred
    aside: tuple[str, ...]  # names of those who were there and stood aside

    @property
    def is_open(self) -> bool:
        """Whether votes are taken."""
        return self.closed_at is None

    @property
    def is_list(self) -> bool:
        """Whether it is on several products at once."""
        return len(self.item_ids) > 1


@dataclass(frozen=True)
class AgendaLine:
    """A product of the ballot in its place on the agenda."""

    item_id: int
    entry: BallotLine
    group: GroupRule
    barred: tuple[Seat, ...]  # who may not vote on it
    poll: PollView | None
    tie: Tie | None = None  # at the cut, of which it is one
    verdict: Verdict | None = None  # once it is voted on

    @property
    def to_leave(self) -> tuple[Seat, ...]:
        """Those who are in the room and have to leave it."""
        return tuple(seat for seat in self.barred if seat.is_present)

    @property
    def is_voted(self) -> bool:
        """Whether the meeting has voted on it."""
        return self.poll is not None and not self.poll.is_open


def agenda_of(
    session: Session,
    results: ResultsPage,
    ballot: BallotPage,
    meeting: Meeting | None,
    seats: Sequence[Seat],
) -> tuple[AgendaLine, ...]:
    """The products of a ballot by group, rank and code, each with the vote on it."""
    items = select(BallotItem.entry_id, BallotItem.id).join(Ballot, Ballot.id == BallotItem.ballot_id)
    of_contest = items.where(Ballot.contest_id == results.contest.id)
    found = {row.entry_id: row.id for row in session.execute(of_contest)}
    barred = barred_from(session, results.contest.id)
    polls = _polls(session, meeting, seats, barred)
    groups = {group.code: group for group in results.contest.rules.groups}
    order = list(groups)
    verdicts = _verdicts(
        ballot, {line.row.entry_id: polls.get(found[line.row.entry_id]) for line in ballot.lines}
    )
    tie_of = {entry_id: tie for tie in ballot.ties for entry_id in tie.entries}
    lines = [
        AgendaLine(
            item_id=found[line.row.entry_id],
            entry=line,
            group=groups[line.row.jury.group],
            barred=tuple(seat for seat in seats if line.row.entry_id in barred[seat.member_id]),
            poll=polls.get(found[line.row.entry_id]),
            tie=tie_of.get(line.row.entry_id),
            verdict=verdicts.get(line.row.entry_id),
        )
        for line in ballot.lines
    ]
    lines.sort(
        key=lambda line: (
            order.index(line.group.code),
            line.entry.row.jury.rank or 0,
            code_key(line.entry.row.code),
        )
    )
    return tuple(lines)


def _verdicts(ballot: BallotPage, polls: Mapping[int, PollView | None]) -> dict[int, Verdict]:
    """By entry, what the vote on it means: what the closed ballot says, or the votes so far."""
    counts = {
        entry_id: (poll.tally.yes, poll.tally.no, poll.tally.abstain)
        for entry_id, poll in polls.items()
        if poll and poll.tally
    }
    waiting = polls.keys() - counts.keys()
    verdicts = {entry_id: verdict_of(entry_id, ballot.ties, counts, waiting) for entry_id in counts}
    for line in ballot.lines:
        if line.counts:
            verdicts[line.row.entry_id] = Verdict.CARRIED if line.counts.carried else Verdict.LOST
    return verdicts


def _polls(
    session: Session,
    meeting: Meeting | None,
    seats: Sequence[Seat],
    barred: Mapping[int, frozenset[int]],
) -> dict[int, PollView]:
    """By item of the ballot, the vote on it."""
    views: dict[int, PollView] = {}
    for poll in polls_of(session, meeting.id) if meeting else ():
        view = _view(session, poll, seats, barred)
        views |= dict.fromkeys(view.item_ids, view)
    return views


def _view(
    session: Session, poll: Poll, seats: Sequence[Seat], barred: Mapping[int, frozenset[int]]
) -> PollView:
    tally = None
    if poll.yes is not None and poll.no is not None and poll.abstain is not None:
        tally = Tally(poll.yes, poll.no, poll.abstain)
    entries = {item.item.entry_id for item in poll.items}
    here = [seat for seat in seats if seat.is_present]
    entitled = [seat.member_id for seat in here if not barred[seat.member_id] & entries]
    aside = [seat.member_id for seat in here if seat.member_id not in entitled]
    voters = voters_of(session, poll) if tally is None else frozenset[int]()
    if tally is not None:
        entitled, aside = poll.seats["entitled"], poll.seats["aside"]
    return PollView(
        id=poll.id,
        taken_by=poll.taken_by,
        opened_at=poll.opened_at,
        closed_at=poll.closed_at,
        item_ids=tuple(item.item_id for item in poll.items),
        tally=tally,
        voted=len(voters) if tally is None else tally.voted,
        entitled=frozenset(entitled) | voters,
        aside=tuple(seat.name for seat in seats if seat.member_id in aside),
    )
