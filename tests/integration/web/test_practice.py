"""The pages of practice contests: making one in one click, its marks on every page, beginning anew, deleting."""

from io import BytesIO

import pytest
from pypdf import PdfReader
from sqlalchemy import select

from app.domain.contests import ContestState
from app.models import Contest, Judge
from tests.browsing import Browser, squeeze
from tests.builders import World
from tests.practice import Practice

NOTICE = (
    "Chấm thử. Sản phẩm, hồ sơ và hình ảnh là dữ liệu thử; điểm cho ở đây không được tính vào kết quả nào."
)


@pytest.fixture
def practice(world: World) -> Practice:
    return Practice(world)


@pytest.fixture
def organiser(practice: Practice, browser: Browser) -> Browser:
    browser.sign_in(practice.organiser)
    return browser


def of(contest: Contest, page: str = "") -> str:
    return f"/contests/{contest.id}{page}"


def live(world: World) -> list[int]:
    there = select(Contest.id).where(Contest.is_practice, Contest.removed_at.is_(None))
    return world.all(there)


def test_one_click_makes_it_and_the_contest_links_to_it(practice: Practice, organiser: Browser) -> None:
    page = organiser.get(of(practice.source))
    assert squeeze(page.select_one(".practice-box button")) == "Tạo đợt chấm thử"

    organiser.post(of(practice.source, "/practice"))

    made = organiser.follow()
    [number] = live(practice.world)
    assert made.heading == f"Chấm thử: {practice.source.name}"
    assert squeeze(made.select_one(".practice-notice")) == NOTICE
    assert organiser.get(of(practice.source)).one(f".practice-box a[href='/contests/{number}']")


def test_a_second_click_makes_no_second_one(practice: Practice, organiser: Browser) -> None:
    organiser.post(of(practice.source, "/practice"))

    page = organiser.post(of(practice.source, "/practice"), status=409)

    assert "Đợt này đã có đợt chấm thử." in page.get_text()
    assert len(live(practice.world)) == 1


def test_without_a_jury_the_page_says_what_is_missing(practice: Practice, organiser: Browser) -> None:
    empty = practice.world.contest(ContestState.DRAFT)

    page = organiser.post(of(empty, "/practice"), status=409)

    assert "Ban giám khảo chưa có ai." in page.get_text()


def test_rules_and_jury_are_chosen_on_a_page_too(practice: Practice, organiser: Browser) -> None:
    page = organiser.get("/contests/practice")
    choices = [str(option["value"]) for option in page.select("#of option")]
    assert choices[0] == f"contest-{practice.source.id}"
    assert choices[1].startswith("territory-")

    for wrong in ("contest-99999", "territory-0", "x", "", "contest-", "territory-99999999999"):
        organiser.post("/contests/practice", {"of": wrong}, status=422)
    organiser.post("/contests/practice", {"of": choices[1]})

    assert organiser.follow().heading.startswith("Chấm thử: Tỉnh Lâm Đồng")


@pytest.mark.parametrize("page", ["", "/entries", "/jury", "/progress", "/rules"])
def test_every_page_of_it_says_what_it_is_and_none_leads_further(
    practice: Practice, organiser: Browser, page: str
) -> None:
    made = practice.create()

    shown = organiser.get(of(made, page))

    assert squeeze(shown.select_one(".practice-notice")) == NOTICE
    links = [squeeze(link) for link in shown.select(".contest-nav a")]
    assert links == ["Tổng quan", "Quy chế", "Sản phẩm tham gia", "Ban giám khảo", "Tiến độ"]


def test_documents_of_it_are_marked(practice: Practice, organiser: Browser) -> None:
    made = practice.create()
    [judge, *_others] = practice.world.all(select(Judge.id).where(Judge.contest_id == made.id))

    printed = organiser.file(of(made, f"/keying/{judge}.pdf"))
    rules = organiser.file(of(made, "/rules.json"))

    page = " ".join(PdfReader(BytesIO(printed.data)).pages[0].extract_text().split())
    assert "Chấm thử" in page
    assert "VÍ DỤ" in page
    assert rules.headers["Content-Disposition"].count("cham-thu-") > 0


def test_its_result_is_marked_and_the_next_step_is_to_begin_anew(
    practice: Practice, organiser: Browser
) -> None:
    made = practice.scored()

    overview, result = organiser.get(of(made)), organiser.get(of(made, "/results"))

    assert squeeze(overview.select_one(".next-step a")) == "Làm lại từ đầu"
    assert squeeze(result.select_one(".practice-notice")) == NOTICE
    assert result.select("a[href$='/ballot']") == []


def test_a_judge_finds_it_apart_with_a_badge_and_a_link(practice: Practice, browser: Browser) -> None:
    made = practice.create()
    browser.sign_in(practice.world.user_of(practice.judge.user_id))

    page = browser.get("/judging/")
    assert page.one(".practice-link a")["href"] == f"/judging/?contest={made.id}"
    assert [squeeze(row).endswith("chấm thử") for row in page.select(".contest-choice li")] == [False, True]
    listed = browser.get(f"/judging/?contest={made.id}")
    assert squeeze(listed.select_one(".practice-notice")) == NOTICE
    sheet = browser.get(str(listed.one("tbody a")["href"]))
    assert squeeze(sheet.select_one(".practice-notice")) == NOTICE
    assert "(dữ liệu thử)" in sheet.heading


def test_it_is_begun_anew_and_deleted_after_a_question(practice: Practice, organiser: Browser) -> None:
    made = practice.scored()
    assert organiser.get(of(made, "/practice/reset")).heading == "Làm lại đợt chấm thử từ đầu"
    assert practice.world.all(select(Contest.state).where(Contest.id == made.id)) == [ContestState.SCORED]

    organiser.post(of(made, "/practice/reset"))
    assert practice.world.all(select(Contest.state).where(Contest.id == made.id)) == [ContestState.SCORING]
    organiser.post(of(made, "/practice/remove"))

    assert organiser.follow().flashes == ["Đã xóa đợt chấm thử."]
    assert live(practice.world) == []
    for page in ("", "/progress", "/jury", "/entries", "/practice/remove"):
        organiser.get(of(made, page), status=404)
    organiser.post(of(made, "/practice/remove"), status=404)


def test_a_deleted_one_is_gone_for_its_judges(practice: Practice, browser: Browser) -> None:
    made = practice.create()
    [sheet, *_others] = practice.all_sheets(made)
    practice.remove(made)
    browser.sign_in(practice.world.user_of(practice.head.user_id))

    browser.get(f"/judging/?contest={made.id}", status=404)
    browser.get(f"/judging/sheets/{sheet.id}", status=404)
    browser.get(f"/judging/contests/{made.id}/sheets", status=404)
    browser.post(f"/judging/sheets/{sheet.id}", {"version": "1", "mark_L1": "8"}, status=404)


def test_nobody_else_makes_or_changes_one(practice: Practice, browser: Browser) -> None:
    made, world = practice.create(), practice.world
    browser.sign_in(world.organiser(world.territory("Quảng Ninh")))
    browser.post(of(practice.source, "/practice"), status=404)
    browser.post(of(made, "/practice/remove"), status=404)
    browser.sign_out()
    browser.sign_in(world.user_of(practice.head.user_id))
    browser.post(of(practice.source, "/practice"), status=403)
    browser.post(of(made, "/practice/reset"), status=403)


def test_a_real_contest_has_no_such_pages(practice: Practice, organiser: Browser) -> None:
    organiser.get(of(practice.source, "/practice/reset"), status=409)
    organiser.post(of(practice.source, "/practice/remove"), status=409)
