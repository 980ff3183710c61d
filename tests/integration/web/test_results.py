import io
import json

import pytest
import python_calamine
from flask import Flask

from app.domain.contests import ContestState
from app.domain.permissions import Role
from app.models import Discussion, Recusal
from tests.awards import Award, move, scored, scoring
from tests.browsing import Browser, squeeze
from tests.builders import NOW, World
from tests.queries import count_queries

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def address(award: Award, kind: str = "") -> str:
    return f"/contests/{award.contest.id}/results{kind}"


def test_the_organiser_sees_every_entry_with_its_value_and_why(world: World, browser: Browser) -> None:
    facility = world.facility("Cơ sở Ngọc Liên")
    products = [world.product(facility, name) for name in ("Trà sen", "Mứt hồng", "Rượu cần", "Bánh cốm")]
    award = scored(
        world,
        [[7072, 8200], [6991, 6999], [7100, 7100], [None, None]],
        products=products,
        rules={"group_quotas": {"B": 1}},
    )
    browser.sign_in(award.organiser)

    page = browser.get(address(award))

    assert page.heading == "Kết quả chấm điểm"
    assert page.rows("table.results") == [
        ["Đạt, trong danh sách đề nghị 1 sản phẩm"],
        ["1", "B-001 Trà sen Cơ sở Ngọc Liên", "76,36", "2 phiếu hợp lệ",
         "11,28 trên 10 điểm: cần xem lại Nội dung thảo luận",
         "Đạt 76,36 ≥ 70; hạng 1 trong nhóm B, số lượng tối đa 1."],
        ["Đạt điểm, ngoài số lượng tối đa 1 sản phẩm – dưới vạch số lượng tối đa"],
        ["2", "B-003 Rượu cần Cơ sở Ngọc Liên", "71,00", "2 phiếu hợp lệ", "0,00",
         "Đạt 71,00 ≥ 70; hạng 2 trong nhóm B, số lượng tối đa 1."],
        ["Dưới điểm tối thiểu 1 sản phẩm – dưới vạch 70 điểm"],
        ["3", "B-002 Mứt hồng Cơ sở Ngọc Liên", "69,95", "2 phiếu hợp lệ", "0,08", "Không đạt: 69,95 < 70."],
        ["Chưa có điểm 1 sản phẩm"],
        ["–", "B-004 Bánh cốm Cơ sở Ngọc Liên", "–", "0 phiếu hợp lệ", "–", "Có 0 phiếu hợp lệ, cần ít nhất 1."],
    ]  # fmt: skip
    assert page.select("svg.dot-plot")[0]["aria-label"] == (
        "Tổng điểm các phiếu của B-001: 70,72; 82. Kết quả 76,36, điểm tối thiểu 70."
    )


def test_a_value_that_two_decimals_do_not_hold_is_shown_whole(world: World, browser: Browser) -> None:
    award = scored(world, [[7000, 7000, 7001]])
    browser.sign_in(award.organiser)

    page = browser.get(address(award))

    assert page.rows("table.results")[1][2] == "70,00 = 21001/300"


def test_ties_are_shown_with_what_could_not_part_them(world: World, browser: Browser) -> None:
    award = scored(world, [[8000], [8000]], rules={"quota": 1})
    browser.sign_in(award.organiser)

    page = browser.get(address(award))

    said = (
        "Đạt 80,00 ≥ 70; 2 sản phẩm đồng hạng 1 trong cả đợt, ở ranh giới số lượng tối đa 1: hội đồng quyết "
        "định. Thứ hạng quyết định bởi: Không phân định được: vẫn bằng nhau"
    )
    assert [row[-1] for row in page.rows("table.results")[1:]] == [said, said]


@pytest.mark.parametrize("state", [ContestState.DRAFT, ContestState.REGISTRATION, ContestState.SCORING])
def test_nobody_sees_a_number_before_scoring_has_closed(
    world: World, browser: Browser, state: ContestState
) -> None:
    award = scored(world, [[8000]])
    move(award, state)
    browser.sign_in(award.organiser)

    for kind in ("", ".csv", ".json", ".xlsx"):
        page = browser.get(address(award, kind), status=409)
        assert "Kết quả chỉ xem được sau khi đóng chấm điểm." in squeeze(page.main)


def test_observer_and_council_read_it_and_judges_do_not(world: World, app: Flask) -> None:
    award = scored(world, [[8000]])
    observer = world.member(Role.OBSERVER, contest_id=award.contest.id)
    member = world.council_member(award.contest)
    judge = award.judges[0]

    for user, page_status, file_status in (
        (observer, 200, 200),
        (world.get(type(observer), member.user_id), 200, 403),
        (world.get(type(observer), judge.user_id), 403, 403),
        (world.facility_user(world.facility()), 403, 403),
        (world.organiser(world.territory("An Giang")), 404, 404),
    ):
        reader = Browser(app)
        reader.sign_in(user)
        reader.get(address(award), status=page_status)
        reader.file(address(award, ".xlsx"), status=file_status)


def test_a_council_member_finds_the_way_back_to_the_council(world: World, browser: Browser) -> None:
    award = scored(world, [[8000]])
    member = world.council_member(award.contest)
    browser.sign_in(world.get(type(award.organiser), member.user_id))

    page = browser.get(address(award))

    links = {str(link["href"]) for link in page.select("main a")}
    assert f"/council/{award.contest.id}" in links
    assert {link for link in links if link.startswith("/contests/")} == {
        address(award).replace("results", "evidence")
    }


def test_strangers_are_asked_to_sign_in_and_unknown_contests_are_not_found(
    world: World, browser: Browser
) -> None:
    award = scored(world, [[8000]])

    browser.get(address(award), status=303)
    browser.sign_in(award.organiser)
    browser.get("/contests/999/results", status=404)


def test_before_anything_is_computed_there_is_no_page(world: World, browser: Browser) -> None:
    award = scoring(world, [[8000]])
    move(award, ContestState.SCORED)
    browser.sign_in(award.organiser)

    browser.get(address(award), status=404)


def test_the_workbook_holds_every_mark_as_a_number(world: World, browser: Browser) -> None:
    award = scored(world, [[7072, 8200]], products=[world.product(name="=HYPERLINK(A1)")])
    world.add(
        Recusal(judge_id=award.judges[1].id, entry_id=award.entries[0].id, reason="Họ hàng", recorded_at=NOW)
    )
    browser.sign_in(award.organiser)

    response = browser.file(address(award, ".xlsx"))

    book = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(response.data))
    assert response.mimetype == XLSX
    assert book.sheet_names == ["Kết quả", "Phiếu chấm điểm", "Quy chế"]
    result = book.get_sheet_by_index(0).to_python()
    assert result[0][0] == award.contest.name
    assert result[4][:9] == [1.0, "B-001", "B", "=HYPERLINK(A1)", result[4][4], 2.0, "1909/25", 76.36, 11.28]
    sheets = book.get_sheet_by_index(1).to_python()
    assert [row[4:] for row in sheets[1:]] == [
        [40.0, 30.72, 0.0, 0.0, 70.72, "có"],
        [40.0, 40.0, 2.0, 0.0, 82.0, "không: giám khảo không tham gia chấm"],
    ]


def test_csv_and_json_hold_the_result_and_run_nothing(world: World, browser: Browser) -> None:
    award = scored(
        world, [[7072, 8200], [None, None]], products=[world.product(name="=1+1"), world.product()]
    )
    browser.sign_in(award.organiser)

    csv = browser.file(address(award, ".csv")).data.decode()
    document = json.loads(browser.file(address(award, ".json")).data)

    assert csv.startswith("\ufeffThứ hạng;Mã số;Nhóm;Sản phẩm;")
    assert "\r\n1;B-001;B;'=1+1;" in csv
    assert document["format"] == "binhchon.contest-results/1"
    assert document["rules_digest"] == award.contest.rules_digest
    assert document["counts"] == {"selected": 1, "tied": 0, "reached": 0, "below": 0, "not_scored": 1}
    assert [
        (e["entry"], e["value"], e["average"], e["outcome"], e["decided_by"]) for e in document["entries"]
    ] == [
        ("B-001", "1909/25", "76.36", "selected", "value"),
        ("B-002", None, None, "not_scored", None),
    ]


def test_files_of_an_example_say_so_in_every_row(world: World, browser: Browser) -> None:
    award = scored(world, [[7072]], is_example=True)
    browser.sign_in(award.organiser)

    csv = browser.file(address(award, ".csv")).data.decode()
    document = json.loads(browser.file(address(award, ".json")).data)

    assert csv.splitlines()[1].endswith("VÍ DỤ – DỮ LIỆU GIẢ ĐỊNH")
    assert document["example"] is True
    assert browser.get(address(award)).select(".example-notice")


def test_the_page_asks_the_database_as_often_for_three_entries_as_for_one(
    world: World, app: Flask, browser: Browser
) -> None:
    one, three = scored(world, [[8000]]), scored(world, [[8000], [7500], [6000]])
    browser.sign_in(one.organiser)
    browser.get(address(one))

    with count_queries(app.extensions["binhchon_engine"]) as few:
        browser.get(address(one))
    browser.sign_out()
    browser.sign_in(three.organiser)
    with count_queries(app.extensions["binhchon_engine"]) as many:
        browser.get(address(three))

    assert len(many) == len(few)


def test_names_that_look_like_markup_stay_text(world: World, browser: Browser) -> None:
    award = scored(world, [[8000]], products=[world.product(name="<script>alert(1)</script> 🪷")])
    browser.sign_in(award.organiser)

    page = browser.get(address(award))

    assert "<script>alert(1)</script> 🪷" in page.rows("table.results")[1][1]


def test_what_the_jury_has_discussed_is_not_called_open_any_more(world: World, browser: Browser) -> None:
    award = scored(world, [[6000, 9000], [5000, 9000]])
    discussed, changed = award.entries
    for entry, spread in ((discussed, 3000), (changed, 2000)):
        world.add(
            Discussion(entry_id=entry.id, pass_no=1, spread=spread, note="Đã xem lại hồ sơ.", settled_at=NOW)
        )
    browser.sign_in(award.organiser)

    spreads = {
        row[1][:5]: row[4] for row in browser.get(address(award)).rows("table.results") if len(row) > 1
    }

    assert spreads == {
        "B-001": "30,00 đã thảo luận Đã xem lại hồ sơ.",
        "B-002": "40,00 trên 10 điểm: cần xem lại Nội dung thảo luận",
    }
