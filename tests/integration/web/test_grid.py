"""All of a judge's sheets in one table, without scripts: each row is saved by itself, and nothing typed is lost."""

from typing import Any

import pytest
from flask import Flask
from sqlalchemy import delete, update

from app.domain.contests import ContestState
from app.domain.judging import SheetState
from app.models import Contest, ImpartialityStatement, Judge, Recusal, ScoreSheet
from tests.browsing import Browser, squeeze
from tests.builders import FULL, NOW, World
from tests.judging import Bench, Rows
from tests.queries import count_queries
from tests.rubrics import DETAILED_FULL

REFUSED = {
    "abc": "“abc” không phải là số. Hãy nhập điểm, ví dụ 8,5.",
    "=1+1": "“=1+1” không phải là số. Hãy nhập điểm, ví dụ 8,5.",
    "<b>9": "“<b>9” không phải là số. Hãy nhập điểm, ví dụ 8,5.",
    "9\x00": "“9\N{REPLACEMENT CHARACTER}” không phải là số. Hãy nhập điểm, ví dụ 8,5.",
    "-1": "Nhập điểm từ 0 trở lên.",
    "41": "41 vượt điểm tối đa 40.",
    "8,25": "Nhập điểm theo bước 0,5.",
    "8,333": "Nhập tối đa hai chữ số thập phân, ví dụ 8,25.",
    "9" * 100_000: "Số quá dài. Hãy nhập điểm, ví dụ 8,5.",
}


@pytest.fixture
def rows(world: World, browser: Browser) -> Rows:
    return Rows(world, browser, {"L1": 3250}, {}, {})


def test_each_group_has_a_table_with_its_own_lines_under_the_criteria(world: World, browser: Browser) -> None:
    bench = Bench(world, browser, world.detailed_rules(), marks={"L1.1": 2000})
    done = world.entry(bench.contest, world.product(name="Mây tre", group="A"))
    world.submitted(bench.judge, done, {**DETAILED_FULL, "L2.1": 1000, "L2.2": 2000})
    world.sheet(world.judge(bench.contest), world.entry(bench.contest))

    page = browser.get(f"/judging/grid?contest={bench.contest.id}")

    tables = page.select("table.grid")
    heads = [[squeeze(head) for head in table.select("thead th")] for table in tables]
    assert [squeeze(title) for title in page.select("h2[id^=group]")] == [
        f"{group.code}. {group.name_vi}" for group in bench.contest.rules.groups[:2]
    ]
    assert heads[1][1] == "Tiêu chí về đáp ứng thị trường và khả năng phát triển sản xuất / 40"
    assert heads[1][-4:] == [
        "Doanh thu / 25",
        "Khả năng mở rộng / 15",
        "Công nghệ chế biến / 10",
        "An toàn thực phẩm / 30",
    ]
    assert heads[0][-2:] == ["Tay nghề / 20", "Nguyên liệu tại chỗ / 20"]
    assert [squeeze(cell) for cell in tables[0].select("tbody tr > *")] == [
        f"{done.code} Mây tre", "20", "12", "10", "20", "8", "8", "78", "Đã nộp",
    ]  # fmt: skip
    assert tables[0].select("input") == []
    assert [field["value"] for field in tables[1].select("input[type=text]")] == ["20", "", "", "", "", ""]
    assert squeeze(tables[1].select_one(".stand")) == "còn 5 tiêu chí chưa chấm"
    assert tables[1]["data-columns"] == "B-L1.1 B-L1.2 B-L2.1 B-L2.2 B-L3 B-L4"
    only = browser.get(f"/judging/grid?contest={bench.contest.id}&group=B")
    assert (len(only.select("table.grid")), len(page.select(".contest-nav a"))) == (1, 3)
    assert browser.get(f"/judging/grid?contest={bench.contest.id}&group=%3Cb%3E").select("table") == []


def test_what_is_typed_in_several_rows_is_saved_at_one_press(rows: Rows) -> None:
    rows.save({(0, "mark_L1"): "", (0, "mark_L3"): "8.5", (1, "mark_L2"): " 32,50 "}, then="B")

    assert rows.all_marks == [{"L3": 850}, {"L2": 3250}, {}]
    assert rows.browser.location == f"{rows.grid}#group-B"
    page = rows.browser.follow()
    assert page.flashes == ["Đã lưu 2 phiếu."]
    assert page.values("#grid")[rows.name(1, "mark_L2")] == "32,5"
    rows.save({}, then="check")
    assert rows.browser.location == f"/judging/check?contest={rows.contest.id}"
    assert rows.browser.follow().flashes == ["Không có gì mới để lưu."]
    assert [rows.world.get(ScoreSheet, sheet.id).version for sheet in rows.sheets] == [2, 2, 1]


def test_what_is_no_mark_is_refused_in_its_cell_and_the_other_rows_are_saved(
    world: World, browser: Browser
) -> None:
    rows = Rows(world, browser, *[{} for _ in range(len(REFUSED) + 1)])
    typed = {(number, "mark_L1"): text for number, text in enumerate(REFUSED)}
    last = len(REFUSED)

    page = rows.save({**typed, (0, "mark_L2"): "30", (last, "mark_L1"): "40"}, status=422)

    values = page.values("#grid")
    assert page.field_errors == {
        rows.name(number, "mark_L1"): text for number, text in enumerate(REFUSED.values())
    }
    assert [values[rows.name(*place)] for place in typed] == [
        text.replace("\x00", "\N{REPLACEMENT CHARACTER}") for text in REFUSED
    ]
    assert values[rows.name(0, "mark_L2")] == "30"
    assert rows.all_marks == [*[{} for _ in REFUSED], {"L1": 4000}]
    assert page.flashes[0] == "Đã lưu 1 phiếu."
    links = [str(link["href"]) for link in page.select(".error-summary a")]
    assert links == [f"#{rows.name(*place)}" for place in typed]
    versions = [values[rows.name(number, "version")] for number in (0, last)]
    assert versions == ["1", "2"]


def test_a_row_that_was_saved_elsewhere_shows_both_values_and_the_other_rows_are_saved(rows: Rows) -> None:
    shown = rows.open()
    rows.post(mark_L1="30", mark_L2="20")

    page = rows.save({(0, "mark_L1"): "31", (1, "mark_L1"): "12"}, shown, status=409)

    assert rows.all_marks == [{"L1": 3000, "L2": 2000}, {"L1": 1200}, {}]
    assert [squeeze(beside) for beside in page.select(".saved-beside")] == [
        "Bản đã lưu: 30",
        "Bản đã lưu: 20",
    ]
    assert (
        page.one(f"[id='{rows.name(0, 'mark_L1')}']")["aria-describedby"]
        == rows.name(0, "mark_L1") + "-saved"
    )
    values = page.values("#grid")
    assert (values[rows.name(0, "mark_L1")], values[rows.name(0, "version")]) == ("31", "2")
    rows.save({(0, "mark_L2"): "20"}, values)
    assert rows.all_marks[0] == {"L1": 3100, "L2": 2000}


@pytest.mark.parametrize("version", ["", "x", "-1", "9" * 5000, "٣"])
def test_a_version_that_is_none_never_overwrites(rows: Rows, version: str) -> None:
    rows.save({(0, "version"): version, (0, "mark_L1"): "30"}, status=409)

    assert rows.all_marks[0] == {"L1": 3250}


def test_what_was_typed_on_a_sheet_submitted_meanwhile_is_shown_and_the_other_rows_are_saved(
    rows: Rows,
) -> None:
    shown = rows.open()
    with rows.world.session() as session:
        session.execute(
            update(ScoreSheet)
            .where(ScoreSheet.id == rows.sheets[0].id)
            .values(state=SheetState.SUBMITTED, submitted_at=NOW, version=2)
        )

    page = rows.save({(0, "mark_L1"): "31", (1, "mark_L1"): "12"}, shown, status=409)

    alert = page.one(".alert-danger")
    assert "Trà sen Tây Hồ: Phiếu đã nộp, không thể sửa nữa." in squeeze(alert)
    assert [squeeze(fact) for fact in alert.select(".fact")] == [
        f"{rows.contest.rules.criteria[0].name_vi} 31"
    ]
    assert rows.all_marks == [{"L1": 3250}, {"L1": 1200}, {}]
    assert len(page.select("tbody input[type=text]")) == 8


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"state": ContestState.SCORED}, "Không trong thời gian chấm điểm"),
        ({"current_pass": 2}, "Vòng chấm này đã kết thúc"),
    ],
)
def test_what_was_typed_before_scoring_or_its_pass_was_closed_is_shown(
    rows: Rows, fields: dict[str, Any], said: str
) -> None:
    shown = rows.open()
    with rows.world.session() as session:
        session.execute(update(Contest).where(Contest.id == rows.contest.id).values(**fields))

    page = rows.save({(0, "mark_L1"): "31", (1, "mark_L1"): "12"}, shown, status=409)

    facts = [squeeze(fact)[-3:].strip() for fact in page.select(".alert-danger .fact")]
    assert (facts, rows.all_marks) == (["31", "12"], [{"L1": 3250}, {}, {}])
    assert said in squeeze(page.select_one(".alert-danger"))
    assert page.select("main form") == []


def test_sheets_of_others_and_sheets_that_are_none_are_counted_and_left_alone(rows: Rows) -> None:
    world = rows.world
    colleague = world.sheet(world.judge(rows.contest), rows.entry, {"L1": 100})
    world.add(
        Recusal(judge_id=rows.judge.id, entry_id=rows.sheets[2].entry_id, reason="Họ hàng.", recorded_at=NOW)
    )
    shown = rows.open()
    foreign = {
        f"s{number}-{field}": "1" for number in (colleague.id, 999_999) for field in ("version", "mark_L1")
    }
    nonsense = {
        "s1e3-mark_L1": "1",
        "s-mark_L1": "1",
        f"s{'9' * 30}-mark_L1": "1",
        "sx": "1",
        rows.name(1, "mark_L9"): "1",
    }

    rows.save({(1, "mark_L1"): "12", (2, "version"): "1", (2, "mark_L1"): "3"}, shown | foreign | nonsense)

    flashes = rows.browser.follow().flashes
    assert flashes == [
        "Đã lưu 1 phiếu.",
        "3 phiếu không còn do bạn chấm; nội dung bạn nhập trên đó chưa được lưu.",
    ]
    assert rows.all_marks == [{"L1": 3250}, {"L1": 1200}, {}]
    assert world.marks_of(colleague) == {"L1": 100}


def test_a_cell_that_was_not_sent_keeps_its_mark(rows: Rows) -> None:
    rows.browser.post(rows.grid, {rows.name(0, "version"): "1", rows.name(0, "mark_L2"): "9"})

    assert rows.all_marks[0] == {"L1": 3250, "L2": 900}


def test_what_was_typed_over_the_end_of_the_session_is_shown_beside_what_is_saved(rows: Rows) -> None:
    sent = {**rows.open(), rows.name(0, "mark_L1"): "31", "csrf_token": rows.browser.csrf_token()}
    rows.browser.client.delete_cookie("session")
    rows.browser.client.post(
        rows.grid,
        data=sent,
        headers={"Referer": f"http://localhost{rows.grid}", "Sec-Fetch-Site": "same-origin"},
    )
    rows.browser.sign_in(rows.user)

    page = rows.browser.get(rows.grid)

    assert page.values("#grid")[rows.name(0, "mark_L1")] == "31"
    assert [squeeze(beside) for beside in page.select(".saved-beside")] == ["Bản đã lưu: 32,5"]
    assert rows.all_marks[0] == {"L1": 3250}


def test_the_grid_of_a_contest_without_this_judge_does_not_exist(rows: Rows) -> None:
    other = rows.world.contest()

    for path in ("grid", "check", "receipts"):
        for contest_id in (other.id, 999_999):
            rows.browser.get(f"/judging/{path}?contest={contest_id}", status=404)
    rows.browser.post(f"/judging/grid?contest={other.id}", {rows.name(0, "mark_L1"): "1"}, status=404)
    rows.browser.post(f"/judging/check?contest={other.id}", {"submit": str(rows.sheet.id)}, status=404)
    assert rows.browser.get("/judging/grid?contest=x").select("table.grid") != []


def test_a_judge_without_sheets_is_told_so_and_somebody_on_no_jury_is_turned_away(
    world: World, browser: Browser
) -> None:
    user = world.user()
    world.judge(world.contest(), user)
    browser.sign_in(user)
    assert "Bạn chưa được phân công chấm sản phẩm nào." in browser.get("/judging/grid").get_text()
    with world.session() as session:
        session.execute(delete(ImpartialityStatement))
        session.execute(delete(Judge))

    browser.get("/judging/grid", status=403)


def test_the_grid_takes_the_same_few_statements_for_three_sheets_and_for_five(app: Flask, rows: Rows) -> None:
    counts = []
    for _ in range(2):
        with count_queries(app.extensions["binhchon_engine"]) as sent:
            rows.browser.get(rows.grid)
        counts.append(len(sent))
        for _ in range(2):
            rows.world.sheet(rows.judge, rows.world.entry(rows.contest), FULL)

    assert counts[0] == counts[1]
