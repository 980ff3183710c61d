from io import BytesIO

import pytest
from flask import Flask
from sqlalchemy import select

from app.domain.entries import AttachmentKind, EntryState
from app.models import Attachment, Entry, LedgerEvent
from tests.browsing import Browser, Page, squeeze
from tests.builders import World
from tests.dossiers import Maker
from tests.uploads import paper, picture, pictures, zip_bomb

PHOTO = AttachmentKind.PHOTO


@pytest.fixture
def maker(world: World, browser: Browser) -> Maker:
    """A facility whose person is signed in."""
    maker = Maker(world)
    browser.sign_in(maker.user)
    return maker


def upload(
    browser: Browser, entry: Entry, page: str, *files: tuple[str, bytes], status: int = 303, **fields: str
) -> Page:
    sent = [(BytesIO(content), name) for name, content in files]
    url = f"/facility/entries/{entry.id}/{page}"
    return browser.post(url, {**fields, "files": sent}, status=status, content_type="multipart/form-data")


def names(maker: Maker, entry: Entry) -> list[str]:
    of_entry = select(Attachment).where(Attachment.entry_id == entry.id).order_by(Attachment.id)
    return [file.name for file in maker.world.all(of_entry)]


def faults(page: Page) -> list[str]:
    """What the summary says of each file."""
    return [squeeze(item) for item in page.select(".error-summary li")]


def test_several_photos_are_added_at_once(maker: Maker, browser: Browser) -> None:
    entry = maker.draft()

    upload(browser, entry, "photos", *((f"Ảnh {n}.jpg", content) for n, content in enumerate(pictures(3), 1)))

    page = browser.follow()
    assert page.flashes == ["Đã thêm 3 tệp."]
    assert names(maker, entry) == ["Ảnh 1.jpg", "Ảnh 2.jpg", "Ảnh 3.jpg"]
    assert len(page.select(".photo-grid img[alt^='Ảnh ']")) == 3


def test_the_page_loads_small_pictures_and_links_to_large_ones(maker: Maker, browser: Browser) -> None:
    entry = maker.draft()
    photo = maker.attach(entry, PHOTO, "Ảnh.jpg", picture(size=(3000, 2000)))

    page = browser.get(f"/facility/entries/{entry.id}/photos")

    assert [image["src"] for image in page.select(".photo-grid img")] == [f"/files/{photo}?size=small"]
    assert [link["href"] for link in page.select(".photo-grid a")] == [f"/files/{photo}"]


def test_good_files_are_kept_and_each_bad_one_is_named_with_its_reason(
    maker: Maker, browser: Browser
) -> None:
    entry = maker.draft()

    page = upload(
        browser,
        entry,
        "photos",
        ("Sen.jpg", picture()),
        ("trang.jpg", b"<html><script>alert(1)</script></html>"),
        ("IMG_2.HEIC", b"\0\0\0\x18ftypheic"),
        ("rỗng.png", b""),
        ("hỏng.jpg", picture()[:500]),
        status=422,
    )

    assert faults(page) == [
        "Ảnh sản phẩm: “trang.jpg” không phải là ảnh. Hãy gửi tệp JPEG, PNG hoặc WebP.",
        (
            "Ảnh sản phẩm: “IMG_2.HEIC” là ảnh iPhone (HEIC). Hãy gửi ảnh JPEG: vào Cài đặt, Camera, Định dạng "
            "và chọn “Tương thích nhất”, hoặc lưu một bản JPEG."
        ),
        "Ảnh sản phẩm: “rỗng.png” là tệp rỗng. Hãy mở tệp trên máy để xem có đúng tệp không.",
        "Ảnh sản phẩm: “hỏng.jpg” bị hỏng, không mở được. Hãy lưu hoặc quét lại.",
    ]
    assert page.flashes[0] == "Đã thêm 1 tệp."
    assert names(maker, entry) == ["Sen.jpg"]
    assert len(page.select(".photo-grid img")) == 1


def test_without_a_file_the_page_asks_for_one(maker: Maker, browser: Browser) -> None:
    entry = maker.draft()

    for page in ("photos", "papers"):
        answer = upload(browser, entry, page, ("", b""), status=422, kind="other")
        assert answer.field_errors == {"files": "Hãy chọn tệp trước khi tải lên."}
        browser.post(f"/facility/entries/{entry.id}/{page}", {"kind": "other"}, status=422)


def test_of_forty_photos_thirty_are_kept_and_the_limit_is_told(maker: Maker, browser: Browser) -> None:
    entry = maker.draft()

    page = upload(
        browser,
        entry,
        "photos",
        *((f"{n}.jpg", content) for n, content in enumerate(pictures(40))),
        status=422,
    )

    assert len(names(maker, entry)) == 30
    assert set(faults(page)) == {"Ảnh sản phẩm: Một hồ sơ có tối đa 30 tệp. Hãy xóa bớt trước khi thêm."}


def test_a_request_that_is_too_large_is_answered_with_the_limits(
    maker: Maker, app: Flask, browser: Browser
) -> None:
    entry = maker.draft()
    app.config["MAX_CONTENT_LENGTH"] = 100_000

    page = upload(browser, entry, "photos", ("lớn.jpg", b"\xff\xd8\xff" + b"0" * 200_000), status=413)

    assert "20 MB" in squeeze(page.select_one("main"))
    assert names(maker, entry) == []


def test_papers_are_added_by_kind(maker: Maker, browser: Browser) -> None:
    entry = maker.draft()

    upload(browser, entry, "papers", ("Giấy đăng ký", paper()), kind="registration_paper")
    upload(browser, entry, "papers", ("ISO.pdf", paper(2)), ("HACCP.png", picture(kind="PNG")), kind="other")

    shown = [squeeze(item.select_one("span")) for item in browser.follow().select(".paper-list > li")]
    assert [text.rpartition(" (")[0] for text in shown] == [
        "Giấy đăng ký kinh doanh: Giấy đăng ký.pdf",
        "Giấy tờ khác: ISO.pdf",
        "Giấy tờ khác: HACCP.jpg",
    ]


@pytest.mark.parametrize(
    ("kind", "told"),
    [
        ("", "Hãy chọn loại giấy tờ."),
        ("photo", "Lựa chọn không hợp lệ."),
        ("Khác", "Lựa chọn không hợp lệ."),
        ("\0", "Lựa chọn không hợp lệ."),
    ],
)
def test_a_paper_needs_one_of_the_kinds(maker: Maker, browser: Browser, kind: str, told: str) -> None:
    entry = maker.draft()

    page = upload(browser, entry, "papers", ("ISO.pdf", paper()), status=422, kind=kind)

    assert page.field_errors == {"kind": told}
    assert names(maker, entry) == []


@pytest.mark.parametrize(
    ("name", "content", "fault"),
    [
        ("bom.pdf", zip_bomb(), "Không đọc được “bom.pdf”. Hãy gửi tệp PDF hoặc ảnh JPEG, PNG, WebP."),
        (
            "hợp đồng.docx",
            b"PK\x03\x04word",
            "Không đọc được “hợp đồng.docx”. Hãy gửi tệp PDF hoặc ảnh JPEG, PNG, WebP.",
        ),
        ("hỏng.pdf", b"%PDF-1.7 rubbish", "“hỏng.pdf” bị hỏng, không mở được. Hãy lưu hoặc quét lại."),
        ("dài.pdf", paper(201), "“dài.pdf” có hơn 200 trang. Hãy chỉ gửi những trang cần thiết."),
    ],
)
def test_papers_that_cannot_be_taken_are_named_with_their_reason(
    maker: Maker, browser: Browser, name: str, content: bytes, fault: str
) -> None:
    entry = maker.draft()

    page = upload(browser, entry, "papers", (name, content), status=422, kind="other")

    assert page.field_errors == {"files": fault}
    assert page.select_one("input[name=kind][checked]")["value"] == "other"  # type: ignore[index]  # it is there


def test_a_name_from_outside_stays_a_name(maker: Maker, browser: Browser) -> None:
    entry = maker.draft()

    upload(browser, entry, "photos", ("../../<img src=x onerror=alert(1)>.jpg", picture()))

    assert names(maker, entry) == ["_img src=x onerror=alert(1)_.jpg"]


def test_a_file_is_removed(maker: Maker, browser: Browser) -> None:
    entry = maker.draft()
    photo = maker.attach(entry, PHOTO, "Ảnh.jpg", picture())

    browser.post(f"/facility/attachments/{photo}/remove")

    assert browser.follow().flashes == ["Đã xóa “Ảnh.jpg”."]
    assert names(maker, entry) == []


def test_a_foreign_or_unknown_file_cannot_be_removed(maker: Maker, browser: Browser) -> None:
    other = Maker(maker.world)
    entry = other.draft()
    photo = other.attach(entry, PHOTO, "Ảnh.jpg", picture())

    browser.post(f"/facility/attachments/{photo}/remove", status=404)
    browser.post("/facility/attachments/4711/remove", status=404)

    assert names(other, entry) == ["Ảnh.jpg"]


def test_nothing_is_uploaded_into_a_foreign_dossier(maker: Maker, browser: Browser) -> None:
    entry = Maker(maker.world).draft()

    upload(browser, entry, "photos", ("Ảnh.jpg", picture()), status=404)

    assert maker.world.all(select(Attachment)) == []


def test_a_dossier_that_was_sent_takes_no_more_files(maker: Maker, browser: Browser) -> None:
    entry = maker.world.entry(maker.contest(), maker.product(), EntryState.SUBMITTED)

    page = upload(
        browser, entry, "photos", ("Ảnh.jpg", picture()), ("Ảnh 2.jpg", picture("navy")), status=422
    )

    assert faults(page) == ["Hồ sơ này đã nộp. Chỉ có thể sửa khi cơ quan tổ chức trả lại."]
    assert names(maker, entry) == []


def test_what_was_uploaded_is_in_the_ledger_by_its_hash(maker: Maker, browser: Browser) -> None:
    entry = maker.draft()
    upload(browser, entry, "photos", ("Ảnh.jpg", picture()))

    [file] = maker.world.all(select(Attachment))
    [event] = maker.world.all(select(LedgerEvent).where(LedgerEvent.action == "entry:attach"))
    assert (event.actor_id, event.subject_id) == (maker.user.id, entry.id)
    assert file.file_sha256 in event.details
