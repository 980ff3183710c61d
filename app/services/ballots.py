"""The council's ballot: opened on the jury's list, voted on, closed with its counts."""

from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session, selectinload

from app.domain.ballots import (
    check_addition,
    check_choices,
    check_closing_note,
    check_place,
    check_quorum,
    has_voted,
)
from app.domain.contests import ContestState, check_transition
from app.domain.errors import IllegalState, NotFound, require
from app.domain.judging import check_reason
from app.domain.messages import N_
from app.domain.permissions import Actor, Permission
from app.domain.results import Choice, Outcome, is_carried, quorum_of
from app.models import Ballot, BallotItem, Contest, CouncilMember, Vote
from app.queries.ballots import barred_from, outcomes_of
from app.queries.scope import contest_for
from app.services.ledger import record


@dataclass(frozen=True)
class OpenBallot:
    """Put the jury's list to the council's vote."""

    contest_id: int
    place: str


@dataclass(frozen=True)
class AddToBallot:
    """Put an entry to the vote that the jury's list does not hold, and why."""

    contest_id: int
    entry_id: int
    reason: str


@dataclass(frozen=True)
class CastVotes:
    """A member's choice on every entry of the ballot, by entry."""

    contest_id: int
    choices: Mapping[int, Choice]


@dataclass(frozen=True)
class CloseBallot:
    """End the vote; the note says why the jury's list was changed, if it was."""

    contest_id: int
    note: str


def open_ballot(session: Session, command: OpenBallot, *, actor: Actor, now: datetime) -> Ballot:
    """Open the vote on the entries that the jury selected."""
    contest = contest_for(session, actor, Permission.BALLOT_MANAGE, command.contest_id, lock=True)
    check_transition(contest.state, ContestState.VOTING)
    check_place(command.place)
    members = session.scalar(
        select(func.count(CouncilMember.id)).where(CouncilMember.contest_id == contest.id)
    )
    if not members:
        raise IllegalState(N_("Appoint the council first: without members nobody can vote."))
    outcomes = outcomes_of(session, contest.id)
    selected = [entry_id for entry_id, outcome in outcomes.items() if outcome is Outcome.SELECTED]
    ballot = Ballot(
        contest_id=contest.id,
        place=command.place,
        members=members,
        quorum=quorum_of(members, contest.rules.quorum_percent),
        opened_at=now,
        items=[BallotItem(entry_id=entry_id, on_jury_list=True) for entry_id in selected],
    )
    session.add(ballot)
    contest.state = ContestState.VOTING
    details = {"place": ballot.place, "members": members, "quorum": ballot.quorum, "entries": selected}
    record(session, actor, "ballot:open", ballot, now=now, contest_id=contest.id, **details)
    return ballot


def add_to_ballot(session: Session, command: AddToBallot, *, actor: Actor, now: datetime) -> BallotItem:
    """Put an entry to the vote that reached the threshold but is not on the jury's list."""
    contest = contest_for(session, actor, Permission.BALLOT_MANAGE, command.contest_id, lock=True)
    ballot = _open_ballot(session, contest)
    outcome = outcomes_of(session, contest.id).get(command.entry_id)
    if outcome is None:
        raise NotFound
    check_addition(outcome)
    check_reason(command.reason)
    standing = {item.entry_id for item in ballot.items}
    require(command.entry_id not in standing, N_("This product is on the ballot already."))
    item = BallotItem(
        ballot_id=ballot.id, entry_id=command.entry_id, on_jury_list=False, reason=command.reason
    )
    session.add(item)
    details = {"entry_id": command.entry_id, "outcome": outcome.value, "reason": command.reason}
    record(session, actor, "ballot:add", item, now=now, contest_id=contest.id, **details)
    return item


def cast_votes(session: Session, command: CastVotes, *, actor: Actor, now: datetime) -> None:
    """Keep a member's choices; they can be changed until the ballot closes, and each change is on record."""
    contest, member = _seat(session, command.contest_id, actor)
    items = {item.entry_id: item for item in _open_ballot(session, contest).items}
    check_choices(command.choices, items, barred_from(session, contest.id)[member.id])
    changes: dict[str, list[str | None]] = {}
    for entry_id, choice in command.choices.items():
        votes = items[entry_id].votes
        vote = next((vote for vote in votes if vote.member_id == member.id), None)
        if vote is None:
            votes.append(Vote(member_id=member.id, choice=choice, cast_at=now))
            changes[str(entry_id)] = [None, choice.value]
        elif vote.choice is not choice:
            changes[str(entry_id)] = [vote.choice.value, choice.value]
            vote.choice, vote.cast_at = choice, now
    if changes:
        record(session, actor, "ballot:vote", member, now=now, contest_id=contest.id, changes=changes)


def close_ballot(session: Session, command: CloseBallot, *, actor: Actor, now: datetime) -> Ballot:
    """Count the votes and end the ballot, once enough members have voted."""
    contest = contest_for(session, actor, Permission.BALLOT_MANAGE, command.contest_id, lock=True)
    ballot = _open_ballot(session, contest)
    if ballot.items:
        check_quorum(_attendance(session, contest, ballot), ballot.members, ballot.quorum)
    for item in ballot.items:
        _count(item)
    changed = any(item.on_jury_list is not item.carried for item in ballot.items)
    check_closing_note(command.note, changes_list=changed)
    ballot.closed_at, ballot.closing_note = now, command.note
    contest.state = ContestState.VOTED
    counts = {str(item.entry_id): [item.yes, item.no, item.abstain, item.carried] for item in ballot.items}
    record(
        session,
        actor,
        "ballot:close",
        ballot,
        now=now,
        contest_id=contest.id,
        note=command.note,
        counts=counts,
    )
    return ballot


def _count(item: BallotItem) -> None:
    count = Counter(vote.choice for vote in item.votes)
    item.yes, item.no, item.abstain = count[Choice.YES], count[Choice.NO], count[Choice.ABSTAIN]
    item.carried = is_carried(item.yes, item.no, item.abstain)


def _attendance(session: Session, contest: Contest, ballot: Ballot) -> int:
    """How many members have voted on everything that is open to them."""
    barred = barred_from(session, contest.id)
    voted_on: defaultdict[int, set[int]] = defaultdict(set)
    for item in ballot.items:
        for vote in item.votes:
            voted_on[vote.member_id].add(item.entry_id)
    on_ballot = [item.entry_id for item in ballot.items]
    return sum(has_voted(entries, on_ballot, barred[member]) for member, entries in voted_on.items())


def _open_ballot(session: Session, contest: Contest) -> Ballot:
    """The contest's open ballot with its items and votes; the caller holds the contest's lock."""
    require(contest.state is ContestState.VOTING, N_("The ballot of this contest is not open."))
    return session.scalars(
        select(Ballot)
        .where(Ballot.contest_id == contest.id)
        .options(selectinload(Ballot.items).selectinload(BallotItem.votes))
    ).one()


def _seat(session: Session, contest_id: int, actor: Actor) -> tuple[Contest, CouncilMember]:
    """The contest and the member's own seat, both locked: no close, no second tab until this is done."""
    own = (CouncilMember.contest_id == contest_id, CouncilMember.user_id == actor.user_id)
    contest = session.scalars(
        select(Contest)
        .join(CouncilMember, CouncilMember.contest_id == Contest.id)
        .where(*own)
        .with_for_update(read=True, of=Contest)
    ).one_or_none()
    if contest is None:
        raise NotFound
    member = session.scalars(select(CouncilMember).where(*own).with_for_update()).one()
    return contest, member
