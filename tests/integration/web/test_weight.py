"""What a judge's pages weigh on the line: compressed, with all that they ask for, and what of it is asked for again."""

from urllib.parse import urlsplit

import pytest

from tests.browsing import Browser, Page
from tests.builders import World
from tests.dossiers import ANSWERS
from tests.judging import Bench

FIRST, NEXT = 150_000, 20_000


@pytest.fixture
def bench(world: World, browser: Browser) -> Bench:
    bench = Bench(world, browser, world.detailed_rules())
    with world.session() as session:
        session.merge(bench.entry).dossier = {"answers": ANSWERS}
    return bench


def octets(bench: Bench, address: str) -> int:
    """How many octets a browser that reads gzip is sent."""
    response = bench.browser.client.get(address, headers={"Accept-Encoding": "gzip"})
    assert response.status_code == 200, address
    return len(response.data)


def parts_of(page: Page) -> list[str]:
    """Style sheets, scripts and icons that a page asks for."""
    found = [str(tag["href"]) for tag in page.select("link[href]")] + [
        str(tag["src"]) for tag in page.select("script[src]")
    ]
    return sorted({urlsplit(address).path for address in found})


def test_a_sheet_weighs_little_and_the_next_one_next_to_nothing(bench: Bench) -> None:
    parts = parts_of(bench.browser.get(bench.url))

    page = octets(bench, bench.url)
    first = page + sum(octets(bench, part) for part in parts)
    again = [
        part for part in parts if "max-age" not in bench.browser.client.get(part).headers["Cache-Control"]
    ]

    assert first < FIRST
    assert page + sum(octets(bench, part) for part in again) < NEXT
    assert again == ["/judging/manifest.webmanifest"]


def test_a_save_weighs_less_than_a_thousand_octets(bench: Bench) -> None:
    body = {"key": "0" * 32, "version": 1, "changes": {"mark_L3": "8"}}
    headers = {"X-CSRFToken": bench.browser.csrf_token()}

    answer = bench.browser.client.post(f"{bench.url}/autosave", json=body, headers=headers)

    assert answer.status_code == 200
    assert len(answer.data) + sum(len(f"{name}: {value}\r\n") for name, value in answer.headers) < 1500
