"""Two judges who use one browser one after the other: neither sees the other's pages, nor loses what they typed."""

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from app.models import User
from tests.browsing import PASSWORD
from tests.desks import Desk, Line, wait_for_worker

FIRST, SECOND = "Nguyễn Văn Minh", "Trần Thị Hoa"


@pytest.fixture
def desk(desk_of: Callable[..., Desk]) -> Desk:
    """The first judge, whose pages are on the device."""
    desk = desk_of(2)
    wait_for_worker(desk.page)
    return desk


@pytest.fixture
def second(desk: Desk) -> User:
    """Another judge of the same contest, with a sheet."""
    world = desk.world
    user = world.user(SECOND)
    world.sheet(world.judge(desk.contest, user), world.entry(desk.contest, code="B-09"))
    return user


def sign_in(desk: Desk, user: User) -> None:
    desk.person.sign_in(user.email, PASSWORD)
    expect(desk.page.get_by_role("banner")).to_contain_text(user.name)


def test_a_slow_server_does_not_make_the_second_see_the_pages_of_the_first(
    desk: Desk, second: User, line: Line
) -> None:
    desk.person.context.clear_cookies()
    page = desk.page
    page.goto("/sign-in?next=/judging/")
    line.delay = 6
    page.fill("input[name=email]", second.email)
    page.fill("input[name=password]", PASSWORD)
    page.click("form[name=login_user_form] [type=submit]", no_wait_after=True)

    expect(page.get_by_role("banner")).to_contain_text(SECOND)
    assert FIRST not in page.content()
    expect(page.locator("[data-sheet]")).to_have_count(1)


def test_without_a_connection_the_second_sees_nothing_of_the_first(
    desk: Desk, second: User, line: Line
) -> None:
    page, client = desk.page, desk.person.context.request
    desk.person.context.clear_cookies()
    page.goto("/sign-in")
    token = page.locator("form[name=login_user_form] [name=csrf_token]").input_value()
    client.post("/sign-in", form={"email": second.email, "password": PASSWORD, "csrf_token": token})
    line.cut()  # before any page of the second could clear away what is kept

    for address in ("/judging/sheets/99", "/judging/", "/judging/sheets/1"):
        page.evaluate("address => { location.href = address }", address)
        expect(page.get_by_role("heading", level=1, name="Không có kết nối")).to_be_visible()
        assert (FIRST in page.content(), "Trà sen" in page.content()) == (False, False), address
    line.mend()


def test_the_first_works_on_without_a_connection_when_the_session_has_expired(desk: Desk, line: Line) -> None:
    desk.person.context.clear_cookies(name="session")
    line.cut()
    desk.page.close()
    desk.person.page = desk.person.context.new_page()

    desk.page.goto("/judging/")
    expect(desk.page.get_by_role("banner")).to_contain_text(FIRST)
    desk.open()
    desk.type("31")
    expect(desk.page.locator("#save-state")).to_contain_text("còn 1 ô")
    line.mend()


def test_the_second_signing_out_takes_nothing_that_the_first_has_not_saved(desk: Desk, second: User) -> None:
    page = desk.open()
    desk.person.context.clear_cookies()
    other = desk.person.context.new_page()
    desk.person.page = other
    sign_in(desk, second)
    asked: list[str] = []
    page.on("dialog", lambda dialog: asked.append(dialog.message))
    desk.person.page = page

    page.fill("#mark_L1", "28")
    page.fill("#remark", "Vị đậm.")
    state = page.locator("#save-state")
    expect(state).to_have_text(
        "Chưa lưu – người khác đang đăng nhập trên trình duyệt này, còn 2 ô Xem người đó là ai"
    )
    desk.person.check()
    state.get_by_role("link").click()
    expect(page.get_by_role("banner")).to_contain_text(SECOND)
    page.get_by_role("button", name="Đăng xuất", exact=True).click()
    expect(page.get_by_role("banner").get_by_role("link", name="Đăng nhập")).to_be_visible()
    kept = page.evaluate("caches.keys()")
    assert [name for name in kept if not name.startswith("desk-shell-")] == []

    sign_in(desk, desk.user)
    page.goto("/judging/")
    desk.wait_for_records("all.length === 0")
    assert (desk.marks(), asked) == ({"L1": 2800}, [])
