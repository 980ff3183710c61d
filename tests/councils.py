"""A council and its ballot, for the tests of the vote."""

import json
from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import selectinload

from app.domain.contests import ContestState
from app.domain.motions import MotionKind
from app.domain.results import Choice, Office, Outcome
from app.models import Ballot, BallotItem, Contest, LedgerEvent, Motion, User, Vote
from app.services.ballot_turns import (
    CloseWithoutVote,
    TurnBack,
    close_without_vote,
    reopen_ballot,
    withdraw_ballot,
)
from app.services.ballots import (
    CastVotes,
    CloseBallot,
    OpenBallot,
    cast_votes,
    close_ballot,
    open_ballot,
)
from tests.builders import NOW, World
from tests.motions import carry, proposed

LATER = NOW + timedelta(hours=1)


class Council:
    """A contest with a computed result and a council of three (quorum of three)."""

    def __init__(self, world: World, members: int = 3) -> None:
        self.world = world
        self.contest = world.contest(ContestState.SCORED)
        self.entries = [world.entry(self.contest) for _ in range(5)]
        outcomes = (*[Outcome.SELECTED] * 2, *[Outcome.REACHED] * 2, Outcome.BELOW)
        values = (9000, 8500, 8000, 7500, 6000)
        world.computed(self.contest, *zip(self.entries, outcomes, values, strict=True))
        self.organiser = world.organiser(world.territory("Lâm Đồng"))
        self.users = [world.user(f"Ủy viên {number}") for number in range(members)]
        self.seats = [
            world.council_member(self.contest, Office.MEMBER if number else Office.CHAIR, user)
            for number, user in enumerate(self.users)
        ]

    def do(self, service: Any, command: Any, by: User | None = None) -> Any:
        with self.world.session() as session:
            return service(session, command, actor=self.world.actor(by or self.organiser), now=LATER)

    def open(self, place: str = "Sở Công Thương", by: User | None = None) -> None:
        self.do(open_ballot, OpenBallot(self.contest.id, place), by)

    def add(
        self, entry: int, reason: str = "Cùng điểm với sản phẩm được chọn.", by: User | None = None
    ) -> None:
        """Have the council carry, by all hands, that an entry joins the ballot."""
        self.carry(MotionKind.ADD, entry, reason=reason, by=by or self.organiser)

    def carry(self, kind: MotionKind, *entries: int, by: User | None = None, **fields: Any) -> Motion:
        """Have the council carry a motion on entries, by their number, with all hands."""
        names = {"reason", "by_hands", "proposer"}
        content = {name: value for name, value in fields.items() if name not in names}
        proposal = proposed(kind, *(self.entries[number].id for number in entries), **content)
        beside = {name: value for name, value in fields.items() if name in names}
        votes = fields.get("votes", len(self.users))
        by = by or self.organiser
        return carry(self.world, self.contest, by, proposal, votes=votes, now=LATER, **beside)

    def vote(self, member: int, *choices: Choice, entries: Sequence[int] = (0, 1, 2)) -> None:
        chosen = {self.entries[n].id: choice for n, choice in zip(entries, choices, strict=False)}
        seen = {self.entries[n].id: choice for (who, n), choice in self.votes.items() if who == member}
        self.do(cast_votes, CastVotes(self.contest.id, chosen, seen), self.users[member])

    def close(self, note: str = "Hội đồng thống nhất.", by: User | None = None) -> None:
        self.do(close_ballot, CloseBallot(self.contest.id, note), by)

    def without_vote(self, place: str = "Sở Công Thương", reason: str = "Không sản phẩm nào đạt.") -> None:
        self.do(close_without_vote, CloseWithoutVote(self.contest.id, place, reason))

    def withdraw(self, reason: str = "Mở nhầm.", by: User | None = None) -> None:
        self.do(withdraw_ballot, TurnBack(self.contest.id, reason), by)

    def reopen(self, reason: str = "Đếm thiếu phiếu.", by: User | None = None) -> None:
        self.do(reopen_ballot, TurnBack(self.contest.id, reason), by)

    @property
    def state(self) -> ContestState:
        return self.world.get(Contest, self.contest.id).state

    @property
    def ballot(self) -> Ballot:
        found: Ballot
        [found] = self.world.all(select(Ballot).options(selectinload(Ballot.items)))
        return found

    @property
    def votes(self) -> dict[tuple[int, int], Choice]:
        """(number of the member, number of the entry) -> choice."""
        with self.world.session() as session:
            rows = session.execute(
                select(Vote.member_id, BallotItem.entry_id, Vote.choice).join(
                    BallotItem, BallotItem.id == Vote.item_id
                )
            ).all()
        members, entries = [seat.id for seat in self.seats], [entry.id for entry in self.entries]
        return {(members.index(member), entries.index(entry)): choice for member, entry, choice in rows}

    @property
    def counts(self) -> list[tuple[Any, ...]]:
        entries = [entry.id for entry in self.entries]
        return sorted(
            (entries.index(item.entry_id), item.yes, item.no, item.abstain, item.carried)
            for item in self.ballot.items
        )

    @property
    def events(self) -> list[tuple[str, dict[str, Any]]]:
        rows = self.world.all(select(LedgerEvent).order_by(LedgerEvent.id))
        return [(row.action, json.loads(row.details)) for row in rows]
