import pytest
from flask import Flask

from tests.browsing import Browser, squeeze
from tests.queries import count_queries


def test_everybody_reads_the_34_units_with_what_they_were_made_of(browser: Browser) -> None:
    page = browser.get("/territories/")

    rows = page.rows()
    assert len(rows) == 34
    made_of = "Tỉnh An Giang (đến ngày 30/06/2025) Tỉnh Kiên Giang (đến ngày 30/06/2025)"
    assert rows[0] == ["Tỉnh An Giang", "01/07/2025", made_of, "Phía Nam"]
    assert ["Thành phố Hà Nội", "01/07/2025", "–", "Phía Bắc"] in rows


@pytest.mark.parametrize("text", ["Bình Thuận", "binh thuan"])
def test_an_old_name_finds_what_it_has_become(browser: Browser, text: str) -> None:
    page = browser.get("/territories/", query_string={"q": text})

    made_of = " ".join(
        f"Tỉnh {name} (đến ngày 30/06/2025)" for name in ("Bình Thuận", "Đắk Nông", "Lâm Đồng")
    )
    assert page.rows() == [
        [
            "Tỉnh Lâm Đồng gồm Bình Thuận trước đây",
            "01/07/2025",
            made_of,
            "Miền Trung – Tây Nguyên",
        ]
    ]
    assert page.values("main form") == {"q": text}
    assert squeeze(page.select_one("[role=status]")) == f"Tìm thấy 1 đơn vị với “{text}” Hiện tất cả"


@pytest.mark.parametrize("text", ["Atlantis", "<script>alert(1)</script>", "%", "a\0" * 5_000, "🍵"])
def test_what_no_unit_holds_is_said_plainly(browser: Browser, text: str) -> None:
    page = browser.get("/territories/", query_string={"q": text})

    assert squeeze(page.select_one("[role=status]")).startswith("Không tìm thấy “")
    assert page.select("table") == []


def test_the_page_speaks_english_too(browser: Browser) -> None:
    browser.post("/language/en", {"next": "/territories/"})

    page = browser.get("/territories/?q=dak nong")

    assert page.heading == "Territories"
    assert page.rows()[0][3] == "Central and Central Highlands region"


def test_the_page_asks_the_database_a_fixed_number_of_times(app: Flask, browser: Browser) -> None:
    with count_queries(app.extensions["binhchon_engine"]) as one:
        browser.get("/territories/?q=binh thuan")
    with count_queries(app.extensions["binhchon_engine"]) as all_:
        browser.get("/territories/")

    assert len(one) == len(all_)
