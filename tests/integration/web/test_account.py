from datetime import UTC, datetime
from typing import Any

import pytest
from sqlalchemy import select

from app.domain.contests import ContestState
from app.domain.permissions import SYSTEM, Role
from app.domain.results import Office
from app.models import Judge, Membership, User
from app.services.accounts import Invite, invite, make_password_link
from tests.browsing import PASSWORD, Browser, Page
from tests.builders import World
from tests.queries import count_queries
from tests.signing_in import NEW, attempt, is_signed_in, summary

EMAIL = "hanh@example.vn"
TYPED = {"name": "Trần Thị Hạnh", "password": NEW, "password_again": NEW}
DIFFERENT = "Hai mật khẩu không giống nhau. Hãy nhập cùng một mật khẩu hai lần."


def link_to(world: World, role: Role, email: str = EMAIL, /, **place: Any) -> str:
    with world.session() as session:
        command = Invite(email, "Trần Thị Hạnh", role, **place)
        return "/account/invitation/" + invite(session, command, actor=SYSTEM, now=datetime.now(UTC))


def password_link(world: World, user: User) -> str:
    with world.session() as session:
        return "/account/invitation/" + make_password_link(
            session, user.id, actor=SYSTEM, now=datetime.now(UTC)
        )


def facts(page: Page) -> dict[str, str]:
    return {
        fact.dt.get_text(strip=True): fact.dd.get_text(strip=True)
        for fact in page.select(".fact")
        if fact.dt is not None and fact.dd is not None
    }


def test_the_own_account_shows_who_one_is_and_what_one_may_do_where(world: World, browser: Browser) -> None:
    contest = world.contest(name="Bình chọn cấp tỉnh năm 2026")
    user = world.organiser(world.territory("Lâm Đồng"))
    world.judge(contest, user, is_head=True)
    world.council_member(contest, Office.CHAIR, user)
    browser.sign_in(user)

    page = browser.get("/account/")

    assert facts(page) == {
        "Họ và tên": user.name,
        "Địa chỉ thư điện tử": user.email,
        "Ngôn ngữ": "Tiếng Việt",
    }
    assert [item.get_text(" ", strip=True) for item in page.select("main h2 + ul li")] == [
        "Cơ quan tổ chức: Tỉnh Lâm Đồng",
        "Trưởng ban giám khảo: Bình chọn cấp tỉnh năm 2026",
        "Thành viên hội đồng: Bình chọn cấp tỉnh năm 2026",
    ]


def test_the_own_account_is_shown_in_english_too(world: World, browser: Browser) -> None:
    browser.sign_in(world.organiser(world.territory("Lâm Đồng")))
    browser.post("/language/en", {"next": "/account/"})

    page = browser.follow()

    assert page.heading == "My account"
    assert [item.get_text(" ", strip=True) for item in page.select("main h2 + ul li")] == [
        "Organiser: Lam Dong"
    ]


def test_the_own_account_is_not_for_strangers(browser: Browser) -> None:
    response = browser.client.get("/account/")

    assert (response.status_code, response.headers["Location"]) == (303, "/sign-in?next=/account/")


@pytest.mark.parametrize(
    ("typed", "errors"),
    [
        ({"password": "sai hẳn rồi nhé"}, {"password": "Mật khẩu không đúng."}),
        ({"password": ""}, {"password": "Hãy nhập mật khẩu."}),
        ({"new_password_confirm": "khác"}, {"new_password_confirm": DIFFERENT}),
        (
            {"new_password": PASSWORD, "new_password_confirm": PASSWORD},
            {"password": "Mật khẩu mới phải khác mật khẩu hiện tại."},
        ),
        (
            {"new_password": "ngắn", "new_password_confirm": "ngắn"},
            {"new_password": "Hãy dùng ít nhất 12 ký tự; nên dùng một câu ngắn."},
        ),
        (
            {"new_password": "p" * 10_000, "new_password_confirm": "p" * 10_000},
            {"new_password": "Nhập tối đa 128 ký tự."},
        ),
    ],
)
def test_a_refused_change_of_the_password_says_why(
    world: World, browser: Browser, typed: dict[str, str], errors: dict[str, str]
) -> None:
    user = world.user()
    browser.sign_in(user)
    before = world.get(User, user.id).password
    values = {"password": PASSWORD, "new_password": NEW, "new_password_confirm": NEW} | typed

    page = browser.post("/account/password", values, status=422)

    assert page.field_errors == errors
    assert world.get(User, user.id).password == before


def test_an_invited_person_makes_an_account_and_signs_in(world: World, browser: Browser) -> None:
    territory = world.territory("Lâm Đồng")
    link = link_to(world, Role.ORGANISER, territory_id=territory.id)

    page = browser.get(link)
    browser.post(link, TYPED)
    landed = browser.follow()
    attempt(browser, EMAIL, NEW, status=302)

    shown = facts(page)
    assert (shown["Vai trò"], shown["Nơi"], shown["Địa chỉ thư điện tử"]) == (
        "Cơ quan tổ chức",
        "Tỉnh Lâm Đồng",
        EMAIL,
    )
    assert page.values("form[name=invitation_form]")["name"] == "Trần Thị Hạnh"
    assert landed.flashes == [
        "Tài khoản của bạn đã sẵn sàng. Hãy đăng nhập bằng địa chỉ thư điện tử và mật khẩu."
    ]
    assert is_signed_in(browser)


def test_the_password_is_stored_as_an_argon2_hash(world: World, browser: Browser) -> None:
    link = link_to(world, Role.ADMINISTRATOR)

    browser.post(link, TYPED)

    [stored] = world.all(select(User.password).where(User.email == EMAIL))
    assert stored.startswith("$argon2id$")


@pytest.mark.parametrize(
    ("typed", "errors"),
    [
        ({"name": ""}, {"name": "Hãy nhập đầy đủ họ tên như sẽ in trên văn bản."}),
        ({"name": "H" * 10_000}, {"name": "Hãy nhập đầy đủ họ tên như sẽ in trên văn bản."}),
        ({"password": ""}, {"password": "Hãy đặt mật khẩu.", "password_again": DIFFERENT}),
        ({"password_again": ""}, {"password_again": DIFFERENT}),
        (
            {"password": "ngắn", "password_again": "ngắn"},
            {"password": "Hãy dùng ít nhất 12 ký tự; nên dùng một câu ngắn."},
        ),
        (
            {"password": "Binh Chon 2026!", "password_again": "Binh Chon 2026!"},
            {
                "password": "Mật khẩu này dễ đoán: phần lớn là từ thông dụng, dãy phím liền nhau"
                " hoặc địa chỉ thư điện tử của bạn. Hãy dùng từ khác."
            },
        ),
    ],
)
def test_a_refused_account_says_why_and_keeps_what_was_typed(
    world: World, browser: Browser, typed: dict[str, str], errors: dict[str, str]
) -> None:
    link = link_to(world, Role.ADMINISTRATOR)

    page = browser.post(link, {**TYPED, "name": "Trần Hạnh", **typed}, status=422)

    assert page.field_errors == errors
    assert page.values("form[name=invitation_form]")["name"] == typed.get("name", "Trần Hạnh")
    assert world.all(select(User).where(User.email == EMAIL)) == []
    browser.post(link, TYPED)


def test_a_hostile_name_is_shown_as_text(world: World, browser: Browser) -> None:
    link = link_to(world, Role.ADMINISTRATOR)

    browser.post(link, {**TYPED, "name": "<script>alert(1)</script>\0"})

    [name] = world.all(select(User.name).where(User.email == EMAIL))
    assert name == "<script>alert(1)</script>"
    browser.sign_in(EMAIL, NEW)
    assert facts(browser.get("/account/"))["Họ và tên"] == name


@pytest.mark.parametrize("token", ["x", "x" * 43, "x" * 5_000, "%00", "%F0%9F%8E%8D", "<script>"])
def test_an_unknown_link_is_not_found(browser: Browser, token: str) -> None:
    assert browser.get(f"/account/invitation/{token}", status=404).heading == "Không tìm thấy trang"


def test_a_used_link_says_what_to_do(world: World, browser: Browser) -> None:
    link = link_to(world, Role.ADMINISTRATOR)
    browser.post(link, TYPED)

    page = browser.get(link, status=404)

    assert "Hãy đề nghị người đã gửi cấp cho bạn đường dẫn mới." in page.get_text()


def test_looking_at_a_link_does_not_use_it(world: World, browser: Browser) -> None:
    link = link_to(world, Role.ADMINISTRATOR)

    for _ in range(3):
        browser.get(link)

    browser.post(link, TYPED)


def test_a_person_with_an_account_signs_in_and_accepts(world: World, browser: Browser) -> None:
    contest = world.contest(ContestState.REGISTRATION)
    user = world.user(email=EMAIL)
    link = link_to(world, Role.JUDGE, contest_id=contest.id, position="PGS. TS")

    asked = browser.get(link)
    [button] = asked.select("a.btn-primary")
    page = browser.get(str(button["href"]))
    values = page.values("form[name=login_user_form]") | {"email": EMAIL, "password": PASSWORD}
    browser.post("/sign-in", values, status=302)
    browser.get(browser.location)
    browser.post(link)

    assert browser.location == "/"
    [judge] = world.all(select(Judge))
    assert (judge.user_id, judge.contest_id, judge.position) == (user.id, contest.id, "PGS. TS")


def test_nobody_accepts_for_an_account_without_signing_in(world: World, browser: Browser) -> None:
    user = world.user(email=EMAIL)
    link = link_to(world, Role.ADMINISTRATOR)

    page = browser.post(link, TYPED, status=200)

    assert page.select("form[name=invitation_form]") == []
    assert world.all(select(Membership).where(Membership.user_id == user.id)) == []


@pytest.mark.parametrize("known", [True, False])
def test_somebody_else_is_told_to_sign_out(world: World, browser: Browser, known: bool) -> None:
    if known:
        world.user(email=EMAIL)
    link = link_to(world, Role.ADMINISTRATOR)
    browser.sign_in(world.user(email="minh@example.vn"))

    page = browser.post(link, TYPED, status=200)

    assert (
        "Đường dẫn này dành cho hanh@example.vn, nhưng bạn đang đăng nhập bằng minh@example.vn."
        in page.get_text()
    )
    assert world.all(select(Membership)) == []


def test_a_role_held_meanwhile_is_said_on_top(world: World, browser: Browser) -> None:
    contest = world.contest(ContestState.REGISTRATION)
    user = world.user(email=EMAIL)
    link = link_to(world, Role.JUDGE, contest_id=contest.id)
    world.judge(contest, user)
    browser.sign_in(user)

    page = browser.post(link, status=422)

    assert summary(page) == ["Người này đã có vai trò này ở đây."]


def test_a_password_link_sets_a_new_password(world: World, browser: Browser) -> None:
    user = world.user()
    link = password_link(world, user)

    page = browser.get(link)
    refused = browser.post(link, {"password": NEW, "password_again": "khác"}, status=422)
    browser.post(link, {"password": NEW, "password_again": NEW})
    landed = browser.follow()
    browser.sign_in(user, NEW)

    assert page.heading == refused.heading == "Đặt mật khẩu mới"
    assert refused.field_errors == {"password_again": DIFFERENT}
    assert landed.flashes == ["Đã đặt mật khẩu mới. Hãy dùng mật khẩu này để đăng nhập."]
    assert is_signed_in(browser)
    browser.get(link, status=404)


def test_a_password_link_works_for_somebody_who_has_guessed_too_often(world: World, browser: Browser) -> None:
    user = world.user()
    for _ in range(5):
        attempt(browser, user.email)

    browser.post(password_link(world, user), {"password": NEW, "password_again": NEW})

    attempt(browser, user.email, NEW, status=302)


def test_a_signed_in_person_may_use_the_own_password_link(world: World, browser: Browser) -> None:
    user = world.user()
    browser.sign_in(user)

    browser.post(password_link(world, user), {"password": NEW, "password_again": NEW})

    assert not is_signed_in(browser)
    browser.sign_in(user, NEW)


def test_the_own_account_costs_the_same_with_many_roles(world: World, browser: Browser) -> None:
    user = world.user()
    browser.sign_in(user)
    counts = []
    for _ in range(2):
        world.judge(world.contest(), user)
        with count_queries(browser.app.extensions["binhchon_engine"]) as sent:
            browser.get("/account/")
        counts.append(len(sent))

    assert counts[0] == counts[1]
