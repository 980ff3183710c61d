"""Paper sheets typed by two people who do not see each other's typing."""

import json
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from sqlalchemy import select

from app.domain.errors import IllegalState, InvalidInput, NotFound, NotPermitted, StaleVersion
from app.domain.judging import SheetState
from app.domain.paper import KeyingState, typings_digest
from app.domain.permissions import Actor, Role
from app.models import KeyedSheet, Membership, Product
from app.queries.keying import differences_page, keying_list, keying_page, typings_of
from app.services.assignments import unassign_entry
from app.services.judging import ReopenSheet, SaveSheet, reopen_sheet, save_sheet
from app.services.keying import (
    DiscardTypings,
    KeySheet,
    SettleSheet,
    discard_typings,
    key_sheet,
    settle_sheet,
)
from tests.assignments import stand_aside
from tests.builders import NOW, World
from tests.outside_sheets import LATER, MARKS, Office, office
from tests.refusals import refusals

OTHER = {**MARKS, "L2": 2950, "L4": 650}


@pytest.fixture
def desk(world: World) -> Office:
    return office(world)


def type_in(
    desk: Office,
    actor: Actor,
    marks: Mapping[str, int | None] = MARKS,
    remark: str = "",
    *,
    total: int | None = None,
    sheet: tuple[int, int] = (0, 0),
    hours: int = 1,
) -> KeyingState:
    command = KeySheet(desk.contest.id, desk.sheets[sheet].id, marks, remark, total)
    with desk.world.session() as session:
        return key_sheet(session, command, actor=actor, now=NOW + timedelta(hours=hours))


def seen(desk: Office) -> str:
    """What a page that is opened now shows of the first sheet."""
    with desk.world.session() as session:
        return typings_digest(typings_of(session, desk.sheets[0, 0].id))


def settle(desk: Office, actor: Actor, **choices: int) -> None:
    settle_as_shown(desk, actor, seen(desk), choices)


def settle_as_shown(desk: Office, actor: Actor, shown: str, choices: Mapping[str, int]) -> None:
    command = SettleSheet(desk.contest.id, desk.sheets[0, 0].id, choices, shown)
    with desk.world.session() as session:
        settle_sheet(session, command, actor=actor, now=LATER)


def typings(desk: Office) -> list[tuple[int, dict[str, int]]]:
    rows = desk.world.all(select(KeyedSheet).order_by(KeyedSheet.id))
    return [(row.keyed_by_id, row.marks) for row in rows]


def test_two_typings_that_agree_submit_the_sheet_on_behalf_of_the_judge(desk: Office) -> None:
    first = type_in(desk, desk.actor, remark="Đạt yêu cầu")
    second = type_in(desk, desk.colleague, total=7550)

    assert (first, second) == (KeyingState.ONCE, KeyingState.DONE)
    assert (desk.marks(), desk.stored().state, desk.stored().remark) == (
        MARKS,
        SheetState.SUBMITTED,
        "Đạt yêu cầu",
    )
    assert typings(desk) == []
    event = desk.events()[-1]
    details = json.loads(event.details)
    assert (event.action, event.actor_id, event.on_behalf_of, details["source"], details["marks"]) == (
        "score-sheet:submit",
        desk.second.id,
        "Trần Thị Hạnh",
        "keying",
        MARKS,
    )
    assert [typing["user_id"] for typing in details["typings"]] == [desk.organiser.id, desk.second.id]


def test_the_first_typing_is_on_no_sheet_and_not_in_the_ledger(desk: Office) -> None:
    type_in(desk, desk.actor, remark="Bí mật của phiếu giấy")

    assert (desk.marks(), desk.stored().state) == ({}, SheetState.DRAFT)
    [event] = desk.events()
    assert (event.action, json.loads(event.details)) == ("keyed-sheet:key", {"again": False})


def test_the_second_typist_reads_nothing_of_the_first_typing(desk: Office) -> None:
    type_in(desk, desk.actor, remark="Bí mật của phiếu giấy")

    with desk.world.session() as session:
        page = keying_page(session, desk.colleague, desk.contest.id, desk.sheets[0, 0].id)
        lines = keying_list(session, desk.colleague, desk.contest.id, None).lines

    assert (page.own, page.line.state, page.line.sheet.marks) == (None, KeyingState.ONCE, {})
    assert "Bí mật" not in repr(page)
    assert "3050" not in repr(page)
    assert "3050" not in repr(lines)
    with desk.world.session() as session, pytest.raises(NotFound):
        differences_page(session, desk.colleague, desk.contest.id, desk.sheets[0, 0].id)


def test_two_who_type_in_the_same_moment_are_taken_one_after_the_other(desk: Office) -> None:
    with ThreadPoolExecutor(2) as threads:
        states = list(threads.map(lambda actor: type_in(desk, actor), [desk.actor, desk.colleague]))

    assert sorted(states) == [KeyingState.DONE, KeyingState.ONCE]
    assert (desk.marks(), typings(desk)) == (MARKS, [])


def test_one_person_alone_never_submits_a_sheet(desk: Office) -> None:
    assert [type_in(desk, desk.actor), type_in(desk, desk.actor)] == [KeyingState.ONCE, KeyingState.ONCE]
    assert desk.stored().state is SheetState.DRAFT


def test_a_typing_can_be_changed_until_the_second_comes(desk: Office) -> None:
    type_in(desk, desk.actor, OTHER)
    type_in(desk, desk.actor, MARKS)

    assert typings(desk) == [(desk.organiser.id, MARKS)]
    assert type_in(desk, desk.colleague) is KeyingState.DONE


def test_differences_are_settled_by_one_of_the_two_line_by_line(desk: Office) -> None:
    type_in(desk, desk.actor, remark="Tốt")
    assert type_in(desk, desk.colleague, OTHER, "Khá") is KeyingState.DIFFERENT
    one, two = desk.organiser.id, desk.second.id

    settle(desk, desk.actor, L2=two, L4=one, remark=two)

    assert desk.marks() == {**MARKS, "L2": 2950}
    assert (desk.stored().remark, desk.stored().state) == ("Khá", SheetState.SUBMITTED)
    details = json.loads(desk.events()[-1].details)
    assert [typing["marks"] for typing in details["typings"]] == [MARKS, OTHER]
    assert details["settled"] == {
        "L2": desk.second.name,
        "L4": desk.organiser.name,
        "remark": desk.second.name,
    }


def test_a_difference_without_a_choice_is_refused_by_its_line(desk: Office) -> None:
    type_in(desk, desk.actor)
    type_in(desk, desk.colleague, OTHER)

    with pytest.raises(InvalidInput) as error:
        settle(desk, desk.actor, L2=desk.organiser.id, L4=desk.people[0].id)

    assert refusals(error) == {"choice_L4": "Choose what stands on the paper."}
    assert desk.marks() == {}


def test_nobody_but_the_two_settles_or_types_a_third_time(desk: Office) -> None:
    type_in(desk, desk.actor)
    type_in(desk, desk.colleague, OTHER)
    third = desk.world.actor(desk.world.organiser(desk.world.territory("Lâm Đồng")))

    with pytest.raises(NotPermitted, match="Only the two people"):
        settle(desk, third, L2=desk.organiser.id, L4=desk.organiser.id)
    with pytest.raises(IllegalState, match="Two people have typed"):
        type_in(desk, third)
    with desk.world.session() as session, pytest.raises(NotFound):
        differences_page(session, third, desk.contest.id, desk.sheets[0, 0].id)


def test_settling_twice_is_refused(desk: Office) -> None:
    type_in(desk, desk.actor)
    type_in(desk, desk.colleague, OTHER)
    settle(desk, desk.actor, L2=desk.organiser.id, L4=desk.organiser.id)

    with pytest.raises(IllegalState, match="no differences"):
        settle(desk, desk.colleague, L2=desk.second.id, L4=desk.second.id)


def test_neither_a_choice_nor_throwing_away_holds_for_what_was_typed_since(desk: Office) -> None:
    type_in(desk, desk.actor)
    type_in(desk, desk.colleague, OTHER)
    shown = seen(desk)
    with desk.world.session() as session:
        command = DiscardTypings(desk.contest.id, desk.sheets[0, 0].id, shown)
        discard_typings(session, command, actor=desk.colleague, now=LATER)
    again = {**OTHER, "L1": 3100}
    type_in(desk, desk.actor)
    type_in(desk, desk.colleague, again)

    with pytest.raises(StaleVersion, match="has changed since you opened this page"):
        settle_as_shown(desk, desk.actor, shown, dict.fromkeys(("L1", "L2", "L4"), desk.second.id))
    with desk.world.session() as session, pytest.raises(StaleVersion):
        discard_typings(session, command, actor=desk.actor, now=LATER)

    assert typings(desk) == [(desk.organiser.id, MARKS), (desk.second.id, again)]
    assert desk.marks() == {}


def test_when_neither_is_right_both_type_again_and_the_ledger_keeps_what_was_typed(desk: Office) -> None:
    type_in(desk, desk.actor)
    type_in(desk, desk.colleague, OTHER)
    shown = seen(desk)
    with desk.world.session() as session:
        command = DiscardTypings(desk.contest.id, desk.sheets[0, 0].id, shown)
        discard_typings(session, command, actor=desk.actor, now=LATER)

    assert (typings(desk), desk.stored().saved_at) == ([], None)
    assert [typing["marks"] for typing in json.loads(desk.events()[-1].details)["typings"]] == [MARKS, OTHER]
    assert [type_in(desk, desk.actor), type_in(desk, desk.colleague)] == [KeyingState.ONCE, KeyingState.DONE]


def test_whoever_works_for_the_facility_of_an_entry_does_not_type_its_sheets(desk: Office) -> None:
    facility_id = desk.world.get(Product, desk.entries[0].product_id).facility_id
    place = {"role": Role.FACILITY_USER, "facility_id": facility_id}
    desk.world.add(Membership(user_id=desk.organiser.id, created_at=NOW, **place))

    with pytest.raises(NotPermitted, match="belong to the facility"):
        type_in(desk, desk.actor)
    assert type_in(desk, desk.actor, sheet=(0, 1)) is KeyingState.ONCE


def test_a_sheet_from_which_the_judge_stands_aside_is_not_typed(desk: Office) -> None:
    type_in(desk, desk.actor)
    stand_aside(desk.world, desk.actor, desk.judges[0], desk.entries[0])

    with pytest.raises(IllegalState, match="does not score"):
        type_in(desk, desk.colleague)


def test_a_sheet_that_the_judge_fills_in_is_not_typed(desk: Office) -> None:
    type_in(desk, desk.actor)
    command = SaveSheet(desk.sheets[0, 0].id, 1, {"L1": 1000}, {}, "")
    with desk.world.session() as session:
        save_sheet(session, command, actor=desk.world.actor(desk.people[0]), now=LATER)

    with pytest.raises(IllegalState, match="judge is filling in"):
        type_in(desk, desk.colleague)


@pytest.mark.parametrize(
    ("marks", "field", "said"),
    [
        (
            {**MARKS, "L1": None},
            "mark_L1",
            "Enter a mark: a sheet can be submitted only when every criterion has one.",
        ),
        ({**MARKS, "L1": 4050}, "mark_L1", "40.5 is above the highest mark, 40."),
        ({**MARKS, "L3": 825}, "mark_L3", "Enter points in steps of 0.5."),
        ({**MARKS, "L3": -50}, "mark_L3", "Enter 0 or more points."),
        ({**MARKS, "L9": 50}, "mark_L9", "This sheet has no such criterion."),
    ],
)
def test_marks_that_break_a_rule_are_refused_by_field(
    desk: Office, marks: Mapping[str, int | None], field: str, said: str
) -> None:
    with pytest.raises(InvalidInput) as error:
        type_in(desk, desk.actor, marks)

    assert (refusals(error), typings(desk)) == ({field: said}, [])


def test_a_total_that_is_not_the_sum_is_refused(desk: Office) -> None:
    with pytest.raises(InvalidInput) as error:
        type_in(desk, desk.actor, total=7600)

    assert refusals(error) == {"total": "The marks add up to 75.5. Compare each with the paper."}


def test_a_sheet_with_a_typing_is_not_taken_from_its_judge(desk: Office) -> None:
    type_in(desk, desk.actor)

    with desk.world.session() as session, pytest.raises(IllegalState, match="already begun"):
        unassign_entry(session, desk.judges[0].id, desk.entries[0].id, actor=desk.actor, now=LATER)


def test_a_reopened_paper_sheet_is_typed_twice_again(desk: Office) -> None:
    type_in(desk, desk.actor)
    type_in(desk, desk.colleague)
    head = desk.world.user()
    desk.world.judge(desk.contest, head, is_head=True)
    with desk.world.session() as session:
        command = ReopenSheet(desk.sheets[0, 0].id, "Nhập nhầm phiếu.")
        reopen_sheet(session, command, actor=desk.world.actor(head), now=LATER)

    assert type_in(desk, desk.actor, OTHER, hours=2) is KeyingState.ONCE
    assert type_in(desk, desk.colleague, OTHER, hours=3) is KeyingState.DONE
    assert desk.marks() == OTHER


def test_the_sheet_of_another_contest_is_unknown(desk: Office) -> None:
    other = office(desk.world)
    stranger = desk.world.actor(desk.world.organiser(desk.world.territory("An Giang")))

    with pytest.raises(NotFound):
        type_in(desk, stranger)
    command = KeySheet(desk.contest.id, other.sheets[0, 0].id, MARKS, "")
    with desk.world.session() as session, pytest.raises(NotFound):
        key_sheet(session, command, actor=desk.actor, now=LATER)


def test_level_two_lines_are_typed_and_compared(world: World) -> None:
    desk = office(world, rules=world.detailed_rules())
    marks = {"L1.1": 2000, "L1.2": 1000, "L2.1": 800, "L2.2": 2500, "L3": 900, "L4": 800}
    type_in(desk, desk.actor, marks)

    assert type_in(desk, desk.colleague, {**marks, "L2.2": 2450}) is KeyingState.DIFFERENT
    settle(desk, desk.actor, **{"L2.2": desk.second.id})
    assert desk.marks() == {**marks, "L2.2": 2450}
