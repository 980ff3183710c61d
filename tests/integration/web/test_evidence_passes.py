"""The part of the evidence on both passes: on the page, in the files, and nowhere for a contest of one pass."""

import csv
import io
import json

import pytest
import python_calamine
from sqlalchemy import Engine

from app.domain.contests import ContestState
from app.services.results import compute
from tests.awards import TWO_PASSES, Award, close_first, move, score_second, scored, scoring
from tests.browsing import Browser
from tests.builders import NOW, World
from tests.evidence import address, rows_of
from tests.queries import count_queries

FIRST: list[list[int | None]] = [
    [7000, 7000, 6999],
    [8000, 8000, 8000],
    [7000, 7000, 7000],
    [None, None, None],
]
SECOND: list[list[int | None]] = [
    [None, None, None],
    [7000, 7500, 8001],
    [None, None, None],
    [None, None, None],
]


def two_passes(world: World, **rules: object) -> Award:
    """B-001 a hair below the mark, B-002 scored twice, B-003 on the mark but not scored again, B-004 never scored."""
    facility = world.facility("Cơ sở Ngọc Liên")
    products = [world.product(facility, name) for name in ("Trà sen", "Mứt hồng", "Rượu cần", "Bánh cốm")]
    award = scoring(world, FIRST, products=products, rules={**TWO_PASSES, **rules})
    return decided(award, SECOND)


def decided(award: Award, second: list[list[int | None]] | None = None) -> Award:
    """Both passes closed, the second with these totals or with no sheet at all."""
    close_first(award)
    if second:
        score_second(award, second)
    move(award, ContestState.SCORED)
    with award.world.session() as session:
        compute(session, award.contest.id, actor=award.actor, now=NOW)
    return award


def test_both_passes_stand_side_by_side_in_exact_numbers(world: World, browser: Browser) -> None:
    award = two_passes(world)
    browser.sign_in(award.organiser)

    page = browser.get(address(award))

    assert rows_of(page, "passes") == [
        ["Vào vòng 2: 2 sản phẩm"],
        ["B-002 Mứt hồng", "80,00", "+10,00", "75,00 = 22501/300", "−5,00 = −1499/300",
         "Đạt, trong danh sách đề nghị"],
        ["B-003 Rượu cần", "70,00", "0,00", "–", "–", "Chưa có điểm"],
        ["Không vào vòng 2: 2 sản phẩm"],
        ["B-001 Trà sen", "70,00 = 20999/300", "−0,01 = −1/300", "–", "–", "Không vào vòng 2"],
        ["B-004 Bánh cốm", "–", "–", "–", "–", "Chưa có điểm"],
    ]  # fmt: skip
    said = page.one("section[aria-labelledby=passes] p").get_text()
    assert said.startswith(
        "Kết quả tính theo vòng 2 như quy chế đã chốt. Sản phẩm đạt từ 70 điểm trở lên ở vòng 1"
    )
    assert "2/4 sản phẩm vào vòng 2, kết quả tính theo vòng 2" in page.one("nav ul.links").get_text()


@pytest.mark.parametrize(("deciding", "heads"), [(1, [True, False]), (2, [False, True])])
def test_the_pass_that_decides_is_marked(
    world: World, browser: Browser, deciding: int, heads: list[bool]
) -> None:
    award = two_passes(world, deciding_pass=deciding)
    browser.sign_in(award.organiser)

    page = browser.get(address(award))

    cells = page.select("section[aria-labelledby=passes] thead th")
    assert ["quyết định kết quả" in cells[place].get_text() for place in (1, 3)] == heads


def test_the_files_hold_both_passes(world: World, browser: Browser) -> None:
    award = two_passes(world)
    browser.sign_in(award.organiser)

    rows = list(
        csv.reader(
            io.StringIO(browser.file(address(award, "/passes.csv")).data.decode("utf-8-sig")), delimiter=";"
        )
    )
    document = json.loads(browser.file(address(award, ".json")).data)
    book = python_calamine.CalamineWorkbook.from_filelike(
        io.BytesIO(browser.file(address(award, ".xlsx")).data)
    )

    assert document["passes"]["deciding_pass"] == 2
    assert document["passes"]["advance_mark"] == "70.00"
    assert document["passes"]["entries"][0] == {
        "entry": "B-002",
        "first": "80/1",
        "second": "22501/300",
        "to_advance": "10/1",
        "went_on": True,
        "change": "-1499/300",
    }
    assert document["passes"]["entries"][2] == {
        "entry": "B-001",
        "first": "20999/300",
        "second": None,
        "to_advance": "-1/300",
        "went_on": False,
        "change": None,
    }
    found = [row for row in rows if row and row[0].startswith("B-")]
    assert [row[:1] + row[4:] for row in found][:3] == [
        ["B-002", "80/1", "80,00", "10,00", "", "có", "22501/300", "75,00", "-5,00", "-1499/300",
         "Đạt, trong danh sách đề nghị"],
        ["B-003", "70/1", "70,00", "0,00", "", "có", "", "", "", "", "Chưa có điểm"],
        ["B-001", "20999/300", "70,00", "-0,01", "-1/300", "không", "", "", "", "", "Không vào vòng 2"],
    ]  # fmt: skip
    assert book.sheet_names[1] == "Hai vòng chấm"


def test_a_contest_of_one_pass_says_nothing_of_passes(world: World, browser: Browser) -> None:
    award = scored(world, [[8000, 7000]])
    browser.sign_in(award.organiser)

    page = browser.get(address(award))
    book = python_calamine.CalamineWorkbook.from_filelike(
        io.BytesIO(browser.file(address(award, ".xlsx")).data)
    )

    assert page.select("#passes") == []
    assert json.loads(browser.file(address(award, ".json")).data)["passes"] is None
    assert "Hai vòng chấm" not in book.sheet_names
    browser.get(address(award, "/passes.csv"), status=404)


def test_the_page_asks_the_database_as_often_for_more_entries(
    world: World, engine: Engine, browser: Browser
) -> None:
    counts = []
    for entries in (1, 4):
        award = decided(scoring(world, [[8000, 7000]] * entries, rules=TWO_PASSES))
        browser.sign_in(award.organiser)
        browser.get(address(award))
        with count_queries(engine) as sent:
            browser.get(address(award))
        counts.append(len(sent))
        browser.sign_out()

    assert counts[0] == counts[1]
