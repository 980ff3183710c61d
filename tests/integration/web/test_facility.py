from datetime import date

import pytest
from flask import Flask
from sqlalchemy import select

from app.domain.contests import ContestState
from app.domain.entries import EntryState
from app.domain.permissions import Role
from app.models import Facility, Product
from tests.browsing import Browser, squeeze
from tests.builders import World, tax_code
from tests.dossiers import Maker, certificate_of
from tests.queries import count_queries


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


def statuses(browser: Browser, url: str) -> dict[str, str]:
    """Text of each link in the task lists -> what stands beside it."""
    items = browser.get(url).select(".task-list > li")
    return {
        squeeze(item.select_one("a")): squeeze(item.select("span")[-1])
        for item in items
        if item.select("span")
    }


# Who may come in


@pytest.mark.parametrize(
    "path", ["", "register", "profile", "products", "products/new", "contests/1", "entries/1"]
)
def test_a_stranger_is_asked_to_sign_in(browser: Browser, path: str) -> None:
    browser.get(f"/facility/{path}", status=303)


@pytest.mark.parametrize(
    "path", ["", "profile", "products", "products/new", "contests/1", "entries/1", "entries/1/check"]
)
def test_other_roles_are_turned_away(world: World, browser: Browser, path: str) -> None:
    browser.sign_in(world.organiser(world.territory("Lâm Đồng")))

    browser.get(f"/facility/{path}", status=403)


def test_a_foreign_facility_and_an_unknown_one_look_alike(maker: Maker, browser: Browser) -> None:
    foreign = maker.world.facility()

    for path in ("", "profile", "products", "products/new"):
        browser.get(f"/facility/{foreign.id}/{path}", status=404)
        browser.get(f"/facility/4711/{path}", status=404)
        browser.get(f"/facility/99999999999999999999/{path}", status=404)


def test_a_foreign_product_cannot_be_seen_or_changed(maker: Maker, browser: Browser) -> None:
    foreign = maker.world.product()

    browser.get(f"/facility/products/{foreign.id}", status=404)
    browser.post(f"/facility/products/{foreign.id}", {"name": "Của tôi", "group_code": "A"}, status=404)

    assert maker.world.get(Product, foreign.id).name == foreign.name


def test_nothing_is_done_without_a_token(maker: Maker, browser: Browser) -> None:
    browser.get("/facility/")

    response = browser.client.post(
        f"/facility/{maker.facility.id}/products/new", data={"name": "X", "group_code": "A"}
    )

    assert response.status_code == 400
    assert maker.world.all(select(Product)) == []


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
        "Lâm Đồng (trước đây: Bình Thuận, Đắk Nông)",
    ]


def test_a_national_invitation_offers_all_units_in_order(world: World, browser: Browser) -> None:
    browser.sign_in(world.member(Role.FACILITY_USER, territory_id=world.territory("Việt Nam").id))

    names = [squeeze(option) for option in browser.get("/facility/register").select("#territory_id option")]

    assert len(names) == 35
    assert names[1:4] == [
        "An Giang (trước đây: Kiên Giang)",
        "Bắc Ninh (trước đây: Bắc Giang)",
        "Cà Mau (trước đây: Bạc Liêu)",
    ]
    assert names.index("Đà Nẵng (trước đây: Quảng Nam)") > names.index(
        "Cần Thơ (trước đây: Hậu Giang, Sóc Trăng)"
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


# Products


def test_a_product_is_added_and_listed(maker: Maker, browser: Browser) -> None:
    url = f"/facility/{maker.facility.id}/products/new"
    browser.get(url)

    browser.post(url, {"name": "Bộ ấm chén", "is_set": "y", "group_code": "A", "description": "Gốm men lam."})

    assert browser.follow().flashes == ["Đã thêm sản phẩm. Có thể đăng ký sản phẩm tham gia bình chọn."]
    [product] = maker.world.all(select(Product))
    assert (product.name, product.is_set, product.group_code) == ("Bộ ấm chén", True, "A")
    listed = browser.get("/facility/products").select(".task-list > li")
    assert [squeeze(item) for item in listed] == [
        "Bộ ấm chén A. Nhóm sản phẩm thủ công mỹ nghệ · Bộ sản phẩm"
    ]


def test_a_product_without_name_and_group_is_refused_with_what_was_typed(
    maker: Maker, browser: Browser
) -> None:
    page = browser.post("/facility/products/new", {"description": "Chỉ có mô tả"}, status=422)

    assert page.field_errors == {"name": "Nhập tên sản phẩm.", "group_code": "Hãy chọn nhóm sản phẩm."}
    assert page.values("main form")["description"] == "Chỉ có mô tả"
    assert maker.world.all(select(Product)) == []


def test_a_product_is_changed(maker: Maker, browser: Browser) -> None:
    product = maker.product("Trà sen")
    url = f"/facility/products/{product.id}"

    browser.post(url, {**browser.get(url).values("main form"), "name": "Trà sen Tây Hồ"})

    assert browser.follow().heading == "Sản phẩm"
    assert maker.world.get(Product, product.id).name == "Trà sen Tây Hồ"


# The start page


def test_a_new_facility_is_told_to_add_a_product(maker: Maker, browser: Browser) -> None:
    assert statuses(browser, "/facility/") == {
        "Thông tin cơ sở": "Đã hoàn thành",
        "Sản phẩm": "Thêm sản phẩm",
    }


def test_contests_of_its_territory_are_offered_and_others_are_not(maker: Maker, browser: Browser) -> None:
    world = maker.world
    near = maker.contest()
    maker.contest(state=ContestState.DRAFT)
    maker.contest(state=ContestState.SCORING)
    maker.contest(registration_opens_on=date(2026, 1, 1), registration_closes_on=date(2026, 1, 31))
    maker.contest(world.territory("Hà Nội"))
    maker.contest(world.territory("Miền Trung – Tây Nguyên"), rules=world.rules(lower_tier_skipped=""))

    links = [
        str(link["href"])
        for link in browser.get("/facility/").select("main a")
        if "/contests/" in link["href"]
    ]

    assert links == [f"/facility/{maker.facility.id}/contests/{near.id}"]


def test_a_regional_contest_is_offered_to_who_holds_a_provincial_certificate(
    maker: Maker, browser: Browser
) -> None:
    world = maker.world
    upper = maker.contest(
        world.territory("Miền Trung – Tây Nguyên"), rules=world.rules(lower_tier_skipped="")
    )
    south = maker.contest(world.territory("Phía Nam"), rules=world.rules(lower_tier_skipped=""))
    holder, other = maker.product("Trà sen"), maker.product("Trà mạn")
    certificate_of(
        world, world.entry(maker.contest(state=ContestState.FINAL), holder), valid_until=date(2199, 1, 1)
    )

    page = browser.get("/facility/")
    offer = browser.get(f"/facility/contests/{upper.id}")

    assert f"/contests/{upper.id}" in str(page)
    assert f"/contests/{south.id}" not in str(page)
    assert [squeeze(label) for label in offer.select("#product_id label")] == ["Trà sen"]
    assert "Trà mạn cần giấy chứng nhận cấp dưới còn hiệu lực" in squeeze(offer.select_one("main"))
    browser.get(f"/facility/contests/{south.id}", status=404)
    browser.post(f"/facility/contests/{upper.id}", {"product_id": str(other.id)}, status=422)


@pytest.mark.parametrize(
    ("contest_state", "entry_state", "carried", "certified", "badge"),
    [
        (ContestState.REGISTRATION, EntryState.DRAFT, None, False, "Hồ sơ nháp"),
        (ContestState.REGISTRATION, EntryState.SUBMITTED, None, False, "Đã nộp"),
        (ContestState.REGISTRATION, EntryState.RETURNED, None, False, "Trả lại để bổ sung"),
        (ContestState.SCORED, EntryState.ACCEPTED, None, False, "Đã tiếp nhận"),
        (ContestState.VOTED, EntryState.ACCEPTED, True, False, "Đã tiếp nhận"),
        (ContestState.VOTED, EntryState.ACCEPTED, False, False, "Đã tiếp nhận"),
        (ContestState.PROVISIONAL, EntryState.ACCEPTED, True, False, "Dự kiến được công nhận"),
        (ContestState.PROVISIONAL, EntryState.ACCEPTED, None, False, "Không được công nhận"),
        (ContestState.FINAL, EntryState.ACCEPTED, True, False, "Được công nhận"),
        (ContestState.FINAL, EntryState.ACCEPTED, False, False, "Không được công nhận"),
        (ContestState.FINAL, EntryState.ACCEPTED, True, True, "Đã cấp giấy chứng nhận"),
        (ContestState.FINAL, EntryState.REJECTED, None, False, "Không tiếp nhận"),
    ],
)
def test_an_entry_shows_its_stage_and_nothing_of_the_result_before_the_list(
    maker: Maker,
    browser: Browser,
    contest_state: ContestState,
    entry_state: EntryState,
    carried: bool | None,
    certified: bool,
    badge: str,
) -> None:
    entry = maker.world.entry(maker.contest(state=contest_state), maker.product("Trà sen"), entry_state)
    if carried is not None:
        maker.vote(entry, carried=carried)
    if certified:
        certificate_of(maker.world, entry)

    assert statuses(browser, "/facility/")["Trà sen"] == badge
    assert squeeze(browser.get(f"/facility/entries/{entry.id}").select_one("main p.hint .badge")) == badge


def test_the_start_page_asks_the_database_no_more_for_many_entries_than_for_one(
    maker: Maker, app: Flask, browser: Browser
) -> None:
    def cost() -> int:
        with count_queries(app.extensions["binhchon_engine"]) as sent:
            browser.get("/facility/")
        return len(sent)

    def enter() -> None:
        world = maker.world
        certificate_of(world, world.entry(maker.contest(state=ContestState.FINAL), maker.product()))
        world.entry(maker.contest(), maker.product(), EntryState.DRAFT)

    enter()
    one = cost()
    enter()
    enter()

    assert cost() == one


def test_the_pages_speak_english_too(maker: Maker, browser: Browser) -> None:
    contest = maker.contest()
    maker.product()
    browser.post("/language/en", {"next": "/facility/"})

    assert "Contests you can enter" in squeeze(browser.get("/facility/").select_one("main"))
    assert browser.get("/facility/products/new").heading == "Add a product"
    assert "Enter a product" in squeeze(browser.get(f"/facility/contests/{contest.id}").select_one("main"))
