"""The rules tried on made-up marks: the real path, nothing kept, and every kind of rule at work."""

import pytest
from sqlalchemy import func, select

from app.domain.contests import ContestState
from app.domain.permissions import Role
from app.domain.rules import PrizeBy, PrizeRule
from app.models import Computation, Contest, LedgerEvent, Mark
from app.services.rule_preview import preview
from tests.browsing import Browser, squeeze
from tests.builders import World

PRIZES = (PrizeRule("1", "Giải Nhất", "First prize", 1), PrizeRule("2", "Giải Nhì", "Second prize", 3))


@pytest.fixture
def contest(world: World) -> Contest:
    return world.contest(ContestState.REGISTRATION, rules=world.rules(min_sheets=5, prizes=PRIZES))


def address(contest: Contest, query: str = "") -> str:
    return f"/contests/{contest.id}/rules/preview{query}"


def test_the_preview_shows_a_decided_list_and_says_that_it_is_made_up(
    world: World, browser: Browser, contest: Contest
) -> None:
    browser.sign_in(world.organiser(world.territory("Lâm Đồng")))
    before = [world.all(select(func.count(model.id))) for model in (Computation, Mark, LedgerEvent)]

    page = browser.get(address(contest))

    rows = page.rows()
    assert page.heading == "Xem thử quy chế với số liệu giả định"
    assert "không có thật" in squeeze(page.select_one(".lead"))
    assert len(rows) == 24
    assert rows[0][0] == "1"
    assert "; hạng giải: Giải Nhất." in rows[0][-1]
    assert [world.all(select(func.count(model.id))) for model in (Computation, Mark, LedgerEvent)] == before


def test_numbers_choose_the_example_and_the_same_numbers_show_the_same(
    world: World, browser: Browser, contest: Contest
) -> None:
    browser.sign_in(world.organiser(world.territory("Lâm Đồng")))

    first = browser.get(address(contest, "?entries=6&judges=5&seed=2")).rows()
    again = browser.get(address(contest, "?entries=6&judges=5&seed=2")).rows()
    other = browser.get(address(contest, "?entries=6&judges=5&seed=3")).rows()

    assert len(first) == 6
    assert first == again != other


@pytest.mark.parametrize(
    ("query", "field", "said"),
    [
        ("?entries=0&judges=5&seed=1", "entries", "Nhập số từ 1 đến 200."),
        ("?entries=201&judges=5&seed=1", "entries", "Nhập số từ 1 đến 200."),
        ("?entries=5&judges=99999999999&seed=1", "judges", "Nhập số từ 1 đến 30."),
        ("?entries=5&judges=5&seed=x", "seed", "Phải là số nguyên."),
        ("?entries=&judges=5&seed=1", "entries", "Phải là số nguyên."),
    ],
)
def test_a_number_that_cannot_be_is_refused_beside_its_field(
    world: World, browser: Browser, contest: Contest, query: str, field: str, said: str
) -> None:
    browser.sign_in(world.organiser(world.territory("Lâm Đồng")))

    page = browser.get(address(contest, query), status=422)

    assert page.field_errors[field].startswith(said)
    assert page.select("table") == []


def test_organisers_and_observers_of_the_contest_see_it_and_nobody_else(
    world: World, browser: Browser, contest: Contest
) -> None:
    observer = world.member(Role.OBSERVER, contest_id=contest.id)
    judge = world.user_of(world.judge(contest).user_id)
    stranger = world.organiser(world.territory("An Giang"))

    for user, status in ((observer, 200), (judge, 403), (stranger, 404)):
        browser.sign_in(user)
        browser.get(address(contest), status=status)
        browser.sign_out()

    assert browser.client.get(address(contest)).headers["Location"].startswith("/sign-in")


def test_the_first_and_the_last_entry_are_equal_and_share_their_place(world: World) -> None:
    rows = {row.code: row for row in preview(world.rules(min_sheets=3), entries=9, judges=5, seed=4)}

    assert rows["A-001"].jury.rank == rows["A-003"].jury.rank
    assert rows["A-001"].decided_by == rows["A-003"].decided_by == "tie"


def test_quotas_of_facility_group_and_contest_are_kept(world: World) -> None:
    rules = world.rules(facility_quota=1, group_quotas={"A": 2}, quota=4, threshold=5000)

    rows = preview(rules, entries=40, judges=7, seed=1)

    selected = [row for row in rows if row.jury.outcome == "selected"]
    assert 0 < len(selected) <= 4
    assert len({row.facility for row in selected}) == len(selected)
    assert len([row for row in selected if row.jury.group == "A"]) <= 2
    assert all(row.place is not None and row.place.is_cut for row in rows if row.jury.outcome == "reached")


def test_a_second_pass_decides_about_those_who_went_on(world: World) -> None:
    rules = world.rules(passes=2, deciding_pass=2, advance_mark=7400)

    rows = preview(rules, entries=40, judges=7, seed=1)

    outcomes = {row.jury.outcome.value for row in rows}
    assert {"not_advanced", "selected"} <= outcomes
    assert {row.reason(rules, "vi") for row in rows if row.jury.outcome == "not_advanced"} == {
        "Kết quả vòng 1 dưới 74 điểm nên không vào vòng 2."
    }


def test_a_second_pass_to_which_nobody_comes_decides_nothing(world: World) -> None:
    rules = world.rules(passes=2, deciding_pass=2, advance_mark=10_000)

    rows = preview(rules, entries=5, judges=3, seed=1)

    assert {row.jury.outcome.value for row in rows} == {"not_advanced"}


def test_one_entry_and_one_judge_are_enough(world: World) -> None:
    bands = (PrizeRule("1", "Giải Nhất", "First prize", 7000),)
    rules = world.rules(prizes=bands, prize_by=PrizeBy.BAND)

    [row] = preview(rules, entries=1, judges=1, seed=0)

    assert row.code == "A-001"
    assert (row.jury.prize == "1") is (row.jury.outcome == "selected")
