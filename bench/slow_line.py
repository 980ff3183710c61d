"""A judge's sheet on a bad connection (400 kbit/s, 400 ms, emulated): what is sent, and when one can score.

Over the example (`binhchon demo --no-serve --dir DIR`): python -m bench.slow_line DIR
"""

import logging
import sys
import time
from pathlib import Path
from threading import Thread
from typing import Any

from playwright.sync_api import BrowserContext, Page, expect, sync_playwright
from werkzeug.serving import make_server

from app.cli.demo import prepare
from app.demo.people import PASSWORD
from app.web.factory import create_app
from tests.browser.conftest import CHROMIUM, FLAGS

JUDGE = "giam-khao@example.vn"
LATENCY = 400  # milliseconds
OCTETS_A_SECOND = 400_000 / 8
FIELD, SAVED = "input[data-max]", "#save-state.save-saved"


class Meter:
    """What comes over the line of one page, in octets as they are sent."""

    def __init__(self, context: BrowserContext, page: Page) -> None:
        self.octets = 0
        self.requests = 0
        line = context.new_cdp_session(page)
        line.send("Network.enable")
        line.send(
            "Network.emulateNetworkConditions",
            {
                "offline": False,
                "latency": LATENCY,
                "downloadThroughput": OCTETS_A_SECOND,
                "uploadThroughput": OCTETS_A_SECOND,
            },
        )
        line.on("Network.loadingFinished", self._finished)

    def _finished(self, event: dict[str, Any]) -> None:
        self.octets += int(event["encodedDataLength"])
        self.requests += event["encodedDataLength"] > 0


def visit(page: Page, meter: Meter, address: str, name: str) -> None:
    """Open a sheet, give a mark as soon as it can be given, and print how long each step took."""
    meter.octets = meter.requests = 0
    begun = time.perf_counter()
    page.goto(address, wait_until="commit")
    page.wait_for_selector("form.saves-itself")
    ready = time.perf_counter() - begun
    weight = meter.octets
    page.locator(FIELD).first.fill("30")
    expect(page.locator(SAVED)).to_contain_text(":")
    saved = time.perf_counter() - begun
    page.wait_for_timeout(8000)
    print(
        f"{name:32} ready for a mark {ready:5.1f} s after {weight / 1000:6.1f} kB, saved {saved:5.1f} s;"
        f" with photos {meter.octets / 1000:7.1f} kB, {meter.requests} requests"
    )


def main(folder: str) -> None:
    """Measure the first sheet in a new browser, then the next ones."""
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    app = create_app(prepare(Path(folder).absolute(), 8000))
    server = make_server("127.0.0.1", 0, app, threaded=True)
    Thread(target=server.serve_forever, daemon=True).start()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        context = browser.new_context(base_url=f"http://127.0.0.1:{server.port}", service_workers="block")
        page = context.new_page()
        page.goto("/sign-in")
        page.fill("input[name=email]", JUDGE)
        page.fill("input[name=password]", PASSWORD)
        page.click("form[name=login_user_form] [type=submit]")
        page.goto("/judging/?progress=empty")
        sheets = [link.get_attribute("href") or "" for link in page.locator("a[data-sheet]").all()]
        cookies = context.cookies()
        context.close()
        context = browser.new_context(base_url=f"http://127.0.0.1:{server.port}", service_workers="block")
        context.set_default_timeout(120_000)
        context.add_cookies(cookies)  # type: ignore[arg-type]  # what was read is what is written
        page = context.new_page()
        meter = Meter(context, page)
        for address, name in zip(
            sheets[:3], ("first sheet in a new browser", "next sheet", "next sheet"), strict=True
        ):
            visit(page, meter, address, name)
        browser.close()
    server.shutdown()


if __name__ == "__main__":
    main(sys.argv[1])
