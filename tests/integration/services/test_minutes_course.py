"""What the minutes tell of the meeting's course: no vote, reason, time or person is left out of what happened."""

import pytest

from app.domain.motions import MotionKind
from app.services.ballot_turns import TurnBack, reopen_ballot
from tests.builders import World
from tests.bundles import closed
from tests.minutes import Desk
from tests.motions import carry, proposed

MARKS = {"quota": 3, "min_sheets": 1, "tie_break": ()}


@pytest.fixture
def desk(world: World) -> Desk:
    return Desk(world)


def course(desk: Desk) -> tuple[str, ...]:
    """How the minutes say that the meeting went, paragraph by paragraph."""
    return desk.draft.document.course


@pytest.mark.parametrize("kind", [MotionKind.LEAVE_OUT, MotionKind.MERGE])
def test_an_annulled_vote_is_named_by_its_product_though_nobody_votes_on_it_again(
    world: World, kind: MotionKind
) -> None:
    maker = world.facility("Hợp tác xã Ráng Đan")
    products = [world.product(maker, f"Sản phẩm {number}") for number in range(3)]
    award = closed(world, [[9000], [8800], [8500]], products=products, rules=MARKS, opened=True)
    desk = Desk(world, award=award)
    desk.begin()
    desk.annul(desk.by_hands(1, 5, 0, 0), "Đếm nhầm")
    entries = desk.entries[1:2] if kind is MotionKind.LEAVE_OUT else desk.entries[:2]
    motion = proposed(kind, *(entry.id for entry in entries))
    carry(world, desk.contest, desk.organiser, motion, votes=5, now=desk.now)
    for entry in (0, 2):
        desk.by_hands(entry, 5, 0, 0)
    desk.close_ballot()

    code = desk.entries[1].code
    said = f"Lượt biểu quyết {code} bị hủy lúc 09 giờ 12 phút ngày 10/03/2026. Lý do: Đếm nhầm."
    assert course(desk)[-1] == said


def test_what_is_written_without_a_full_stop_gets_one(desk: Desk) -> None:
    desk.voted()
    desk.do(reopen_ballot, TurnBack(desk.contest.id, "Đếm thiếu một phiếu"), by=desk.organiser)
    desk.close_ballot("Hội đồng thống nhất kết quả")

    document = desk.draft.document

    assert document.content[-1].endswith("ngày 10/03/2026. Lý do: Đếm thiếu một phiếu.")
    assert document.conclusions[-1] == "Kết luận của hội đồng: Hội đồng thống nhất kết quả."
