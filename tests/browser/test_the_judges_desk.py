"""A judge at the desk: by keyboard, from two devices, without a connection, with a session that has ended."""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from threading import Thread
from typing import Any

import pytest
from flask import Flask
from playwright.sync_api import Page, Request, Route, expect
from sqlalchemy import func, select
from werkzeug.serving import make_server

from app.domain.judging import SheetState
from app.models import Contest, LedgerEvent, ScoreSheet, User
from tests.browser.conftest import Person
from tests.browsing import PASSWORD
from tests.builders import World

SAVED = "#save-state.save-saved"


@dataclass
class Desk:
    """A judge with sheets, at a window of their own."""

    world: World
    contest: Contest
    user: User
    sheets: list[ScoreSheet]
    person: Person
    keys: int = 0
    requests: list[str] = field(default_factory=list)

    @property
    def page(self) -> Page:
        return self.person.page

    def press(self, *keys: str) -> None:
        for key in keys:
            self.page.keyboard.press(key)
            self.keys += 1

    def type(self, text: str) -> None:
        self.press(*text)

    def open(self, number: int = 0) -> Page:
        self.page.goto(f"/judging/sheets/{self.sheets[number].id}")
        return self.page

    def marks(self, number: int = 0) -> dict[str, int]:
        return self.world.marks_of(self.sheets[number])

    def saves(self, number: int = 0) -> int:
        with self.world.session() as session:
            of_sheet = (LedgerEvent.subject_kind == "score_sheets", LedgerEvent.subject_id == self.sheets[number].id)
            return session.scalar(select(func.count(LedgerEvent.id)).where(*of_sheet)) or 0


@pytest.fixture
def desk_of(world: World, person: Callable[..., Person]) -> Callable[..., Desk]:
    """A judge signed in, with so many sheets; again for the same judge on another device."""

    def make(count: int = 1, at: Desk | None = None, **context: Any) -> Desk:
        if at is None:
            contest = world.contest()
            user = world.user()
            judge = world.judge(contest, user)
            entries = [world.entry(contest, world.product(name=f"Trà sen số {number}"), code=f"B-{number:02d}") for number in range(1, count + 1)]
            sheets = [world.sheet(judge, entry) for entry in entries]
        else:
            contest, user, sheets = at.contest, at.user, at.sheets
        one = person(**context)
        one.sign_in(user.email, PASSWORD)
        desk = Desk(world, contest, user, sheets, one)
        one.page.on("request", lambda request: desk.requests.append(f"{request.method} {request.url}"))
        return desk

    return make


def test_a_mark_is_saved_by_itself_and_only_then_called_saved(desk_of: Callable[..., Desk]) -> None:
    desk = desk_of()
    page = desk.open()

    desk.type("32,5")
    expect(page.locator("#save-state")).to_have_text("Đang lưu…")
    expect(page.locator(SAVED)).to_contain_text("Đã lưu")

    assert desk.marks() == {"L1": 3250}
    expect(page.locator("#total")).to_have_text("32,5")
    expect(page.locator("#missing")).to_have_text("còn 3 tiêu chí chưa chấm")
    desk.person.check()
