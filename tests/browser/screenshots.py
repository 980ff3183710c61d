"""Pictures of every page of the example, both languages, desktop and phone: `make screenshots`."""

from pathlib import Path
from threading import Thread

from flask import Flask
from playwright.sync_api import Browser, sync_playwright
from werkzeug.serving import make_server

from app.cli.demo import prepare
from app.demo.people import ACCOUNTS, PASSWORD
from app.web.factory import create_app
from tests.browser.conftest import CHROMIUM, FLAGS
from tests.browser.crawling import crawl

WIDTHS = {"desktop": 1280, "phone": 390}
FOLDER = Path("var/screenshots")


def main() -> None:
    """Serve the example on a free port of this machine and take the pictures."""
    app = create_app(prepare(Path("var/demo").absolute(), 8000))
    server = make_server("127.0.0.1", 0, app, threaded=True)
    Thread(target=server.serve_forever, daemon=True).start()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        for email in ("", *ACCOUNTS.values()):
            for language in ("vi", "en"):
                for name, width in WIDTHS.items():
                    _take(browser, f"http://127.0.0.1:{server.port}", app, email, language, name, width)
        browser.close()
    server.shutdown()


def _take(browser: Browser, site: str, app: Flask, email: str, language: str, name: str, width: int) -> None:
    folder = FOLDER / (email.partition("@")[0] or "public") / f"{language}-{name}"
    folder.mkdir(parents=True, exist_ok=True)
    context = browser.new_context(base_url=site, viewport={"width": width, "height": 900})
    page = context.new_page()
    page.goto("/")
    if language == "en":
        page.get_by_role("button", name="English").click()
    if email:
        page.goto("/sign-in")
        page.fill("input[name=email]", email)
        page.fill("input[name=password]", PASSWORD)
        page.click("form[name=login_user_form] [type=submit]")
    for rule, path, _fetched in crawl(app, page):
        page.goto(path)
        file = rule.strip("/").translate(str.maketrans("/<>:", "----")) or "home"
        page.screenshot(path=folder / f"{file}.png", full_page=True)
    context.close()


if __name__ == "__main__":
    main()
