"""What follows on a save: the next sheet, the check, the submission, a conflict, the head of jury."""

import pytest
from flask import Flask
from sqlalchemy import select

from app.domain.contests import ContestState
from app.domain.judging import SheetState
from app.domain.permissions import Role
from app.models import LedgerEvent, Membership, Recusal, ScoreSheet
from app.services.judging import SaveSheet, submit_sheet
from tests.browsing import Browser, squeeze
from tests.builders import FULL, NOW, World
from tests.judging import Bench


@pytest.fixture
def bench(world: World, browser: Browser) -> Bench:
    return Bench(world, browser)


def test_save_and_next_goes_to_the_next_sheet_that_is_left_and_round_to_the_start(
    bench: Bench, world: World
) -> None:
    done = world.submitted(bench.judge, world.entry(bench.contest))
    last = world.sheet(bench.judge, world.entry(bench.contest))

    bench.post(mark_L1="30", then="next")
    assert bench.browser.location == f"/judging/sheets/{last.id}"
    bench.browser.post(bench.browser.location, {"version": "1", "then": "next"})

    assert bench.browser.location == bench.url
    assert done.state is SheetState.SUBMITTED


def test_after_the_last_sheet_comes_the_list(bench: Bench) -> None:
    bench.post(mark_L1="30", then="next")

    assert bench.browser.location == f"/judging/?contest={bench.contest.id}"


def test_a_gap_is_named_beside_its_field_and_the_rest_is_saved(bench: Bench) -> None:
    page = bench.post(mark_L1="30", mark_L2="", mark_L3="8", mark_L4="", then="check", status=422)

    text = "Hãy nhập điểm: phiếu chỉ nộp được khi mọi tiêu chí đều có điểm."
    assert page.field_errors == {"mark_L2": text, "mark_L4": text}
    assert page.values("form.sheet-marks")["version"] == "2"
    assert bench.marks == {"L1": 3000, "L3": 800}


def test_who_asks_for_the_check_of_a_sheet_with_gaps_is_told_why_not(bench: Bench) -> None:
    bench.browser.get(f"{bench.url}/check", status=303)

    text = "Hãy nhập điểm: phiếu chỉ nộp được khi mọi tiêu chí đều có điểm."
    assert bench.browser.get(bench.url).flashes == [text]


def test_a_sheet_is_checked_then_submitted_and_gets_a_receipt(bench: Bench, world: World) -> None:
    bench.post(mark_L1="32", mark_L2="32.0", mark_L3="8,00", mark_L4=" 8 ", remark="Đạt.", then="check")
    check = bench.browser.follow()

    cells = [row[1] for row in check.rows()]
    assert cells == ["32 / 40", "32 / 40", "8 / 10", "8 / 10", "80 / 100"]
    assert [link["href"] for link in check.select("table a")] == [f"{bench.url}#mark_{code}" for code in FULL]
    assert (bench.marks, bench.stored.state) == (FULL, SheetState.DRAFT)
    bench.browser.post(f"{bench.url}/check", check.values("main form"))
    page = bench.browser.follow()

    [event] = world.all(select(LedgerEvent).where(LedgerEvent.action == "score-sheet:submit"))
    assert bench.stored.state is SheetState.SUBMITTED
    assert page.flashes == ["Đã nộp phiếu."]
    assert squeeze(page.select_one(".digest")) == event.sha256
    assert page.select("main form") == []
    assert page.rows(".sheet-marks table")[-1] == ["Tổng điểm", "80 / 100"]


def test_a_double_click_on_submit_shows_the_submitted_sheet(world: World, browser: Browser) -> None:
    bench = Bench(world, browser, marks=FULL)
    posted = browser.get(f"{bench.url}/check").values("main form")

    for _ in range(2):
        browser.post(f"{bench.url}/check", posted)
        assert browser.location == bench.url

    assert len(world.all(select(LedgerEvent).where(LedgerEvent.action == "score-sheet:submit"))) == 1


def test_submitting_what_was_changed_in_another_tab_asks_to_check_again(
    world: World, browser: Browser
) -> None:
    bench = Bench(world, browser, marks=FULL)
    posted = browser.get(f"{bench.url}/check").values("main form")
    bench.post(mark_L1="40")

    page = browser.post(f"{bench.url}/check", posted, status=409)

    assert page.rows()[0][1] == "40 / 40"
    assert [squeeze(fact) for fact in page.select("[role=alert] .fact")] == [
        f"{bench.contest.rules.criteria[0].name_vi} Khi bạn kiểm tra: 32. Đang lưu: 40."
    ]
    assert "Cả hai bản được hiển thị" not in page.get_text()
    states = [bench.stored.state]
    browser.post(f"{bench.url}/check", page.values("main form"))
    assert [*states, bench.stored.state] == [SheetState.DRAFT, SheetState.SUBMITTED]


def test_a_check_that_is_old_by_its_number_alone_shows_no_differences(world: World, browser: Browser) -> None:
    bench = Bench(world, browser, marks=FULL)
    posted = browser.get(f"{bench.url}/check").values("main form")

    page = browser.post(f"{bench.url}/check", posted | {"version": "0"}, status=409)

    assert "Phiếu đã được lưu ở nơi khác sau khi bạn mở trang này." in squeeze(
        page.select_one("[role=alert]")
    )
    assert page.select("[role=alert] .fact") == []


def test_what_is_submitted_is_what_the_check_showed_and_nothing_else(world: World, browser: Browser) -> None:
    bench = Bench(world, browser, marks=FULL)
    posted = browser.get(f"{bench.url}/check").values("main form")
    with world.session() as session:
        command = SaveSheet(bench.sheet.id, 1, {"L1": 100}, {}, "")
        submit_sheet(session, command, actor=world.actor(bench.user), now=NOW)

    page = browser.post(f"{bench.url}/check", posted, status=409)

    unsaved = [squeeze(fact) for fact in page.select(".alert-danger:not([hidden]) .fact")]
    assert unsaved == [f"{bench.contest.rules.criteria[0].name_vi} 32"]
    assert bench.marks == {**FULL, "L1": 100}


def test_an_incomplete_sheet_cannot_be_submitted_by_hand(world: World, browser: Browser) -> None:
    bench = Bench(world, browser, marks={"L1": 3000})

    browser.get(f"{bench.url}/check", status=303)
    browser.post(f"{bench.url}/check", {"version": "1"}, status=422)

    assert bench.stored.state is SheetState.DRAFT


def test_what_is_typed_on_a_submitted_sheet_is_shown_as_not_saved(world: World, browser: Browser) -> None:
    bench = Bench(world, browser, marks=FULL, state=SheetState.SUBMITTED)

    page = bench.post(mark_L1="39", mark_L2="32", remark="Muộn", status=409)

    unsaved = [squeeze(fact) for fact in page.select(".alert-danger:not([hidden]) .fact")]
    assert unsaved == [f"{bench.contest.rules.criteria[0].name_vi} 39", "Nhận xét về sản phẩm Muộn"]
    assert bench.marks == FULL


@pytest.mark.parametrize("state", [ContestState.SCORED, ContestState.VOTING, ContestState.FINAL])
def test_once_scoring_is_closed_sheets_can_only_be_read(
    world: World, browser: Browser, state: ContestState
) -> None:
    bench = Bench(world, browser, marks={"L1": 3000})
    bench.move(state)

    page = browser.get(bench.url)
    assert page.select("main form") == []
    assert "Phiếu này chưa nộp nên không được tính." in page.get_text()
    refused = bench.post(mark_L1="31", status=409)

    assert "Không trong thời gian chấm điểm" in squeeze(refused.select_one(".alert-danger"))
    assert bench.marks == {"L1": 3000}


def test_before_scoring_opens_the_dossier_can_be_read(world: World, browser: Browser) -> None:
    bench = Bench(world, browser)
    bench.move(ContestState.REGISTRATION)

    page = browser.get(bench.url)

    assert "Chưa mở chấm điểm." in page.get_text()
    assert page.select("main form") == []
    assert page.select_one("main .btn-primary") is None
    bench.post(mark_L1="30", status=409)
    assert "Chưa mở chấm điểm." in browser.get("/judging/").get_text()


@pytest.mark.parametrize("path", ["", "/check", "/conflict"])
def test_a_sheet_of_somebody_else_does_not_exist(bench: Bench, world: World, path: str) -> None:
    colleague = world.judge(bench.contest)
    sheet = world.submitted(colleague, bench.entry)

    for sheet_id in (sheet.id, 999_999, 10**15):
        bench.browser.get(f"/judging/sheets/{sheet_id}{path}", status=404)
        bench.browser.post(f"/judging/sheets/{sheet_id}{path}", {"version": "1", "mark_L1": "1"}, status=404)

    assert world.marks_of(sheet) == FULL


@pytest.mark.parametrize("url", ["/judging/", "/judging/sheets/1", "/judging/sheets/1/check"])
def test_only_judges_come_here(browser: Browser, world: World, url: str) -> None:
    browser.get(url, status=303)
    browser.sign_in(world.organiser(world.territory("Lâm Đồng")))

    browser.get(url, status=403)


def test_a_judge_never_sees_anything_of_the_others(world: World, browser: Browser) -> None:
    bench = Bench(world, browser, marks={"L1": 3000})
    head = world.user("Trưởng Ban Bí Mật")
    world.submitted(
        world.judge(bench.contest, head, is_head=True),
        bench.entry,
        {"L1": 1350, "L2": 2650, "L3": 350, "L4": 650},
    )

    pages = [browser.get(url) for url in ("/judging/", bench.url, f"/judging/?contest={bench.contest.id}")]
    pages.append(bench.post(mark_L1="abc", status=422))
    pages.append(bench.post(mark_L1="30", then="check", status=422))

    secrets = ("Trưởng Ban Bí Mật", "13,5", "26,5", "3,5", "6,5", "1350", "2650")
    assert [secret for page in pages for secret in secrets if secret in str(page)] == []


def test_a_judge_says_they_have_a_conflict_and_the_sheet_is_gone(bench: Bench, world: World) -> None:
    for reason in ("  ", "x" * 1001):
        page = bench.browser.post(f"{bench.url}/conflict", {"reason": reason}, status=422)
        assert list(page.field_errors) == ["reason"]
        assert page.values("main form")["reason"] == reason.strip()

    bench.browser.post(f"{bench.url}/conflict", {"reason": "Em ruột là chủ cơ sở."})

    [recusal] = world.all(select(Recusal))
    assert (recusal.judge_id, recusal.reason) == (bench.judge.id, "Em ruột là chủ cơ sở.")
    assert bench.browser.follow().flashes == [f"Đã ghi nhận bạn không chấm sản phẩm {bench.entry.code}."]
    bench.browser.get(bench.url, status=404)


def test_a_recused_judge_s_sheet_with_marks_is_neither_listed_nor_shown(
    world: World, browser: Browser
) -> None:
    bench = Bench(world, browser, marks=FULL)
    world.add(Recusal(judge_id=bench.judge.id, entry_id=bench.entry.id, reason="Họ hàng.", recorded_at=NOW))

    page = browser.get("/judging/")

    assert page.select("table") == []
    browser.get(bench.url, status=404)


class Head:
    """The head of a jury at a browser, and one judge."""

    def __init__(self, world: World, app: Flask) -> None:
        self.contest = world.contest()
        self.user = world.user("Trần Thị Hạnh")
        self.seat = world.judge(self.contest, self.user, is_head=True)
        self.judge = world.judge(self.contest, world.user("Lê Hoàng Phúc"))
        self.entry = world.entry(self.contest)
        self.sheet = world.submitted(self.judge, self.entry, {"L1": 1350, "L2": 2650, "L3": 350, "L4": 650})
        self.browser = Browser(app)
        self.browser.sign_in(self.user)
        self.list = f"/judging/contests/{self.contest.id}/sheets"
        self.reopen = f"/judging/sheets/{self.sheet.id}/reopen"


@pytest.fixture
def head(world: World, app: Flask) -> Head:
    return Head(world, app)


def test_the_head_of_jury_sees_whose_sheet_it_is_and_never_what_stands_on_it(
    head: Head, world: World
) -> None:
    world.sheet(head.judge, world.entry(head.contest), {"L1": 1000})

    page = head.browser.get(f"{head.list}?judge={head.judge.id}")

    product = world.get(type(head.entry), head.entry.id)
    [row] = page.rows(".submitted-sheets")
    assert row[0].endswith(f"{product.code} · Lê Hoàng Phúc")
    assert row[1:] == ["Đã nộp", f"Mở lại {product.code}"]
    text = str(page) + str(head.browser.get(head.reopen)) + str(head.browser.get("/judging/"))
    assert [secret for secret in ("13,5", "26,5", "3,5", "6,5", "1350", "2650") if secret in text] == []


def test_the_head_of_jury_reopens_a_sheet_and_its_judge_reads_why(
    head: Head, world: World, app: Flask
) -> None:
    page = head.browser.post(head.reopen, {"reason": ""}, status=422)
    assert page.field_errors == {"reason": "Hãy ghi lý do."}

    head.browser.post(head.reopen, {"reason": "Nhầm <b>sản phẩm</b>."})

    assert head.browser.location == f"{head.list}?judge={head.judge.id}"
    assert world.get(ScoreSheet, head.sheet.id).state is SheetState.REOPENED
    judge = Browser(app)
    judge.sign_in(world.get(type(head.user), head.judge.user_id))
    assert "Nhầm <b>sản phẩm</b>." in squeeze(
        judge.get(f"/judging/sheets/{head.sheet.id}").select_one("main")
    )


def test_a_sheet_that_is_not_submitted_cannot_be_reopened(head: Head, world: World) -> None:
    sheet = world.sheet(head.judge, world.entry(head.contest), {"L1": 1000})
    head.browser.get(f"/judging/sheets/{sheet.id}/reopen", status=404)
    head.browser.post(head.reopen, {"reason": "Nhầm."})

    assert head.browser.get(head.reopen).select("main form") == []
    head.browser.post(head.reopen, {"reason": "Nhầm."}, status=409)


def test_a_head_of_another_jury_finds_nothing(head: Head, world: World, app: Flask) -> None:
    stranger = Head(world, app)

    stranger.browser.get(head.reopen, status=404)
    stranger.browser.post(head.reopen, {"reason": "Nhầm."}, status=404)
    stranger.browser.get(head.list, status=404)
    head.browser.get(f"{head.list}?judge={stranger.judge.id}", status=404)


def test_a_plain_judge_reopens_nothing(head: Head, world: World, app: Flask) -> None:
    judge = Browser(app)
    judge.sign_in(world.get(type(head.user), head.judge.user_id))

    judge.get(head.list, status=403)
    judge.post(head.reopen, {"reason": "Nhầm."}, status=403)
    assert world.all(select(ScoreSheet.state)) == [SheetState.SUBMITTED]


def test_facility_user_who_judges_elsewhere_finds_no_sheet_for_their_own_facility(
    world: World, browser: Browser
) -> None:
    bench = Bench(world, browser)
    facility = world.facility()
    sheet = world.sheet(bench.judge, world.entry(bench.contest, world.product(facility)))
    world.add(
        Membership(user_id=bench.user.id, role=Role.FACILITY_USER, facility_id=facility.id, created_at=NOW)
    )

    browser.get(f"/judging/sheets/{sheet.id}", status=404)
    assert [squeeze(code) for code in browser.get("/judging/").select("tbody .code")] == [bench.entry.code]
