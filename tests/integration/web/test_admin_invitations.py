from datetime import UTC, datetime

import pytest
from sqlalchemy import select

from app.domain.permissions import SYSTEM, Role
from app.models import Invitation, User
from app.services.accounts import Invite, invite
from tests.browsing import Browser, Page, squeeze
from tests.builders import NOW, World, tax_code
from tests.signing_in import NEW

EMAIL = "hanh@example.vn"


PERSON = {"name": "Trần Thị Hạnh", "email": EMAIL}


@pytest.fixture
def admin(world: World, browser: Browser) -> User:
    """An administrator, signed in."""
    user = world.member(Role.ADMINISTRATOR)
    browser.sign_in(user)
    return user


def link_on(page: Page) -> str:
    """The address within the site of the link that is shown once."""
    shown = page.select_one("#link-once")
    assert shown is not None
    return shown.get_text(strip=True).removeprefix("http://localhost")


@pytest.mark.parametrize(
    ("role", "fields"),
    [
        (Role.ADMINISTRATOR, set()),
        (Role.ORGANISER, {"territory_id"}),
        (Role.OBSERVER, {"contest_id"}),
        (Role.HEAD_OF_JURY, {"contest_id", "position"}),
        (Role.JUDGE, {"contest_id", "position"}),
        (Role.COUNCIL_MEMBER, {"contest_id", "position", "office"}),
        (Role.FACILITY_USER, {"territory_id", "tax_code"}),
    ],
)
def test_a_role_asks_for_its_own_fields(admin: User, browser: Browser, role: Role, fields: set[str]) -> None:
    values = browser.get(f"/admin/invitations/new?role={role.value}").values("form[name=invite_form]")

    assert set(values) == {"csrf_token", "name", "email"} | fields


@pytest.mark.parametrize("role", ["", "emperor", "judge ", "JUDGE", "\0"])
def test_without_a_role_the_role_is_asked_for(admin: User, browser: Browser, role: str) -> None:
    assert browser.get("/admin/invitations/new", query_string={"role": role}).heading == "Mời một người"


def test_an_invited_organiser_can_start(world: World, admin: User, browser: Browser) -> None:
    territory, person = world.territory("Lâm Đồng"), Browser(browser.app)

    page = browser.post(
        "/admin/invitations/new?role=organiser", {**PERSON, "territory_id": territory.id}, status=201
    )
    person.post(link_on(page), {"name": "Trần Thị Hạnh", "password": NEW, "password_again": NEW})
    person.sign_in(EMAIL, NEW)

    assert person.client.get("/").headers["Location"] == "/contests/"


def test_every_kind_of_place_can_be_chosen(world: World, admin: User, browser: Browser) -> None:
    facility, contest = world.facility(tax_code=tax_code(7)), world.contest()
    typed: dict[str, dict[str, object]] = {
        "administrator": {},
        "observer": {"contest_id": contest.id},
        "head_of_jury": {"contest_id": contest.id, "position": "PGS. TS"},
        "council_member": {"contest_id": contest.id, "office": "chair", "position": "Phó Chủ tịch UBND tỉnh"},
        "facility_user": {"territory_id": "", "tax_code": tax_code(7)},
    }

    for role, fields in typed.items():
        browser.post(f"/admin/invitations/new?role={role}", {**PERSON, **fields}, status=201)

    kept = world.all(select(Invitation).order_by(Invitation.id))
    assert [(row.role, row.contest_id, row.facility_id, row.office, row.position) for row in kept] == [
        ("administrator", None, None, None, ""),
        ("observer", contest.id, None, None, ""),
        ("head_of_jury", contest.id, None, None, "PGS. TS"),
        ("council_member", contest.id, None, "chair", "Phó Chủ tịch UBND tỉnh"),
        ("facility_user", None, facility.id, None, ""),
    ]


@pytest.mark.parametrize(
    ("role", "typed", "errors"),
    [
        ("organiser", {"territory_id": ""}, {"territory_id": "Hãy chọn nơi vai trò có hiệu lực."}),
        ("organiser", {"territory_id": "987654"}, {"territory_id": "Lựa chọn không hợp lệ."}),
        ("organiser", {"territory_id": "9" * 40}, {"territory_id": "Lựa chọn không hợp lệ."}),
        ("judge", {"contest_id": "<script>"}, {"contest_id": "Lựa chọn không hợp lệ."}),
        ("council_member", {"contest_id": "", "office": "king"},
         {"contest_id": "Hãy chọn nơi vai trò có hiệu lực.", "office": "Lựa chọn không hợp lệ."}),
        ("administrator", {"email": "hanh"}, {"email": "Hãy nhập địa chỉ thư điện tử, ví dụ ten@example.vn."}),
        ("administrator", {"name": ""}, {"name": "Hãy nhập đầy đủ họ tên như sẽ in trên văn bản."}),
        ("judge", {"name": "", "contest_id": ""},
         {"name": "Hãy nhập đầy đủ họ tên như sẽ in trên văn bản.",
          "contest_id": "Hãy chọn nơi vai trò có hiệu lực."}),
        ("facility_user", {"territory_id": "", "tax_code": tax_code(9)},
         {"tax_code": "Chưa có cơ sở nào đăng ký với mã số thuế này."}),
    ],
)  # fmt: skip
def test_a_refused_invitation_says_why_and_keeps_what_was_typed(
    world: World, admin: User, browser: Browser, role: str, typed: dict[str, str], errors: dict[str, str]
) -> None:
    page = browser.post(f"/admin/invitations/new?role={role}", {**PERSON, **typed}, status=422)

    assert page.field_errors == errors
    values = page.values("form[name=invite_form]")
    assert {name: values[name] for name in PERSON} == {
        **PERSON,
        **{k: v for k, v in typed.items() if k in PERSON},
    }
    assert world.all(select(Invitation)) == []


def test_open_links_are_listed_and_can_be_withdrawn(world: World, admin: User, browser: Browser) -> None:
    now = datetime.now(UTC)
    with world.session() as session:
        invite(session, Invite(EMAIL, "Trần Thị Hạnh", Role.ADMINISTRATOR), actor=world.actor(admin), now=now)
        invite(session, Invite("cu@example.vn", "Lời mời cũ", Role.ADMINISTRATOR), actor=SYSTEM, now=NOW)
    [open_one] = world.all(select(Invitation).where(Invitation.email == EMAIL))

    rows = browser.get("/admin/invitations/").rows()
    browser.post(f"/admin/invitations/{open_one.id}/withdraw")
    after = browser.follow()

    assert [row[:3] for row in rows] == [[f"Trần Thị Hạnh {EMAIL}", "Quản trị hệ thống", "Nguyễn Văn Minh"]]
    assert after.flashes == ["Đường dẫn đã hết hiệu lực."]
    assert after.select("table") == []


def test_a_hostile_name_is_shown_as_text_everywhere(world: World, admin: User, browser: Browser) -> None:
    user = world.user("<script>alert(1)</script>")

    assert browser.get(f"/admin/accounts/{user.id}").heading == "<script>alert(1)</script>"
    assert "<script>alert(1)</script>" in browser.get("/admin/").rows()[0][0]


def test_a_role_in_a_contest_says_what_to_do_while_there_is_none(
    world: World, admin: User, browser: Browser
) -> None:
    before = browser.get("/admin/invitations/new?role=judge")
    world.contest()
    after = browser.get("/admin/invitations/new?role=judge")

    assert "Chưa có đợt bình chọn nào." in squeeze(before.one("#contest_id-hint"))
    assert after.select("#contest_id-hint") == []


def test_the_invitation_of_a_facility_says_where_it_may_register(admin: User, browser: Browser) -> None:
    page = browser.get("/admin/invitations/new?role=facility_user")

    assert "bất kỳ tỉnh, thành phố nào" in squeeze(page.one("#territory_id-hint"))
