"""A judge at work, for the tests of a judge's pages."""

from typing import Any

from sqlalchemy import update

from app.domain.contests import ContestState
from app.domain.rules import ContestRules
from app.models import Contest, ScoreSheet
from tests.browsing import Browser, Page
from tests.builders import World

NO_MARKS = {
    "85,5,5": "“85,5,5” không phải là số. Hãy nhập điểm, ví dụ 8,5.",
    "abc": "“abc” không phải là số. Hãy nhập điểm, ví dụ 8,5.",
    "NaN": "“NaN” không phải là số. Hãy nhập điểm, ví dụ 8,5.",
    "1e3": "“1e3” không phải là số. Hãy nhập điểm, ví dụ 8,5.",
    "-1": "Nhập điểm từ 0 trở lên.",
    "41": "41 vượt điểm tối đa 40.",
    "40,5": "40,5 vượt điểm tối đa 40.",
    "8,25": "Nhập điểm theo bước 0,5.",
    "8,333": "Nhập tối đa hai chữ số thập phân, ví dụ 8,25.",
    "<b>9": "“<b>9” không phải là số. Hãy nhập điểm, ví dụ 8,5.",
    "9\N{REPLACEMENT CHARACTER}": "“9\N{REPLACEMENT CHARACTER}” không phải là số. Hãy nhập điểm, ví dụ 8,5.",
    "🍵": "“🍵” không phải là số. Hãy nhập điểm, ví dụ 8,5.",
    "x" * 10_000: "Số quá dài. Hãy nhập điểm, ví dụ 8,5.",
}
"""What is refused where 40 points in steps of 0.5 are the most, and what is said beside the field."""


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


class Rows(Bench):
    """A judge at the grid with several sheets: the first with the marks given, the others with their own."""

    def __init__(
        self, world: World, browser: Browser, *marks: dict[str, int], rules: ContestRules | None = None
    ) -> None:
        super().__init__(world, browser, rules, marks=marks[0])
        others = [world.sheet(self.judge, world.entry(self.contest), each) for each in marks[1:]]
        self.sheets = [self.sheet, *others]
        self.grid = f"/judging/grid?contest={self.contest.id}"

    def open(self) -> dict[str, str]:
        """What the form would send as it stands."""
        return self.browser.get(self.grid).values("#grid")

    def name(self, number: int, field: str) -> str:
        return f"s{self.sheets[number].id}-{field}"

    def save(
        self,
        typed: dict[tuple[int, str], str],
        shown: dict[str, str] | None = None,
        status: int = 303,
        **more: str,
    ) -> Page:
        values = {self.name(number, field): text for (number, field), text in typed.items()}
        return self.browser.post(self.grid, {**(shown or self.open()), **values, **more}, status=status)

    @property
    def all_marks(self) -> list[dict[str, int]]:
        return [self.world.marks_of(sheet) for sheet in self.sheets]
