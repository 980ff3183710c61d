"""A form that is sent over the end of the session."""

from collections.abc import Mapping

from app.models import User
from tests.browsing import PASSWORD, Browser, Page


def send_signed_out(browser: Browser, page: str, typed: Mapping[str, object], *, to: str = "") -> Page:
    """Send a form of a page when the session has ended; give the page on which to sign in."""
    token = browser.get(page).values("main form")["csrf_token"]
    browser.client.delete_cookie("session")
    referer = {"Origin": "http://localhost", "Referer": f"http://localhost{page}"}
    browser.post(to or page, {**typed, "csrf_token": token}, headers=referer)
    return browser.follow()


def sign_in_again(browser: Browser, user: User, page: Page) -> None:
    """Sign in on the page that asks for it."""
    form = page.values("form[name=login_user_form]")
    browser.post("/sign-in", {**form, "email": user.email, "password": PASSWORD}, status=302)


def typed_again(
    browser: Browser, user: User, page: str, typed: Mapping[str, object], *, to: str = ""
) -> Page:
    """What a page shows after its form was sent over the end of the session, and the same person signed in."""
    sign_in_again(browser, user, send_signed_out(browser, page, typed, to=to))
    assert browser.location == page
    return browser.follow()
