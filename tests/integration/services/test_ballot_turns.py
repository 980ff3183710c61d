"""The council's ballot where it goes another way: closed without a vote, withdrawn, opened again."""

import pytest
from sqlalchemy import select

from app.domain.contests import ContestState
from app.domain.errors import IllegalState, InvalidInput, NotFound
from app.domain.results import Choice, Outcome
from app.models import Ballot, BallotItem, Vote
from app.services.juries import remove_council_member
from tests.builders import World
from tests.councils import LATER, Council

YES, NO = Choice.YES, Choice.NO


@pytest.fixture
def council(world: World) -> Council:
    return Council(world)


@pytest.fixture
def barren(council: Council) -> Council:
    """A council to which no product above the threshold came."""
    council.world.computed(council.contest, (council.entries[0], Outcome.BELOW, 6000))
    return council


def voted(council: Council) -> Council:
    council.open()
    for member in range(3):
        council.vote(member, YES, NO)
    council.close("Hội đồng không nhất trí.")
    return council


def test_where_nothing_reached_the_threshold_the_council_closes_with_a_reason(barren: Council) -> None:
    barren.without_vote(reason="Không sản phẩm nào đạt 70 điểm.")

    ballot = barren.ballot
    assert (barren.state, ballot.items) == (ContestState.VOTED, [])
    assert (ballot.members, ballot.closed_at, ballot.closing_note) == (
        3,
        LATER,
        "Không sản phẩm nào đạt 70 điểm.",
    )
    details = {"place": "Sở Công Thương", "reason": "Không sản phẩm nào đạt 70 điểm."}
    [(action, said)] = barren.events
    seals = said.pop("seals")
    assert (action, said) == ("ballot:close-without-vote", details)
    assert sorted(seals) == [
        f"{name}.json" for name in ("ballot", "discussions", "entries", "recusals", "results", "sheets")
    ]


@pytest.mark.parametrize(("field", "fields"), [("place", {"place": ""}), ("reason", {"reason": ""})])
def test_closing_without_a_vote_names_its_place_and_reason(
    barren: Council, field: str, fields: dict[str, str]
) -> None:
    with pytest.raises(InvalidInput) as caught:
        barren.without_vote(**fields)

    assert list(caught.value.fields) == [field]
    assert barren.state is ContestState.SCORED


@pytest.mark.parametrize("outcome", [Outcome.SELECTED, Outcome.TIED, Outcome.REACHED])
def test_a_product_over_the_threshold_has_to_be_voted_on(council: Council, outcome: Outcome) -> None:
    council.world.computed(council.contest, (council.entries[0], outcome, 8000))

    with pytest.raises(IllegalState, match="has to vote"):
        council.without_vote()

    assert council.state is ContestState.SCORED


def test_closing_without_a_vote_needs_a_whole_council(world: World) -> None:
    lonely = Council(world, members=1)
    world.computed(lonely.contest, (lonely.entries[0], Outcome.BELOW, 6000))

    with pytest.raises(IllegalState, match="Appoint the council"):
        lonely.without_vote()


def test_a_ballot_without_votes_is_withdrawn_and_can_be_opened_anew(council: Council, world: World) -> None:
    council.open()
    council.add(2)

    council.withdraw("Thiếu một thành viên.")

    assert (
        council.state,
        world.all(Ballot.__table__.select()),
        world.all(BallotItem.__table__.select()),
    ) == (
        ContestState.SCORED,
        [],
        [],
    )
    entries = sorted(entry.id for entry in council.entries[:3])
    details = {"place": "Sở Công Thương", "entries": entries, "reason": "Thiếu một thành viên."}
    assert council.events[-1] == ("ballot:withdraw", details | {"voters": 0})
    council.open()
    assert len(council.ballot.items) == 2


def test_a_ballot_whose_quorum_cannot_be_reached_is_withdrawn_with_its_votes(
    council: Council, world: World
) -> None:
    council.open()
    council.vote(0, YES, NO)
    council.vote(1, NO, NO)
    cast = council.events[1:]

    council.withdraw("Một ủy viên ốm dài ngày, không thể đủ số người biểu quyết.")

    assert (council.state, world.all(select(Ballot)), world.all(select(Vote))) == (
        ContestState.SCORED,
        [],
        [],
    )
    assert world.all(select(BallotItem)) == []
    entries = sorted(entry.id for entry in council.entries[:2])
    reason = "Một ủy viên ốm dài ngày, không thể đủ số người biểu quyết."
    said = {"place": "Sở Công Thương", "entries": entries, "reason": reason, "voters": 2}
    assert council.events[-1] == ("ballot:withdraw", said)
    assert council.events[1:-1] == cast  # that they voted stays on record


def test_after_a_withdrawal_the_council_is_changed_and_votes_anew(council: Council, world: World) -> None:
    council.open()
    council.vote(0, YES, YES)
    council.withdraw("Ủy viên thứ ba đã nghỉ hưu.")
    gone, newcomer = council.seats[2], world.user("Ủy viên mới")

    council.do(remove_council_member, gone.id)
    seat = world.council_member(council.contest, user=newcomer)
    council.users[2], council.seats[2] = newcomer, seat
    council.open()

    assert council.votes == {}
    for member in range(3):
        council.vote(member, YES, YES)
    council.close()
    assert council.counts == [(0, 3, 0, 0, True), (1, 3, 0, 0, True)]


def test_a_ballot_that_can_be_closed_is_not_withdrawn(council: Council) -> None:
    council.open()
    for member in range(3):
        council.vote(member, YES, YES)

    with pytest.raises(IllegalState, match="Enough members have voted"):
        council.withdraw()

    assert (council.state, len(council.votes)) == (ContestState.VOTING, 6)


def test_votes_that_do_not_cover_an_added_product_do_not_make_the_quorum(council: Council) -> None:
    council.open()
    for member in range(3):
        council.vote(member, YES, YES)
    council.add(2)

    council.withdraw("Hai ủy viên không còn ở hội đồng.")

    assert (council.state, council.events[-1][1]["voters"]) == (ContestState.SCORED, 3)


def test_a_ballot_is_not_withdrawn_twice(council: Council) -> None:
    council.open()
    council.vote(0, YES, YES)
    council.withdraw()

    with pytest.raises(IllegalState, match="not at the stage"):
        council.withdraw()

    assert [action for action, _said in council.events].count("ballot:withdraw") == 1


def test_a_closed_ballot_opens_again_with_its_votes_and_keeps_the_first_counts(council: Council) -> None:
    voted(council)
    ids = [str(entry.id) for entry in council.entries]

    council.reopen("Đếm thiếu phiếu.")

    ballot = council.ballot
    assert (council.state, ballot.closed_at, ballot.closing_note) == (ContestState.VOTING, None, "")
    assert council.counts == [(0, None, None, None, None), (1, None, None, None, None)]
    counts = {ids[0]: [3, 0, 0, True], ids[1]: [0, 3, 0, False]}
    details = {"reason": "Đếm thiếu phiếu.", "old_note": "Hội đồng không nhất trí.", "old_counts": counts}
    assert council.events[-1] == ("ballot:reopen", details)
    council.vote(0, NO, NO)
    council.close("Sau khi kiểm lại.")
    assert council.counts == [(0, 2, 1, 0, True), (1, 0, 3, 0, False)]


@pytest.mark.parametrize("reason", ["", "x" * 2001])
def test_a_way_back_has_a_reason(council: Council, reason: str) -> None:
    council.open()
    with pytest.raises(InvalidInput) as withdrawn:
        council.withdraw(reason)
    for member in range(3):
        council.vote(member, YES, YES)
    council.close()
    with pytest.raises(InvalidInput) as reopened:
        council.reopen(reason)

    assert (list(withdrawn.value.fields), list(reopened.value.fields)) == (["reason"], ["reason"])
    assert council.state is ContestState.VOTED


def test_a_ballot_goes_back_only_from_the_stage_before(council: Council, world: World) -> None:
    for step in (council.withdraw, council.reopen):
        with pytest.raises(IllegalState, match="not at the stage"):
            step()
    voted(council)
    with pytest.raises(IllegalState, match="not at the stage"):
        council.withdraw()
    with pytest.raises(IllegalState, match="not at the stage"):
        council.without_vote()
    with pytest.raises(IllegalState, match="not at the stage"):
        council.open()

    assert council.state is ContestState.VOTED


def test_only_the_organiser_turns_the_ballot_back(council: Council, world: World) -> None:
    council.open()

    for user in (world.organiser(world.territory("An Giang")), council.users[0]):
        with pytest.raises(NotFound):
            council.withdraw(by=user)
        with pytest.raises(NotFound):
            council.reopen(by=user)
