"""Results from two-level sheets, with quotas per facility and prizes; and the digests they are kept under."""

import json
from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError

from app.domain.contests import ContestState
from app.domain.errors import IllegalState
from app.domain.permissions import Actor
from app.domain.results import Outcome
from app.domain.rules import ContestRules, PrizeBy, PrizeRule, rules_digest_of, rules_from_json
from app.models import Computation, Contest, Entry, Mark, Result
from app.queries.results import results_page
from app.services.results import compute
from tests.awards import scored, scoring
from tests.builders import NOW, World
from tests.rubrics import DETAILED_FULL

IN_A = {"L1.1": 2500, "L1.2": 1500, "L2.1": 1950, "L2.2": 2000, "L3": 800, "L4": 800}  # 95.50 points
IN_C = {"L1.1": 2000, "L1.2": 1200, "L2": 3200, "L3": 800, "L4": 800}  # 80 points; L2 has no lines there
LATER = (
    "sub_criteria",
    "facility_quota",
    "prize_by",
    "prizes",
    "passes",
    "advance_mark",
    "deciding_pass",
)


def compute_again(world: World, contest: Contest, actor: Actor) -> Computation:
    with world.session() as session:
        return compute(session, contest.id, actor=actor, now=NOW)


@pytest.fixture
def contest(world: World) -> Contest:
    return world.contest(rules=world.detailed_rules())


@pytest.fixture
def organiser(world: World, contest: Contest) -> Actor:
    return world.actor(world.organiser(world.territory("Lâm Đồng")))


def entries_of_a_b_and_c(world: World, contest: Contest) -> list[Entry]:
    return [world.entry(contest, world.product(group=group), code=f"{group}-001") for group in "ABC"]


def test_lines_add_up_to_their_criteria_in_every_group(
    world: World, contest: Contest, organiser: Actor
) -> None:
    judge = world.judge(contest)
    for entry, marks in zip(entries_of_a_b_and_c(world, contest), (IN_A, DETAILED_FULL, IN_C), strict=True):
        world.submitted(judge, entry, marks)

    compute_again(world, contest, organiser)

    with world.session() as session:
        session.execute(update(Contest).values(state=ContestState.SCORED))
        rows = results_page(session, organiser, contest.id).rows
    assert [(row.code, row.average, row.jury.criterion_sums) for row in rows] == [
        ("A-001", 9550, (4000, 3950, 800, 800)),
        ("B-001", 8000, (3200, 3200, 800, 800)),
        ("C-001", 8000, (3200, 3200, 800, 800)),
    ]
    assert [(row.jury.rank, row.decided_by) for row in rows] == [(1, "value"), (2, "tie"), (2, "tie")]


def test_half_a_point_moved_between_two_lines_changes_the_digest_and_not_the_result(
    world: World, contest: Contest, organiser: Actor
) -> None:
    world.submitted(world.judge(contest), world.entry(contest), DETAILED_FULL)
    first = compute_again(world, contest, organiser)
    with world.session() as session:
        more, less = session.scalars(select(Mark).order_by(Mark.id).limit(2))
        more.value, less.value = more.value + 50, less.value - 50

    second = compute_again(world, contest, organiser)

    assert first.inputs_digest != second.inputs_digest
    rows = world.all(select(Result).order_by(Result.id))
    assert [(row.numerator, row.denominator) for row in rows] == [(8000, 1), (8000, 1)]


def test_a_submitted_sheet_without_all_its_lines_is_refused_by_name(
    world: World, contest: Contest, organiser: Actor
) -> None:
    judge = world.judge(contest)
    _a, entry, _c = entries_of_a_b_and_c(world, contest)
    world.submitted(judge, entry, {code: mark for code, mark in DETAILED_FULL.items() if code != "L2.2"})

    with pytest.raises(IllegalState, match="for entry B-001 lacks a mark"):
        compute_again(world, contest, organiser)


def test_the_database_holds_no_mark_above_the_highest_of_its_line(world: World, contest: Contest) -> None:
    sheet = world.submitted(world.judge(contest), world.entry(contest), DETAILED_FULL)
    mark = world.all(select(Mark).where(Mark.sheet_id == sheet.id).order_by(Mark.id))[0]

    for change in ({"value": mark.max_mark + 1}, {"value": -1}, {"max_mark": mark.max_mark + 100}):
        with pytest.raises(IntegrityError), world.session() as session:
            session.execute(update(Mark).where(Mark.id == mark.id).values(**change))


def test_each_facility_sends_no_more_than_its_quota(world: World) -> None:
    many, one = world.facility(), world.facility()
    products = [world.product(facility) for facility in (many, many, one, many)]

    award = scored(
        world,
        [[9000], [8000], [7500], [7400]],
        products=products,
        rules={"facility_quota": 1, "quota": 2},
    )

    assert [row[4] for row in award.results()] == [
        Outcome.SELECTED,
        Outcome.REACHED,
        Outcome.SELECTED,
        Outcome.REACHED,
    ]


PRIZES = (PrizeRule("nhat", "Giải Nhất", "First prize", 1), PrizeRule("nhi", "Giải Nhì", "Second prize", 2))
BANDS = tuple(replace(prize, limit=limit) for prize, limit in zip(PRIZES, (9000, 8000), strict=True))


@pytest.mark.parametrize(
    ("rules", "totals", "prizes"),
    [
        ({"prizes": PRIZES}, (9000, 8500, 8000, 7000), ["nhat", "nhi", "nhi", None]),
        ({"prizes": BANDS, "prize_by": PrizeBy.BAND}, (9000, 8999, 7999, 6000), ["nhat", "nhi", None, None]),
        ({}, (9000, 8000), [None, None]),
    ],
)
def test_prizes_are_kept_with_the_result(
    world: World, rules: dict[str, Any], totals: tuple[int, ...], prizes: list[str | None]
) -> None:
    scored(world, [[total] for total in totals], rules=rules)

    rows = world.all(select(Result).order_by(Result.entry_id))
    assert [(row.prize, row.prize_tied) for row in rows] == [(prize, False) for prize in prizes]


def test_equals_across_the_edge_of_a_prize_are_kept_as_tied(world: World) -> None:
    scored(world, [[9000], [9000], [8000]], rules={"prizes": PRIZES, "tie_break": ()})

    rows = world.all(select(Result).order_by(Result.entry_id))
    assert [(row.prize, row.prize_tied) for row in rows] == [(None, True), (None, True), ("nhi", False)]


def test_rules_frozen_before_there_were_lines_and_prizes_compute_under_their_old_digest(
    world: World,
) -> None:
    award = scoring(world, [[7000]])
    old = json.loads(award.contest.rules_json)
    text = json.dumps(
        {name: value for name, value in old.items() if name not in LATER},
        ensure_ascii=False,
        sort_keys=True,
        separators=(",", ":"),
    )
    with world.session() as session:
        session.execute(update(Contest).values(rules_json=text, rules_digest=rules_digest_of(text)))

    computation = compute_again(world, award.contest, award.actor)

    assert rules_from_json(text) == award.contest.rules
    assert computation.rules_digest == rules_digest_of(text) != award.contest.rules.digest
    assert [row[4] for row in award.results()] == [Outcome.SELECTED]


def test_the_facility_goes_into_the_digest_only_where_a_quota_asks_for_it(world: World) -> None:
    award = scoring(world, [[7000]])
    plain = compute_again(world, award.contest, award.actor)
    with_quota = replace(award.contest.rules, facility_quota=1)
    _freeze(world, with_quota)

    held = compute_again(world, award.contest, award.actor)
    _freeze(world, replace(with_quota, facility_quota=2))
    held_otherwise = compute_again(world, award.contest, award.actor)

    assert plain.inputs_digest != held.inputs_digest == held_otherwise.inputs_digest


def _freeze(world: World, rules: ContestRules) -> None:
    with world.session() as session:
        session.execute(update(Contest).values(rules_json=rules.as_json(), rules_digest=rules.digest))
