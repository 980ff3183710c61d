from datetime import date

import pytest
from flask import Flask
from sqlalchemy import select

from app.domain.contests import ContestState
from app.domain.entries import EntryState
from app.models import Product
from tests.browsing import Browser, squeeze
from tests.builders import World
from tests.dossiers import Maker, certificate_of
from tests.queries import count_queries


@pytest.fixture
def maker(world: World, browser: Browser) -> Maker:
    """A facility whose person is signed in."""
    maker = Maker(world)
    browser.sign_in(maker.user)
    return maker


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

    links = [
        str(link["href"])
        for link in browser.get("/facility/").select("main a")
        if "/contests/" in link["href"]
    ]

    assert links == [f"/facility/{maker.facility.id}/contests/{near.id}"]


def test_a_contest_that_asks_for_a_lower_certificate_says_so(maker: Maker, browser: Browser) -> None:
    world = maker.world
    near = maker.contest(rules=world.rules(lower_tier_skipped=""))
    product = maker.product("Trà sen")

    start = squeeze(browser.get("/facility/").main)
    offer = browser.get(f"/facility/contests/{near.id}")

    assert "cần giấy chứng nhận cấp xã" in start
    assert f"{product.name} cần giấy chứng nhận cấp dưới còn hiệu lực" in squeeze(offer.main)


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
