import json

import pytest
from sqlalchemy import select

from app.domain.contests import ContestState
from app.domain.entries import EntryState
from app.domain.errors import IllegalState, InvalidInput, NotFound
from app.domain.judging import SheetState
from app.domain.permissions import Actor, Role
from app.models import Contest, Entry, Judge, JudgeGroup, LedgerEvent, Mark, Recusal, ScoreSheet
from app.services.assignments import (
    OWN_FACILITY,
    Assigned,
    AssignGroup,
    Recuse,
    assign_entry,
    assign_group,
    lift_recusal,
    recuse,
    unassign_entry,
)
from tests.builders import NOW, World

REASON = "Là anh trai của chủ cơ sở."


@pytest.fixture
def organiser(world: World) -> Actor:
    return world.actor(world.organiser(world.territory("Lâm Đồng")))


@pytest.fixture
def contest(world: World) -> Contest:
    return world.contest(ContestState.REGISTRATION)


def entry_of(world: World, contest: Contest, group: str) -> Entry:
    return world.entry(contest, world.product(group=group))


def assign(world: World, actor: Actor, judge: Judge, *groups: str) -> Assigned:
    with world.session() as session:
        return assign_group(session, AssignGroup(judge.contest_id, judge.id, groups), actor=actor, now=NOW)


def stand_aside(world: World, actor: Actor, judge: Judge, entry: Entry, reason: str = REASON) -> None:
    with world.session() as session:
        recuse(session, Recuse(judge.id, entry.id, reason), actor=actor, now=NOW)


def sheets(world: World, judge: Judge) -> list[int]:
    return sorted(world.all(select(ScoreSheet.entry_id).where(ScoreSheet.judge_id == judge.id)))


def recusals(world: World, judge: Judge) -> list[tuple[int, str]]:
    rows = world.all(select(Recusal).where(Recusal.judge_id == judge.id).order_by(Recusal.entry_id))
    return [(row.entry_id, row.reason) for row in rows]


def groups(world: World, judge: Judge) -> list[str]:
    return sorted(world.all(select(JudgeGroup.group_code).where(JudgeGroup.judge_id == judge.id)))


def acts(world: World, judge: Judge) -> list[tuple[str, dict[str, object]]]:
    events = world.all(
        select(LedgerEvent)
        .where(LedgerEvent.subject_kind == "judges", LedgerEvent.subject_id == judge.id)
        .order_by(LedgerEvent.id)
    )
    return [(event.action, json.loads(event.details)) for event in events]


def test_a_judge_gets_every_accepted_entry_of_the_groups(
    world: World, contest: Contest, organiser: Actor
) -> None:
    judge = world.judge(contest)
    wanted = [entry_of(world, contest, group) for group in "AAB"]
    entry_of(world, contest, "C")
    world.entry(contest, world.product(group="A"), EntryState.SUBMITTED)
    entry_of(world, world.contest(ContestState.REGISTRATION), "A")

    assigned = assign(world, organiser, judge, "A", "B")

    ids = [entry.id for entry in wanted]
    assert (assigned, sheets(world, judge), groups(world, judge)) == (Assigned(given=ids), ids, ["A", "B"])
    assert acts(world, judge) == [
        ("judge:assign-groups", {"old": [], "new": ["A", "B"], "given": ids, "taken": []})
    ]


def test_assigning_the_same_groups_again_changes_nothing(
    world: World, contest: Contest, organiser: Actor
) -> None:
    judge, entry = world.judge(contest), entry_of(world, contest, "A")
    assign(world, organiser, judge, "A")

    again = assign(world, organiser, judge, "A")

    assert (again, sheets(world, judge), len(acts(world, judge))) == (Assigned(), [entry.id], 1)


def test_a_group_is_taken_back_with_its_empty_sheets(
    world: World, contest: Contest, organiser: Actor
) -> None:
    judge = world.judge(contest)
    kept, gone = entry_of(world, contest, "A"), entry_of(world, contest, "B")
    assign(world, organiser, judge, "A", "B")

    assigned = assign(world, organiser, judge, "A")

    assert (assigned, sheets(world, judge), groups(world, judge)) == (
        Assigned(taken=[gone.id]),
        [kept.id],
        ["A"],
    )


def test_a_group_with_begun_sheets_is_not_taken_back(world: World, organiser: Actor) -> None:
    contest = world.contest(ContestState.SCORING)
    judge, entry = world.judge(contest), entry_of(world, contest, "B")
    world.add(JudgeGroup(judge_id=judge.id, group_code="B"))
    world.sheet(judge, entry, {"L1": 3000})

    with pytest.raises(IllegalState):
        assign(world, organiser, judge, "A")

    assert (sheets(world, judge), groups(world, judge)) == ([entry.id], ["B"])


def test_a_sheet_that_was_given_by_itself_stays_when_other_groups_come(
    world: World, contest: Contest, organiser: Actor
) -> None:
    judge, single, other = world.judge(contest), entry_of(world, contest, "C"), entry_of(world, contest, "A")
    world.sheet(judge, single)

    assign(world, organiser, judge, "A")

    assert sheets(world, judge) == [single.id, other.id]


def test_a_judge_of_the_facility_is_recused_by_itself(
    world: World, contest: Contest, organiser: Actor
) -> None:
    facility = world.facility()
    own, other = world.entry(contest, world.product(facility)), world.entry(contest)
    judge = world.judge(contest, world.facility_user(facility))

    assigned = assign(world, organiser, judge, "B")

    assert assigned == Assigned(given=[other.id], recused=[own.id])
    assert (sheets(world, judge), recusals(world, judge)) == ([other.id], [(own.id, OWN_FACILITY)])


def test_the_facilitys_own_address_is_a_conflict_in_any_letters(
    world: World, contest: Contest, organiser: Actor
) -> None:
    facility = world.facility(email="Chu.Co.So@Example.vn")
    entry = world.entry(contest, world.product(facility))
    judge = world.judge(contest, world.user(email="chu.co.so@example.vn"))

    assert assign(world, organiser, judge, "B") == Assigned(recused=[entry.id])


def test_a_recused_judge_does_not_get_the_entry_with_the_group(
    world: World, contest: Contest, organiser: Actor
) -> None:
    judge, entry = world.judge(contest), world.entry(contest)
    stand_aside(world, organiser, judge, entry)

    assert assign(world, organiser, judge, "B") == Assigned()
    assert sheets(world, judge) == []


def test_groups_that_the_contest_does_not_have_are_nothing(
    world: World, contest: Contest, organiser: Actor
) -> None:
    judge = world.judge(contest)

    with pytest.raises(NotFound):
        assign(world, organiser, judge, "Z")

    assert groups(world, judge) == []


def test_one_entry_is_given_and_taken_back(world: World, contest: Contest, organiser: Actor) -> None:
    judge, entry = world.judge(contest), world.entry(contest)

    with world.session() as session:
        assign_entry(session, judge.id, entry.id, actor=organiser, now=NOW)
    given = sheets(world, judge)
    with world.session() as session:
        unassign_entry(session, judge.id, entry.id, actor=organiser, now=NOW)

    assert (given, sheets(world, judge)) == ([entry.id], [])
    assert acts(world, judge) == [
        ("judge:assign-entry", {"entry_id": entry.id}),
        ("judge:unassign-entry", {"entry_id": entry.id}),
    ]


def test_an_entry_is_not_given_twice_nor_to_its_own_facility_nor_against_a_recusal(
    world: World, contest: Contest, organiser: Actor
) -> None:
    facility = world.facility()
    own = world.entry(contest, world.product(facility))
    judge = world.judge(contest, world.facility_user(facility))
    given, recused = world.entry(contest), world.entry(contest)
    world.sheet(judge, given)
    stand_aside(world, organiser, judge, recused)

    said = []
    for entry in (given, own, recused):
        with world.session() as session, pytest.raises(IllegalState) as error:
            assign_entry(session, judge.id, entry.id, actor=organiser, now=NOW)
        said.append(str(error.value))

    assert said == [
        "This judge already has a sheet for this entry.",
        "This judge belongs to the facility of the entry and may not score it.",
        "It is on record that this judge does not score it.",
    ]
    assert sheets(world, judge) == [given.id]


def test_a_begun_sheet_is_not_taken_back(world: World, organiser: Actor) -> None:
    contest = world.contest(ContestState.SCORING)
    judge, marked, remarked = world.judge(contest), world.entry(contest), world.entry(contest)
    world.sheet(judge, marked, {"L1": 3000})
    world.add(ScoreSheet(judge_id=judge.id, entry_id=remarked.id, saved_at=NOW, remark="Đẹp"))

    for entry in (marked, remarked):
        with world.session() as session, pytest.raises(IllegalState):
            unassign_entry(session, judge.id, entry.id, actor=organiser, now=NOW)

    assert sheets(world, judge) == [marked.id, remarked.id]


def test_taking_back_what_was_not_given_finds_nothing(
    world: World, contest: Contest, organiser: Actor
) -> None:
    judge, entry = world.judge(contest), world.entry(contest)

    with world.session() as session, pytest.raises(NotFound):
        unassign_entry(session, judge.id, entry.id, actor=organiser, now=NOW)


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


@pytest.mark.parametrize(
    "state", [ContestState.SCORED, ContestState.VOTING, ContestState.PROVISIONAL, ContestState.FINAL]
)
def test_assignments_stay_as_they_are_once_scoring_closed(
    world: World, organiser: Actor, state: ContestState
) -> None:
    contest = world.contest(state)
    judge, entry = world.judge(contest), world.entry(contest)
    world.sheet(judge, entry)

    with pytest.raises(IllegalState):
        assign(world, organiser, judge, "A")
    with pytest.raises(IllegalState):
        stand_aside(world, organiser, judge, entry)
    for step in (assign_entry, unassign_entry):
        with world.session() as session, pytest.raises(IllegalState):
            step(session, judge.id, entry.id, actor=organiser, now=NOW)

    assert (sheets(world, judge), recusals(world, judge)) == ([entry.id], [])


def test_judges_and_entries_of_other_contests_are_nothing(
    world: World, contest: Contest, organiser: Actor
) -> None:
    abroad = world.contest(ContestState.REGISTRATION, world.territory("Quảng Ninh"))
    judge, entry = world.judge(contest), world.entry(contest)
    foreign_judge, foreign_entry = world.judge(abroad), world.entry(abroad)
    waiting = world.entry(contest, state=EntryState.SUBMITTED)
    observer = world.actor(world.member(Role.OBSERVER, contest_id=contest.id))
    pairs = [
        (organiser, foreign_judge, entry),
        (organiser, foreign_judge, foreign_entry),
        (organiser, judge, foreign_entry),
        (organiser, judge, waiting),
        (observer, judge, entry),
    ]

    for actor, one, other in pairs:
        with pytest.raises(NotFound):
            stand_aside(world, actor, one, other)
        with world.session() as session, pytest.raises(NotFound):
            assign_entry(session, one.id, other.id, actor=actor, now=NOW)

    assert world.all(select(Recusal)) == world.all(select(ScoreSheet)) == []
