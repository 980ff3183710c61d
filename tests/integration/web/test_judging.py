"""A judge's pages, and those of the head of jury."""

import pytest
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select, update

from app.domain.contests import ContestState
from app.domain.judging import SheetState
from app.domain.marks import InvalidMark, check_mark, parse_mark
from app.domain.permissions import Role
from app.models import Contest, LedgerEvent, Membership, Recusal, ScoreSheet
from tests.browsing import Browser, Page, squeeze
from tests.builders import FULL, NOW, World
from tests.queries import count_queries


class Bench:
    """A judge at a browser, with one sheet of a contest."""

    def __init__(self, world: World, browser: Browser, **sheet: object) -> None:
        self.world, self.browser = world, browser
        self.contest = world.contest()
        self.user = world.user()
        self.judge = world.judge(self.contest, self.user)
        self.entry = world.entry(
            self.contest, world.product(world.facility("Cơ sở Ngọc Liên"), "Trà sen Tây Hồ")
        )
        self.sheet = world.sheet(self.judge, self.entry, **sheet)  # type: ignore[arg-type]
        self.url = f"/judging/sheets/{self.sheet.id}"
        browser.sign_in(self.user)

    def post(self, *, version: int = 1, then: str = "stay", status: int = 303, **fields: str) -> Page:
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
        return self.world.get(ScoreSheet, self.sheet.id)  # type: ignore[no-any-return]


@pytest.fixture
def bench(world: World, browser: Browser) -> Bench:
    return Bench(world, browser)


def test_the_list_shows_the_own_sheets_with_what_is_left(world: World, browser: Browser) -> None:
    bench = Bench(world, browser, marks={"L1": 3250})
    done = world.entry(bench.contest, world.product(world.facility("Cơ sở Hai"), "Mây tre", "A"))
    world.submitted(bench.judge, done)
    browser.post("/language/en", {"next": "/judging/"})

    page = browser.get("/judging/")

    assert page.rows() == [
        [done.code, "Mây tre Cơ sở Hai", "Submitted", "80"],
        [bench.entry.code, "Trà sen Tây Hồ Cơ sở Ngọc Liên", "Incomplete 3 marks missing", "32.5"],
    ]
    assert squeeze(page.select_one(".progress-text")) == "Sheets submitted: 1/2"
    assert page.one("main .btn-primary")["href"] == bench.url
    assert "Scoring closes on 30/06/2026." in page.get_text()


@pytest.mark.parametrize(
    ("query", "codes"),
    [
        ("", ["A", "B"]),
        ("?progress=submitted", ["A"]),
        ("?progress=empty", ["B"]),
        ("?group=B", ["B"]),
        ("?progress=submitted&group=B", []),
        ("?progress=nonsense&group=%3Cscript%3E", []),
    ],
)
def test_the_list_can_be_narrowed(bench: Bench, world: World, query: str, codes: list[str]) -> None:
    world.submitted(bench.judge, world.entry(bench.contest, world.product(group="A")))

    page = bench.browser.get("/judging/" + query)

    shown = [row[0][0] for row in page.rows()] if page.select("table") else []
    assert shown == codes
    assert squeeze(page.select_one(".progress-text")) == "Phiếu đã nộp: 1/2"


def test_a_judge_of_several_contests_starts_at_the_one_that_is_being_scored(
    bench: Bench, world: World
) -> None:
    later = world.contest(ContestState.SCORED, name="Bình chọn năm 2025", scoring_closes_on=NOW.date())
    world.judge(later, bench.user)

    assert bench.browser.get("/judging/").one("h2").get_text() == bench.contest.name
    page = bench.browser.get(f"/judging/?contest={later.id}")

    assert page.one("h2").get_text() == "Bình chọn năm 2025"
    assert page.select("main .btn-primary") == []


def test_the_list_of_a_contest_without_this_judge_does_not_exist(bench: Bench, world: World) -> None:
    for contest_id in (world.contest().id, 999_999):
        bench.browser.get(f"/judging/?contest={contest_id}", status=404)
    assert bench.browser.get("/judging/?contest=x").rows() != []


def test_the_list_takes_the_same_few_statements_for_one_sheet_and_for_three(
    app: Flask, bench: Bench, world: World
) -> None:
    counts = []
    for _ in range(2):
        with count_queries(app.extensions["binhchon_engine"]) as sent:
            bench.browser.get("/judging/")
        counts.append(len(sent))
        for _ in range(2):
            world.sheet(bench.judge, world.entry(bench.contest), {"L1": 100})

    assert counts[0] == counts[1]
    assert len([statement for statement in sent if "FROM score_sheets" in statement]) == 1


def test_the_sheet_shows_the_dossier_and_a_field_for_each_criterion_in_the_reader_s_language(
    bench: Bench,
) -> None:
    page = bench.browser.get(bench.url)

    labels = [squeeze(label) for label in page.select(".criterion > label")]
    assert labels == [criterion.name_vi for criterion in bench.contest.rules.criteria]
    assert page.heading == "Trà sen Tây Hồ"
    assert "Trà ướp hương sen." in page.one(".sheet-dossier").get_text()
    assert {field["inputmode"] for field in page.select(".mark-input")} == {"decimal"}
    assert page.select(".mark-input[type=number]") == []
    bench.browser.post("/language/en", {"next": bench.url})
    assert squeeze(bench.browser.get(bench.url).select_one(".criterion > label")) == (
        "Market response and capacity to develop production"
    )


def test_what_is_typed_is_saved_and_shown_again(bench: Bench) -> None:
    bench.post(mark_L1="32,5", mark_L2="", note_L2="Cần xem mẫu.", remark="Đẹp.")
    page = bench.browser.follow()

    values = page.values("form.sheet-marks")
    assert (bench.marks, bench.stored.notes) == ({"L1": 3250}, {"L2": "Cần xem mẫu."})
    assert (values["mark_L1"], values["mark_L2"], values["note_L2"], values["remark"]) == (
        "32,5",
        "",
        "Cần xem mẫu.",
        "Đẹp.",
    )
    assert values["version"] == "2"
    assert page.flashes == [f"Đã lưu phiếu {bench.entry.code}."]
    assert squeeze(page.select_one(".total-bar p")).startswith(
        "Tổng điểm đã lưu: 32,5 / 100 (còn thiếu 3 điểm)"
    )
    assert [details.has_attr("open") for details in page.select(".criterion details")] == [
        False,
        True,
        False,
        False,
    ]


def test_comma_and_point_are_the_same(bench: Bench) -> None:
    for version, text in enumerate(["8.5", " 8,50\t", "08.5", "8,5"], start=1):
        bench.post(version=2 * version - 1, mark_L3=text)
        assert bench.marks == {"L3": 850}
        bench.post(version=2 * version, mark_L3="8")


REFUSED = {
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


def test_what_is_no_mark_is_refused_beside_its_field_and_kept_as_typed(bench: Bench) -> None:
    for text, message in REFUSED.items():
        page = bench.post(mark_L1=text, mark_L2="30", note_L2="Ghi chú", remark="Nhận xét", status=422)

        values = page.values("form.sheet-marks")
        assert page.field_errors == {"mark_L1": message}
        assert (values["mark_L1"], values["mark_L2"]) == (text, "30")
        assert (values["note_L2"], values["remark"]) == ("Ghi chú", "Nhận xét")
        assert "mark_L1-error" in str(page.one("#mark_L1")["aria-describedby"]).split()
    assert (bench.marks, bench.stored.version) == ({}, 1)


def test_what_no_page_may_hold_is_shown_as_a_sign_of_it(bench: Bench) -> None:
    page = bench.post(mark_L1="9\x00", status=422)

    assert page.values("form.sheet-marks")["mark_L1"] == "9\N{REPLACEMENT CHARACTER}"


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    text=st.text(st.sampled_from("0123456789.,- +eNa٣"), max_size=11) | st.decimals(-1, 42, places=2).map(str)
)
def test_a_text_is_saved_exactly_when_it_is_a_mark(app: Flask, bench: Bench, text: str) -> None:
    try:
        value = parse_mark(text)
        expected = None if value is None else check_mark(value, 4000, 50)
    except InvalidMark:
        before = bench.marks
        page = bench.post(version=bench.stored.version, mark_L1=text, status=422)
        assert (bench.marks, page.values("form.sheet-marks")["mark_L1"]) == (before, text)
    else:
        bench.post(version=bench.stored.version, mark_L1=text)
        assert bench.marks == ({} if expected is None else {"L1": expected})


def test_texts_that_are_too_long_are_refused_beside_their_fields(bench: Bench) -> None:
    page = bench.post(mark_L1="30", note_L1="ổ" * 501, remark="x" * 2001, status=422)

    assert page.field_errors == {
        "note_L1": "Tối đa 500 ký tự; hiện có 501.",
        "remark": "Tối đa 2000 ký tự; hiện có 2001.",
    }
    assert page.values("form.sheet-marks")["note_L1"] == "ổ" * 501
    assert bench.marks == {}


def test_hostile_texts_are_only_text(bench: Bench) -> None:
    bench.post(note_L1="<script>alert(1)</script>", remark="<img src=x onerror=alert(1)> 🍵\x00\u202e")

    page = bench.browser.follow()
    assert bench.stored.remark == "<img src=x onerror=alert(1)> 🍵"
    assert page.select("main script, main img") == []
    assert page.values("form.sheet-marks")["note_L1"] == "<script>alert(1)</script>"


def test_a_field_that_was_not_sent_leaves_its_mark_alone(world: World, browser: Browser) -> None:
    bench = Bench(world, browser, marks=FULL, remark="Đẹp.")

    browser.post(bench.url, {"version": "1", "mark_L1": "30"})

    assert (bench.marks, bench.stored.remark) == ({**FULL, "L1": 3000}, "Đẹp.")


def test_a_save_over_another_tab_s_save_shows_both_and_overwrites_nothing(bench: Bench) -> None:
    bench.post(mark_L1="30", mark_L2="20", remark="Thẻ một")

    page = bench.post(mark_L1="31", mark_L2="20", remark="Thẻ hai", status=409)

    values = page.values("form.sheet-marks")
    assert (bench.marks, bench.stored.remark) == ({"L1": 3000, "L2": 2000}, "Thẻ một")
    assert (values["mark_L1"], values["remark"], values["version"]) == ("31", "Thẻ hai", "2")
    assert [squeeze(beside) for beside in page.select(".saved-beside")] == [
        "Bản đã lưu: 30",
        "Bản đã lưu: Thẻ một",
    ]
    assert "mark_L1-saved" in str(page.one("#mark_L1")["aria-describedby"]).split()
    bench.post(mark_L1="31", mark_L2="20", remark="Thẻ hai", version=2)
    assert bench.marks == {"L1": 3100, "L2": 2000}


@pytest.mark.parametrize("version", ["", "x", "-1", "9" * 5000, "٣"])
def test_a_version_that_is_none_never_overwrites(bench: Bench, version: str) -> None:
    bench.browser.post(bench.url, {"version": version, "mark_L1": "30"}, status=409)

    assert bench.marks == {}


def test_a_refused_mark_keeps_the_version_that_was_seen(bench: Bench) -> None:
    bench.post(mark_L1="30")

    page = bench.post(mark_L1="abc", status=422)

    assert page.values("form.sheet-marks")["version"] == "1"


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


def test_a_sheet_is_checked_then_submitted_and_gets_a_receipt(bench: Bench, world: World) -> None:
    bench.post(mark_L1="32", mark_L2="32.0", mark_L3="8,00", mark_L4=" 8 ", remark="Đạt.", then="check")
    check = bench.browser.follow()

    cells = [row[1:3] for row in check.rows()]
    assert cells == [["32", "40"], ["32", "40"], ["8", "10"], ["8", "10"], ["80", "100"]]
    assert [link["href"] for link in check.select("table a")] == [f"{bench.url}#mark_{code}" for code in FULL]
    assert (bench.marks, bench.stored.state) == (FULL, SheetState.DRAFT)
    bench.browser.post(f"{bench.url}/check", check.values("main form"))
    page = bench.browser.follow()

    [event] = world.all(select(LedgerEvent).where(LedgerEvent.action == "score-sheet:submit"))
    assert bench.stored.state is SheetState.SUBMITTED
    assert page.flashes == ["Đã nộp phiếu."]
    assert squeeze(page.select_one(".digest")) == event.sha256
    assert page.select("main form") == []
    assert page.rows(".sheet-marks table")[-1] == ["Tổng điểm", "80", "100"]


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

    assert page.rows()[0][1] == "40"
    assert bench.stored.state is SheetState.DRAFT


def test_an_incomplete_sheet_cannot_be_submitted_by_hand(world: World, browser: Browser) -> None:
    bench = Bench(world, browser, marks={"L1": 3000})

    browser.get(f"{bench.url}/check", status=303)
    browser.post(f"{bench.url}/check", {"version": "1"}, status=422)

    assert bench.stored.state is SheetState.DRAFT


def test_what_is_typed_on_a_submitted_sheet_is_shown_as_not_saved(world: World, browser: Browser) -> None:
    bench = Bench(world, browser, marks=FULL, state=SheetState.SUBMITTED)

    page = bench.post(mark_L1="39", mark_L2="32", remark="Muộn", status=409)

    unsaved = [squeeze(fact) for fact in page.select(".alert-danger .fact")]
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

    assert "Đã kết thúc chấm điểm" in squeeze(refused.select_one(".alert-danger"))
    assert bench.marks == {"L1": 3000}


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
    page = bench.browser.post(f"{bench.url}/conflict", {"reason": "  "}, status=422)
    assert list(page.field_errors) == ["reason"]

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
    assert [row[0] for row in page.rows()] == [product.code]
    assert page.rows()[0][2:] == ["Lê Hoàng Phúc", "Đã nộp", f"Mở lại {product.code}"]
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
    assert [row[0] for row in browser.get("/judging/").rows()] == [bench.entry.code]
