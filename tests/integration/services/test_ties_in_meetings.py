"""A council in its meeting votes on products that are tied for one place, with a motion put meanwhile."""

from pathlib import Path
from typing import Any

import pytest

from app.domain.errors import IllegalState, InvalidInput
from app.domain.meetings import PollBy
from app.domain.motions import MotionKind
from app.queries.meetings import meeting_page
from tests.awards import Award, issue, issued, sign
from tests.builders import World
from tests.bundles import bundle_of, closed, faults_of, unpacked
from tests.meetings import NO, YES, Sitting
from tests.motions import carry, close, proposed, put

TIED = ([9000], [8500], [8500], [8500], [7200])  # quota of two: one place for three that are equal


@pytest.fixture
def award(world: World, request: pytest.FixtureRequest) -> Award:
    rules: dict[str, Any] = {"quota": getattr(request, "param", 2), "min_sheets": 1, "tie_break": ()}
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
    sitting.by_hands(2, 1, 4, 0)
    sitting.by_hands(3, 0, 5, 0)

    with pytest.raises(InvalidInput, match="The meeting has voted on these products: B-004"):
        close(world, contest, by, motion.number, (5, 0, 0), now=sitting.now)
    with pytest.raises(IllegalState, match="motion"):
        sitting.close_ballot()
    close(world, contest, by, motion.number, (1, 4, 0), now=sitting.now)
    sitting.close_ballot()
    sitting.close()
    sign(award)
    issue(award)

    assert sitting.counts == [(5, 0, 0, True), (4, 1, 0, True), (1, 4, 0, False), (0, 5, 0, False)]
    assert len(issued(world)) == 2
    assert faults_of(tmp_path, unpacked(bundle_of(award))) == []


def verdicts(sitting: Sitting) -> list[str | None]:
    with sitting.world.session() as session:
        lines = meeting_page(session, sitting.world.actor(sitting.secretary), sitting.contest.id).lines
    return [line.verdict for line in lines]


def test_nobody_says_yes_to_more_of_a_tie_than_it_has_places(sitting: Sitting) -> None:
    sitting.go(1)
    first = sitting.take()
    for member, choice in enumerate((YES, YES, NO, NO, YES)):
        sitting.vote(first, member, choice)
    sitting.count(first)
    sitting.go(2)
    second = sitting.take()
    with pytest.raises(InvalidInput, match="tied for 1 places; you said yes to 2 of them"):
        sitting.vote(second, 0, YES)
    sitting.vote(second, 0, NO)
    sitting.vote(second, 2, YES)
    sitting.annul(second)
    hands = sitting.take(PollBy.HANDS)
    with pytest.raises(
        InvalidInput, match=r"can have 5 yes votes together, .* with these counts they have 6\."
    ):
        sitting.count(hands, 3, 2, 0)

    sitting.count(hands, 2, 3, 0)

    assert [poll[1:] for poll in sitting.polls] == [(3, 2, 0), (2, 3, 0)]


def test_a_majority_in_a_tie_is_called_carried_once_the_tie_is_parted(sitting: Sitting) -> None:
    sitting.by_hands(0, 5, 0, 0)
    sitting.by_hands(1, 4, 1, 0)
    before = verdicts(sitting)
    sitting.by_hands(2, 1, 4, 0)
    sitting.by_hands(3, 0, 5, 0)

    assert before == ["carried", "majority", None, None]
    assert verdicts(sitting) == ["carried", "carried", "lost", "lost"]


@pytest.mark.parametrize("award", [3], indirect=True)
def test_equal_votes_on_a_tie_are_taken_again_in_the_meeting(sitting: Sitting) -> None:
    sitting.by_hands(0, 5, 0, 0)
    sitting.by_hands(1, 4, 1, 0)
    polls = [sitting.by_hands(entry, 3, 2, 0) for entry in (2, 3)]
    assert verdicts(sitting) == ["carried", "carried", "majority", "majority"]

    with pytest.raises(IllegalState, match="equally many votes"):
        sitting.close_ballot()
    sitting.annul(polls[1], "Hai sản phẩm bằng phiếu, biểu quyết lại.")
    sitting.by_hands(3, 2, 3, 0)
    sitting.close_ballot()

    assert [row[3] for row in sitting.counts] == [True, True, True, False]
    assert verdicts(sitting) == ["carried", "carried", "carried", "lost"]


@pytest.mark.parametrize(
    ("kind", "leaving"),
    [(MotionKind.LEAVE_OUT, (3,)), (MotionKind.MERGE, (0, 3))],
    ids=["left out", "merged"],
)
def test_a_tie_is_parted_once_what_is_left_of_it_on_the_ballot_is_voted_on(
    world: World, kind: MotionKind, leaving: tuple[int, ...]
) -> None:
    maker = world.facility("Hợp tác xã Ráng Đan")
    products = [world.product(maker, f"Sản phẩm {number}") for number in range(len(TIED))]
    rules: dict[str, Any] = {"quota": 2, "min_sheets": 1, "tie_break": ()}
    sitting = Sitting(world, award=closed(world, TIED, products=products, rules=rules, opened=True)).begin()
    motion = proposed(kind, *(sitting.entries[entry].id for entry in leaving))
    carry(world, sitting.contest, sitting.organiser, motion, votes=5, now=sitting.now)

    sitting.by_hands(0, 5, 0, 0)
    sitting.by_hands(1, 3, 2, 0)
    before = verdicts(sitting)
    sitting.by_hands(2, 2, 3, 0)
    after = verdicts(sitting)
    sitting.close_ballot()

    assert before == ["carried", "majority", None]
    assert after == ["carried", "carried", "lost"] == verdicts(sitting)
    assert [row[3] for row in sitting.counts] == [True, True, False]
