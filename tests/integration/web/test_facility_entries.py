from datetime import date

import pytest
from bs4 import Tag
from sqlalchemy import select

from app.domain.contests import ContestState
from app.domain.questions import DossierForm, questions_of
from app.models import Contest, Entry
from tests.browsing import Browser, Page, squeeze
from tests.builders import World
from tests.dossiers import ANSWERS, Maker

REGISTRATION, DESCRIPTION = DossierForm.REGISTRATION, DossierForm.DESCRIPTION


@pytest.fixture
def maker(world: World, browser: Browser) -> Maker:
    """A facility whose person is signed in."""
    maker = Maker(world)
    browser.sign_in(maker.user)
    return maker


def answered(form: DossierForm, **changes: str) -> dict[str, str]:
    return {question.key: ANSWERS[question.key] for question in questions_of(form)} | changes


def tasks(page: Page) -> dict[str, str]:
    """Part of the dossier -> how it stands."""
    return {
        squeeze(item.select_one("a")): squeeze(item.select_one("span"))
        for item in page.select(".task-list > li")
    }


def fact(page: Page, term: str) -> str:
    """What stands beside a term of the dossier."""
    [found] = [dt for dt in page.select("dt") if squeeze(dt) == term]
    beside = found.find_next_sibling("dd")
    assert isinstance(beside, Tag)
    return squeeze(beside)


# Entering


def test_a_product_is_entered_and_its_dossier_begun(maker: Maker, browser: Browser) -> None:
    contest, product = maker.contest(), maker.product("Trà sen")
    url = f"/facility/{maker.facility.id}/contests/{contest.id}"
    assert [squeeze(label) for label in browser.get(url).select("#product_id label")] == ["Trà sen"]

    browser.post(url, {"product_id": str(product.id)})

    page = browser.follow()
    assert page.heading == "Trà sen"
    assert tasks(page) == {
        "Phiếu đăng ký tham gia bình chọn (Mẫu 01)": "Còn thiếu 4 mục",
        "Bản thuyết minh, mô tả sản phẩm (Mẫu 02)": "Còn thiếu 10 mục",
        "Ảnh sản phẩm": "Chưa đủ",
        "Giấy tờ kèm theo": "Chưa đủ",
        "Kiểm tra và nộp hồ sơ": "Chưa đầy đủ",
    }


@pytest.mark.parametrize("product", ["", "0", "-1", "1; DROP TABLE entries", "4711", "9" * 30])
def test_without_a_product_of_ones_own_nothing_begins(maker: Maker, browser: Browser, product: str) -> None:
    contest = maker.contest()
    maker.product()

    page = browser.client.post(
        f"/facility/contests/{contest.id}", data={"product_id": product, "csrf_token": browser.csrf_token()}
    )

    assert page.status_code in (404, 422)
    assert maker.world.all(select(Entry)) == []


def test_who_chooses_no_product_is_asked_to(maker: Maker, browser: Browser) -> None:
    contest = maker.contest()
    maker.product()

    page = browser.post(f"/facility/contests/{contest.id}", {}, status=422)

    assert page.field_errors == {"product_id": "Hãy chọn sản phẩm."}


def test_a_product_that_is_in_the_contest_cannot_be_entered_again(maker: Maker, browser: Browser) -> None:
    contest, product = maker.contest(), maker.product("Trà sen")
    entry = maker.draft(contest, product)
    maker.product("Trà mạn")

    page = browser.post(f"/facility/contests/{contest.id}", {"product_id": str(product.id)}, status=422)

    assert page.field_errors == {"product_id": "Sản phẩm này đã được đăng ký trong đợt bình chọn này."}
    assert [squeeze(label) for label in page.select("#product_id label")] == ["Trà mạn"]
    assert page.select(f"main a[href='/facility/entries/{entry.id}']")


def test_a_contest_that_is_over_says_when_it_took_dossiers(maker: Maker, browser: Browser) -> None:
    product = maker.product()
    contest = maker.contest(registration_opens_on=date(2026, 1, 1), registration_closes_on=date(2026, 1, 31))

    page = browser.post(f"/facility/contests/{contest.id}", {"product_id": str(product.id)}, status=409)

    assert "Đợt bình chọn này nhận hồ sơ từ ngày 01/01/2026 đến hết ngày 31/01/2026." in squeeze(
        page.select_one(".error-summary")
    )


# Forms 01 and 02


@pytest.mark.parametrize("form", [REGISTRATION, DESCRIPTION])
def test_a_form_is_filled_in(maker: Maker, browser: Browser, form: DossierForm) -> None:
    entry = maker.draft()
    url = f"/facility/entries/{entry.id}/{form}"
    values = browser.get(url).values("main form")
    assert set(values) == {question.key for question in questions_of(form)} | {"version", "csrf_token"}

    browser.post(url, {**values, **answered(form)})

    assert browser.follow().flashes == ["Đã lưu nội dung."]
    assert maker.answers(entry) == {**answered(form), "truth": ""}
    shown = browser.get(url).values("main form")
    assert {key: shown[key] for key in answered(form)} == answered(form)


def test_work_can_be_saved_with_gaps(maker: Maker, browser: Browser) -> None:
    entry = maker.draft()
    url = f"/facility/entries/{entry.id}/description"

    browser.post(url, {**browser.get(url).values("main form"), "uses": "Pha uống"})

    assert tasks(browser.follow())["Bản thuyết minh, mô tả sản phẩm (Mẫu 02)"] == "Còn thiếu 9 mục"


def test_wrong_answers_are_told_beside_their_fields_and_all_that_was_typed_stays(
    maker: Maker, browser: Browser
) -> None:
    entry = maker.draft()
    typed = answered(
        REGISTRATION, year_established="xưa", workers="nhiều", contact_phone="1", main_business="m" * 1001
    )

    page = browser.post(f"/facility/entries/{entry.id}/registration", {**typed, "version": "1"}, status=422)

    assert page.field_errors.pop("year_established").startswith("Nhập năm gồm bốn chữ số, không sau năm 2")
    assert page.field_errors | {"year_established": ""} == {
        "year_established": "",
        "workers": "Nhập số nguyên, ví dụ 25.",
        "main_business": "Hãy rút ngắn còn tối đa 1000 ký tự; hiện có 1001 ký tự.",
        "contact_phone": (
            "Số di động bắt đầu bằng 03, 05, 07, 08 hoặc 09, số cố định bắt đầu bằng 02. Hãy kiểm tra các chữ số đầu."
        ),
    }
    assert page.values("main form") == {
        **typed,
        "version": "1",
        "csrf_token": page.values("main form")["csrf_token"],
    }
    assert maker.answers(entry) == {}


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("<script>alert(1)</script>", "<script>alert(1)</script>"),
        ("Tra\u0300 sen 🍵", "Trà sen 🍵"),
        ("\x00Trà\x07 sen", "Trà sen"),
        ("{{ 7 * 7 }}", "{{ 7 * 7 }}"),
    ],
)
def test_hostile_text_is_only_text(maker: Maker, browser: Browser, typed: str, kept: str) -> None:
    entry = maker.draft()
    url = f"/facility/entries/{entry.id}/description"

    browser.post(url, {"uses": typed, "version": "1"})

    assert maker.answers(entry)["uses"] == kept
    assert browser.get(url).values("main form")["uses"] == kept
    assert fact(browser.get(f"/facility/entries/{entry.id}/check"), "Công dụng, đối tượng sử dụng") == kept


def test_ten_thousand_letters_are_refused_and_still_there(maker: Maker, browser: Browser) -> None:
    entry = maker.draft()

    page = browser.post(
        f"/facility/entries/{entry.id}/description", {"uses": "ạ" * 10_000, "version": "1"}, status=422
    )

    assert page.field_errors == {"uses": "Hãy rút ngắn còn tối đa 2000 ký tự; hiện có 10000 ký tự."}
    assert page.values("main form")["uses"] == "ạ" * 10_000


def test_the_second_of_two_tabs_sees_both_texts_and_overwrites_nothing(
    maker: Maker, browser: Browser
) -> None:
    entry = maker.draft()
    url = f"/facility/entries/{entry.id}/description"
    first, second = browser.get(url).values("main form"), browser.get(url).values("main form")
    browser.post(url, {**first, "uses": "Tab thứ nhất", "features": "Như nhau"})

    page = browser.post(url, {**second, "uses": "Tab thứ hai", "features": "Như nhau"}, status=409)

    assert maker.answers(entry)["uses"] == "Tab thứ nhất"
    assert page.values("main form")["uses"] == "Tab thứ hai"
    assert [squeeze(box) for box in page.select(".stored-answer")] == ["Nội dung đang được lưu: Tab thứ nhất"]
    assert "Chưa có gì bị ghi đè." in squeeze(page.select_one(".error-summary"))

    browser.post(url, page.values("main form"))

    assert maker.answers(entry)["uses"] == "Tab thứ hai"


@pytest.mark.parametrize("version", ["", "0", "-1", "abc", "9" * 5_000])
def test_a_version_that_is_none_counts_as_an_old_one(maker: Maker, browser: Browser, version: str) -> None:
    entry = maker.draft()

    browser.post(f"/facility/entries/{entry.id}/description", {"uses": "Mới", "version": version}, status=409)

    assert maker.answers(entry) == {}


def test_what_was_typed_when_the_session_ended_is_there_after_signing_in(
    maker: Maker, browser: Browser
) -> None:
    entry = maker.draft()
    url = f"/facility/entries/{entry.id}/description"
    values = browser.get(url).values("main form")
    browser.client.delete_cookie("session")

    browser.post(
        url, {**values, "uses": "Gõ hai tiếng", "state": "accepted"}, headers={"Origin": "http://localhost"}
    )
    browser.sign_in(maker.user)
    page = browser.get(url)

    assert page.values("main form")["uses"] == "Gõ hai tiếng"
    assert maker.answers(entry) == {}
    browser.post(url, page.values("main form"))
    assert maker.answers(entry)["uses"] == "Gõ hai tiếng"


def test_what_was_typed_when_registration_closed_is_still_on_the_page(maker: Maker, browser: Browser) -> None:
    contest = maker.contest()
    entry = maker.draft(contest)
    with maker.world.session() as session:
        session.get_one(Contest, contest.id).state = ContestState.SCORING

    page = browser.post(
        f"/facility/entries/{entry.id}/description", {"uses": "Gõ dở", "version": "1"}, status=409
    )

    assert page.values("main form")["uses"] == "Gõ dở"
    assert "Đợt bình chọn này đã ngừng nhận hồ sơ" in squeeze(page.select_one(".error-summary"))


def test_a_dossier_that_was_sent_is_shown_and_not_edited(maker: Maker, browser: Browser) -> None:
    entry = maker.submit(maker.whole())

    for part in ("registration", "description", "photos", "papers"):
        browser.get(f"/facility/entries/{entry.id}/{part}", status=303)
    page = browser.post(
        f"/facility/entries/{entry.id}/description", {"uses": "Sửa lén", "version": "99"}, status=409
    )

    assert "Hồ sơ này đã nộp." in squeeze(page.select_one(".error-summary"))
    assert maker.answers(entry) == ANSWERS


PAGES = ("", "/registration", "/description", "/photos", "/papers", "/check", "/receipt")


@pytest.mark.parametrize("page", PAGES)
def test_a_foreign_entry_and_an_unknown_one_look_alike(maker: Maker, browser: Browser, page: str) -> None:
    foreign = Maker(maker.world).draft(receipt_code="HS-1")

    browser.get(f"/facility/entries/{foreign.id}{page}", status=404)
    browser.get(f"/facility/entries/4711{page}", status=404)


@pytest.mark.parametrize("page", ["/registration", "/description", "/photos", "/papers", "/check"])
def test_nobody_writes_into_a_foreign_dossier(maker: Maker, browser: Browser, page: str) -> None:
    foreign = Maker(maker.world)
    entry = foreign.whole()

    browser.post(
        f"/facility/entries/{entry.id}{page}", {"uses": "X", "truth": "y", "version": "2"}, status=404
    )

    assert maker.world.get(Entry, entry.id).version == entry.version
