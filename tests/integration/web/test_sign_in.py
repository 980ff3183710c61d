import unicodedata
from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

import pytest
from flask import Flask
from sqlalchemy import select

from app.domain.permissions import Role
from app.models import LedgerEvent, User
from tests.browsing import PASSWORD, Browser
from tests.builders import World
from tests.signing_in import REFUSED, WRONG, attempt, is_signed_in, summary


def test_a_person_signs_in_and_lands_at_the_own_work(world: World, browser: Browser) -> None:
    browser.sign_in(world.member(Role.ADMINISTRATOR))

    assert browser.location == "/"
    assert browser.client.get("/").headers["Location"] == "/admin/"


def test_after_signing_in_the_page_that_was_asked_for_comes(world: World, browser: Browser) -> None:
    user = world.member(Role.ADMINISTRATOR)
    page = browser.get(browser.client.get("/admin/?q=minh").headers["Location"])

    browser.post(
        "/sign-in",
        {**page.values("form[name=login_user_form]"), "email": user.email, "password": PASSWORD},
        status=302,
    )

    assert browser.location == "/admin/?q=minh"
    assert page.flashes == ["Hãy đăng nhập để tiếp tục."]


def test_the_address_may_be_typed_in_capitals_and_with_spaces(world: World, browser: Browser) -> None:
    user = world.user(email="minh@example.vn")

    attempt(browser, "  MINH@Example.VN ", PASSWORD, status=302)

    assert is_signed_in(browser)
    assert world.get(User, user.id).email == "minh@example.vn"


def test_a_password_may_be_typed_by_a_keyboard_that_composes_otherwise(
    world: World, browser: Browser
) -> None:
    user = world.user()

    attempt(browser, user.email, unicodedata.normalize("NFD", PASSWORD), status=302)

    assert is_signed_in(browser)


@pytest.mark.parametrize("known", [True, False])
def test_a_wrong_password_and_an_unknown_address_are_answered_alike(
    world: World, browser: Browser, known: bool
) -> None:
    email = world.user().email if known else "khong-co@example.vn"

    page = attempt(browser, email)

    assert summary(page) == [REFUSED]
    assert page.values("form[name=login_user_form]")["email"] == email
    assert page.field_errors == {}


@pytest.mark.parametrize("known", [True, False])
def test_argon2_runs_for_unknown_addresses_too(
    world: World, app: Flask, browser: Browser, monkeypatch: pytest.MonkeyPatch, known: bool
) -> None:
    context = app.extensions["security"].pwd_context
    runs: list[str] = []

    def counted(name: str) -> Callable[..., Any]:
        real = getattr(context, name)

        def run(*args: Any) -> Any:
            runs.append(name)
            return real(*args)

        return run

    for name in ("verify", "hash"):
        monkeypatch.setattr(context, name, counted(name))

    attempt(browser, world.user().email if known else "khong-co@example.vn")

    assert len(runs) == 1


@pytest.mark.parametrize(
    ("email", "password"),
    [
        ("", ""),
        ("minh@example.vn", ""),
        ("", WRONG),
        ("minh", WRONG),
        ("minh@example.vn\0.", WRONG),
        ("minh@example.vn", "\0" * 20),
        ("<script>alert(1)</script>", WRONG),
        ("m" * 10_000, "p" * 10_000),
        ("minh@example.vn", "🎍" * 40),
    ],
)
def test_strange_input_is_refused_like_any_other(
    world: World, browser: Browser, email: str, password: str
) -> None:
    world.user(email="minh@example.vn")

    assert summary(attempt(browser, email, password)) == [REFUSED]


def test_a_disabled_account_is_answered_like_a_wrong_password(world: World, browser: Browser) -> None:
    user = world.user(active=False)

    assert summary(attempt(browser, user.email, PASSWORD)) == [REFUSED]


@pytest.mark.parametrize(
    "target",
    [
        "https://example.com/",
        "//example.com",
        "///example.com",
        "/\\example.com",
        "\\\\example.com",
        "https:example.com",
        "javascript:alert(1)",
        "\t//example.com",
        " //example.com",
        "http://localhost.example.com/",
        "http://localhost@example.com/",
    ],
)
def test_nobody_is_sent_to_a_foreign_site(world: World, browser: Browser, target: str) -> None:
    user = world.user()
    page = browser.get("/sign-in", query_string={"next": target})
    values = page.values("form[name=login_user_form]") | {"email": user.email, "password": PASSWORD}

    browser.post("/sign-in", values, status=302, query_string={"next": target})

    parts = urlsplit(browser.location)
    assert (parts.scheme, parts.netloc) in {("", ""), ("http", "localhost")}
    assert "\\" not in browser.location
    assert not parts.path.startswith("//")


def test_the_token_of_forms_is_new_after_signing_in(world: World, browser: Browser) -> None:
    before = browser.csrf_token()

    browser.sign_in(world.user())

    response = browser.client.post("/account/end-sessions", data={"csrf_token": before})
    assert response.status_code == 400


def test_signing_in_and_out_is_in_the_ledger(world: World, browser: Browser) -> None:
    user = world.user()

    browser.sign_in(user)

    [event] = world.all(select(LedgerEvent))
    assert (event.actor_id, event.action, event.details) == (
        user.id,
        "account:sign-in",
        '{"address":"127.0.0.1"}',
    )


def test_signing_out_needs_a_post_with_a_token(world: World, browser: Browser) -> None:
    browser.sign_in(world.user())

    assert browser.client.get("/sign-out").status_code == 405
    assert browser.client.post("/sign-out").status_code == 400
    assert is_signed_in(browser)
    browser.sign_out()
    assert not is_signed_in(browser)


def test_nobody_stays_signed_in_by_a_remember_cookie_or_a_token(world: World, browser: Browser) -> None:
    user = world.user()
    browser.post(
        "/sign-in?include_auth_token",
        {"email": user.email, "password": PASSWORD, "remember": "y"},
        status=302,
    )

    cookies = browser.client._cookies or {}
    assert {cookie.key for cookie in cookies.values()} == {"session", "session-owner"}
    browser.client.delete_cookie("session")
    assert browser.client.get("/account/").status_code == 303


def test_json_is_not_spoken(world: World, browser: Browser) -> None:
    token = browser.csrf_token()

    response = browser.client.post(
        "/sign-in", json={"email": world.user().email}, headers={"X-CSRFToken": token}
    )

    assert response.status_code == 415
