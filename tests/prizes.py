"""A contest with classes of prize and its council, for the tests of the prizes on the ballot."""

import json
from collections.abc import Sequence
from typing import Any

from sqlalchemy import select

from app.domain.motions import MotionKind, Proposal
from app.domain.results import Choice, Office
from app.domain.rules import PrizeRule
from app.models import Ballot, BallotItem, LedgerEvent, User
from app.services.ballot_turns import TurnBack, reopen_ballot
from app.services.ballots import (
    CastVotes,
    CloseBallot,
    OpenBallot,
    cast_votes,
    close_ballot,
    open_ballot,
)
from tests.awards import Award, scored
from tests.browsing import Browser
from tests.builders import NOW, World
from tests.motions import carry, proposed

PRIZES = (
    PrizeRule("1", "Giải A", "Prize A", 1),
    PrizeRule("2", "Giải B", "Prize B", 2),
    PrizeRule("3", "Giải khuyến khích", "Encouragement", 1),
)
TOTALS = (9500, 9000, 8900, 8900, 8000)  # A, B, and two tied between B and encouragement, one without
WHY = "Hội đồng xét thêm mẫu mã của sản phẩm."


def prized(world: World, totals: Sequence[int], prizes: Sequence[PrizeRule] = PRIZES, **rules: Any) -> Award:
    """A scored contest with these classes of prize, one sheet for each entry."""
    return scored(world, [[total] for total in totals], rules={"prizes": tuple(prizes), **rules})


class PrizeCouncil:
    """A council of two that votes on a scored contest; entries by their number, in the order of registration."""

    def __init__(self, award: Award) -> None:
        self.award, self.world, self.contest = award, award.world, award.contest
        self.members = [self.world.user(name) for name in ("Võ Thị Nhàn", "Phạm Quốc Khánh")]
        for office, user in zip((Office.CHAIR, Office.SECRETARY), self.members, strict=True):
            self.world.council_member(self.contest, office, user)

    def do(self, service: Any, command: Any, by: User | None = None) -> Any:
        """Have the organiser, or somebody else, do one thing."""
        with self.world.session() as session:
            actor = self.world.actor(by or self.award.organiser)
            return service(session, command, actor=actor, now=NOW)

    def open(self) -> "PrizeCouncil":
        """Open the ballot."""
        self.do(open_ballot, OpenBallot(self.contest.id, "Phòng họp số 2"))
        return self

    def add(self, entry: int) -> None:
        """Put one more entry to the vote."""
        self.carry(proposed(MotionKind.ADD, self.award.entries[entry].id))

    def settle(self, entry: int, prize: str | None, reason: str = WHY, by: User | None = None) -> None:
        """Have both members carry a motion about a prize."""
        proposal = proposed(MotionKind.PRIZE, self.award.entries[entry].id, prize=prize)
        self.carry(proposal, reason=reason, by=by)

    def carry(self, proposal: Proposal, *, reason: str = WHY, by: User | None = None) -> None:
        """Have both members carry a motion."""
        carry(self.world, self.contest, by or self.award.organiser, proposal, reason=reason)

    def vote(self, *against: int) -> None:
        """Let both members vote yes on everything but these."""
        rejected = [self.award.entries[number].id for number in against]
        in_contest = Ballot.contest_id == self.contest.id
        on_ballot = self.world.all(select(BallotItem.entry_id).join(Ballot).where(in_contest))
        choices = {entry: Choice.NO if entry in rejected else Choice.YES for entry in on_ballot}
        for member in self.members:
            self.do(cast_votes, CastVotes(self.contest.id, choices), member)

    def close(self, note: str = "Hội đồng thống nhất.") -> None:
        """Count the votes."""
        self.do(close_ballot, CloseBallot(self.contest.id, note))

    def reopen(self) -> None:
        """Take votes again."""
        self.do(reopen_ballot, TurnBack(self.contest.id, "Xét lại hạng giải."))

    @property
    def items(self) -> dict[int, tuple[str | None, str]]:
        """Number of the entry -> its prize on the ballot and the reason."""
        numbers = {entry.id: number for number, entry in enumerate(self.award.entries)}
        items = self.world.all(select(BallotItem).order_by(BallotItem.entry_id))
        return {numbers[item.entry_id]: (item.prize, item.prize_reason) for item in items}

    def events(self, action: str) -> list[dict[str, Any]]:
        """What the ledger says of these acts."""
        statement = select(LedgerEvent).where(LedgerEvent.action == action).order_by(LedgerEvent.id)
        return [json.loads(event.details) for event in self.world.all(statement)]


def at_the_ballot(world: World, browser: Browser) -> PrizeCouncil:
    """An open ballot, its organiser at the browser."""
    council = PrizeCouncil(prized(world, TOTALS)).open()
    browser.sign_in(council.award.organiser)
    return council


def closed(council: PrizeCouncil, *against: int) -> PrizeCouncil:
    """Settle the tied prizes, vote and close."""
    council.settle(2, "2")
    council.settle(3, "3")
    council.vote(*against)
    council.close()
    return council
