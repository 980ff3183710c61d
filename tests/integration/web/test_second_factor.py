from datetime import timedelta

import pytest
import time_machine
from flask import Flask
from sqlalchemy import select

from app.config import Settings
from app.domain.permissions import Role
from app.models import LedgerEvent, User
from app.web.factory import create_app
from tests.browsing import PASSWORD, Browser
from tests.builders import World
from tests.signing_in import (
    MOMENT,
    NEW,
    attempt,
    code_of,
    is_signed_in,
    key_on,
    set_up_second_factor,
    summary,
)

WRONG_CODE = "Mã không đúng hoặc đã quá 30 giây. Hãy nhập mã tiếp theo."


def person_with_second_factor(world: World, browser: Browser) -> tuple[User, str]:
    """Somebody signed out again, and the key of the app."""
    user = world.user()
    browser.sign_in(user)
    key = set_up_second_factor(browser)
    browser.sign_out()
    return user, key


def recovery_codes(browser: Browser) -> list[str]:
    page = browser.post("/account/recovery-codes", {"generate_new_codes": "1"}, status=200)
    return [item.get_text(strip=True) for item in page.select(".recovery-codes li")]


def test_the_square_is_a_picture_that_our_policy_allows(world: World, browser: Browser) -> None:
    browser.sign_in(world.user())

    page = browser.post("/account/second-factor", {"setup": "authenticator"}, status=200)

    [square] = page.select("img.qr")
    assert str(square["src"]).startswith("data:image/svg+xml;base64,")
    assert len(key_on(page)) == 32


def test_with_a_second_factor_the_password_alone_is_not_enough(world: World, browser: Browser) -> None:
    with time_machine.travel(MOMENT, tick=False) as clock:
        user, key = person_with_second_factor(world, browser)
        clock.shift(timedelta(minutes=1))

        attempt(browser, user.email, PASSWORD, status=302)
        assert not is_signed_in(browser)
        assert browser.follow().heading == "Nhập mã xác thực"
        browser.post("/sign-in/code", {"code": code_of(key)}, status=302)

        assert is_signed_in(browser)


def test_the_way_back_survives_the_second_step(world: World, browser: Browser) -> None:
    with time_machine.travel(MOMENT, tick=False) as clock:
        user, key = person_with_second_factor(world, browser)
        clock.shift(timedelta(minutes=1))
        values = browser.get("/sign-in?next=/account/password").values("form[name=login_user_form]")

        browser.post("/sign-in", {**values, "email": user.email, "password": PASSWORD}, status=302)
        form = browser.follow().select_one("form[name=two_factor_verify_code_form]")
        assert form is not None
        browser.post(str(form["action"]), {"code": code_of(key)}, status=302)

    assert browser.location == "/account/password"


def test_a_wrong_code_while_setting_up_can_be_typed_again(world: World, browser: Browser) -> None:
    browser.sign_in(world.user())
    key = key_on(browser.post("/account/second-factor", {"setup": "authenticator"}, status=200))

    page = browser.post("/sign-in/code", {"code": "000 000"}, status=422)
    browser.post("/sign-in/code", {"code": code_of(key)}, status=302)

    assert page.field_errors == {"code": WRONG_CODE}
    assert browser.follow().flashes == ["Đã thiết lập xác thực hai lớp."]


def test_a_code_is_good_once(world: World, browser: Browser) -> None:
    with time_machine.travel(MOMENT, tick=False):
        user, key = person_with_second_factor(world, browser)
        attempt(browser, user.email, PASSWORD, status=302)

        page = browser.post("/sign-in/code", {"code": code_of(key)}, status=422)

    assert page.field_errors == {"code": WRONG_CODE}


@pytest.mark.parametrize("code", ["", "12", "abcdef", "<script>", "1" * 10_000, "12345\0", "１２３４５６"])
def test_a_code_that_is_none_is_refused(world: World, browser: Browser, code: str) -> None:
    user, _ = person_with_second_factor(world, browser)
    attempt(browser, user.email, PASSWORD, status=302)

    page = browser.post("/sign-in/code", {"code": code}, status=422)

    assert list(page.field_errors) == ["code"]
    assert not is_signed_in(browser)


def test_after_five_wrong_codes_even_the_right_one_waits(world: World, browser: Browser) -> None:
    with time_machine.travel(MOMENT, tick=False) as clock:
        user, key = person_with_second_factor(world, browser)
        clock.shift(timedelta(minutes=1))
        attempt(browser, user.email, PASSWORD, status=302)
        for _ in range(3):
            browser.post("/sign-in/code", {"code": "000000"}, status=422)
        for _ in range(2):
            browser.post("/sign-in/recovery", {"code": "0000-0000-0000"}, status=422)

        page = browser.post("/sign-in/code", {"code": code_of(key)}, status=429)

    assert summary(page) == ["Bạn đã nhập sai quá nhiều lần. Hãy thử lại sau 15 phút."]


def test_typing_the_password_again_gives_no_more_codes(world: World, browser: Browser) -> None:
    with time_machine.travel(MOMENT, tick=False) as clock:
        user, key = person_with_second_factor(world, browser)
        clock.shift(timedelta(minutes=1))
        for _ in range(5):
            attempt(browser, user.email, PASSWORD, status=302)
            browser.post("/sign-in/code", {"code": "000000"}, status=422)
        attempt(browser, user.email, PASSWORD, status=302)

        browser.post("/sign-in/code", {"code": code_of(key)}, status=429)


def test_a_recovery_code_signs_in_once_however_it_is_typed(world: World, browser: Browser) -> None:
    user = world.user()
    browser.sign_in(user)
    set_up_second_factor(browser)
    first, second, *rest = recovery_codes(browser)
    browser.sign_out()

    attempt(browser, user.email, PASSWORD, status=302)
    browser.post("/sign-in/recovery", {"code": f" {first.upper()} "}, status=302)
    assert is_signed_in(browser)
    browser.sign_out()
    attempt(browser, user.email, PASSWORD, status=302)
    page = browser.post("/sign-in/recovery", {"code": first}, status=422)
    browser.post("/sign-in/recovery", {"code": second}, status=302)

    assert len(rest) == 6
    assert page.field_errors == {"code": "Mã dự phòng không đúng hoặc đã được dùng."}
    assert is_signed_in(browser)


def test_secrets_of_the_second_factor_are_stored_encrypted(world: World, browser: Browser) -> None:
    user = world.user()
    browser.sign_in(user)
    key = set_up_second_factor(browser)
    codes = recovery_codes(browser)

    stored = world.get(User, user.id)

    assert stored.tf_totp_secret
    assert stored.mf_recovery_codes
    assert key not in stored.tf_totp_secret
    assert set(codes).isdisjoint(stored.mf_recovery_codes)


def test_setting_up_asks_for_the_password_when_it_was_typed_long_ago(world: World, browser: Browser) -> None:
    with time_machine.travel(MOMENT, tick=False) as clock:
        browser.sign_in(world.user())
        clock.shift(timedelta(minutes=31))

        browser.get("/account/second-factor", status=302)
        asked = browser.get("/account/verify?next=/account/second-factor")
        refused = browser.post("/account/verify", {"password": NEW}, status=422)
        browser.post(
            "/account/verify", {**asked.values("form[name=verify_form]"), "password": PASSWORD}, status=302
        )

        assert asked.flashes == ["Để tiếp tục, vui lòng nhập lại mật khẩu."]
        assert refused.field_errors == {"password": "Mật khẩu không đúng."}
        assert browser.location == "/account/second-factor"
        assert browser.get("/account/second-factor").heading == "Xác thực hai lớp"


def test_turning_it_off_throws_the_recovery_codes_away(world: World, browser: Browser) -> None:
    user = world.user()
    browser.sign_in(user)
    set_up_second_factor(browser)
    recovery_codes(browser)

    browser.post("/account/second-factor", {"setup": "disable"}, status=302)

    now = world.get(User, user.id)
    assert (now.tf_primary_method, now.tf_totp_secret, now.mf_recovery_codes) == (None, None, None)
    browser.sign_out()
    attempt(browser, user.email, PASSWORD, status=302)
    assert is_signed_in(browser)


def test_turning_it_on_and_off_is_in_the_ledger(world: World, browser: Browser) -> None:
    browser.sign_in(world.user())

    set_up_second_factor(browser)
    browser.post("/account/second-factor", {"setup": "disable"}, status=302)

    assert world.all(select(LedgerEvent.action).order_by(LedgerEvent.id)) == [
        "account:sign-in",
        "account:set-up-second-factor",
        "account:turn-off-second-factor",
    ]


@pytest.mark.parametrize("path", ["/sign-in/code", "/sign-in/recovery", "/sign-in/rescue", "/sign-in/method"])
def test_the_second_step_cannot_come_first(browser: Browser, path: str) -> None:
    response = browser.client.get(path)

    assert (response.status_code, response.headers["Location"]) == (302, "/sign-in")


def test_an_installation_may_ask_everybody_for_a_second_factor(world: World, settings: Settings) -> None:
    strict = create_app(Settings(**{**vars(settings), "require_second_factor": True}))
    browser, user = Browser(strict), world.member(Role.ADMINISTRATOR)

    attempt(browser, user.email, PASSWORD, status=302)
    assert browser.location.startswith("/account/second-factor")
    assert not is_signed_in(browser)
    key = key_on(browser.post("/account/second-factor", {"setup": "authenticator"}, status=200))
    browser.post("/sign-in/code", {"code": code_of(key)}, status=302)

    assert is_signed_in(browser)
    page = browser.get("/account/second-factor")
    assert page.select("form[name=two_factor_disable_form]") == []
    strict.extensions["binhchon_engine"].dispose()


def test_another_installation_key_gives_other_secrets(app: Flask, settings: Settings) -> None:
    other = create_app(Settings(**{**vars(settings), "secret_key": "another key, of another installation"}))

    names = ("SECURITY_TOTP_SECRETS", "SECURITY_MULTI_FACTOR_RECOVERY_CODES_KEYS", "SECRET_KEY")
    assert all(app.config[name] != other.config[name] for name in names)
    assert len({str(app.config[name]) for name in names}) == 3
    other.extensions["binhchon_engine"].dispose()
