"""The public pages in a real browser."""

from typing import Any

import pytest


@pytest.mark.parametrize("width", [320, 390, 1280])
def test_the_home_page_fits_every_width_in_both_languages(person: Any, width: int) -> None:
    reader = person(viewport={"width": width, "height": 800})

    page = reader.open("/")
    reader.press("English")

    assert page.locator("html").get_attribute("lang") == "en"
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
