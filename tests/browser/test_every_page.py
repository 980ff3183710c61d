"""Every page that links lead to, as every kind of person: accessible, in both languages, on a phone and on a desk."""

from datetime import UTC, datetime
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import Engine

from app.config import Settings
from app.demo import build, plan
from app.demo.people import ACCOUNTS, PASSWORD
from app.domain.vietnamese import in_vietnam
from app.services.files import FileStore
from tests.browser.crawling import crawl

ALIKE = ("khu vực", "quốc gia", "thứ hai")  # organisers, who see what the others do
EVERYBODYS = {"public", "signed-in"}  # who asks changes nothing but the menu
PEOPLE = [
    "",
    *(email for role, email in ACCOUNTS.items() if not any(word in role for word in ALIKE)),
]


@pytest.fixture
def example(monkeypatch: pytest.MonkeyPatch, engine: Engine, settings: Settings) -> None:
    """The example with its smallest finished contest and those under way."""
    smallest = [one for one in plan.FINISHED if one.slug == "bac-kan-2018"]
    monkeypatch.setattr(build, "FINISHED", smallest)
    store = FileStore(settings.files_dir)
    today = in_vietnam(datetime.now(UTC)).date()
    build.Example(engine, store, settings.public_url, lambda _done: None).build(today)


@pytest.mark.usefixtures("example")
def test_every_page_is_accessible_and_fits_its_window(app: Flask, person: Any) -> None:
    visited = {}

    for number, email in enumerate(PEOPLE):
        width, language = (390, "en") if number % 2 else (1280, "vi")
        one = person(viewport={"width": width, "height": 900})
        one.page.goto("/")
        if language == "en":
            one.page.get_by_role("button", name="English").click()
        if email:
            one.sign_in(email, PASSWORD)
        for rule, access in crawl(app, one.page):
            if access in EVERYBODYS and (rule, language) in visited:
                continue
            one.check()
            assert one.page.evaluate("document.documentElement.scrollWidth <= innerWidth"), (
                email,
                rule,
                width,
            )
            assert one.page.locator("html").get_attribute("lang") == language, rule
            visited[rule, language] = email

    assert len({rule for rule, _language in visited}) > 35, sorted(visited)
