"""The council's votes: casting them, and closing the ballot."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from sqlalchemy import text

from app.domain.contests import ContestState
from app.domain.errors import IllegalState, InvalidInput, NotFound, NotPermitted, StaleVersion
from app.domain.messages import Message
from app.domain.permissions import Role
from app.domain.results import Choice, Outcome
from app.models import Membership, Product
from app.services.ballots import CastVotes, cast_votes
from tests.builders import NOW, World
from tests.councils import LATER, Council

YES, NO, ABSTAIN = Choice.YES, Choice.NO, Choice.ABSTAIN


@pytest.fixture
def council(world: World) -> Council:
    return Council(world)


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
    action, details = council.events[-1]
    del details["seals"]
    assert (action, details) == ("ballot:close", {"note": "Đủ số phiếu.", "counts": counts, "ties": []})


@pytest.mark.parametrize(
    "forgery",
    [
        "UPDATE votes SET choice = 'no' WHERE choice = 'yes'",
        "DELETE FROM votes WHERE choice = 'abstain'",
    ],
    ids=["another choice", "a vote less"],
)
def test_votes_that_were_changed_behind_the_ledger_are_not_counted(
    council: Council, world: World, forgery: str
) -> None:
    council.open()
    for member, choices in enumerate(((YES, YES), (YES, ABSTAIN), (NO, YES))):
        council.vote(member, *choices)
    council.vote(0, NO, YES)
    with world.session() as session:
        session.execute(text(forgery))

    with pytest.raises(IllegalState):
        council.close()

    assert council.state is ContestState.VOTING


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


@pytest.mark.parametrize(
    "choices",
    [(YES, YES, NO), (NO, YES, NO), (YES, YES, YES)],
    ids=["as the jury", "dropped", "added"],
)
def test_closing_without_a_conclusion_tells_nothing_of_the_votes(
    council: Council, choices: tuple[Choice, ...]
) -> None:
    council.open()
    council.add(2)
    for member in range(3):
        council.vote(member, *choices)

    with pytest.raises(InvalidInput) as caught:
        council.close(note="")
    assert caught.value.fields == {
        "note": Message("Write the council’s conclusion: it is printed in the minutes.")
    }
    assert (council.state, council.ballot.closed_at) == (ContestState.VOTING, None)
    council.close("Hội đồng đề nghị.")

    assert council.state is ContestState.VOTED


def test_a_ballot_with_nothing_on_it_does_not_close(world: World) -> None:
    council = Council(world)
    world.computed(council.contest, (council.entries[0], Outcome.REACHED, 7500))
    council.open()

    with pytest.raises(IllegalState, match="No product is on the ballot"):
        council.close()

    assert council.state is ContestState.VOTING


def test_a_vote_from_a_page_left_open_overwrites_nothing(council: Council) -> None:
    council.open()
    chosen = [{entry.id: choice for entry in council.entries[:2]} for choice in (YES, NO)]
    council.do(cast_votes, CastVotes(council.contest.id, chosen[0]), council.users[0])

    with pytest.raises(StaleVersion, match="sent elsewhere"):
        council.do(cast_votes, CastVotes(council.contest.id, chosen[1]), council.users[0])
    council.do(cast_votes, CastVotes(council.contest.id, chosen[0]), council.users[0])

    assert council.votes == {(0, 0): YES, (0, 1): YES}
    council.do(cast_votes, CastVotes(council.contest.id, chosen[1], chosen[0]), council.users[0])
    assert council.votes == {(0, 0): NO, (0, 1): NO}


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
