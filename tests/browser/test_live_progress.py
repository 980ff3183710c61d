"""The progress that keeps itself up to date, in a real browser."""

import re
from typing import Any

import pytest
from playwright.sync_api import expect

from app.services.judging import SaveSheet, submit_sheet
from tests.browsing import PASSWORD
from tests.builders import FULL, NOW, World
from tests.mails import Behind


def submit(behind: Behind) -> None:
    judge = behind.judges[0]
    sheet = behind.sheet(judge, behind.entries[1])
    with behind.world.session() as session:
        command = SaveSheet(sheet.id, sheet.version, FULL, {}, "")
        submit_sheet(session, command, actor=behind.actor(behind.world.user_of(judge.user_id)), now=NOW)


@pytest.mark.parametrize("language", ["Tiếng Việt", "English"])
def test_the_clock_has_twenty_four_hours_as_every_other_time(
    world: World, person: Any, language: str
) -> None:
    behind, reader = Behind(world), person()
    page = reader.sign_in(behind.organiser.email, PASSWORD)
    if language == "English":
        page.get_by_role("button", name=language).click()
    page.clock.install(time="2026-07-05T15:12:52+07:00")

    page.goto(f"/contests/{behind.contest.id}/progress")

    expect(page.locator("[data-live-note]")).to_contain_text(re.compile(r" 15:1\d:\d\d\.$"))


def test_new_counts_come_by_themselves_and_not_under_ones_hands(world: World, person: Any) -> None:
    behind, asked, reader = Behind(world), list[Any](), person()
    page = reader.sign_in(behind.organiser.email, PASSWORD)
    page.clock.install()
    page.on("request", lambda request: asked.append(request) if request.url.endswith("/live") else None)
    reader.open(f"/contests/{behind.contest.id}/progress")
    submitted = page.locator(".figure-number").first
    expect(submitted).to_have_text("2")
    expect(page.locator("[data-live-note]")).to_contain_text("Tự cập nhật.")

    submit(behind)
    page.locator("[data-live-part] .table-wrap").first.focus()
    page.clock.fast_forward(11_000)
    page.wait_for_timeout(300)
    expect(submitted).to_have_text("2")  # somebody reads the table with the keyboard
    page.locator("h1").click()
    page.clock.fast_forward(11_000)

    expect(submitted).to_have_text("3")
    expect(page.locator("[data-live-said]")).to_have_text("Đã nộp 3/5 phiếu.")
    reader.check()
    before = len(asked)
    page.evaluate("Object.defineProperty(document, 'hidden', {value: true, configurable: true})")
    page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    page.clock.fast_forward(60_000)
    assert len(asked) == before  # nobody looks
    page.evaluate("Object.defineProperty(document, 'hidden', {value: false, configurable: true})")
    page.context.clear_cookies()
    page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")

    expect(page.locator("[data-live-note]")).to_contain_text("Bạn đã hết phiên đăng nhập")
