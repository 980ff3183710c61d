"""What a council member sees: the own contests, the jury's list, the ballot and the own vote."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Select, and_, exists, not_, select
from sqlalchemy.orm import Session

from app.domain.contests import COUNCIL_SEES, ContestState
from app.domain.errors import NotFound
from app.domain.permissions import Actor, Permission
from app.domain.results import Choice, Office
from app.models import Ballot, BallotItem, Contest, CouncilMember, Entry, Meeting, Product, Vote
from app.queries.ballots import BallotLine, BallotPage, ballot_of
from app.queries.conflicts import of_own_facility
from app.queries.contests import ContestHead
from app.queries.dossiers import DossierPage, dossier_page
from app.queries.motions import MotionRow, motions_of, own_choices
from app.queries.own_facilities import barred_from
from app.queries.results import ResultRow, ResultsPage, results_page


@dataclass(frozen=True)
class OwnCouncil:
    """A contest in whose council this person sits."""

    contest_id: int
    name: str
    state: ContestState
    is_example: bool
    office: Office
    has_left: bool  # something on the open ballot waits for this member
    is_meeting: bool  # the council is in its meeting now

    @property
    def is_visible(self) -> bool:
        """Whether the jury's list can be read already."""
        return self.state in COUNCIL_SEES


@dataclass(frozen=True)
class OwnVote:
    """A member's own part in the ballot, by entry."""

    choices: dict[int, Choice]
    barred: frozenset[int]
    cast_at: datetime | None
    member_id: int
    on_motions: dict[int, Choice]  # by number


@dataclass(frozen=True)
class CouncilPage:
    """The jury's list, the ballot on it, and the own vote."""

    results: ResultsPage
    ballot: BallotPage | None
    own: OwnVote

    @property
    def may_vote(self) -> bool:
        """Whether a vote can be cast now."""
        ballot = self.ballot
        return ballot is not None and ballot.is_open and not ballot.is_met_on and bool(self.to_vote_on)

    def may_vote_on(self, motion: MotionRow) -> bool:
        """Whether this member's vote on a motion is taken now, on their own device."""
        return motion.takes_vote_of(self.own.member_id)

    @property
    def to_vote_on(self) -> tuple[BallotLine, ...]:
        """Entries on the ballot on which this member may vote."""
        lines = self.ballot.lines if self.ballot else ()
        return tuple(line for line in lines if line.row.entry_id not in self.own.barred)


@dataclass(frozen=True)
class CouncilEntryPage:
    """One entry with its dossier and the jury's result."""

    contest: ContestHead
    row: ResultRow
    dossier: DossierPage


def own_councils(session: Session, actor: Actor) -> list[OwnCouncil]:
    """Contests in whose council this person sits: those that wait for a vote first, then the newest."""
    rows = session.execute(
        select(Contest, CouncilMember.id, CouncilMember.office)
        .join(CouncilMember, CouncilMember.contest_id == Contest.id)
        .where(CouncilMember.user_id == actor.user_id)
        .order_by(Contest.year.desc(), Contest.id.desc())
    ).all()
    waiting = set(session.scalars(_seats_with_votes_left(actor)))
    now_open = select(Ballot.contest_id).join(Meeting, Meeting.ballot_id == Ballot.id)
    meeting = set(session.scalars(now_open.where(Meeting.closed_at.is_(None))))
    waiting |= {
        member_id for contest, member_id, _office in rows if _has_motion_left(session, contest, member_id)
    }
    councils = [
        OwnCouncil(
            contest_id=contest.id,
            name=contest.name,
            state=contest.state,
            is_example=contest.is_example,
            office=office,
            has_left=member_id in waiting,
            is_meeting=contest.id in meeting,
        )
        for contest, member_id, office in rows
    ]
    return sorted(councils, key=lambda council: (not council.is_meeting, not council.has_left))


def council_page(session: Session, actor: Actor, contest_id: int) -> CouncilPage:
    """One contest for a member of its council; errors as of `results_page`."""
    results = results_page(session, actor, contest_id, Permission.BALLOT_VOTE)
    return CouncilPage(results, ballot_of(session, results), _own_vote(session, actor, contest_id))


def council_entry(session: Session, actor: Actor, contest_id: int, entry_id: int) -> CouncilEntryPage:
    """One entry of the jury's list for a member of the council; errors as of `results_page`."""
    results = results_page(session, actor, contest_id, Permission.BALLOT_VOTE)
    row = next((row for row in results.rows if row.entry_id == entry_id), None)
    if row is None:
        raise NotFound
    return CouncilEntryPage(results.contest, row, dossier_page(session, entry_id))


def _own_vote(session: Session, actor: Actor, contest_id: int) -> OwnVote:
    own = (CouncilMember.contest_id == contest_id, CouncilMember.user_id == actor.user_id)
    member_id = session.scalars(select(CouncilMember.id).where(*own)).one()
    votes = session.execute(
        select(BallotItem.entry_id, Vote.choice, Vote.cast_at)
        .join(BallotItem, BallotItem.id == Vote.item_id)
        .join(Ballot, Ballot.id == BallotItem.ballot_id)
        .where(Ballot.contest_id == contest_id, Vote.member_id == member_id)
    ).all()
    return OwnVote(
        choices={vote.entry_id: vote.choice for vote in votes},
        barred=barred_from(session, contest_id)[member_id],
        cast_at=max((vote.cast_at for vote in votes), default=None),
        member_id=member_id,
        on_motions=own_choices(session, contest_id, member_id),
    )


def _has_motion_left(session: Session, contest: Contest, member_id: int) -> bool:
    if contest.state is not ContestState.VOTING:
        return False
    own = own_choices(session, contest.id, member_id)
    return any(
        motion.takes_vote_of(member_id) and motion.number not in own
        for motion in motions_of(session, contest.id, contest.rules)
    )


def _seats_with_votes_left(actor: Actor) -> Select[int]:
    own_vote = and_(Vote.item_id == BallotItem.id, Vote.member_id == CouncilMember.id)
    return (
        select(CouncilMember.id)
        .join(Ballot, Ballot.contest_id == CouncilMember.contest_id)
        .join(BallotItem, BallotItem.ballot_id == Ballot.id)
        .join(Entry, Entry.id == BallotItem.entry_id)
        .join(Product, Product.id == Entry.product_id)
        .outerjoin(Vote, own_vote)
        .where(
            CouncilMember.user_id == actor.user_id,
            Ballot.closed_at.is_(None),
            ~exists().where(Meeting.ballot_id == Ballot.id),
            Vote.id.is_(None),
            not_(of_own_facility(actor.user_id)),
        )
        .distinct()
    )
