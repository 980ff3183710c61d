"""The organiser's pages on which a spreadsheet of marks is sent in, looked at, and taken over."""

from io import BytesIO
from typing import Any

import pytest
from flask import Flask

from app.domain.permissions import Role
from app.models import SheetImport
from app.services.judging import SaveSheet, save_sheet
from tests.browsing import Browser, Page, squeeze
from tests.builders import NOW, World
from tests.outside_sheets import GOOD, MARKS, Office, csv_table, office, workbook
from tests.queries import count_queries

BLANK = ("", "", "", "")


@pytest.fixture
def desk(world: World) -> Office:
    return office(world)


def send(browser: Browser, desk: Office, content: bytes, name: str = "điểm.xlsx", **more: Any) -> Page:
    return browser.post(f"/contests/{desk.contest.id}/imports", {"file": (BytesIO(content), name)}, **more)


def good(desk: Office) -> bytes:
    return workbook(desk.wide((*GOOD, *BLANK), (*BLANK, *GOOD)))


def test_a_file_is_sent_in_looked_at_and_taken_over(desk: Office, browser: Browser) -> None:
    browser.sign_in(desk.organiser)
    send(browser, desk, good(desk))
    page = browser.follow()

    assert page.heading == "Xem trước kết quả nhập"
    assert page.rows() == [
        ["B-001", "Trà sen 1", "GK1 – Trần Thị Hạnh", "L1: 30,5 ; L2: 30 ; L3: 8 ; L4: 7", "75,5"],
        ["B-002", "Trà sen 2", "GK2 – Lê Văn Đức", "L1: 30,5 ; L2: 30 ; L3: 8 ; L4: 7", "75,5"],
    ]
    assert desk.marks() == {}
    browser.post(browser.location, page.values("form:has([name=seen])"))
    assert browser.follow().flashes == ["Đã ghi nhận 2 phiếu chấm điểm."]
    assert (desk.marks(0, 0), desk.marks(1, 1)) == (MARKS, MARKS)


def test_pressing_the_button_twice_takes_over_once(desk: Office, browser: Browser) -> None:
    browser.sign_in(desk.organiser)
    send(browser, desk, good(desk))
    values = browser.follow().values("form:has([name=seen])")
    preview = browser.location
    browser.post(preview, values)
    browser.post(preview, values)

    assert browser.follow().flashes == [
        "Đã ghi nhận 2 phiếu chấm điểm.",
        "Tệp này đã được ghi nhận trước đó. Không có gì thay đổi.",
    ]


def test_faults_are_listed_by_cell_and_nothing_can_be_taken_over(desk: Office, browser: Browser) -> None:
    browser.sign_in(desk.organiser)
    rows = desk.wide((*GOOD, *BLANK), (*BLANK, 30, 41, "<script>", 7))
    send(browser, desk, workbook(rows))
    page = browser.follow()

    assert page.rows("table.faulty-rows") == [
        ["ô G4", "41 vượt điểm tối đa 40."],
        ["ô H4", "“<script>” không phải là số. Hãy nhập điểm, ví dụ 8,5."],
    ]
    assert page.select("[name=seen]") == []
    browser.post(browser.location, {"seen": "anything"}, status=409)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "Hãy chọn"),
        (b"\x00\x01", "Tệp này không phải là bảng tính XLSX hay tệp CSV UTF-8."),
        (b"Ho ten,Luong\nAn,5\n", "Không tìm thấy tiêu đề."),
    ],
)
def test_a_file_that_cannot_be_read_is_refused_beside_the_field(
    desk: Office, browser: Browser, content: bytes, said: str
) -> None:
    browser.sign_in(desk.organiser)
    page = send(browser, desk, content, "" if content == b"" else "điểm.xlsx", status=422)

    assert page.field_errors["file"].startswith(said) or "tệp" in page.field_errors["file"]
    assert desk.world.all(SheetImport.__table__.select()) == []


def test_an_old_preview_is_shown_again_before_anything_is_done(desk: Office, browser: Browser) -> None:
    browser.sign_in(desk.organiser)
    send(browser, desk, good(desk))
    values = browser.follow().values("form:has([name=seen])")
    with desk.world.session() as session:
        command = SaveSheet(desk.sheets[0, 0].id, 1, {"L1": 3050}, {}, "")
        save_sheet(session, command, actor=desk.world.actor(desk.people[0]), now=NOW)

    page = browser.post(browser.location, values, status=409)

    assert "đã thay đổi kể từ khi mở trang này" in str(page.one("[role=alert]"))
    assert desk.marks() == {"L1": 3050}


def test_a_discarded_file_stays_in_the_list(desk: Office, browser: Browser) -> None:
    browser.sign_in(desk.organiser)
    send(browser, desk, good(desk), "<b>điểm</b>.xlsx")
    browser.post(f"{browser.location}/discard")
    page = browser.follow()

    assert [row[:2] for row in page.rows()] == [["<b>điểm</b>.xlsx", "Đã bỏ"]]


def test_the_file_comes_back_as_it_was_sent(desk: Office, browser: Browser) -> None:
    browser.sign_in(desk.organiser)
    content = csv_table(desk.long(("B-001", "GK1", GOOD)))
    send(browser, desk, content, "điểm.csv")
    response = browser.file(f"{browser.location}/file")

    assert (response.data, response.mimetype) == (content, "text/csv")


def test_the_template_names_products_and_judges(desk: Office, browser: Browser) -> None:
    browser.sign_in(desk.organiser)
    response = browser.file(f"/contests/{desk.contest.id}/imports/template.xlsx")
    send(browser, desk, response.data)

    [said] = browser.follow().select(".alert-info")
    assert squeeze(said) == "Không có gì để ghi nhận: trong tệp không có điểm nào."


def test_only_the_organiser_of_the_contest_sees_imports(desk: Office, browser: Browser) -> None:
    url = f"/contests/{desk.contest.id}/imports"
    row = desk.upload(good(desk))
    pages = [url, f"{url}/template.xlsx", f"{url}/{row.id}", f"{url}/{row.id}/file"]

    assert {browser.client.get(page).status_code for page in pages} == {303}
    for user, status in (
        (desk.world.organiser(desk.world.territory("An Giang")), 404),
        (desk.people[0], 403),
        (desk.world.member(Role.OBSERVER, contest_id=desk.contest.id), 403),
    ):
        browser.sign_in(user)
        assert {browser.client.get(page).status_code for page in pages} == {status}
        browser.post(f"{url}/{row.id}", {"seen": desk.plan(row).digest}, status=status)
        browser.sign_out()
    assert desk.marks() == {}


def test_an_import_of_another_contest_is_unknown(desk: Office, browser: Browser) -> None:
    other = office(desk.world)
    row = other.upload(good(other))
    browser.sign_in(desk.organiser)

    browser.get(f"/contests/{desk.contest.id}/imports/{row.id}", status=404)
    browser.post(f"/contests/{desk.contest.id}/imports/{row.id}/discard", status=404)
    browser.get(f"/contests/{desk.contest.id}/imports/99999", status=404)


def test_the_pages_ask_the_database_no_more_for_more_sheets(
    desk: Office, browser: Browser, app: Flask
) -> None:
    browser.sign_in(desk.organiser)
    engine = app.extensions["binhchon_engine"]
    counts = []
    for rows in (desk.wide((*GOOD, *BLANK)), desk.wide((*GOOD, *GOOD), (*GOOD, *GOOD))):
        send(browser, desk, workbook(rows))
        with count_queries(engine) as sent:
            browser.follow()
        counts.append(len(sent))

    assert counts[0] == counts[1]
