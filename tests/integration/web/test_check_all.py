"""Several complete sheets checked and submitted at once, and their receipts."""

import pytest
from sqlalchemy import delete, select, update

from app.domain.contests import ContestState
from app.domain.judging import SheetState
from app.models import ImpartialityStatement, LedgerEvent, Recusal, ScoreSheet
from tests.browsing import Browser, Page, squeeze
from tests.builders import FULL, NOW, World
from tests.judging import Rows
from tests.rubrics import DETAILED_FULL


class Checks(Rows):
    """A judge at the check of several sheets."""

    @property
    def url(self) -> str:
        return f"/judging/check?contest={self.contest.id}"

    @url.setter
    def url(self, _address: str) -> None:
        """The address of the one sheet is not needed here."""

    def shown(self, page: Page | None = None) -> dict[str, object]:
        """What the form would send with all that is ticked."""
        page = page or self.browser.get(self.url)
        return {
            **page.values("main form"),
            "submit": [str(tick["value"]) for tick in page.select("input[checked]")],
        }

    @property
    def states(self) -> list[SheetState]:
        return [self.world.get(ScoreSheet, sheet.id).state for sheet in self.sheets]

    @property
    def receipts(self) -> dict[int, str]:
        rows = self.world.all(select(LedgerEvent).where(LedgerEvent.action == "score-sheet:submit"))
        return {row.subject_id: row.sha256 for row in rows}


DRAFT, SUBMITTED = SheetState.DRAFT, SheetState.SUBMITTED


@pytest.fixture
def checks(world: World, browser: Browser) -> Checks:
    return Checks(world, browser, FULL, {**FULL, "L1": 1050}, {"L1": 100, "L3": 900}, {})


def test_complete_sheets_are_shown_by_criterion_and_the_others_named_with_what_is_missing(
    checks: Checks,
) -> None:
    page = checks.browser.get(checks.url)

    criteria = checks.contest.rules.criteria
    assert [row[2:] for row in page.rows()] == [
        ["32", "32", "8", "8", "80"],
        ["10,5", "32", "8", "8", "58,5"],
    ]
    assert len(page.select("input[type=checkbox][checked]")) == 2
    incomplete = [squeeze(one) for one in page.select("main .links li > span")]
    assert [text.partition(": ")[2] for text in incomplete] == [
        f"còn 2 tiêu chí chưa chấm – {criteria[1].name_vi}, {criteria[3].name_vi}",
        "Chưa chấm",
    ]


def test_marks_of_two_levels_are_added_up_to_the_criteria(world: World, browser: Browser) -> None:
    checks = Checks(world, browser, DETAILED_FULL, rules=world.detailed_rules())

    page = browser.get(checks.url)

    assert page.rows()[0][2:] == ["32", "32", "8", "8", "80"]
    browser.post(checks.url, checks.shown(page))
    assert (checks.states, checks.all_marks) == ([SUBMITTED], [DETAILED_FULL])


def test_what_is_ticked_is_submitted_and_gets_receipts(checks: Checks) -> None:
    checks.browser.post(checks.url, checks.shown())
    page = checks.browser.follow()

    receipts = checks.receipts
    assert checks.states == [SUBMITTED, SUBMITTED, DRAFT, DRAFT]
    assert page.heading == "2 phiếu đã nộp"
    assert [row[-1] for row in page.rows()] == [receipts[sheet.id] for sheet in checks.sheets[:2]]
    assert [row[1] for row in page.rows()] == ["80", "58,5"]
    checks.browser.get(str(page.one(".digest")["href"]))
    assert page.one("main .btn-primary")["href"] == checks.grid


def test_what_is_not_ticked_stays_a_draft_and_a_double_click_is_one_submission(checks: Checks) -> None:
    posted = checks.shown() | {"submit": [str(checks.sheets[1].id)]}

    for _ in range(2):
        checks.browser.post(checks.url, posted)
        assert (
            checks.browser.location
            == f"/judging/receipts?contest={checks.contest.id}&sheet={checks.sheets[1].id}"
        )

    assert checks.states == [DRAFT, SUBMITTED, DRAFT, DRAFT]
    assert list(checks.receipts) == [checks.sheets[1].id]


def test_a_sheet_changed_in_another_tab_is_not_submitted_and_shown_with_both_values(checks: Checks) -> None:
    posted = checks.shown()
    checks.browser.post(f"/judging/sheets/{checks.sheets[0].id}", {"version": "1", "mark_L1": "40"})

    page = checks.browser.post(checks.url, posted, status=409)

    name = checks.contest.rules.criteria[0].name_vi
    alert = page.one(".alert-danger")
    assert squeeze(alert.select_one("h2")) == "1 phiếu chưa nộp được"
    assert [squeeze(fact) for fact in alert.select(".fact")] == [
        f"{name} Khi bạn kiểm tra: 32. Đang lưu: 40."
    ]
    assert squeeze(page.select(".alert-success")[-1]) == "Đã nộp 1 phiếu. Biên nhận"
    assert checks.states == [DRAFT, SUBMITTED, DRAFT, DRAFT]
    assert page.select("input[checked]") == []
    again = {**page.values("main form"), "submit": str(checks.sheets[0].id)}
    checks.browser.post(checks.url, again)
    assert (checks.states[0], checks.all_marks[0]["L1"]) == (SUBMITTED, 4000)


def test_a_remark_changed_in_another_tab_is_a_change_too(checks: Checks) -> None:
    posted = checks.shown()
    checks.browser.post(f"/judging/sheets/{checks.sheets[0].id}", {"version": "1", "remark": "Đẹp."})

    page = checks.browser.post(checks.url, posted, status=409)

    assert "Điểm không thay đổi; có ghi chú hoặc nhận xét đã được sửa." in squeeze(
        page.select_one(".alert-danger")
    )
    assert checks.states[:2] == [DRAFT, SUBMITTED]


def test_something_must_be_ticked(checks: Checks) -> None:
    for sent in ({}, {"submit": ["x", "-1", "٣", ""]}):
        posted = {name: value for name, value in checks.shown().items() if name != "submit"} | sent
        page = checks.browser.post(checks.url, posted, status=422)
        assert squeeze(page.select_one(".field-error")).endswith("Hãy đánh dấu ít nhất một phiếu.")

    assert checks.states == [DRAFT] * 4


def test_sheets_that_cannot_be_submitted_by_hand_are_named_and_keep_no_other_back(checks: Checks) -> None:
    world = checks.world
    foreign = world.sheet(world.judge(checks.contest), checks.entry, FULL)
    world.add(
        Recusal(
            judge_id=checks.judge.id, entry_id=checks.sheets[3].entry_id, reason="Họ hàng.", recorded_at=NOW
        )
    )
    incomplete, recused = checks.sheets[2].id, checks.sheets[3].id
    ticked = [
        str(checks.sheets[0].id),
        str(checks.sheets[1].id),
        str(incomplete),
        str(recused),
        str(foreign.id),
        "999999",
    ]
    hostile = {f"s{number}-version": "1" for number in (incomplete, recused, foreign.id, 999_999)}
    posted = {**checks.shown(), **hostile, checks.name(1, "mark_L1"): "<b>41", "submit": ticked}

    page = checks.browser.post(checks.url, posted, status=409)

    text = "Hãy nhập điểm: phiếu chỉ nộp được khi mọi tiêu chí đều có điểm."
    reasons = [squeeze(one).partition(": ")[2] for one in page.select(".alert-danger p")]
    assert reasons == [text, text]
    assert page.flashes[0] == "3 phiếu không còn do bạn chấm nên chưa được nộp."
    assert checks.states == [SUBMITTED, DRAFT, DRAFT, DRAFT]
    assert world.get(ScoreSheet, foreign.id).state is DRAFT
    assert checks.all_marks[1] == {**FULL, "L1": 1050}


def test_nothing_is_submitted_once_scoring_is_closed(checks: Checks) -> None:
    posted = checks.shown()
    checks.move(ContestState.SCORED)

    page = checks.browser.post(checks.url, posted, status=409)

    assert "Không trong thời gian chấm điểm" in squeeze(page.select_one(".alert-danger"))
    assert (checks.states, page.select("main form")) == ([DRAFT] * 4, [])


def test_a_sheet_given_back_by_the_head_of_jury_is_checked_again(checks: Checks) -> None:
    with checks.world.session() as session:
        session.execute(
            update(ScoreSheet)
            .where(ScoreSheet.id == checks.sheets[0].id)
            .values(state=SheetState.REOPENED, reopen_reason="Chấm nhầm.")
        )

    checks.browser.post(checks.url, checks.shown())

    assert checks.states[:2] == [SUBMITTED, SUBMITTED]


def test_receipts_are_of_own_submitted_sheets_only(checks: Checks) -> None:
    colleague = checks.world.submitted(checks.world.judge(checks.contest), checks.entry)
    asked = "&".join(f"sheet={number}" for number in (colleague.id, checks.sheet.id, 999_999, "x"))

    page = checks.browser.get(f"/judging/receipts?contest={checks.contest.id}&{asked}")

    assert (page.heading, page.select("table")) == ("0 phiếu đã nộp", [])


def test_a_mark_at_the_edge_of_its_scale_waits_for_its_note(world: World, browser: Browser) -> None:
    checks = Checks(world, browser, {**FULL, "L1": 4000}, rules=world.rules(edge_percent=5))
    name = checks.contest.rules.criteria[0].name_vi

    page = browser.get(checks.url)
    grid = browser.get(checks.grid)

    assert page.select("main form") == []
    assert squeeze(page.select_one("main .links li > span")).endswith(
        f": thiếu ghi chú cho điểm ở sát đầu hoặc cuối thang điểm – {name}"
    )
    assert squeeze(grid.select_one(".stand")) == "Thiếu ghi chú: xem phiếu"
    hostile = {checks.name(0, "version"): "1", "submit": str(checks.sheet.id)}
    assert "Hãy ghi lý do" in squeeze(
        browser.post(checks.url, hostile, status=409).select_one(".alert-danger")
    )
    browser.post(f"/judging/sheets/{checks.sheet.id}", {"version": "1", "note_L1": "Vượt trội."})
    browser.post(checks.url, checks.shown())
    assert checks.states == [SUBMITTED]


def test_a_judge_who_has_not_signed_the_statement_signs_it_first(checks: Checks) -> None:
    shown = checks.open()
    with checks.world.session() as session:
        session.execute(delete(ImpartialityStatement))
    statement = f"/judging/contests/{checks.contest.id}/statement"

    for url in (checks.grid, checks.url):
        checks.browser.get(url, status=303)
        checks.browser.post(url, {**shown, checks.name(3, "mark_L1"): "12", "submit": "1"})
        assert checks.browser.location == statement

    assert checks.all_marks[3] == {}
