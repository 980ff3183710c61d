import json
from dataclasses import replace
from datetime import date

import pytest
from sqlalchemy import select

from app.domain.contests import Calendar, ContestState
from app.domain.errors import IllegalState, InvalidInput
from app.domain.permissions import Actor, Role
from app.domain.rules import COMMUNE_TIER_NOT_HELD, ContestRules, CriterionRule, GroupRule
from app.domain.tiers import Tier
from app.models import Contest, LedgerEvent
from app.services.contests import (
    CreateContest,
    SetRules,
    UpdateContest,
    create_contest,
    set_rules,
    update_contest,
)
from tests.builders import NOW, World
from tests.refusals import refusals

NAME = "Bình chọn sản phẩm công nghiệp nông thôn tiêu biểu tỉnh Lâm Đồng năm 2026"
DAYS = Calendar(date(2026, 3, 1), date(2026, 4, 30), date(2026, 6, 30))


@pytest.fixture
def organiser(world: World) -> Actor:
    return world.actor(world.organiser(world.territory("Lâm Đồng")))


def command(world: World, **changes: object) -> CreateContest:
    plain = CreateContest(world.territory("Lâm Đồng").id, 2026, NAME, DAYS, world.rubric().id)
    return replace(plain, **changes)  # type: ignore[arg-type]  # changes are of the fields' types


def create(world: World, actor: Actor, **changes: object) -> Contest:
    with world.session() as session:
        return create_contest(session, command(world, **changes), actor=actor, now=NOW)


def acts(world: World, contest: Contest) -> list[tuple[str, dict[str, object]]]:
    events = world.all(
        select(LedgerEvent).where(LedgerEvent.contest_id == contest.id).order_by(LedgerEvent.id)
    )
    return [(event.action, json.loads(event.details)) for event in events]


def test_a_new_contest_is_a_draft_with_the_usual_rules(world: World, organiser: Actor) -> None:
    contest = create(world, organiser)

    stored = world.get(Contest, contest.id)
    assert (stored.name, stored.tier, stored.year, stored.state) == (
        NAME,
        Tier.PROVINCIAL,
        2026,
        ContestState.DRAFT,
    )
    assert stored.slug == "lam-dong-2026"
    assert (stored.registration_opens_on, stored.registration_closes_on) == (
        date(2026, 3, 1),
        date(2026, 4, 30),
    )
    assert (stored.rules_digest, stored.rules_frozen_at) == (None, None)
    assert stored.rules == replace(world.rules(), min_sheets=5, lower_tier_skipped=COMMUNE_TIER_NOT_HELD)
    assert [action for action, _details in acts(world, contest)] == ["contest:create"]


def test_two_contests_of_a_year_and_one_of_the_next_get_addresses_of_their_own(
    world: World, organiser: Actor
) -> None:
    days = Calendar(date(2027, 3, 1), date(2027, 4, 30), date(2027, 6, 30))

    slugs = [
        create(world, organiser, name="Đợt 1").slug,
        create(world, organiser, name="Đợt 2").slug,
        create(world, organiser, name="Đợt 1", year=2027, calendar=days).slug,
    ]

    assert slugs == ["lam-dong-2026", "lam-dong-2026-2", "lam-dong-2027"]


def test_a_second_contest_of_the_same_name_and_year_is_refused(world: World, organiser: Actor) -> None:
    create(world, organiser)

    with pytest.raises(InvalidInput) as error:
        create(world, organiser)

    assert refusals(error) == {"name": "There is already a contest of this name in this year."}


@pytest.mark.parametrize("place", ["Quảng Ninh", "Phía Nam", "Việt Nam"])
def test_a_territory_that_is_not_ones_own_is_refused(world: World, organiser: Actor, place: str) -> None:
    with pytest.raises(InvalidInput) as error:
        create(world, organiser, territory_id=world.territory(place).id)

    assert refusals(error) == {"territory_id": "Choose one of your own territories."}


def test_an_unknown_territory_is_refused_like_a_foreign_one(world: World, organiser: Actor) -> None:
    with pytest.raises(InvalidInput) as error:
        create(world, organiser, territory_id=987654)

    assert refusals(error) == {"territory_id": "Choose one of your own territories."}


def test_a_merged_province_holds_no_contest_any_more(world: World, organiser: Actor) -> None:
    merged = world.territory("Bình Thuận", date(2025, 1, 1))

    with pytest.raises(InvalidInput) as error:
        create(world, organiser, territory_id=merged.id)

    assert refusals(error) == {
        "territory_id": "Tỉnh Bình Thuận does not exist on 01/03/2026; choose the territory of that time."
    }


def test_an_observer_creates_nothing(world: World) -> None:
    observer = world.actor(world.member(Role.OBSERVER, contest_id=world.contest().id))

    with pytest.raises(InvalidInput):
        create(world, observer)


@pytest.mark.parametrize(
    ("days", "expected"),
    [
        (
            Calendar(date(2026, 5, 1), date(2026, 4, 30), date(2026, 6, 30)),
            {"registration_closes_on": "Registration cannot close before it opens."},
        ),
        (
            Calendar(date(2026, 3, 1), date(2026, 4, 30), date(2026, 4, 29)),
            {"scoring_closes_on": "Scoring cannot close before registration does."},
        ),
        (
            Calendar(date(2024, 3, 1), date(2026, 4, 30), date(2206, 6, 30)),
            {
                "registration_opens_on": "This day is not in or next to the year 2026.",
                "scoring_closes_on": "This day is not in or next to the year 2026.",
            },
        ),
    ],
)
def test_days_that_do_not_follow_each_other_are_refused(
    world: World, organiser: Actor, days: Calendar, expected: dict[str, str]
) -> None:
    with pytest.raises(InvalidInput) as error:
        create(world, organiser, calendar=days)

    assert refusals(error) == expected


@pytest.mark.parametrize("year", [0, -5, 1999, 2201, 10**12])
def test_a_year_outside_our_time_is_refused(world: World, organiser: Actor, year: int) -> None:
    with pytest.raises(InvalidInput) as error:
        create(world, organiser, year=year)

    assert refusals(error)["year"] == "Enter a year such as 2026."


def test_a_score_sheet_that_is_not_in_force_that_year_is_refused(world: World, organiser: Actor) -> None:
    days = Calendar(date(2013, 3, 1), date(2013, 4, 30), date(2013, 6, 30))

    with pytest.raises(InvalidInput) as error:
        create(world, organiser, year=2013, calendar=days)

    assert refusals(error) == {
        "rubric_version_id": "This score sheet is not in force in 2013 in this territory."
    }


def test_name_and_days_can_change_until_scoring_opens(world: World, organiser: Actor) -> None:
    contest = world.contest(ContestState.REGISTRATION)
    days = replace(DAYS, registration_closes_on=date(2026, 5, 31))

    with world.session() as session:
        update_contest(session, UpdateContest(contest.id, 2026, "Đợt hai", days), actor=organiser, now=NOW)

    stored = world.get(Contest, contest.id)
    assert (stored.name, stored.slug, stored.registration_closes_on) == (
        "Đợt hai",
        "lam-dong-2026",
        date(2026, 5, 31),
    )
    [(action, details)] = acts(world, contest)
    assert (action, details["old"], details["new"]) == (
        "contest:update",
        {**facts(contest), "territory_id": contest.territory_id},
        {**facts(stored), "territory_id": contest.territory_id},
    )


def facts(contest: Contest) -> dict[str, object]:
    return {
        "name": contest.name,
        "slug": contest.slug,
        "year": contest.year,
        "registration_opens_on": contest.registration_opens_on.isoformat(),
        "registration_closes_on": contest.registration_closes_on.isoformat(),
        "scoring_closes_on": contest.scoring_closes_on.isoformat(),
    }


FROZEN = [state for state in ContestState if state not in (ContestState.DRAFT, ContestState.REGISTRATION)]


@pytest.mark.parametrize("state", FROZEN)
def test_nothing_of_a_contest_changes_once_scoring_opened(
    world: World, organiser: Actor, state: ContestState
) -> None:
    contest = world.contest(state)

    with world.session() as session:
        with pytest.raises(IllegalState):
            update_contest(session, UpdateContest(contest.id, 2026, "Khác", DAYS), actor=organiser, now=NOW)
        with pytest.raises(IllegalState):
            set_rules(session, SetRules(contest.id, world.rules(threshold=6000)), actor=organiser, now=NOW)

    assert world.get(Contest, contest.id).rules_json == contest.rules_json


def test_rules_are_kept_as_they_were_set_with_old_and_new_in_the_ledger(
    world: World, organiser: Actor
) -> None:
    contest = world.contest(ContestState.DRAFT)
    rules = world.rules(threshold=7500, quota=30, group_quotas={"A": 10}, tie_break=("L2", "spread"))

    with world.session() as session:
        set_rules(session, SetRules(contest.id, rules), actor=organiser, now=NOW)

    assert world.get(Contest, contest.id).rules == rules
    [(action, details)] = acts(world, contest)
    assert action == "contest:set-rules"
    old, new = details["old"], details["new"]
    assert isinstance(old, dict)
    assert isinstance(new, dict)
    assert (old["threshold"], new["threshold"], old["quota"], new["quota"]) == (7000, 7500, None, 30)


def other_criteria(rules: ContestRules) -> ContestRules:
    return replace(rules, criteria=(CriterionRule("L1", "Khác", "Other", 10000),))


def other_groups(rules: ContestRules) -> ContestRules:
    return replace(rules, groups=(GroupRule("Z", "Khác", "Other"),), group_quotas={})


@pytest.mark.parametrize("change", [other_criteria, other_groups])
def test_rules_keep_the_criteria_and_groups_of_the_score_sheet(
    world: World, organiser: Actor, change: object
) -> None:
    contest = world.contest(ContestState.DRAFT)
    assert callable(change)
    rules = replace(change(world.rules()), tie_break=("spread",))

    with world.session() as session, pytest.raises(InvalidInput) as error:
        set_rules(session, SetRules(contest.id, rules), actor=organiser, now=NOW)

    assert refusals(error) == {"criteria": "The criteria are those of the score sheet of this contest."}


def test_group_names_and_floors_are_the_contests_own(world: World, organiser: Actor) -> None:
    contest, rules = world.contest(ContestState.DRAFT), world.rules()
    criteria = (replace(rules.criteria[0], floor=2000), *rules.criteria[1:])
    groups = (replace(rules.groups[0], name_vi="Thủ công"), *rules.groups[1:])

    with world.session() as session:
        set_rules(
            session,
            SetRules(contest.id, replace(rules, criteria=criteria, groups=groups)),
            actor=organiser,
            now=NOW,
        )

    stored = world.get(Contest, contest.id).rules
    assert (stored.criteria[0].floor, stored.groups[0].name_vi) == (2000, "Thủ công")


def test_rules_that_decide_nothing_are_refused_by_field(world: World, organiser: Actor) -> None:
    contest, rules = world.contest(ContestState.DRAFT), world.rules()
    bad = replace(
        rules,
        criteria=(replace(rules.criteria[0], floor=4001), *rules.criteria[1:]),
        groups=(replace(rules.groups[0], name_vi=""), *rules.groups[1:]),
        threshold=10001,
        quorum_percent=0,
        certificate_series="",
    )

    with world.session() as session, pytest.raises(InvalidInput) as error:
        set_rules(session, SetRules(contest.id, bad), actor=organiser, now=NOW)

    assert set(error.value.fields) == {
        "threshold",
        "quorum_percent",
        "certificate_series",
        "vi_A",
        "floor_L1",
    }
