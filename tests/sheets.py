"""A judge's sheet, for the tests of the services on it."""

import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from sqlalchemy import select, update

from app.domain.contests import ContestState
from app.domain.rules import ContestRules
from app.models import Contest, LedgerEvent, ScoreSheet
from app.services.judging import ReopenSheet, SaveSheet, reopen_sheet, save_sheet
from tests.builders import NOW, World

LATER = NOW + timedelta(hours=1)


class Desk:
    """One judge with one sheet."""

    def __init__(
        self, world: World, rules: ContestRules | None = None, group: str = "B", **sheet: Any
    ) -> None:
        self.world = world
        self.contest = world.contest(rules=rules)
        self.entry = world.entry(self.contest, world.product(group=group))
        self.user = world.user()
        self.judge = world.judge(self.contest, self.user)
        self.sheet = world.sheet(self.judge, self.entry, **sheet)

    def run(self, service: Callable[..., Any] = save_sheet, *, by: Any = None, **command: Any) -> ScoreSheet:
        defaults: dict[str, Any] = {
            "sheet_id": self.sheet.id,
            "version": 1,
            "marks": {},
            "notes": {},
            "remark": "",
        }
        with self.world.session() as session:
            saved: ScoreSheet = service(
                session,
                SaveSheet(**defaults | command),
                actor=self.world.actor(self.user) if by is None else by,
                now=LATER,
            )
        return saved

    def reopen(self, user: Any, reason: str = "Chấm nhầm sản phẩm.") -> None:
        with self.world.session() as session:
            reopen_sheet(session, ReopenSheet(self.sheet.id, reason), actor=self.world.actor(user), now=LATER)

    def move(self, state: ContestState) -> None:
        with self.world.session() as session:
            session.execute(update(Contest).where(Contest.id == self.contest.id).values(state=state))

    def enter_pass(self, number: int) -> None:
        with self.world.session() as session:
            session.execute(update(Contest).where(Contest.id == self.contest.id).values(current_pass=number))

    @property
    def stored(self) -> ScoreSheet:
        return self.world.get(ScoreSheet, self.sheet.id)

    @property
    def marks(self) -> dict[str, int]:
        return self.world.marks_of(self.sheet)

    @property
    def about(self) -> dict[str, int]:
        """What each line of the ledger says of whose sheet it is."""
        return {"judge": self.sheet.judge_id, "entry": self.sheet.entry_id, "pass": self.sheet.pass_no}

    @property
    def events(self) -> list[tuple[str, dict[str, Any]]]:
        rows = self.world.all(select(LedgerEvent).order_by(LedgerEvent.id))
        return [(row.action, json.loads(row.details)) for row in rows]
