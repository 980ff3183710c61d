"""A judge whose connection, session or answer is lost: what was typed is kept, and saved once."""

import json
from collections.abc import Callable

import pytest
from playwright.sync_api import Dialog, Request, Route, expect

from app.domain.contests import ContestState
from app.domain.judging import SheetState
from app.models import Contest, ScoreSheet
from tests.browsing import PASSWORD
from tests.builders import NOW
from tests.desks import SAVED, Desk, Line, wait_for_worker


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


def test_what_a_closed_page_left_behind_is_sent_by_the_next_one(
    desk_of: Callable[..., Desk], line: Line
) -> None:
    desk = desk_of(2)
    wait_for_worker(desk.page)
    desk.open(0)
    line.cut()
    desk.type("12")
    expect(desk.page.locator("#save-state")).to_contain_text("còn 1 ô")
    desk.page.goto("about:blank")
    line.mend()

    desk.page.goto("/judging/")
    desk.wait_for_records("all.length === 0")
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
    expect(page.locator(SAVED)).to_contain_text("Đã lưu")

    assert len(set(keys)) == 1 < len(keys)
    assert (desk.marks(), desk.saves()) == ({"L1": 3000}, 1)


def test_an_expired_session_keeps_what_is_typed_and_saves_it_after_signing_in(
    desk_of: Callable[..., Desk],
) -> None:
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
    expect(page.get_by_role("banner").get_by_role("link", name="Đăng nhập")).to_be_visible()

    assert desk.marks() == {"L1": 2500}
    assert page.evaluate("indexedDB.databases().then(all => all.map(one => one.name))") == []
    assert page.evaluate("caches.keys()") == []


def test_signing_out_asks_while_something_cannot_be_saved(desk_of: Callable[..., Desk]) -> None:
    desk = desk_of()
    page = desk.open()
    page.route("**/autosave", lambda route: route.abort())
    asked = []

    def stay(dialog: Dialog) -> None:
        asked.append(dialog.message)
        dialog.dismiss()

    page.on("dialog", stay)
    desk.type("25")
    expect(page.locator("#save-state")).to_contain_text("còn 1 ô")

    with page.expect_event("dialog"):
        page.get_by_role("button", name="Đăng xuất").click()

    assert asked == ["Một số điểm đã nhập chưa được lưu và sẽ mất. Vẫn đăng xuất?"]
    expect(page.locator("#mark_L1")).to_have_value("25")


def test_a_sheet_that_was_closed_meanwhile_says_so_and_shows_what_was_typed(
    desk_of: Callable[..., Desk],
) -> None:
    desk = desk_of()
    page = desk.open()
    with desk.world.session() as session:
        sheet = session.get_one(ScoreSheet, desk.sheets[0].id)
        sheet.state, sheet.submitted_at = SheetState.SUBMITTED, NOW

    desk.type("25")

    expect(page.get_by_role("heading", name="Nội dung bạn vừa nhập chưa được lưu")).to_be_visible()
    expect(page.locator("#two-versions")).to_contain_text("25")
    expect(page.locator("#save-state")).to_have_text("Chưa lưu. Phiếu đã nộp, không thể sửa nữa.")
    desk.person.check()


@pytest.mark.parametrize("is_submitted", [True, False], ids=["submitted", "scoring closed"])
def test_what_came_too_late_is_shown_on_the_closed_sheet_until_it_is_discarded(
    desk_of: Callable[..., Desk], line: Line, is_submitted: bool
) -> None:
    desk = desk_of()
    page = desk.open()
    line.cut()
    page.fill("#mark_L1", "25")
    page.fill("#remark", "Vị đậm.")
    expect(page.locator("#save-state")).to_contain_text("còn 2 ô")
    page.goto("about:blank")
    with desk.world.session() as session:
        if is_submitted:
            sheet = session.get_one(ScoreSheet, desk.sheets[0].id)
            sheet.state, sheet.submitted_at = SheetState.SUBMITTED, NOW
        else:
            session.get_one(Contest, desk.contest.id).state = ContestState.SCORED
    line.mend()

    badge = page.locator("[data-waiting]:visible")
    page.goto("/judging/")
    expect(badge).to_have_text("Chưa lưu: mở phiếu để chọn hoặc sửa")
    desk.person.check()
    desk.open()
    panel = page.get_by_role("alert")
    expect(panel.locator("dd:visible")).to_have_text(["25", "Vị đậm."])
    desk.person.check()
    panel.get_by_role("button").press("Enter")

    expect(panel).to_be_hidden()
    expect(page.locator("#discarded")).to_be_focused()
    expect(page.locator("#discarded")).to_have_text("Đã bỏ nội dung nhập trên thiết bị này.")
    desk.person.check()
    desk.wait_for_records("all.length === 0")
    page.goto("/judging/")
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    page.wait_for_load_state("networkidle")
    expect(badge).to_have_count(0)
    assert desk.marks() == {}
