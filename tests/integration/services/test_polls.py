"""Votes in the council's meeting: by devices, by hands, on a list; and what becomes of them when the ballot closes."""

import pytest
from sqlalchemy import text, update

from app.domain.contests import ContestState
from app.domain.errors import IllegalState, InvalidInput, NotFound, NotPermitted, StaleVersion
from app.domain.meetings import PollBy, Presence
from app.domain.motions import MotionKind, Proposal
from app.models import Poll, User, Vote
from app.services.ballot_turns import TurnBack, reopen_ballot, withdraw_ballot
from app.services.motions import (
    CloseMotion,
    PutMotion,
    close_motion,
    put_motion,
)
from app.services.polls import ClosePoll, OpenPoll, close_poll, open_poll
from tests.builders import World
from tests.meetings import ABSTAIN, NO, YES, Sitting

DEVICE, HANDS = PollBy.DEVICE, PollBy.HANDS


@pytest.fixture
def sitting(world: World) -> Sitting:
    return Sitting(world)


def test_members_vote_on_their_devices_and_may_change_it_until_the_vote_closes(sitting: Sitting) -> None:
    sitting.begin()
    poll = sitting.take()
    for member, choice in enumerate((YES, YES, NO, ABSTAIN, NO)):
        sitting.vote(poll, member, choice)
    sitting.vote(poll, 4, YES, seen=NO)
    sitting.vote(poll, 4, YES, seen=NO)  # sent twice
    with pytest.raises(StaleVersion, match="sent elsewhere"):
        sitting.vote(poll, 4, NO, seen=NO)

    sitting.count(poll)

    assert sitting.polls == [(DEVICE, 3, 1, 1)]
    entry = str(sitting.entries[0].id)
    assert sitting.events("ballot:vote")[-2:] == [
        {"changes": {entry: [None, "no"]}},
        {"changes": {entry: ["no", "yes"]}},
    ]
    [closed] = sitting.events("meeting:close-poll")
    assert (closed["by"], closed["polls"], closed["aside"]) == ("device", {entry: [3, 1, 1, True]}, [])
    assert closed["entitled"] == sorted(seat.id for seat in sitting.seats)


def test_hands_are_keyed_by_the_secretary_and_add_up_to_who_is_there(sitting: Sitting) -> None:
    sitting.begin(0, 1, 2, 3)
    poll = sitting.take(HANDS)
    for counts in ((5, 0, 0), (3, 0, 0), (4, None, 0), (-1, 5, 0)):
        with pytest.raises(InvalidInput):
            sitting.count(poll, *counts)

    sitting.count(poll, 2, 1, 1)

    assert sitting.polls == [(HANDS, 2, 1, 1)]
    [closed] = sitting.events("meeting:close-poll")
    assert closed["polls"] == {str(sitting.entries[0].id): [2, 1, 1, False]}


def test_a_vote_is_taken_one_way_or_the_other_never_both(sitting: Sitting) -> None:
    sitting.begin()
    poll = sitting.take(HANDS)

    with pytest.raises(IllegalState, match="raised hands"):
        sitting.vote(poll, 0, YES)
    with pytest.raises(IllegalState, match="being taken"):
        sitting.take(DEVICE)
    sitting.count(poll, 5, 0, 0)
    with pytest.raises(IllegalState, match="voted on this already"):
        sitting.take(DEVICE)

    assert (sitting.votes, len(sitting.polls)) == ([], 1)


def test_a_device_vote_takes_no_counts_of_hands(sitting: Sitting) -> None:
    sitting.begin()
    poll = sitting.take()
    for member in range(5):
        sitting.vote(poll, member, YES)

    sitting.count(poll, 0, 5, 0)

    assert sitting.polls == [(DEVICE, 5, 0, 0)]


def test_who_is_barred_stands_aside_and_is_not_counted(sitting: Sitting) -> None:
    sitting.bar(3, 0)
    sitting.begin()
    poll = sitting.take()
    with pytest.raises(NotPermitted, match="own facility"):
        sitting.vote(poll, 3, YES)
    for member in (0, 1, 2, 4):
        sitting.vote(poll, member, YES)
    sitting.count(poll)
    sitting.annul(poll)
    hands = sitting.take(HANDS)
    with pytest.raises(InvalidInput, match="add up to 5; 4 members"):
        sitting.count(hands, 5, 0, 0)

    sitting.count(hands, 3, 1, 0)

    assert sitting.events("meeting:close-poll")[-1]["aside"] == [sitting.seats[3].id]


def test_only_members_who_are_there_vote_and_only_in_the_vote_that_is_open(
    sitting: Sitting, world: World
) -> None:
    sitting.begin(0, 1, 2, 3)
    poll = sitting.take()
    sitting.users.append(world.user())
    for member in (5,):
        with pytest.raises(NotFound):
            sitting.vote(poll, member, YES)
    with pytest.raises(IllegalState, match="not written down as present"):
        sitting.vote(poll, 4, YES)
    with pytest.raises(StaleVersion, match="is over"):
        sitting.vote(poll + 1, 0, YES)
    with pytest.raises(InvalidInput):
        sitting.vote(poll, 0, None)
    sitting.count(sitting_all(sitting, poll))

    with pytest.raises(StaleVersion, match="is over"):
        sitting.vote(poll, 0, NO)

    assert sitting.votes == [(member, 0, YES) for member in range(4)]


def sitting_all(sitting: Sitting, poll: int) -> int:
    """Let the four who are there say yes."""
    for member in range(4):
        sitting.vote(poll, member, YES)
    return poll


@pytest.mark.parametrize("way", [DEVICE, HANDS])
def test_what_was_sent_to_an_annulled_vote_counts_for_no_other(sitting: Sitting, way: PollBy) -> None:
    sitting.begin()
    stale = sitting.take(way)
    sitting.annul(stale)
    sitting.go(1)
    sitting.take(way)

    with pytest.raises(StaleVersion):
        sitting.vote(stale, 2, NO)
    with pytest.raises(StaleVersion):
        sitting.count(stale, 0, 5, 0)
    with pytest.raises(StaleVersion):
        sitting.annul(stale)

    assert (sitting.votes, sitting.polls) == ([], [(way, None, None, None)])


def test_a_vote_begins_on_what_is_before_the_meeting(sitting: Sitting) -> None:
    sitting.begin()
    other = Sitting(sitting.world)
    other.open_ballot()

    def take(*items: int, by: User | None = None) -> None:
        sitting.do(open_poll, OpenPoll(sitting.contest.id, items, DEVICE), by=by)

    with pytest.raises(StaleVersion):
        take(sitting.item(1))
    with pytest.raises(NotFound):
        take(other.item(0))
    with pytest.raises(NotFound):
        take()
    with pytest.raises(NotFound):
        take(sitting.item(0), by=sitting.users[2])

    assert sitting.polls == []


def test_without_everybody_s_vote_a_vote_closes_only_knowingly_and_with_a_quorum(sitting: Sitting) -> None:
    sitting.begin()
    poll = sitting.take()
    for member in range(3):
        sitting.vote(poll, member, YES)
    with pytest.raises(InvalidInput) as caught:
        sitting.count(poll)
    assert list(caught.value.fields) == ["without_them"]
    with pytest.raises(IllegalState, match="3 of 5 members"):
        sitting.count(poll, without_them=True)
    sitting.vote(poll, 3, NO)

    sitting.count(poll, without_them=True)

    assert sitting.polls == [(DEVICE, 3, 1, 0)]
    with pytest.raises(IllegalState, match="closed already"):
        sitting.count(poll, without_them=True)


def test_a_vote_of_somebody_who_then_left_counts(sitting: Sitting) -> None:
    sitting.begin()
    poll = sitting.take()
    for member in range(5):
        sitting.vote(poll, member, YES)
    sitting.attend(4, presence=Presence.LEFT)

    sitting.count(poll)

    assert sitting.polls == [(DEVICE, 5, 0, 0)]


def test_an_annulled_vote_is_taken_again_and_its_votes_are_gone(sitting: Sitting) -> None:
    sitting.begin()
    poll = sitting.by_devices(0, YES, YES, NO, NO, NO)
    with pytest.raises(InvalidInput):
        sitting.annul(poll, "")
    sitting.go(1)
    sitting.annul(poll, "Màn hình hiện nhầm sản phẩm.")
    with pytest.raises(StaleVersion):
        sitting.annul(poll)

    assert (sitting.votes, sitting.polls) == ([], [])
    assert sitting.meeting.current_item_id == sitting.item(0)
    [annulled] = sitting.events("meeting:annul-poll")
    assert annulled == {
        "reason": "Màn hình hiện nhầm sản phẩm.",
        "objection": False,
        "old": [2, 3, 0],
        "polls": {str(sitting.entries[0].id): None},
    }
    sitting.by_hands(0, 5, 0, 0)
    sitting.by_hands(1, 5, 0, 0)
    sitting.by_hands(2, 5, 0, 0)
    sitting.close_ballot()
    assert sitting.counts == [(5, 0, 0, True)] * 3


def test_a_list_of_one_group_is_voted_on_as_one(sitting: Sitting) -> None:
    sitting.begin()
    with pytest.raises(IllegalState, match="one group"):
        sitting.take(HANDS, 0, 1, 2)
    with pytest.raises(InvalidInput):
        sitting.take(HANDS, 0, 1, nobody_objects=False)
    with pytest.raises(IllegalState, match="at least two"):
        sitting.take(HANDS, 0)
    poll = sitting.take(HANDS, 0, 1)
    sitting.count(poll, 4, 0, 1)
    sitting.by_devices(2, NO, NO, NO, YES, YES)

    sitting.close_ballot()

    assert sitting.counts == [(4, 0, 1, True), (4, 0, 1, True), (2, 3, 0, False)]


def test_one_choice_on_a_device_is_for_the_whole_list(sitting: Sitting) -> None:
    sitting.begin(0, 1, 2, 3)
    poll = sitting.take(DEVICE, 0, 1)
    for member in range(4):
        sitting.vote(poll, member, YES if member else NO)

    sitting.count(poll)

    assert sitting.votes[:2] == [(0, 0, NO), (0, 1, NO)]
    assert sitting.events("meeting:close-poll")[0]["polls"] == {
        str(sitting.entries[number].id): [3, 1, 0, True] for number in (0, 1)
    }


def test_whoever_is_there_may_object_to_a_list(sitting: Sitting) -> None:
    sitting.begin(0, 1, 2, 3)
    poll = sitting.take(DEVICE, 0, 1)
    sitting.vote(poll, 0, YES)
    with pytest.raises(IllegalState, match="not written down as present"):
        sitting.object(poll, 4)

    sitting.object(poll, 3)

    with pytest.raises(StaleVersion):
        sitting.object(poll, 2)
    assert (sitting.votes, sitting.polls) == ([], [])
    [annulled] = sitting.events("meeting:annul-poll")
    assert (annulled["objection"], annulled["old"]) == (True, None)
    single = sitting.take()
    with pytest.raises(IllegalState, match="no list"):
        sitting.object(single, 2)


def test_a_list_leaves_out_conflicts_and_what_is_not_on_the_jury_s_list(sitting: Sitting) -> None:
    sitting = Sitting(sitting.world, "AAA")
    sitting.bar(2, 1)
    sitting.begin()
    added = Proposal(MotionKind.ADD, (sitting.entries[2].id,))
    motion = PutMotion(sitting.contest.id, added, "Thư ký", "Cùng điểm.", by_hands=True)
    sitting.do(put_motion, motion, by=sitting.organiser)
    sitting.do(close_motion, CloseMotion(sitting.contest.id, 1, (5, 0, 0)), by=sitting.organiser)

    with pytest.raises(IllegalState, match="may not vote on one"):
        sitting.take(HANDS, 0, 1)
    with pytest.raises(IllegalState, match="jury’s list"):
        sitting.take(HANDS, 0, 2)


def test_the_ballot_closes_once_everything_is_voted_on(sitting: Sitting) -> None:
    sitting.begin()
    sitting.by_hands(0, 4, 1, 0)
    sitting.by_devices(1, YES, YES, NO, ABSTAIN, YES)
    codes = [entry.code for entry in sitting.entries]
    with pytest.raises(IllegalState, match=f"Not voted on yet: {codes[2]}"):
        sitting.close_ballot()
    sitting.go(2)
    poll = sitting.take(HANDS)
    with pytest.raises(IllegalState, match="being taken"):
        sitting.close_ballot()
    sitting.count(poll, 1, 4, 0)
    with pytest.raises(NotFound):
        sitting.close_ballot(by=sitting.users[2])

    sitting.close_ballot()

    assert sitting.state is ContestState.VOTED
    assert sitting.counts == [(4, 1, 0, True), (3, 1, 1, True), (1, 4, 0, False)]
    [closed] = sitting.events("ballot:close")
    assert closed["counts"] == {
        str(entry.id): list(row) for entry, row in zip(sitting.entries[:3], sitting.counts, strict=True)
    }


@pytest.mark.parametrize(
    "tampering",
    [
        "UPDATE polls SET yes = 5, no = 0 WHERE taken_by = 'hands' AND no = 1",
        "UPDATE votes SET choice = 'yes' WHERE choice = 'no'",
        "UPDATE polls SET yes = 4, no = 0 WHERE taken_by = 'device'",
        "DELETE FROM votes WHERE choice = 'abstain'",
    ],
)
def test_a_count_that_the_ledger_does_not_know_keeps_the_ballot_open(
    sitting: Sitting, tampering: str
) -> None:
    sitting.begin()
    sitting.by_hands(0, 4, 1, 0)
    sitting.by_devices(1, YES, YES, NO, ABSTAIN, YES)
    sitting.by_hands(2, 5, 0, 0)
    with sitting.world.session() as session:
        session.execute(text(tampering))

    with pytest.raises(IllegalState, match="not those that the ledger holds"):
        sitting.close_ballot()

    assert sitting.state is ContestState.VOTING


def test_votes_that_were_slipped_in_beside_raised_hands_are_found(sitting: Sitting) -> None:
    sitting.begin()
    for entry in range(3):
        sitting.by_hands(entry, 5, 0, 0)
    vote = Vote(item_id=sitting.item(0), member_id=sitting.seats[0].id, choice=NO, cast_at=sitting.now)
    sitting.world.add(vote)

    with pytest.raises(IllegalState, match="not those that the ledger holds"):
        sitting.close_ballot()


def test_a_ballot_opened_again_opens_its_meeting_again(sitting: Sitting) -> None:
    sitting.voted().close()
    back = TurnBack(sitting.contest.id, "Đếm nhầm phiếu của sản phẩm thứ ba.")
    sitting.do(reopen_ballot, back, by=sitting.organiser)

    assert sitting.meeting.closed_at is None
    here = sorted(seat.id for seat in sitting.seats)
    assert sitting.events("meeting:reopen") == [{"reason": back.reason, "left": here}]
    sitting.attend(*range(5))
    with sitting.world.session() as session:
        third = session.scalars(update(Poll).values(yes=Poll.yes).returning(Poll.id)).all()[-1]
    sitting.annul(third)
    sitting.by_hands(2, 4, 1, 0)
    sitting.close_ballot()
    sitting.close()
    assert sitting.counts[2] == (4, 1, 0, True)


def test_a_ballot_is_withdrawn_with_its_meeting_until_all_is_voted_on(sitting: Sitting) -> None:
    back = TurnBack(sitting.contest.id, "Danh sách sai.")
    sitting.begin()
    for entry in range(3):
        sitting.by_hands(entry, 5, 0, 0)
    with pytest.raises(IllegalState, match="voted on every product"):
        sitting.do(withdraw_ballot, back, by=sitting.organiser)
    with sitting.world.session() as session:
        last = max(session.scalars(update(Poll).values(yes=Poll.yes).returning(Poll.id)))
    sitting.annul(last)

    sitting.do(withdraw_ballot, back, by=sitting.organiser)

    assert (sitting.polls, sitting.votes, sitting.state) == ([], [], ContestState.SCORED)
    sitting.begin()
    with pytest.raises(StaleVersion):
        sitting.do(close_poll, ClosePoll(sitting.contest.id, last, {"yes": 5, "no": 0, "abstain": 0}))
