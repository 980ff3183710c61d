"""A real Chromium against a real server on the loopback address."""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from threading import Thread
from typing import Any

import pytest
from flask import Flask
from playwright.sync_api import Browser, Page, Playwright, sync_playwright
from werkzeug.serving import make_server

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
FLAGS = [
    "--no-sandbox",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-gpu",
]
AXE = Path(__file__).parent / "vendor" / "axe-4.14.1.min.js"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Skip, saying so, where there is no Chromium; never where CI demands one."""
    if CHROMIUM or os.environ.get("BINHCHON_REQUIRE_BROWSER") == "1":
        return
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(
                pytest.mark.skip(reason="no Chromium: install the package chromium to run the browser tests")
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
def site(app: Flask) -> Iterator[str]:
    """Address of the application, served by a thread until the test ends."""
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.port}"
    server.shutdown()
    thread.join()
    server.server_close()


class Person:
    """One person at one browser window; every page visited is checked for accessibility."""

    def __init__(self, browser: Browser, site: str, **context: Any) -> None:
        self.context = browser.new_context(base_url=site, locale="vi-VN", **context)
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
        self.page.evaluate(AXE.read_text())
        found = self.page.evaluate(
            "axe.run(document, {runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']})"
        )
        violations = [
            f"{violation['id']}: {violation['help']}: {[node['html'][:160] for node in violation['nodes'][:3]]}"
            for violation in found["violations"]
        ]
        assert violations == [], f"{self.page.url}: {violations}"


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
