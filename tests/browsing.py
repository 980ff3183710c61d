"""A test client that behaves like a careful reader: every page it gets is checked as a page."""

import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

import html5lib
from bs4 import BeautifulSoup, Tag
from flask import Flask
from werkzeug.test import TestResponse

from app.models import User

PASSWORD = "hoa sen nở trên hồ"


class Page(BeautifulSoup):
    """A checked HTML page, with what tests ask of it."""

    @property
    def heading(self) -> str:
        """Text of the only h1."""
        return squeeze(self.select_one("h1"))

    @property
    def flashes(self) -> list[str]:
        """Messages shown on top."""
        return [squeeze(alert) for alert in self.select("main > .alert:not([hidden])")]

    @property
    def field_errors(self) -> dict[str, str]:
        """Name of each refused field -> what is said beside it."""
        return {
            str(error["id"]).removesuffix("-error"): squeeze(error)
            .removeprefix("Lỗi: ")
            .removeprefix("Error: ")
            for error in self.select(".field-error")
        }

    def one(self, selector: str) -> Tag:
        """The first element that matches; there must be one."""
        found = self.select_one(selector)
        assert found is not None, f"no {selector} on the page"
        return found

    def rows(self, selector: str = "table") -> list[list[str]]:
        """Cells of a table's body, row by row."""
        table = self.select_one(selector)
        assert table is not None, f"no {selector} on the page"
        return [[squeeze(cell) for cell in row.select("th, td")] for row in table.select("tbody tr")]

    def values(self, form: str = "main form") -> dict[str, str]:
        """What a form would send as it stands (the first that matches)."""
        found = self.select_one(form)
        assert found is not None, f"no {form} on the page"
        return values_of(found)


def squeeze(tag: Tag | None) -> str:
    """Text of an element with single spaces."""
    assert tag is not None
    return re.sub(r"\s+", " ", tag.get_text(" ")).strip()


def values_of(form: Tag) -> dict[str, str]:
    """Name -> value of the fields of a form, as a browser would send them."""
    values: dict[str, str] = {}
    for field in form.select("input[name], textarea[name], select[name]"):
        name = str(field["name"])
        if field.name == "textarea":
            values[name] = field.get_text().replace("\r\n", "\n").removeprefix("\n")
        elif field.name == "select":
            chosen = field.select_one("option[selected]") or field.select_one("option")
            values[name] = str(chosen["value"]) if chosen else ""
        elif field.get("type") in ("radio", "checkbox"):
            if field.has_attr("checked"):
                values[name] = str(field.get("value", "on"))
        elif field.get("type") != "file":
            values[name] = str(field.get("value", ""))
    return values


class Browser:
    """One person at one browser, with a cookie jar."""

    def __init__(self, app: Flask) -> None:
        self.app = app
        self.client = app.test_client()

    def sign_in(self, user: User | str, password: str = PASSWORD) -> None:
        """Sign in through the real page."""
        email = user if isinstance(user, str) else user.email
        page = self.get("/sign-in")
        values = page.values("form[name=login_user_form]")
        self.post("/sign-in", {**values, "email": email, "password": password}, status=302)

    def sign_out(self) -> None:
        """Sign out by the button."""
        self.post("/sign-out", status=302)

    def get(self, url: str, *, status: int = 200, **kwargs: Any) -> Page:
        """Get a page, expect its status, check it."""
        return self._checked(self.client.get(url, **kwargs), status)

    def post(
        self, url: str, data: Mapping[str, Any] | None = None, *, status: int = 303, **kwargs: Any
    ) -> Page:
        """Post a form with a real CSRF token; expect a redirect unless said otherwise."""
        token = (data or {}).get("csrf_token") or self.csrf_token()
        response = self.client.post(url, data={**(data or {}), "csrf_token": token}, **kwargs)
        self.location = response.headers.get("Location", "")
        return self._checked(response, status)

    def follow(self) -> Page:
        """Get the page the last post redirected to."""
        parts = urlsplit(self.location)
        return self.get(parts.path + (f"?{parts.query}" if parts.query else ""))

    def file(self, url: str, *, status: int = 200) -> TestResponse:
        """Get something that is no page."""
        response = self.client.get(url, buffered=True)
        assert response.status_code == status, f"{url}: {response.status_code}"
        return response

    def csrf_token(self) -> str:
        """The token of this browser's session, as any page shows it."""
        page = self.client.get("/no-such-page").get_data(as_text=True)
        field = re.search(r'name="csrf_token"[^>]* value="([^"]+)"', page)
        assert field is not None
        return field[1]

    def _checked(self, response: TestResponse, status: int) -> Page:
        text = response.get_data(as_text=True)
        assert response.status_code == status, (
            f"{response.request.path}: {response.status_code}\n{_gist(text)}"
        )
        page = Page(text, "html.parser")
        if response.mimetype == "text/html" and status not in (301, 302, 303, 307, 308):
            check_page(text, page)
        return page


def check_page(text: str, page: Page) -> None:
    """Every page: strict HTML, one h1 that the title begins with, unique ids, labelled fields, guarded forms."""
    _check_syntax(text)
    tags = page.find_all(True)
    headings = [tag for tag in tags if tag.name == "h1"]
    assert len(headings) == 1, f"{len(headings)} h1 on the page"
    title = squeeze(page.title)
    assert squeeze(headings[0]) in title, f"title {title!r} does not hold {squeeze(headings[0])!r}"
    ids = [str(tag["id"]) for tag in tags if "id" in tag.attrs]
    assert len(set(ids)) == len(ids), f"ids twice: {sorted({name for name in ids if ids.count(name) > 1})}"
    labelled = {str(tag["for"]) for tag in tags if tag.name == "label" and "for" in tag.attrs}
    for tag in tags:
        _check_tag(tag, ids, labelled)


def _check_tag(tag: Tag, ids: list[str], labelled: set[str]) -> None:
    if tag.name in ("input", "select", "textarea") and tag.get("type") not in ("hidden", "submit"):
        is_named = tag.get("id") in labelled or tag.get("aria-label") or tag.get("aria-labelledby")
        assert is_named, f"no label: {tag}"
    if tag.name == "form" and tag.get("method") == "post":
        assert tag.find("input", attrs={"name": "csrf_token"}), f"no csrf token: {tag.get('action')}"
    if tag.name == "a" and str(tag.get("href", "")).startswith("#"):
        assert str(tag["href"])[1:] in ids, f"link to nothing: {tag}"
    is_inline = (
        "style" in tag.attrs or "onclick" in tag.attrs or (tag.name == "script" and "src" not in tag.attrs)
    )
    assert not is_inline, f"nothing inline: the CSP forbids it: {tag}"


_sound: set[str] = set()


def _check_syntax(text: str) -> None:
    """Parse strictly, which is slow, unless a page of the same tags and attributes was found sound before."""
    shape = re.sub(r'="[^"]*"|>[^<]*', "", text)
    if shape not in _sound:
        html5lib.HTMLParser(strict=True).parse(text)
        _sound.add(shape)


def _gist(text: str) -> str:
    page = BeautifulSoup(text, "html.parser")
    return squeeze(page.select_one("main")) if page.select_one("main") else text[:2000]
