import io
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from app.domain.permissions import Role
from app.domain.tiers import Tier
from app.models import Contest, Territory
from tests.browsing import Browser, squeeze
from tests.builders import World
from tests.communes import register
from tests.queries import count_queries

COMMUNES = select(Territory).where(Territory.tier == Tier.COMMUNE).order_by(Territory.code)
PAGES = ("/admin/communes/", "/admin/communes/1", "/admin/communes/new", "/admin/communes/import")
HEADER = "code,name,kind,province_code\n"


@pytest.fixture
def admin(world: World, browser: Browser) -> Browser:
    """An administrator's browser."""
    browser.sign_in(world.member(Role.ADMINISTRATOR))
    return browser


def typed(world: World, **changes: Any) -> dict[str, Any]:
    return {
        "province_id": str(world.territory("Lâm Đồng").id),
        "kind": "commune",
        "name": "Tân Hòa",
        "code": "12345",
        "valid_from": "01/07/2025",
    } | changes


def file_of(text: str | bytes, day: str = "01/07/2025") -> dict[str, Any]:
    content = text.encode() if isinstance(text, str) else text
    return {"file": (io.BytesIO(content), "cap-xa.csv"), "valid_from": day}


@pytest.mark.parametrize("path", PAGES)
def test_the_pages_are_for_administrators(world: World, browser: Browser, path: str) -> None:
    assert browser.client.get(path).status_code == 303
    browser.sign_in(world.organiser(world.territory("Lâm Đồng")))

    browser.get(path, status=403)


@pytest.mark.parametrize("path", ["/admin/communes/new", "/admin/communes/import"])
def test_the_acts_are_for_administrators(world: World, browser: Browser, path: str) -> None:
    browser.sign_in(world.organiser(world.territory("Lâm Đồng")))

    browser.post(path, typed(world), status=403)

    assert world.all(COMMUNES) == []


@pytest.mark.parametrize("place", ["Việt Nam", "Phía Nam", "Kiên Giang", None])
def test_what_is_no_province_of_today_is_not_found(world: World, admin: Browser, place: str | None) -> None:
    number = 987654
    if place:
        [number, *_later] = world.all(
            select(Territory.id).where(Territory.name == place).order_by(Territory.valid_from)
        )

    admin.get(f"/admin/communes/{number}", status=404)


def test_the_34_provinces_are_listed_in_order_with_the_number_of_their_communes(
    world: World, admin: Browser
) -> None:
    register(world)

    page = admin.get("/admin/communes/")

    rows = page.rows()
    assert page.heading == "Đơn vị hành chính cấp xã"
    assert (len(rows), rows[0], rows[-1]) == (
        34,
        ["Tỉnh An Giang", "91", "0"],
        ["Tỉnh Vĩnh Long", "86", "0"],
    )
    assert [row for row in rows if row[2] != "0"] == [["Tỉnh Lâm Đồng", "68", "1"]]
    assert squeeze(page.one("nav a[aria-current=page]")) == "Cấp xã"


def test_a_commune_is_added_and_stands_in_the_list_of_its_province(world: World, admin: Browser) -> None:
    admin.post("/admin/communes/new", typed(world))

    page = admin.follow()
    assert page.heading == "Tỉnh Lâm Đồng"
    assert page.flashes == ["Đã ghi nhận Xã Tân Hòa, tỉnh Lâm Đồng."]
    assert page.rows() == [["Xã Tân Hòa", "12345", "01/07/2025"]]


def test_the_communes_of_a_province_stand_in_vietnamese_order(world: World, admin: Browser) -> None:
    for code, name in enumerate(("Đạ Tẻh", "Di Linh", "Ân Hảo", "An Nhơn", "Ăn Lộc"), start=12345):
        register(world, code=str(code), name=name)

    page = admin.get(f"/admin/communes/{world.territory('Lâm Đồng').id}")

    assert [row[0] for row in page.rows()] == [
        "Xã An Nhơn",
        "Xã Ăn Lộc",
        "Xã Ân Hảo",
        "Xã Di Linh",
        "Xã Đạ Tẻh",
    ]
    assert squeeze(page.one("[role=status]")) == "5 đơn vị hành chính cấp xã"


def test_the_form_opens_with_the_province_it_was_asked_for(world: World, admin: Browser) -> None:
    province = world.territory("Lâm Đồng")

    values = admin.get(f"/admin/communes/new?province={province.id}").values("main form")

    assert (values["province_id"], values["valid_from"]) == (str(province.id), "01/07/2025")


@pytest.mark.parametrize(
    ("field", "text", "said"),
    [
        ("province_id", "", "Hãy chọn một tỉnh, thành phố hiện có."),
        ("province_id", "9" * 30, "Hãy chọn một tỉnh, thành phố hiện có."),
        ("kind", "town", "Hãy chọn xã, phường hoặc đặc khu."),
        ("name", "", "Hãy nhập tên chính thức, ví dụ Tân Hòa."),
        ("name", "Đ" * 10_000, "Nhập tối đa 40 ký tự."),
        ("name", "Tân 🪷", "Không in được các ký tự: 🪷. Hãy thay bằng ký tự khác."),
        ("code", "12 345", "Hãy nhập mã đơn vị hành chính gồm năm chữ số, ví dụ 12345."),
        ("valid_from", "", "Mục này là bắt buộc."),
        ("valid_from", "32/13/2026", "Nhập ngày/tháng/năm, ví dụ 05/07/2026."),
        (
            "valid_from",
            "30/06/2025",
            "Cấp xã tham gia bình chọn từ ngày 01/07/2025. Hãy nhập ngày đó hoặc ngày sau đó.",
        ),
        ("code", "54321", "Mã này đã thuộc về Xã Ngọc Liên, tỉnh Lâm Đồng."),
        ("name", "Ngọc Liên", "Tỉnh Lâm Đồng đã có đơn vị mang tên này."),
    ],
)
def test_what_cannot_be_taken_is_said_beside_the_field_and_nothing_typed_is_lost(
    world: World, admin: Browser, field: str, text: str, said: str
) -> None:
    register(world, name="Ngọc Liên", code="54321")

    page = admin.post("/admin/communes/new", typed(world, **{field: text}), status=422)

    assert page.field_errors == {field: said}
    shown = page.values("main form")
    assert {name: value for name, value in typed(world).items() if shown.get(name) != value} == (
        {field: typed(world)[field]}
    )
    assert squeeze(page.title).startswith("Lỗi:")
    assert len(world.all(COMMUNES)) == 1


def test_a_hostile_name_is_kept_as_text(world: World, admin: Browser) -> None:
    admin.post("/admin/communes/new", typed(world, name="<script>alert(1)</script>\0"))

    page = admin.follow()
    assert page.rows()[0][0] == "Xã <script>alert(1)</script>"
    assert page.select("main script") == []


def test_a_file_is_imported(world: World, admin: Browser) -> None:
    text = HEADER + "00123,Tân Hòa,xã,01\n12346,Ngọc Liên,phường,68\n"

    admin.post("/admin/communes/import", file_of(text, "01/08/2025"))

    page = admin.follow()
    assert page.flashes == ["Đã ghi nhận 2 đơn vị cấp xã."]
    assert [row for row in page.rows() if row[2] != "0"] == [
        ["Thành phố Hà Nội", "01", "1"],
        ["Tỉnh Lâm Đồng", "68", "1"],
    ]


def test_the_faulty_rows_of_a_file_are_named(world: World, admin: Browser) -> None:
    text = HEADER + "12345,Tân Hòa,xã,68\n12345,Ngọc Liên,xã,68\n12346,Di Linh,huyện,99\n"

    page = admin.post("/admin/communes/import", file_of(text), status=422)

    assert page.field_errors == {"file": "Chưa lưu dòng nào. Số dòng cần sửa: 2, nêu rõ ở dưới."}
    assert page.rows("table.faulty-rows") == [
        ["3", "Mã số", "Mã này đã thuộc về Xã Tân Hòa, tỉnh Lâm Đồng."],
        ["4", "Loại", "Hãy chọn xã, phường hoặc đặc khu."],
        ["4", "Mã tỉnh", "Hãy chọn một tỉnh, thành phố hiện có."],
    ]
    assert world.all(COMMUNES) == []


@pytest.mark.parametrize(
    ("data", "field", "said"),
    [
        ({"valid_from": "01/07/2025"}, "file", "Dòng đầu phải ghi tên các cột"),
        (file_of(b"\xff\xfe\0"), "file", "Đây không phải tệp CSV mã UTF-8."),
        (file_of(HEADER + "12345,Tân Hòa,xã,68\n", "30/06/2025"), "valid_from", "Cấp xã tham gia"),
    ],
    ids=["no file", "no text", "too early"],
)
def test_a_file_that_cannot_be_taken_is_refused_beside_its_field(
    world: World, admin: Browser, data: dict[str, Any], field: str, said: str
) -> None:
    page = admin.post("/admin/communes/import", data, status=422)

    assert list(page.field_errors) == [field]
    assert page.field_errors[field].startswith(said)
    assert page.select("table.faulty-rows") == []
    assert world.all(COMMUNES) == []


def test_the_pages_speak_english_too(world: World, admin: Browser) -> None:
    register(world)
    admin.post("/language/en", {"next": "/admin/communes/"})

    page = admin.post(
        "/admin/communes/import", file_of(HEADER + "12345,Tân Hòa,xã,68\n12,A,B,C\n"), status=422
    )

    assert page.rows("table.faulty-rows")[0] == [
        "2",
        "Code",
        "This code belongs to Xã Tân Hòa, tỉnh Lâm Đồng already.",
    ]


def test_a_commune_then_holds_a_contest(world: World, browser: Browser) -> None:
    commune = register(world)
    browser.sign_in(world.organiser(commune))
    form = browser.get("/contests/new").values("main form")

    browser.post(
        "/contests/new",
        form
        | {
            "name": "Bình chọn xã Tân Hòa năm 2026",
            "year": "2026",
            "territory_id": str(commune.id),
            "registration_opens_on": "01/03/2026",
            "registration_closes_on": "30/04/2026",
            "scoring_closes_on": "30/06/2026",
        },
    )

    [contest] = world.all(select(Contest))
    assert (contest.tier, contest.territory_id) == (Tier.COMMUNE, commune.id)
    assert "Xã Tân Hòa, tỉnh Lâm Đồng" in squeeze(browser.follow().main)


def test_the_lists_ask_the_database_a_fixed_number_of_times(app: Flask, world: World, admin: Browser) -> None:
    province = world.territory("Lâm Đồng").id
    counts = []
    for codes in (range(12345, 12346), range(12346, 12349)):
        for code in codes:
            register(world, code=str(code), name=f"Tân Hòa {code}")
        with count_queries(app.extensions["binhchon_engine"]) as sent:
            admin.get("/admin/communes/")
            admin.get(f"/admin/communes/{province}")
        counts.append(len(sent))

    assert counts[0] == counts[1]
