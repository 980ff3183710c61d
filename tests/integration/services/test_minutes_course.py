"""What the minutes tell of the meeting's course: no vote, reason, time or person is left out of what happened."""

from datetime import time, timedelta

import pytest
from sqlalchemy import select

from app.domain.errors import IllegalState, InvalidInput
from app.domain.meetings import Presence
from app.domain.motions import MotionKind
from app.domain.results import Office
from app.models import Attendance, CouncilMember, Poll
from app.services.ballot_turns import TurnBack, reopen_ballot
from app.services.motions import WithdrawMotion, withdraw_motion
from tests.builders import World
from tests.bundles import closed
from tests.meetings import NAMES, YES
from tests.minutes import Desk
from tests.motions import carry, proposed, put

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


def test_each_line_of_the_conclusion_is_a_paragraph(desk: Desk) -> None:
    desk.voted()
    desk.do(reopen_ballot, TurnBack(desk.contest.id, "Đếm thiếu một phiếu"), by=desk.organiser)
    desk.close_ballot("Hội đồng thống nhất kết quả.\n\nĐề nghị hoàn thiện hồ sơ")

    assert desk.draft.document.conclusions[-2:] == (
        "Kết luận của hội đồng: Hội đồng thống nhất kết quả.",
        "Đề nghị hoàn thiện hồ sơ.",
    )


def reopened(desk: Desk) -> Desk:
    """Vote with all but the last member, end at 9:30 what ended at 9:28 by the clock, and go on at 9:31."""
    desk.begin(0, 1, 2, 3)
    for entry in range(3):
        desk.by_hands(entry, 4, 0, 0)
    desk.close_ballot()
    desk.now = desk.moment(29)
    desk.close(time(9, 28))
    desk.do(reopen_ballot, TurnBack(desk.contest.id, "Đếm thiếu một phiếu"), by=desk.organiser)
    return desk


def test_who_was_there_at_the_end_left_with_it_and_comes_anew_after_a_reopening(desk: Desk) -> None:
    reopened(desk)
    with pytest.raises(IllegalState, match="no quorum: 0 members are present"):
        desk.close_ballot()
    with pytest.raises(InvalidInput, match="before 09:31"):
        desk.attend(0, clock=time(9, 29))
    desk.attend(0, 1, 4)
    desk.come(2)
    desk.annul(desk.world.all(select(Poll.id).order_by(Poll.id))[-1])
    desk.by_hands(2, 0, 4, 0)
    desk.close_ballot()
    desk.close()

    document = desk.draft.document

    assert document.course[-1] == (
        "Cuộc họp kết thúc lúc 09 giờ 28 phút ngày 10/03/2026 và họp tiếp từ lúc 09 giờ 31 phút ngày 10/03/2026. "
        "Lý do: Đếm thiếu một phiếu."
    )
    stays = dict(line.split(": ") for line in document.attendance)
    assert stays[f"{NAMES[0]}, Chủ tịch Hội đồng"] == (
        "có mặt từ 09 giờ 03 đến 09 giờ 28, từ 09 giờ 34 đến khi kết thúc;"
    )
    assert stays[f"{NAMES[3]}, Ủy viên Hội đồng"] == "có mặt từ 09 giờ 06 đến 09 giờ 28;"
    assert stays[f"{NAMES[4]}, Ủy viên Hội đồng"] == "có mặt từ 09 giờ 36 đến khi kết thúc;"


def test_a_vote_on_devices_after_a_reopening_is_taken_from_who_came_again(desk: Desk) -> None:
    reopened(desk)
    desk.attend(0, 1, 2, 4)
    desk.annul(desk.world.all(select(Poll.id).order_by(Poll.id))[-1])
    poll = desk.take()
    for member in (0, 1, 2, 4):
        desk.vote(poll, member, YES)
    with pytest.raises(IllegalState, match="not written down as present"):
        desk.vote(poll, 3, YES)

    desk.count(poll)

    assert desk.polls[-1][1:] == (4, 0, 0)


def test_who_did_not_come_again_after_a_reopening_still_was_there_before(desk: Desk) -> None:
    reopened(desk)
    desk.attend(3, presence=Presence.ABSENT)
    desk.attend(2)

    desk.attend(2, presence=Presence.ABSENT)

    stays = desk.world.all(select(Attendance).order_by(Attendance.member_id))
    assert [stay.left_at for stay in stays] == [desk.moment(28)] * 4


def test_a_meeting_that_sat_on_while_its_ballot_was_closed_keeps_who_is_there(desk: Desk) -> None:
    desk.voted()
    desk.do(reopen_ballot, TurnBack(desk.contest.id, "Đếm thiếu một phiếu"), by=desk.organiser)
    desk.close_ballot()

    assert desk.events("meeting:reopen") == [{"reason": "Đếm thiếu một phiếu"}]
    assert not [line for line in course(desk) if line.startswith("Cuộc họp kết thúc")]


def test_times_of_a_meeting_over_two_days_have_their_days(desk: Desk) -> None:
    desk.begin(0, 1, 2, 3)
    desk.attend(3, presence=Presence.LEFT)
    desk.now += timedelta(days=1)
    desk.attend(4)
    for entry in range(3):
        desk.by_hands(entry, 4, 0, 0)
    desk.close_ballot()

    stays = dict(line.split(": ") for line in desk.draft.document.attendance)

    assert stays[f"{NAMES[0]}, Chủ tịch Hội đồng"] == "có mặt từ 09 giờ 03 ngày 10/03/2026 đến khi kết thúc;"
    assert stays[f"{NAMES[3]}, Ủy viên Hội đồng"] == "có mặt từ 09 giờ 06 đến 09 giờ 08 ngày 10/03/2026;"
    assert stays[f"{NAMES[4]}, Ủy viên Hội đồng"] == "có mặt từ 09 giờ 09 ngày 11/03/2026 đến khi kết thúc;"


def deputy(desk: Desk, member: int) -> None:
    """Make a member the chair's deputy."""
    with desk.world.session() as session:
        session.get_one(CouncilMember, desk.seats[member].id).office = Office.DEPUTY


def test_who_presided_while_the_chair_was_away_is_told_and_the_chair_signs(desk: Desk) -> None:
    deputy(desk, 3)
    desk.begin()
    desk.by_hands(0, 5, 0, 0)
    desk.attend(0, presence=Presence.LEFT)
    desk.by_hands(1, 4, 0, 0)
    desk.attend(0)
    desk.by_hands(2, 5, 0, 0)
    desk.attend(0, presence=Presence.LEFT)
    desk.close_ballot()

    document = desk.draft.document

    assert course(desk)[:2] == (
        f"Từ 09 giờ 12 đến 09 giờ 16, Phó Chủ tịch Hội đồng {NAMES[3]} chủ trì thay Chủ tịch Hội đồng.",
        f"Từ 09 giờ 20, Phó Chủ tịch Hội đồng {NAMES[3]} chủ trì thay Chủ tịch Hội đồng.",
    )
    assert (document.chair, document.chair_signature.name) == (NAMES[0], NAMES[0])


def test_nobody_stands_in_before_there_is_a_quorum(desk: Desk) -> None:
    deputy(desk, 3)
    desk.open()
    desk.attend(3, 2, 1, 0)
    for entry in range(3):
        desk.by_hands(entry, 4, 0, 0)
    desk.close_ballot()

    assert [line for line in course(desk) if "chủ trì" in line] == []


def test_motions_bear_the_time_at_which_they_were_decided_or_withdrawn(desk: Desk) -> None:
    desk.begin()
    number = proposed(MotionKind.NOMINATE, number=1)
    carry(desk.world, desk.contest, desk.organiser, number, votes=5, now=desk.moment(8))
    put(desk.world, desk.contest, desk.organiser, number, now=desk.moment(9))
    desk.now = desk.moment(10)
    desk.do(withdraw_motion, WithdrawMotion(desk.contest.id, 2, "Trùng đề nghị số 1"), by=desk.organiser)
    for entry in range(3):
        desk.by_hands(entry, 5, 0, 0)
    desk.close_ballot()

    carried, withdrawn = [line for line in desk.draft.document.content if line.startswith("Đề nghị số")]

    assert carried.endswith("được thông qua lúc 09 giờ 08 phút ngày 10/03/2026.")
    assert "Đề nghị đã được rút lúc 09 giờ 11 phút ngày 10/03/2026. Lý do rút: Trùng" in withdrawn
