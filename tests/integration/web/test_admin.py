import pytest
from sqlalchemy import select

from app.domain.permissions import Role
from app.models import Membership, User
from tests.browsing import Browser, Page
from tests.builders import World
from tests.queries import count_queries
from tests.signing_in import NEW, attempt, is_signed_in, set_up_second_factor

EMAIL = "hanh@example.vn"
PERSON = {"name": "Trần Thị Hạnh", "email": EMAIL}
PAGES = ("/admin/", "/admin/accounts/1", "/admin/invitations/", "/admin/invitations/new")
ACTS = (
    "/admin/accounts/1",
    "/admin/accounts/1/disable",
    "/admin/accounts/1/enable",
    "/admin/accounts/1/password-link",
    "/admin/accounts/1/remove-second-factor",
    "/admin/memberships/1/end",
    "/admin/invitations/new?role=administrator",
    "/admin/invitations/1/withdraw",
)


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


@pytest.mark.parametrize("path", PAGES)
def test_the_pages_are_for_administrators(world: World, browser: Browser, path: str) -> None:
    assert browser.client.get(path).status_code == 303
    browser.sign_in(world.organiser(world.territory("Lâm Đồng")))

    browser.get(path, status=403)


@pytest.mark.parametrize("path", ACTS)
def test_the_acts_are_for_administrators(world: World, browser: Browser, path: str) -> None:
    browser.sign_in(world.organiser(world.territory("Lâm Đồng")))

    browser.post(path, PERSON, status=403)


@pytest.mark.parametrize("path", [path.replace("/1", "/987654") for path in ACTS if "/1" in path])
def test_what_does_not_exist_is_not_found(admin: User, browser: Browser, path: str) -> None:
    browser.post(path, PERSON, status=404)


def test_accounts_are_listed_by_name_with_their_roles(world: World, admin: User, browser: Browser) -> None:
    organiser = world.organiser(world.territory("Lâm Đồng"))
    judge = world.user("Đặng Văn An", active=False)
    world.judge(world.contest(name="Bình chọn năm 2026"), judge)

    rows = browser.get("/admin/").rows()

    assert rows == [
        [f"Đặng Văn An Đã khóa {judge.email}", "Giám khảo: Bình chọn năm 2026"],
        [f"Nguyễn Văn Minh {admin.email}", "Quản trị hệ thống"],
        [f"Nguyễn Văn Minh {organiser.email}", "Cơ quan tổ chức: Tỉnh Lâm Đồng"],
    ]


@pytest.mark.parametrize(
    ("search", "found"),
    [
        ("dang thi", ["Đặng Thị Mỹ Lệ"]),
        ("Đặng", ["Đặng Thị Mỹ Lệ"]),
        ("MỸ LỆ", ["Đặng Thị Mỹ Lệ"]),
        ("le.my@", ["Đặng Thị Mỹ Lệ"]),
        ("le", ["Đặng Thị Mỹ Lệ"]),
        ("example", []),
        ("%", []),
        ("_", []),
        ("<script>", []),
        ("k" * 10_000, []),
        ("\0", ["Đặng Thị Mỹ Lệ", "Nguyễn Văn Minh"]),
        ("", ["Đặng Thị Mỹ Lệ", "Nguyễn Văn Minh"]),
    ],
)
def test_people_are_found_without_marks(
    world: World, admin: User, browser: Browser, search: str, found: list[str]
) -> None:
    world.user("Đặng Thị Mỹ Lệ", email="le.my@example.vn")

    page = browser.get("/admin/", query_string={"q": search})

    assert [link.get_text(strip=True) for link in page.select("table th a")] == found


def test_the_list_has_pages_of_fifty(world: World, admin: User, browser: Browser) -> None:
    for number in range(51):
        world.user(f"Người {number:02}")

    first, second = browser.get("/admin/"), browser.get("/admin/?page=2")

    assert (len(first.rows()), len(second.rows())) == (50, 2)
    for strange in ("0", "-1", "x", "9" * 30):
        assert browser.get(f"/admin/?page={strange}").heading == "Tài khoản"


def test_the_list_costs_the_same_with_one_and_with_three_accounts(
    world: World, admin: User, browser: Browser
) -> None:
    counts = []
    for more in (0, 2):
        for _ in range(more):
            world.judge(world.contest(), world.organiser(world.territory("Lâm Đồng")))
        with count_queries(browser.app.extensions["binhchon_engine"]) as sent:
            browser.get("/admin/")
        counts.append(len(sent))

    assert counts[0] == counts[1]


def test_a_corrected_name_and_address_are_shown(world: World, admin: User, browser: Browser) -> None:
    user = world.user("Tran Thi Hanh")

    browser.post(f"/admin/accounts/{user.id}", PERSON)

    page = browser.follow()
    assert page.heading == "Trần Thị Hạnh"
    assert page.flashes == ["Đã sửa tài khoản."]


@pytest.mark.parametrize(
    ("typed", "errors"),
    [
        ({"name": " "}, {"name": "Hãy nhập đầy đủ họ tên như sẽ in trên văn bản."}),
        ({"email": "hanh"}, {"email": "Hãy nhập địa chỉ thư điện tử, ví dụ ten@example.vn."}),
        ({"email": "trung@example.vn"}, {"email": "Địa chỉ này đã thuộc về một tài khoản khác."}),
    ],
)
def test_a_refused_correction_says_why_and_keeps_what_was_typed(
    world: World, admin: User, browser: Browser, typed: dict[str, str], errors: dict[str, str]
) -> None:
    world.user(email="trung@example.vn")
    user = world.user()

    page = browser.post(f"/admin/accounts/{user.id}", PERSON | typed, status=422)

    assert page.field_errors == errors
    values = page.values("form[name=person_form]")
    assert {name: values[name].strip() for name in PERSON} == {
        k: v.strip() for k, v in (PERSON | typed).items()
    }


def test_a_disabled_account_is_shut_out_and_can_be_let_in_again(
    world: World, admin: User, browser: Browser
) -> None:
    user, person = world.user(), Browser(browser.app)
    person.sign_in(user)

    browser.post(f"/admin/accounts/{user.id}/disable")
    shut_out = is_signed_in(person)
    page = browser.follow()
    browser.post(f"/admin/accounts/{user.id}/enable")
    person.sign_in(user)

    assert not shut_out
    assert page.select_one(".badge.tone-danger") is not None
    assert is_signed_in(person)


def test_the_own_account_cannot_be_disabled(admin: User, browser: Browser) -> None:
    page = browser.get(f"/admin/accounts/{admin.id}")

    assert page.select(f"form[action$='/{admin.id}/disable']") == []
    browser.post(f"/admin/accounts/{admin.id}/disable", status=409)


def test_a_password_link_is_shown_once_and_works(world: World, admin: User, browser: Browser) -> None:
    user, person = world.user(), Browser(browser.app)

    link = link_on(browser.post(f"/admin/accounts/{user.id}/password-link", status=201))
    person.post(link, {"password": NEW, "password_again": NEW})

    person.sign_in(user, NEW)
    assert link.rpartition("/")[2] not in str(browser.get("/admin/invitations/"))


def test_a_lost_telephone_is_taken_off(world: World, admin: User, browser: Browser) -> None:
    user, person = world.user(), Browser(browser.app)
    person.sign_in(user)
    set_up_second_factor(person)

    browser.post(f"/admin/accounts/{user.id}/remove-second-factor")

    assert not is_signed_in(person)
    attempt(person, user.email, "hoa sen nở trên hồ", status=302)
    assert is_signed_in(person)


def test_an_ended_role_is_gone_from_the_account(world: World, admin: User, browser: Browser) -> None:
    organiser = world.organiser(world.territory("Lâm Đồng"))
    [membership] = world.all(select(Membership).where(Membership.user_id == organiser.id))

    browser.post(f"/admin/memberships/{membership.id}/end")

    page = browser.follow()
    assert page.flashes == ["Đã chấm dứt vai trò."]
    assert page.select("table") == []
    browser.post(f"/admin/memberships/{membership.id}/end", status=409)


def test_the_last_administrator_stays(world: World, admin: User, browser: Browser) -> None:
    [membership] = world.all(select(Membership).where(Membership.user_id == admin.id))

    page = browser.post(f"/admin/memberships/{membership.id}/end", status=409)

    assert "Đây là quản trị viên cuối cùng." in page.get_text()
