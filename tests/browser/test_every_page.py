"""Every page that links lead to, as every kind of person: accessible, in both languages, on a phone and on a desk."""

from datetime import UTC, datetime
from typing import Any

import pytest
from flask import Flask
from lxml import html
from playwright.sync_api import Page, expect
from sqlalchemy import Engine

from app.config import Settings
from app.demo import build, plan
from app.demo.people import ACCOUNTS, PASSWORD
from app.domain.vietnamese import in_vietnam
from app.services.files import FileStore
from tests.browser.conftest import AXE
from tests.browser.crawling import crawl

ALIKE = ("khu vực", "quốc gia", "thứ hai")  # organisers, who see what the others do
LANGUAGES = {"vi": "Tiếng Việt", "en": "English"}
WIDTHS = (1280, 390, 320)
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


@pytest.mark.slow
@pytest.mark.usefixtures("example")
def test_every_page_is_accessible_and_fits_its_window(app: Flask, person: Any) -> None:
    visited: set[tuple[str, str]] = set()
    shapes: set[tuple[str, str]] = set()
    faults: list[str] = []

    for number, email in enumerate(PEOPLE):
        one = person(viewport={"width": WIDTHS[0], "height": 900}, service_workers="block")
        one.context.add_init_script(AXE.read_text())  # quicker than to send it to every page by itself
        one.page.goto("/")
        if email:
            one.sign_in(email, PASSWORD)
        first, second = ("vi", "en") if number % 2 else ("en", "vi")
        once = (WIDTHS[number % len(WIDTHS)],)  # where others have seen the page, but not so
        speak(one.page, first)
        faults += one.faults_at(*WIDTHS)  # the menus of this person
        others = []
        for rule, path, fetched in crawl(app, one.page):
            shape = (rule, shape_of(fetched))
            if (rule, first) not in visited or shape not in shapes:
                one.page.goto(path)
                faults += one.faults_at(*(once if (rule, first) in visited else WIDTHS))
            if (rule, second) not in visited:
                others.append((rule, path))
            visited.add((rule, first))
            shapes.add(shape)
        speak(one.page, second)
        for rule, path in others:
            one.page.goto(path)
            faults += one.faults_at(*WIDTHS)
            visited.add((rule, second))

    assert faults == []
    assert len(visited) > 2 * 75, sorted(visited)


def shape_of(page: html.HtmlElement) -> str:
    """What a page consists of, without the menus: which elements, of which classes and attributes, in which others."""

    def bare(tag: html.HtmlElement) -> str:
        return f"{tag.tag} {tag.get('class')} {list(tag.attrib)}"

    return " ".join(sorted({f"{bare(tag.getparent())} > {bare(tag)}" for tag in page.xpath("//main//*")}))


def speak(page: Page, language: str) -> None:
    """Choose a language, wherever the person is."""
    page.goto("/")
    if page.locator("html").get_attribute("lang") != language:
        page.get_by_role("button", name=LANGUAGES[language]).click()
    expect(page.locator("html")).to_have_attribute("lang", language)
