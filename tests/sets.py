"""A contest whose council joins products into a set, for the tests of sets on lists, documents and the way up."""

from typing import Any

from sqlalchemy import select

from app.domain.motions import MotionKind
from app.domain.results import Choice, Office
from app.models import Ballot, BallotItem, CouncilMember, Motion, User, Vote
from app.services.ballots import CastVotes, CloseBallot, OpenBallot, cast_votes, close_ballot, open_ballot
from tests.awards import Award, issue, sign
from tests.builders import NOW, World
from tests.bundles import closed
from tests.motions import carry, proposed

NAME = "Bộ trà sen Tân Hòa"


class Sets:
    """Four products of one facility and one of another, 90 points downwards, quota of three; a council of two."""

    def __init__(
        self,
        world: World,
        totals: tuple[int, ...] = (9000, 8500, 8000, 7500, 7200),
        members: int = 2,
        **rules: Any,
    ) -> None:
        self.world = world
        maker, other = world.facility("Hợp tác xã Sen Vàng"), world.facility("Cơ sở Gốm Đỏ")
        names = ("Trà sen", "Gốm đỏ", "Trà sen ướp", "Tim sen", "Hạt sen")
        self.products = [
            world.product(other if name.startswith("Gốm") else maker, f"{name} {number}")
            for number, name in enumerate(names, start=1)
        ]
        rules = {"quota": 3, "min_sheets": 1} | rules
        self.award: Award = closed(
            world, [[total] for total in totals], products=self.products, rules=rules, opened=True
        )
        self.contest, self.entries = self.award.contest, self.award.entries
        self.members: list[CouncilMember] = [
            world.council_member(self.contest, office)
            for office in (Office.CHAIR, Office.SECRETARY, Office.MEMBER)[:members]
        ]

    def open(self, place: str = "Phòng họp số 2") -> "Sets":
        self.do(open_ballot, OpenBallot(self.contest.id, place))
        return self

    def do(self, service: Any, command: Any, by: User | None = None) -> Any:
        with self.world.session() as session:
            actor = self.world.actor(by or self.award.organiser)
            return service(session, command, actor=actor, now=NOW)

    def carry(self, kind: MotionKind, *entries: int, **content: Any) -> Motion:
        """Have all members carry a motion on entries, by their number."""
        proposal = proposed(kind, *(self.entries[number].id for number in entries), **content)
        return carry(self.world, self.contest, self.award.organiser, proposal, votes=len(self.members))

    def join(self, *entries: int, name: str = NAME) -> Motion:
        """Have them joined into a set."""
        return self.carry(MotionKind.MERGE, *entries, name=name)

    def vote(self, **choices: Choice) -> None:
        """Let all members vote yes on everything, or as said of an entry (`e2=…`)."""
        for member in range(len(self.members)):
            self.vote_of(member, **choices)

    def vote_of(self, member: int, **choices: Choice) -> None:
        """Let one member vote so, whatever stood."""
        said = {self.entries[int(name[1:])].id: choice for name, choice in choices.items()}
        chosen = {entry_id: said.get(entry_id, Choice.YES) for entry_id in self.on_ballot_ids}
        seat = self.members[member]
        own = select(BallotItem.entry_id, Vote.choice).join(Vote).where(Vote.member_id == seat.id)
        with self.world.session() as session:
            seen = dict(session.execute(own).all())
        command = CastVotes(self.contest.id, chosen, seen)
        self.do(cast_votes, command, self.world.user_of(seat.user_id))

    def close(self) -> None:
        """Count the votes."""
        self.do(close_ballot, CloseBallot(self.contest.id, "Hội đồng thống nhất."))

    def finish(self) -> "Sets":
        """Vote, close, publish, decide and issue."""
        self.vote()
        self.close()
        sign(self.award)
        issue(self.award)
        return self

    @property
    def on_ballot_ids(self) -> list[int]:
        in_contest = Ballot.contest_id == self.contest.id
        statement = select(BallotItem.entry_id).join(Ballot).where(in_contest).order_by(BallotItem.entry_id)
        return list(self.world.all(statement))

    @property
    def on_ballot(self) -> list[int]:
        """What is voted on, by number."""
        numbers = {entry.id: number for number, entry in enumerate(self.entries)}
        return sorted(numbers[entry_id] for entry_id in self.on_ballot_ids)
