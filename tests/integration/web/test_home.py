import pytest
from flask import Flask

from app.domain.permissions import Role
from tests.browsing import Browser
from tests.builders import World


def test_the_home_page_says_what_this_is_to_strangers(browser: Browser) -> None:
    assert browser.get("/").heading == "Bình chọn sản phẩm công nghiệp nông thôn tiêu biểu"


def test_people_with_work_are_sent_to_it(world: World, browser: Browser) -> None:
    browser.sign_in(world.member(Role.ADMINISTRATOR))

    response = browser.client.get("/")

    assert (response.status_code, response.headers["Location"]) == (303, "/admin/")


def test_people_without_a_role_see_the_home_page(world: World, browser: Browser) -> None:
    browser.sign_in(world.user())

    browser.get("/")


def test_the_language_is_kept_and_the_reader_stays_on_the_page(browser: Browser) -> None:
    page = browser.get("/sign-in?next=/account/")
    values = page.values("form[action='/language/en']")

    browser.post("/language/en", values)
    english = browser.follow()

    assert browser.location == "/sign-in?next=/account/"
    assert (page.heading, english.heading) == ("Đăng nhập", "Sign in")
    assert browser.get("/").select_one("html[lang=en]") is not None


def test_an_unknown_language_changes_nothing(browser: Browser) -> None:
    browser.post("/language/fr", {"next": "/"})

    assert browser.follow().select_one("html[lang=vi]") is not None


@pytest.mark.parametrize(
    "target",
    [
        "https://example.com/",
        "//example.com",
        "/\\example.com",
        "/\t/example.com",
        "/\n/example.com",
        "example.com",
        "",
    ],
)
def test_switching_the_language_sends_nobody_to_a_foreign_site(browser: Browser, target: str) -> None:
    browser.post("/language/en", {"next": target})

    assert browser.location == "/"


def test_the_health_check_answers(app: Flask) -> None:
    response = app.test_client().get("/healthz")

    assert (response.status_code, response.get_json()) == (200, {"status": "ok"})
