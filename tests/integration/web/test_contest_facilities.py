"""The organiser's page on which facilities are invited."""

import io

import pytest
from flask import Flask
from sqlalchemy import select

from app.domain.contests import ContestState
from app.domain.permissions import Role
from app.models import Contest, Facility, Invitation, Membership
from tests.browsing import Browser, Page, squeeze
from tests.builders import NOW, World, tax_code
from tests.queries import count_queries
from tests.signing_in import NEW

ONE = {"name": "HTX Ngọc Liên", "email": "ngoclien@example.vn"}
TWO = "HTX Ngọc Liên, ngoclien@example.vn\nCơ sở Tân Hòa\ttanhoa@example.vn".replace("\t", ", ")


@pytest.fixture
def organiser(world: World, browser: Browser) -> Browser:
    browser.sign_in(world.organiser(world.territory("Lâm Đồng")))
    return browser


@pytest.fixture
def contest(world: World) -> Contest:
    return world.contest(ContestState.REGISTRATION)


def url(contest: Contest, rest: str = "") -> str:
    return f"/contests/{contest.id}/facilities{rest}"


def links_on(page: Page) -> list[str]:
    """Addresses within the site of the links that are shown."""
    words = page.one("textarea[readonly]").get_text().split()
    return [word.removeprefix("http://localhost") for word in words if word.startswith("http")]


def invited(page: Page) -> list[str]:
    table = page.select_one("[aria-labelledby=invited-title] table")
    return [squeeze(cell) for cell in table.select("tbody th")] if table else []


def test_an_invited_facility_registers_itself(
    world: World, organiser: Browser, contest: Contest, app: Flask
) -> None:
    facility = Browser(app)

    page = organiser.post(url(contest), ONE, status=201)
    [link] = links_on(page)
    shown = facility.get(link)
    facility.post(link, {"name": "Trần Thị Hạnh", "password": NEW, "password_again": NEW})
    facility.sign_in(ONE["email"], NEW)
    facts = {
        "name": ONE["name"],
        "kind": "cooperative",
        "tax_code": tax_code(3),
        "territory_id": contest.territory_id,
        "address": "Thôn 1, xã Tân Hòa",
        "representative": "Trần Thị Hạnh",
        "phone": "0912345678",
        "email": ONE["email"],
    }
    facility.post("/facility/register", facts)

    assert invited(page) == ["HTX Ngọc Liên ngoclien@example.vn"]
    assert "HTX Ngọc Liên" in squeeze(shown.select_one("dl.facts"))
    assert shown.values("form[name=invitation_form]")["name"] == ""
    assert [row.name for row in world.all(select(Facility))] == [ONE["name"]]
    assert invited(organiser.get(url(contest))) == []


def test_whoever_has_an_account_takes_the_role_with_it(
    world: World, organiser: Browser, contest: Contest, app: Flask
) -> None:
    user, person = world.user(), Browser(app)
    person.sign_in(user)

    [link] = links_on(organiser.post(url(contest), {**ONE, "email": user.email.upper()}, status=201))
    person.post(link, {})

    [membership] = world.all(select(Membership).where(Membership.user_id == user.id))
    assert (membership.role, membership.territory_id) == (Role.FACILITY_USER, contest.territory_id)


def test_a_pasted_list_gives_a_link_for_each_line(organiser: Browser, contest: Contest) -> None:
    page = organiser.post(url(contest, "/many"), {"lines": TWO}, status=201)

    assert [
        line.split("\t")[:2] for line in page.one("textarea[readonly]").get_text().strip().splitlines()
    ] == [
        ["HTX Ngọc Liên", "ngoclien@example.vn"],
        ["Cơ sở Tân Hòa", "tanhoa@example.vn"],
    ]
    assert [squeeze(one).removeprefix("http://localhost") for one in page.select(".whole")] == links_on(page)
    assert len(set(links_on(page))) == 2
    assert invited(page) == ["HTX Ngọc Liên ngoclien@example.vn", "Cơ sở Tân Hòa tanhoa@example.vn"]


def test_a_file_of_a_spreadsheet_does_too(organiser: Browser, contest: Contest) -> None:
    content = "\ufeffTên cơ sở;Thư điện tử\r\nHTX Ngọc Liên;ngoclien@example.vn\r\n".encode()

    page = organiser.post(
        url(contest, "/many"), {"lines": "", "file": (io.BytesIO(content), "co-so.csv")}, status=201
    )

    assert len(links_on(page)) == 1


def test_a_faulty_list_keeps_nothing_names_the_lines_and_is_not_lost(
    world: World, organiser: Browser, contest: Contest
) -> None:
    text = f"{TWO}\nKhông có thư\n<script>, x\nHTX Ngọc Liên, ngoclien@example.vn"

    page = organiser.post(url(contest, "/many"), {"lines": text}, status=422)

    email = "Hãy nhập địa chỉ thư điện tử, ví dụ ten@example.vn."
    assert page.field_errors == {"lines": "Chưa lưu dòng nào. Số dòng cần sửa: 3, nêu rõ ở dưới."}
    assert page.rows(".faulty-rows") == [
        ["3", "Địa chỉ thư điện tử", email],
        ["4", "Địa chỉ thư điện tử", email],
        ["5", "Địa chỉ thư điện tử", "Địa chỉ này đã có ở dòng 1."],
    ]
    assert page.one("#lines").get_text().strip() == text
    assert world.all(select(Invitation)) == []


@pytest.mark.parametrize("text", ["", "\0", "\ud7ff \x07", "x" * 10_000, '"', "🍵"])
def test_hostile_text_is_refused(world: World, organiser: Browser, contest: Contest, text: str) -> None:
    page = organiser.post(url(contest, "/many"), {"lines": text}, status=422)

    assert list(page.field_errors) == ["lines"]
    assert world.all(select(Invitation)) == []


@pytest.mark.parametrize(
    ("typed", "errors"),
    [
        ({"name": ""}, {"name": "Hãy nhập tên cơ sở, không quá 200 ký tự."}),
        ({"name": "H" * 10_000}, {"name": "Hãy nhập tên cơ sở, không quá 200 ký tự."}),
        ({"email": "hanh"}, {"email": "Hãy nhập địa chỉ thư điện tử, ví dụ ten@example.vn."}),
    ],
)
def test_a_refused_invitation_says_why_and_keeps_what_was_typed(
    world: World, organiser: Browser, contest: Contest, typed: dict[str, str], errors: dict[str, str]
) -> None:
    page = organiser.post(url(contest), {**ONE, **typed}, status=422)

    values = page.values("form[name=one_form]")
    assert page.field_errors == errors
    assert {name: values[name] for name in ONE} == {**ONE, **typed}
    assert world.all(select(Invitation)) == []


def test_a_link_is_made_anew_and_withdrawn(world: World, organiser: Browser, contest: Contest) -> None:
    [old] = links_on(organiser.post(url(contest), ONE, status=201))
    [row] = world.all(select(Invitation))

    [new] = links_on(organiser.post(url(contest, f"/{row.id}/renew"), status=201))
    organiser.post(url(contest, f"/{row.id}/renew"), status=409)
    newest = max(invitation.id for invitation in world.all(select(Invitation)))
    organiser.post(url(contest, f"/{newest}/withdraw"))
    page = organiser.follow()

    assert old != new
    assert (page.flashes, invited(page)) == (["Đường dẫn đã hết hiệu lực."], [])
    organiser.get(new, status=404)


def test_an_old_link_says_that_it_is_too_old(world: World, organiser: Browser, contest: Contest) -> None:
    world.add(
        Invitation(
            token_sha256="0" * 64,
            email=ONE["email"],
            name=ONE["name"],
            role=Role.FACILITY_USER,
            territory_id=contest.territory_id,
            position="",
            created_at=NOW,
            expires_at=NOW,
        )
    )

    page = organiser.get(url(contest))

    assert "đã quá hạn" in page.rows("[aria-labelledby=invited-title] table")[0][1]


def test_foreign_contests_and_foreign_links_are_not_found(
    world: World, organiser: Browser, contest: Contest
) -> None:
    elsewhere = world.contest(ContestState.REGISTRATION, territory=world.territory("Đồng Tháp"))
    organiser.post(url(contest), ONE, status=201)
    [row] = world.all(select(Invitation))
    other = Browser(organiser.app)
    other.sign_in(world.organiser(world.territory("Đồng Tháp")))

    organiser.get(url(elsewhere), status=404)
    organiser.post(url(elsewhere), ONE, status=404)
    organiser.post(url(elsewhere, "/many"), {"lines": TWO}, status=404)
    for act in ("renew", "withdraw"):
        other.post(url(elsewhere, f"/{row.id}/{act}"), status=404)
        other.post(url(contest, f"/{row.id}/{act}"), status=404)
        organiser.post(url(contest, f"/987654/{act}"), status=404)
    assert [(one.id, one.revoked_at) for one in world.all(select(Invitation))] == [(row.id, None)]


def test_an_observer_neither_sees_nor_sends_invitations(
    world: World, browser: Browser, contest: Contest
) -> None:
    browser.sign_in(world.member(Role.OBSERVER, contest_id=contest.id))

    entries = browser.get(f"/contests/{contest.id}/entries")

    assert entries.select(f"a[href='{url(contest)}']") == []
    browser.get(url(contest), status=403)
    browser.post(url(contest), ONE, status=403)


def test_an_empty_contest_points_to_the_invitations(organiser: Browser, contest: Contest) -> None:
    page = organiser.get(f"/contests/{contest.id}/entries")

    assert squeeze(page.one(f"main a[href='{url(contest)}']")) == "Mời cơ sở"
    assert "Cơ sở tham gia theo lời mời" in squeeze(page.main)
    assert organiser.get(f"/contests/{contest.id}").select(f"main a[href='{url(contest)}']")


def test_the_invited_of_a_region_may_register_in_any_province_of_it(world: World, browser: Browser) -> None:
    region = world.territory("Phía Nam")
    browser.sign_in(world.organiser(region))

    page = browser.get(url(world.contest(ContestState.REGISTRATION, territory=region)))

    assert f"tại bất kỳ tỉnh, thành phố nào thuộc: {region.full_name}" in squeeze(page.main)


def test_the_page_asks_the_database_as_often_for_three_as_for_one(
    organiser: Browser, contest: Contest, app: Flask
) -> None:
    organiser.post(url(contest), ONE, status=201)
    engine = app.extensions["binhchon_engine"]
    with count_queries(engine) as one:
        organiser.get(url(contest))
    organiser.post(url(contest, "/many"), {"lines": "A, a@example.vn\nB, b@example.vn"}, status=201)
    with count_queries(engine) as three:
        organiser.get(url(contest))

    assert len(one) == len(three)
