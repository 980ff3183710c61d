import io
import json
from datetime import timedelta

import pytest
import python_calamine
from flask import Flask
from sqlalchemy import Engine, select

from app.domain.entries import EntryState
from app.models import Discussion, Recusal, ScoreSheet
from tests.awards import certified, scored
from tests.browsing import Browser, squeeze
from tests.builders import NOW, World
from tests.communes import register
from tests.evidence import address, everything, named, rows_of
from tests.queries import count_queries


def test_every_entry_is_shown_with_its_exact_distances(world: World, browser: Browser) -> None:
    facility = world.facility("Cơ sở Ngọc Liên")
    products = [world.product(facility, name) for name in ("Trà sen", "Mứt hồng", "Rượu cần", "Bánh cốm")]
    award = scored(
        world,
        [[8000, 8000, 8001], [7100, 7100, 7100], [6999, 7000, 7000], [None, None, None]],
        products=products,
        rules={"quota": 1},
    )
    browser.sign_in(award.organiser)

    page = browser.get(address(award))

    assert page.heading == "Hồ sơ chứng minh kết quả"
    assert rows_of(page, "entries") == [
        ["1", "B-001 Trà sen Cơ sở Ngọc Liên", "80,00 = 24001/300", "chênh lệch 0,01", "+10,01 = 3001/300",
         "+9,01 = 2701/300 so với B-002", "Đạt, trong danh sách đề nghị"],
        ["2", "B-002 Mứt hồng Cơ sở Ngọc Liên", "71,00", "chênh lệch 0,00", "+1,00",
         "−9,01 = −2701/300 so với B-001", "Đạt điểm, ngoài số lượng tối đa"],
        ["3", "B-003 Rượu cần Cơ sở Ngọc Liên", "70,00 = 20999/300", "chênh lệch 0,01", "−0,01 = −1/300", "–",
         "Dưới điểm tối thiểu"],
        ["–", "B-004 Bánh cốm Cơ sở Ngọc Liên", "–", "", "–", "–", "Chưa có điểm"],
    ]  # fmt: skip
    assert page.select("svg.dot-plot")[1]["aria-label"] == (
        "Tổng điểm các phiếu của B-002: 71; 71; 71. Kết quả 71,00, điểm tối thiểu 70. Vạch số lượng: 80,00."
    )


def test_judges_stand_beside_the_rest_of_the_panel(world: World, browser: Browser) -> None:
    award = named(world, scored(world, [[9000, 8000, 8000], [8000, 7000, 7000], [8500, 7500, 7500]]))
    browser.sign_in(award.organiser)

    page = browser.get(address(award))

    assert [row[:4] for row in rows_of(page, "judges")] == [
        ["Nguyễn Thị An nên trao đổi", "3", "10,00 (từ 10,00 đến 10,00)", "80 – 90 10% thang điểm"],
        ["Lê Thị Cúc nên trao đổi", "3", "−5,00 (từ −5,00 đến −5,00)", "70 – 80 10% thang điểm"],
        ["Trần Văn Bình nên trao đổi", "3", "−5,00 (từ −5,00 đến −5,00)", "70 – 80 10% thang điểm"],
    ]
    assert [row[4:] for row in rows_of(page, "judges")] == [
        ["1,00", "0%", "33%", "không có ý nghĩa: quá ít phiếu"],
        ["1,00", "100%", "33%", "không có ý nghĩa: quá ít phiếu"],
        ["1,00", "100%", "33%", "không có ý nghĩa: quá ít phiếu"],
    ]


def test_agreement_is_told_for_the_whole_and_each_group_in_words(world: World, browser: Browser) -> None:
    award = scored(world, [[9000, 8900], [8000, 8100], [7000, 7100], [8500, 8600]], groups="AAAB")
    browser.sign_in(award.organiser)

    page = browser.get(address(award))

    rows = rows_of(page, "agreement")
    assert [row[0] for row in rows if len(row) == 1] == [
        "Cả đợt bình chọn sản phẩm: 4, được tất cả chấm: 4, giám khảo: 2",
        "A – Nhóm sản phẩm thủ công mỹ nghệ sản phẩm: 3, được tất cả chấm: 3, giám khảo: 2",
        "B – Nhóm sản phẩm chế biến nông, lâm, thủy sản và thực phẩm sản phẩm: 1, được tất cả chấm: 1, giám khảo: 2",
    ]
    assert rows[1] == [
        "Hệ số W của Kendall", "1,00", "–", "Các giám khảo xếp thứ tự sản phẩm gần như giống nhau.",
    ]  # fmt: skip
    assert rows[-4] == [
        "Hệ số W của Kendall", "–", "–",
        "Không có ý nghĩa: có ít hơn hai sản phẩm được tất cả các giám khảo này chấm.",
    ]  # fmt: skip


def test_outcomes_that_hang_on_one_judge_are_named(world: World, browser: Browser) -> None:
    products = [world.product(name="Mứt hồng"), world.product()]
    award = named(world, scored(world, [[7600, 6900, 6900], [9000, 9000, 9000]], products=products))
    browser.sign_in(award.organiser)

    page = browser.get(address(award))

    [row] = rows_of(page, "sensitivity")
    assert row == [
        "B-001 Mứt hồng 71,33",
        "Đạt, trong danh sách đề nghị",
        (
            "khi bỏ phiếu của Nguyễn Thị An: Dưới điểm tối thiểu "
            "theo cách tính khác: Bình quân sau khi bỏ phiếu thấp nhất và cao nhất: Dưới điểm tối thiểu "
            "theo cách tính khác: Trung vị: Dưới điểm tối thiểu"
        ),
        "−1,50",
        "2 (2–2)",
    ]


def test_the_steps_are_counted_in_all_by_group_and_by_place(world: World, browser: Browser) -> None:
    commune = register(world)
    products = [world.product(group="A"), world.product(world.facility(territory=commune)), world.product()]
    award = certified(world, [[9000], [8000], [6000]], products=products, carried=[True, False, False])
    world.entry(award.contest, state=EntryState.REJECTED)
    world.entry(award.contest, state=EntryState.DRAFT)
    browser.sign_in(award.organiser)

    page = browser.get(address(award))

    total, groups, places = (
        [[squeeze(cell) for cell in row.select("th, td")] for row in table.select("tbody tr")]
        for table in page.select("section[aria-labelledby=steps] table")
    )
    assert [row[1:3] for row in total] == [
        ["4", "100%"], ["3", "75%"], ["3", "75%"], ["2", "50%"], ["2", "50%"], ["1", "25%"], ["1", "25%"],
    ]  # fmt: skip
    assert groups == [
        ["A – Nhóm sản phẩm thủ công mỹ nghệ", "1", "1", "1", "1", "1", "1", "1"],
        ["B – Nhóm sản phẩm chế biến nông, lâm, thủy sản và thực phẩm", "3", "2", "2", "1", "1", "0", "0"],
    ]
    assert places == [
        ["Tỉnh Lâm Đồng", "3", "2", "2", "1", "1", "1", "1"],
        ["Xã Tân Hòa, tỉnh Lâm Đồng", "1", "1", "1", "1", "1", "0", "0"],
    ]


def test_sheets_far_apart_are_flagged_until_the_jury_has_discussed_them(
    world: World, browser: Browser
) -> None:
    award = scored(world, [[9000, 7000], [9000, 7500]])
    world.add(
        Discussion(
            entry_id=award.entries[0].id, pass_no=1, spread=2000, note="Hai bên giữ điểm.", settled_at=NOW
        )
    )  # fmt: skip
    world.add(
        Discussion(entry_id=award.entries[1].id, pass_no=1, spread=1200, note="Điểm cũ.", settled_at=NOW)
    )
    browser.sign_in(award.organiser)

    page = browser.get(address(award))

    assert {row[1][:5]: row[3] for row in rows_of(page, "entries")} == {
        "B-001": "chênh lệch 20,00 đã thảo luận Hai bên giữ điểm.",
        "B-002": "chênh lệch 15,00 trên 10 điểm: cần xem lại Nội dung thảo luận",
    }


def test_marks_that_changed_since_the_computation_are_reported(world: World, browser: Browser) -> None:
    award = scored(world, [[8000, 9000]])
    browser.sign_in(award.organiser)
    assert "Vừa kiểm tra" in squeeze(browser.get(address(award)).main)
    world.add(
        Recusal(judge_id=award.judges[1].id, entry_id=award.entries[0].id, reason="Họ hàng", recorded_at=NOW)
    )

    page = browser.get(address(award))

    assert "Các điểm hợp lệ hiện có không còn là các điểm của lần tính 1." in squeeze(page.one("main .alert"))
    assert json.loads(browser.file(address(award, ".json")).data)["marks_unchanged"] is False


@pytest.mark.parametrize("totals", [[], [[]], [[None]], [[8000]], [[8000, 8000]], [[8000], [8000]]])
def test_a_contest_may_be_as_small_as_it_likes(
    world: World, browser: Browser, totals: list[list[int | None]]
) -> None:
    award = scored(world, totals, rules={"quota": 1})
    browser.sign_in(award.organiser)

    page = browser.get(address(award))

    assert all(row[1:3] == ["–", "–"] for row in rows_of(page, "agreement") if len(row) > 1)
    assert "nan" not in everything(browser, award).lower()


def test_the_pace_is_the_median_time_between_sheets(world: World, browser: Browser) -> None:
    award = scored(world, [[8000]] * 6)
    minutes = (0, 4, 10, 18, 200, 206)
    with world.session() as session:
        sheets = session.scalars(select(ScoreSheet).order_by(ScoreSheet.id))
        for sheet, minute in zip(sheets, minutes, strict=True):
            sheet.submitted_at = NOW + timedelta(minutes=minute)
    browser.sign_in(award.organiser)

    assert rows_of(browser.get(address(award)), "judges")[0][-1] == "6,0 phút"


def test_sheets_submitted_together_have_no_pace(world: World, browser: Browser) -> None:
    award = scored(world, [[8000]] * 6)
    browser.sign_in(award.organiser)

    assert rows_of(browser.get(address(award)), "judges")[0][-1] == "không có ý nghĩa: nộp cùng lúc"


def test_the_number_of_queries_does_not_grow(world: World, browser: Browser, app: Flask) -> None:
    engine: Engine = app.extensions["binhchon_engine"]
    counts = []
    for totals in ([[8000]], [[8000, 9000, 7000]] * 3):
        award = scored(world, totals)
        browser.sign_in(award.organiser)
        with count_queries(engine) as sent:
            browser.get(address(award))
        counts.append(len(sent))
        browser.sign_out()

    assert counts[0] == counts[1]


def test_the_same_marks_give_the_same_evidence(world: World, browser: Browser) -> None:
    award = scored(world, [[7600, 6900, 6900], [9000, 7000, 9000], [7000, 7100, 7200]])
    browser.sign_in(award.organiser)

    first, second = (browser.file(address(award, ".json")).data for _time in range(2))

    assert first == second


def test_hostile_names_stay_text(world: World, browser: Browser) -> None:
    award = scored(world, [[8000]], products=[world.product(name="=HYPERLINK(A1)<script>alert(1)</script>")])
    browser.sign_in(award.organiser)

    page = browser.get(address(award))

    assert "=HYPERLINK(A1)<script>alert(1)</script>" in squeeze(page.main)
    assert "'=HYPERLINK(A1)" in browser.file(address(award, "/entries.csv")).data.decode()


def test_with_two_passes_only_the_second_is_weighed(world: World, browser: Browser) -> None:
    award = scored(world, [[8000, 9000, 8500], [6000, 6100, 6200]], two_passes=True)
    browser.sign_in(award.organiser)

    page = browser.get(address(award))

    assert [(row[1][:5], row[2], row[-1]) for row in rows_of(page, "entries")] == [
        ("B-001", "85,00", "Đạt, trong danh sách đề nghị"),
        ("B-002", "–", "Không vào vòng 2"),
    ]
    assert [row[1] for row in rows_of(page, "judges")] == ["1", "1", "1"]
    assert "Vừa kiểm tra" in squeeze(page.main)


def test_the_parts_are_files_with_numbers_that_spreadsheets_read(world: World, browser: Browser) -> None:
    facility = world.facility("Cơ sở Ngọc Liên")
    products = [world.product(facility, name) for name in ("Trà sen", "Mứt hồng")]
    award = scored(world, [[8000, 8001], [7100, 7100]], products=products, rules={"quota": 1})
    browser.sign_in(award.organiser)

    entries = browser.file(address(award, "/entries.csv")).data.decode("utf-8-sig").splitlines()
    book = python_calamine.CalamineWorkbook.from_filelike(
        io.BytesIO(browser.file(address(award, ".xlsx")).data)
    )

    assert entries[1:] == [
        (
            "1;B-001;B;Trà sen;Cơ sở Ngọc Liên;2;16001/200;80,01;Đạt, trong danh sách đề nghị;Điểm bình quân;"
            "10,01;2001/200;9,01;1801/200;B-002;0,01;"
        ),
        (
            "2;B-002;B;Mứt hồng;Cơ sở Ngọc Liên;2;71/1;71,00;Đạt điểm, ngoài số lượng tối đa;Điểm bình quân;"
            "1,00;;-9,01;-1801/200;B-001;0,00;"
        ),
    ]
    assert book.sheet_names == [
        "Sản phẩm",
        "Giám khảo",
        "Mức độ đồng thuận",
        "Độ nhạy của kết quả",
        "Các bước",
    ]
    assert book.get_sheet_by_index(0).to_python()[-1][12] == -9.01


def test_programs_get_exact_fractions_and_null_for_what_is_undefined(world: World, browser: Browser) -> None:
    products = [world.product(world.facility("Cơ sở Ngọc Liên"), "Trà sen")]
    award = scored(world, [[7000, 7001]], products=products)
    browser.sign_in(award.organiser)

    document = json.loads(browser.file(address(award, ".json")).data)

    assert document["format"] == "binhchon.contest-evidence/1"
    assert document["entries"] == [
        {
            "entry": "B-001", "group": "B", "product": "Trà sen", "facility": "Cơ sở Ngọc Liên", "sheets": 2,
            "totals": ["70.00", "70.01"], "value": "14001/200", "average": "70.01", "rank": 1,
            "rank_interval": [1, 1], "outcome": "selected", "decided_by": "value", "to_threshold": "1/200",
            "to_cut": None, "compared_with": None, "flagged": False, "discussed": False,
            "changes": [{"without": None, "method": None, "threshold": "70.50", "outcome": "below"}],
            "flip": "-1/4",
        }
    ]  # fmt: skip
    assert document["panels"][0]["icc_2_1"] == {
        "value": None, "low": None, "high": None, "reason": "too_few_entries",
    }  # fmt: skip
