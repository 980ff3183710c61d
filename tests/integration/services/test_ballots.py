"""The council's ballot."""

import json
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import selectinload

from app.domain.contests import ContestState
from app.domain.errors import IllegalState, InvalidInput, NotFound, NotPermitted
from app.domain.permissions import Role
from app.domain.results import Choice, Outcome
from app.models import Ballot, BallotItem, Contest, LedgerEvent, Membership, Product, User, Vote
from app.services.ballots import (
    AddToBallot,
    CastVotes,
    CloseBallot,
    OpenBallot,
    add_to_ballot,
    cast_votes,
    close_ballot,
    open_ballot,
)
from tests.builders import NOW, World

LATER = NOW + timedelta(hours=1)
YES, NO, ABSTAIN = Choice.YES, Choice.NO, Choice.ABSTAIN


class Council:
    """A contest with a computed result and a council of three (quorum of three)."""

    def __init__(self, world: World, members: int = 3) -> None:
        self.world = world
        self.contest = world.contest(ContestState.SCORED)
        self.entries = [world.entry(self.contest) for _ in range(5)]
        outcomes = (Outcome.SELECTED, Outcome.SELECTED, Outcome.TIED, Outcome.REACHED, Outcome.BELOW)
        values = (9000, 8500, 8000, 7500, 6000)
        world.computed(self.contest, *zip(self.entries, outcomes, values, strict=True))
        self.organiser = world.organiser(world.territory("Lâm Đồng"))
        self.users = [world.user(f"Ủy viên {number}") for number in range(members)]
        self.seats = [world.council_member(self.contest, user=user) for user in self.users]

    def do(self, service: Any, command: Any, by: User | None = None) -> Any:
        with self.world.session() as session:
            return service(session, command, actor=self.world.actor(by or self.organiser), now=LATER)

    def open(self, place: str = "Sở Công Thương", by: User | None = None) -> None:
        self.do(open_ballot, OpenBallot(self.contest.id, place), by)

    def add(
        self, entry: int, reason: str = "Cùng điểm với sản phẩm được chọn.", by: User | None = None
    ) -> None:
        self.do(add_to_ballot, AddToBallot(self.contest.id, self.entries[entry].id, reason), by)

    def vote(self, member: int, *choices: Choice, entries: Sequence[int] = (0, 1, 2)) -> None:
        chosen = {self.entries[n].id: choice for n, choice in zip(entries, choices, strict=False)}
        self.do(cast_votes, CastVotes(self.contest.id, chosen), self.users[member])

    def close(self, note: str = "", by: User | None = None) -> None:
        self.do(close_ballot, CloseBallot(self.contest.id, note), by)

    @property
    def state(self) -> ContestState:
        return self.world.get(Contest, self.contest.id).state  # type: ignore[no-any-return]

    @property
    def ballot(self) -> Ballot:
        [found] = self.world.all(select(Ballot).options(selectinload(Ballot.items)))
        return found  # type: ignore[no-any-return]

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


@pytest.fixture
def council(world: World) -> Council:
    return Council(world)


def test_the_ballot_opens_on_what_the_jury_selected(council: Council) -> None:
    council.open()

    ballot, selected = council.ballot, [entry.id for entry in council.entries[:2]]
    assert (ballot.place, ballot.members, ballot.quorum, ballot.opened_at) == ("Sở Công Thương", 3, 3, LATER)
    assert sorted((item.entry_id, item.on_jury_list) for item in ballot.items) == [
        (id_, True) for id_ in selected
    ]
    assert council.state is ContestState.VOTING
    details = {"place": "Sở Công Thương", "members": 3, "quorum": 3, "entries": selected}
    assert council.events == [("ballot:open", details)]


def test_the_newest_computation_counts(council: Council, world: World) -> None:
    world.computed(council.contest, (council.entries[4], Outcome.SELECTED, 9500))

    council.open()

    assert [item.entry_id for item in council.ballot.items] == [council.entries[4].id]


def test_a_contest_without_a_council_cannot_vote(world: World) -> None:
    council = Council(world, members=0)

    with pytest.raises(IllegalState, match="Appoint the council"):
        council.open()

    assert council.state is ContestState.SCORED


@pytest.mark.parametrize("place", ["", "x" * 201])
def test_a_ballot_has_a_place(council: Council, place: str) -> None:
    with pytest.raises(InvalidInput) as caught:
        council.open(place)

    assert list(caught.value.fields) == ["place"]


def test_a_ballot_opens_once_and_only_after_scoring(council: Council, world: World) -> None:
    council.open()
    with pytest.raises(IllegalState):
        council.open()

    early = Council(world)
    early.contest = world.contest(ContestState.SCORING)
    with pytest.raises(IllegalState):
        early.open()


def test_only_the_organiser_of_the_territory_runs_the_ballot(council: Council, world: World) -> None:
    stranger = world.organiser(world.territory("An Giang"))
    for user in (stranger, council.users[0], world.user()):
        with pytest.raises(NotFound):
            council.open(by=user)
    council.open()
    for user in (stranger, council.users[0], world.user()):
        with pytest.raises(NotFound):
            council.add(2, by=user)
        with pytest.raises(NotFound):
            council.close(by=user)


def test_a_tied_or_reached_entry_joins_the_ballot_with_a_reason(council: Council) -> None:
    council.open()

    council.add(2)
    council.add(3, "Đề nghị của Tổ thư ký.")

    added = [(item.entry_id, item.reason) for item in council.ballot.items if not item.on_jury_list]
    assert added == [
        (council.entries[2].id, "Cùng điểm với sản phẩm được chọn."),
        (council.entries[3].id, "Đề nghị của Tổ thư ký."),
    ]
    assert council.events[-1] == (
        "ballot:add",
        {"entry_id": council.entries[3].id, "outcome": "reached", "reason": "Đề nghị của Tổ thư ký."},
    )


def test_what_cannot_join_the_ballot_is_refused(council: Council, world: World) -> None:
    with pytest.raises(IllegalState, match="not open"):
        council.add(2)
    council.open()
    council.add(2)

    with pytest.raises(IllegalState, match="on the ballot already"):
        council.add(2)
    with pytest.raises(IllegalState, match="reached the threshold"):
        council.add(4)
    with pytest.raises(IllegalState, match="reached the threshold"):
        council.add(0)
    with pytest.raises(InvalidInput) as caught:
        council.add(3, reason="")
    assert list(caught.value.fields) == ["reason"]
    council.entries.append(world.entry(world.contest()))
    with pytest.raises(NotFound):
        council.add(5)


def test_a_vote_can_be_changed_and_each_change_is_on_record(council: Council) -> None:
    council.open()
    first, second = (str(entry.id) for entry in council.entries[:2])

    council.vote(0, YES, NO)
    council.vote(0, YES, ABSTAIN)
    council.vote(0, YES, ABSTAIN)

    assert council.votes == {(0, 0): YES, (0, 1): ABSTAIN}
    assert council.events[1:] == [
        ("ballot:vote", {"changes": {first: [None, "yes"], second: [None, "no"]}}),
        ("ballot:vote", {"changes": {second: ["no", "abstain"]}}),
    ]


def test_a_vote_with_gaps_is_refused_whole(council: Council) -> None:
    council.open()

    with pytest.raises(InvalidInput) as caught:
        council.vote(0, YES)

    assert list(caught.value.fields) == [f"choice_{council.entries[1].id}"]
    assert council.votes == {}


def test_only_members_of_this_council_vote_and_only_on_the_ballot(council: Council, world: World) -> None:
    council.open()
    stranger = world.user()
    world.council_member(world.contest(ContestState.VOTING), user=stranger)
    council.users += [stranger, council.organiser]

    for member in (3, 4):
        with pytest.raises(NotFound):
            council.vote(member, YES, YES)
    with pytest.raises(NotFound):
        council.vote(0, YES, YES, YES)

    assert council.votes == {}


def test_nobody_votes_on_a_product_of_their_own_facility(council: Council, world: World) -> None:
    facility_id = world.get(Product, council.entries[1].product_id).facility_id
    world.add(
        Membership(
            user_id=council.users[0].id, role=Role.FACILITY_USER, facility_id=facility_id, created_at=NOW
        )
    )
    council.open()

    with pytest.raises(NotPermitted):
        council.vote(0, YES, YES)
    council.vote(0, YES)

    assert council.votes == {(0, 0): YES}


def test_no_vote_is_taken_before_the_ballot_opens_or_after_it_closes(council: Council) -> None:
    with pytest.raises(IllegalState, match="not open"):
        council.vote(0, YES, YES)
    council.open()
    for member in range(3):
        council.vote(member, YES, YES)
    council.close()

    with pytest.raises(IllegalState, match="not open"):
        council.vote(0, NO, NO)
    with pytest.raises(IllegalState, match="not open"):
        council.close()


def test_closing_counts_the_votes(council: Council) -> None:
    council.open()
    council.add(2)
    council.vote(0, YES, YES, NO)
    council.vote(1, YES, YES, NO)
    council.vote(2, NO, YES, ABSTAIN)

    council.close("Đủ số phiếu.")

    assert council.counts == [(0, 2, 1, 0, True), (1, 3, 0, 0, True), (2, 0, 2, 1, False)]
    ballot = council.ballot
    assert (ballot.closed_at, ballot.closing_note, council.state) == (
        LATER,
        "Đủ số phiếu.",
        ContestState.VOTED,
    )
    ids = [str(entry.id) for entry in council.entries]
    counts = {ids[0]: [2, 1, 0, True], ids[1]: [3, 0, 0, True], ids[2]: [0, 2, 1, False]}
    assert council.events[-1] == ("ballot:close", {"note": "Đủ số phiếu.", "counts": counts})


def test_half_the_votes_carry_nothing(world: World) -> None:
    council = Council(world, members=2)
    council.open()
    council.vote(0, YES, YES)
    council.vote(1, NO, ABSTAIN)

    council.close("Không quá nửa.")

    assert council.counts == [(0, 1, 1, 0, False), (1, 1, 0, 1, False)]


def test_a_ballot_needs_its_quorum(council: Council) -> None:
    council.open()
    council.vote(0, YES, YES)
    council.vote(1, YES, YES)

    with pytest.raises(IllegalState, match="2 of 3 members"):
        council.close()

    assert (council.state, council.counts) == (
        ContestState.VOTING,
        [(0, None, None, None, None), (1, None, None, None, None)],
    )


def test_whoever_has_not_voted_on_an_added_entry_does_not_make_the_quorum(council: Council) -> None:
    council.open()
    for member in range(3):
        council.vote(member, YES, YES)
    council.add(2)

    with pytest.raises(IllegalState, match="0 of 3 members"):
        council.close()
    for member in range(3):
        council.vote(member, YES, YES, NO)
    council.close()

    assert council.state is ContestState.VOTED


@pytest.mark.parametrize("choices", [(NO, YES, NO), (YES, YES, YES)], ids=["dropped", "added"])
def test_a_change_to_the_jury_s_list_needs_a_written_reason(
    council: Council, choices: tuple[Choice, ...]
) -> None:
    council.open()
    council.add(2)
    for member in range(3):
        council.vote(member, *choices)

    with pytest.raises(InvalidInput) as caught:
        council.close()
    assert list(caught.value.fields) == ["note"]
    assert (council.state, council.ballot.closed_at) == (ContestState.VOTING, None)
    council.close("Hội đồng đề nghị.")

    assert council.state is ContestState.VOTED


def test_a_jury_s_list_without_entries_can_be_closed(world: World) -> None:
    council = Council(world)
    world.computed(council.contest, (council.entries[0], Outcome.BELOW, 6000))
    council.open()

    council.close()

    assert (council.state, council.counts) == (ContestState.VOTED, [])


def test_one_member_voting_in_many_tabs_at_once_has_one_vote(council: Council, world: World) -> None:
    council.open()
    actor, together = world.actor(council.users[0]), Barrier(8)
    chosen = {entry.id: YES for entry in council.entries[:2]}

    def cast(_tab: int) -> None:
        together.wait()
        with world.session() as session:
            cast_votes(session, CastVotes(council.contest.id, chosen), actor=actor, now=LATER)

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(cast, range(8)))

    assert council.votes == {(0, 0): YES, (0, 1): YES}
    assert [action for action, _details in council.events] == ["ballot:open", "ballot:vote"]
