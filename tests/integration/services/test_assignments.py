import pytest
from sqlalchemy import select

from app.domain.contests import ContestState
from app.domain.entries import EntryState
from app.domain.errors import IllegalState, NotFound
from app.domain.permissions import Actor, Role
from app.models import Contest, JudgeGroup, Recusal, ScoreSheet
from app.services.assignments import OWN_FACILITY, Assigned, assign_entry, unassign_entry
from tests.assignments import acts, assign, entry_of, groups, recusals, sheets, stand_aside
from tests.builders import NOW, World


@pytest.fixture
def organiser(world: World) -> Actor:
    return world.actor(world.organiser(world.territory("Lâm Đồng")))


@pytest.fixture
def contest(world: World) -> Contest:
    return world.contest(ContestState.REGISTRATION)


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
