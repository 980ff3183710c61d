import io
from dataclasses import replace
from datetime import date, timedelta
from urllib.parse import quote

import pytest
import time_machine
from flask import Flask
from pypdf import PdfReader

from app.config import Settings
from app.domain.certificates import CertificateStatus
from app.domain.permissions import Role
from app.models import IssuedCertificate
from app.services.certificates import Reissue, Revoke, reissue, revoke
from app.services.files import FileStore
from app.web.contests import certificates as view
from tests.awards import PUBLIC_URL, Award, certified, decided, issue, issued, scored, voted
from tests.browsing import Browser, squeeze
from tests.builders import NOW, World
from tests.queries import count_queries


@pytest.fixture(autouse=True)
def _some_hours_after_the_decision() -> object:
    with time_machine.travel(NOW + timedelta(hours=3), tick=False):
        yield


def register(award: Award) -> str:
    return f"/contests/{award.contest.id}/certificates"


def test_certificates_are_issued_in_batches_until_none_is_missing(
    world: World, browser: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(view, "BATCH", 2)
    award = decided(world, [[9000], [8000], [7000]])
    browser.sign_in(award.organiser)

    first = browser.get(register(award))
    browser.post(register(award))
    second = browser.follow()
    browser.post(register(award))
    third = browser.follow()

    assert squeeze(first.select_one(".progress-text")) == "Giấy chứng nhận đã cấp: 0/3"
    assert squeeze(first.select_one("main form button")) == "Cấp giấy chứng nhận"
    assert second.flashes == ["Đã cấp 2 giấy chứng nhận."]
    assert squeeze(second.select_one(".progress-text")) == "Giấy chứng nhận đã cấp: 2/3"
    assert squeeze(second.select_one("main form button")) == "Cấp tiếp"
    assert "Còn 1 giấy chứng nhận chưa cấp. Mỗi lần cấp tối đa 2 giấy" in squeeze(second.main)
    assert squeeze(third.select_one(".progress-text")) == "Giấy chứng nhận đã cấp: 3/3"
    assert not third.select("main form")
    assert [row[0] for row in third.rows()] == [f"0{number}/2026/GCN-CNNTTB" for number in (1, 2, 3)]


def test_what_cannot_be_printed_is_named_with_what_to_do(world: World, browser: Browser) -> None:
    award = decided(world, [[9000]], products=[world.product(name="Trà sen 🪷")])
    browser.sign_in(award.organiser)

    page = browser.post(register(award), status=409)

    assert [squeeze(reason) for reason in page.select(".alert-danger li")] == [
        "Không in được giấy chứng nhận của sản phẩm mã số B-001.",
        "Nội dung bị vướng: tên sản phẩm.",
        "Không in được các ký tự: 🪷. Hãy thay bằng ký tự khác.",
    ]
    assert issued(world) == []


def test_the_page_says_where_qr_codes_lead(world: World, browser: Browser) -> None:
    award = decided(world, [[9000]])
    browser.sign_in(award.organiser)

    page = browser.get(register(award))

    assert "Mã QR sẽ dẫn tới: http://binhchon.example.vn/c/…" in squeeze(page.main)
    assert not page.select(".alert-warning, input[type=checkbox]")


def test_an_address_of_this_machine_only_has_to_be_understood(
    world: World, app: Flask, settings: Settings, browser: Browser
) -> None:
    app.extensions["binhchon_settings"] = replace(settings, public_url="http://127.0.0.1:8123")
    award = decided(world, [[9000]])
    browser.sign_in(award.organiser)

    page = browser.get(register(award))
    refused = browser.post(register(award), status=422)
    before = issued(world)
    browser.post(register(award), {"understood": "y"})
    [certificate] = issued(world)
    replacement = f"/contests/certificates/{certificate.id}/replace"
    again = browser.post(replacement, {"reason": "Giấy bị rách"}, status=422)
    browser.post(replacement, {"reason": "Giấy bị rách", "understood": "y"})

    fault = {"understood": "Hãy đánh dấu vào ô này để tiếp tục, hoặc nhờ đặt địa chỉ công khai trước."}
    assert "Mã QR sẽ dẫn tới: http://127.0.0.1:8123/c/…" in squeeze(page.main)
    assert "không ai kiểm tra được giấy chứng nhận đã in" in squeeze(page.select_one(".alert-warning"))
    assert (refused.field_errors, again.field_errors) == (fault, fault)
    assert again.values("main form:has(textarea)")["reason"] == "Giấy bị rách"
    assert (before, len(issued(world))) == ([], 2)


def test_before_the_decision_nothing_can_be_issued(world: World, browser: Browser) -> None:
    award = voted(world, [[9000]])
    browser.sign_in(award.organiser)

    assert not browser.get(register(award)).select("main form")
    browser.post(register(award), status=409)


def test_a_certificate_is_revoked_for_a_reason_and_everybody_can_read_it(
    world: World, browser: Browser
) -> None:
    award = certified(world)
    [certificate] = issued(world)
    browser.sign_in(award.organiser)

    page = browser.post(f"/contests/certificates/{certificate.id}/revoke", {"reason": ""}, status=422)
    browser.post(f"/contests/certificates/{certificate.id}/revoke", {"reason": "Vi phạm nhãn hàng hóa"})

    assert page.field_errors == {"reason": "Hãy ghi lý do."}
    assert browser.follow().flashes == ["Đã thu hồi giấy chứng nhận số 01/2026/GCN-CNNTTB."]
    browser.sign_out()
    said = squeeze(browser.get(f"/c/{certificate.code}").select_one(".standing"))
    assert (
        said
        == "Đã thu hồi Thu hồi ngày 10/03/2026. Lý do: Vi phạm nhãn hàng hóa Tra cứu lúc 12:00 10/03/2026."
    )


def test_a_replaced_certificate_points_to_the_new_number(world: World, browser: Browser) -> None:
    award = certified(world)
    [certificate] = issued(world)
    browser.sign_in(award.organiser)

    browser.post(f"/contests/certificates/{certificate.id}/replace", {"reason": "Giấy bị rách"})

    page = browser.follow()
    assert page.flashes == ["Đã cấp thay bằng giấy chứng nhận số 02/2026/GCN-CNNTTB."]
    assert page.rows()[1][4] == "Còn giá trị Thay cho số 01/2026/GCN-CNNTTB. Lý do: Giấy bị rách"
    said = squeeze(browser.get(f"/c/{certificate.code}").select_one(".standing"))
    assert "Đã được thay bằng giấy chứng nhận số 02/2026/GCN-CNNTTB." in said


def test_a_reason_that_is_too_long_comes_back_as_it_was_typed(world: World, browser: Browser) -> None:
    award = certified(world)
    browser.sign_in(award.organiser)
    typed = "<b>Sai tên</b> " * 1000

    page = browser.post(
        f"/contests/certificates/{issued(world)[0].id}/replace", {"reason": typed}, status=422
    )

    assert list(page.field_errors) == ["reason"]
    assert page.values("main form:has(textarea)")["reason"] == typed.strip()
    assert len(issued(world)) == 1


def test_certificates_of_others_cannot_be_touched(world: World, app: Flask, browser: Browser) -> None:
    award = certified(world)
    [certificate] = issued(world)
    acts = [register(award)] + [
        f"/contests/certificates/{certificate.id}/{act}" for act in ("revoke", "replace")
    ]

    for user, status in (
        (world.organiser(world.territory("An Giang")), 404),
        (world.member(Role.OBSERVER, contest_id=award.contest.id), 403),
        (world.facility_user(world.facility()), 403),
    ):
        reader = Browser(app)
        reader.sign_in(user)
        for act in acts:
            reader.post(act, {"reason": "Lý do"}, status=status)
    for act in acts[1:]:
        browser.get(act, status=303)
    browser.sign_in(award.organiser)
    browser.get("/contests/certificates/999/revoke", status=404)
    assert [row.status for row in issued(world)] == [CertificateStatus.VALID]


def test_the_file_is_for_the_organiser_the_observer_and_the_facility_itself(world: World, app: Flask) -> None:
    facility = world.facility("Cơ sở Ngọc Liên")
    award = certified(world, products=[world.product(facility, "Trà sen Tây Hồ")])
    [certificate] = issued(world)
    address = f"/c/files/{certificate.id}"
    content = FileStore(world.files_dir).read(certificate.file_sha256)

    for user, status in (
        (award.organiser, 200),
        (world.member(Role.OBSERVER, contest_id=award.contest.id), 200),
        (world.facility_user(facility), 200),
        (world.facility_user(world.facility()), 404),
        (world.organiser(world.territory("An Giang")), 404),
        (world.get(type(award.organiser), award.judges[0].user_id), 404),
    ):
        reader = Browser(app)
        reader.sign_in(user)
        response = reader.file(address, status=status)
        if status == 200:
            assert response.data == content
            assert response.headers["Content-Disposition"].endswith(quote("01-2026-GCN-CNNTTB.pdf"))
    Browser(app).get(address, status=303)
    assert "Trà sen Tây Hồ" in PdfReader(io.BytesIO(content)).pages[0].extract_text()


def test_anybody_reads_every_line_of_a_certificate(world: World, browser: Browser) -> None:
    facility = world.facility("Cơ sở Ngọc Liên")
    certified(world, products=[world.product(facility, "Trà sen Tây Hồ")])
    [certificate] = issued(world)

    page = browser.get(f"/c/{certificate.code}")

    assert page.heading == "Giấy chứng nhận số 01/2026/GCN-CNNTTB"
    assert [squeeze(fact) for fact in page.select(".fact")] == [
        "Số 01/2026/GCN-CNNTTB",
        "Danh hiệu Sản phẩm công nghiệp nông thôn tiêu biểu cấp tỉnh năm 2026",
        "Địa bàn Tỉnh Lâm Đồng",
        "Sản phẩm Trà sen Tây Hồ",
        "Nhóm sản phẩm Nhóm sản phẩm chế biến nông, lâm, thủy sản và thực phẩm",
        "Cơ sở Cơ sở Ngọc Liên",
        "Địa chỉ Thôn 1, xã Tân Hòa, tỉnh Lâm Đồng",
        "Quyết định 125/QĐ-UBND, 10/03/2026",
        "Cơ quan cấp ỦY BAN NHÂN DÂN TỈNH LÂM ĐỒNG",
        "Địa danh, ngày ký Lâm Đồng, 10/03/2026",
        "Người ký CHỦ TỊCH Phạm Thị Thanh Hà",
        "Có giá trị đến hết 10/03/2029",
        f"Mã tra cứu {certificate.code}",
    ]
    assert squeeze(page.select_one(".standing")) == (
        "Còn giá trị Có giá trị đến hết ngày 10/03/2029. Tra cứu lúc 12:00 10/03/2026."
    )
    assert certificate.file_sha256 in squeeze(page.main)


@pytest.mark.parametrize(
    ("day", "word"), [(date(2029, 3, 10), "Còn giá trị"), (date(2029, 3, 11), "Hết thời hạn")]
)
def test_the_last_day_counts(world: World, browser: Browser, day: date, word: str) -> None:
    certified(world)

    with time_machine.travel(f"{day}T03:00:00+00:00", tick=False):
        page = browser.get(f"/c/{issued(world)[0].code}")

    assert squeeze(page.select_one(".standing-word")) == word


def test_an_example_says_that_it_certifies_nothing(world: World, browser: Browser) -> None:
    certified(world, is_example=True)

    assert browser.get(f"/c/{issued(world)[0].code}").select(".example-notice")


@pytest.mark.parametrize("change", [str.lower, lambda code: code.replace("-", " "), lambda code: f" {code} "])
def test_a_code_may_be_typed_in_any_way(world: World, browser: Browser, change: object) -> None:
    certified(world)
    code = issued(world)[0].code
    typed = change(code)  # type: ignore[operator]  # one of the functions above

    browser.post("/c/", {"code": typed})

    assert browser.location.endswith(f"/c/{code}")
    browser.get(f"/c/{quote(typed)}", status=303)


def test_letters_that_look_like_digits_are_understood(world: World, browser: Browser) -> None:
    certified(world)
    with world.session() as session:
        session.get_one(IssuedCertificate, issued(world)[0].id).code = "0111-AAAA-BBBB-CCCC"

    browser.post("/c/", {"code": "oIl1 aaaa bbbb cccc"})

    assert browser.follow().heading == "Giấy chứng nhận số 01/2026/GCN-CNNTTB"


@pytest.mark.parametrize(
    "code",
    [
        "AAAA-BBBB-CCCC-DDDD",
        "x",
        "<script>alert(1)</script>",
        "🪷",
        "A" * 10_000,
        "%00",
        "..%2f..%2fetc",
        "'; DROP TABLE",
    ],
)
def test_an_unknown_or_hostile_code_gets_a_clear_answer(world: World, browser: Browser, code: str) -> None:
    page = browser.get(f"/c/{quote(code, safe='%')}", status=404)

    assert page.heading in ("Không có giấy chứng nhận nào mang mã này", "Không tìm thấy trang")


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("", "Hãy nhập mã tra cứu in dưới ô QR."),
        ("🪷 !", "Mã tra cứu gồm chữ cái và chữ số. Hãy nhập đúng mã in dưới ô QR."),
    ],
)
def test_a_form_without_a_code_says_what_to_type(browser: Browser, typed: str, said: str) -> None:
    page = browser.post("/c/", {"code": typed}, status=422)

    assert page.field_errors == {"code": said}
    assert page.values("main form")["code"] == typed


def test_a_file_is_compared_bit_by_bit_with_the_issued_one(world: World, browser: Browser) -> None:
    certified(world)
    [certificate] = issued(world)
    content = FileStore(world.files_dir).read(certificate.file_sha256)
    address = f"/c/{certificate.code}"

    def compare(data: bytes) -> str:
        page = browser.post(address, {"file": (io.BytesIO(data), "giấy.pdf")}, status=200)
        return squeeze(page.select_one("#compare ~ .alert strong"))

    assert compare(content) == "Đây đúng là tệp đã cấp."
    assert compare(content[:-1] + b"x") == "Đây KHÔNG phải là tệp đã cấp."
    assert compare(b"0" * 400_000) == "Đây KHÔNG phải là tệp đã cấp."
    page = browser.post(address, status=422)
    assert page.field_errors == {"file": "Hãy chọn tệp PDF cần so sánh."}
    browser.post(address, {"file": "no file at all"}, status=422)


def test_the_register_asks_the_database_as_often_for_three_as_for_one(
    world: World, app: Flask, browser: Browser
) -> None:
    award = decided(world, [[9000], [8000], [7000]])
    browser.sign_in(award.organiser)
    counts = []
    for _turn in range(3):
        issue(award, limit=1)
        browser.get(register(award))
        with count_queries(app.extensions["binhchon_engine"]) as sent:
            browser.get(register(award))
        counts.append(len(sent))

    assert counts[0] == counts[2]


def test_reissued_and_revoked_rows_say_so_in_english_too(world: World, browser: Browser) -> None:
    award = certified(world)
    store = FileStore(world.files_dir)
    with world.session() as session:
        command = Reissue(issued(world)[0].id, "Torn")
        reissue(session, command, store=store, actor=award.actor, now=NOW, public_url=PUBLIC_URL)
    with world.session() as session:
        revoke(session, Revoke(2, "Forged"), actor=award.actor, now=NOW)
    browser.sign_in(award.organiser)
    browser.post("/language/en")

    page = browser.get(register(award))

    assert [row[4] for row in page.rows()] == [
        "Replaced by a newer certificate",
        "Revoked Replaces 01/2026/GCN-CNNTTB. Reason: Forged",
    ]


def test_before_anything_is_recognised_the_page_says_so(world: World, browser: Browser) -> None:
    award = scored(world, [[9000]])
    browser.sign_in(award.organiser)

    page = browser.get(register(award))

    assert "Chưa có sản phẩm nào được công nhận." in squeeze(page.main)
    assert page.select(".progress-text") == []
    assert "đều đã có giấy chứng nhận" not in squeeze(page.main)
