"""A judge submits or signs out while something typed on the device is not saved: nothing goes its way unseen."""

import json
from collections.abc import Callable

import pytest
from playwright.sync_api import Dialog, Page, Request, Route, expect

from app.domain.judging import SheetState
from app.models import ScoreSheet
from tests.browsing import PASSWORD
from tests.desks import SAVED, Desk

NOT_ON_THE_SHEET = (
    "Trên thiết bị này còn nội dung đã nhập nhưng chưa lưu vào phiếu. Hãy mở phiếu để lưu hoặc sửa, rồi nộp."
)
SAVES = "**/autosave"
LEAVES = "**/sign-out"


@pytest.fixture
def desk(desk_of: Callable[..., Desk]) -> Desk:
    """A judge at a complete sheet."""
    desk = desk_of()
    desk.open()
    for mark in ("30", "31", "9"):
        desk.type(mark)
        desk.press("Enter")
    desk.type("8")
    desk.wait_for_records("all.length === 0")
    expect(desk.page.locator(SAVED)).to_contain_text("Đã lưu")
    return desk


def cut(route: Route) -> None:
    route.abort()


def type_first(desk: Desk, text: str) -> None:
    desk.page.fill("#mark_L1", text)
    expect(desk.page.locator("#save-state")).to_contain_text("còn 1 ô")


def answer_all(page: Page) -> list[str]:
    """Say yes to whatever is asked; gives the kinds of questions as they come."""
    asked: list[str] = []

    def answer(dialog: Dialog) -> None:
        asked.append(dialog.type)
        dialog.accept()

    page.on("dialog", answer)
    return asked


def sign_out(page: Page) -> None:
    page.get_by_role("button", name="Đăng xuất", exact=True).click()


def state_of(desk: Desk) -> SheetState:
    return desk.world.get(ScoreSheet, desk.sheets[0].id).state


@pytest.mark.parametrize("address", ["/judging/check", "/judging/sheets/{}/check"])
def test_no_sheet_is_submitted_with_an_older_mark_while_a_newer_one_waits(desk: Desk, address: str) -> None:
    page = desk.page
    page.route(SAVES, cut)
    type_first(desk, "35")
    page.goto(address.format(desk.sheets[0].id))

    expect(page.locator("[data-waiting]")).to_have_text(NOT_ON_THE_SHEET)
    expect(page.locator("[data-of]")).to_be_disabled()
    desk.person.check()
    page.unroute(SAVES)
    page.reload()
    expect(page.locator("main table")).to_contain_text("35")
    expect(page.locator("[data-waiting]")).to_be_hidden()
    page.locator("main form [type=submit]").click()

    page.wait_for_url(lambda url: not url.endswith("/check"))
    assert (desk.marks()["L1"], state_of(desk)) == (3500, SheetState.SUBMITTED)


def test_no_sheet_is_submitted_while_something_on_it_is_to_be_corrected(desk: Desk) -> None:
    page = desk.page
    type_first(desk, "3 5")
    answer_all(page)
    page.goto("/judging/check")

    expect(page.locator("[data-waiting]")).to_have_text(NOT_ON_THE_SHEET)
    page.get_by_role("button", name="Nộp các phiếu đã đánh dấu").click()
    expect(page.locator("#submit-error")).to_contain_text("Hãy đánh dấu ít nhất một phiếu.")
    page.locator("[data-waiting] a").click()
    page.fill("#mark_L1", "34")
    expect(page.locator(SAVED)).to_contain_text("Đã lưu")

    assert (desk.marks()["L1"], state_of(desk)) == (3400, SheetState.DRAFT)


def test_the_check_sends_what_waits_for_a_sheet_that_is_not_complete_there(
    desk_of: Callable[..., Desk],
) -> None:
    desk = desk_of()
    page = desk.open()
    page.route(SAVES, cut)
    for code, mark in {"L1": "30", "L2": "31", "L3": "9", "L4": "8"}.items():
        page.fill(f"#mark_{code}", mark)
    expect(page.locator("#save-state")).to_contain_text("còn 4 ô")
    page.goto("/judging/check")
    expect(page.locator("[data-waiting]")).to_have_text(NOT_ON_THE_SHEET)

    page.unroute(SAVES)
    page.reload()

    expect(page.locator("[data-of]")).to_be_checked()
    assert desk.marks() == {"L1": 3000, "L2": 3100, "L3": 900, "L4": 800}


def test_what_another_tab_types_while_the_check_is_open_keeps_the_sheet_back(desk: Desk) -> None:
    check = desk.person.context.new_page()
    check.goto("/judging/check")
    expect(check.locator("[data-of]")).to_be_enabled()
    desk.page.route(SAVES, cut)
    type_first(desk, "35")

    check.get_by_role("button", name="Nộp các phiếu đã đánh dấu").click()
    expect(check.locator("[data-waiting]")).to_have_text(NOT_ON_THE_SHEET)

    assert state_of(desk) is SheetState.DRAFT


def test_whoever_signs_out_all_the_same_is_asked_once(desk: Desk) -> None:
    page = desk.page
    type_first(desk, "3 5")
    asked = answer_all(page)

    sign_out(page)

    expect(page.get_by_role("banner").get_by_role("link", name="Đăng nhập")).to_be_visible()
    assert asked == ["confirm"]
    assert page.evaluate("indexedDB.databases().then(all => all.map(one => one.name))") == []


def test_pressing_twice_asks_once_too(desk: Desk) -> None:
    page = desk.page
    type_first(desk, "3 5")
    asked = answer_all(page)

    page.get_by_role("button", name="Đăng xuất", exact=True).dblclick()

    expect(page.get_by_role("banner").get_by_role("link", name="Đăng nhập")).to_be_visible()
    assert asked == ["confirm"]


def test_a_sign_out_that_does_not_get_through_says_so_and_the_desk_saves_on(desk: Desk) -> None:
    page = desk.page
    page.route(LEAVES, cut)
    said: list[str] = []

    def read(dialog: Dialog) -> None:
        said.append(dialog.message)
        dialog.accept()

    page.on("dialog", read)
    with page.expect_event("dialog"):
        sign_out(page)
    page.fill("#mark_L1", "35")
    expect(page.locator(SAVED)).to_contain_text("Đã lưu")

    assert said == [
        "Máy chủ không trả lời nên có thể bạn vẫn đang đăng nhập. Hãy kiểm tra kết nối rồi thử lại."
    ]
    assert desk.marks()["L1"] == 3500


def test_signing_out_on_a_page_without_its_script_takes_nothing_of_another(desk: Desk) -> None:
    page, world = desk.page, desk.world
    other = world.user("Trần Thị Hoa")
    page.route(SAVES, cut)
    type_first(desk, "35")
    desk.person.context.clear_cookies()
    page.goto("/sign-in")
    desk.person.sign_in(other.email, PASSWORD)
    page.route("**/session.js*", cut)
    page.goto("/account/")
    sign_out(page)
    expect(page.get_by_role("banner").get_by_role("link", name="Đăng nhập")).to_be_visible()

    page.unroute_all()
    desk.person.sign_in(desk.user.email, PASSWORD)
    desk.open()
    expect(page.locator(SAVED)).to_contain_text("Đã lưu")

    assert desk.marks()["L1"] == 3500


def test_a_lost_answer_that_comes_again_shows_what_another_device_saved_since(
    desk: Desk, desk_of: Callable[..., Desk]
) -> None:
    page, answers = desk.page, []

    def lose_the_first(route: Route, request: Request) -> None:
        answers.append(json.loads(request.post_data or "")["key"])
        if len(answers) == 1:
            route.fetch()
            route.abort()
        elif len(answers) == 2:
            laptop = desk_of(at=desk)
            laptop.open()
            laptop.page.fill("#mark_L1", "35")
            expect(laptop.page.locator(SAVED)).to_contain_text("Đã lưu")
            route.continue_()
        else:
            route.continue_()

    page.route(SAVES, lose_the_first)
    page.fill("#mark_L1", "33")
    expect(page.locator("#mark_L1")).to_have_value("35")
    expect(page.locator(SAVED)).to_contain_text("Đã lưu")
    page.fill("#mark_L1", "36")
    expect(page.locator(SAVED)).to_contain_text("Đã lưu")

    assert desk.marks()["L1"] == 3600


def test_a_device_that_keeps_nothing_saves_all_the_same(desk: Desk) -> None:
    page = desk.page
    page.evaluate(
        "() => { deskStore.keep = () => Promise.reject(new DOMException('full', 'QuotaExceededError')) }"
    )

    page.fill("#mark_L1", "35")

    expect(page.locator(SAVED)).to_contain_text("Đã lưu")
    assert desk.marks()["L1"] == 3500
