from datetime import date

import pytest
from sqlalchemy import select

from app.domain.contests import ContestState
from app.domain.permissions import Role
from app.models import Facility
from tests.browsing import Browser, squeeze
from tests.builders import World, tax_code
from tests.dossiers import Maker


@pytest.fixture
def maker(world: World, browser: Browser) -> Maker:
    """A facility whose person is signed in."""
    maker = Maker(world)
    browser.sign_in(maker.user)
    return maker


@pytest.fixture
def newcomer(world: World, browser: Browser) -> None:
    """Somebody who was invited to register a facility in Lâm Đồng is signed in."""
    browser.sign_in(world.member(Role.FACILITY_USER, territory_id=world.territory("Lâm Đồng").id))


def facts(world: World, **changes: str) -> dict[str, str]:
    return {
        "name": "Hợp tác xã Trà sen",
        "kind": "cooperative",
        "tax_code": tax_code(999),
        "territory_id": str(world.territory("Lâm Đồng").id),
        "address": "Thôn 2, xã Tân Hòa",
        "representative": "Trần Thị Hạnh",
        "phone": "0912 345 678",
        "email": "htx@example.vn",
    } | changes


# Registering


def test_who_is_invited_is_led_to_registration(newcomer: None, browser: Browser) -> None:
    page = browser.get("/facility/")

    assert page.heading == "Đăng ký cơ sở"
    assert [link["href"] for link in page.select("main a.btn")] == ["/facility/register"]


def test_a_facility_is_registered(world: World, newcomer: None, browser: Browser) -> None:
    browser.get("/facility/register")

    browser.post("/facility/register", facts(world))

    page = browser.follow()
    assert page.heading == "Hợp tác xã Trà sen"
    assert page.flashes == ["Đã đăng ký cơ sở. Tiếp theo, hãy thêm sản phẩm muốn tham gia bình chọn."]
    browser.post("/facility/register", facts(world))
    assert browser.location == "/facility/"
    assert len(world.all(select(Facility))) == 1


def test_only_units_of_the_invitation_are_offered_with_their_former_names(
    newcomer: None, browser: Browser
) -> None:
    page = browser.get("/facility/register")

    assert [squeeze(option) for option in page.select("#territory_id option")] == [
        "Chọn",
        "Lâm Đồng (gồm Bình Thuận, Đắk Nông và Lâm Đồng trước 01/07/2025)",
    ]


def test_a_national_invitation_offers_all_units_in_order(world: World, browser: Browser) -> None:
    browser.sign_in(world.member(Role.FACILITY_USER, territory_id=world.territory("Việt Nam").id))

    names = [squeeze(option) for option in browser.get("/facility/register").select("#territory_id option")]

    assert len(names) == 35
    assert names[1:4] == [
        "An Giang (gồm An Giang và Kiên Giang trước 01/07/2025)",
        "Bắc Ninh (gồm Bắc Giang và Bắc Ninh trước 01/07/2025)",
        "Cà Mau (gồm Bạc Liêu và Cà Mau trước 01/07/2025)",
    ]
    assert names.index("Đà Nẵng (gồm Đà Nẵng và Quảng Nam trước 01/07/2025)") > names.index(
        "Cần Thơ (gồm Cần Thơ, Hậu Giang và Sóc Trăng trước 01/07/2025)"
    )


def test_every_fault_is_told_beside_its_field_and_nothing_typed_is_lost(
    world: World, newcomer: None, browser: Browser
) -> None:
    typed = facts(
        world,
        name="<script>alert(1)</script>",
        tax_code="0100047517",
        phone="12",
        email="thư",
        kind="",
        territory_id="9",
    )

    page = browser.post("/facility/register", typed, status=422)

    assert squeeze(page.select_one("title")).startswith("Lỗi: ")
    assert page.field_errors == {
        "kind": "Hãy chọn loại hình cơ sở.",
        "tax_code": (
            "Có chữ số gõ sai trong 10 chữ số đầu: chữ số kiểm tra không khớp. Hãy đối chiếu với giấy đăng ký."
        ),
        "territory_id": "Hãy chọn tỉnh, thành phố. Lời mời chỉ áp dụng cho các đơn vị trong danh sách.",
        "phone": (
            "Số di động bắt đầu bằng 03, 05, 07, 08 hoặc 09, số cố định bắt đầu bằng 02. Hãy kiểm tra các chữ số đầu."
        ),
        "email": "Hãy nhập địa chỉ thư điện tử, ví dụ ten@example.vn.",
    }
    kept = page.values("main form")
    assert (kept["name"], kept["tax_code"], kept["email"]) == (
        "<script>alert(1)</script>",
        "0100047517",
        "thư",
    )
    assert [link["href"] for link in page.select(".error-summary a")] == [
        "#kind",
        "#tax_code",
        "#territory_id",
        "#phone",
        "#email",
    ]
    assert world.all(select(Facility)) == []


@pytest.mark.parametrize("text", ["\0" * 10_000, "🍵" * 301, "a" * 10_000, "9" * 5_000])
def test_hostile_text_is_answered_with_a_page(
    world: World, newcomer: None, browser: Browser, text: str
) -> None:
    page = browser.post("/facility/register", dict.fromkeys(facts(world), text), status=422)

    assert "name" in page.field_errors
    assert "territory_id" in page.field_errors


def test_a_tax_code_that_is_there_already_leads_to_the_organiser(
    world: World, newcomer: None, browser: Browser
) -> None:
    world.facility(tax_code="0100047516")

    page = browser.post("/facility/register", facts(world, tax_code="0100047516"), status=422)

    assert page.field_errors["tax_code"].startswith(
        "Đã có cơ sở đăng ký với mã số thuế này. Hãy nhờ người đã đăng ký"
    )


# Particulars


def test_particulars_are_changed(maker: Maker, browser: Browser) -> None:
    url = f"/facility/{maker.facility.id}/profile"
    values = browser.get(url).values("main form")
    assert (values["tax_code"], values["kind"]) == (maker.facility.tax_code, "cooperative")

    browser.post(url, {**values, "phone": "0263 3822 111"})

    assert browser.follow().flashes == ["Đã lưu thông tin cơ sở."]
    assert maker.world.get(Facility, maker.facility.id).phone == "02633822111"


def test_a_merged_province_is_shown_as_what_it_has_become(world: World, browser: Browser) -> None:
    maker = Maker(world, world.territory("Bình Thuận", date(2024, 1, 1)))
    browser.sign_in(maker.user)

    values = browser.get("/facility/profile").values("main form")

    assert values["territory_id"] == str(world.territory("Lâm Đồng").id)


def test_the_name_stays_while_a_dossier_is_being_judged(maker: Maker, browser: Browser) -> None:
    maker.world.entry(maker.contest(state=ContestState.SCORING), maker.product())
    values = browser.get("/facility/profile").values("main form")

    page = browser.post("/facility/profile", {**values, "name": "Tên khác"}, status=422)

    assert page.field_errors == {
        "name": "Thông tin này được giữ như khi nộp hồ sơ. Nếu chưa đúng, hãy liên hệ cơ quan tổ chức."
    }


def test_who_works_for_two_facilities_can_go_from_one_to_the_other(world: World, browser: Browser) -> None:
    maker, other = Maker(world), Maker(world)
    with world.session() as session:
        from app.models import Membership
        from tests.builders import NOW

        session.add(
            Membership(
                user_id=maker.user.id, role=Role.FACILITY_USER, facility_id=other.facility.id, created_at=NOW
            )
        )
    browser.sign_in(maker.user)

    first = browser.get("/facility/")
    second = browser.get(f"/facility/{other.facility.id}/")

    assert (first.heading, second.heading) == (maker.facility.name, other.facility.name)
    assert f"/facility/{other.facility.id}/" in [link["href"] for link in first.select("main a")]
