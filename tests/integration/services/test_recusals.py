"""Recusals: what they take away, and how they are lifted."""

import pytest
from sqlalchemy import select

from app.domain.contests import ContestState
from app.domain.errors import IllegalState, InvalidInput, NotFound
from app.domain.judging import SheetState
from app.domain.permissions import Actor
from app.models import Contest, Mark, Recusal, ScoreSheet
from app.services.assignments import OWN_FACILITY, Recuse, lift_recusal
from tests.assignments import REASON, acts, assign, recusals, sheets, stand_aside
from tests.builders import NOW, World


@pytest.fixture
def organiser(world: World) -> Actor:
    return world.actor(world.organiser(world.territory("Lâm Đồng")))


@pytest.fixture
def contest(world: World) -> Contest:
    return world.contest(ContestState.REGISTRATION)


def test_a_recusal_takes_an_empty_sheet_away(world: World, contest: Contest, organiser: Actor) -> None:
    judge, entry = world.judge(contest), world.entry(contest)
    world.sheet(judge, entry)

    stand_aside(world, organiser, judge, entry)

    assert (sheets(world, judge), recusals(world, judge)) == ([], [(entry.id, REASON)])
    assert acts(world, judge) == [("judge:recuse", {"entry_id": entry.id, "reason": REASON, "marked": False})]


def test_a_recusal_keeps_a_sheet_with_marks_on_record(world: World, organiser: Actor) -> None:
    contest = world.contest(ContestState.SCORING)
    judge, entry = world.judge(contest), world.entry(contest)
    sheet = world.submitted(judge, entry)

    stand_aside(world, organiser, judge, entry)

    assert world.get(ScoreSheet, sheet.id).state is SheetState.SUBMITTED
    assert len(world.all(select(Mark).where(Mark.sheet_id == sheet.id))) == 4


def test_a_judge_declares_a_conflict_but_does_not_take_it_back(world: World, organiser: Actor) -> None:
    contest = world.contest(ContestState.SCORING)
    user, entry = world.user(), world.entry(contest)
    judge = world.judge(contest, user)
    other = world.judge(contest)

    stand_aside(world, world.actor(user), judge, entry)
    with pytest.raises(NotFound):
        stand_aside(world, world.actor(user), other, entry)
    with world.session() as session, pytest.raises(NotFound):
        lift_recusal(session, Recuse(judge.id, entry.id, "Nhầm"), actor=world.actor(user), now=NOW)

    assert recusals(world, judge) == [(entry.id, REASON)]
    [recorded] = world.all(select(Recusal))
    assert recorded.recorded_by_id == user.id


def test_a_recusal_is_recorded_once_and_with_a_reason(
    world: World, contest: Contest, organiser: Actor
) -> None:
    judge, entry = world.judge(contest), world.entry(contest)

    with pytest.raises(InvalidInput) as error:
        stand_aside(world, organiser, judge, entry, "  ")
    stand_aside(world, organiser, judge, entry)
    with pytest.raises(IllegalState):
        stand_aside(world, organiser, judge, entry, "Lý do khác")

    assert {name: str(text) for name, text in error.value.fields.items()} == {
        "reason": "Write why this judge does not score the entry."
    }
    assert recusals(world, judge) == [(entry.id, REASON)]


def test_a_recusal_recorded_by_mistake_is_lifted_and_the_sheet_comes_back(
    world: World, contest: Contest, organiser: Actor
) -> None:
    judge, entry = world.judge(contest), world.entry(contest)
    assign(world, organiser, judge, "B")
    stand_aside(world, organiser, judge, entry)

    with world.session() as session:
        lift_recusal(session, Recuse(judge.id, entry.id, "Nhầm người"), actor=organiser, now=NOW)

    assert (sheets(world, judge), recusals(world, judge)) == ([entry.id], [])
    assert acts(world, judge)[-1] == (
        "judge:lift-recusal",
        {"entry_id": entry.id, "old": REASON, "reason": "Nhầm người"},
    )


def test_a_recusal_for_the_own_facility_is_not_lifted(
    world: World, contest: Contest, organiser: Actor
) -> None:
    facility = world.facility()
    entry = world.entry(contest, world.product(facility))
    judge = world.judge(contest, world.facility_user(facility))
    assign(world, organiser, judge, "B")

    with world.session() as session, pytest.raises(IllegalState):
        lift_recusal(session, Recuse(judge.id, entry.id, "Nhầm người"), actor=organiser, now=NOW)

    assert recusals(world, judge) == [(entry.id, OWN_FACILITY)]


def test_a_reason_that_the_minutes_could_not_print_is_refused(
    world: World, contest: Contest, organiser: Actor
) -> None:
    judge, entry = world.judge(contest), world.entry(contest)

    with pytest.raises(InvalidInput) as error:
        stand_aside(world, organiser, judge, entry, "Anh trai 🪷")

    assert {name: str(text) for name, text in error.value.fields.items()} == {
        "reason": "These characters cannot be printed: 🪷. Replace them."
    }
    assert recusals(world, judge) == []


def test_a_judge_does_not_take_a_submitted_sheet_out_of_the_count_alone(
    world: World, organiser: Actor
) -> None:
    contest = world.contest(ContestState.SCORING)
    user, entry = world.user(), world.entry(contest)
    judge = world.judge(contest, user)
    world.submitted(judge, entry)

    with pytest.raises(IllegalState, match="Tell the organiser of the conflict"):
        stand_aside(world, world.actor(user), judge, entry)
    stand_aside(world, organiser, judge, entry)

    assert recusals(world, judge) == [(entry.id, REASON)]
