"""Motions of the council: put by the organiser, voted on, and carried out in the transaction that closes the vote."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from app.domain.errors import NotFound, NotPermitted, StaleVersion, require
from app.domain.judging import check_reason
from app.domain.meetings import NOT_PRESENT, check_present, check_presided
from app.domain.messages import N_
from app.domain.motions import (
    MotionKind,
    MotionState,
    Proposal,
    check_proposer,
    check_tally,
    check_votes,
    proposal_of,
    votes_required,
)
from app.domain.permissions import Actor, Permission
from app.domain.results import Choice, is_carried
from app.models import Contest, Motion, MotionVote
from app.queries.mergers import sets_of
from app.queries.motions import entries_of, last_motion_number, recorded_motion_votes
from app.queries.own_facilities import barred_from
from app.queries.polls import offices_in
from app.queries.scope import contest_for
from app.services.ballots import own_seat, standing_ballot
from app.services.ledger import record
from app.services.meeting_counts import check_as_shown, touch
from app.services.motion_effects import carry_out, check_proposal
from app.services.motion_matter import Matter
from app.services.printing import check_letters

Tally = tuple[int | None, int | None, int | None]  # yes, no, abstain


@dataclass(frozen=True)
class PutMotion:
    """Put something to the council, by whom and why; `by_hands` if the votes are counted in the room."""

    contest_id: int
    proposal: Proposal
    proposer: str
    reason: str
    by_hands: bool


@dataclass(frozen=True)
class VoteOnMotion:
    """A member's choice on a motion; `seen` is what they saw as their vote so far."""

    contest_id: int
    number: int
    choice: Choice
    seen: Choice | None = None


@dataclass(frozen=True)
class CloseMotion:
    """End the vote on a motion; with the counts where hands were shown.

    `seen` is who might show hands as the page showed it; None if no page was shown.
    """

    contest_id: int
    number: int
    counts: Tally = (None, None, None)
    seen: frozenset[int] | None = None


@dataclass(frozen=True)
class WithdrawMotion:
    """Take a motion off the table, and why."""

    contest_id: int
    number: int
    reason: str


def put_motion(session: Session, command: PutMotion, *, actor: Actor, now: datetime) -> Motion:
    """Put a motion to the council while its ballot is open.

    Raises
    ------
    NotFound, IllegalState
        The contest or an entry is not this person's, the ballot is not open, or nobody may vote on it.
    InvalidInput
        The council cannot change that, or something is missing; by field.
    """
    matter = _matter(session, command.contest_id, actor)
    _check_presided(matter)
    check_letters(proposer=command.proposer, reason=command.reason, name=command.proposal.name)
    check_proposal(matter, command.proposal)
    check_proposer(command.proposer)
    check_reason(command.reason)
    content = _named(session, matter.contest, command.proposal).content
    _check_is_new(session, matter, command.proposal.kind, content)
    motion = Motion(
        ballot_id=matter.ballot.id,
        number=last_motion_number(session, matter.contest.id) + 1,
        kind=command.proposal.kind,
        content=content,
        proposer=command.proposer,
        reason=command.reason,
        by_hands=command.by_hands,
        put_at=now,
    )
    require(_entitled(session, matter, motion), N_("No member of the council may vote on this."))
    session.add(motion)
    said = {"content": motion.content, "proposer": motion.proposer, "reason": motion.reason}
    _record(session, actor, "motion:put", motion, matter, now, by_hands=motion.by_hands, **said)
    return motion


def _check_is_new(session: Session, matter: Matter, kind: MotionKind, content: Mapping[str, Any]) -> None:
    """Raise IllegalState while a motion to the same effect is open, as after a button that was pressed twice."""
    open_ones = select(Motion).where(Motion.ballot_id == matter.ballot.id, Motion.state == MotionState.OPEN)
    for one in session.scalars(open_ones.order_by(Motion.number)):
        text = N_("This is put to the council already, as motion no. %(number)d.")
        require((one.kind, one.content) != (kind, content), text, number=one.number)


def _named(session: Session, contest: Contest, proposal: Proposal) -> Proposal:
    """With the name of the set that is split, which nobody types."""
    if proposal.kind is not MotionKind.SPLIT:
        return proposal
    return replace(proposal, name=sets_of(session, contest.id)[proposal.entries[0]].name)


def vote_on_motion(session: Session, command: VoteOnMotion, *, actor: Actor, now: datetime) -> None:
    """Keep a member's choice on a motion; it can be changed until its vote closes, and each change is on record."""
    contest, member = own_seat(session, command.contest_id, actor)
    matter = Matter(session, contest, standing_ballot(session, contest))
    motion = _open(session, matter, command.number)
    require(not motion.by_hands, N_("On this motion hands are shown; the organiser enters the counts."))
    if barred_from(session, contest.id)[member.id] & entries_of(motion):
        raise NotPermitted(N_("You cannot vote on a product of your own facility."))
    require(matter.present is None or member.id in matter.present, NOT_PRESENT)
    own = next((vote for vote in motion.votes if vote.member_id == member.id), None)
    standing = own.choice if own else None
    if standing is command.choice:
        return
    if command.seen is not standing:
        raise StaleVersion(
            N_("Your vote on this was sent elsewhere since you opened this page. Choose again.")
        )
    if own:
        own.choice, own.cast_at = command.choice, now
    else:
        motion.votes.append(MotionVote(member_id=member.id, choice=command.choice, cast_at=now))
    details = {"number": motion.number, "old": standing, "new": command.choice}
    record(session, actor, "motion:vote", member, now=now, contest_id=contest.id, **details)


def close_motion(session: Session, command: CloseMotion, *, actor: Actor, now: datetime) -> Motion:
    """Count the votes on a motion; if it is carried, what it says is done at once.

    Raises
    ------
    IllegalState
        It is decided already, nobody presides, too few have voted, or what it says has become impossible meanwhile.
    InvalidInput
        The counts of a show of hands cannot be.
    """
    matter = _matter(session, command.contest_id, actor)
    motion = _open(session, matter, command.number)
    if matter.present is not None:
        check_present(len(matter.present), matter.ballot.quorum)
    _check_presided(matter)
    entitled = _entitled(session, matter, motion)
    needed = votes_required(len(entitled), matter.contest.rules.quorum_percent)
    voters = _at_hand(matter, motion, entitled)
    if motion.by_hands:
        check_as_shown(session, matter.contest.id, command.seen, voters)
        yes, no, abstain = check_tally(command.counts, len(voters))
    else:
        yes, no, abstain = _counted(session, matter, motion, voters)
    check_votes(yes + no + abstain, len(voters), needed)
    is_yes, proposal = is_carried(yes, no, abstain), proposal_of(motion.kind, motion.content)
    if is_yes:  # what could be done when it was put may have become impossible
        check_proposal(matter, proposal)
    motion.yes, motion.no, motion.abstain, motion.entitled = yes, no, abstain, len(voters)
    motion.state, motion.closed_at = MotionState.CARRIED if is_yes else MotionState.LOST, now
    annulled = carry_out(matter, proposal, motion) if is_yes else []
    said: dict[str, object] = {"content": motion.content, "state": motion.state, "counts": [yes, no, abstain]}
    said |= {"entitled": len(voters), "annulled": annulled}
    _record(session, actor, "motion:close", motion, matter, now, **said)
    return motion


def _counted(session: Session, matter: Matter, motion: Motion, voters: set[int]) -> tuple[int, int, int]:
    """The votes from the members' own devices; IllegalState unless they are those that the ledger holds."""
    votes = {vote.member_id: vote.choice for vote in motion.votes}
    text = N_(
        "The votes that would be counted are not those that the ledger holds. Do not close this vote; "
        "tell the administrator and the observer."
    )
    require(votes == recorded_motion_votes(session, matter.contest.id)[motion.number], text)
    count = Counter(choice for member_id, choice in votes.items() if member_id in voters)
    return count[Choice.YES], count[Choice.NO], count[Choice.ABSTAIN]


def withdraw_motion(session: Session, command: WithdrawMotion, *, actor: Actor, now: datetime) -> Motion:
    """Take a motion off the table before its vote is closed; votes on it no longer count for anything."""
    matter = _matter(session, command.contest_id, actor)
    motion = _open(session, matter, command.number)
    check_reason(command.reason)
    check_letters(reason=command.reason)
    motion.state, motion.closed_at = MotionState.WITHDRAWN, now
    motion.withdrawal_reason = command.reason
    _record(session, actor, "motion:withdraw", motion, matter, now, reason=command.reason)
    return motion


def _matter(session: Session, contest_id: int, actor: Actor) -> Matter:
    contest = contest_for(session, actor, Permission.BALLOT_MANAGE, contest_id, lock=True)
    return Matter(session, contest, standing_ballot(session, contest))


def _check_presided(matter: Matter) -> None:
    """Raise IllegalState unless somebody presides over the meeting, if there is one."""
    if matter.meeting is not None:
        check_presided(offices_in(matter.session, matter.meeting.id))


def _open(session: Session, matter: Matter, number: int) -> Motion:
    own = (Motion.ballot_id == matter.ballot.id, Motion.number == number)
    motion = session.scalars(select(Motion).where(*own).options(selectinload(Motion.votes))).one_or_none()
    if motion is None and 0 < number <= last_motion_number(session, matter.contest.id):
        raise StaleVersion(N_("This motion fell with the ballot on which it was put. Nothing was sent."))
    if motion is None:
        raise NotFound
    require(motion.state is MotionState.OPEN, N_("This motion is decided already, or was withdrawn."))
    return motion


def _entitled(session: Session, matter: Matter, motion: Motion) -> set[int]:
    """The members who may vote on a motion: whose facility none of its entries is of."""
    barred = barred_from(session, matter.contest.id)
    return {id_ for id_ in matter.members if not barred[id_] & entries_of(motion)}


def _at_hand(matter: Matter, motion: Motion, entitled: set[int]) -> set[int]:
    """Those of them who can vote; in a meeting who is there, and who voted before they left or it began."""
    if matter.present is None:
        return entitled
    return entitled & (matter.present | {vote.member_id for vote in motion.votes})


def _record(
    session: Session,
    actor: Actor,
    action: str,
    motion: Motion,
    matter: Matter,
    now: datetime,
    **details: object,
) -> None:
    if matter.meeting is not None:
        touch(matter.meeting)
    said = {"number": motion.number, "kind": motion.kind, **details}
    record(session, actor, action, motion, now=now, contest_id=matter.contest.id, **said)
