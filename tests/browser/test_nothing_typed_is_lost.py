"""A judge's sheet on an ordinary laptop, and what happens to what was typed and not sent."""

import pytest
from playwright.sync_api import Browser, Dialog, Page, expect

from app.models import ScoreSheet
from tests.browsing import PASSWORD
from tests.builders import World


@pytest.fixture
def sheet(world: World) -> ScoreSheet:
    contest = world.contest()
    return world.sheet(world.judge(contest, world.user(email="giamkhao@example.vn")), world.entry(contest))


def opened(chromium: Browser, site: str, sheet: ScoreSheet, width: int, height: int) -> Page:
    page = chromium.new_context(viewport={"width": width, "height": height}).new_page()
    page.goto(f"{site}/sign-in?next=/judging/sheets/{sheet.id}")
    page.get_by_label("Địa chỉ thư điện tử").fill("giamkhao@example.vn")
    page.get_by_label("Mật khẩu").fill(PASSWORD)
    page.get_by_label("Mật khẩu").press("Enter")
    page.wait_for_url("**/judging/sheets/*")
    return page


@pytest.mark.parametrize(("width", "height"), [(1366, 650), (1280, 900)])
def test_the_button_to_submit_is_in_the_window_at_once(
    chromium: Browser, site: str, sheet: ScoreSheet, width: int, height: int
) -> None:
    page = opened(chromium, site, sheet, width, height)

    expect(page.get_by_role("button", name="Kiểm tra và nộp")).to_be_in_viewport(ratio=1)
    heights = page.locator(".sheet-marks").evaluate("panel => [panel.scrollHeight, panel.clientHeight]")
    assert heights[0] == heights[1]
    page.context.close()


def test_on_a_phone_it_stands_with_the_marks(chromium: Browser, site: str, sheet: ScoreSheet) -> None:
    page = opened(chromium, site, sheet, 390, 844)

    page.get_by_role("link", name="Đến phần chấm điểm").click()

    expect(page.get_by_role("button", name="Kiểm tra và nộp")).to_be_in_viewport(ratio=1)
    page.context.close()


def test_leaving_with_words_that_were_not_sent_asks_first(
    chromium: Browser, site: str, sheet: ScoreSheet
) -> None:
    page, asked = opened(chromium, site, sheet, 1280, 900), list[str]()

    def stay(dialog: Dialog) -> None:
        asked.append(dialog.type)
        dialog.dismiss()

    page.on("dialog", stay)
    page.get_by_role("link", name="xung đột lợi ích").click()
    page.locator("[name=reason]").press_sequentially("Anh em")
    with page.expect_event("dialog"):
        page.get_by_role("link", name="Thống kê").click(no_wait_after=True)

    assert (asked, page.locator("[name=reason]").input_value()) == (["beforeunload"], "Anh em")
    page.context.close()


def test_a_sheet_that_saves_itself_is_left_without_a_question_and_without_a_loss(
    chromium: Browser, site: str, world: World, sheet: ScoreSheet
) -> None:
    page, asked = opened(chromium, site, sheet, 1280, 900), list[str]()

    def go(dialog: Dialog) -> None:
        asked.append(dialog.type)
        dialog.accept()

    page.on("dialog", go)
    expect(page.locator("form.saves-itself")).to_be_visible()
    page.locator("[name=mark_L1]").press_sequentially("32,5")
    page.get_by_role("link", name="Thống kê").click()
    page.wait_for_url("**/statistics/")
    page.goto(f"{site}/judging/")
    expect(page.locator("[data-waiting]:visible")).to_have_count(0)
    page.goto(f"{site}/judging/sheets/{sheet.id}")
    expect(page.locator("[name=mark_L1]")).to_have_value("32,5")
    expect(page.locator("#save-state.save-saved")).to_be_visible()

    assert (asked, world.marks_of(sheet)) == ([], {"L1": 3250})
    page.context.close()
