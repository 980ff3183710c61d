"""What a motion is decided on: the contest with its open ballot; and what motions take off that."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from functools import cached_property

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from app.domain.ballot_prizes import JuryPrize
from app.domain.contests import list_codes
from app.domain.errors import InvalidInput
from app.domain.messages import Message
from app.domain.results import Outcome
from app.domain.ties import Tie
from app.models import (
    Ballot,
    BallotItem,
    Contest,
    CouncilMember,
    Entry,
    Meeting,
    MergedEntry,
    Merger,
    Motion,
    MotionVote,
    Product,
    Remark,
    Result,
    Vote,
)
from app.queries.ballot_prizes import jury_prizes
from app.queries.computations import deciding_computation
from app.queries.mergers import merged_entries
from app.queries.polls import meeting_of, polls_of, present_in
from app.queries.ties import ties_of


@dataclass(frozen=True)
class Standing:
    """What a motion needs to know of an entry with a result."""

    code: str
    product: str
    facility_id: int
    outcome: Outcome
    rank: int | None


@dataclass(frozen=True)
class Matter:
    """A contest with its open ballot, whose items and votes are loaded."""

    session: Session
    contest: Contest
    ballot: Ballot

    @cached_property
    def items(self) -> dict[int, BallotItem]:
        """What is voted on, by entry."""
        return {item.entry_id: item for item in self.ballot.items}

    @cached_property
    def entries(self) -> dict[int, Standing]:
        """Every entry with a result."""
        rows = self.session.execute(
            select(Entry.id, Entry.code, Product.name, Product.facility_id, Result.outcome, Result.rank)
            .join(Result, Result.entry_id == Entry.id)
            .join(Product, Product.id == Entry.product_id)
            .where(Result.computation_id == deciding_computation(self.contest.id))
        )
        return {row.id: Standing(row.code or "", *row[2:]) for row in rows}

    @cached_property
    def stands_for(self) -> dict[int, int]:
        """Each entry that is in a set -> the entry that stands for it."""
        return merged_entries(self.session, self.contest.id)

    @cached_property
    def meeting(self) -> Meeting | None:
        """The meeting in which the council votes on this ballot, if it does."""
        return meeting_of(self.session, self.contest.id)

    @cached_property
    def present(self) -> frozenset[int] | None:
        """The members who are in the meeting now; None where the council votes without one."""
        return present_in(self.session, self.meeting.id) if self.meeting else None

    @property
    def polled(self) -> set[int]:
        """Entries on which a vote of the meeting stands, or is being taken."""
        polls = polls_of(self.session, self.meeting.id) if self.meeting else []
        return {item.item.entry_id for poll in polls for item in poll.items}

    @cached_property
    def prizes(self) -> dict[int, JuryPrize]:
        """What the marks make of each entry's prize."""
        return jury_prizes(self.session, self.contest.id)

    @property
    def ties(self) -> tuple[Tie, ...]:
        """The ties at the cut."""
        return ties_of(self.session, self.contest.id, self.contest.rules)

    @property
    def members(self) -> set[int]:
        """Everybody in the council."""
        own = select(CouncilMember.id).where(CouncilMember.contest_id == self.contest.id)
        return set(self.session.scalars(own))


def annul_votes(session: Session, ballot: Ballot, entry_ids: Collection[int]) -> list[int]:
    """Take away the votes on these entries; those that had any."""
    items = [item for item in ballot.items if item.entry_id in entry_ids and item.votes]
    session.execute(delete(Vote).where(Vote.item_id.in_([item.id for item in items])))
    for item in items:
        session.expire(item, ["votes"])
    return sorted(item.entry_id for item in items)


def take_off(matter: Matter, entry_ids: Collection[int]) -> None:
    """Have these entries leave the ballot; their votes are annulled before."""
    items = [matter.items[entry_id].id for entry_id in entry_ids]
    on_items = update(Remark).where(Remark.item_id.in_(items))
    matter.session.execute(on_items.values(item_id=None))  # what was said of them stays, in general
    if matter.meeting and matter.meeting.current_item_id in items:
        matter.meeting.current_item_id = None
        matter.session.flush()
    matter.session.execute(delete(BallotItem).where(BallotItem.id.in_(items)))


def forget_motions(session: Session, ballot_id: int) -> None:
    """Take away the motions on a ballot with what they made, as the ballot is taken away; the ledger keeps them."""
    motions = select(Motion.id).where(Motion.ballot_id == ballot_id)
    mergers = select(Merger.id).where(Merger.motion_id.in_(motions))
    session.execute(delete(MergedEntry).where(MergedEntry.merger_id.in_(mergers)))
    session.execute(delete(Merger).where(Merger.motion_id.in_(motions)))
    session.execute(delete(MotionVote).where(MotionVote.motion_id.in_(motions)))
    session.execute(delete(Motion).where(Motion.ballot_id == ballot_id))


def refuse(field: str, text: str) -> None:
    """Raise InvalidInput for one field."""
    raise InvalidInput({field: Message(text)})


def refuse_if(matter: Matter, wrong: Iterable[int], text: str) -> None:
    """Raise InvalidInput that names the entries, if there are any."""
    codes = sorted(matter.entries[entry_id].code for entry_id in wrong)
    if codes:
        raise InvalidInput({"entries": Message(text, {"codes": list_codes(codes)})})
