"""Motions while the council meets: who is there votes, and a number of a motion never means another."""

import pytest

from app.domain.errors import IllegalState, InvalidInput, NotFound, StaleVersion
from app.domain.meetings import Presence
from app.domain.motions import MotionKind, MotionState, Proposal
from app.domain.results import Choice, Office
from app.models import CouncilMember, Motion
from app.services.ballot_turns import TurnBack, withdraw_ballot
from app.services.motions import (
    CloseMotion,
    PutMotion,
    VoteOnMotion,
    close_motion,
    put_motion,
    vote_on_motion,
)
from tests.builders import World
from tests.meetings import NO, YES, Sitting


@pytest.fixture
def sitting(world: World) -> Sitting:
    return Sitting(world)


def move(sitting: Sitting, *, by_hands: bool) -> int:
    command = PutMotion(
        sitting.contest.id, Proposal(MotionKind.NOMINATE, (), number=1), "Thư ký", "Theo kế hoạch.", by_hands
    )
    motion: Motion = sitting.do(put_motion, command, by=sitting.organiser)
    return motion.number


def end(sitting: Sitting, number: int, *counts: int) -> Motion:
    yes, no, abstain = counts or (None, None, None)
    command = CloseMotion(sitting.contest.id, number, (yes, no, abstain))
    motion: Motion = sitting.do(close_motion, command, by=sitting.organiser)
    return motion


def test_raised_hands_on_a_motion_are_those_of_who_is_in_the_meeting(sitting: Sitting) -> None:
    sitting.open()
    sitting.attend(0, 1, 2)
    number = move(sitting, by_hands=True)
    with pytest.raises(IllegalState, match="no quorum: 3 members are present"):
        end(sitting, number, 5, 0, 0)
    sitting.attend(3)
    with pytest.raises(InvalidInput, match="5 votes, but only 4 members"):
        end(sitting, number, 5, 0, 0)

    motion = end(sitting, number, 4, 0, 0)

    assert (motion.state, motion.entitled) == (MotionState.CARRIED, 4)


def test_only_who_is_in_the_meeting_votes_on_a_motion_and_whose_vote_is_in_may_leave(
    sitting: Sitting,
) -> None:
    sitting.open_ballot()
    number = move(sitting, by_hands=False)

    def choose(member: int, choice: Choice) -> None:
        command = VoteOnMotion(sitting.contest.id, number, choice)
        sitting.do(vote_on_motion, command, by=sitting.users[member])

    choose(4, NO)  # before the meeting, to which this member does not come
    sitting.meet()
    with pytest.raises(IllegalState, match="not written down as present"):
        choose(0, YES)
    sitting.attend(0, 1, 2, 3)
    for member in range(3):
        choose(member, YES)
    sitting.attend(0, presence=Presence.LEFT)
    sitting.attend(0)

    motion = end(sitting, number)

    assert (motion.yes, motion.no, motion.entitled) == (3, 1, 5)


@pytest.mark.parametrize("by_hands", [True, False], ids=["hands", "devices"])
def test_a_motion_is_put_and_closed_in_a_meeting_only_if_somebody_presides(
    sitting: Sitting, by_hands: bool
) -> None:
    sitting.open()
    sitting.attend(1, 2, 3, 4)
    with pytest.raises(IllegalState, match="Neither the chair nor a deputy"):
        move(sitting, by_hands=by_hands)
    sitting.attend(0)
    number = move(sitting, by_hands=by_hands)
    for member in [] if by_hands else sitting.users:
        sitting.do(vote_on_motion, VoteOnMotion(sitting.contest.id, number, YES), by=member)
    sitting.attend(0, presence=Presence.LEFT)
    counts = (4, 0, 0) if by_hands else ()
    with pytest.raises(IllegalState, match="Neither the chair nor a deputy"):
        end(sitting, number, *counts)

    with sitting.world.session() as session:
        session.get_one(CouncilMember, sitting.seats[1].id).office = Office.DEPUTY

    assert end(sitting, number, *counts).state is MotionState.CARRIED


def test_without_a_meeting_nobody_presides_over_a_motion(sitting: Sitting) -> None:
    sitting.open_ballot()

    number = move(sitting, by_hands=True)

    assert end(sitting, number, 5, 0, 0).state is MotionState.CARRIED


def test_the_number_of_a_motion_is_never_that_of_another(sitting: Sitting) -> None:
    sitting.open_ballot()
    first = move(sitting, by_hands=False)
    withdrawal = TurnBack(sitting.contest.id, "Mở nhầm.")
    sitting.do(withdraw_ballot, withdrawal, by=sitting.organiser)
    sitting.open_ballot()
    second = move(sitting, by_hands=False)

    with pytest.raises(StaleVersion, match="fell with the ballot"):
        sitting.do(vote_on_motion, VoteOnMotion(sitting.contest.id, first, YES), by=sitting.users[0])
    with pytest.raises(StaleVersion, match="fell with the ballot"):
        end(sitting, first)
    with pytest.raises(NotFound):
        end(sitting, 3)

    assert (first, second) == (1, 2)
