"""Several sheets in one go: one that is refused keeps none of the others back, and nothing of it is kept."""

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import select

from app.domain.contests import ContestState
from app.domain.errors import IllegalState, InvalidInput, NotFound, StaleVersion
from app.domain.judging import SheetState
from app.models import LedgerEvent, ScoreSheet
from app.services.judging import SaveSheet
from app.services.many_sheets import Refused, save_sheets, submit_sheets
from tests.builders import FULL, World
from tests.sheets import LATER, Desk


class Desks(Desk):
    """One judge with several sheets, and one of a colleague."""

    def __init__(self, world: World, *marks: dict[str, int]) -> None:
        super().__init__(world, marks=marks[0])
        others = [world.sheet(self.judge, world.entry(self.contest), each) for each in marks[1:]]
        self.sheets = [self.sheet, *others]
        self.foreign = world.sheet(world.judge(self.contest), self.entry, FULL)

    def run_all(self, service: Callable[..., Refused], *commands: SaveSheet) -> Refused:
        with self.world.session() as session:
            return service(session, commands, actor=self.world.actor(self.user), now=LATER)

    def command(self, number: int, marks: dict[str, Any] | None = None, version: int = 1) -> SaveSheet:
        return SaveSheet(self.sheets[number].id, version, marks or {}, {}, None)

    @property
    def stored_marks(self) -> list[dict[str, int]]:
        return [self.world.marks_of(sheet) for sheet in self.sheets]

    @property
    def acts(self) -> list[tuple[str, int]]:
        rows = self.world.all(select(LedgerEvent).order_by(LedgerEvent.id))
        return [(row.action, row.subject_id) for row in rows]


def test_the_sheets_that_can_be_saved_are_saved_and_the_others_are_named(world: World) -> None:
    desks = Desks(world, {}, {"L1": 100}, {}, {})
    foreign = SaveSheet(desks.foreign.id, 1, {"L1": 100}, {}, None)

    refused = desks.run_all(
        save_sheets,
        desks.command(3, {"L1": 3000, "L2": None}),
        desks.command(1, {"L1": 200}, version=7),
        desks.command(2, {"L1": 4050, "L2": 100}),
        foreign,
        desks.command(0, {"L4": 950}),
    )

    kinds = {sheet_id: type(error) for sheet_id, error in refused.items()}
    assert kinds == {
        desks.sheets[1].id: StaleVersion,
        desks.sheets[2].id: InvalidInput,
        foreign.sheet_id: NotFound,
    }
    assert desks.stored_marks == [{"L4": 950}, {"L1": 100}, {}, {"L1": 3000}]
    assert desks.acts == [("score-sheet:save", desks.sheets[0].id), ("score-sheet:save", desks.sheets[3].id)]
    assert world.marks_of(desks.foreign) == FULL


def test_the_sheets_that_can_be_submitted_are_submitted_and_the_others_stay_as_they_were(
    world: World,
) -> None:
    desks = Desks(world, FULL, {**FULL, "L1": 1000}, {"L1": 100}, FULL)

    refused = desks.run_all(
        submit_sheets,
        desks.command(0, FULL),
        desks.command(1, FULL, version=9),
        desks.command(2, {"L1": 100}),
        desks.command(3, {**FULL, "L1": 4001}),
    )

    kinds = [type(refused.get(sheet.id)) for sheet in desks.sheets]
    states = [world.get(ScoreSheet, sheet.id).state for sheet in desks.sheets]
    assert kinds == [type(None), StaleVersion, InvalidInput, InvalidInput]
    assert states == [SheetState.SUBMITTED, SheetState.DRAFT, SheetState.DRAFT, SheetState.DRAFT]
    assert desks.stored_marks == [FULL, {**FULL, "L1": 1000}, {"L1": 100}, FULL]


def test_the_same_submission_sent_twice_is_one(world: World) -> None:
    desks = Desks(world, FULL, FULL)
    commands = [desks.command(0, FULL), desks.command(1, FULL)]

    assert [desks.run_all(submit_sheets, *commands) for _ in range(2)] == [{}, {}]
    assert desks.acts == [("score-sheet:submit", sheet.id) for sheet in desks.sheets]


@pytest.mark.parametrize("service", [save_sheets, submit_sheets])
def test_nothing_goes_through_once_scoring_is_closed(world: World, service: Callable[..., Refused]) -> None:
    desks = Desks(world, FULL, FULL)
    desks.move(ContestState.SCORED)

    refused = desks.run_all(service, desks.command(0, {"L1": 100}), desks.command(1, {"L1": 100}))

    assert {type(error) for error in refused.values()} == {IllegalState}
    assert (len(refused), desks.acts, desks.stored_marks) == (2, [], [FULL, FULL])
