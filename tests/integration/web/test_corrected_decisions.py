import io
from datetime import timedelta

import pytest
import time_machine
from flask import Flask
from pypdf import PdfReader
from sqlalchemy import select

from app.domain.contests import ContestState
from app.domain.entries import EntryState
from app.domain.permissions import Role
from app.models import Contest, CouncilMember, Decision, Entry, WithdrawnList
from app.services.nominations import Nominate, nominate
from tests.awards import Award, issued
from tests.browsing import Browser, Page, squeeze
from tests.builders import NOW, World
from tests.bundles import finished
from tests.corrections import (
    FALL,
    RISE,
    TOTALS,
    WHY,
    corrected,
    decide_again,
    open_final,
    publish_again,
    standing,
)

DECISION = {
    "number": "130/QĐ-UBND",
    "signed_on": "10/03/2026",
    "signing_body": "Ủy ban nhân dân tỉnh Lâm Đồng",
    "signatory_title": "CHỦ TỊCH",
    "signatory": "Phạm Thị Thanh Hà",
    "place": "Lâm Đồng",
    "early": "y",
    "early_reason": "Không có khiếu nại.",
}
REPLACES = "Thay thế Quyết định số 125/QĐ-UBND ngày 10/03/2026 của Ủy ban nhân dân tỉnh Lâm Đồng."


@pytest.fixture(autouse=True)
def _some_hours_after_the_decision() -> object:
    with time_machine.travel(NOW + timedelta(hours=3), tick=False):
        yield


def address(award: Award, page: str = "") -> str:
    return f"/contests/{award.contest.id}" + (f"/{page}" if page else "")


def alerts(page: Page) -> list[str]:
    return [squeeze(alert) for alert in page.select("main .alert")]


def links(page: Page) -> set[str]:
    return {str(link["href"]) for link in page.select("main a")}


def test_before_a_final_list_is_withdrawn_the_page_says_what_hangs_on_it(
    world: World, browser: Browser
) -> None:
    award = finished(world, TOTALS)
    target = world.contest(
        ContestState.REGISTRATION,
        world.territory("Miền Trung – Tây Nguyên"),
        rules=world.rules(lower_tier_skipped=""),
    )
    with world.session() as session:
        nominate(session, Nominate(award.entries[0].id, target.id), actor=award.actor, now=NOW)
    browser.sign_in(award.organiser)

    page = browser.get(address(award, "correct"))

    said = squeeze(page.main)
    assert "Kết quả này là chính thức: Quyết định số 125/QĐ-UBND ngày 10/03/2026" in said
    assert "2 giấy chứng nhận đang còn giá trị." in said
    assert "1 sản phẩm đã được đề nghị tham gia bình chọn cấp trên." in said
    [row] = page.rows()
    assert row[0].startswith("B-001")
    assert row[1:] == [f"{target.name} Đang nhận đăng ký", "Đã nộp"]
    assert page.values()["decision"] == str(standing(world).id)


def test_a_final_list_is_withdrawn_with_its_decision_and_certificates_and_stays_readable(
    world: World, browser: Browser, app: Flask
) -> None:
    award = finished(world, TOTALS)
    browser.sign_in(award.organiser)
    values = browser.get(address(award, "correct")).values()

    browser.post(address(award, "correct"), values | {"reason": WHY})

    notice = "Kết quả công nhận theo Quyết định số 125/QĐ-UBND ngày 10/03/2026 đang được sửa."
    assert any(notice in alert and WHY in alert for alert in alerts(browser.follow()))
    reader = Browser(app)
    reader.get(f"/results/{award.contest.slug}", status=302)
    old = reader.get(f"/results/{award.contest.slug}/withdrawn")
    assert "Danh sách chính thức kèm theo Quyết định số 125/QĐ-UBND ngày 10/03/2026" in squeeze(old.main)
    assert "còn hiệu lực cho đến khi có quyết định mới thay thế" in squeeze(old.main)
    assert [row[-1] for row in old.rows("table.withdrawn")] == ["02/2026/GCN-CNNTTB", "01/2026/GCN-CNNTTB"]
    assert {f"/c/{one.code}" for one in issued(world)} <= links(old)


def test_a_page_from_before_the_decision_withdraws_nothing(world: World, browser: Browser) -> None:
    award = finished(world, TOTALS)
    browser.sign_in(award.organiser)

    for seen in ("", "99999", "1; DROP TABLE decisions", "-1"):
        browser.post(address(award, "correct"), {"reason": WHY, "decision": seen}, status=409)

    assert world.all(select(WithdrawnList)) == []
    assert world.get(Contest, award.contest.id).state is ContestState.FINAL


def test_a_hostile_reason_is_only_text_wherever_it_is_read(
    world: World, browser: Browser, app: Flask
) -> None:
    hostile = "<script>alert(1)</script> {{ 7 * 7 }} </textarea>"
    award = finished(world, TOTALS)
    open_final(award, hostile)
    decide_again(award, FALL)
    browser.sign_in(award.organiser)
    lost = issued(world)[1]

    pages = [
        browser.get(address(award, "publication")),
        browser.get(address(award, "certificates")),
        Browser(app).get(f"/results/{award.contest.slug}/withdrawn"),
        Browser(app).get(f"/c/{lost.code}"),
    ]

    assert all(hostile in squeeze(page.main) for page in pages)


def test_who_only_looks_on_judges_or_votes_does_not_open_it(world: World, app: Flask) -> None:
    award = finished(world, TOTALS)
    [member, *_others] = world.all(select(CouncilMember.user_id))
    people = (
        world.member(Role.OBSERVER, contest_id=award.contest.id),
        world.user_of(award.judges[0].user_id),
        world.user_of(member),
    )

    for person in people:
        reader = Browser(app)
        reader.sign_in(person)
        reader.get(address(award, "correct"), status=403)
        reader.post(address(award, "correct"), {"reason": WHY}, status=403)

    assert world.all(select(WithdrawnList)) == []


def test_a_foreign_organiser_finds_nothing(world: World, browser: Browser) -> None:
    award = finished(world, TOTALS)
    browser.sign_in(world.organiser(world.territory("An Giang")))

    browser.get(address(award, "correct"), status=404)
    browser.post(address(award, "correct"), {"reason": WHY}, status=404)


def test_a_correction_under_way_has_no_second_page(world: World, browser: Browser) -> None:
    award = finished(world, TOTALS)
    open_final(award)
    browser.sign_in(award.organiser)

    browser.get(address(award, "correct"), status=409)


def test_the_new_decision_is_checked_with_what_it_replaces_and_revokes(
    world: World, browser: Browser
) -> None:
    award = finished(world, TOTALS)
    open_final(award)
    publish_again(award, FALL | RISE)
    browser.sign_in(award.organiser)
    form = browser.get(address(award, "publication"))
    values = form.values("main form[action$='/decision']") | DECISION

    check = browser.post(address(award, "decision"), values, status=200)
    browser.post(address(award, "decision"), check.values() | {"step": "record"})

    assert any("Quyết định mới thay thế Quyết định số 125/QĐ-UBND" in alert for alert in alerts(form))
    assert any(
        REPLACES in alert and "thu hồi 1 giấy chứng nhận" in alert and "02/2026/GCN-CNNTTB" in alert
        for alert in alerts(check)
    )
    page = browser.follow()
    [row] = page.rows()
    assert row[0].startswith("125/QĐ-UBND")
    assert row[2] == WHY
    assert standing(world).number == "130/QĐ-UBND"


def test_a_decision_form_that_named_another_decision_is_refused(world: World, browser: Browser) -> None:
    award = finished(world, TOTALS)
    open_final(award)
    publish_again(award, FALL)
    browser.sign_in(award.organiser)

    for seen in ({}, {"replaces": ""}, {"replaces": "99999"}, {"replaces": "x"}):
        browser.post(address(award, "decision"), DECISION | seen | {"step": "record"}, status=409)

    assert len(world.all(select(Decision))) == 1


def test_the_replaced_decision_itself_is_refused_beside_the_field(world: World, browser: Browser) -> None:
    award = finished(world, TOTALS)
    open_final(award)
    publish_again(award, FALL)
    browser.sign_in(award.organiser)
    values = browser.get(address(award, "publication")).values("main form[action$='/decision']")

    page = browser.post(address(award, "decision"), values | DECISION | {"number": "125/QĐ-UBND"}, status=422)

    assert page.field_errors == {"number": "Đây là quyết định bị thay thế. Hãy nhập quyết định mới."}


def test_a_certificate_is_valid_with_a_note_while_the_result_is_corrected(
    world: World, browser: Browser
) -> None:
    award = finished(world, TOTALS)
    open_final(award)

    page = browser.get(f"/c/{issued(world)[0].code}")

    said = squeeze(page.one(".standing"))
    assert said.startswith("Còn giá trị")
    assert "Kết quả của đợt bình chọn này đang được sửa." in said
    assert f"/results/{award.contest.slug}/withdrawn" in links(page)


def test_afterwards_the_check_page_names_the_decision_that_holds_or_why_it_was_revoked(
    world: World, browser: Browser
) -> None:
    corrected(world)
    kept, lost = issued(world)

    stays = squeeze(browser.get(f"/c/{kept.code}").one(".standing"))
    gone = squeeze(browser.get(f"/c/{lost.code}").one(".standing"))

    assert "đã được thay thế bằng Quyết định số 130/QĐ-UBND ngày 10/03/2026" in stays
    assert gone.startswith("Đã thu hồi")
    assert f"Lý do sửa kết quả: {WHY}" in gone


def test_the_public_list_its_file_and_its_data_say_which_decision_is_replaced(
    world: World, browser: Browser
) -> None:
    award = corrected(world)
    slug = award.contest.slug

    page = browser.get(f"/results/{slug}")

    assert REPLACES in squeeze(page.main)
    assert f"/results/{slug}/withdrawn" in links(page)
    document = browser.client.get(f"/results/{slug}.json").get_json()
    assert document["replaces_decision"] == {"number": "125/QĐ-UBND", "signed_on": "2026-03-10"}
    text = pdf_text(browser, f"/results/{slug}.pdf")
    assert "thay thế Quyết định số 125/QĐ-UBND ngày 10/03/2026" in text


def test_the_provisional_list_and_the_minutes_say_which_decision_is_to_be_replaced(
    world: World, browser: Browser
) -> None:
    award = finished(world, TOTALS)
    open_final(award)
    publish_again(award, FALL)
    browser.sign_in(award.organiser)
    slug = award.contest.slug

    page = browser.get(f"/results/{slug}")

    assert "Danh sách này sửa danh sách kèm theo Quyết định số 125/QĐ-UBND" in squeeze(page.main)
    listed = pdf_text(browser, f"/results/{slug}.pdf")
    assert "dự kiến thay thế danh sách kèm theo Quyết định số 125/QĐ-UBND ngày 10/03/2026" in listed
    minutes = pdf_text(browser, address(award, "minutes.pdf"))
    assert "Hội đồng họp lại về kết quả đã được công nhận theo Quyết định số 125/QĐ-UBND" in minutes
    assert WHY in minutes


def pdf_text(browser: Browser, url: str) -> str:
    pages = PdfReader(io.BytesIO(browser.file(url).data)).pages
    return " ".join(" ".join(page.extract_text() for page in pages).split())


def test_while_it_runs_certificates_can_only_be_revoked(world: World, browser: Browser) -> None:
    award = finished(world, TOTALS)
    open_final(award)
    browser.sign_in(award.organiser)

    page = browser.get(address(award, "certificates"))
    browser.post(address(award, "certificates"), status=409)

    first = issued(world)[0].id
    assert f"/contests/certificates/{first}/revoke" in links(page)
    assert f"/contests/certificates/{first}/replace" not in links(page)
    assert not page.select("main form")
    assert address(award, "certificates") in {
        str(link["href"]) for link in browser.get(address(award)).select(".contest-nav a")
    }


def test_a_name_that_changed_is_listed_to_be_replaced(world: World, browser: Browser) -> None:
    award = corrected(world)
    with world.session() as session:
        session.get_one(type(issued(world)[0]), issued(world)[0].id).printed = issued(world)[0].printed | {
            "address": "Thôn cũ, xã Cũ"
        }
    browser.sign_in(award.organiser)

    rows = browser.get(address(award, "certificates")).rows()

    assert rows[0][4] == "Còn giá trị cần cấp lại Nội dung thay đổi: Địa chỉ"


def test_the_higher_contest_marks_the_entry_and_says_what_to_do(world: World, browser: Browser) -> None:
    award = finished(world, TOTALS)
    place = world.territory("Miền Trung – Tây Nguyên")
    target = world.contest(ContestState.REGISTRATION, place, rules=world.rules(lower_tier_skipped=""))
    with world.session() as session:
        new = nominate(session, Nominate(award.entries[0].id, target.id), actor=award.actor, now=NOW)
    browser.sign_in(world.organiser(place))
    entries, entry = f"/contests/{target.id}/entries", f"/contests/{target.id}/entries/{new.id}"
    open_final(award)
    meanwhile = [squeeze(browser.get(url).main) for url in (entries, entry)]
    decide_again(award, FALL)

    after = [squeeze(browser.get(url).main) for url in (entries, entry)]

    assert "kết quả cấp dưới đang được sửa" in meanwhile[0]
    assert "Giấy chứng nhận vẫn còn giá trị nên sản phẩm vẫn tham gia." in meanwhile[1]
    assert "giấy chứng nhận cấp dưới bị thu hồi" in after[0]
    assert "đã bị thu hồi ngày 10/03/2026: số 02/2026/GCN-CNNTTB" in after[1]
    assert "Hồ sơ này không thể được tiếp nhận." in after[1]
    for state, said in (
        (ContestState.SCORING, "Hãy báo cáo hội đồng trước khi biểu quyết"),
        (ContestState.PROVISIONAL, "mở sửa kết quả với lý do này"),
        (ContestState.FINAL, "thu hồi giấy chứng nhận, hoặc mở sửa kết quả"),
    ):
        with world.session() as session:
            session.get_one(Contest, target.id).state = state
            entry_row = session.get_one(Entry, new.id)
            entry_row.state, entry_row.code = EntryState.ACCEPTED, "B-001"
        assert said in squeeze(browser.get(entry).main)
    browser.sign_out()
    browser.sign_in(award.organiser)
    [row] = browser.get(address(award, "nominations")).rows()
    assert row[3].endswith("giấy chứng nhận đã bị thu hồi")
