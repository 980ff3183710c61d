"""The line to the server breaks at each step of a save, or the device's clock is wrong: each mark is saved, once."""

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from playwright.sync_api import Page, Request, Route, expect
from sqlalchemy import func, select

from app.models import LedgerEvent, ScoreSheet
from tests.browser.conftest import Person
from tests.browsing import PASSWORD
from tests.builders import World

SAVED = "#save-state.save-saved"
PATIENCE = 15_000


@pytest.fixture
def sheet(world: World) -> ScoreSheet:
    """A sheet of the judge who signs in at `page`."""
    contest = world.contest()
    return world.sheet(world.judge(contest, world.user(email="gk@example.vn")), world.entry(contest))


@pytest.fixture
def page(sheet: ScoreSheet, person: Callable[..., Person]) -> Page:
    """The sheet, opened by its judge."""
    one = person(service_workers="block")  # what goes through one is not always seen by `page.route`
    one.sign_in("gk@example.vn", PASSWORD)
    one.page.goto(f"/judging/sheets/{sheet.id}")
    return one.page


def saves_of(world: World, sheet: ScoreSheet) -> int:
    """How many saves of the sheet the ledger holds."""
    of_sheet = (LedgerEvent.subject_kind == "score_sheets", LedgerEvent.subject_id == sheet.id)
    number: int = world.all(select(func.count(LedgerEvent.id)).where(*of_sheet))[0]
    return number


def lost_before_it_arrived(route: Route) -> None:
    """The server never hears of it."""
    route.abort()


def refused_by_a_proxy(route: Route) -> None:
    """Something in front of the server answers in its place."""
    route.fulfill(status=502, content_type="text/html", body="<h1>Bad Gateway</h1>")


def answer_cut_in_the_middle(route: Route) -> None:
    """The server saves it, and a part of its answer arrives."""
    answer = route.fetch()
    route.fulfill(status=answer.status, content_type="application/json", body=answer.text()[:9])


@pytest.mark.parametrize("fault", [lost_before_it_arrived, refused_by_a_proxy, answer_cut_in_the_middle])
def test_a_save_that_breaks_off_is_sent_again_under_its_key_and_saved_once(
    world: World, sheet: ScoreSheet, page: Page, fault: Callable[[Route], None]
) -> None:
    keys: list[Any] = []

    def break_the_first(route: Route, request: Request) -> None:
        keys.append(json.loads(request.post_data or "")["key"])
        if len(keys) == 1:
            fault(route)
        else:
            route.continue_()

    page.route("**/autosave", break_the_first)
    page.keyboard.type("30")
    expect(page.locator(SAVED)).to_contain_text("Đã lưu", timeout=PATIENCE)

    assert len(set(keys)) == 1 < len(keys)
    assert (world.marks_of(sheet), saves_of(world, sheet)) == ({"L1": 3000}, 1)


def test_marks_typed_in_flight_mode_are_saved_when_it_ends(
    world: World, sheet: ScoreSheet, page: Page
) -> None:
    page.context.set_offline(True)
    page.keyboard.type("30")
    expect(page.locator("#save-state")).to_have_text("Chưa lưu – đang ngoại tuyến, còn 1 ô", timeout=PATIENCE)
    page.keyboard.press("Enter")
    page.keyboard.type("31")
    expect(page.locator("#save-state")).to_have_text("Chưa lưu – đang ngoại tuyến, còn 2 ô", timeout=PATIENCE)
    nothing = world.marks_of(sheet)

    page.context.set_offline(False)
    expect(page.locator(SAVED)).to_be_visible(timeout=PATIENCE)

    assert (nothing, world.marks_of(sheet)) == ({}, {"L1": 3000, "L2": 3100})
    assert saves_of(world, sheet) == 2


@pytest.mark.parametrize("hours", [-30, 30])
def test_a_device_whose_clock_is_wrong_saves_and_shows_the_servers_time(
    world: World, sheet: ScoreSheet, person: Callable[..., Person], hours: int
) -> None:
    one = person()
    one.page.clock.install(time=datetime.now(UTC) + timedelta(hours=hours))
    one.sign_in("gk@example.vn", PASSWORD)
    page = one.page
    page.goto(f"/judging/sheets/{sheet.id}")

    page.keyboard.type("30")
    page.clock.run_for(2000)
    expect(page.locator(SAVED)).to_be_visible(timeout=PATIENCE)

    stored = world.get(ScoreSheet, sheet.id)
    assert world.marks_of(sheet) == {"L1": 3000}
    assert stored.saved_at
    assert abs(stored.saved_at - datetime.now(UTC)) < timedelta(minutes=5)
