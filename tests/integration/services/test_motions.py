"""Motions of the council: put, voted on, carried out at once; and what cannot be moved."""

from typing import Any

import pytest
from sqlalchemy import select

from app.domain.contests import ContestState
from app.domain.errors import IllegalState, InvalidInput, NotFound, NotPermitted, StaleVersion
from app.domain.motions import Ground, MotionKind, MotionState, Proposal
from app.domain.permissions import Role
from app.domain.results import Choice
from app.models import Membership, Motion, MotionVote, Product
from app.services.motions import (
    CloseMotion,
    PutMotion,
    VoteOnMotion,
    WithdrawMotion,
    close_motion,
    put_motion,
    vote_on_motion,
    withdraw_motion,
)
from tests.builders import NOW, World
from tests.councils import Council
from tests.motions import PROPOSER, WHY, proposed

YES, NO, ABSTAIN = Choice.YES, Choice.NO, Choice.ABSTAIN


@pytest.fixture
def council(world: World) -> Council:
    council = Council(world)
    council.open()
    return council


def put(council: Council, kind: MotionKind, *entries: int, by_hands: bool = True, **content: Any) -> Motion:
    proposal = proposed(kind, *(council.entries[number].id for number in entries), **content)
    command = PutMotion(council.contest.id, proposal, PROPOSER, WHY, by_hands)
    motion: Motion = council.do(put_motion, command)
    return motion


def close(council: Council, number: int, *counts: int | None) -> Motion:
    yes, no, abstain = counts or (None, None, None)
    motion: Motion = council.do(close_motion, CloseMotion(council.contest.id, number, (yes, no, abstain)))
    return motion


def choose(
    council: Council, member: int, choice: Choice, seen: Choice | None = None, number: int = 1
) -> None:
    command = VoteOnMotion(council.contest.id, number, choice, seen)
    council.do(vote_on_motion, command, council.users[member])


def works_for_maker(council: Council, member: int) -> None:
    """Have a member of the council work for the facility of the second entry."""
    product = council.world.get(Product, council.entries[1].product_id)
    council.world.add(
        Membership(
            user_id=council.users[member].id,
            role=Role.FACILITY_USER,
            facility_id=product.facility_id,
            created_at=NOW,
        )
    )


def on_ballot(council: Council) -> list[int]:
    entries = [entry.id for entry in council.entries]
    return sorted(entries.index(item.entry_id) for item in council.ballot.items)


def test_a_motion_by_show_of_hands_takes_effect_when_its_vote_is_closed(council: Council) -> None:
    motion = put(council, MotionKind.LEAVE_OUT, 1)
    before = on_ballot(council)

    done = close(council, motion.number, 2, 1, 0)

    assert (before, on_ballot(council)) == ([0, 1], [0])
    assert (done.state, done.yes, done.no, done.abstain, done.entitled) == (MotionState.CARRIED, 2, 1, 0, 3)
    content = {"entries": [council.entries[1].id]}
    put_said = {"number": 1, "kind": "leave-out", "content": content, "by_hands": True}
    close_said = {"number": 1, "kind": "leave-out", "content": content, "state": "carried"}
    assert council.events[-2:] == [
        ("motion:put", put_said | {"proposer": PROPOSER, "reason": WHY}),
        ("motion:close", close_said | {"counts": [2, 1, 0], "entitled": 3, "annulled": []}),
    ]


@pytest.mark.parametrize("counts", [(1, 1, 1), (0, 3, 0), (1, 2, 0)])
def test_a_motion_without_more_than_half_of_the_votes_changes_nothing(
    council: Council, counts: tuple[int, int, int]
) -> None:
    put(council, MotionKind.LEAVE_OUT, 1)

    done = close(council, 1, *counts)

    assert (done.state, on_ballot(council)) == (MotionState.LOST, [0, 1])


@pytest.mark.parametrize(
    ("counts", "fields"),
    [
        ((), ["abstain", "no", "yes"]),
        ((3, None, 0), ["no"]),
        ((3, -1, 0), ["no"]),
        ((4, 0, 0), ["yes"]),
        ((10**30, 0, 0), ["yes"]),
    ],
)
def test_counts_of_hands_that_cannot_be_are_refused(
    council: Council, counts: tuple[Any, ...], fields: list[str]
) -> None:
    put(council, MotionKind.LEAVE_OUT, 1)

    with pytest.raises(InvalidInput) as caught:
        close(council, 1, *counts)

    assert sorted(caught.value.fields) == fields


def test_too_few_votes_decide_nothing(council: Council) -> None:
    put(council, MotionKind.LEAVE_OUT, 1)

    with pytest.raises(IllegalState, match=r"2 of 3 members .* at least 3"):
        close(council, 1, 2, 0, 0)


def test_members_vote_on_their_own_devices_and_may_change_their_vote(council: Council, world: World) -> None:
    put(council, MotionKind.LEAVE_OUT, 1, by_hands=False)
    for member in range(3):
        choose(council, member, YES)
    choose(council, 2, NO, seen=YES)

    done = close(council, 1)

    assert (done.yes, done.no, done.abstain, done.state) == (2, 1, 0, MotionState.CARRIED)
    votes = [said for action, said in council.events if action == "motion:vote"]
    assert votes[-1] == {"number": 1, "old": "yes", "new": "no"}
    assert len(world.all(select(MotionVote))) == 3


def test_a_vote_from_a_page_left_open_is_not_taken(council: Council) -> None:
    put(council, MotionKind.LEAVE_OUT, 1, by_hands=False)
    choose(council, 0, YES)

    with pytest.raises(StaleVersion):
        choose(council, 0, NO)
    choose(council, 0, YES)  # the same once more, from wherever, changes nothing


def test_votes_that_the_ledger_does_not_hold_are_not_counted(council: Council, world: World) -> None:
    put(council, MotionKind.LEAVE_OUT, 1, by_hands=False)
    for member in range(3):
        choose(council, member, NO)
    with world.session() as session:
        for vote in session.scalars(select(MotionVote)):
            vote.choice = YES

    with pytest.raises(IllegalState, match="not those that the ledger holds"):
        close(council, 1)


def test_a_member_of_the_facility_concerned_does_not_vote_and_does_not_count(
    council: Council, world: World
) -> None:
    works_for_maker(council, 2)
    put(council, MotionKind.LEAVE_OUT, 1, by_hands=False)
    put(council, MotionKind.LEAVE_OUT, 0)

    with pytest.raises(NotPermitted):
        choose(council, 2, YES)
    with pytest.raises(IllegalState, match="organiser enters the counts"):
        choose(council, 2, YES, number=2)
    choose(council, 0, YES)
    choose(council, 1, YES)
    done = close(council, 1)

    assert (done.entitled, done.state) == (2, MotionState.CARRIED)
    with pytest.raises(InvalidInput):
        close(council, 2, 4, 0, 0)


def test_a_motion_that_nobody_may_vote_on_is_not_put(council: Council, world: World) -> None:
    for member in range(3):
        works_for_maker(council, member)

    with pytest.raises(IllegalState, match="No member"):
        put(council, MotionKind.LEAVE_OUT, 1)


def test_a_decided_motion_is_not_decided_again_and_a_withdrawn_one_not_at_all(council: Council) -> None:
    put(council, MotionKind.LEAVE_OUT, 1)
    put(council, MotionKind.ADD, 2)
    close(council, 1, 3, 0, 0)
    council.do(withdraw_motion, WithdrawMotion(council.contest.id, 2, "Không cần nữa."))

    for number in (1, 2):
        with pytest.raises(IllegalState, match="decided already"):
            close(council, number, 3, 0, 0)
        with pytest.raises(IllegalState, match="decided already"):
            council.do(withdraw_motion, WithdrawMotion(council.contest.id, number, "Không cần nữa."))
    assert on_ballot(council) == [0]


def test_what_another_motion_made_impossible_meanwhile_is_not_done(council: Council) -> None:
    put(council, MotionKind.ADD, 2)
    put(council, MotionKind.ADD, 2, 3)
    close(council, 1, 3, 0, 0)

    with pytest.raises(InvalidInput, match="already"):
        close(council, 2, 3, 0, 0)

    assert on_ballot(council) == [0, 1, 2]


def test_the_ballot_waits_for_every_motion_and_then_takes_no_more(council: Council) -> None:
    put(council, MotionKind.ADD, 2)
    for member in range(3):
        council.vote(member, YES, YES)

    with pytest.raises(IllegalState, match=r"motion no\. 1"):
        council.close()
    close(council, 1, 0, 3, 0)
    council.close()

    assert council.state is ContestState.VOTED
    with pytest.raises(IllegalState, match="not open"):
        put(council, MotionKind.ADD, 3)
    with pytest.raises(IllegalState, match="not open"):
        close(council, 1, 3, 0, 0)
    with pytest.raises(IllegalState, match="not open"):
        choose(council, 0, YES)


def test_motions_go_with_the_ballot_that_is_withdrawn(council: Council, world: World) -> None:
    council.add(2)

    council.withdraw()

    assert world.all(select(Motion)) == []


@pytest.mark.parametrize(
    ("proposer", "reason", "fields"),
    [
        ("", WHY, ["proposer"]),
        ("x" * 121, WHY, ["proposer"]),
        (PROPOSER, "", ["reason"]),
        (PROPOSER, "x" * 2001, ["reason"]),
        ("Ông 🪷", "Trà 🪷", ["proposer", "reason"]),
    ],
)
def test_who_moves_it_and_why_is_written_and_can_be_printed(
    council: Council, proposer: str, reason: str, fields: list[str]
) -> None:
    proposal = proposed(MotionKind.ADD, council.entries[2].id)

    with pytest.raises(InvalidInput) as caught:
        council.do(put_motion, PutMotion(council.contest.id, proposal, proposer, reason, by_hands=True))

    assert sorted(caught.value.fields) == fields


@pytest.mark.parametrize("kind", [kind for kind in MotionKind if kind is not MotionKind.NOMINATE])
def test_an_entry_that_is_not_of_the_contest_does_not_exist(
    council: Council, world: World, kind: MotionKind
) -> None:
    foreign = world.entry(world.contest())
    for entry_id in (foreign.id, 0, 10**9):
        proposal = Proposal(kind, (council.entries[0].id, entry_id), "Bộ", Ground.USE, None, 1)
        with pytest.raises(NotFound):
            council.do(put_motion, PutMotion(council.contest.id, proposal, PROPOSER, WHY, by_hands=True))


def test_nobody_but_the_organiser_of_the_territory_runs_motions(council: Council, world: World) -> None:
    put(council, MotionKind.ADD, 2)
    strangers = (world.organiser(world.territory("An Giang")), council.users[0], world.user())

    for user in strangers:
        for service, command in (
            (
                put_motion,
                PutMotion(council.contest.id, Proposal(MotionKind.NOMINATE, number=1), "A", "B", True),
            ),
            (close_motion, CloseMotion(council.contest.id, 1, (3, 0, 0))),
            (withdraw_motion, WithdrawMotion(council.contest.id, 1, WHY)),
        ):
            with pytest.raises(NotFound):
                council.do(service, command, user)
    for user in (council.organiser, world.user()):
        with pytest.raises(NotFound):
            council.do(vote_on_motion, VoteOnMotion(council.contest.id, 1, YES), user)


@pytest.mark.parametrize(
    ("kind", "entries", "text"),
    [
        (MotionKind.ADD, (), "at least one"),
        (MotionKind.ADD, (4,), "threshold"),
        (MotionKind.ADD, (2, 0), "already"),
        (MotionKind.LEAVE_OUT, (), "at least one"),
        (MotionKind.LEAVE_OUT, (2,), "not on the ballot"),
        (MotionKind.SPLIT, (), "at least one"),
        (MotionKind.SPLIT, (0,), "one set"),
        (MotionKind.PLACES, (0,), "tie"),
    ],
)
def test_what_the_ballot_does_not_allow_is_refused(
    council: Council, kind: MotionKind, entries: tuple[int, ...], text: str
) -> None:
    with pytest.raises(InvalidInput, match=text):
        put(council, kind, *entries)


def test_what_was_left_out_can_come_back_as_it_was(council: Council) -> None:
    council.carry(MotionKind.LEAVE_OUT, 0)

    council.carry(MotionKind.ADD, 0)

    [item] = [item for item in council.ballot.items if item.entry_id == council.entries[0].id]
    assert (item.on_jury_list, item.reason) == (True, "")


@pytest.mark.parametrize("number", [None, -1, 3, 10**30])
def test_a_number_to_nominate_is_one_of_those_on_the_ballot(council: Council, number: int | None) -> None:
    with pytest.raises(InvalidInput) as caught:
        put(council, MotionKind.NOMINATE, number=number)

    assert list(caught.value.fields) == ["number"]


def test_what_is_put_already_is_not_put_again_while_it_is_open(council: Council) -> None:
    put(council, MotionKind.NOMINATE, number=2)
    put(council, MotionKind.NOMINATE, number=1)

    with pytest.raises(IllegalState, match=r"already, as motion no\. 1"):
        put(council, MotionKind.NOMINATE, number=2)
    close(council, 1, 0, 3, 0)
    again = put(council, MotionKind.NOMINATE, number=2)

    assert again.number == 3
