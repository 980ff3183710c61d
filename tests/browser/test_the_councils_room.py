"""The council in its room: secretary, wall and two members go through three products by keyboard, in Vietnamese."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import select

from app.domain.contests import ContestState
from app.models import Poll
from tests.browser.conftest import Person
from tests.browsing import PASSWORD
from tests.builders import World
from tests.meetings import NO, YES, Sitting


@pytest.mark.slow
def test_a_meeting_by_keyboard(world: World, person: Callable[..., Person]) -> None:
    sitting = Sitting(world).open()
    sitting.attend(1, 3, 4)
    url = f"/council/{sitting.contest.id}"
    secretary, wall, chair, member = (_open(person, sitting, who, f"{url}/{page}") for who, page in PAGES)
    for one in (chair, member):
        one.get_by_role("button", name="Tôi có mặt").press("Enter")
    expect(wall.locator(".quorum")).to_contain_text("Có mặt 5/5")

    for number, votes in enumerate((("Đồng ý", "Đồng ý"), ("Không đồng ý", "Không ý kiến"))):
        secretary.keyboard.press("ArrowRight")
        expect(secretary.locator("#current-title")).to_contain_text(f"Sản phẩm {number}")
        expect(wall.locator("h1")).to_have_text(f"Sản phẩm {number}")
        expect(secretary.get_by_role("button", name="Biểu quyết trên thiết bị").first).to_be_focused()
        secretary.keyboard.press("Enter")
        for one, choice in zip((chair, member), votes, strict=True):
            button = one.get_by_role("button", name=choice, exact=True)
            button.press("Enter")
            expect(one.locator(".vote-buttons")).to_contain_text(f"Phiếu của bạn: {choice}.")
        expect(wall.locator(".poll-progress")).to_have_text("Đã biểu quyết: 2/5")
        expect(wall.locator(".poll-result")).to_have_count(0)
        for other in (1, 3, 4):
            sitting.vote(_running(sitting), other, NO if number else YES)
        expect(secretary.locator(".poll-progress")).to_have_text("Đã biểu quyết: 5/5")
        expect(secretary.get_by_role("button", name="Kết thúc lượt biểu quyết")).to_be_focused()
        secretary.keyboard.press("Enter")
        expect(wall.locator(".poll-result")).to_contain_text("Đồng ý 5" if number == 0 else "Không đồng ý 4")
        expect(member.locator(".poll-result")).to_be_visible()

    _by_hands(secretary, wall)

    _close(secretary)
    expect(wall.locator("#wall")).to_contain_text("Cuộc họp đã kết thúc.")
    assert sitting.state is ContestState.VOTED
    assert sitting.counts == [(5, 0, 0, True), (0, 4, 1, False), (3, 1, 1, True)]


def test_a_wall_whose_session_has_ended_says_so(world: World, person: Callable[..., Person]) -> None:
    sitting = Sitting(world).open()
    wall = _open(person, sitting, 1, f"/council/{sitting.contest.id}/projector")
    expect(wall.locator(".lost")).to_be_hidden()

    wall.context.clear_cookies()

    expect(wall.locator(".lost")).to_have_text("Bạn đã hết phiên đăng nhập; trang này không cập nhật nữa.")


PAGES = ((1, "console"), (1, "projector"), (0, "meeting"), (2, "meeting"))


def _open(person: Callable[..., Person], sitting: Sitting, who: int, path: str) -> Page:
    one = person(viewport={"width": 1280, "height": 720} if who == 1 else {"width": 390, "height": 844})
    one.sign_in(sitting.users[who].email, PASSWORD)
    return one.open(path)


def _by_hands(secretary: Page, wall: Page) -> None:
    secretary.keyboard.press("ArrowRight")
    expect(wall.locator("h1")).to_have_text("Sản phẩm 2")
    secretary.keyboard.press("Tab")
    secretary.keyboard.press("Enter")
    expect(wall.locator(".poll-progress")).to_contain_text("Biểu quyết giơ tay: 5 thành viên")
    expect(secretary.locator("[name=hands-yes]")).to_be_focused()
    secretary.keyboard.type("3")
    secretary.keyboard.press("Tab")
    secretary.keyboard.type("1")
    secretary.keyboard.press("ArrowRight")  # within a field it moves the caret, not the meeting
    secretary.keyboard.press("Tab")
    secretary.keyboard.type("1")
    secretary.keyboard.press("Enter")
    expect(wall.locator(".poll-result")).to_contain_text("Đồng ý 3")


def _close(secretary: Page) -> None:
    secretary.get_by_role("link", name="Đã biểu quyết mọi sản phẩm").press("Enter")
    secretary.locator("[name=note]").fill("Hội đồng thống nhất kết quả biểu quyết.")
    secretary.get_by_role("button", name="Kết thúc biểu quyết").press("Enter")
    secretary.get_by_role("link", name="Đã kết thúc biểu quyết").press("Enter")
    secretary.get_by_role("button", name="Kết thúc cuộc họp").press("Enter")
    expect(secretary.locator("h1")).to_have_text("Biên bản cuộc họp")


def _running(sitting: Sitting) -> int:
    """The vote that is open."""
    found: int = sitting.world.all(select(Poll.id).where(Poll.closed_at.is_(None)))[0]
    return found
