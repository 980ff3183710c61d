"""A council in its meeting votes on products that are tied for one place, with a motion put meanwhile."""

from pathlib import Path
from typing import Any

import pytest

from app.domain.errors import IllegalState, InvalidInput
from app.domain.motions import MotionKind
from tests.awards import Award, issue, issued, sign
from tests.builders import World
from tests.bundles import bundle_of, closed, faults_of, unpacked
from tests.meetings import NO, YES, Sitting
from tests.motions import close, proposed, put

TIED = ([9000], [8500], [8500], [8500], [7200])  # quota of two: one place for three that are equal


@pytest.fixture
def award(world: World) -> Award:
    rules: dict[str, Any] = {"quota": 2, "min_sheets": 1, "tie_break": ()}
    return closed(world, TIED, rules=rules, opened=True)


@pytest.fixture
def sitting(award: Award) -> Sitting:
    return Sitting(award.world, award=award).begin()


def test_a_tie_is_voted_on_in_the_meeting_while_a_motion_is_open(
    sitting: Sitting, award: Award, tmp_path: Path
) -> None:
    world, contest, by = award.world, award.contest, award.organiser
    sitting.by_hands(0, 5, 0, 0)
    sitting.by_devices(1, YES, YES, YES, NO, YES)
    motion = put(world, contest, by, proposed(MotionKind.LEAVE_OUT, sitting.entries[3].id), now=sitting.now)
    sitting.by_hands(2, 2, 3, 0)
    sitting.by_hands(3, 1, 4, 0)

    with pytest.raises(InvalidInput, match="The meeting has voted on these products: B-004"):
        close(world, contest, by, motion.number, (5, 0, 0), now=sitting.now)
    with pytest.raises(IllegalState, match="motion"):
        sitting.close_ballot()
    close(world, contest, by, motion.number, (1, 4, 0), now=sitting.now)
    sitting.close_ballot()
    sitting.close()
    sign(award)
    issue(award)

    assert sitting.counts == [(5, 0, 0, True), (4, 1, 0, True), (2, 3, 0, False), (1, 4, 0, False)]
    assert len(issued(world)) == 2
    assert faults_of(tmp_path, unpacked(bundle_of(award))) == []


def test_equal_votes_on_a_tie_are_taken_again_in_the_meeting(sitting: Sitting) -> None:
    sitting.by_hands(0, 5, 0, 0)
    polls = [sitting.by_hands(entry, 3, 2, 0) for entry in (1, 2)]
    sitting.by_hands(3, 1, 4, 0)

    with pytest.raises(IllegalState, match="equally many votes"):
        sitting.close_ballot()
    sitting.annul(polls[1], "Hai sản phẩm bằng phiếu, biểu quyết lại.")
    sitting.by_hands(2, 2, 3, 0)
    sitting.close_ballot()

    assert [row[3] for row in sitting.counts] == [True, True, False, False]
