"""The impartiality statement: signed by the judge, recorded from paper, asked for before any mark."""

import json
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import select, update

from app.domain.contests import ContestState
from app.domain.errors import IllegalState, InvalidInput, NotFound
from app.domain.impartiality import CURRENT, StatementMissing
from app.domain.permissions import Actor
from app.models import Contest, ImpartialityStatement, Judge, LedgerEvent
from app.queries.statements import judge_statement, own_statement, signed_on
from app.services.judging import save_sheet, submit_sheet
from app.services.juries import dismiss_judge
from app.services.statements import Declared, RecordPaper, SignStatement, record_paper, sign_statement
from tests.builders import FULL, NOW, TODAY, World, tax_code
from tests.refusals import refusals
from tests.sheets import Desk

DECLARED = Declared("Trường Cao đẳng Mỹ thuật", address="Số 8, phường Cam Ly", links="HTX Ngọc Liên")


class Signing:
    """A judge who has not signed, and the organiser."""

    def __init__(self, world: World, state: ContestState = ContestState.SCORING) -> None:
        self.world = world
        self.contest = world.contest(state)
        self.user = world.user()
        self.judge = world.unsigned_judge(self.contest, self.user)
        self.organiser = world.actor(world.organiser(world.territory("Lâm Đồng")))

    def sign(self, by: Actor | None = None, *, agreed: bool = True, **declared: str) -> None:
        said = Declared(**{**vars(DECLARED), **declared})
        command = SignStatement(self.contest.id, agreed=agreed, language="vi", declared=said)
        with self.world.session() as session:
            sign_statement(session, command, actor=by or self.world.actor(self.user), now=NOW)

    def record(self, day: date = TODAY, by: Actor | None = None, **declared: str) -> None:
        said = Declared(**{"employer": "", **declared})
        command = RecordPaper(self.contest.id, self.judge.id, day, said)
        with self.world.session() as session:
            record_paper(session, command, actor=by or self.organiser, now=NOW)

    @property
    def statements(self) -> list[ImpartialityStatement]:
        return self.world.all(select(ImpartialityStatement).order_by(ImpartialityStatement.id))

    @property
    def events(self) -> list[tuple[str, dict[str, Any]]]:
        events = self.world.all(select(LedgerEvent).where(LedgerEvent.action.startswith("statement:")))
        return [(event.action, json.loads(event.details)) for event in events]


@pytest.fixture
def signing(world: World) -> Signing:
    return Signing(world)


def test_a_judge_signs_and_the_wording_is_on_record(signing: Signing) -> None:
    signing.sign()

    [row] = signing.statements
    assert (row.judge_id, row.signed_on, row.wording, row.language) == (
        signing.judge.id,
        TODAY,
        CURRENT,
        "vi",
    )
    assert (row.employer, row.address, row.links) == (
        "Trường Cao đẳng Mỹ thuật",
        "Số 8, phường Cam Ly",
        "HTX Ngọc Liên",
    )
    [(action, details)] = signing.events
    assert (action, details["judge"], details["wording"]) == ("statement:sign", signing.judge.id, CURRENT)
    assert len(details["wording_sha256"]) == 64


def test_the_same_statement_twice_is_one_and_another_takes_its_place(signing: Signing) -> None:
    signing.sign()
    signing.sign()
    signing.sign(employer="Đã nghỉ hưu")

    assert [row.employer for row in signing.statements] == ["Trường Cao đẳng Mỹ thuật", "Đã nghỉ hưu"]
    with signing.world.session() as session:
        page = own_statement(session, signing.world.actor(signing.user), signing.contest.id)
    assert page.statement is not None
    assert page.statement.employer == "Đã nghỉ hưu"


def test_a_statement_begins_with_what_was_declared_last_anywhere(signing: Signing) -> None:
    signing.sign()
    later = signing.world.contest()
    signing.world.unsigned_judge(later, signing.user)

    with signing.world.session() as session:
        page = own_statement(session, signing.world.actor(signing.user), later.id)

    assert page.statement is None
    assert page.declared == vars(DECLARED)


def test_what_is_missing_or_cannot_be_is_named_beside_its_field(signing: Signing) -> None:
    with pytest.raises(InvalidInput) as missing:
        signing.sign(employer=" ", address="", employer_tax_code="0100047517")
    with pytest.raises(InvalidInput) as not_agreed:
        signing.sign(agreed=False, links="x" * 2001)
    with pytest.raises(InvalidInput) as too_long:
        signing.sign(employer="x" * 301)

    assert set(refusals(missing)) == {"employer", "address", "employer_tax_code"}
    assert refusals(not_agreed) == {
        "agreed": "Tick that you have read the statement and agree to it.",
        "links": "At most 2000 characters; there are 2001.",
    }
    assert set(refusals(too_long)) == {"employer"}
    assert signing.statements == []


def test_a_tax_code_is_kept_in_its_one_spelling(signing: Signing) -> None:
    code = tax_code(7)
    signing.sign(employer_tax_code=f" {code[:4]} {code[4:]} ")

    assert [row.employer_tax_code for row in signing.statements] == [code]


def test_nobody_signs_for_another_contest_or_another_judge(signing: Signing) -> None:
    stranger = signing.world.user()
    signing.world.judge(signing.world.contest(), stranger)

    for actor in (signing.world.actor(stranger), signing.organiser):
        with pytest.raises(NotFound):
            signing.sign(by=actor)
        with signing.world.session() as session, pytest.raises(NotFound):
            own_statement(session, actor, signing.contest.id)


def test_after_scoring_no_statement_is_signed_or_recorded(world: World) -> None:
    signing = Signing(world, ContestState.SCORED)

    with pytest.raises(IllegalState):
        signing.sign()
    with pytest.raises(IllegalState):
        signing.record()


def test_the_secretary_records_what_was_signed_on_paper(signing: Signing) -> None:
    signing.record(TODAY - timedelta(days=3), employer="Hội Nông dân tỉnh")

    with signing.world.session() as session:
        page = judge_statement(session, signing.organiser, signing.contest.id, signing.judge.id)
        days = signed_on(session, signing.contest.id)
    assert page.statement is not None
    assert (page.statement.is_on_paper, page.statement.employer) == (True, "Hội Nông dân tỉnh")
    assert page.statement.recorded_by == signing.organiser.name
    assert days == {signing.judge.id: TODAY - timedelta(days=3)}
    assert [action for action, _details in signing.events] == ["statement:record-paper"]


@pytest.mark.parametrize(
    ("day", "said"),
    [
        (TODAY + timedelta(days=1), "This day lies in the future."),
        (date(2019, 1, 1), "This day is not in or next to the year 2026."),
    ],
)
def test_a_day_that_cannot_be_is_refused(signing: Signing, day: date, said: str) -> None:
    with pytest.raises(InvalidInput) as error:
        signing.record(day)

    assert refusals(error) == {"signed_on": said}


def test_paper_is_recorded_by_the_organiser_of_the_contest_only(signing: Signing) -> None:
    world = signing.world
    abroad = world.actor(world.organiser(world.territory("Quảng Ninh")))

    for actor in (abroad, world.actor(signing.user)):
        with pytest.raises(NotFound):
            signing.record(by=actor)
        with world.session() as session, pytest.raises(NotFound):
            judge_statement(session, actor, signing.contest.id, signing.judge.id)


@pytest.mark.parametrize("service", [save_sheet, submit_sheet])
def test_without_a_statement_no_mark_is_saved(world: World, service: Any) -> None:
    desk = Desk(world)
    with world.session() as session:
        session.query(ImpartialityStatement).delete()

    with pytest.raises(StatementMissing):
        desk.run(service, marks=FULL)

    assert world.marks_of(desk.sheet) == {}


def test_a_statement_on_paper_is_as_good_as_one_in_the_system(world: World) -> None:
    desk = Desk(world)
    with world.session() as session:
        on_paper = {"wording": "", "language": "", "recorded_by_id": desk.user.id}
        session.execute(update(ImpartialityStatement).values(on_paper))

    desk.run(submit_sheet, marks=FULL)

    assert world.marks_of(desk.sheet) == FULL


def test_a_judge_who_is_dismissed_takes_the_statement_along(signing: Signing) -> None:
    signing.sign()

    with signing.world.session() as session:
        dismiss_judge(session, signing.judge.id, actor=signing.organiser, now=NOW)

    assert (
        signing.statements
        == signing.world.all(select(Judge).where(Judge.contest_id == signing.contest.id))
        == []
    )
    assert signing.world.all(select(Contest.id)) == [signing.contest.id]
