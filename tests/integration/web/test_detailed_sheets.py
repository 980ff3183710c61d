"""A judge's sheet whose criteria have a second level."""

import pytest
from bs4 import Tag

from app.domain.judging import SheetState
from app.models import ScoreSheet
from tests.browsing import Browser, squeeze
from tests.builders import World
from tests.judging import Bench
from tests.rubrics import DETAILED_FULL

FIELDS = {f"mark_{code}": f"{value // 100}" for code, value in DETAILED_FULL.items()}


@pytest.fixture
def bench(world: World, browser: Browser) -> Bench:
    return Bench(world, browser, world.detailed_rules())


GROUPS = "form.sheet-marks details > [role=group]"


def lines_of(group: Tag) -> list[str]:
    return [squeeze(label) for label in group.select(".criterion > label")]


def test_each_criterion_is_a_group_of_its_lines_and_one_without_lines_is_a_field(bench: Bench) -> None:
    page = bench.browser.get(bench.url)

    names = [criterion.name_vi for criterion in bench.contest.rules.criteria]
    groups = {str(group["aria-label"]): lines_of(group) for group in page.select(GROUPS)}
    alone = [label for label in page.select(".criterion > label") if label.find_parent("details") is None]
    highest = {
        str(field["name"]): squeeze(page.select_one(f'[id="{field["name"]}-max"]'))
        for field in page.select(".mark-input")
    }
    assert groups == {
        names[0]: ["Doanh thu", "Khả năng mở rộng"],
        names[1]: ["Công nghệ chế biến", "An toàn thực phẩm"],
    }
    assert [squeeze(label) for label in alone] == names[2:]
    assert highest == {
        "mark_L1.1": "tối đa 25",
        "mark_L1.2": "tối đa 15",
        "mark_L2.1": "tối đa 10",
        "mark_L2.2": "tối đa 30",
        "mark_L3": "tối đa 10",
        "mark_L4": "tối đa 10",
    }


def test_an_entry_of_another_group_has_that_groups_lines(bench: Bench, world: World) -> None:
    sheet = world.sheet(bench.judge, world.entry(bench.contest, world.product(group="A")))

    page = bench.browser.get(f"/judging/sheets/{sheet.id}")

    assert [lines_of(group) for group in page.select(GROUPS)] == [
        ["Doanh thu", "Khả năng mở rộng"],
        ["Tay nghề", "Nguyên liệu tại chỗ"],
    ]
    assert squeeze(page.select_one('[id="mark_L2.1-max"]')) == "tối đa 20"


@pytest.mark.parametrize(
    ("language", "summary", "text"),
    [
        ("vi", "Hướng dẫn chấm : Doanh thu", "Xem báo cáo\nthuế hai năm."),
        ("en", "Guidance : Sales", "Read two years of\ntax returns."),
    ],
)
def test_the_guidance_of_a_line_is_folded_beside_it(
    bench: Bench, language: str, summary: str, text: str
) -> None:
    bench.browser.post(f"/language/{language}", {"next": bench.url})

    page = bench.browser.get(bench.url)

    [guidance] = page.select("details:has(> .guidance)")
    assert guidance.summary is not None
    assert (squeeze(guidance.summary), guidance.has_attr("open")) == (summary, False)
    assert page.one(".guidance").get_text() == text


def test_criteria_fold_away_with_their_subtotals_but_for_the_first_with_a_gap(
    world: World, browser: Browser
) -> None:
    bench = Bench(world, browser, world.detailed_rules(), marks={"L1.1": 2250, "L1.2": 1000, "L3": 800})

    page = browser.get(bench.url)

    parts = page.select("details[data-part]")
    assert [squeeze(line) for line in page.select("summary .subtotal")] == ["32,5 / 40", "– / 40"]
    assert [part.has_attr("open") for part in parts] == [False, True]
    assert squeeze(page.select_one(".total-bar p")).startswith(
        "Tổng điểm 40,5 / 100 còn 3 tiêu chí chưa chấm"
    )


def test_a_sheet_without_a_second_level_has_no_subtotals(world: World, browser: Browser) -> None:
    world.detailed_rubric()
    page = browser.get(Bench(world, browser, marks={"L1": 3000}).url)

    assert page.select("details[data-part], .subtotal, .guidance, .earlier") == []


def test_what_is_typed_on_lines_is_saved_and_shown_again(bench: Bench) -> None:
    bench.send({"mark_L1.1": "22,5", "mark_L1.2": "", "note_L1.2": "Cần xem."})
    values = bench.browser.follow().values("form.sheet-marks")

    assert (bench.marks, bench.stored.notes) == ({"L1.1": 2250}, {"L1.2": "Cần xem."})
    assert (values["mark_L1.1"], values["mark_L1.2"], values["note_L1.2"]) == ("22,5", "", "Cần xem.")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("abc", "“abc” không phải là số. Hãy nhập điểm, ví dụ 8,5."),
        ("NaN", "“NaN” không phải là số. Hãy nhập điểm, ví dụ 8,5."),
        ("1e1", "“1e1” không phải là số. Hãy nhập điểm, ví dụ 8,5."),
        ("-1", "Nhập điểm từ 0 trở lên."),
        ("10,5", "10,5 vượt điểm tối đa 10."),
        ("8,25", "Nhập điểm theo bước 0,5."),
        ("8,333", "Nhập tối đa hai chữ số thập phân, ví dụ 8,25."),
        ("<b>9", "“<b>9” không phải là số. Hãy nhập điểm, ví dụ 8,5."),
        ("🍵", "“🍵” không phải là số. Hãy nhập điểm, ví dụ 8,5."),
        ("9" * 10_000, "Số quá dài. Hãy nhập điểm, ví dụ 8,5."),
    ],
)
def test_what_is_no_mark_of_a_line_is_refused_beside_it_and_kept_as_typed(
    bench: Bench, text: str, message: str
) -> None:
    page = bench.send({"mark_L2.1": text, "mark_L2.2": "25", "note_L2.2": "Ghi chú"}, status=422)

    values = page.values("form.sheet-marks")
    assert page.field_errors == {"mark_L2.1": message}
    assert (values["mark_L2.1"], values["mark_L2.2"], values["note_L2.2"]) == (text, "25", "Ghi chú")
    assert (bench.marks, bench.stored.version) == ({}, 1)


def test_a_criterion_with_lines_and_a_line_of_another_group_take_no_mark(bench: Bench, world: World) -> None:
    sheet = world.sheet(bench.judge, world.entry(bench.contest, world.product(group="C")))

    bench.send({"mark_L1": "40", "mark_L1.1": "20"})
    bench.browser.post(f"/judging/sheets/{sheet.id}", {"version": "1", "mark_L2.1": "9", "mark_L2": "33"})

    assert (bench.marks, world.marks_of(sheet)) == ({"L1.1": 2000}, {"L2": 3300})


def test_a_save_over_another_tab_s_save_shows_both_and_overwrites_nothing(bench: Bench) -> None:
    bench.send({"mark_L1.1": "20", "mark_L2.1": "5"})

    page = bench.send({"mark_L1.1": "21", "mark_L2.1": "5"}, status=409)

    values = page.values("form.sheet-marks")
    assert (bench.marks, values["mark_L1.1"], values["version"]) == ({"L1.1": 2000, "L2.1": 500}, "21", "2")
    assert [squeeze(beside) for beside in page.select(".saved-beside")] == ["Bản đã lưu: 20"]


def test_a_line_without_a_mark_is_named_beside_its_field_and_the_rest_is_saved(bench: Bench) -> None:
    page = bench.send({**FIELDS, "mark_L1.2": "", "mark_L4": ""}, then="check", status=422)

    text = "Hãy nhập điểm: phiếu chỉ nộp được khi mọi tiêu chí đều có điểm."
    assert page.field_errors == {"mark_L1.2": text, "mark_L4": text}
    assert bench.marks == {"L1.1": 2000, "L2.1": 800, "L2.2": 2400, "L3": 800}


def test_the_check_shows_lines_and_subtotals_then_the_sheet_is_submitted_once(
    bench: Bench, world: World
) -> None:
    bench.send(FIELDS, then="check")
    check = bench.browser.follow()
    token = {"version": check.values("main form")["version"]}
    for _click in range(2):
        bench.browser.post(f"{bench.url}/check", token)

    names = [criterion.name_vi for criterion in bench.contest.rules.criteria]
    assert [row[:2] for row in check.rows()] == [
        [names[0], "32 / 40"],
        ["Doanh thu", "20 / 25"],
        ["Khả năng mở rộng", "12 / 15"],
        [names[1], "32 / 40"],
        ["Công nghệ chế biến", "8 / 10"],
        ["An toàn thực phẩm", "24 / 30"],
        [names[2], "8 / 10"],
        [names[3], "8 / 10"],
        ["Tổng điểm", "80 / 100"],
    ]
    assert [link["href"] for link in check.select("table a")] == [
        f"{bench.url}#mark_{code}" for code in DETAILED_FULL
    ]
    assert (bench.marks, bench.stored.version) == (DETAILED_FULL, 3)
    assert world.get(ScoreSheet, bench.sheet.id).state is SheetState.SUBMITTED
    assert bench.browser.get(bench.url).rows()[0][1] == "32 / 40"


def test_the_list_counts_the_lines_of_each_entrys_group(bench: Bench, world: World) -> None:
    for group, marks in (("A", {"L1.1": 2250}), ("C", {"L1.1": 2000, "L1.2": 1200, "L2": 3200, "L3": 800})):
        world.sheet(bench.judge, world.entry(bench.contest, world.product(group=group)), marks)
    world.submitted(bench.judge, world.entry(bench.contest), DETAILED_FULL)

    rows = bench.browser.get("/judging/").rows()

    assert [row[1:] for row in rows] == [
        ["Chưa đủ còn 5 tiêu chí chưa chấm", "22,5"],
        ["Chưa chấm", "–"],
        ["Đã nộp", "80"],
        ["Chưa đủ còn 1 tiêu chí chưa chấm", "72"],
    ]


def test_what_was_typed_on_lines_survives_the_end_of_the_session(bench: Bench) -> None:
    opened = bench.browser.get(bench.url).values("form.sheet-marks")
    bench.browser.client.delete_cookie("session")
    own_page = {"Origin": "http://localhost", "Referer": f"http://localhost{bench.url}"}
    typed = {**opened, "mark_L1.1": "22,5", "note_L2.1": "Khá."}
    bench.browser.post(bench.url, typed, headers=own_page)

    bench.browser.sign_in(bench.user)
    values = bench.browser.get(bench.url).values("form.sheet-marks")

    assert (values["mark_L1.1"], values["note_L2.1"]) == ("22,5", "Khá.")
    assert bench.marks == {}
