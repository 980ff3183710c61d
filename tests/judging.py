"""A judge at work, for the tests of a judge's pages."""

from typing import Any

from sqlalchemy import update

from app.domain.contests import ContestState
from app.domain.rules import ContestRules
from app.models import Contest, ScoreSheet
from tests.browsing import Browser, Page
from tests.builders import World


class Bench:
    """A judge at a browser, with one sheet of a contest."""

    def __init__(
        self, world: World, browser: Browser, rules: ContestRules | None = None, **sheet: Any
    ) -> None:
        self.world, self.browser = world, browser
        self.contest = world.contest(rules=rules)
        self.user = world.user()
        self.judge = world.judge(self.contest, self.user)
        self.entry = world.entry(
            self.contest, world.product(world.facility("Cơ sở Ngọc Liên"), "Trà sen Tây Hồ")
        )
        self.sheet = world.sheet(self.judge, self.entry, **sheet)
        self.url = f"/judging/sheets/{self.sheet.id}"
        browser.sign_in(self.user)

    def post(self, *, version: int = 1, then: str = "stay", status: int = 303, **fields: str) -> Page:
        return self.send(fields, version=version, then=then, status=status)

    def send(
        self, fields: dict[str, str], *, version: int = 1, then: str = "stay", status: int = 303
    ) -> Page:
        typed = {"version": str(version), "then": then, "remark": "", **fields}
        return self.browser.post(self.url, typed, status=status)

    def move(self, state: ContestState) -> None:
        with self.world.session() as session:
            session.execute(update(Contest).where(Contest.id == self.contest.id).values(state=state))

    @property
    def marks(self) -> dict[str, int]:
        return self.world.marks_of(self.sheet)

    @property
    def stored(self) -> ScoreSheet:
        return self.world.get(ScoreSheet, self.sheet.id)
