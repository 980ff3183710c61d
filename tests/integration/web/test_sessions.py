from datetime import timedelta

import time_machine
from flask import Flask
from sqlalchemy import select

from app.domain.permissions import Role
from app.models import LedgerEvent, User
from app.models.engine import write_session
from app.services.administration import disable_account
from tests.browsing import PASSWORD, Browser
from tests.builders import World
from tests.signing_in import MOMENT, NEW, is_signed_in


def test_a_session_ends_after_two_idle_hours(world: World, browser: Browser) -> None:
    with time_machine.travel(MOMENT, tick=False) as clock:
        browser.sign_in(world.user())
        clock.shift(timedelta(hours=1, minutes=59))
        assert is_signed_in(browser)
        clock.shift(timedelta(hours=1, minutes=59))
        assert is_signed_in(browser)
        clock.shift(timedelta(hours=2, minutes=1))
        assert not is_signed_in(browser)


def test_a_session_ends_twelve_hours_after_the_password_however_busy(world: World, browser: Browser) -> None:
    with time_machine.travel(MOMENT, tick=False) as clock:
        browser.sign_in(world.user())
        for _ in range(11):
            clock.shift(timedelta(hours=1, minutes=5))
            assert is_signed_in(browser)
        clock.shift(timedelta(minutes=6))
        assert not is_signed_in(browser)


def test_a_form_sent_after_the_end_leads_to_the_sign_in_page(world: World, browser: Browser) -> None:
    user = world.member(Role.ADMINISTRATOR)
    with time_machine.travel(MOMENT, tick=False) as clock:
        browser.sign_in(user)
        values = browser.get(f"/admin/accounts/{user.id}").values("form[name=person_form]")
        clock.shift(timedelta(hours=3))

        browser.post(f"/admin/accounts/{user.id}", {**values, "name": "Khác"})
        page = browser.follow()

    assert browser.location == f"/sign-in?next=/admin/accounts/{user.id}"
    assert page.flashes == [
        "Phiên đăng nhập đã kết thúc nên chưa lưu được gì. Vui lòng đăng nhập và gửi lại."
    ]
    assert world.get(User, user.id).name == user.name


def test_a_sign_in_page_left_open_too_long_is_shown_again(world: World, browser: Browser) -> None:
    user = world.user()
    with time_machine.travel(MOMENT, tick=False) as clock:
        values = browser.get("/sign-in?next=/account/").values("form[name=login_user_form]")
        clock.shift(timedelta(hours=3))

        browser.client.post("/sign-in", data={**values, "email": user.email, "password": PASSWORD})
        response = browser.client.post("/sign-in", data={**values, "email": user.email, "password": PASSWORD})

    assert response.headers["Location"] == "/sign-in?next=/account/"


def test_a_forged_form_is_refused_and_not_asked_to_sign_in(world: World, browser: Browser) -> None:
    user = world.member(Role.ADMINISTRATOR)
    browser.sign_in(user)
    browser.get("/account/")

    response = browser.client.post(f"/admin/accounts/{user.id}", data={"name": "Khác", "email": user.email})

    assert response.status_code == 400
    assert world.get(User, user.id).name == user.name


def test_disabling_an_account_ends_its_sessions_at_once(world: World, browser: Browser) -> None:
    user = world.user()
    browser.sign_in(user)
    with write_session(world.engine) as session:
        disable_account(session, user.id, actor=world.actor(world.member(Role.ADMINISTRATOR)), now=MOMENT)

    assert not is_signed_in(browser)


def test_changing_the_password_ends_the_sessions_of_other_devices(world: World, app: Flask) -> None:
    user = world.user()
    here, there = Browser(app), Browser(app)
    here.sign_in(user)
    there.sign_in(user)

    values = {"password": PASSWORD, "new_password": NEW, "new_password_confirm": NEW}
    here.post("/account/password", values, status=302)

    assert is_signed_in(here)
    assert not is_signed_in(there)
    there.sign_in(user, NEW)
    assert is_signed_in(there)
    acts = world.all(select(LedgerEvent.action).order_by(LedgerEvent.id))
    assert acts == ["account:sign-in", "account:sign-in", "account:change-password", "account:sign-in"]


def test_signing_out_everywhere_ends_all_sessions(world: World, app: Flask) -> None:
    user = world.user()
    here, there = Browser(app), Browser(app)
    here.sign_in(user)
    there.sign_in(user)

    here.post("/account/end-sessions")

    assert (is_signed_in(here), is_signed_in(there)) == (False, False)
