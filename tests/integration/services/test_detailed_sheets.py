"""Saving and submitting sheets whose criteria have a second level."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import pytest
from sqlalchemy import Engine, select

from app.domain.errors import IllegalState, InvalidInput, StaleVersion
from app.domain.judging import SheetState
from app.models import Criterion, Mark
from app.services.judging import save_sheet, submit_sheet
from tests.builders import FULL, World
from tests.queries import count_queries
from tests.rubrics import DETAILED_FULL
from tests.sheets import LATER, Desk


@pytest.fixture
def desk(world: World) -> Desk:
    return Desk(world, world.detailed_rules())


def test_marks_and_notes_are_saved_on_the_lines(desk: Desk) -> None:
    desk.run(marks={"L1.1": 2250, "L1.2": None, "L3": 800}, notes={"L1.2": "Cần xem."})

    assert desk.marks == {"L1.1": 2250, "L3": 800}
    assert (desk.stored.notes, desk.stored.version) == ({"L1.2": "Cần xem."}, 2)
    changes = {"marks": {"L1.1": [None, 2250], "L3": [None, 800]}, "notes": {"L1.2": [None, "Cần xem."]}}
    assert desk.events == [("score-sheet:save", {**desk.about, "version": 2, "changes": changes})]


@pytest.mark.parametrize(("group", "highest"), [("A", 2000), ("B", 1000)])
def test_a_mark_stands_on_the_line_of_the_entrys_group(world: World, group: str, highest: int) -> None:
    desk = Desk(world, world.detailed_rules(), group)

    desk.run(marks={"L2.1": highest})

    row = select(Criterion.group_code).join(Mark, Mark.criterion_id == Criterion.id)
    assert world.all(row) == [group]
    assert world.all(select(Mark.max_mark)) == [highest]


@pytest.mark.parametrize("service", [save_sheet, submit_sheet])
@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"L1.1": 2550}, "mark_L1.1"),  # above the maximum of its line
        ({"L2.1": 1050}, "mark_L2.1"),  # within the maximum of another group's line
        ({"L1.2": 25}, "mark_L1.2"),  # off the step
        ({"L2.2": -50}, "mark_L2.2"),
        ({"L1": 3200}, "mark_L1"),  # the sum of its lines, not a line
        ({"L2.9": 100}, "mark_L2.9"),
        ({"l1.1": 100}, "mark_l1.1"),
    ],
)
def test_a_wrong_mark_is_refused_whole(
    desk: Desk, service: Callable[..., Any], wrong: dict[str, int], field: str
) -> None:
    with pytest.raises(InvalidInput) as caught:
        desk.run(service, marks={**DETAILED_FULL, **wrong})

    assert list(caught.value.fields) == [field]
    assert (desk.marks, desk.stored.version, desk.events) == ({}, 1, [])


@pytest.mark.parametrize("service", [save_sheet, submit_sheet])
def test_a_group_without_a_second_level_takes_marks_on_its_criteria_only(
    world: World, service: Callable[..., Any]
) -> None:
    desk = Desk(world, world.detailed_rules(), "C")
    marks = {"L1.1": 2000, "L1.2": 1200, "L2": 3200, "L3": 800, "L4": 800}

    with pytest.raises(InvalidInput) as caught:
        desk.run(service, marks={**marks, "L2.1": 800})
    desk.run(service, marks=marks)

    assert list(caught.value.fields) == ["mark_L2.1"]
    assert desk.marks == marks


def test_a_sheet_of_the_legal_rubric_takes_no_line_of_another(world: World) -> None:
    world.detailed_rubric()
    desk = Desk(world)

    with pytest.raises(InvalidInput) as caught:
        desk.run(submit_sheet, marks={**FULL, "L1.1": 100})

    assert list(caught.value.fields) == ["mark_L1.1"]


def test_a_sheet_is_submitted_once_every_line_has_a_mark(desk: Desk) -> None:
    with pytest.raises(InvalidInput) as caught:
        desk.run(submit_sheet, marks={**DETAILED_FULL, "L1.2": None, "L4": None})
    desk.run(submit_sheet, marks=DETAILED_FULL)

    assert list(caught.value.fields) == ["mark_L1.2", "mark_L4"]
    assert (desk.marks, desk.stored.state) == (DETAILED_FULL, SheetState.SUBMITTED)
    [(action, details)] = desk.events
    assert (action, details["marks"]) == ("score-sheet:submit", DETAILED_FULL)


def test_a_stale_save_overwrites_nothing(desk: Desk) -> None:
    desk.run(marks={"L1.1": 2000})

    with pytest.raises(StaleVersion):
        desk.run(marks={"L1.1": 1000})

    assert (desk.marks, len(desk.events)) == ({"L1.1": 2000}, 1)


def test_the_same_submission_sent_by_many_at_once_is_one_submission(desk: Desk, world: World) -> None:
    actor, together = world.actor(desk.user), Barrier(8)

    def submit(_number: int) -> SheetState:
        together.wait()
        state: SheetState = desk.run(submit_sheet, by=actor, marks=DETAILED_FULL).state
        return state

    with ThreadPoolExecutor(8) as pool:
        states = list(pool.map(submit, range(8)))

    assert states == [SheetState.SUBMITTED] * 8
    assert (desk.marks, desk.stored.version, len(desk.events)) == (DETAILED_FULL, 2, 1)


def test_a_reopened_sheet_is_changed_line_by_line(desk: Desk, world: World) -> None:
    head = world.user()
    world.judge(desk.contest, head, is_head=True)
    desk.run(submit_sheet, marks=DETAILED_FULL)

    desk.reopen(head)
    desk.run(submit_sheet, version=3, marks={"L2.2": 2450})

    assert desk.marks == {**DETAILED_FULL, "L2.2": 2450}


def test_a_save_of_many_lines_takes_as_few_reads_as_one_of_four(
    desk: Desk, engine: Engine, world: World
) -> None:
    actor = world.actor(desk.user)

    with count_queries(engine) as sent:
        desk.run(by=actor, marks=DETAILED_FULL)

    assert len([statement for statement in sent if statement.startswith("SELECT")]) == 4


@pytest.mark.parametrize("service", [save_sheet, submit_sheet])
def test_a_sheet_of_a_pass_that_is_over_stays_as_it_is(world: World, service: Callable[..., Any]) -> None:
    desk = Desk(world, world.detailed_rules(passes=2), marks={"L1.1": 1000})
    desk.enter_pass(2)

    with pytest.raises(IllegalState, match="This pass of scoring is closed"):
        desk.run(service, marks=DETAILED_FULL)

    assert (desk.marks, desk.events) == ({"L1.1": 1000}, [])


def test_a_submitted_sheet_of_a_pass_that_is_over_is_not_reopened(world: World) -> None:
    desk = Desk(world, world.detailed_rules(passes=2))
    head = world.user()
    world.judge(desk.contest, head, is_head=True)
    desk.run(submit_sheet, marks=DETAILED_FULL)
    desk.enter_pass(2)

    with pytest.raises(IllegalState, match="This pass of scoring is closed"):
        desk.reopen(head)

    assert desk.stored.state is SheetState.SUBMITTED


def test_the_sheets_of_both_passes_are_kept_apart(world: World) -> None:
    desk = Desk(world, world.detailed_rules(passes=2))
    desk.run(submit_sheet, marks=DETAILED_FULL)
    desk.enter_pass(2)
    second = world.sheet(desk.judge, desk.entry, pass_no=2)

    desk.run(sheet_id=second.id, marks={"L1.1": 2500})

    assert world.marks_of(second) == {"L1.1": 2500}
    assert (desk.marks, desk.stored.submitted_at) == (DETAILED_FULL, LATER)
