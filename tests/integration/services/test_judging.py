"""Saving and submitting score sheets."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import pytest
from sqlalchemy import Engine, select

from app.domain.contests import ContestState
from app.domain.errors import IllegalState, InvalidInput, NotFound, StaleVersion
from app.domain.judging import SheetState
from app.domain.permissions import SYSTEM, Role
from app.models import Membership, Recusal, ScoreSheet
from app.services.judging import save_sheet, submit_sheet
from tests.builders import FULL, NOW, World
from tests.queries import count_queries
from tests.sheets import LATER, Desk


@pytest.fixture
def desk(world: World) -> Desk:
    return Desk(world)


def test_what_is_typed_is_saved_as_it_is(desk: Desk) -> None:
    desk.run(marks={"L1": 3250, "L2": None}, notes={"L2": "Cần xem mẫu."}, remark="Đẹp.")

    stored = desk.stored
    assert desk.marks == {"L1": 3250}
    assert (stored.notes, stored.remark) == ({"L2": "Cần xem mẫu."}, "Đẹp.")
    assert (stored.state, stored.version, stored.saved_at) == (SheetState.DRAFT, 2, LATER)


def test_an_empty_mark_takes_the_old_one_away_but_not_out_of_the_ledger(world: World) -> None:
    desk = Desk(world, marks={"L1": 3000, "L2": 2000})

    desk.run(marks={"L1": None, "L2": 2050})

    assert desk.marks == {"L2": 2050}
    changes = {"marks": {"L1": [3000, None], "L2": [2000, 2050]}}
    assert desk.events == [("score-sheet:save", {**desk.about, "version": 2, "changes": changes})]


def test_a_criterion_that_is_not_named_stays_as_it_is(world: World) -> None:
    desk = Desk(world, marks={"L1": 3000}, notes={"L1": "Tốt."})

    desk.run(marks={"L2": 2000}, notes={"L2": "Khá."})

    assert desk.marks == {"L1": 3000, "L2": 2000}
    assert desk.stored.notes == {"L1": "Tốt.", "L2": "Khá."}


def test_the_ledger_keeps_old_and_new_texts(world: World) -> None:
    desk = Desk(world, notes={"L1": "Tốt."}, remark="Cũ.")

    desk.run(notes={"L1": ""}, remark="Mới.")

    assert desk.stored.notes == {}
    assert desk.events == [
        (
            "score-sheet:save",
            {
                **desk.about,
                "version": 2,
                "changes": {"notes": {"L1": ["Tốt.", None]}, "remark": ["Cũ.", "Mới."]},
            },
        )
    ]


def test_a_save_that_changes_nothing_leaves_no_trace_even_if_sent_twice(desk: Desk) -> None:
    desk.run(marks={"L1": 3000})
    desk.run(marks={"L1": 3000})

    assert (desk.stored.version, len(desk.events)) == (2, 1)


def test_a_stale_save_overwrites_nothing(desk: Desk) -> None:
    desk.run(marks={"L1": 3000}, remark="Thẻ thứ nhất.")

    with pytest.raises(StaleVersion):
        desk.run(marks={"L1": 1000}, remark="Thẻ thứ hai.")

    assert (desk.marks, desk.stored.remark, len(desk.events)) == ({"L1": 3000}, "Thẻ thứ nhất.", 1)


@pytest.mark.parametrize("service", [save_sheet, submit_sheet])
@pytest.mark.parametrize(
    ("marks", "field"),
    [({"L1": 4050}, "mark_L1"), ({"L2": 25}, "mark_L2"), ({"L3": -50}, "mark_L3"), ({"L9": 100}, "mark_L9")],
)
def test_a_wrong_mark_is_refused_whole(
    desk: Desk, service: Callable[..., Any], marks: dict[str, int], field: str
) -> None:
    with pytest.raises(InvalidInput) as caught:
        desk.run(service, marks={**FULL, **marks})

    assert list(caught.value.fields) == [field]
    assert (desk.marks, desk.stored.version, desk.events) == ({}, 1, [])


def test_a_submitted_sheet_holds_every_mark_and_its_receipt(desk: Desk) -> None:
    desk.run(submit_sheet, marks=FULL, remark="Đạt.")

    stored = desk.stored
    assert (desk.marks, stored.state, stored.submitted_at) == (FULL, SheetState.SUBMITTED, LATER)
    changes = {"marks": {code: [None, value] for code, value in FULL.items()}, "remark": ["", "Đạt."]}
    assert desk.events == [
        ("score-sheet:submit", {**desk.about, "version": 2, "marks": FULL, "changes": changes})
    ]


def test_a_gap_keeps_a_sheet_from_being_submitted(world: World) -> None:
    desk = Desk(world, marks={"L1": 3000})

    with pytest.raises(InvalidInput) as caught:
        desk.run(submit_sheet, marks={"L2": 2000, "L3": None})

    assert list(caught.value.fields) == ["mark_L3", "mark_L4"]
    assert (desk.marks, desk.stored.state) == ({"L1": 3000}, SheetState.DRAFT)


def test_a_double_click_on_submit_is_one_submission(desk: Desk) -> None:
    desk.run(submit_sheet, marks=FULL)
    again = desk.run(submit_sheet, marks=FULL)

    assert (again.state, again.version, len(desk.events)) == (SheetState.SUBMITTED, 2, 1)


@pytest.mark.parametrize("service", [save_sheet, submit_sheet])
@pytest.mark.parametrize("version", [1, 2])
def test_a_submitted_sheet_stays_as_it_is(desk: Desk, service: Callable[..., Any], version: int) -> None:
    desk.run(submit_sheet, marks=FULL)

    with pytest.raises(IllegalState, match="has been submitted"):
        desk.run(service, version=version, marks={**FULL, "L1": 100})

    assert (desk.marks, len(desk.events)) == (FULL, 1)


@pytest.mark.parametrize("state", [state for state in ContestState if state is not ContestState.SCORING])
@pytest.mark.parametrize("service", [save_sheet, submit_sheet])
def test_marks_are_taken_only_while_scoring_is_open(
    desk: Desk, service: Callable[..., Any], state: ContestState
) -> None:
    desk.move(state)

    with pytest.raises(IllegalState, match="Scoring is not open"):
        desk.run(service, marks=FULL)

    assert (desk.marks, desk.events) == ({}, [])


@pytest.mark.parametrize("service", [save_sheet, submit_sheet])
def test_a_sheet_of_somebody_else_does_not_exist(
    desk: Desk, world: World, service: Callable[..., Any]
) -> None:
    colleague = world.judge(desk.contest, is_head=True)
    [user] = world.all(select(type(desk.user)).where(type(desk.user).id == colleague.user_id))
    organiser = world.organiser(world.territory("Lâm Đồng"))

    for actor in (world.actor(user), world.actor(organiser), SYSTEM):
        with pytest.raises(NotFound):
            desk.run(service, by=actor, marks=FULL)
    with pytest.raises(NotFound):
        desk.run(service, sheet_id=desk.sheet.id + 999, marks=FULL)

    assert desk.marks == {}


@pytest.mark.parametrize("service", [save_sheet, submit_sheet])
def test_a_recused_judge_has_no_sheet(desk: Desk, world: World, service: Callable[..., Any]) -> None:
    world.add(Recusal(judge_id=desk.judge.id, entry_id=desk.entry.id, reason="Họ hàng.", recorded_at=NOW))

    with pytest.raises(NotFound):
        desk.run(service, marks=FULL)


@pytest.mark.parametrize("service", [save_sheet, submit_sheet])
def test_nobody_scores_the_facility_they_work_for(world: World, service: Callable[..., Any]) -> None:
    facility = world.facility()
    desk = Desk(world)
    entry = world.entry(desk.contest, world.product(facility))
    sheet = world.sheet(desk.judge, entry)
    world.add(
        Membership(user_id=desk.user.id, role=Role.FACILITY_USER, facility_id=facility.id, created_at=NOW)
    )

    with pytest.raises(NotFound):
        desk.run(service, sheet_id=sheet.id, marks=FULL)


def test_of_fifty_saves_of_one_version_exactly_one_wins_and_nothing_is_half_saved(
    desk: Desk, world: World
) -> None:
    actor, together = world.actor(desk.user), Barrier(50)

    def save(number: int) -> int | None:
        together.wait()
        try:
            desk.run(by=actor, marks={"L1": number * 50, "L2": number * 50}, remark=f"Thẻ {number}")
        except StaleVersion:
            return None
        return number

    with ThreadPoolExecutor(50) as pool:
        [winner] = [number for number in pool.map(save, range(1, 51)) if number is not None]

    assert desk.marks == {"L1": winner * 50, "L2": winner * 50}
    assert (desk.stored.version, desk.stored.remark) == (2, f"Thẻ {winner}")
    changes = {
        "marks": {"L1": [None, winner * 50], "L2": [None, winner * 50]},
        "remark": ["", f"Thẻ {winner}"],
    }
    assert desk.events == [("score-sheet:save", {**desk.about, "version": 2, "changes": changes})]


def test_the_same_submission_sent_by_many_at_once_is_one_submission(desk: Desk, world: World) -> None:
    actor, together = world.actor(desk.user), Barrier(8)

    def submit(_number: int) -> SheetState:
        together.wait()
        state: SheetState = desk.run(submit_sheet, by=actor, marks=FULL).state
        return state

    with ThreadPoolExecutor(8) as pool:
        states = list(pool.map(submit, range(8)))

    assert states == [SheetState.SUBMITTED] * 8
    assert (desk.marks, desk.stored.version, len(desk.events)) == (FULL, 2, 1)


def test_judges_saving_different_sheets_at_once_lose_nothing(desk: Desk, world: World) -> None:
    sheets = [world.sheet(desk.judge, world.entry(desk.contest)) for _ in range(12)]
    actor, together = world.actor(desk.user), Barrier(12)

    def save(sheet: ScoreSheet) -> None:
        together.wait()
        for version, value in enumerate((1000, 1050, 1100), start=1):
            desk.run(by=actor, sheet_id=sheet.id, version=version, marks={"L1": value})

    with ThreadPoolExecutor(12) as pool:
        list(pool.map(save, sheets))

    assert [world.marks_of(sheet) for sheet in sheets] == [{"L1": 1100}] * 12
    assert len(desk.events) == 36


def test_a_save_takes_few_statements(desk: Desk, engine: Engine, world: World) -> None:
    actor = world.actor(desk.user)

    with count_queries(engine) as sent:
        desk.run(by=actor, marks=FULL)

    reads = [statement for statement in sent if statement.startswith("SELECT")]
    writes = {" ".join(statement.split()[:3]) for statement in sent} - {"BEGIN IMMEDIATE"}
    assert len(reads) == 4
    assert {write for write in writes if not write.startswith("SELECT")} == {
        "UPDATE score_sheets SET",
        "INSERT INTO marks",
        "INSERT INTO ledger_events",
    }
