"""A judge's sheets in the second pass: beside the visit and the own marks of the first."""

import pytest
from flask import Flask

from app.domain.contests import ContestState
from app.domain.judging import SheetState
from app.models import Contest, ScoreSheet
from tests.browsing import Browser, squeeze
from tests.builders import World
from tests.judging import Bench
from tests.queries import count_queries
from tests.rubrics import DETAILED_FULL
from tests.visits import visit


class SecondPass(Bench):
    """A judge whose first sheet was submitted, with a second sheet for the same entry."""

    def __init__(self, world: World, browser: Browser) -> None:
        super().__init__(
            world,
            browser,
            world.detailed_rules(passes=2),
            marks=DETAILED_FULL,
            state=SheetState.SUBMITTED,
        )
        self.first, self.first_url = self.sheet, self.url
        self.enter_pass(2)
        self.sheet = world.sheet(self.judge, self.entry, {"L1.1": 2250}, pass_no=2)
        self.url = f"/judging/sheets/{self.sheet.id}"

    def enter_pass(self, number: int) -> None:
        with self.world.session() as session:
            session.get_one(Contest, self.contest.id).current_pass = number


@pytest.fixture
def bench(world: World, browser: Browser) -> SecondPass:
    return SecondPass(world, browser)


def test_the_sheet_shows_the_own_marks_of_the_first_pass_beside_its_fields(bench: SecondPass) -> None:
    page = bench.browser.get(bench.url)

    beside = {
        str(field["name"]): squeeze(page.select_one(f'[id="{field["name"]}-max"] .earlier'))
        for field in page.select(".mark-input")
    }
    assert beside == {
        "mark_L1.1": "Vòng 1: 20",
        "mark_L1.2": "Vòng 1: 12",
        "mark_L2.1": "Vòng 1: 8",
        "mark_L2.2": "Vòng 1: 24",
        "mark_L3": "Vòng 1: 8",
        "mark_L4": "Vòng 1: 8",
    }
    assert [squeeze(line) for line in page.select("summary .subtotal")] == [
        "22,5 / 40 Vòng 1: 32",
        "– / 40 Vòng 1: 32",
    ]
    assert squeeze(page.select_one(".total-bar .earlier")) == "Vòng 1: 80"
    assert page.values("form.sheet-marks")["mark_L1.1"] == "22,5"
    assert squeeze(page.select_one(".sheet-about")).endswith("Vòng 2 – thực tế")


@pytest.mark.parametrize("state", [SheetState.DRAFT, SheetState.REOPENED])
def test_a_first_sheet_that_was_not_submitted_is_not_shown(
    bench: SecondPass, world: World, state: SheetState
) -> None:
    with world.session() as session:
        first = session.get_one(ScoreSheet, bench.first.id)
        first.state, first.submitted_at = state, None

    assert bench.browser.get(bench.url).select(".earlier") == []


def test_nobody_sees_the_first_marks_of_another_judge(bench: SecondPass, world: World, app: Flask) -> None:
    user = world.user("Lê Hoàng Phúc")
    sheet = world.sheet(world.judge(bench.contest, user), bench.entry, pass_no=2)
    colleague = Browser(app)
    colleague.sign_in(user)

    page = colleague.get(f"/judging/sheets/{sheet.id}")

    assert page.select(".earlier") == []
    colleague.get(bench.first_url, status=404)


def test_saving_in_the_second_pass_leaves_the_first_alone(bench: SecondPass, world: World) -> None:
    bench.send({"mark_L1.1": "25", "mark_L3": "9,5"})

    assert bench.marks == {"L1.1": 2500, "L3": 950}
    assert world.marks_of(bench.first) == DETAILED_FULL


def test_the_check_shows_both_passes(bench: SecondPass) -> None:
    typed = {f"mark_{code}": str(value // 100) for code, value in DETAILED_FULL.items()} | {"mark_L1.1": "25"}
    bench.send(typed, then="check")

    check = bench.browser.follow()

    assert [squeeze(heading) for heading in check.select("thead th")] == [
        "Tiêu chí",
        "Vòng 1",
        "Điểm",
        "Sửa",
    ]
    assert [row[1:3] for row in check.rows()] == [
        ["32", "37 / 40"],
        ["20", "25 / 25"],
        ["12", "12 / 15"],
        ["32", "32 / 40"],
        ["8", "8 / 10"],
        ["24", "24 / 30"],
        ["8", "8 / 10"],
        ["8", "8 / 10"],
        ["80", "85 / 100"],
    ]


def test_the_sheet_of_the_first_pass_can_only_be_read(bench: SecondPass, world: World) -> None:
    page = bench.browser.get(bench.first_url)
    typed = {"version": "1", "mark_L1.1": "1"}
    refused = bench.browser.post(bench.first_url, typed, status=409)
    bench.browser.get(f"{bench.first_url}/check", status=303)
    bench.browser.post(f"{bench.first_url}/check", {"version": "1"}, status=409)

    assert page.select("main form") == []
    assert "Vòng chấm này đã kết thúc." in page.get_text()
    assert "Kiểm tra thực tế" not in page.get_text()
    assert "Vòng chấm này đã kết thúc" in squeeze(refused.select_one(".alert-danger"))
    assert world.marks_of(bench.first) == DETAILED_FULL


def test_a_first_sheet_left_over_unsubmitted_says_that_it_does_not_count(
    bench: SecondPass, world: World
) -> None:
    left = world.sheet(bench.judge, world.entry(bench.contest), {"L1.1": 1000})

    page = bench.browser.get(f"/judging/sheets/{left.id}")

    assert "Phiếu này chưa nộp nên không được tính." in page.get_text()
    assert page.select("main form") == []


def test_the_list_parts_the_passes_and_counts_the_one_being_scored(bench: SecondPass, world: World) -> None:
    out = world.entry(bench.contest, world.product(name="Mây tre"))
    world.submitted(bench.judge, out, {**DETAILED_FULL, "L1.1": 100})

    page = bench.browser.get("/judging/")

    tables = {str(wrap["aria-label"]): len(wrap.select("tbody tr")) for wrap in page.select(".table-wrap")}
    assert tables == {"Vòng 2 – thực tế": 1, "Vòng 1 – hồ sơ": 2}
    assert [squeeze(heading) for heading in page.select("main h3")] == list(tables)
    assert squeeze(page.select_one(".progress-text")) == "Phiếu đã nộp: 0/1"
    assert page.one("main .btn-primary")["href"] == bench.url
    assert [row[1:] for row in page.rows()] == [["Chưa đủ còn 5 tiêu chí chưa chấm", "22,5"]]


def test_a_judge_none_of_whose_products_went_on_is_told_so(bench: SecondPass, world: World) -> None:
    user = world.user()
    world.submitted(world.judge(bench.contest, user), bench.entry, DETAILED_FULL)
    bench.browser.sign_out()
    bench.browser.sign_in(user)

    page = bench.browser.get("/judging/")

    assert "Không có sản phẩm nào của bạn trong vòng này." in page.get_text()
    assert page.select(".progress-text, main .btn-primary") == []
    assert [squeeze(heading) for heading in page.select("main h3")] == ["Vòng 1 – hồ sơ"]


def test_save_and_next_stays_in_the_pass(bench: SecondPass, world: World) -> None:
    world.sheet(bench.judge, world.entry(bench.contest), {"L1.1": 1000})
    following = world.sheet(bench.judge, world.entry(bench.contest), pass_no=2)

    bench.post(then="next")
    assert bench.browser.location == f"/judging/sheets/{following.id}"
    bench.browser.post(bench.browser.location, {"version": "1", "then": "next"})

    assert bench.browser.location == bench.url


def test_the_head_of_jury_reopens_sheets_of_the_pass_being_scored_only(
    bench: SecondPass, world: World
) -> None:
    head = world.user()
    world.judge(bench.contest, head, is_head=True)
    current = world.submitted(bench.judge, world.entry(bench.contest), DETAILED_FULL)
    with world.session() as session:
        session.get_one(ScoreSheet, current.id).pass_no = 2
    bench.browser.sign_out()
    bench.browser.sign_in(head)

    page = bench.browser.get(f"/judging/contests/{bench.contest.id}/sheets?judge={bench.judge.id}")

    assert [link["href"] for link in page.select("tbody a")] == [f"/judging/sheets/{current.id}/reopen"]
    bench.browser.get(f"/judging/sheets/{bench.first.id}/reopen", status=404)


def test_the_visit_stands_beside_the_sheet_with_its_photos(bench: SecondPass, world: World) -> None:
    row = visit(world, bench.entry, "Xưởng <b>sạch</b>,\nđủ mẫu lưu.", ("Xưởng.jpg",))
    [photo] = row.photos

    page = bench.browser.get(bench.url)

    beside = page.one(".sheet-dossier")
    picture = page.one(f'img[src="/files/visits/{photo.id}?size=small"]')
    assert "Xưởng <b>sạch</b>,\nđủ mẫu lưu." in beside.get_text()
    assert "12/05/2026" in beside.get_text()
    assert picture["alt"] == "Ảnh 1 của lần kiểm tra thực tế ngày 12/05/2026: Trà sen Tây Hồ"
    bench.browser.file(f"/files/visits/{photo.id}")


def test_without_a_visit_the_sheet_says_so(bench: SecondPass) -> None:
    assert "Chưa ghi nhận lần kiểm tra thực tế nào." in bench.browser.get(bench.url).get_text()


def test_visits_of_another_entry_are_not_shown(bench: SecondPass, world: World) -> None:
    visit(world, world.entry(bench.contest), "Của sản phẩm khác")

    assert "Của sản phẩm khác" not in bench.browser.get(bench.url).get_text()


def test_the_sheet_takes_the_same_few_statements_for_one_visit_and_for_three(
    app: Flask, bench: SecondPass, world: World
) -> None:
    counts = []
    for _ in range(2):
        visit(world, bench.entry, photos=("a.jpg", "b.jpg"))
        with count_queries(app.extensions["binhchon_engine"]) as sent:
            bench.browser.get(bench.url)
        counts.append(len(sent))
        visit(world, bench.entry, photos=("c.jpg",))

    assert counts[0] == counts[1]


def test_a_judge_of_both_passes_reads_the_second_sheet_once_scoring_is_closed(bench: SecondPass) -> None:
    bench.move(ContestState.SCORED)

    page = bench.browser.get(bench.url)

    assert "Đã kết thúc chấm điểm. Phiếu này chưa nộp nên không được tính." in squeeze(page.one("#marks"))
    assert page.rows()[0][1:] == ["32", "22,5 / 40"]
