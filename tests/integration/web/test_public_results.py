import io
import json
from datetime import date
from urllib.parse import quote

import pytest
import python_calamine
from flask import Flask
from pypdf import PdfReader

from app.domain.contests import PUBLIC, ContestState
from app.models import Contest, Decision
from tests.awards import Award, certified, decided, issued, move, voted
from tests.browsing import Browser, squeeze
from tests.builders import World
from tests.queries import count_queries

KINDS = ("", ".csv", ".json", ".xlsx", ".pdf")


def address(award: Award, kind: str = "") -> str:
    return f"/results/{award.contest.slug}{kind}"


def two_of_three(world: World, **fields: object) -> Award:
    facility = world.facility("Cơ sở Ngọc Liên")
    products = [
        world.product(facility, "Trà sen Tây Hồ"),
        world.product(facility, "Bộ ấm chén", group="A", is_set=True),
        world.product(world.facility("Cơ sở Kín Tiếng"), "Mứt hồng"),
    ]
    return decided(
        world,
        [[7072, 7072], [8123, 8123], [6077, 6077]],
        products=products,
        carried=[True, True, False],
        **fields,
    )


def test_a_published_list_shows_what_was_recognised_and_by_which_rules(
    world: World, browser: Browser
) -> None:
    award = two_of_three(world)

    page = browser.get(address(award))

    assert page.heading == award.contest.name
    assert page.rows("h2 + .table-wrap table") == [
        ["A-002", "Bộ ấm chén bộ sản phẩm Cơ sở Ngọc Liên, Thôn 1, xã Tân Hòa, tỉnh Lâm Đồng", "81,23", "–"]
    ]
    text = squeeze(page.main)
    assert "Được công nhận theo Quyết định số 125/QĐ-UBND ngày 10/03/2026" in text
    assert "Trà sen Tây Hồ" in text
    assert "Sản phẩm đạt khi kết quả từ 70 điểm trở lên." in text
    assert "Đã công bố kết quả chính thức" in text


@pytest.mark.parametrize("kind", KINDS)
def test_what_was_not_recognised_and_what_judges_gave_is_never_public(
    world: World, browser: Browser, kind: str
) -> None:
    award = two_of_three(world)
    judge = world.get(type(award.organiser), award.judges[0].user_id)
    with world.session() as session:
        session.merge(judge).name = "Lê Giám Khảo"

    response = browser.file(address(award, kind))

    if kind == ".pdf":
        text = "".join(page.extract_text() for page in PdfReader(io.BytesIO(response.data)).pages)
    elif kind == ".xlsx":
        book = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(response.data))
        text = str([book.get_sheet_by_name(name).to_python() for name in book.sheet_names])
    else:
        text = response.get_data(as_text=True)
    assert "Trà sen Tây Hồ" in text
    for secret in ("Mứt hồng", "Kín Tiếng", "60,77", "60.77", "Lê Giám Khảo", "B-003"):
        assert secret not in text


@pytest.mark.parametrize("state", [state for state in ContestState if state not in PUBLIC])
def test_before_the_list_is_published_nothing_of_a_contest_is_public(
    world: World, browser: Browser, state: ContestState
) -> None:
    award = two_of_three(world)
    move(award, state)

    for kind in KINDS:
        browser.get(address(award, kind), status=404)
    assert award.contest.name not in squeeze(browser.get("/results/").main)
    assert award.contest.name not in squeeze(browser.get("/statistics/").main)


def test_a_provisional_list_says_so_and_until_when_to_complain(world: World, browser: Browser) -> None:
    award = voted(world, [[7072]])
    move(award, ContestState.PROVISIONAL)

    page = browser.get(address(award))
    document = json.loads(browser.file(address(award, ".json")).data)

    assert (
        "Đây là danh sách dự kiến. Khiếu nại được tiếp nhận trong 15 ngày làm việc, đến hết ngày 31/03/2026"
        in squeeze(page.main)
    )
    assert (document["state"], document["decision"]) == ("provisional", None)


def test_the_files_of_a_list_hold_the_same_as_the_page(world: World, browser: Browser) -> None:
    award = two_of_three(world)

    csv = browser.file(address(award, ".csv"))
    document = json.loads(browser.file(address(award, ".json")).data)
    book = python_calamine.CalamineWorkbook.from_filelike(
        io.BytesIO(browser.file(address(award, ".xlsx")).data)
    )

    assert csv.mimetype == "text/csv"
    assert csv.headers["Content-Disposition"].startswith("attachment; filename=")
    lines = csv.data.decode().splitlines()
    assert lines[0].startswith("\ufeffMã số;Nhóm;Sản phẩm;Cơ sở;Địa chỉ;Điểm bình quân;Kết quả")
    assert (
        lines[1]
        == "A-002;A;Bộ ấm chén;Cơ sở Ngọc Liên;Thôn 1, xã Tân Hòa, tỉnh Lâm Đồng;81,23;Được công nhận;;;"
    )
    assert document["counts"]["registered"] == {"products": 3, "facilities": 2}
    assert document["counts"]["recognised"] == {"products": 2, "facilities": 1}
    assert [(e["entry"], e["product"], e["average"]) for e in document["entries"]] == [
        ("A-002", "Bộ ấm chén", "81.23"),
        ("B-001", "Trà sen Tây Hồ", "70.72"),
    ]
    assert [row[5] for row in book.get_sheet_by_index(0).to_python()[3:]] == [81.23, 70.72]


def test_an_example_says_so_on_every_page_and_in_every_file(world: World, browser: Browser) -> None:
    award = two_of_three(world, is_example=True)
    notice = "VÍ DỤ – DỮ LIỆU GIẢ ĐỊNH"

    assert browser.get(address(award)).select(".example-notice")
    assert "Ví dụ" in squeeze(browser.get("/results/").main)
    assert browser.get("/statistics/").select(".example-notice")
    assert all(
        line.endswith(notice) for line in browser.file(address(award, ".csv")).data.decode().splitlines()[1:]
    )
    assert notice in json.loads(browser.file(address(award, ".json")).data)["note"]
    pdf = PdfReader(io.BytesIO(browser.file(address(award, ".pdf")).data))
    assert notice in pdf.pages[0].extract_text()
    book = python_calamine.CalamineWorkbook.from_filelike(
        io.BytesIO(browser.file(address(award, ".xlsx")).data)
    )
    assert book.get_sheet_by_index(0).to_python()[0][0] == notice


def test_a_certificate_number_leads_to_its_check(world: World, browser: Browser) -> None:
    award = certified(world, [[8000]])
    [certificate] = issued(world)

    link = browser.get(address(award)).one("table.recognised a.number")
    page = browser.get(str(link["href"]))

    assert (squeeze(link), link["href"]) == (certificate.number, f"/c/{certificate.code}")
    assert certificate.number in squeeze(page.main)


def test_in_english_the_csv_has_commas_and_decimal_points(world: World, browser: Browser) -> None:
    award = two_of_three(world)
    browser.post("/language/en", {"next": "/"})

    lines = browser.file(address(award, ".csv")).data.decode().splitlines()

    assert lines[0].startswith("\ufeffCode,Group,Product,Facility,Address,Average,Outcome")
    assert lines[1].startswith(
        'A-002,A,Bộ ấm chén,Cơ sở Ngọc Liên,"Thôn 1, xã Tân Hòa, tỉnh Lâm Đồng",81.23,'
    )


def test_a_csv_runs_no_formula(world: World, browser: Browser) -> None:
    award = decided(world, [[8000]], products=[world.product(name="@SUM(1+1)*cmd|' /C calc'!A0")])

    assert ";'@SUM(1+1)" in browser.file(address(award, ".csv")).data.decode()


def test_a_list_that_cannot_be_printed_says_why(world: World, browser: Browser) -> None:
    award = decided(world, [[8000]], products=[world.product(name="Trà sen 🪷")])

    page = browser.get(address(award, ".pdf"), status=409)

    assert "Không in được các ký tự: 🪷." in squeeze(page.main)


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", ["Đợt Nam 2026", "Đợt Lâm Đồng 2026", "Đợt Kiên Giang 2023"]),
        ("place=lam dong", ["Đợt Lâm Đồng 2026"]),
        ("place=Bình Thuận", ["Đợt Lâm Đồng 2026"]),  # now part of Lâm Đồng
        ("place=an giang", ["Đợt Kiên Giang 2023"]),  # what Kiên Giang became
        ("place=KIÊN", ["Đợt Kiên Giang 2023"]),
        ("year=2026", ["Đợt Nam 2026", "Đợt Lâm Đồng 2026"]),
        ("tier=regional", ["Đợt Nam 2026"]),
        ("year=2023&tier=regional", []),
        ("place=%25", []),
        ("year=x&tier=galactic", ["Đợt Nam 2026", "Đợt Lâm Đồng 2026", "Đợt Kiên Giang 2023"]),
        ("place=" + "a" * 5000, []),
        ("place=%00🪷", []),
    ],
)
def test_contests_are_found_by_place_old_or_new_by_year_and_by_tier(
    world: World, browser: Browser, query: str, found: list[str]
) -> None:
    decided(world, [[8000]], name="Đợt Lâm Đồng 2026")
    decided(world, [[8000]], name="Đợt Nam 2026", territory=world.territory("Phía Nam"))
    decided(
        world,
        [[8000]],
        name="Đợt Kiên Giang 2023",
        territory=world.territory("Kiên Giang", date(2023, 6, 1)),
        year=2023,
    )

    page = browser.get(f"/results/?{query}")

    assert [squeeze(link) for link in page.select(".task-list a")] == found
    if not found:
        assert "Không có đợt bình chọn nào phù hợp." in squeeze(page.main)


def test_a_merged_province_says_what_it_is_part_of_now(world: World, browser: Browser) -> None:
    award = decided(world, [[8000]], territory=world.territory("Kiên Giang", date(2023, 6, 1)), year=2023)

    for url in ("/results/", address(award), "/statistics/"):
        assert "nay thuộc An Giang" in squeeze(browser.get(url).main)


def test_empty_pages_say_that_nothing_is_published(browser: Browser) -> None:
    for url in ("/results/", "/statistics/"):
        assert "Chưa công bố danh sách nào." in squeeze(browser.get(url).main)


@pytest.mark.parametrize("slug", ["no-such", "..", "%00", "🪷", "a" * 3000, "<script>", "x.csv", "x.pdf"])
def test_an_unknown_or_hostile_address_is_not_found(browser: Browser, slug: str) -> None:
    for rest in ("", "/withdrawn"):
        browser.get(f"/results/{quote(slug, safe='%')}{rest}", status=404)


def test_statistics_give_the_sentence_and_the_numbers(world: World, browser: Browser) -> None:
    two_of_three(world)

    page = browser.get("/statistics/")

    assert squeeze(page.select_one(".report-sentence")) == "Lâm Đồng 2026: 1/2 cơ sở với 2/3 sản phẩm đạt"
    assert [row[:3] for row in page.rows(".bar-table")] == [
        ["Đăng ký", "3", "2"],
        ["Đã tiếp nhận", "3", "2"],
        ["Có kết quả chấm", "3", "2"],
        ["Đạt điểm tối thiểu", "2", "1"],
        ["Đưa ra biểu quyết", "3", "2"],
        ["Được công nhận", "2", "1"],
        ["Đã cấp giấy chứng nhận", "0", "0"],
    ]
    browser.post("/language/en")
    assert "1 of 2 facilities with 2 of 3 products recognised" in squeeze(browser.get("/statistics/").main)


def test_public_pages_ask_the_database_as_often_for_three_rows_as_for_one(
    world: World, app: Flask, browser: Browser
) -> None:
    one = decided(world, [[8000]])
    pages = ["/results/", "/statistics/", address(one)]
    few = []
    for url in pages:
        browser.get(url)
        with count_queries(app.extensions["binhchon_engine"]) as sent:
            browser.get(url)
        few.append(len(sent))
    three = decided(world, [[8000], [7500], [7200]])
    decided(world, [[8000]])
    many = []
    for url in [*pages[:2], address(three)]:
        with count_queries(app.extensions["binhchon_engine"]) as sent:
            browser.get(url)
        many.append(len(sent))

    assert many == few


def test_a_contest_without_its_day_of_publication_stays_hidden(world: World, browser: Browser) -> None:
    award = decided(world, [[8000]])
    with world.session() as session:
        session.get_one(Contest, award.contest.id).published_at = None

    browser.get(address(award), status=404)


def test_markup_in_a_decision_stays_text(world: World, browser: Browser) -> None:
    award = decided(world, [[8000]])
    with world.session() as session:
        session.query(Decision).one().number = "<b>1</b>"

    assert "số <b>1</b> ngày" in squeeze(browser.get(address(award)).main)
