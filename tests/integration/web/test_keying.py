"""The organiser's pages for paper score sheets: printing, typing twice, settling differences."""

from collections.abc import Mapping
from io import BytesIO

import pytest
from flask import Flask
from pypdf import PdfReader

from app.domain.judging import SheetState
from app.domain.permissions import Role
from app.services.judging import SaveSheet, save_sheet, submit_sheet
from tests.browsing import Browser, Page, squeeze
from tests.builders import NOW, World
from tests.outside_sheets import MARKS, Office, office
from tests.queries import count_queries

TYPED = {"mark_L1": "30,5", "mark_L2": "30", "mark_L3": "8", "mark_L4": "7", "total": "", "remark": "Đạt"}


@pytest.fixture
def desk(world: World) -> Office:
    return office(world)


def key(
    browser: Browser, desk: Office, typed: Mapping[str, str] = TYPED, *, status: int = 303, sheet: int = 0
) -> Page:
    return browser.post(url_of(desk, sheet), typed, status=status)


def url_of(desk: Office, sheet: int = 0) -> str:
    return f"/contests/{desk.contest.id}/keying/{desk.sheets[0, sheet].id}"


def as_second(browser: Browser, desk: Office) -> None:
    browser.sign_out()
    browser.sign_in(desk.second)


def test_two_people_type_a_sheet_and_it_is_submitted(desk: Office, browser: Browser) -> None:
    browser.sign_in(desk.organiser)
    key(browser, desk)
    page = browser.follow()
    assert page.flashes == ["Đã lưu phiếu B-001. Cần thêm một người khác nhập lại phiếu này."]
    assert page.heading == "Nhập phiếu B-002"
    as_second(browser, desk)
    key(browser, desk)

    assert browser.follow().flashes == ["B-001: hai lần nhập khớp nhau. Phiếu đã được nộp."]
    assert (desk.marks(), desk.stored().state) == (MARKS, SheetState.SUBMITTED)


def test_the_second_never_gets_a_page_with_the_first_typing(desk: Office, browser: Browser) -> None:
    browser.sign_in(desk.organiser)
    key(browser, desk, {**TYPED, "mark_L1": "37,5", "remark": "Lời nhận xét bí mật"})
    as_second(browser, desk)

    contest = f"/contests/{desk.contest.id}"
    for page in (
        browser.get(url_of(desk)),
        browser.get(f"{contest}/keying"),
        browser.get(contest),
        browser.get(f"{contest}/progress"),
        key(browser, desk, {**TYPED, "mark_L2": "99"}, status=422),
        browser.get(f"{url_of(desk)}/differences", status=303),
    ):
        text = str(page)
        assert ("37,5" in text, "37.5" in text, "3750" in text, "bí mật" in text) == (False,) * 4


def test_differences_stand_side_by_side_and_are_settled(desk: Office, browser: Browser) -> None:
    browser.sign_in(desk.organiser)
    key(browser, desk)
    as_second(browser, desk)
    key(browser, desk, {**TYPED, "mark_L2": "29,5", "remark": ""})
    page = browser.follow()

    [row] = page.rows()
    assert row[1:] == ["29,5", "30"]
    settling, seen = browser.location, page.values("form[action$='/differences']")
    refused = browser.post(settling, seen, status=422)
    assert refused.field_errors == {"choice_L2": "Chọn giá trị ghi trên phiếu giấy."}
    browser.post(settling, {**seen, "choice_L2": str(desk.organiser.id)})
    assert browser.follow().flashes == ["B-001: đã xử lý các chỗ khác nhau. Phiếu đã được nộp."]
    assert (desk.marks(), desk.stored().remark) == (MARKS, "Đạt")


def test_both_typings_can_be_thrown_away(desk: Office, browser: Browser) -> None:
    browser.sign_in(desk.organiser)
    key(browser, desk)
    as_second(browser, desk)
    key(browser, desk, {**TYPED, "mark_L2": "29,5"})
    browser.post(f"{url_of(desk)}/again", browser.follow().values("form[action$='/again']"))
    page = browser.follow()

    assert page.flashes == ["Đã bỏ cả hai lần nhập. Hai người phải nhập lại phiếu này."]
    assert page.values()["mark_L1"] == ""


def typed_twice_anew(browser: Browser, desk: Office) -> dict[str, str]:
    """What the form of the differences showed before both threw away what they had typed, and typed again."""
    browser.sign_in(desk.organiser)
    key(browser, desk, {**TYPED, "mark_L1": "20"})
    as_second(browser, desk)
    key(browser, desk, {**TYPED, "mark_L1": "25"})
    page = browser.follow()
    browser.post(f"{url_of(desk)}/again", page.values("form[action$='/again']"))
    key(browser, desk, {**TYPED, "mark_L1": "31"})
    browser.sign_out()
    browser.sign_in(desk.organiser)
    key(browser, desk, {**TYPED, "mark_L1": "30"})
    return {"seen": page.values("form[action$='/differences']")["seen"]}


def test_a_choice_between_typings_that_were_replaced_is_refused_and_the_new_ones_shown(
    desk: Office, browser: Browser
) -> None:
    old_tab = typed_twice_anew(browser, desk)

    page = browser.post(
        f"{url_of(desk)}/differences", {**old_tab, "choice_L1": str(desk.second.id)}, status=409
    )

    assert "đã thay đổi sau khi bạn mở trang này" in squeeze(page.one(".error-summary"))
    assert [row[1:] for row in page.rows()] == [["30", "31"]]
    assert page.select("input[checked]") == []
    assert (desk.marks(), desk.stored().state) == ({}, SheetState.DRAFT)
    values = page.values("form[action$='/differences']")
    browser.post(f"{url_of(desk)}/differences", {**values, "choice_L1": str(desk.second.id)})
    assert desk.marks() == {**MARKS, "L1": 3100}


def test_typings_that_the_page_did_not_show_are_not_thrown_away(desk: Office, browser: Browser) -> None:
    old_tab = typed_twice_anew(browser, desk)

    page = browser.post(f"{url_of(desk)}/again", old_tab, status=409)

    assert "đã thay đổi sau khi bạn mở trang này" in squeeze(page.one(".error-summary"))
    assert [row[1:] for row in page.rows()] == [["30", "31"]]


def test_a_reload_of_the_differences_says_why_they_are_gone(desk: Office, browser: Browser) -> None:
    browser.sign_in(desk.organiser)
    key(browser, desk)
    as_second(browser, desk)
    key(browser, desk, {**TYPED, "mark_L2": "29,5"})
    differences = browser.location
    with desk.world.session() as session:
        command = SaveSheet(desk.sheets[0, 0].id, 1, {"L1": 3000}, {}, "")
        save_sheet(session, command, actor=desk.world.actor(desk.people[0]), now=NOW)

    page = browser.get(differences)

    assert page.heading == "Không thể nhập phiếu B-001"
    assert squeeze(page.one("p.alert-warning")) == (
        "Giám khảo đang tự nhập phiếu này trong hệ thống. Người khác không được nhập thay."
    )


def test_a_reload_of_the_differences_of_a_sheet_to_be_typed_again_leads_to_typing_it(
    desk: Office, browser: Browser
) -> None:
    browser.sign_in(desk.organiser)
    key(browser, desk)
    as_second(browser, desk)
    key(browser, desk, {**TYPED, "mark_L2": "29,5"})
    differences = browser.location
    browser.post(f"{url_of(desk)}/again", browser.follow().values("form[action$='/again']"))
    browser.follow()

    browser.get(differences, status=303)
    page = browser.get(url_of(desk))

    assert (page.heading, page.flashes) == (
        "Nhập phiếu B-001",
        ["Phiếu này không còn chỗ khác nhau cần xử lý."],
    )


@pytest.mark.parametrize(
    ("name", "typed", "said"),
    [
        ("mark_L1", "", "Hãy nhập điểm"),
        ("mark_L1", "40,5", "40,5 vượt điểm tối đa 40."),
        ("mark_L1", "abc", "“abc” không phải là số."),
        ("mark_L1", "-1", "Nhập"),
        ("mark_L1", "NaN", "“NaN” không phải là số."),
        ("mark_L3", "8,25", "Nhập điểm theo bước 0,5."),
        ("total", "76", "Các điểm cộng lại bằng 75,5."),
        ("remark", "x" * 2001, "Tối đa 2000 ký tự"),
    ],
)
def test_what_breaks_a_rule_is_said_beside_the_field_and_stays_typed(
    desk: Office, browser: Browser, name: str, typed: str, said: str
) -> None:
    browser.sign_in(desk.organiser)
    page = key(browser, desk, {**TYPED, name: typed}, status=422)

    assert list(page.field_errors) == [name]
    assert page.field_errors[name].startswith(said)
    assert page.values("form.keying-form") == {
        "csrf_token": page.values("form.keying-form")["csrf_token"],
        **TYPED,
        name: typed,
    }


def test_a_sheet_that_was_submitted_meanwhile_keeps_what_was_typed_on_the_page(
    desk: Office, browser: Browser
) -> None:
    browser.sign_in(desk.organiser)
    with desk.world.session() as session:
        command = SaveSheet(desk.sheets[0, 0].id, 1, MARKS, {}, "")
        submit_sheet(session, command, actor=desk.world.actor(desk.people[0]), now=NOW)

    page = key(browser, desk, {**TYPED, "mark_L1": "<script>"}, status=409)

    assert [term.get_text() for term in page.select("dd")] == ["<script>", "30", "8", "7", "Đạt"]


def test_the_list_says_how_far_each_sheet_is(desk: Office, browser: Browser) -> None:
    browser.sign_in(desk.organiser)
    key(browser, desk)

    page = browser.get(f"/contests/{desk.contest.id}/keying?judge={desk.judges[0].id}")

    assert [row[:2] for row in page.rows()] == [
        ["GK1 – Trần Thị Hạnh", "Chưa nhập: 1 · Đã nhập một lần: 1"],
        ["GK2 – Lê Văn Đức", "Chưa nhập: 2"],
    ]
    tables = page.select("table")
    assert [cell.get_text(strip=True) for cell in tables[1].select("tbody td:nth-child(3)")] == [
        "Đã nhập một lần",
        "Chưa nhập",
    ]
    assert desk.organiser.name in tables[1].get_text()


def test_the_list_asks_the_database_no_more_for_more_sheets(
    desk: Office, browser: Browser, app: Flask
) -> None:
    browser.sign_in(desk.organiser)
    engine = app.extensions["binhchon_engine"]
    counts = []
    for number in (7, 8):
        with count_queries(engine) as sent:
            browser.get(f"/contests/{desk.contest.id}/keying")
        counts.append(len(sent))
        entry = desk.world.entry(desk.contest, code=f"B-{number:03d}")
        desk.world.sheet(desk.judges[0], entry)

    assert counts[0] == counts[1]


def test_a_judges_empty_sheets_are_printed_with_codes_and_no_mark(desk: Office, browser: Browser) -> None:
    browser.sign_in(desk.organiser)
    response = browser.file(f"/contests/{desk.contest.id}/keying/{desk.judges[0].id}.pdf")
    pages = [page.extract_text() for page in PdfReader(BytesIO(response.data)).pages]

    assert (response.mimetype, len(pages)) == ("application/pdf", 2)
    assert ["B-001" in pages[0], "Trà sen 1" in pages[0], "Trần Thị Hạnh" in pages[0]] == [True] * 3
    assert "Hợp tác xã" not in "".join(pages)  # the form has no place for the facility's name
    browser.get(f"/contests/{desk.contest.id}/keying/99999.pdf", status=404)


def test_nothing_is_printed_for_a_judge_who_is_done(desk: Office, browser: Browser) -> None:
    for place in (0, 1):
        with desk.world.session() as session:
            command = SaveSheet(desk.sheets[0, place].id, 1, MARKS, {}, "")
            submit_sheet(session, command, actor=desk.world.actor(desk.people[0]), now=NOW)
    browser.sign_in(desk.organiser)

    page = browser.get(f"/contests/{desk.contest.id}/keying/{desk.judges[0].id}.pdf", status=409)

    assert "không còn phiếu nào cần điền" in str(page)


def test_only_the_organiser_of_the_contest_types_sheets(desk: Office, browser: Browser) -> None:
    contest = f"/contests/{desk.contest.id}/keying"
    pages = [contest, url_of(desk), f"{url_of(desk)}/differences", f"{contest}/{desk.judges[0].id}.pdf"]

    assert {browser.client.get(page).status_code for page in pages} == {303}
    for user, status in (
        (desk.world.organiser(desk.world.territory("An Giang")), 404),
        (desk.people[0], 403),
        (desk.world.member(Role.OBSERVER, contest_id=desk.contest.id), 403),
    ):
        browser.sign_in(user)
        assert {browser.client.get(page).status_code for page in pages} == {status}
        key(browser, desk, status=status)
        browser.post(f"{url_of(desk)}/again", status=status)
        browser.sign_out()
    assert desk.marks() == {}


def test_a_sheet_of_another_contest_is_unknown(desk: Office, browser: Browser) -> None:
    other = office(desk.world)
    browser.sign_in(desk.organiser)
    wrong = f"/contests/{desk.contest.id}/keying/{other.sheets[0, 0].id}"

    browser.get(wrong, status=404)
    browser.post(wrong, TYPED, status=404)
    browser.get(f"/contests/{desk.contest.id}/keying?judge={other.judges[0].id}", status=404)
