"""What every answer carries, and the flags of the cookie."""

from dataclasses import replace

import pytest
from flask import Flask

from app.config import Settings
from app.domain.permissions import Role
from app.web.factory import create_app
from tests.browsing import PASSWORD, Browser
from tests.builders import World

POLICY = (
    "default-src 'self'; img-src 'self' data:; object-src 'none'; base-uri 'none';"
    " form-action 'self'; frame-ancestors 'none'"
)
ANSWERS = [
    ("GET", "/", 200),
    ("GET", "/sign-in", 200),
    ("GET", "/results/", 200),
    ("GET", "/healthz", 200),
    ("GET", "/static/css/app.css", 200),
    ("GET", "/no-such-page", 404),
    ("GET", "/static/no-such-file", 404),
    ("GET", "/account/", 303),
    ("GET", "/c/XXXX", 404),
    ("DELETE", "/", 405),
    ("POST", "/language/vi", 400),
    ("POST", "/sign-in", 303),
]


@pytest.mark.parametrize(("method", "path", "status"), ANSWERS)
def test_every_answer_carries_the_headers(app: Flask, method: str, path: str, status: int) -> None:
    response = app.test_client().open(path, method=method)
    response.close()

    assert response.status_code == status
    assert response.headers["Content-Security-Policy"] == POLICY
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert response.headers["Referrer-Policy"] == "same-origin"
    assert response.headers["Cross-Origin-Opener-Policy"] == "same-origin"
    assert response.headers["Permissions-Policy"] == "camera=(), geolocation=(), microphone=()"
    assert "Strict-Transport-Security" not in response.headers


def test_a_mistake_of_ours_carries_the_headers_too(own_app: Flask) -> None:
    own_app.config["PROPAGATE_EXCEPTIONS"] = False

    @own_app.get("/broken")
    def broken() -> str:
        raise RuntimeError("a bug")

    response = own_app.test_client().get("/broken")

    assert response.status_code == 500
    assert response.headers["Content-Security-Policy"] == POLICY
    assert "a bug" not in response.get_data(as_text=True)


@pytest.mark.parametrize("path", ["/", "/sign-in", "/account/", "/no-such-page"])
def test_pages_are_kept_by_no_cache(app: Flask, path: str) -> None:
    assert "no-store" in app.test_client().get(path).headers["Cache-Control"]


def test_the_session_is_no_ones_but_the_server_s(world: World, browser: Browser) -> None:
    user = world.member(Role.ADMINISTRATOR)
    token = browser.csrf_token()

    response = browser.client.post(
        "/sign-in", data={"email": user.email, "password": PASSWORD, "csrf_token": token}
    )

    cookie, owner = response.headers.getlist("Set-Cookie")
    name, *flags = cookie.split("; ")
    assert name.startswith("session=")
    assert {flag for flag in flags if not flag.startswith("Expires=")} == {
        "HttpOnly",
        "Path=/",
        "SameSite=Lax",
    }
    assert owner.startswith(f"session-owner={user.id}; ")


def test_with_tls_the_cookie_is_bound_to_host_and_tls(settings: Settings) -> None:
    app = create_app(replace(settings, public_url="https://binhchon.example.vn"))

    response = app.test_client().get("/sign-in", base_url="https://binhchon.example.vn")

    [cookie] = response.headers.getlist("Set-Cookie")
    name, *flags = cookie.split("; ")
    assert name.startswith("__Host-session=")
    assert {"Secure", "HttpOnly", "Path=/", "SameSite=Lax"} == set(flags)
    assert response.headers["Strict-Transport-Security"] == "max-age=31536000; includeSubDomains"
    app.extensions["binhchon_engine"].dispose()


def test_files_that_caches_keep_carry_no_cookie(world: World, browser: Browser) -> None:
    browser.sign_in(world.user())

    response = browser.client.get("/static/css/app.css")
    response.close()

    assert "Set-Cookie" not in response.headers
    assert "Cookie" not in response.headers.get("Vary", "")


def test_pages_of_people_who_are_signed_in_vary_by_cookie(world: World, browser: Browser) -> None:
    browser.sign_in(world.user())

    assert "Cookie" in browser.client.get("/account/").headers["Vary"]


def test_a_request_has_a_limit(app: Flask) -> None:
    response = app.test_client().post("/sign-in", data=b"x" * (64 * 1024 * 1024 + 1))

    assert response.status_code == 413
