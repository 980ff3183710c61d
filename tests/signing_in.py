"""What the tests of signing in share."""

import re
from datetime import UTC, datetime
from typing import Any

from passlib.totp import TOTP

from tests.browsing import Browser, Page

WRONG = "mật khẩu nào đó thôi"
NEW = "trăng lên đỉnh núi"
REFUSED = "Địa chỉ thư điện tử hoặc mật khẩu không đúng."
MOMENT = datetime(2026, 3, 10, 2, 0, tzinfo=UTC)


def attempt(browser: Browser, email: str, password: str = WRONG, status: int = 422, **kwargs: Any) -> Page:
    """Try to sign in."""
    return browser.post("/sign-in", {"email": email, "password": password}, status=status, **kwargs)


def summary(page: Page) -> list[str]:
    """What the box on top of a refused form says."""
    return [item.get_text(" ", strip=True) for item in page.select(".error-summary li")]


def is_signed_in(browser: Browser) -> bool:
    """Whether the own account can be seen."""
    return browser.client.get("/account/").status_code == 200


def key_on(page: Page) -> str:
    """The key that the page of setting up shows below the square."""
    shown = page.select_one("strong.code")
    assert shown is not None
    return re.sub(r"[\s-]", "", shown.get_text())


def code_of(key: str) -> str:
    """What the authenticator app shows now."""
    return str(TOTP(key=key, format="base32").generate().token)


def set_up_second_factor(browser: Browser) -> str:
    """Turn it on for whoever is signed in; return the key."""
    key = key_on(browser.post("/account/second-factor", {"setup": "authenticator"}, status=200))
    browser.post("/sign-in/code", {"code": code_of(key)}, status=302)
    return key
