"""Automatic assignment: what the plan says, what cannot be satisfied and why, and that it is carried out as shown."""

import json
from collections.abc import Mapping

import pytest
from sqlalchemy import select

from app.domain.assignments import GroupMode
from app.domain.contests import ContestState
from app.domain.errors import IllegalState, InvalidInput, NotFound, StaleVersion
from app.domain.permissions import Actor, Role
from app.models import Contest, JudgeGroup, LedgerEvent, ScoreSheet
from app.services import automatic_assignment
from app.services.automatic_assignment import (
    Aside,
    AssignmentPlan,
    PlanAssignment,
    plan_assignment,
)
from app.services.seat_plans import ApplySeats, SeatSource, apply_seats, read_seats, write_seats
from app.services.seating import Bools, NotSeated
from tests.assignments import REASON, entry_of, sheets, stand_aside
from tests.builders import NOW, World
from tests.refusals import refusals


class Table:
    """A contest with judges and entries, and who assigns."""

    def __init__(
        self, world: World, groups: str = "AAB", judges: int = 3, least: int = 2, **contest: ContestState
    ) -> None:
        self.world = world
        state = contest.get("state", ContestState.REGISTRATION)
        self.contest = world.contest(state, rules=world.rules(min_sheets=least))
        self.entries = [entry_of(world, self.contest, group) for group in groups]
        self.judges = [world.judge(self.contest, world.user(f"Giám khảo {n}")) for n in range(judges)]
        self.actor = world.actor(world.organiser(world.territory("Lâm Đồng")))

    def plan(
        self,
        wanted: int = 2,
        mode: GroupMode = GroupMode.NONE,
        groups: Mapping[int, frozenset[str]] | None = None,
        actor: Actor | None = None,
    ) -> AssignmentPlan:
        command = PlanAssignment(self.contest.id, wanted, mode, groups or {})
        with self.world.session() as session:
            return plan_assignment(session, command, actor=actor or self.actor)

    def apply(self, plan: AssignmentPlan, seats: str | None = None, actor: Actor | None = None) -> int:
        text = write_seats(plan.seats) if seats is None else seats
        command = ApplySeats(self.contest.id, SeatSource.SOLVER, text, plan.seen)
        with self.world.session() as session:
            return apply_seats(session, command, actor=actor or self.actor, now=NOW)

    @property
    def given(self) -> list[int]:
        return [len(sheets(self.world, judge)) for judge in self.judges]


@pytest.fixture
def table(world: World) -> Table:
    return Table(world)


def test_a_plan_changes_nothing_until_it_is_carried_out_as_shown(table: Table) -> None:
    plan = table.plan()
    before = table.given

    applied = table.apply(plan)

    assert (before, applied, sorted(table.given)) == ([0, 0, 0], 6, [2, 2, 2])
    assert [(one.has, len(one.given), one.possible) for one in plan.entries] == [(0, 2, 3)] * 3
    assert plan.short == ()
    assert [(one.before, one.given, one.total) for one in plan.judges] == [(0, 2, 2)] * 3
    [event] = table.world.all(select(LedgerEvent))
    details = json.loads(event.details)
    assert (event.action, details["source"], details["pass"]) == ("contest:assign-sheets", "solver", 1)
    assert read_seats(write_seats(plan.seats)) == [
        (int(judge), entry) for judge, entries in details["given"].items() for entry in entries
    ]


def test_what_stands_is_kept_and_only_what_is_missing_is_given(world: World) -> None:
    table = Table(world, state=ContestState.SCORING)
    first, second, third = table.judges
    marked = world.submitted(first, table.entries[0])
    world.sheet(second, table.entries[0])

    plan = table.plan()
    table.apply(plan)

    assert {entry for _judge, entry in plan.seats} == {table.entries[1].id, table.entries[2].id}
    assert world.get(ScoreSheet, marked.id).submitted_at == NOW
    assert sum(table.given) == 6
    assert len(sheets(world, third)) == 2


def test_it_says_who_stands_aside_from_what_cannot_be_satisfied(world: World) -> None:
    table = Table(world, groups="A")
    facility = world.facility()
    own = world.entry(table.contest, world.product(facility, group="B"), code="B-100")
    world.judge(table.contest, world.facility_user(facility))
    for judge in table.judges[:2]:
        stand_aside(world, table.actor, judge, own)

    plan = table.plan()

    [one] = plan.short
    assert (one.entry.code, one.will_have, one.possible) == ("B-100", 1, 1)
    assert sorted(one.aside, key=lambda aside: (aside.reason, aside.judge)) == [
        Aside("Nguyễn Văn Minh", ""),
        Aside("Giám khảo 0", REASON),
        Aside("Giám khảo 1", REASON),
    ]


def test_a_limit_of_groups_leaves_entries_short_and_a_wish_does_not(world: World) -> None:
    table = Table(world, groups="AB", judges=2)
    first, second = table.judges
    groups = {first.id: frozenset("A"), second.id: frozenset("AB")}

    limited, wished = (
        table.plan(mode=GroupMode.LIMIT, groups=groups),
        table.plan(mode=GroupMode.PREFER, groups=groups),
    )

    [one] = limited.short
    assert (one.entry.group_code, one.will_have, one.outside) == ("B", 1, ("Giám khảo 0",))
    assert wished.short == ()


def test_a_judge_without_ticked_groups_may_score_every_group(world: World) -> None:
    table = Table(world, groups="AB", judges=2)

    assert table.plan(mode=GroupMode.LIMIT, groups={table.judges[0].id: frozenset()}).short == ()


def test_an_open_possible_conflict_is_avoided_and_named_where_it_cannot_be(world: World) -> None:
    table = Table(world, groups="A")
    facility = world.facility("Hợp tác xã Ngọc Liên")
    entry = world.entry(table.contest, world.product(facility, group="A"))
    doubtful = table.judges[0]
    world.signed(doubtful, employer="HTX Ngọc Liên")

    avoided, forced = table.plan(wanted=2), table.plan(wanted=3)

    assert (doubtful.id, entry.id) not in avoided.seats
    assert [(one.entry.id, one.doubtful) for one in forced.doubtful] == [(entry.id, ("Giám khảo 0",))]


def test_entries_of_the_second_pass_alone_are_assigned_in_it(world: World) -> None:
    table = Table(world, groups="A", state=ContestState.SCORING)
    with world.session() as session:
        session.get_one(Contest, table.contest.id).current_pass = 2

    with pytest.raises(IllegalState, match="no judges, or no entries"):
        table.plan()


@pytest.mark.parametrize(
    ("wanted", "said"),
    [
        (1, "The rules ask for at least 2 score sheets for each entry."),
        (0, "The rules ask for at least 2 score sheets for each entry."),
        (4, "There are only 3 judges."),
        (10**9, "There are only 3 judges."),
    ],
)
def test_a_number_of_sheets_that_makes_no_sense_is_refused(table: Table, wanted: int, said: str) -> None:
    with pytest.raises(InvalidInput) as error:
        table.plan(wanted)

    assert refusals(error) == {"wanted": said}


def test_fewer_judges_than_the_rules_ask_for_are_explained_not_refused(world: World) -> None:
    table = Table(world, groups="A", judges=1)

    [one] = table.plan(2).short

    assert (one.will_have, one.aside, one.outside) == (1, (), ())


def test_a_stale_preview_gives_nothing_out(table: Table) -> None:
    plan = table.plan()
    stand_aside(table.world, table.actor, table.judges[0], table.entries[0])

    with pytest.raises(StaleVersion):
        table.apply(plan)

    assert table.given == [0, 0, 0]


def test_a_preview_is_carried_out_once(table: Table) -> None:
    plan = table.plan()
    table.apply(plan)

    with pytest.raises(StaleVersion):
        table.apply(plan)

    assert sum(table.given) == 6


@pytest.mark.parametrize(
    "seats", ["x", "1", "1:", "1:2;", "1:2,2", "-1:2", "1:999999", "999999:1", "٣:1", "1:" + "2," * 200_000]
)
def test_a_preview_that_was_tampered_with_gives_nothing_out(table: Table, seats: str) -> None:
    with pytest.raises(InvalidInput):
        table.apply(table.plan(), seats)

    assert table.given == [0, 0, 0]


def test_an_empty_plan_is_refused(table: Table) -> None:
    with pytest.raises(IllegalState, match="There is no sheet to give out"):
        table.apply(table.plan(), "")


def test_nobody_is_given_an_entry_of_the_own_facility_by_a_tampered_preview(world: World) -> None:
    table = Table(world)
    facility = world.facility()
    own = world.entry(table.contest, world.product(facility))
    maker = world.judge(table.contest, world.facility_user(facility))

    with pytest.raises(InvalidInput):
        table.apply(table.plan(), f"{maker.id}:{own.id}")

    assert sheets(world, maker) == []


def test_only_who_appoints_the_jury_assigns_and_only_until_scoring_closes(world: World) -> None:
    table = Table(world)
    observer = world.actor(world.member(Role.OBSERVER, contest_id=table.contest.id))
    abroad = world.actor(world.organiser(world.territory("Quảng Ninh")))
    plan = table.plan()

    for actor in (observer, abroad, world.actor(world.user_of(table.judges[0].user_id))):
        with pytest.raises(NotFound):
            table.plan(actor=actor)
        with pytest.raises(NotFound):
            table.apply(plan, actor=actor)
    closed = Table(world, state=ContestState.SCORED)
    with pytest.raises(IllegalState):
        closed.plan()


def test_a_solver_that_finds_nothing_in_time_is_said_so(
    table: Table, monkeypatch: pytest.MonkeyPatch
) -> None:
    def in_vain(_hall: object) -> Bools:
        raise NotSeated

    monkeypatch.setattr(automatic_assignment, "seat", in_vain)

    with pytest.raises(IllegalState, match="No assignment was found in time"):
        table.plan()


def test_ticked_groups_are_left_as_they_are(table: Table) -> None:
    table.apply(table.plan(mode=GroupMode.PREFER, groups={table.judges[0].id: frozenset("A")}))

    assert table.world.all(select(JudgeGroup)) == []
