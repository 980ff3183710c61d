"""The council's motions on its ballot: what each is about, who may vote on it, who has, and how it went."""

import json
from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session, selectinload

from app.domain.motions import MotionKind, MotionState, Proposal, proposal_of, votes_required
from app.domain.results import Choice
from app.domain.rules import ContestRules
from app.models import Ballot, CouncilMember, Entry, LedgerEvent, Motion, MotionVote, Product, User
from app.queries.ballot_turns import opening_of_ballot
from app.queries.own_facilities import barred_from
from app.queries.polls import meeting_of, present_in


@dataclass(frozen=True)
class Concerned:
    """An entry that a motion is about."""

    code: str
    product: str


@dataclass(frozen=True)
class MotionRow:
    """One motion; the counts are known only once its vote is closed."""

    number: int
    proposal: Proposal
    entries: tuple[Concerned, ...]  # by code
    proposer: str
    reason: str
    by_hands: bool
    state: MotionState
    put_at: datetime
    closed_at: datetime | None
    withdrawal_reason: str
    counts: tuple[int, int, int] | None  # yes, no, abstain
    voters: frozenset[int]  # members who can vote on it now: in a meeting who is there
    entitled: int  # how many they are, or were as it was closed
    needed: int  # the fewest of them who must vote
    voted: int  # members who have voted on their own device
    barred: tuple[str, ...]  # members who do not vote on it
    barred_ids: frozenset[int]

    @property
    def kind(self) -> MotionKind:
        """What it changes."""
        return self.proposal.kind

    @property
    def is_open(self) -> bool:
        """Whether it is still to be voted on."""
        return self.state is MotionState.OPEN

    def takes_vote_of(self, member_id: int) -> bool:
        """Whether this member's vote is taken now, on their own device."""
        return self.is_open and not self.by_hands and member_id not in self.barred_ids

    @property
    def may_close(self) -> bool:
        """Whether enough members have voted on their own devices."""
        return self.voted >= self.needed


def motions_of(session: Session, contest_id: int, rules: ContestRules) -> tuple[MotionRow, ...]:
    """The motions on the ballot of a contest, in the order in which they were put."""
    motions = session.scalars(
        select(Motion)
        .join(Ballot, Ballot.id == Motion.ballot_id)
        .where(Ballot.contest_id == contest_id)
        .order_by(Motion.number)
        .options(selectinload(Motion.votes))
        .execution_options(populate_existing=True)
    ).all()
    if not motions:
        return ()
    named = _concerned(session, contest_id)
    members = {row.id: row.name for row in session.execute(_members(contest_id))}
    barred = barred_from(session, contest_id)
    meeting = meeting_of(session, contest_id)
    council = _Council(members, present_in(session, meeting.id) if meeting else frozenset(members), rules)
    return tuple(
        _row(motion, named, council, [id_ for id_ in members if barred[id_] & entries_of(motion)])
        for motion in motions
    )


def entries_of(motion: Motion) -> frozenset[int]:
    """The entries that a motion is about: who has a conflict on one of them does not vote on it."""
    return frozenset(motion.content.get("entries", ()))


@dataclass(frozen=True)
class _Council:
    """Names of its members, by id, and which of them can vote on motions: in a meeting who is there."""

    members: dict[int, str]
    here: frozenset[int]
    rules: ContestRules


def _row(motion: Motion, named: dict[int, Concerned], council: _Council, barred: list[int]) -> MotionRow:
    members = council.members
    voters = (council.here | {vote.member_id for vote in motion.votes}) - set(barred)
    counts = None
    if motion.yes is not None and motion.no is not None and motion.abstain is not None:
        counts = (motion.yes, motion.no, motion.abstain)
    concerned = [named[entry_id] for entry_id in entries_of(motion)]
    return MotionRow(
        number=motion.number,
        proposal=proposal_of(motion.kind, motion.content),
        entries=tuple(sorted(concerned, key=lambda one: one.code)),
        proposer=motion.proposer,
        reason=motion.reason,
        by_hands=motion.by_hands,
        state=motion.state,
        put_at=motion.put_at,
        closed_at=motion.closed_at,
        withdrawal_reason=motion.withdrawal_reason,
        counts=counts,
        voters=voters,
        entitled=len(voters) if motion.entitled is None else motion.entitled,
        needed=votes_required(len(members) - len(barred), council.rules.quorum_percent),
        voted=sum(vote.member_id not in barred for vote in motion.votes),
        barred=tuple(members[id_] for id_ in barred),
        barred_ids=frozenset(barred),
    )


def _members(contest_id: int) -> Select[int, str]:
    return (
        select(CouncilMember.id, User.name)
        .join(User, User.id == CouncilMember.user_id)
        .where(CouncilMember.contest_id == contest_id)
        .order_by(CouncilMember.id)
    )


def _concerned(session: Session, contest_id: int) -> dict[int, Concerned]:
    rows = session.execute(
        select(Entry.id, Entry.code, Product.name)
        .join(Product, Product.id == Entry.product_id)
        .where(Entry.contest_id == contest_id)
    )
    return {row.id: Concerned(row.code or "", row.name) for row in rows}


def own_choices(session: Session, contest_id: int, member_id: int) -> dict[int, Choice]:
    """How one member has voted on each motion, by its number."""
    rows = session.execute(
        select(Motion.number, MotionVote.choice)
        .join(Ballot, Ballot.id == Motion.ballot_id)
        .join(MotionVote, MotionVote.motion_id == Motion.id)
        .where(Ballot.contest_id == contest_id, MotionVote.member_id == member_id)
    )
    return dict(rows.all())


def carried_proposals(session: Session, contest_id: int) -> list[Proposal]:
    """What the council decided by its motions, in the order in which that took effect."""
    motions = session.scalars(
        select(Motion)
        .join(Ballot, Ballot.id == Motion.ballot_id)
        .where(Ballot.contest_id == contest_id, Motion.state == MotionState.CARRIED)
        .order_by(Motion.closed_at, Motion.number)
    )
    return [proposal_of(motion.kind, motion.content) for motion in motions]


def last_motion_number(session: Session, contest_id: int) -> int:
    """The number of the motion that was put last; 0 before the first.

    Numbers run on where a ballot is withdrawn, so that a page or a line of the ledger never means another motion.
    """
    put = (LedgerEvent.contest_id == contest_id, LedgerEvent.action == "motion:put")
    return session.scalar(select(func.count()).where(*put)) or 0


def open_motions(session: Session, contest_id: int) -> list[int]:
    """The numbers of the motions that the council has not decided yet."""
    motions = (
        select(Motion.number)
        .join(Ballot, Ballot.id == Motion.ballot_id)
        .where(Ballot.contest_id == contest_id, Motion.state == MotionState.OPEN)
    )
    return list(session.scalars(motions.order_by(Motion.number)))


def number_to_nominate(session: Session, contest_id: int) -> int | None:
    """How many of a contest's products the council sends up to the next tier; None where it has not decided."""
    return _last_number(carried_proposals(session, contest_id))


def last_number(motions: Iterable[MotionRow]) -> int | None:
    """The same, told from the motions of a page."""
    carried = [motion for motion in motions if motion.state is MotionState.CARRIED]
    return _last_number(
        motion.proposal for motion in sorted(carried, key=lambda one: (one.closed_at, one.number))
    )


def _last_number(proposals: Iterable[Proposal]) -> int | None:
    numbers = [proposal.number for proposal in proposals if proposal.kind is MotionKind.NOMINATE]
    return numbers[-1] if numbers else None


PUBLIC_KINDS = frozenset({MotionKind.MERGE, MotionKind.ADD, MotionKind.PRIZE, MotionKind.NOMINATE})


def public_motions(
    motions: Iterable[MotionRow], listed: Collection[str], standing: Collection[int]
) -> tuple[MotionRow, ...]:
    """Of these, what a published list tells: what was carried and names only products that it lists, by code.

    Of mergers those whose set stands, by number.
    """
    return tuple(
        motion
        for motion in motions
        if motion.state is MotionState.CARRIED
        and motion.kind in PUBLIC_KINDS
        and {entry.code for entry in motion.entries} <= set(listed)
        and (motion.kind is not MotionKind.MERGE or motion.number in standing)
    )


def recorded_motion_votes(session: Session, contest_id: int) -> dict[int, dict[int, str]]:
    """By number of the motion and by member, the choice that the ledger holds, of the ballot that stands."""
    events = session.execute(
        select(LedgerEvent.subject_id, LedgerEvent.details)
        .where(
            LedgerEvent.contest_id == contest_id,
            LedgerEvent.action == "motion:vote",
            LedgerEvent.id > opening_of_ballot(contest_id),
        )
        .order_by(LedgerEvent.id)
    )
    votes: defaultdict[int, dict[int, str]] = defaultdict(dict)
    for member_id, details in events:
        said = json.loads(details)
        votes[said["number"]][member_id] = said["new"]
    return votes
