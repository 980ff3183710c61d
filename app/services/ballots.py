"""The council's ballot: opened on the jury's list, voted on, closed with its counts."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from app.domain.ballot_prizes import check_prizes
from app.domain.ballots import (
    TIED_REASON,
    check_addition,
    check_choices,
    check_closing_note,
    check_council,
    check_place,
    check_quorum,
    has_votable,
    has_voted,
)
from app.domain.contests import ContestState, check_real, check_transition
from app.domain.errors import NotFound, StaleVersion, require
from app.domain.judging import check_reason
from app.domain.ledger import Occasion
from app.domain.meetings import Tally, tally_of
from app.domain.messages import N_
from app.domain.permissions import Actor, Permission
from app.domain.results import Choice, Office, Outcome, quorum_of
from app.models import Ballot, BallotItem, Contest, CouncilMember, Poll, Vote
from app.queries.ballot_prizes import given_prizes, jury_prizes
from app.queries.ballot_turns import recorded_votes
from app.queries.ballots import barred_from, outcomes_of
from app.queries.polls import meeting_of, polls_of
from app.queries.scope import contest_for
from app.services.ledger import record
from app.services.meeting_counts import are_as_recorded, check_all_polled, tallies_of, touch
from app.services.printing import check_letters
from app.services.seals import seals_of_the_vote
from app.services.sequencing import publish_head


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
    """A member's choice on every entry of the ballot, by entry; `seen` is what they saw as their vote so far."""

    contest_id: int
    choices: Mapping[int, Choice]
    seen: Mapping[int, Choice] = field(default_factory=dict)


@dataclass(frozen=True)
class CloseBallot:
    """End the vote; the note is the council's conclusion, for the minutes."""

    contest_id: int
    note: str


def open_ballot(session: Session, command: OpenBallot, *, actor: Actor, now: datetime) -> Ballot:
    """Open the vote on the entries that the jury selected, and on those tied at the cut."""
    contest = contest_for(session, actor, Permission.BALLOT_MANAGE, command.contest_id, lock=True)
    check_real(is_practice=contest.is_practice)
    check_transition(contest.state, ContestState.VOTING)
    check_place(command.place)
    check_letters(place=command.place)
    ballot = new_ballot(session, contest, command.place, now)
    outcomes = outcomes_of(session, contest.id)
    require(
        has_votable(outcomes.values()), N_("No product reached the threshold: there is nothing to vote on.")
    )
    selected, tied = (
        [entry_id for entry_id, outcome in outcomes.items() if outcome is wanted]
        for wanted in (Outcome.SELECTED, Outcome.TIED)
    )
    prizes = jury_prizes(session, contest.id)
    ballot.items = [
        BallotItem(entry_id=entry_id, on_jury_list=True, prize=prizes[entry_id].prize)
        for entry_id in selected
    ]
    ballot.items += [
        BallotItem(entry_id=entry_id, on_jury_list=False, reason=TIED_REASON) for entry_id in tied
    ]
    session.add(ballot)
    contest.state = ContestState.VOTING
    details = {"place": ballot.place, "members": ballot.members, "quorum": ballot.quorum}
    details |= {"entries": selected, "tied": tied}
    record(session, actor, "ballot:open", ballot, now=now, contest_id=contest.id, **details)
    return ballot


def new_ballot(session: Session, contest: Contest, place: str, now: datetime) -> Ballot:
    """A ballot of the council as it is appointed now; IllegalState if it cannot vote."""
    offices = session.scalars(
        select(CouncilMember.office).where(CouncilMember.contest_id == contest.id)
    ).all()
    check_council(len(offices), has_chair=Office.CHAIR in offices)
    return Ballot(
        contest_id=contest.id,
        place=place,
        members=len(offices),
        quorum=quorum_of(len(offices), contest.rules.quorum_percent),
        opened_at=now,
        closing_note="",
        items=[],
    )


def add_to_ballot(session: Session, command: AddToBallot, *, actor: Actor, now: datetime) -> BallotItem:
    """Put an entry to the vote that reached the threshold but is not on the jury's list."""
    contest = contest_for(session, actor, Permission.BALLOT_MANAGE, command.contest_id, lock=True)
    ballot = standing_ballot(session, contest)
    outcome = outcomes_of(session, contest.id).get(command.entry_id)
    if outcome is None:
        raise NotFound
    check_addition(outcome)
    check_reason(command.reason)
    check_letters(reason=command.reason)
    standing = {item.entry_id for item in ballot.items}
    require(command.entry_id not in standing, N_("This product is on the ballot already."))
    item = BallotItem(
        ballot_id=ballot.id, entry_id=command.entry_id, on_jury_list=False, reason=command.reason
    )
    session.add(item)
    if meeting := meeting_of(session, contest.id):
        touch(meeting)
    details = {"entry_id": command.entry_id, "outcome": outcome.value, "reason": command.reason}
    record(session, actor, "ballot:add", item, now=now, contest_id=contest.id, **details)
    return item


def cast_votes(session: Session, command: CastVotes, *, actor: Actor, now: datetime) -> None:
    """Keep a member's choices; they can be changed until the ballot closes, and each change is on record."""
    contest, member = own_seat(session, command.contest_id, actor)
    text = N_("The council votes in its meeting, product by product. Go to the meeting’s page.")
    require(meeting_of(session, contest.id) is None, text)
    items = {item.entry_id: item for item in standing_ballot(session, contest).items}
    check_choices(command.choices, items, barred_from(session, contest.id)[member.id])
    own = {id_: vote for id_, item in items.items() for vote in item.votes if vote.member_id == member.id}
    standing = {entry_id: vote.choice for entry_id, vote in own.items()}
    changed = {id_: choice for id_, choice in command.choices.items() if standing.get(id_) is not choice}
    if not changed:
        return
    if command.seen != standing:
        raise StaleVersion(
            N_("Your vote was sent elsewhere since you opened this page. Choose and send again.")
        )
    for entry_id, choice in changed.items():
        if entry_id in own:
            own[entry_id].choice, own[entry_id].cast_at = choice, now
        else:
            items[entry_id].votes.append(Vote(member_id=member.id, choice=choice, cast_at=now))
    changes = {str(entry_id): [standing.get(entry_id), choice] for entry_id, choice in changed.items()}
    record(session, actor, "ballot:vote", member, now=now, contest_id=contest.id, changes=changes)


def close_ballot(session: Session, command: CloseBallot, *, actor: Actor, now: datetime) -> Ballot:
    """Count the votes and end the ballot, once enough members have voted, or the meeting has voted on everything."""
    contest = contest_for(session, actor, Permission.MEETING_KEEP, command.contest_id, lock=True)
    meeting = meeting_of(session, contest.id)
    if meeting is None:  # a council's secretary keeps its meeting, not its ballot
        contest_for(session, actor, Permission.BALLOT_MANAGE, contest.id)
    ballot = standing_ballot(session, contest)
    polls = polls_of(session, meeting.id) if meeting else []
    check_letters(note=command.note)
    require(ballot.items, N_("No product is on the ballot. Add one, or withdraw the ballot."))
    if meeting is None:
        check_quorum(attendance(session, contest, ballot), ballot.members, ballot.quorum)
    else:
        check_all_polled(session, meeting, ballot, polls)
    check_prizes(contest.rules, given_prizes(session, contest.id).values())
    check_closing_note(command.note)
    _check_votes(session, ballot, polls)
    _count(ballot, tallies_of(polls))
    ballot.closed_at, ballot.closing_note = now, command.note
    contest.state = ContestState.VOTED
    details: dict[str, object] = {"note": command.note, "counts": counts_of(ballot)}
    details["seals"] = seals_of_the_vote(session, contest.id)
    if contest.rules.prizes:
        details["prizes"] = {str(item.entry_id): item.prize for item in ballot.items}
    record(session, actor, "ballot:close", ballot, now=now, contest_id=contest.id, **details)
    publish_head(session, contest.id, Occasion.BALLOT, now=now)
    if meeting is not None:
        touch(meeting)
    return ballot


def _check_votes(session: Session, ballot: Ballot, polls: Sequence[Poll]) -> None:
    """Raise IllegalState unless each vote is the one that was cast: the ledger keeps them as they came."""
    votes = {(vote.member_id, item.entry_id): vote.choice for item in ballot.items for vote in item.votes}
    text = N_(
        "The votes that would be counted are not those that the ledger holds. Do not close the ballot; "
        "tell the administrator and the observer."
    )
    as_cast = votes == recorded_votes(session, ballot.contest_id)
    require(as_cast and (not polls or are_as_recorded(session, ballot, polls)), text)


def _count(ballot: Ballot, tallies: Mapping[int, Tally]) -> None:
    """Write the counts down: those of the meeting, or of the votes that members cast without one."""
    for item in ballot.items:
        tally = tallies.get(item.id) or tally_of([vote.choice for vote in item.votes])
        item.yes, item.no, item.abstain, item.carried = tally.yes, tally.no, tally.abstain, tally.carried


def counts_of(ballot: Ballot) -> dict[str, list[int | bool | None]]:
    """The counts of a ballot by entry, as the ledger keeps them: yes, no, abstain, carried."""
    return {str(item.entry_id): [item.yes, item.no, item.abstain, item.carried] for item in ballot.items}


def attendance(session: Session, contest: Contest, ballot: Ballot) -> int:
    """How many members have voted on everything that is open to them."""
    barred = barred_from(session, contest.id)
    voted_on: defaultdict[int, set[int]] = defaultdict(set)
    for item in ballot.items:
        for vote in item.votes:
            voted_on[vote.member_id].add(item.entry_id)
    on_ballot = [item.entry_id for item in ballot.items]
    return sum(has_voted(entries, on_ballot, barred[member]) for member, entries in voted_on.items())


def standing_ballot(session: Session, contest: Contest) -> Ballot:
    """The contest's open ballot with its items and votes; the caller holds the contest's lock."""
    require(contest.state is ContestState.VOTING, N_("The ballot of this contest is not open."))
    return ballot_with_votes(session, contest)


def ballot_with_votes(session: Session, contest: Contest) -> Ballot:
    """The contest's ballot, open or closed, with its items and votes."""
    return session.scalars(
        select(Ballot)
        .where(Ballot.contest_id == contest.id)
        .options(selectinload(Ballot.items).selectinload(BallotItem.votes))
    ).one()


def own_seat(
    session: Session, contest_id: int, actor: Actor, *, alone: bool = False
) -> tuple[Contest, CouncilMember]:
    """The contest and the member's own seat, both locked: no close, no second tab until this is done.

    Other members may act at the same time, unless this has to be done `alone`.
    """
    own = (CouncilMember.contest_id == contest_id, CouncilMember.user_id == actor.user_id)
    contest = session.scalars(
        select(Contest)
        .join(CouncilMember, CouncilMember.contest_id == Contest.id)
        .where(*own)
        .with_for_update(read=not alone, of=Contest)
    ).one_or_none()
    if contest is None:
        raise NotFound
    member = session.scalars(select(CouncilMember).where(*own).with_for_update()).one()
    return contest, member
