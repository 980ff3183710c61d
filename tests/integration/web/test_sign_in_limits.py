from datetime import timedelta

import time_machine
from flask import Flask
from sqlalchemy import select

from app.config import Settings
from app.models import SignInAttempt
from app.web.factory import create_app
from tests.browsing import PASSWORD, Browser
from tests.builders import World
from tests.signing_in import MOMENT, NEW, REFUSED, WRONG, attempt, summary


def test_after_five_wrong_passwords_even_the_right_one_waits(world: World, browser: Browser) -> None:
    user = world.user()
    with time_machine.travel(MOMENT, tick=False):
        for _ in range(5):
            assert summary(attempt(browser, user.email)) == [REFUSED]

        page = attempt(browser, user.email, PASSWORD, status=429)

    assert summary(page) == ["Bạn đã nhập sai quá nhiều lần. Hãy thử lại sau 15 phút."]


def test_an_address_without_an_account_is_limited_alike(browser: Browser) -> None:
    with time_machine.travel(MOMENT, tick=False):
        for _ in range(5):
            attempt(browser, "khong-co@example.vn")

        page = attempt(browser, "KHONG-CO@example.vn", status=429)

    assert summary(page) == ["Bạn đã nhập sai quá nhiều lần. Hãy thử lại sau 15 phút."]


def test_the_wait_runs_from_the_oldest_of_the_five(world: World, browser: Browser) -> None:
    user = world.user()
    with time_machine.travel(MOMENT, tick=False) as clock:
        for _ in range(5):
            attempt(browser, user.email)
            clock.shift(timedelta(minutes=2))
        early = attempt(browser, user.email, PASSWORD, status=429)
        clock.shift(timedelta(minutes=5))

        attempt(browser, user.email, PASSWORD, status=302)

    assert summary(early) == ["Bạn đã nhập sai quá nhiều lần. Hãy thử lại sau 5 phút."]


def test_what_is_refused_while_waiting_does_not_prolong_the_wait(world: World, browser: Browser) -> None:
    user = world.user()
    with time_machine.travel(MOMENT, tick=False) as clock:
        for _ in range(5):
            attempt(browser, user.email)
        for _ in range(5):
            clock.shift(timedelta(minutes=2))
            attempt(browser, user.email, status=429)
        clock.shift(timedelta(minutes=5))

        attempt(browser, user.email, PASSWORD, status=302)


def test_the_right_password_forgives_the_wrong_ones_before(world: World, browser: Browser) -> None:
    user = world.user()
    for _ in range(4):
        attempt(browser, user.email)
    attempt(browser, user.email, PASSWORD, status=302)
    browser.sign_out()

    for _ in range(4):
        attempt(browser, user.email)

    attempt(browser, user.email, PASSWORD, status=302)


def test_one_address_has_thirty_wrong_passwords_for_all_accounts(app: Flask) -> None:
    browser, elsewhere = Browser(app), Browser(app)
    with time_machine.travel(MOMENT, tick=False):
        for number in range(30):
            attempt(browser, f"nguoi{number}@example.vn")

        attempt(browser, "nguoi31@example.vn", status=429)
        attempt(elsewhere, "nguoi32@example.vn", environ_base={"REMOTE_ADDR": "192.0.2.7"})


def test_the_ipv6_line_of_one_customer_counts_as_one_address(browser: Browser) -> None:
    with time_machine.travel(MOMENT, tick=False):
        for number in range(30):
            attempt(
                browser,
                f"nguoi{number}@example.vn",
                environ_base={"REMOTE_ADDR": f"2001:db8::{number:x}"},
            )

        attempt(browser, "nguoi31@example.vn", status=429, environ_base={"REMOTE_ADDR": "2001:db8::ffff"})
        attempt(browser, "nguoi32@example.vn", environ_base={"REMOTE_ADDR": "2001:db8:0:1::1"})


def test_wrong_attempts_are_forgotten_when_they_no_longer_count(world: World, browser: Browser) -> None:
    with time_machine.travel(MOMENT, tick=False) as clock:
        attempt(browser, "a@example.vn")
        clock.shift(timedelta(minutes=15))
        attempt(browser, "b@example.vn")

    assert [row.at for row in world.all(select(SignInAttempt))] == [MOMENT + timedelta(minutes=15)]


def test_the_limit_outlives_a_restart(world: World, settings: Settings, browser: Browser) -> None:
    user = world.user()
    with time_machine.travel(MOMENT, tick=False):
        for _ in range(5):
            attempt(browser, user.email)
        restarted = create_app(settings)

        attempt(Browser(restarted), user.email, PASSWORD, status=429)

    restarted.extensions["binhchon_engine"].dispose()


def test_passwords_asked_again_inside_are_limited_too(world: World, browser: Browser) -> None:
    browser.sign_in(world.user())
    for _ in range(3):
        browser.post("/account/verify", {"password": WRONG}, status=422)
    for _ in range(2):
        values = {
            "password": WRONG,
            "new_password": NEW,
            "new_password_confirm": NEW,
        }
        browser.post("/account/password", values, status=422)

    browser.post("/account/verify", {"password": PASSWORD}, status=429)


def test_a_form_that_is_refused_for_something_else_forgives_nothing(world: World, browser: Browser) -> None:
    browser.sign_in(world.user())
    unequal = {"password": PASSWORD, "new_password": NEW, "new_password_confirm": "khác"}
    for _ in range(4):
        browser.post("/account/verify", {"password": WRONG}, status=422)
    browser.post("/account/password", unequal, status=422)

    browser.post("/account/verify", {"password": WRONG}, status=422)

    browser.post("/account/verify", {"password": PASSWORD}, status=429)
