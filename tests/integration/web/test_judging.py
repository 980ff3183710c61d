"""A judge's list and sheet."""

import pytest
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.domain.contests import ContestState
from app.domain.marks import InvalidMark, check_mark, parse_mark
from tests.browsing import Browser, squeeze
from tests.builders import FULL, NOW, World
from tests.judging import NO_MARKS, Bench
from tests.queries import count_queries


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
        [f"Mây tre {done.code} · Cơ sở Hai", "Submitted", "80"],
        [f"Trà sen Tây Hồ {bench.entry.code} · Cơ sở Ngọc Liên", "Incomplete 3 marks missing", "32.5"],
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

    shown = [squeeze(code)[0] for code in page.select("tbody .code")]
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
        "Tổng điểm 32,5 / 100 còn 3 tiêu chí chưa chấm"
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


def test_what_is_no_mark_is_refused_beside_its_field_and_kept_as_typed(bench: Bench) -> None:
    for text, message in NO_MARKS.items():
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


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
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
    assert page.select("main script, main img[src]") == []
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
