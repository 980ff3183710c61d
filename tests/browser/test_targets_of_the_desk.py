"""The sheet and the list under fingers and keys: nothing too small, nothing focused behind the bar at the bottom."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.desks import Desk

HEIGHT = 640
# Elements that take the focus or a finger and can be seen, with the height and width of what takes it.
TARGETS = """() => [...document.querySelectorAll("a[href], button, input:not([type=hidden]), textarea, summary")]
  .filter(one => one.checkVisibility({visibilityProperty: true}))
  .filter(one => !one.closest(".visually-hidden-focusable, dialog"))
  .filter(one => one.tagName !== "A" || one.parentElement.textContent.trim() === one.textContent.trim())
  .map(one => [one.className || one.outerHTML.slice(0, 90),
    ...["width", "height"].map(side => one.getBoundingClientRect()[side])])"""
# Whether what is focused lies behind the bar at the bottom.
HIDDEN = """() => {
  const bar = document.querySelector(".total-bar"), focused = document.activeElement;
  const [over, box] = [bar, focused].map(one => one.getBoundingClientRect());
  const sticks = getComputedStyle(bar).position === "sticky";
  return sticks && !bar.contains(focused) && box.bottom > over.top + 1 && box.top < over.bottom;
}"""


def opened(desk: Desk, language: str) -> Page:
    if language == "en":
        desk.page.get_by_role("button", name="English").click()
    page = desk.open()
    expect(page.locator("form.saves-itself")).to_be_visible()
    return page


@pytest.mark.parametrize("language", ["vi", "en"])
def test_the_sheet_is_accessible_and_its_targets_are_large_enough(
    desk_of: Callable[..., Desk], language: str
) -> None:
    desk = desk_of()
    page = opened(desk, language)

    for width in (1280, 390, 320):
        page.set_viewport_size({"width": width, "height": HEIGHT})
        desk.person.check()
        targets = page.evaluate(TARGETS)
        assert [one for one in targets if min(one[1:]) < 24] == []
        assert {name for name, *sides in targets if name in ("step", "chip") and min(sides) < 44} == set()
        assert page.evaluate("document.documentElement.scrollWidth") <= width


# How much wider a field is inside than the words that stand in it while it is empty.
ROOM = """field => {
  const style = getComputedStyle(field), canvas = document.createElement("canvas").getContext("2d");
  canvas.font = style.font;
  const inside = field.clientWidth - parseFloat(style.paddingLeft) - parseFloat(style.paddingRight);
  return inside - canvas.measureText(field.placeholder).width;
}"""


@pytest.mark.parametrize("language", ["vi", "en"])
def test_the_list_says_in_full_what_it_can_be_searched_for(
    desk_of: Callable[..., Desk], language: str
) -> None:
    desk = desk_of()
    opened(desk, language)
    page = desk.person.open("/judging/")

    for width in (1280, 320):
        page.set_viewport_size({"width": width, "height": HEIGHT})
        assert page.locator("#text").evaluate(ROOM) > 0
        assert page.evaluate("document.documentElement.scrollWidth") <= width


@pytest.mark.parametrize("width", [320, 1280])
def test_nothing_is_focused_behind_the_bar(desk_of: Callable[..., Desk], width: int) -> None:
    desk = desk_of(viewport={"width": width, "height": HEIGHT})
    page = opened(desk, "vi")
    page.locator("h1").click()
    hidden = []

    for _ in range(60):
        page.keyboard.press("Tab")
        if page.evaluate(HIDDEN):
            hidden.append(page.evaluate("document.activeElement.outerHTML.slice(0, 80)"))
        if page.evaluate("document.activeElement.dataset.go") == "check":
            break

    assert page.evaluate("document.activeElement.dataset.go") == "check"
    assert hidden == []
