"""Unusual turns of the council's ballot, each with a written reason: no vote at all, and the ways back."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete
from sqlalchemy.orm import Session

from app.domain.ballots import (
    check_below_quorum,
    check_not_all_voted,
    check_place,
    check_quorum,
    has_votable,
)
from app.domain.contests import WRONG_STAGE, ContestState, check_real, check_return
from app.domain.errors import require
from app.domain.judging import check_reason
from app.domain.ledger import Occasion
from app.domain.messages import N_
from app.domain.permissions import Actor, Permission
from app.models import Ballot, BallotItem, Contest, Vote
from app.queries.ballots import outcomes_of
from app.queries.polls import items_without_vote, meeting_of, polls_of
from app.queries.scope import contest_for
from app.queries.ties import ties_of
from app.services.attendance import end_stays
from app.services.ballots import (
    attendance,
    ballot_with_votes,
    counts_now,
    counts_of,
    new_ballot,
    parted_ties,
    standing_ballot,
)
from app.services.ledger import record
from app.services.meeting_counts import touch
from app.services.meetings import remove_meeting
from app.services.minutes_texts import let_go_of_minutes, void_signatures
from app.services.motion_matter import annul_votes, forget_motions
from app.services.printing import check_letters
from app.services.seals import seals_of_the_vote
from app.services.sequencing import publish_head


@dataclass(frozen=True)
class CloseWithoutVote:
    """Say where the council met, and why there was nothing to vote on."""

    contest_id: int
    place: str
    reason: str


@dataclass(frozen=True)
class TurnBack:
    """Take a step of the ballot back, and why."""

    contest_id: int
    reason: str


def close_without_vote(session: Session, command: CloseWithoutVote, *, actor: Actor, now: datetime) -> Ballot:
    """End the council's part where no product reached the threshold; nothing will be recognised."""
    contest = _contest(session, command.contest_id, actor)
    check_real(is_practice=contest.is_practice)
    require(contest.state is ContestState.SCORED, WRONG_STAGE)
    check_place(command.place)
    check_reason(command.reason)
    check_letters(place=command.place, reason=command.reason)
    votable = has_votable(outcomes_of(session, contest.id).values())
    require(not votable, N_("Products reached the threshold, so the council has to vote."))
    ballot = new_ballot(session, contest, command.place, now)
    ballot.closed_at, ballot.closing_note = now, command.reason
    session.add(ballot)
    contest.state = ContestState.VOTED
    seals = seals_of_the_vote(session, contest.id)
    details = {"place": ballot.place, "reason": command.reason, "seals": seals}
    record(session, actor, "ballot:close-without-vote", ballot, now=now, contest_id=contest.id, **details)
    publish_head(session, contest.id, Occasion.BALLOT, now=now)
    return ballot


def withdraw_ballot(session: Session, command: TurnBack, *, actor: Actor, now: datetime) -> None:
    """Take an opened ballot back that too few have voted on to close it; the contest stands as before it.

    The votes are annulled. The ledger keeps that they were cast, and tells nobody but the member how.
    """
    contest = _contest(session, command.contest_id, actor)
    check_return(contest.state, ContestState.SCORED)
    _check(command)
    ballot = ballot_with_votes(session, contest)
    meeting = meeting_of(session, contest.id)
    if meeting is None:
        check_below_quorum(attendance(session, contest, ballot), ballot.quorum)
    else:
        check_not_all_voted(len(items_without_vote(ballot, polls_of(session, meeting.id))))
    entries = sorted(item.entry_id for item in ballot.items)
    annul_ballot(session, ballot, command.reason, actor=actor, now=now, entries=entries)
    contest.state = ContestState.SCORED


def annul_ballot(
    session: Session, ballot: Ballot, reason: str, *, actor: Actor, now: datetime, **details: object
) -> None:
    """Take a ballot away with its votes; the ledger keeps the reason and how many members had voted."""
    items = [item.id for item in ballot.items]
    let_go_of_minutes(session, ballot, now=now)
    if meeting := meeting_of(session, ballot.contest_id):
        remove_meeting(session, meeting)
    voters = len({vote.member_id for item in ballot.items for vote in item.votes})
    said = {"place": ballot.place, "reason": reason, "voters": voters} | details
    record(session, actor, "ballot:withdraw", ballot, now=now, contest_id=ballot.contest_id, **said)
    forget_motions(session, ballot.id)
    session.execute(delete(Vote).where(Vote.item_id.in_(items)))
    session.execute(delete(BallotItem).where(BallotItem.ballot_id == ballot.id))
    session.execute(delete(Ballot).where(Ballot.id == ballot.id))


def run_off(session: Session, command: TurnBack, *, actor: Actor, now: datetime) -> None:
    """Have the council vote again on the entries that are equal where the places of their tie end.

    Their votes are annulled, with the counts on record; every other vote stands.

    Raises
    ------
    IllegalState
        The ballot is not open, too few have voted to tell, or no entries are equal there.
    """
    contest = _contest(session, command.contest_id, actor)
    ballot = standing_ballot(session, contest)
    text = N_("In its meeting the council votes again on a product when the vote on it is taken back there.")
    require(meeting_of(session, contest.id) is None, text)
    _check(command)
    check_quorum(attendance(session, contest, ballot), ballot.members, ballot.quorum)
    parted = parted_ties(ballot, ties_of(session, contest.id, contest.rules))
    level = sorted(entry_id for votes in parted for entry_id in votes.undecided)
    require(level, N_("No products have equally many votes for the last place: no second vote is needed."))
    counts = counts_now(ballot, {})
    said = {"entries": level, "counts": {str(entry_id): counts[entry_id] for entry_id in level}}
    said |= {"reason": command.reason, "annulled": annul_votes(session, ballot, level)}
    record(session, actor, "ballot:run-off", ballot, now=now, contest_id=contest.id, **said)


def reopen_ballot(session: Session, command: TurnBack, *, actor: Actor, now: datetime) -> Ballot:
    """Take votes again before the list is public.

    Every vote stands until its member changes it; the counts of the first close stay on record. Whoever was in the
    meeting as it ended left with its end, and is there again once that is written down.
    """
    contest = _contest(session, command.contest_id, actor)
    check_return(contest.state, ContestState.VOTING)
    _check(command)
    ballot = ballot_with_votes(session, contest)
    details = {
        "old_note": ballot.closing_note,
        "old_counts": counts_of(ballot),
    }
    for item in ballot.items:
        item.yes = item.no = item.abstain = item.carried = None
    ballot.closed_at, ballot.closing_note = None, ""
    contest.state = ContestState.VOTING
    record(
        session,
        actor,
        "ballot:reopen",
        ballot,
        now=now,
        contest_id=contest.id,
        reason=command.reason,
        **details,
    )
    void_signatures(session, ballot, command.reason, actor=actor, now=now)
    if meeting := meeting_of(session, contest.id):
        said: dict[str, object] = {"reason": command.reason}
        if meeting.closed_at is not None:
            said["left"] = end_stays(session, meeting, meeting.closed_at)
        meeting.closed_at = None
        touch(meeting)
        record(session, actor, "meeting:reopen", meeting, now=now, contest_id=contest.id, **said)
    return ballot


def _contest(session: Session, contest_id: int, actor: Actor) -> Contest:
    return contest_for(session, actor, Permission.BALLOT_MANAGE, contest_id, lock=True)


def _check(command: TurnBack) -> None:
    check_reason(command.reason)
    check_letters(reason=command.reason)
