import re

import pytest

from certificates import ResultsGroup, ResultsList, results_list_pdf
from certificates.render import EXAMPLE_MARK
from tests.unit.certificates.samples import Printed, make_group, make_list, make_row, make_signature

HEADER = "Hạng Mã số Sản phẩm Cơ sở Địa chỉ Điểm bình quân Kết quả"


def printed(document: ResultsList) -> Printed:
    return Printed(results_list_pdf(document))


def test_a_list_says_who_issued_what_by_which_rules_and_who_signed() -> None:
    results = printed(make_list())

    assert results.text == (
        "ỦY BAN NHÂN DÂN TỈNH AN GIANG HỘI ĐỒNG BÌNH CHỌN "
        "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM Độc lập - Tự do - Hạnh phúc "
        "Số: 05/DS-HĐBC An Giang, ngày 05 tháng 9 năm 2023 "
        "DANH SÁCH SẢN PHẨM TIÊU BIỂU CẤP TỈNH NĂM 2023 Kèm theo Biên bản số 05/BB-HĐBC Danh sách dự kiến "
        f"{HEADER} B. Nhóm sản phẩm chế biến "
        "1 B-001 Miến dong sợi nhỏ số 1, hộp quà tặng hai cân Hợp tác xã Tài Hoan 1 "
        "xã Định Hòa, tỉnh An Giang 70,72 Đạt "
        "Tổng số: 1 sản phẩm. Điểm bình quân từ 70 trở lên. Mã kiểm chứng: 9f86d081 CHỦ TỊCH Nguyễn Văn Minh"
    )


def test_a_list_is_portrait_a4_named_after_its_title() -> None:
    results = printed(make_list())

    assert results.size == (210, 297)
    assert results.information["/Title"] == "DANH SÁCH SẢN PHẨM TIÊU BIỂU CẤP TỈNH NĂM 2023"


def test_a_final_list_calls_itself_final() -> None:
    text = printed(make_list(provisional=False)).text

    assert "Danh sách chính thức" in text
    assert "dự kiến" not in text


def test_without_ranks_the_entries_of_each_group_are_counted() -> None:
    groups = tuple(
        ResultsGroup(
            label=label, rows=(make_row(1, rank=None, entry_code=f"{label}-1"), make_row(2, rank=None))
        )
        for label in ("A", "B")
    )

    text = printed(make_list(groups=groups)).text

    assert f"TT {HEADER.removeprefix('Hạng ')} A 1 A-1 " in text
    assert " B 1 B-1 " in text
    assert text.count(" 2 B-002 ") == 2


def test_an_entry_without_rank_or_average_gets_a_dash() -> None:
    rows = (make_row(1), make_row(2, rank=None, average=None, outcome="Không đủ phiếu"))

    text = printed(make_list(groups=(ResultsGroup(label="A", rows=rows),))).text

    assert "Đạt – B-002 " in text
    assert "An Giang – Không đủ phiếu" in text


def test_when_no_average_is_published_the_column_is_left_out() -> None:
    groups = (ResultsGroup(label="A", rows=(make_row(average=None),)),)

    text = printed(make_list(groups=groups, rules=())).text

    assert "Địa chỉ Kết quả A 1 B-001" in text
    assert "bình quân" not in text


def test_a_group_without_entries_says_so() -> None:
    text = printed(make_list(groups=(ResultsGroup(label="C. Thiết bị, máy móc", rows=()), make_group()))).text

    assert "C. Thiết bị, máy móc Không có sản phẩm. B. Nhóm" in text


def test_several_signatures_stand_in_their_order_and_a_name_may_be_left_open() -> None:
    signatures = (
        make_signature(title=("THƯ KÝ",), name=None),
        make_signature(title=("TRƯỞNG BAN",), name="Lê Hoàng"),
    )

    text = printed(make_list(signatures=signatures)).text

    assert text.endswith("9f86d081 THƯ KÝ TRƯỞNG BAN Lê Hoàng")


@pytest.fixture(scope="module")
def long_list() -> Printed:
    """The list of Kiên Giang 2023: 179 entries in four groups."""
    sizes = {"A. Thủ công mỹ nghệ": 24, "B. Chế biến": 110, "C. Máy móc": 15, "D. Khác": 30}
    groups, first = [], 1
    for label, size in sizes.items():
        groups.append(make_group(size, first, label))
        first += size
    return printed(make_list(groups=tuple(groups), example=True))


def test_a_long_list_holds_every_entry_once_in_order(long_list: Printed) -> None:
    codes = re.findall(r"B-(\d{3})", long_list.text)

    assert codes == [f"{number:03d}" for number in range(1, 180)]


def test_a_row_is_never_split_over_two_pages(long_list: Printed) -> None:
    row = r"(\d+) B-\d+ Miến dong sợi nhỏ số (\d+), hộp quà tặng hai cân Hợp tác xã Tài Hoan (\d+) xã"
    whole = [found for page in long_list.pages for found in re.findall(row, page)]

    assert whole == [(str(number),) * 3 for number in range(1, 180)]


def test_every_page_repeats_the_header_of_the_table(long_list: Printed) -> None:
    assert [page.count(HEADER) for page in long_list.pages if "B-" in page] == [1] * (len(long_list.pages))


def test_a_group_heading_never_stands_alone_at_the_foot_of_a_page(long_list: Printed) -> None:
    for first, label in (
        (1, "A. Thủ công mỹ nghệ"),
        (25, "B. Chế biến"),
        (135, "C. Máy móc"),
        (150, "D. Khác"),
    ):
        assert f"{label} {first} B-{first:03d}" in long_list.text


def test_pages_are_numbered_at_the_top_in_the_middle_from_the_second_on(long_list: Printed) -> None:
    numbers = [top_line(long_list, index) for index in range(len(long_list.pages))]

    assert numbers == [None, *(str(number) for number in range(2, len(long_list.pages) + 1))]


def top_line(document: Printed, page: int) -> str | None:
    """What is printed alone in the middle of the top 20 millimetres; None when nothing is there at all."""
    found = []

    def visit(text: str, outer: list[float], inner: list[float], _font: object, _size: float) -> None:
        x = (inner[4] * outer[0] + inner[5] * outer[2] + outer[4]) / 72 * 25.4
        y = 297 - (inner[4] * outer[1] + inner[5] * outer[3] + outer[5]) / 72 * 25.4
        if text.strip() and y < 20:
            found.append((text.strip(), 110 < x < 114))

    document.reader.pages[page].extract_text(visitor_text=visit)
    if not found:
        return None
    [(text, in_the_middle)] = found
    assert in_the_middle
    return text


def test_an_example_is_marked_on_every_page_and_a_real_list_on_none(long_list: Printed) -> None:
    marks = [EXAMPLE_MARK in page for page in long_list.pages]

    assert all(marks)
    assert EXAMPLE_MARK not in printed(make_list()).text
