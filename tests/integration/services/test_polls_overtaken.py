"""Votes in the meeting that a page shows otherwise than they are by now: nothing is decided or annulled unseen."""

import pytest

from app.domain.errors import StaleVersion
from app.domain.meetings import PollBy, Presence
from app.domain.motions import MotionKind, MotionState
from app.models import Motion
from app.services.motions import CloseMotion, close_motion
from tests.builders import World
from tests.meetings import Sitting
from tests.motions import proposed, put

DEVICE, HANDS = PollBy.DEVICE, PollBy.HANDS


@pytest.fixture
def sitting(world: World) -> Sitting:
    return Sitting(world).begin()


def test_a_result_is_annulled_only_by_who_has_seen_it(sitting: Sitting) -> None:
    poll = sitting.take(HANDS)
    sitting.count(poll, 5, 0, 0)

    with pytest.raises(StaleVersion, match="closed this vote"):
        sitting.annul(poll, seen_closed=False)

    assert (sitting.polls, sitting.events("meeting:annul-poll")) == ([(HANDS, 5, 0, 0)], [])
    sitting.annul(poll)
    assert sitting.polls == []


def ids(sitting: Sitting, *members: int) -> frozenset[int]:
    return frozenset(sitting.seats[member].id for member in members)


def exchange(sitting: Sitting) -> None:
    """Let one member leave, and another come in their place."""
    sitting.attend(3, presence=Presence.LEFT)
    sitting.attend(4)


@pytest.fixture
def four(world: World) -> Sitting:
    return Sitting(world).begin(0, 1, 2, 3)


def test_hands_are_counted_of_those_whom_the_page_showed(four: Sitting) -> None:
    poll, seen = four.take(HANDS), ids(four, 0, 1, 2, 3)
    exchange(four)

    for shown in (seen, frozenset(), ids(four, 0, 1, 2), frozenset({*ids(four, 0, 1, 2, 4), 999})):
        with pytest.raises(
            StaleVersion, match=r"Now they are: Võ Thị Nhàn, Đặng Bình, Phạm Quốc Khánh, Hồ Ánh\."
        ):
            four.count(poll, 3, 1, 0, seen=shown)

    assert four.polls == [(HANDS, None, None, None)]
    four.count(poll, 3, 1, 0, seen=ids(four, 0, 1, 2, 4))
    assert four.events("meeting:close-poll")[0]["entitled"] == sorted(ids(four, 0, 1, 2, 4))


def test_who_stands_aside_is_not_among_those_whose_hands_are_counted(four: Sitting) -> None:
    four.bar(3, 0)
    poll = four.take(HANDS)
    four.attend(4)

    with pytest.raises(StaleVersion):
        four.count(poll, 4, 0, 0, seen=ids(four, 0, 1, 2, 3))

    four.count(poll, 4, 0, 0, seen=ids(four, 0, 1, 2, 4))


def test_hands_on_a_motion_are_counted_of_those_whom_the_page_showed(four: Sitting) -> None:
    put(four.world, four.contest, four.organiser, proposed(MotionKind.NOMINATE, number=1), now=four.now)
    exchange(four)

    def end(*members: int) -> Motion:
        command = CloseMotion(four.contest.id, 1, (3, 1, 0), ids(four, *members))
        motion: Motion = four.do(close_motion, command, by=four.organiser)
        return motion

    for members in ((0, 1, 2, 3), ()):
        with pytest.raises(
            StaleVersion, match=r"Now they are: Võ Thị Nhàn, Đặng Bình, Phạm Quốc Khánh, Hồ Ánh\."
        ):
            end(*members)

    assert end(0, 1, 2, 4).state is MotionState.CARRIED


def test_who_objects_to_a_list_after_an_objection_is_told_that_it_is_recorded(sitting: Sitting) -> None:
    poll = sitting.take(DEVICE, 0, 1)
    sitting.object(poll, 3)

    for member in (3, 2):
        with pytest.raises(StaleVersion, match="objection to this list is recorded already"):
            sitting.object(poll, member)
    again = sitting.take(DEVICE, 0, 1)
    with pytest.raises(StaleVersion, match="objection to this list is recorded already"):
        sitting.object(poll, 3)
    sitting.annul(again)
    with pytest.raises(StaleVersion, match="is over"):
        sitting.object(again, 3)

    assert [said["objection"] for said in sitting.events("meeting:annul-poll")] == [True, False]


@pytest.mark.parametrize("seen_closed", [False, True])
def test_a_vote_that_is_still_open_is_stopped_whatever_was_seen(sitting: Sitting, seen_closed: bool) -> None:
    sitting.annul(sitting.take(HANDS), seen_closed=seen_closed)

    assert sitting.polls == []
