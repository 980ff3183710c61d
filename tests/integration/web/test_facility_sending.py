import re
from datetime import date

import pytest
from bs4 import Tag
from flask import Flask
from sqlalchemy import select

from app.domain.contests import ContestState
from app.domain.entries import AttachmentKind, EntryState
from app.domain.permissions import Actor
from app.domain.questions import QUESTIONS, DossierForm
from app.models import Contest, Entry, LedgerEvent
from app.services.dossiers import SaveDossier, save_dossier
from app.services.entry_reviews import accept_entry, reject_entry, return_entry
from tests.browsing import Browser, Page, squeeze
from tests.builders import NOW, World
from tests.dossiers import ANSWERS, OPEN, Maker
from tests.uploads import picture

REGISTRATION, DESCRIPTION = DossierForm.REGISTRATION, DossierForm.DESCRIPTION


@pytest.fixture
def maker(world: World, browser: Browser) -> Maker:
    """A facility whose person is signed in."""
    maker = Maker(world)
    browser.sign_in(maker.user)
    return maker


def organiser(world: World) -> Actor:
    return world.actor(world.organiser(world.territory("Lâm Đồng")))


def fact(page: Page, term: str) -> str:
    """What stands beside a term of the dossier."""
    [found] = [dt for dt in page.select("dt") if squeeze(dt) == term]
    beside = found.find_next_sibling("dd")
    assert isinstance(beside, Tag)
    return squeeze(beside)


# Checking and sending


def test_the_check_page_shows_everything_with_links_to_change_it(maker: Maker, browser: Browser) -> None:
    entry = maker.whole()

    page = browser.get(f"/facility/entries/{entry.id}/check")

    shown = {question.label: ANSWERS[question.key] for question in QUESTIONS if question.form != "statement"}
    assert [text for text in shown.values() if text not in page.get_text()] == []
    assert fact(page, "Người đại diện theo pháp luật") == "Trần Thị Hạnh"
    assert len(page.select(".photo-grid img")) == 3
    assert [squeeze(link) for link in page.select(".part-heading a")] == [
        "Sửa : Sản phẩm",
        "Sửa : Ảnh sản phẩm",
        "Sửa : Bản thuyết minh, mô tả sản phẩm (Mẫu 02)",
        "Sửa : Cơ sở",
        "Sửa : Phiếu đăng ký tham gia bình chọn (Mẫu 01)",
        "Sửa : Giấy tờ kèm theo",
    ]
    for link in page.select(".part-heading a"):
        browser.get(str(link["href"]))


def test_optional_questions_without_an_answer_say_so(maker: Maker, browser: Browser) -> None:
    entry = maker.whole(answers={**ANSWERS, "plans": ""})

    assert (
        fact(browser.get(f"/facility/entries/{entry.id}/check"), "Kế hoạch phát triển sản phẩm")
        == "Chưa cung cấp"
    )


def test_a_whole_dossier_is_sent_and_its_number_shown(maker: Maker, browser: Browser) -> None:
    entry = maker.whole(answers={**ANSWERS, "truth": ""})
    url = f"/facility/entries/{entry.id}/check"

    browser.post(url, {**browser.get(url).values("main form"), "truth": "y"})

    page = browser.follow()
    sent = maker.world.get(Entry, entry.id)
    assert page.heading == "Đã nộp hồ sơ"
    assert squeeze(page.select_one(".receipt-code")) == sent.receipt_code
    assert re.fullmatch("HS-[0-9A-Z]{4}-[0-9A-Z]{4}", sent.receipt_code)
    assert fact(page, "Nơi tiếp nhận") == "Sở Công Thương tỉnh Lâm Đồng"
    assert (sent.state, maker.answers(entry)["truth"]) == (EntryState.SUBMITTED, "yes")


def test_pressing_send_twice_sends_once(maker: Maker, browser: Browser) -> None:
    entry = maker.whole()
    url = f"/facility/entries/{entry.id}/check"
    values = {**browser.get(url).values("main form"), "truth": "y"}

    browser.post(url, values)
    browser.post(url, values)

    assert browser.location == f"/facility/entries/{entry.id}/receipt"
    assert [e.action for e in maker.world.all(select(LedgerEvent))].count("entry:submit") == 1


def test_everything_that_is_missing_is_listed_with_links_to_it(maker: Maker, browser: Browser) -> None:
    entry = maker.draft()
    url = f"/facility/entries/{entry.id}"

    page = browser.post(f"{url}/check", {"version": "1"}, status=422)

    links = [str(link["href"]) for link in page.select(".error-summary a")]
    required = [question for question in QUESTIONS if question.required and question.form != "statement"]
    assert links == [
        "#truth",
        *(f"{url}/{question.form}#{question.key}" for question in required),
        f"{url}/photos",
        f"{url}/papers",
    ]
    assert maker.world.get(Entry, entry.id).state is EntryState.DRAFT
    for link in links[1:]:
        path, _, anchor = link.partition("#")
        assert not anchor or browser.get(path).select(f"#{anchor}")


def test_without_the_tick_nothing_is_sent(maker: Maker, browser: Browser) -> None:
    entry = maker.whole()

    page = browser.post(f"/facility/entries/{entry.id}/check", {"version": str(entry.version)}, status=422)

    assert page.field_errors == {"truth": "Hãy đánh dấu vào ô cam kết nếu nội dung là đúng."}
    assert squeeze(page.select_one("title")).startswith("Lỗi: ")


def test_what_a_colleague_changed_meanwhile_is_read_again_before_it_is_sent(
    maker: Maker, browser: Browser
) -> None:
    entry = maker.whole()
    url = f"/facility/entries/{entry.id}/check"
    values = {**browser.get(url).values("main form"), "truth": "y"}
    with maker.world.session() as session:
        save_dossier(
            session, SaveDossier(entry.id, entry.version, {"uses": "Khác"}), actor=maker.actor, now=NOW
        )

    page = browser.post(url, values, status=409)

    assert fact(page, "Công dụng, đối tượng sử dụng") == "Khác"
    assert maker.world.get(Entry, entry.id).state is EntryState.DRAFT
    browser.post(url, {**page.values("main form"), "truth": "y"})
    assert maker.world.get(Entry, entry.id).state is EntryState.SUBMITTED


def test_a_dossier_that_was_not_sent_in_time_says_so(maker: Maker, browser: Browser) -> None:
    over = {**OPEN, "registration_closes_on": date(2026, 1, 31)}
    entry = maker.whole(maker.draft(maker.contest()))
    with maker.world.session() as session:
        contest = session.get_one(Contest, entry.contest_id)
        contest.registration_closes_on = over["registration_closes_on"]

    page = browser.post(
        f"/facility/entries/{entry.id}/check", {"truth": "y", "version": str(entry.version)}, status=409
    )

    assert "nhận hồ sơ từ ngày 01/01/2026 đến hết ngày 31/01/2026" in squeeze(
        page.select_one(".error-summary")
    )


def test_a_draft_has_no_receipt(maker: Maker, browser: Browser) -> None:
    browser.get(f"/facility/entries/{maker.draft().id}/receipt", status=404)


# Afterwards


def test_a_returned_dossier_shows_the_reasons_on_top_and_can_be_sent_again(
    maker: Maker, browser: Browser
) -> None:
    entry = maker.submit(maker.whole())
    with maker.world.session() as session:
        return_entry(
            session,
            entry.id,
            "Thiếu giấy an toàn thực phẩm.\n<b>Ảnh mờ.</b>",
            actor=organiser(maker.world),
            now=NOW,
        )
    url = f"/facility/entries/{entry.id}"

    for page in ("", "/registration", "/description", "/photos", "/papers", "/check"):
        notice = browser.get(url + page).select_one(".alert-warning")
        assert "Thiếu giấy an toàn thực phẩm. <b>Ảnh mờ.</b>" in squeeze(notice)
    browser.post(f"{url}/check", {**browser.get(f"{url}/check").values("main form"), "truth": "y"})

    again = maker.world.get(Entry, entry.id)
    assert (again.state, again.receipt_code) == (EntryState.SUBMITTED, entry.receipt_code)


def steps(page: Page) -> list[str]:
    return [squeeze(step.select_one("strong")) for step in page.select(".timeline > li")]


def test_the_status_page_tells_what_happened_and_what_is_to_come(maker: Maker, browser: Browser) -> None:
    entry = maker.submit(maker.whole())

    assert steps(browser.get(f"/facility/entries/{entry.id}")) == [
        "Đã nộp hồ sơ",
        "Nơi tiếp nhận kiểm tra hồ sơ",
        "Ban giám khảo chấm điểm, hội đồng biểu quyết",
        "Công bố kết quả",
    ]
    with maker.world.session() as session:
        accept_entry(session, entry.id, actor=organiser(maker.world), now=NOW)

    page = browser.get(f"/facility/entries/{entry.id}")
    assert steps(page) == [
        "Đã nộp hồ sơ",
        "Đã tiếp nhận",
        "Ban giám khảo chấm điểm, hội đồng biểu quyết",
        "Công bố kết quả",
    ]
    assert "Mã số bình chọn B-001" in squeeze(page.select_one("main"))


def test_a_refused_entry_shows_why(maker: Maker, browser: Browser) -> None:
    entry = maker.submit(maker.whole())
    with maker.world.session() as session:
        reject_entry(session, entry.id, "Sản phẩm độc bản.", actor=organiser(maker.world), now=NOW)

    page = browser.get(f"/facility/entries/{entry.id}")

    assert "Sản phẩm độc bản." in squeeze(page.select_one(".alert-danger"))
    assert steps(page) == ["Đã nộp hồ sơ", "Không tiếp nhận"]


@pytest.mark.parametrize(
    "state", [ContestState.SCORING, ContestState.SCORED, ContestState.VOTING, ContestState.VOTED]
)
def test_the_outcome_is_not_told_before_the_list_is_public(
    maker: Maker, browser: Browser, state: ContestState
) -> None:
    pages = []
    for carried in (True, False):
        entry = maker.world.entry(
            maker.contest(state=state, name="Đợt 1"), maker.product(f"Trà {carried}"), code="B-1"
        )
        maker.vote(entry, carried=carried)
        page = squeeze(browser.get(f"/facility/entries/{entry.id}").select_one("main"))
        pages.append(page.replace(f"Trà {carried}", "Trà").replace(str(entry.receipt_code), ""))

    assert pages[0] == pages[1]


def test_the_dossier_stays_as_sent_whatever_the_facility_changes_later(
    maker: Maker, browser: Browser
) -> None:
    entry = maker.submit(maker.whole())
    values = browser.get("/facility/profile").values("main form")
    browser.post("/facility/profile", {**values, "representative": "Người Mới", "phone": "0987000111"})

    page = browser.get(f"/facility/entries/{entry.id}")

    assert fact(page, "Người đại diện theo pháp luật") == "Trần Thị Hạnh"
    assert fact(page, "Điện thoại") == "0912345678"


def test_a_dossier_that_came_back_shows_the_facility_as_it_is_now(maker: Maker, browser: Browser) -> None:
    entry = maker.submit(maker.whole())
    with maker.world.session() as session:
        return_entry(session, entry.id, "Sai người đại diện", actor=organiser(maker.world), now=NOW)
    values = browser.get("/facility/profile").values("main form")
    browser.post("/facility/profile", {**values, "representative": "Người Mới"})

    page = browser.get(f"/facility/entries/{entry.id}/check")

    assert fact(page, "Người đại diện theo pháp luật") == "Người Mới"


def test_the_pages_of_an_entry_speak_english_too(maker: Maker, app: Flask, browser: Browser) -> None:
    entry = maker.whole()
    maker.attach(entry, AttachmentKind.OTHER, "ISO.jpg", picture("navy"))
    browser.post("/language/en", {"next": "/facility/"})
    url = f"/facility/entries/{entry.id}"

    headings = [
        browser.get(url + page).heading
        for page in ("/registration", "/description", "/photos", "/papers", "/check")
    ]

    assert headings == [
        "Registration (form 01)",
        "Description of the product (form 02)",
        "Photos",
        "Papers",
        "Check and send the dossier",
    ]
