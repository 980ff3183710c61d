"""A judge at the desk: by keyboard, from two devices, without a connection, with a session that has ended."""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from threading import Thread
from typing import Any

import pytest
from flask import Flask
from playwright.sync_api import Page, Request, Route, expect
from sqlalchemy import func, select
from werkzeug.serving import make_server

from app.domain.judging import SheetState
from app.models import Contest, LedgerEvent, ScoreSheet, User
from tests.browser.conftest import Person
from tests.browsing import PASSWORD
from tests.builders import World

SAVED = "#save-state.save-saved"
expect.set_options(timeout=15_000)


@dataclass
class Desk:
    """A judge with sheets, at a window of their own."""

    world: World
    contest: Contest
    user: User
    sheets: list[ScoreSheet]
    person: Person
    keys: int = 0
    requests: list[str] = field(default_factory=list)

    @property
    def page(self) -> Page:
        return self.person.page

    def press(self, *keys: str) -> None:
        for key in keys:
            self.page.keyboard.press(key)
            self.keys += 1

    def type(self, text: str) -> None:
        self.press(*text)

    def open(self, number: int = 0) -> Page:
        self.page.goto(f"/judging/sheets/{self.sheets[number].id}")
        return self.page

    def marks(self, number: int = 0) -> dict[str, int]:
        return self.world.marks_of(self.sheets[number])

    def saves(self, number: int = 0) -> int:
        with self.world.session() as session:
            of_sheet = (LedgerEvent.subject_kind == "score_sheets", LedgerEvent.subject_id == self.sheets[number].id)
            return session.scalar(select(func.count(LedgerEvent.id)).where(*of_sheet)) or 0


@pytest.fixture
def desk_of(world: World, person: Callable[..., Person]) -> Callable[..., Desk]:
    """A judge signed in, with so many sheets; again for the same judge on another device."""

    def make(count: int = 1, at: Desk | None = None, **context: Any) -> Desk:
        if at is None:
            contest = world.contest()
            user = world.user()
            judge = world.judge(contest, user)
            entries = [world.entry(contest, world.product(name=f"Trà sen số {number}"), code=f"B-{number:02d}") for number in range(1, count + 1)]
            sheets = [world.sheet(judge, entry) for entry in entries]
        else:
            contest, user, sheets = at.contest, at.user, at.sheets
        one = person(**context)
        one.sign_in(user.email, PASSWORD)
        desk = Desk(world, contest, user, sheets, one)
        one.page.on("request", lambda request: desk.requests.append(f"{request.method} {request.url}"))
        return desk

    return make


def test_a_mark_is_saved_by_itself_and_only_then_called_saved(desk_of: Callable[..., Desk]) -> None:
    desk = desk_of()
    page = desk.open()

    desk.type("32,5")
    expect(page.locator("#save-state")).to_have_text("Đang lưu…")
    expect(page.locator(SAVED)).to_contain_text("Đã lưu")

    assert desk.marks() == {"L1": 3250}
    expect(page.locator("#total")).to_have_text("32,5")
    expect(page.locator("#missing")).to_have_text("còn 3 tiêu chí chưa chấm")
    desk.person.check()


def test_twenty_products_are_scored_by_keyboard_alone(desk_of: Callable[..., Desk], capsys: pytest.CaptureFixture[str]) -> None:
    desk = desk_of(20)
    page = desk.page
    page.goto("/judging/")
    page.get_by_role("link", name="Chấm sản phẩm tiếp theo").focus()
    desk.requests.clear()
    desk.press("Enter")

    for number in range(20):
        page.wait_for_url(f"**/sheets/{desk.sheets[number].id}")
        expect(page.locator("form.saves-itself")).to_be_visible()
        desk.type(f"3{number % 10}")
        desk.press("Enter")
        desk.type("32")
        desk.press("ArrowDown")
        desk.type("8,5")
        desk.press("Enter")
        desk.type("9")
        desk.press("Control+Enter")
    page.wait_for_url(f"**/sheets/{desk.sheets[0].id}")
    expect(page.locator(SAVED)).to_be_visible()

    expected = [{"L1": 3000 + 100 * (number % 10), "L2": 3200, "L3": 850, "L4": 900} for number in range(20)]
    assert [desk.marks(number) for number in range(20)] == expected
    own = [request for request in desk.requests if "/static/" not in request and "/files/" not in request]
    with capsys.disabled():
        saves = sum("autosave" in request for request in own)
        print(f"\n20 products, 4 criteria: {desk.keys} keystrokes, {len(own)} requests, {saves} of them saves")
    assert desk.keys == 1 + 20 * 12


def test_the_later_save_of_a_stale_sheet_shows_both_values_and_overwrites_nothing(
    desk_of: Callable[..., Desk],
) -> None:
    tablet = desk_of()
    laptop = desk_of(at=tablet)
    tablet.open()
    laptop.open()
    laptop.type("30")
    expect(laptop.page.locator(SAVED)).to_contain_text("Đã lưu")

    tablet.type("35")
    expect(tablet.page.get_by_role("heading", name="Phiếu này vừa được lưu ở nơi khác")).to_be_visible()

    assert tablet.marks() == {"L1": 3000}
    expect(tablet.page.locator("#save-state")).to_have_text("Chưa lưu – đã được lưu ở nơi khác, còn 1 ô")
    tablet.person.check()
    tablet.page.get_by_label("Nhập ở đây: 35").check()
    tablet.page.get_by_role("button", name="Lưu phần đã chọn").click()
    expect(tablet.page.locator(SAVED)).to_contain_text("Đã lưu")
    assert tablet.marks() == {"L1": 3500}


def test_a_value_of_the_other_device_can_be_kept(desk_of: Callable[..., Desk]) -> None:
    tablet = desk_of()
    laptop = desk_of(at=tablet)
    tablet.open()
    laptop.open()
    laptop.type("30")
    laptop.press("Enter")
    laptop.type("31")
    expect(laptop.page.locator(SAVED)).to_contain_text("Đã lưu")

    tablet.type("35")
    page = tablet.page
    expect(page.get_by_text("Cũng được sửa ở nơi khác")).to_contain_text("từ – thành 31")
    page.get_by_label("Đã lưu ở nơi khác: 30").check()
    page.get_by_role("button", name="Lưu phần đã chọn").click()
    expect(page.locator("#mark_L1")).to_have_value("30")
    expect(page.locator("#mark_L2")).to_have_value("31")

    assert tablet.marks() == {"L1": 3000, "L2": 3100}
    assert tablet.saves() == laptop.saves()


def test_a_mark_that_cannot_stand_is_refused_where_it_was_typed_and_the_rest_is_saved(
    desk_of: Callable[..., Desk],
) -> None:
    desk = desk_of()
    page = desk.open()

    desk.type("41")
    desk.press("Enter")
    desk.type("8.3")
    desk.press("Enter")
    desk.type("7,5")

    expect(page.locator("#save-state")).to_have_text("Chưa lưu – cần sửa, còn 2 ô")
    expect(page.locator("#mark_L1-fault")).to_have_text("41 vượt điểm tối đa 40.")
    expect(page.locator("#mark_L2-fault")).to_have_text("Nhập điểm theo bước 0,5.")
    assert desk.marks() == {"L3": 750}
    desk.person.check()


def test_steppers_and_quick_marks_keep_to_the_scale(desk_of: Callable[..., Desk]) -> None:
    desk = desk_of()
    page = desk.open()

    page.get_by_role("button", name="10 điểm: Một số tiêu chí khác").click()
    page.get_by_role("button", name="Thêm một bước điểm: Một số tiêu chí khác").click()
    page.get_by_role("button", name="Bớt một bước điểm: Tiêu chí về tính văn hóa, tính thẩm mỹ").click()
    page.locator("#mark_L1").focus()
    desk.press("+", "+", "-", "+")
    expect(page.locator(SAVED)).to_contain_text("Đã lưu")

    assert desk.marks() == {"L1": 100, "L3": 0, "L4": 1000}


def test_keys_are_listed_and_nothing_is_captured_while_text_is_typed(desk_of: Callable[..., Desk]) -> None:
    desk = desk_of()
    page = desk.open()
    page.locator("#remark").focus()

    desk.type("Sao 8? +1")
    desk.press("Enter", "ArrowDown")
    expect(page.locator("#remark")).to_have_value("Sao 8? +1\n")
    page.locator("h1").click()
    desk.press("?")

    expect(page.get_by_role("dialog", name="Phím tắt")).to_be_visible()
    desk.person.check()
    desk.press("Escape", "3", "6")
    expect(page.locator("#mark_L1")).to_have_value("36")


# ---- without a connection


def wait_for_worker(page: Page) -> None:
    """Until the service worker serves this page and the list has fetched its sheets ahead."""
    page.goto("/judging/")
    expect(page.locator("#offline-state")).to_contain_text("Sẵn sàng")
    page.evaluate("navigator.serviceWorker.ready")
    page.reload()
    page.wait_for_function("navigator.serviceWorker.controller !== null")


class Line:
    """The line to the server, which a test can cut."""

    def __init__(self, app: Flask) -> None:
        self.app = app
        self.server: Any = None
        self.port = 0
        self.mend()

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def mend(self) -> None:
        self.server = make_server("127.0.0.1", self.port, self.app, threaded=True)
        self.port = self.server.port
        self.thread = Thread(target=self.server.serve_forever, daemon=True)
        self.thread.start()

    def cut(self) -> None:
        self.server.shutdown()
        self.thread.join()
        self.server.server_close()


@pytest.fixture
def site(app: Flask) -> Iterator[str]:
    """The application behind a line that `line` cuts."""
    line = Line(app)
    app.extensions["test_line"] = line
    yield line.address
    line.cut()


@pytest.fixture
def line(app: Flask, site: str) -> Line:
    found: Line = app.extensions["test_line"]
    return found


def test_sheets_fetched_ahead_work_without_a_server_through_a_closed_tab(
    desk_of: Callable[..., Desk], line: Line
) -> None:
    desk = desk_of(3)
    wait_for_worker(desk.page)
    line.cut()

    desk.open(2)
    desk.type("33")
    expect(desk.page.locator("#save-state")).to_have_text("Chưa lưu – đang ngoại tuyến, còn 1 ô")
    desk.press("Enter")
    desk.type("34")
    expect(desk.page.locator("#save-state")).to_have_text("Chưa lưu – đang ngoại tuyến, còn 2 ô")
    desk.page.close()
    desk.person.page = desk.person.context.new_page()
    desk.page.goto("/judging/")
    expect(desk.page.locator("[data-waiting]:visible")).to_have_text("Chưa lưu: 2 ô")
    desk.open(2)
    expect(desk.page.locator("#mark_L2")).to_have_value("34")
    expect(desk.page.locator("#total")).to_have_text("67")
    assert desk.marks(2) == {}

    line.mend()
    desk.page.evaluate("dispatchEvent(new Event('online'))")
    expect(desk.page.locator(SAVED)).to_contain_text("Đã lưu")
    assert desk.marks(2) == {"L1": 3300, "L2": 3400}


def test_what_a_closed_page_left_behind_is_sent_by_the_next_one(desk_of: Callable[..., Desk], line: Line) -> None:
    desk = desk_of(2)
    wait_for_worker(desk.page)
    desk.open(0)
    line.cut()
    desk.type("12")
    expect(desk.page.locator("#save-state")).to_contain_text("còn 1 ô")
    desk.page.goto("about:blank")
    line.mend()

    desk.page.goto("/judging/")
    expect(desk.page.locator("[data-waiting]:visible")).to_have_count(0)

    assert desk.marks(0) == {"L1": 1200}
    assert desk.saves(0) == 1


def test_a_save_whose_answer_was_lost_is_sent_again_and_saved_once(desk_of: Callable[..., Desk]) -> None:
    desk = desk_of()
    page = desk.open()
    keys = []

    def lose_the_first(route: Route, request: Request) -> None:
        keys.append(json.loads(request.post_data or "")["key"])
        if len(keys) == 1:
            route.fetch()  # the server saves it
            route.abort()
        else:
            route.continue_()

    page.route("**/autosave", lose_the_first)
    desk.type("30")
    expect(page.locator("#save-state")).to_contain_text("còn 1 ô")
    page.evaluate("dispatchEvent(new Event('online'))")
    expect(page.locator(SAVED)).to_contain_text("Đã lưu")

    assert len(set(keys)) == 1 < len(keys)
    assert (desk.marks(), desk.saves()) == ({"L1": 3000}, 1)


def test_an_expired_session_keeps_what_is_typed_and_saves_it_after_signing_in(desk_of: Callable[..., Desk]) -> None:
    desk = desk_of()
    page = desk.open()
    desk.person.context.clear_cookies()

    desk.type("28")
    expect(page.locator("#save-state")).to_have_text("Chưa lưu – phiên đăng nhập đã hết, còn 1 ô Đăng nhập")
    desk.person.check()
    page.locator("#save-state a").click()
    page.fill("input[name=email]", desk.user.email)
    page.fill("input[name=password]", PASSWORD)
    page.click("form[name=login_user_form] [type=submit]")
    expect(page.locator(SAVED)).to_contain_text("Đã lưu")

    expect(page.locator("#mark_L1")).to_have_value("28")
    assert desk.marks() == {"L1": 2800}


def test_signing_out_saves_what_waits_and_leaves_nothing_on_the_device(desk_of: Callable[..., Desk]) -> None:
    desk = desk_of(2)
    wait_for_worker(desk.page)
    page = desk.open()
    desk.type("25")

    page.get_by_role("button", name="Đăng xuất").click()
    expect(page.get_by_role("link", name="Đăng nhập")).to_be_visible()

    assert desk.marks() == {"L1": 2500}
    assert page.evaluate("indexedDB.databases().then(all => all.map(one => one.name))") == []
    assert page.evaluate("caches.keys()") == []


def test_signing_out_asks_while_something_cannot_be_saved(desk_of: Callable[..., Desk]) -> None:
    desk = desk_of()
    page = desk.open()
    page.route("**/autosave", lambda route: route.abort())
    asked = []
    page.on("dialog", lambda dialog: (asked.append(dialog.message), dialog.dismiss()))
    desk.type("25")
    expect(page.locator("#save-state")).to_contain_text("còn 1 ô")

    page.get_by_role("button", name="Đăng xuất").click()
    page.wait_for_timeout(300)

    assert asked == ["Một số điểm đã nhập chưa được lưu và sẽ mất. Vẫn đăng xuất?"]
    expect(page.locator("#mark_L1")).to_have_value("25")


def test_a_sheet_that_was_closed_meanwhile_says_so_and_shows_what_was_typed(desk_of: Callable[..., Desk]) -> None:
    desk = desk_of()
    page = desk.open()
    with desk.world.session() as session:
        sheet = session.get_one(ScoreSheet, desk.sheets[0].id)
        sheet.state, sheet.submitted_at = SheetState.SUBMITTED, sheet.entry_id and desk.contest.created_at

    desk.type("25")

    expect(page.get_by_role("heading", name="Nội dung bạn vừa nhập chưa được lưu")).to_be_visible()
    expect(page.locator("#two-versions")).to_contain_text("25")
    desk.person.check()
