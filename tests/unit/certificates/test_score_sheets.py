from typing import Any

import pytest

from certificates import (
    DocumentError,
    ScoreSheet,
    ScoreSheetLine,
    ScoreSheets,
    score_sheets_pdf,
)
from certificates.render import EXAMPLE_MARK, score_sheets_html
from tests.unit.certificates.samples import HEAD, TORTURE, Printed

LINES = (
    ("1", "Tiêu chí về đáp ứng thị trường và khả năng phát triển sản xuất", "40"),
    ("2", "Tiêu chí về kinh tế – kỹ thuật – xã hội và môi trường", "40"),
    ("3", "Tiêu chí về tính văn hóa, tính thẩm mỹ", "10"),
    ("4", "Một số tiêu chí khác", "10"),
)


def make_sheet(number: int = 1, **changes: Any) -> ScoreSheet:
    values: dict[str, Any] = {
        "entry_code": f"B-{number:03d}",
        "product": f"Trà bí thơm số {number}",
        "group": "Nhóm sản phẩm chế biến nông, lâm, thủy sản và thực phẩm",
        "lines": tuple(
            ScoreSheetLine(number=number, name=name, max_mark=highest) for number, name, highest in LINES
        ),
        "highest_total": "100",
        "keying_url": f"https://binhchon.example/contests/1/keying/{number}",
    }
    return ScoreSheet(**values | changes)


def make_sheets(count: int = 1, **changes: Any) -> ScoreSheets:
    values: dict[str, Any] = {
        **HEAD,
        "contest": "Bình chọn sản phẩm công nghiệp nông thôn tiêu biểu tỉnh An Giang năm 2023",
        "judge": "Phạm Ngọc Ánh",
        "position": "Thạc sĩ, Phó Giám đốc Trung tâm Khuyến công",
        "step": "0,5",
        "place": "An Giang",
        "printed_on": "2023-09-01",
        "sheets": tuple(make_sheet(number) for number in range(1, count + 1)),
        "example": False,
    }
    return ScoreSheets(**values | changes)


def printed(document: ScoreSheets) -> Printed:
    return Printed(score_sheets_pdf(document))


def test_a_sheet_follows_the_form_of_the_circular() -> None:
    sheet = printed(make_sheets())

    assert sheet.text == (
        "ỦY BAN NHÂN DÂN TỈNH AN GIANG HỘI ĐỒNG BÌNH CHỌN "
        "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM Độc lập - Tự do - Hạnh phúc "
        "PHIẾU CHẤM ĐIỂM Bình chọn sản phẩm công nghiệp nông thôn tiêu biểu tỉnh An Giang năm 2023 "
        "Mã số bình chọn: B-001 Tên sản phẩm: Trà bí thơm số 1 "
        "Nhóm sản phẩm: Nhóm sản phẩm chế biến nông, lâm, thủy sản và thực phẩm "
        "Họ và tên giám khảo: Phạm Ngọc Ánh "
        "Chức vụ, học hàm, học vị: Thạc sĩ, Phó Giám đốc Trung tâm Khuyến công "
        "TT Nội dung tiêu chí Điểm tối đa Điểm bình chọn Ghi chú "
        "1 Tiêu chí về đáp ứng thị trường và khả năng phát triển sản xuất 40 "
        "2 Tiêu chí về kinh tế – kỹ thuật – xã hội và môi trường 40 "
        "3 Tiêu chí về tính văn hóa, tính thẩm mỹ 10 4 Một số tiêu chí khác 10 Tổng cộng 100 "
        "Điểm cho theo bước 0,5 điểm, từ 0 đến điểm tối đa của tiêu chí. Nhận xét: "
        "B-001 Mã QR: trang nhập phiếu, dành cho tổ giúp việc. "
        "An Giang, ngày …… tháng …… năm 20…… GIÁM KHẢO (Ký và ghi rõ họ tên) Phạm Ngọc Ánh"
    )


def test_each_entry_has_a_page_of_its_own_on_portrait_a4_with_its_code_to_scan() -> None:
    sheets = printed(make_sheets(3))
    alternatives = [text for kind, text in sheets.tags if kind == "/Figure"]

    assert sheets.size == (210, 297)
    assert [[f"B-00{number}" in page for number in (1, 2, 3)] for page in sheets.pages] == [
        [True, False, False],
        [False, True, False],
        [False, False, True],
    ]
    assert alternatives == [f"Mã QR của trang nhập phiếu chấm điểm B-00{number}" for number in (1, 2, 3)]


def test_lines_below_a_criterion_and_the_pass_are_printed() -> None:
    lines = (
        ScoreSheetLine(number="1", name="Thị trường", max_mark="40", heading=True),
        ScoreSheetLine(number="1.1", name="Thị phần", max_mark="12,5"),
    )
    text = printed(make_sheets(scoring_pass="Vòng 2 – chấm thực tế", sheets=(make_sheet(lines=lines),))).text

    assert "năm 2023 Vòng 2 – chấm thực tế Mã số" in text
    assert "1 Thị trường 40 1.1 Thị phần 12,5 Tổng cộng" in text


def test_a_detailed_sheet_of_sixteen_lines_fits_its_page() -> None:
    lines = tuple(
        ScoreSheetLine(number=f"{number}.{place}", name=f"Tiêu chí thành phần {place}", max_mark="10")
        for number in range(1, 5)
        for place in range(1, 5)
    )

    assert len(printed(make_sheets(sheets=(make_sheet(lines=lines),))).pages) == 1


def test_the_table_is_tagged_and_everything_vietnamese_is_there() -> None:
    sheet = printed(make_sheets(judge=TORTURE, sheets=(make_sheet(product=TORTURE),)))
    kinds = [kind for kind, _alternative in sheet.tags]

    assert (kinds.count("/Table"), kinds.count("/TH")) == (1, 5)
    assert sheet.letters.count(TORTURE.replace(" ", "")) == 3
    assert all("Tinos" in font for font in sheet.fonts)


def test_hostile_texts_are_printed_as_they_are_written() -> None:
    html = score_sheets_html(make_sheets(sheets=(make_sheet(product="<script>alert(1)</script> {{ 7*7 }}"),)))

    assert "&lt;script&gt;alert(1)&lt;/script&gt; {{ 7*7 }}" in html
    assert "<script" not in html


@pytest.mark.parametrize(
    "changes", [{"sheets": ()}, {"judge": ""}, {"judge": "x" * 201}, {"contest": "🪷"}, {"place": " "}]
)
def test_what_cannot_be_printed_is_refused(changes: dict[str, Any]) -> None:
    with pytest.raises(DocumentError):
        make_sheets(**changes)


def test_a_sheet_without_lines_is_refused() -> None:
    with pytest.raises(DocumentError):
        make_sheet(lines=())


def test_the_same_sheets_are_the_same_bytes() -> None:
    assert score_sheets_pdf(make_sheets(2)) == score_sheets_pdf(make_sheets(2))


@pytest.mark.parametrize("example", [True, False])
def test_only_an_example_is_marked_as_one(example: bool) -> None:
    assert (EXAMPLE_MARK in printed(make_sheets(example=example)).text) is example
