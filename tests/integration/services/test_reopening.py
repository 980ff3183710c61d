"""Reopening submitted score sheets."""

import pytest

from app.domain.contests import ContestState
from app.domain.errors import IllegalState, InvalidInput, NotFound
from app.domain.judging import SheetState
from app.domain.permissions import Role
from app.models import Membership, Product, Recusal
from app.services.judging import submit_sheet
from tests.builders import FULL, NOW, World
from tests.sheets import Desk


@pytest.fixture
def desk(world: World) -> Desk:
    return Desk(world)


def test_the_head_of_jury_reopens_a_sheet_with_a_reason_and_the_marks_stay(desk: Desk, world: World) -> None:
    desk.run(submit_sheet, marks=FULL)
    head = world.user()
    world.judge(desk.contest, head, is_head=True)

    desk.reopen(head)

    stored = desk.stored
    assert (stored.state, stored.submitted_at, stored.version) == (SheetState.REOPENED, None, 3)
    assert (stored.reopen_reason, desk.marks) == ("Chấm nhầm sản phẩm.", FULL)
    assert desk.events[-1] == (
        "score-sheet:reopen",
        {**desk.about, "version": 3, "reason": "Chấm nhầm sản phẩm."},
    )
    desk.run(submit_sheet, version=3, marks={"L1": 3300})
    assert desk.marks == {**FULL, "L1": 3300}


def test_only_the_head_of_this_jury_reopens(desk: Desk, world: World) -> None:
    desk.run(submit_sheet, marks=FULL)
    stranger = world.user()
    world.judge(world.contest(), stranger, is_head=True)
    colleague = world.user()
    world.judge(desk.contest, colleague)

    for user in (desk.user, stranger, colleague):
        with pytest.raises(NotFound):
            desk.reopen(user)

    assert desk.stored.state is SheetState.SUBMITTED


def test_a_recused_head_does_not_reopen_sheets_of_that_entry(desk: Desk, world: World) -> None:
    desk.run(submit_sheet, marks=FULL)
    head = world.user()
    seat = world.judge(desk.contest, head, is_head=True)
    world.add(Recusal(judge_id=seat.id, entry_id=desk.entry.id, reason="Họ hàng.", recorded_at=NOW))

    with pytest.raises(NotFound):
        desk.reopen(head)


def test_a_head_does_not_reopen_sheets_on_their_own_facility(desk: Desk, world: World) -> None:
    desk.run(submit_sheet, marks=FULL)
    head = world.user()
    world.judge(desk.contest, head, is_head=True)
    facility_id = world.get(Product, desk.entry.product_id).facility_id
    world.add(Membership(user_id=head.id, role=Role.FACILITY_USER, facility_id=facility_id, created_at=NOW))

    with pytest.raises(NotFound):
        desk.reopen(head)


def test_reopening_needs_a_submitted_sheet_a_reason_and_open_scoring(desk: Desk, world: World) -> None:
    head = world.user()
    world.judge(desk.contest, head, is_head=True)

    with pytest.raises(IllegalState, match="Only a submitted sheet"):
        desk.reopen(head)
    desk.run(submit_sheet, marks=FULL)
    with pytest.raises(InvalidInput):
        desk.reopen(head, reason="")
    desk.move(ContestState.SCORED)
    with pytest.raises(IllegalState, match="Scoring is not open"):
        desk.reopen(head)

    assert desk.stored.state is SheetState.SUBMITTED
