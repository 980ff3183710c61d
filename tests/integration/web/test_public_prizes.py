"""Prizes on what everybody sees: the public list in every form, and the check page of a certificate."""

import csv
import io
import json

import pytest
import python_calamine
from sqlalchemy import select

from app.models import IssuedCertificate
from tests.awards import issue, sign
from tests.browsing import Browser, squeeze
from tests.builders import World
from tests.prizes import PrizeCouncil, at_the_ballot, closed, prized


@pytest.fixture
def council(world: World, browser: Browser) -> PrizeCouncil:
    return at_the_ballot(world, browser)


ENTRY_FIELDS = (
    "address",
    "average",
    "certificate",
    "certificate_today",
    "entry",
    "facility",
    "group",
    "is_set",
    "prize",
    "product",
    "valid_until",
)


def results_of(council: PrizeCouncil) -> str:
    return f"/contests/{council.contest.id}/results"


def test_the_public_list_names_the_prizes_in_every_form(council: PrizeCouncil, browser: Browser) -> None:
    closed(council, 0)
    sign(council.award)
    public = f"/results/{council.contest.slug}"

    page = browser.get(public)
    table = list(
        csv.reader(io.StringIO(browser.file(f"{public}.csv").data.decode("utf-8-sig")), delimiter=";")
    )
    document = json.loads(browser.file(f"{public}.json").data)
    book = python_calamine.load_workbook(io.BytesIO(browser.file(f"{public}.xlsx").data))

    named = ["Giải B", "Giải B", "Giải khuyến khích", ""]
    assert [row[3] for row in page.rows("table.recognised")] == [*named[:3], "–"]
    assert "Hạng giải: Giải A 0; Giải B 2; Giải khuyến khích 1." in squeeze(page.main)
    column = table[0].index("Hạng giải")
    assert [row[column] for row in table[1:]] == named
    assert [entry["prize"] for entry in document["entries"]] == ["2", "2", "3", None]
    assert [sorted(entry) for entry in document["entries"]] == [sorted(ENTRY_FIELDS)] * 4
    assert document["prizes"][0] == {"code": "1", "vi": "Giải A", "en": "Prize A", "products": 0}
    assert [prize["products"] for prize in document["prizes"]] == [0, 2, 1]
    rows = book.get_sheet_by_index(0).to_python()
    heading = next(row for row in rows if "Hạng giải" in row)
    assert [row[heading.index("Hạng giải")] for row in rows[rows.index(heading) + 1 :]] == named


def test_the_council_s_prize_stands_beside_the_jury_s(council: PrizeCouncil, browser: Browser) -> None:
    before = browser.get(results_of(council))
    closed(council, 0)

    page = browser.get(results_of(council))
    document = json.loads(browser.file(f"{results_of(council)}.json").data)
    table = list(
        csv.reader(
            io.StringIO(browser.file(f"{results_of(council)}.csv").data.decode("utf-8-sig")), delimiter=";"
        )
    )

    assert "Hạng giải hội đồng quyết định" not in squeeze(before.main)
    why = [row[5] for row in page.rows("table.results") if len(row) == 6]
    assert ["Hạng giải hội đồng quyết định" in reason for reason in why] == [False, True, True, True, True]
    assert why[2].endswith("Hạng giải hội đồng quyết định: Giải B")
    assert [(e["prize"], e["prize_tied"], e["council_prize"]) for e in document["entries"]] == [
        ("1", False, None),
        ("2", False, "2"),
        (None, True, "2"),
        (None, True, "3"),
        (None, False, None),
    ]
    columns = [table[0].index(name) for name in ("Hạng giải theo điểm", "Hạng giải hội đồng quyết định")]
    assert [[row[column] for column in columns] for row in table[1:]] == [
        ["Giải A", ""],
        ["Giải B", "Giải B"],
        ["Đồng hạng ở ranh giới hạng giải", "Giải B"],
        ["Đồng hạng ở ranh giới hạng giải", "Giải khuyến khích"],
        ["", ""],
    ]


def test_the_check_page_says_the_prize_that_the_certificate_prints(
    council: PrizeCouncil, browser: Browser
) -> None:
    closed(council, 4)
    sign(council.award)
    issue(council.award)

    row = browser.get(f"/results/{council.contest.slug}").one("table.recognised a.code")

    page = browser.get(str(row["href"]))
    facts = {squeeze(fact.dt): squeeze(fact.dd) for fact in page.select(".fact")}
    assert facts["Hạng giải"] == "Giải A"


def test_the_check_page_of_a_certificate_from_before_prizes_names_none(
    council: PrizeCouncil, browser: Browser
) -> None:
    closed(council, 4)
    sign(council.award)
    issue(council.award)
    with council.world.session() as session:
        certificate = session.scalars(select(IssuedCertificate).order_by(IssuedCertificate.id)).first()
        assert certificate is not None
        certificate.printed = {name: value for name, value in certificate.printed.items() if name != "prize"}

    page = browser.get(f"/c/{certificate.code}")

    assert "Hạng giải" not in squeeze(page.main)


def test_contests_without_prizes_show_nothing_of_them(world: World, browser: Browser) -> None:
    council = PrizeCouncil(prized(world, (9500, 9000), prizes=()))
    council.open()
    browser.sign_in(council.award.organiser)
    pages = [browser.get(f"/contests/{council.contest.id}/ballot")]
    council.vote(1)
    council.close()
    sign(council.award)
    public = f"/results/{council.contest.slug}"
    pages += [
        browser.get(f"/contests/{council.contest.id}/ballot"),
        browser.get(public),
        browser.get(results_of(council)),
    ]

    document = json.loads(browser.file(f"{public}.json").data)

    assert ["giải" in squeeze(page.main).lower().replace("giải trình", "") for page in pages] == [False] * 4
    assert "prizes" not in document
    assert [sorted(entry) for entry in document["entries"]] == [sorted(set(ENTRY_FIELDS) - {"prize"})]
