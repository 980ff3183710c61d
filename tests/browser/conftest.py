"""A real Chromium against a real server on the loopback address."""

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from playwright.sync_api import Browser, Page, Playwright, expect, sync_playwright

from tests.browsing import PASSWORD
from tests.builders import World
from tests.desks import Desk, Line

# The first has no window to draw, and takes half the time of the others.
NAMES = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome")
CHROMIUM = next((path for name in NAMES if (path := shutil.which(name))), None)
FLAGS = [
    "--no-sandbox",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-gpu",
]
expect.set_options(timeout=15_000)  # the machine may be busy
RUN_AXE = """rules => axe.run({
  runOnly: rules ?? ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
  resultTypes: ["violations"],  // to describe what is in order takes five times as long
  preload: false,  // style sheets once more, for none of these rules
}).then(found => found.violations.map(
  one => [one.id, one.help, one.nodes.slice(0, 3).map(node => node.html.slice(0, 160))]
))"""
OF_WIDTH = [
    "target-size",
    "scrollable-region-focusable",
]  # rules on what a few pixels more or less can change
AXE = Path(__file__).parent / "vendor" / "axe-4.14.1.min.js"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Skip, saying so, where there is no Chromium; never where CI demands one."""
    if CHROMIUM or os.environ.get("BINHCHON_REQUIRE_BROWSER") == "1":
        return
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(
                pytest.mark.skip(
                    reason="no Chromium: install chromium-headless-shell to run the browser tests"
                )
            )


@pytest.fixture(scope="session")
def playwright() -> Iterator[Playwright]:
    """Playwright's own process."""
    with sync_playwright() as running:
        yield running


@pytest.fixture(scope="session")
def chromium(playwright: Playwright) -> Iterator[Browser]:
    """One browser for all tests; each gets contexts of its own."""
    assert CHROMIUM, "BINHCHON_REQUIRE_BROWSER=1, but there is no Chromium"
    browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
    yield browser
    browser.close()


@pytest.fixture
def line(app: Flask) -> Iterator[Line]:
    """The line to the application, which a test can cut."""
    line = Line(app)
    yield line
    line.cut()


@pytest.fixture
def site(line: Line) -> str:
    """Address of the application, served by a thread until the test ends."""
    return line.address


class Person:
    """One person at one browser window; every page visited is checked for accessibility."""

    def __init__(self, browser: Browser, site: str, **context: Any) -> None:
        # Without motion, colours do not change under the eyes of those who measure them.
        self.context = browser.new_context(base_url=site, locale="vi-VN", reduced_motion="reduce", **context)
        self.context.set_default_timeout(10_000)
        self.page: Page = self.context.new_page()

    def open(self, path: str) -> Page:
        """Go to a page and check it."""
        self.page.goto(path)
        self.check()
        return self.page

    def sign_in(self, email: str, password: str) -> Page:
        """Sign in through the page."""
        self.page.goto("/sign-in")
        self.page.fill("input[name=email]", email)
        self.page.fill("input[name=password]", password)
        self.page.click("form[name=login_user_form] [type=submit]")
        return self.page

    def press(self, name: str) -> Page:
        """Press the button or follow the link of that name, then check where it led."""
        target = self.page.get_by_role("button", name=name).or_(self.page.get_by_role("link", name=name))
        target.first.click()
        self.page.wait_for_load_state()
        self.check()
        return self.page

    def check(self) -> None:
        """No accessibility violation (WCAG 2.2 A and AA) on the page as it stands."""
        self._load_axe()
        violations = self.page.evaluate(RUN_AXE)
        assert violations == [], f"{self.page.url}: {violations}"

    def _load_axe(self) -> None:
        if not self.page.evaluate("'axe' in window"):
            self.page.evaluate(AXE.read_text())

    def faults_at(self, *widths: int) -> list[str]:
        """Violations at the widest and the narrowest window, and where the page does not fit into one of them."""
        self._load_axe()
        faults: list[str] = []
        for width in widths:
            self.page.set_viewport_size({"width": width, "height": 900})
            between = min(widths) < width < max(widths)
            found = self.page.evaluate(RUN_AXE, OF_WIDTH if between else None)
            wide = self.page.evaluate("document.documentElement.scrollWidth")
            if wide > width:
                found.append(f"{wide} px wide")
            faults.extend(f"{self.page.url} at {width}: {one}" for one in found)
        return faults


@pytest.fixture
def person(chromium: Browser, site: str) -> Iterator[Any]:
    """Make people, each with a browser window of their own."""
    people: list[Person] = []

    def make(**context: Any) -> Person:
        people.append(Person(chromium, site, **context))
        return people[-1]

    yield make
    for one in people:
        one.context.close()


@pytest.fixture
def desk_of(world: World, person: Callable[..., Person]) -> Callable[..., Desk]:
    """A judge signed in, with so many sheets; again for the same judge on another device."""

    def make(count: int = 1, at: Desk | None = None, **context: Any) -> Desk:
        if at is None:
            contest = world.contest()
            user = world.user()
            judge = world.judge(contest, user)
            entries = [
                world.entry(contest, world.product(name=f"Trà sen số {number}"), code=f"B-{number:02d}")
                for number in range(1, count + 1)
            ]
            sheets = [world.sheet(judge, entry) for entry in entries]
        else:
            contest, user, sheets = at.contest, at.user, at.sheets
        one = person(**context)
        one.sign_in(user.email, PASSWORD)
        desk = Desk(world, contest, user, sheets, one)
        one.page.on("request", lambda request: desk.requests.append(f"{request.method} {request.url}"))
        return desk

    return make
