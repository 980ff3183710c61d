from datetime import date

import pytest
from flask import Flask
from sqlalchemy import select

from app.domain.contests import ContestState
from app.domain.entries import EntryState
from app.domain.permissions import Role
from app.models import Contest, Judge, JudgeGroup
from tests.awards import marks_for
from tests.browsing import Browser, squeeze
from tests.builders import World
from tests.queries import count_queries

NAME = "Bình chọn sản phẩm công nghiệp nông thôn tiêu biểu tỉnh Lâm Đồng năm 2026"
TYPED = {
    "name": NAME,
    "year": "2026",
    "registration_opens_on": "01/03/2026",
    "registration_closes_on": "30/04/2026",
    "scoring_closes_on": "30/06/2026",
}


@pytest.fixture
def organiser(world: World, browser: Browser) -> Browser:
    browser.sign_in(world.organiser(world.territory("Lâm Đồng")))
    return browser


def new_contest(browser: Browser, **changes: str) -> dict[str, str]:
    return browser.get("/contests/new").values("main form") | TYPED | changes


def test_a_contest_is_created_and_its_overview_shown(world: World, organiser: Browser) -> None:
    organiser.post("/contests/new", new_contest(organiser))

    page = organiser.follow()
    [contest] = world.all(select(Contest))
    assert page.heading == NAME
    assert page.flashes == ["Đã tạo đợt bình chọn với quy chế thông dụng. Tiếp theo, hãy kiểm tra quy chế."]
    assert (contest.registration_closes_on, contest.scoring_closes_on) == (
        date(2026, 4, 30),
        date(2026, 6, 30),
    )


def test_a_form_with_faults_says_so_beside_each_field_and_keeps_what_was_typed(organiser: Browser) -> None:
    typed = {"name": " ", "year": "hai", "registration_opens_on": "31/02/2026", "scoring_closes_on": ""}

    page = organiser.post("/contests/new", new_contest(organiser, **typed), status=422)

    day = "Nhập ngày/tháng/năm, ví dụ 05/07/2026."
    assert page.field_errors == {
        "name": "Mục này là bắt buộc.",
        "year": "Phải là số nguyên. Nhập số từ 2000 đến 2200.",
        "registration_opens_on": day,
        "scoring_closes_on": "Mục này là bắt buộc.",
    }
    assert squeeze(page.select_one("title")).startswith("Lỗi: Tạo đợt bình chọn mới")
    assert {name: page.values("main form")[name] for name in ("year", "registration_opens_on")} == {
        "year": "hai",
        "registration_opens_on": "31/02/2026",
    }


def test_what_the_rules_refuse_stands_beside_the_field(world: World, organiser: Browser) -> None:
    organiser.post("/contests/new", new_contest(organiser))

    again = organiser.post("/contests/new", new_contest(organiser), status=422)
    backwards = organiser.post(
        "/contests/new", new_contest(organiser, name="Đợt 2", scoring_closes_on="01/04/2026"), status=422
    )

    assert again.field_errors == {"name": "Đã có đợt bình chọn mang tên này trong năm này."}
    assert backwards.field_errors == {
        "scoring_closes_on": "Ngày cuối chấm điểm không thể trước ngày cuối nhận đăng ký."
    }
    assert backwards.values("main form")["scoring_closes_on"] == "01/04/2026"


def test_a_foreign_territory_is_no_choice(world: World, organiser: Browser) -> None:
    foreign = str(world.territory("Quảng Ninh").id)

    page = organiser.post("/contests/new", new_contest(organiser, territory_id=foreign), status=422)

    assert list(page.field_errors) == ["territory_id"]
    assert world.all(select(Contest)) == []


@pytest.mark.parametrize(
    "name", ["<script>alert(1)</script>", "Đợt 'một' \"hai\" & ba", "Đợt\x00\u200b một\u202e", "Ạ" * 300]
)
def test_a_hostile_name_is_kept_as_text(world: World, organiser: Browser, name: str) -> None:
    organiser.post("/contests/new", new_contest(organiser, name=name))

    page = organiser.follow()
    [contest] = world.all(select(Contest))
    assert page.heading == contest.name
    assert "\x00" not in contest.name
    assert page.select("main script") == []


def test_a_name_that_no_document_can_show_is_refused_beside_its_field(
    world: World, organiser: Browser
) -> None:
    page = organiser.post("/contests/new", new_contest(organiser, name="Đợt 🌾 năm 豊"), status=422)

    assert page.field_errors == {"name": "Không in được các ký tự: 🌾豊. Hãy thay bằng ký tự khác."}
    assert page.values("main form")["name"] == "Đợt 🌾 năm 豊"
    assert world.all(select(Contest)) == []


def test_a_name_of_ten_thousand_letters_is_refused(organiser: Browser) -> None:
    page = organiser.post("/contests/new", new_contest(organiser, name="Đ" * 10_000), status=422)

    assert page.field_errors == {"name": "Nhập tối đa 300 ký tự."}
    assert page.values("main form")["name"] == "Đ" * 10_000


def test_the_list_shows_ones_own_contests_by_year(world: World, organiser: Browser) -> None:
    world.contest(ContestState.DRAFT, name="Đợt năm 2025", year=2025)
    contest = world.contest(ContestState.REGISTRATION, name="Đợt năm 2026")
    world.contest(ContestState.REGISTRATION, world.territory("Quảng Ninh"))
    world.entry(contest)
    world.entry(contest, state=EntryState.SUBMITTED)
    world.entry(contest, state=EntryState.DRAFT)
    world.judge(contest)

    page = organiser.get("/contests/")

    assert [squeeze(heading) for heading in page.select("h2")] == ["2026", "2025"]
    assert page.rows() == [["Đợt năm 2026 Tỉnh Lâm Đồng · Cấp tỉnh", "Đang nhận đăng ký", "2", "1", "1"]]
    assert [squeeze(link) for link in page.select("main .actions a")] == [
        "Tạo đợt bình chọn mới",
        "Tạo đợt chấm thử mới",
        "Phiếu chấm điểm",
    ]


def test_an_organiser_of_a_merged_province_sees_what_its_predecessors_held(
    world: World, organiser: Browser
) -> None:
    world.contest(
        ContestState.FINAL, world.territory("Bình Thuận", date(2022, 6, 1)), name="Bình Thuận 2022", year=2022
    )

    page = organiser.get("/contests/")

    assert [row[0] for row in page.rows()] == ["Bình Thuận 2022 Tỉnh Bình Thuận · Cấp tỉnh"]


def test_an_empty_list_says_so(organiser: Browser) -> None:
    assert squeeze(organiser.get("/contests/").select_one(".lead")) == "Chưa có đợt bình chọn nào."


def test_an_observer_sees_only_the_contest_and_no_button(world: World, browser: Browser) -> None:
    seen, _other = world.contest(ContestState.REGISTRATION, name="Đợt này"), world.contest()
    browser.sign_in(world.member(Role.OBSERVER, contest_id=seen.id))

    index, page = browser.get("/contests/"), browser.get(f"/contests/{seen.id}")

    assert [row[0] for row in index.rows()] == ["Đợt này Tỉnh Lâm Đồng · Cấp tỉnh"]
    assert index.select("main .actions") == page.select("main .next-step") == []


def test_name_and_days_are_changed(world: World, organiser: Browser) -> None:
    contest = world.contest(ContestState.REGISTRATION)
    url = f"/contests/{contest.id}/edit"
    form = organiser.get(url).values("main form")

    organiser.post(url, form | {"name": "Tên mới", "registration_closes_on": "31/05/2026"})

    stored = world.get(Contest, contest.id)
    assert form["registration_closes_on"] == "30/04/2026"
    assert (stored.name, stored.registration_closes_on) == ("Tên mới", date(2026, 5, 31))
    assert organiser.follow().heading == "Tên mới"


def test_progress_counts_sheets_and_shows_no_mark(world: World, organiser: Browser) -> None:
    contest = world.contest(ContestState.SCORING, rules=world.rules(min_sheets=2))
    head, judge = (
        world.judge(contest, world.user("Lê An"), is_head=True),
        world.judge(contest, world.user("Vũ Bình")),
    )
    entries = [world.entry(contest, world.product(group=group), code=f"{group}-001") for group in "AB"]
    world.submitted(head, entries[0], marks_for(7777))
    world.sheet(head, entries[1], {"L1": 3999})
    world.sheet(judge, entries[0])

    page = organiser.get(f"/contests/{contest.id}/progress")

    judges, groups = page.select("table")
    assert [[squeeze(cell) for cell in row.select("th, td")] for row in judges.select("tbody tr")] == [
        ["Lê An Trưởng ban giám khảo", "50%", "1", "1", "0", "2", "09:00 10/03/2026"],
        ["Vũ Bình", "0%", "0", "0", "1", "1", "–"],
    ]
    assert [[squeeze(cell) for cell in row.select("td")] for row in groups.select("tbody tr")] == [
        ["50%", "1", "0", "1", "2"],
        ["0%", "0", "1", "0", "1"],
    ]
    text = squeeze(page.select_one("main"))
    assert [number for number in ("77,77", "7777", "39,99", "3999", "40,00") if number in text] == []
    assert "A-001" in text.split("Sản phẩm còn thiếu phiếu đã nộp")[1]


@pytest.mark.parametrize(
    "name", ["", "/entries", "/jury", "/jury/assignments", "/council", "/progress", "/rules"]
)
def test_a_page_asks_as_often_for_three_rows_as_for_one(
    world: World, app: Flask, organiser: Browser, name: str
) -> None:
    contest = world.contest(ContestState.SCORING)
    counts = []
    for rows in (1, 2):
        for _ in range(rows):
            judge: Judge = world.judge(contest)
            world.add(JudgeGroup(judge_id=judge.id, group_code="B"))
            world.sheet(judge, world.entry(contest))
            world.council_member(contest)
        organiser.get(f"/contests/{contest.id}{name}")  # whatever is read once only
        with count_queries(app.extensions["binhchon_engine"]) as sent:
            organiser.get(f"/contests/{contest.id}{name}")
        counts.append(len(sent))

    assert counts[0] == counts[1]


def test_the_list_asks_as_often_for_three_contests_as_for_one(
    world: World, app: Flask, organiser: Browser
) -> None:
    counts = []
    for rows in (1, 2):
        for _ in range(rows):
            world.entry(world.contest())
        with count_queries(app.extensions["binhchon_engine"]) as sent:
            organiser.get("/contests/")
        counts.append(len(sent))

    assert counts[0] == counts[1]
