"""A judge at a browser window, and the line between it and the server, for browser tests."""

import time
from collections.abc import Iterable
from dataclasses import dataclass, field
from threading import Thread
from typing import Any

from flask import Flask
from playwright.sync_api import Dialog, Page, expect
from sqlalchemy import func, select
from werkzeug.serving import make_server

from app.models import Contest, LedgerEvent, ScoreSheet, User
from tests.builders import World

SAVED = "#save-state.save-saved"


@dataclass
class Desk:
    """A judge with sheets, at a window of their own."""

    world: World
    contest: Contest
    user: User
    sheets: list[ScoreSheet]
    person: Any  # tests.browser.conftest.Person
    keys: int = 0
    requests: list[str] = field(default_factory=list)

    @property
    def page(self) -> Page:
        page: Page = self.person.page
        return page

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

    def wait_for_records(self, condition: str) -> None:
        """Until a condition in JavaScript holds for `all` that this device keeps and has not saved."""
        holds = """async owner => {
          for (let tries = 0; tries < 500; tries++) {
            const all = await deskStore.recordsOf(owner);
            if (CONDITION) return true;
            await new Promise(resolve => setTimeout(resolve, 30));
          }
          return false;
        }"""
        assert self.page.evaluate(holds.replace("CONDITION", condition), self.user.id), condition

    def saves(self, number: int = 0) -> int:
        with self.world.session() as session:
            of_sheet = (
                LedgerEvent.subject_kind == "score_sheets",
                LedgerEvent.subject_id == self.sheets[number].id,
            )
            return session.scalar(select(func.count(LedgerEvent.id)).where(*of_sheet)) or 0


def wait_for_worker(page: Page) -> None:
    """Until the service worker serves this page and the list has fetched its sheets ahead."""
    page.goto("/judging/")
    expect(page.locator("#offline-state")).to_contain_text("Sẵn sàng")
    page.evaluate("navigator.serviceWorker.ready")
    page.reload()
    page.wait_for_function("navigator.serviceWorker.controller !== null")


def answered(page: Page, *, leave: bool) -> list[str]:
    """Answer each question whether to leave the page; gives the kinds of dialogs as they come."""
    asked: list[str] = []

    def answer(dialog: Dialog) -> None:
        asked.append(dialog.type)
        if leave:
            dialog.accept()
        else:
            dialog.dismiss()

    page.on("dialog", answer)
    return asked


class Line:
    """The line to the server, which a test can cut or make slow."""

    def __init__(self, app: Flask) -> None:
        self.app = app
        self.delay = 0.0  # seconds before each answer to a judge's page
        self.is_cut = False
        self.server: Any = None
        self.port = 0
        self.mend()

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def mend(self) -> None:
        self.is_cut = False
        self.server = make_server("127.0.0.1", self.port, self._answer, threaded=True)
        self.port = self.server.port
        self.thread = Thread(target=self.server.serve_forever, daemon=True)
        self.thread.start()

    def _answer(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        if self.is_cut:  # the browser had opened a connection in advance
            raise ConnectionAbortedError
        if environ["PATH_INFO"].startswith("/judging/"):
            time.sleep(self.delay)
        return self.app(environ, start_response)

    def cut(self) -> None:
        self.is_cut = True
        self.server.shutdown()
        self.thread.join()
        self.server.server_close()
