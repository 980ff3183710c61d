"""The council's ballot: opening it, and adding to it."""

import pytest

from app.domain.ballots import TIED_REASON
from app.domain.contests import ContestState
from app.domain.errors import IllegalState, InvalidInput, NotFound
from app.domain.results import Office, Outcome
from tests.builders import World
from tests.councils import LATER, Council


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
    details = {"place": "Sở Công Thương", "members": 3, "quorum": 3, "entries": selected, "tied": []}
    assert council.events == [("ballot:open", details)]


def test_the_newest_computation_counts(council: Council, world: World) -> None:
    world.computed(council.contest, (council.entries[4], Outcome.SELECTED, 9500))

    council.open()

    assert [item.entry_id for item in council.ballot.items] == [council.entries[4].id]


def test_two_products_tied_for_one_place_are_put_to_the_vote_with_the_reason(world: World) -> None:
    council = Council(world)
    pair = council.entries[:2]
    world.computed(council.contest, *((entry, Outcome.TIED, 8000) for entry in pair))

    council.open()

    items = sorted((item.entry_id, item.on_jury_list, item.reason) for item in council.ballot.items)
    assert items == [(entry.id, False, TIED_REASON) for entry in pair]
    assert council.events[0][1]["tied"] == [entry.id for entry in pair]


def test_a_ballot_on_which_nothing_could_stand_does_not_open(world: World) -> None:
    council = Council(world)
    world.computed(council.contest, (council.entries[0], Outcome.BELOW, 6000))

    with pytest.raises(IllegalState, match="nothing to vote on"):
        council.open()

    assert council.state is ContestState.SCORED


@pytest.mark.parametrize("offices", [(), (Office.CHAIR,), (Office.DEPUTY, Office.SECRETARY)])
def test_a_council_without_a_chair_and_a_second_member_cannot_vote(
    world: World, offices: tuple[Office, ...]
) -> None:
    council = Council(world, members=0)
    for office in offices:
        world.council_member(council.contest, office)

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
        "motion:close",
        {
            "number": 2,
            "kind": "add",
            "content": {"entries": [council.entries[3].id]},
            "state": "carried",
            "counts": [3, 0, 0],
            "entitled": 3,
            "annulled": [],
        },
    )


def test_what_cannot_join_the_ballot_is_refused(council: Council, world: World) -> None:
    with pytest.raises(IllegalState, match="not open"):
        council.add(2)
    council.open()
    council.add(2)

    with pytest.raises(InvalidInput, match="on the ballot already"):
        council.add(2)
    with pytest.raises(InvalidInput, match="reached the threshold"):
        council.add(4)
    with pytest.raises(InvalidInput, match="on the ballot already"):
        council.add(0)
    with pytest.raises(InvalidInput) as caught:
        council.add(3, reason="")
    assert list(caught.value.fields) == ["reason"]
    council.entries.append(world.entry(world.contest()))
    with pytest.raises(NotFound):
        council.add(5)
