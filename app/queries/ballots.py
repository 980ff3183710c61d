"""A contest's ballot: its entries, who may not vote on which, who has voted; counts only once it is closed."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from app.domain.ballot_prizes import GivenPrize, JuryPrize, count_prizes, overfull, unsettled
from app.domain.ballots import ADDABLE, TIED_REASON, has_votable, has_voted, is_complete, votes_needed
from app.domain.permissions import Actor, Permission
from app.domain.results import Office, Outcome, quorum_of
from app.domain.rules import ContestRules, PrizeBy, PrizeRule
from app.domain.vietnamese import person_sort_key
from app.models import (
    Ballot,
    BallotItem,
    CouncilMember,
    Entry,
    Facility,
    Product,
    Result,
    User,
    Vote,
)
from app.queries.ballot_turns import Turn, turns_of
from app.queries.computations import deciding_computation
from app.queries.contests import ContestHead
from app.queries.own_facilities import belongs_to_facility
from app.queries.polls import meeting_of
from app.queries.results import ResultRow, ResultsPage, results_page


@dataclass(frozen=True)
class Counts:
    """How an entry fared; known only once the ballot is closed."""

    yes: int
    no: int
    abstain: int
    carried: bool


@dataclass(frozen=True)
class BallotLine:
    """An entry on the ballot, with the jury's result."""

    row: ResultRow
    on_jury_list: bool
    reason: str
    counts: Counts | None
    given: GivenPrize

    @property
    def prize(self) -> str | None:
        """The class of prize that the entry is given, by code; none for an entry that was not carried."""
        return self.given.prize if self.counts is None or self.counts.carried else None

    @property
    def is_tied(self) -> bool:
        """Whether it is on the ballot because the marks could not choose, not because somebody added it."""
        return not self.on_jury_list and self.reason == TIED_REASON


@dataclass(frozen=True)
class BallotPage:
    """A ballot as everybody in the council sees it."""

    id: int
    place: str
    members: int
    quorum: int
    opened_at: datetime
    closed_at: datetime | None
    note: str
    is_met_on: bool  # voted on in a meeting of the council
    lines: tuple[BallotLine, ...]  # by rank, then by code
    turns: tuple[Turn, ...]  # oldest first
    rules: ContestRules

    @property
    def is_open(self) -> bool:
        """Whether votes are still taken."""
        return self.closed_at is None

    @property
    def votes_needed(self) -> int:
        """The fewest yes votes that carry an entry if every member votes on it."""
        return votes_needed(self.members)

    @property
    def prizes(self) -> tuple[tuple[PrizeRule, int], ...]:
        """How many entries have each class of prize, best first; nothing where the rules have no classes."""
        return count_prizes(self.rules, (line.prize for line in self.lines))

    @property
    def unsettled(self) -> list[str]:
        """Codes of the entries whose prize the marks could not tell, and the council has not settled."""
        return unsettled(line.given for line in self.lines)

    @property
    def overfull(self) -> dict[PrizeRule, list[str]]:
        """Classes of prize that more entries have than the rules give, with their codes."""
        return overfull(self.rules, (line.given for line in self.lines))

    @property
    def freed(self) -> tuple[BallotLine, ...]:
        """Entries that were not carried, so that their place in a class of prize is free."""
        if self.rules.prize_by is not PrizeBy.RANK:
            return ()
        return tuple(line for line in self.lines if line.given.prize and line.prize is None)


@dataclass(frozen=True)
class Attendance:
    """A member of the council, and whether they have voted on all that is open to them; never how."""

    name: str
    office: Office
    position: str
    has_voted: bool
    has_begun: bool  # a product that was added later may still wait for their vote


@dataclass(frozen=True)
class BallotDesk:
    """The ballot as its organiser runs it."""

    results: ResultsPage
    ballot: BallotPage | None
    members: tuple[Attendance, ...]

    @property
    def contest(self) -> ContestHead:
        """The contest."""
        return self.results.contest

    @property
    def may_manage(self) -> bool:
        """Whether the reader may run the ballot, not only look on."""
        return self.contest.may(Permission.BALLOT_MANAGE)

    @property
    def quorum(self) -> int:
        """How many members must vote, of those appointed now."""
        return quorum_of(len(self.members), self.contest.rules.quorum_percent)

    @property
    def council_is_complete(self) -> bool:
        """Whether the council can vote."""
        has_chair = any(member.office is Office.CHAIR for member in self.members)
        return is_complete(len(self.members), has_chair=has_chair)

    @property
    def has_votable(self) -> bool:
        """Whether any product reached the threshold."""
        return has_votable(row.outcome for row in self.results.rows)

    @property
    def addable(self) -> tuple[ResultRow, ...]:
        """Entries that can still be put to the vote."""
        standing = {line.row.entry_id for line in self.ballot.lines} if self.ballot else set()
        return tuple(
            row for row in self.results.rows if row.outcome in ADDABLE and row.entry_id not in standing
        )

    @property
    def voted(self) -> int:
        """How many members have voted on all that is open to them."""
        return sum(member.has_voted for member in self.members)

    @property
    def voters(self) -> int:
        """How many members have a vote on anything."""
        return sum(member.has_begun for member in self.members)

    @property
    def can_close(self) -> bool:
        """Whether enough members have voted to close the ballot; until then it can be withdrawn.

        Of a ballot that is voted on in a meeting the meeting's own pages know it.
        """
        ballot = self.ballot
        return ballot is not None and not ballot.is_met_on and self.voted >= ballot.quorum


def ballot_desk(
    session: Session, actor: Actor, contest_id: int, permission: Permission = Permission.CONTEST_VIEW
) -> BallotDesk:
    """The ballot of a contest for whoever may do this in it; errors as of `results_page`."""
    results = results_page(session, actor, contest_id, permission)
    ballot = ballot_of(session, results)
    return BallotDesk(results, ballot, _attendance(session, contest_id, ballot))


def ballot_of(session: Session, results: ResultsPage) -> BallotPage | None:
    """The ballot on a result; None before it is opened."""
    ballot = session.scalars(
        select(Ballot)
        .where(Ballot.contest_id == results.contest.id)
        .options(selectinload(Ballot.items))
        .execution_options(populate_existing=True)
    ).one_or_none()
    if ballot is None:
        return None
    items = {item.entry_id: item for item in ballot.items}
    return BallotPage(
        id=ballot.id,
        place=ballot.place,
        members=ballot.members,
        quorum=ballot.quorum,
        opened_at=ballot.opened_at,
        closed_at=ballot.closed_at,
        note=ballot.closing_note,
        is_met_on=meeting_of(session, ballot.contest_id) is not None,
        lines=tuple(_line(row, items[row.entry_id]) for row in results.rows if row.entry_id in items),
        turns=turns_of(session, ballot.contest_id),
        rules=results.contest.rules,
    )


def _line(row: ResultRow, item: BallotItem) -> BallotLine:
    counts = None
    if item.yes is not None and item.no is not None and item.abstain is not None:
        counts = Counts(item.yes, item.no, item.abstain, carried=bool(item.carried))
    jury = JuryPrize(row.jury.prize, row.jury.prize_tied)
    given = GivenPrize(row.code, jury, item.prize, item.prize_reason)
    return BallotLine(row, item.on_jury_list, item.reason, counts, given)


def _attendance(session: Session, contest_id: int, ballot: BallotPage | None) -> tuple[Attendance, ...]:
    rows = session.execute(
        select(CouncilMember.id, User.name, CouncilMember.office, CouncilMember.position)
        .join(User, User.id == CouncilMember.user_id)
        .where(CouncilMember.contest_id == contest_id)
    )
    voted_on: defaultdict[int, set[int]] = defaultdict(set)
    votes = select(Vote.member_id, BallotItem.entry_id).join(BallotItem, BallotItem.id == Vote.item_id)
    in_contest = votes.join(Ballot, Ballot.id == BallotItem.ballot_id).where(Ballot.contest_id == contest_id)
    for member_id, entry_id in session.execute(in_contest):
        voted_on[member_id].add(entry_id)
    barred = barred_from(session, contest_id)
    on_ballot = [line.row.entry_id for line in ballot.lines] if ballot else []
    members = [
        Attendance(
            name,
            office,
            position,
            has_voted(voted_on[member_id], on_ballot, barred[member_id]),
            bool(voted_on[member_id]),
        )
        for member_id, name, office, position in rows
    ]
    offices = list(Office)
    return tuple(sorted(members, key=lambda one: (offices.index(one.office), person_sort_key(one.name))))


def outcomes_of(session: Session, contest_id: int) -> dict[int, Outcome]:
    """Outcome of each entry in the computation that decides, by rank."""
    rows = session.execute(
        select(Result.entry_id, Result.outcome)
        .where(Result.computation_id == deciding_computation(contest_id))
        .order_by(Result.rank, Result.entry_id)
    )
    return {row.entry_id: row.outcome for row in rows}


def barred_from(session: Session, contest_id: int) -> Mapping[int, frozenset[int]]:
    """For each council member, the entries of their own facility: they do not vote on those."""
    rows = session.execute(
        select(CouncilMember.id, Entry.id)
        .join(User, User.id == CouncilMember.user_id)
        .join(Entry, Entry.contest_id == CouncilMember.contest_id)
        .join(Product, Product.id == Entry.product_id)
        .join(Facility, Facility.id == Product.facility_id)
        .where(CouncilMember.contest_id == contest_id, belongs_to_facility())
    )
    found: defaultdict[int, set[int]] = defaultdict(set)
    for member_id, entry_id in rows:
        found[member_id].add(entry_id)
    return defaultdict(frozenset, {member: frozenset(entries) for member, entries in found.items()})
