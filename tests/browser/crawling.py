"""Walking a site as a person would: every kind of page that can be reached by links, once."""

from collections.abc import Iterator
from urllib.parse import urlsplit

from flask import Flask
from playwright.sync_api import Error, Page
from werkzeug.exceptions import HTTPException

STARTS = (
    "/results/",
    "/statistics/",
    "/c/",
    "/territories",
    "/account/",
    "/contests/",
    "/judging/",
    "/council/",
    "/facility/",
    "/admin/",
)


def crawl(app: Flask, page: Page, *, most: int = 400) -> Iterator[str]:
    """Visit one page of every route that links lead to; yields its rule, the page being open."""
    routes = app.url_map.bind("127.0.0.1")
    seen: set[str] = set()
    waiting = ["/", *STARTS]
    for _visit in range(most):
        if not waiting:
            return
        path = waiting.pop(0)
        try:
            rule, _values = routes.match(urlsplit(path).path, method="GET", return_rule=True)
        except HTTPException:
            continue
        if rule.rule in seen or rule.endpoint in {"static", "files.attachment"}:
            continue
        seen.add(rule.rule)
        if not _opens(page, path):
            continue
        yield rule.rule
        hrefs = page.eval_on_selector_all("a[href]", "links => links.map(link => link.getAttribute('href'))")
        waiting.extend(href for href in hrefs if href.startswith("/"))


def _opens(page: Page, path: str) -> bool:
    """Open the page; False for downloads, for what leads elsewhere, and for what this person may not see."""
    try:
        answer = page.goto(path)
    except Error as error:
        if "Download is starting" in error.message:
            return False
        raise
    return answer is not None and answer.status == 200 and answer.request.redirected_from is None
