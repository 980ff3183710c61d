import re
import unicodedata
from datetime import date

import pytest
import segno
from bs4 import BeautifulSoup

from certificates import Certificate, DoesNotFit, certificate_pdf
from certificates.render import EXAMPLE_MARK, QR_TITLE, SMALLEST_FIT, certificate_html
from tests.unit.certificates.samples import TORTURE, Printed, make_certificate

LONG_WORD = "Nghiêng" * 8 + "ngật"


def printed(document: Certificate) -> Printed:
    return Printed(certificate_pdf(document))


def test_a_certificate_says_everything_it_certifies() -> None:
    certificate = printed(make_certificate())

    assert certificate.letters == without_spaces(
        "ỦY BAN NHÂN DÂN TỈNH AN GIANG HỘI ĐỒNG BÌNH CHỌN "
        "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM Độc lập - Tự do - Hạnh phúc Số: 12/GCN-HĐBC "
        "GIẤY CHỨNG NHẬN SẢN PHẨM CÔNG NGHIỆP NÔNG THÔN TIÊU BIỂU CẤP TỈNH NĂM 2023 TỈNH AN GIANG "
        "Chứng nhận sản phẩm Nước mắm cá cơm Nhóm sản phẩm chế biến nông, lâm, thủy sản và thực phẩm "
        "của cơ sở Hợp tác xã Hòn Thơm Địa chỉ: ấp Bãi Nam, đặc khu Phú Quốc, tỉnh An Giang "
        "Theo Quyết định số 2345/QĐ-UBND ngày 05 tháng 9 năm 2023 "
        "Giấy chứng nhận có giá trị đến hết ngày 31 tháng 12 năm 2026 "
        "Mã tra cứu 7K3M-Q2XD Quét mã hoặc mở địa chỉ https://binhchon.example/c/7K3M-Q2XD "
        "An Giang, ngày 15 tháng 9 năm 2023 TM. HỘI ĐỒNG BÌNH CHỌN CHỦ TỊCH Nguyễn Văn Minh"
    )


def without_spaces(text: str) -> str:
    return "".join(text.split())


def test_what_is_not_given_is_not_mentioned() -> None:
    certificate = printed(
        make_certificate(
            issuer_parent=None, territory=None, group=None, valid_until=None, tier="cấp quốc gia"
        )
    )

    assert certificate.text.startswith("HỘI ĐỒNG BÌNH CHỌN CỘNG HÒA XÃ HỘI")
    assert "CẤP QUỐC GIA NĂM 2023 Chứng nhận sản phẩm Nước mắm cá cơm của cơ sở" in certificate.text
    assert "giá trị đến" not in certificate.text


def test_a_set_of_products_is_called_one() -> None:
    assert "Chứng nhận bộ sản phẩm Nước mắm cá cơm" in printed(make_certificate(is_set=True)).text


@pytest.mark.parametrize("example", [True, False])
def test_only_an_example_is_marked_as_one(example: bool) -> None:
    assert (EXAMPLE_MARK in printed(make_certificate(example=example)).text) is example


def test_a_certificate_is_one_landscape_page_of_a4() -> None:
    certificate = printed(make_certificate())

    assert (len(certificate.pages), certificate.size) == (1, (297, 210))


def test_the_title_of_the_file_names_number_and_product() -> None:
    information = printed(make_certificate()).information

    assert information["/Title"] == "Giấy chứng nhận số 12/GCN-HĐBC: Nước mắm cá cơm"
    assert information["/Author"] == "HỘI ĐỒNG BÌNH CHỌN"


@pytest.mark.parametrize(
    ("product", "facility", "address"),
    [
        ("Bộ ấm chén men ngọc " * 15, "Công ty TNHH một thành viên " * 7, "xã Định Hòa, tỉnh An Giang, " * 9),
        (f"{LONG_WORD} " * 5, f"{LONG_WORD} " * 3, f"{LONG_WORD} " * 4),
        (LONG_WORD * 5, LONG_WORD * 4, LONG_WORD * 5),
        ("BỘ ẤM CHÉN MEN NGỌC " * 15, "CÔNG TY TNHH MỘT THÀNH VIÊN " * 7, "XÃ ĐỊNH HÒA, TỈNH AN GIANG, " * 9),
        ("W" * 300, "W" * 200, "W" * 250),
    ],
    ids=["long names", "words of 60 letters", "a single word", "capitals", "widest letters"],
)
def test_the_longest_names_still_fit_on_one_page_and_none_is_cut(
    product: str, facility: str, address: str
) -> None:
    document = make_certificate(
        product=product[:300],
        facility=facility[:200],
        address=address[:250],
        issuer="HỘI ĐỒNG BÌNH CHỌN SẢN PHẨM CÔNG NGHIỆP NÔNG THÔN TIÊU BIỂU TỈNH AN GIANG",
        signatory_title=("TM. HỘI ĐỒNG BÌNH CHỌN", "KT. CHỦ TỊCH", "PHÓ CHỦ TỊCH"),
        example=True,
    )

    certificate = printed(document)

    assert len(certificate.pages) == 1
    for name in (document.product, document.facility, document.address, document.signatory):
        assert without_spaces(name) in certificate.letters


def test_texts_that_no_letter_size_can_hold_are_refused() -> None:
    document = make_certificate(
        issuer="W" * 120,
        product="W" * 300,
        group="W" * 200,
        facility="W" * 200,
        signatory_title=("W" * 100,) * 4,
    )

    with pytest.raises(DoesNotFit):
        certificate_pdf(document)


def test_every_letter_size_that_may_be_tried_has_its_class() -> None:
    sizes = [
        BeautifulSoup(certificate_html(make_certificate(), fit), "html5lib").body
        for fit in range(SMALLEST_FIT + 1)
    ]

    assert [body["class"] for body in sizes if body] == [[f"fit-{fit}"] for fit in range(SMALLEST_FIT + 1)]


def test_vietnamese_letters_come_out_composed_however_they_were_typed() -> None:
    certificate = printed(make_certificate(product=unicodedata.normalize("NFD", TORTURE)))

    assert TORTURE in certificate.text


def test_small_letters_of_tier_and_territory_become_capitals() -> None:
    certificate = printed(make_certificate(tier="cấp khu vực", territory="miền Trung – Tây Nguyên, đặc khu"))

    assert "TIÊU BIỂU CẤP KHU VỰC NĂM 2023 MIỀN TRUNG – TÂY NGUYÊN, ĐẶC KHU" in certificate.text


@pytest.mark.parametrize("length", [1, 60, 200])
def test_the_square_holds_the_whole_check_address_with_its_quiet_zone(length: int) -> None:
    code = "7K3M-Q2XD"
    address = f"https://binhchon.example/{'x' * length}"[: 200 - len(code) - 3] + f"/c/{code}"

    page = BeautifulSoup(certificate_html(make_certificate(check_url=address), 0), "html5lib")

    expected = segno.make(address, error="m", micro=False)
    width, height = expected.symbol_size(border=4)
    square = page.select_one(".qr svg")
    assert square is not None
    assert square["viewBox"] == f"0 0 {width} {height}"
    assert dark_modules(str(square.select("path")[-1]["d"])) == {
        (x + 4, y + 4) for y, row in enumerate(expected.matrix) for x, module in enumerate(row) if module
    }
    assert expected.error in "MQH"


def dark_modules(path: str) -> set[tuple[int, int]]:
    """The squares that a path of horizontal strokes of width 1 covers: x and y from the upper left corner."""
    modules = set()
    x, y = 0, 0.0
    for command, first, second in re.findall(r"([Mmh])(-?[\d.]+)(?: (-?[\d.]+))?", path):
        if command == "h":
            modules |= {(x + step, int(y)) for step in range(int(first))}
            x += int(first)
        elif command == "M":
            x, y = int(first), float(second)
        else:
            x, y = x + int(first), y + float(second)
    return modules


def test_the_square_has_a_description_for_those_who_cannot_see_it() -> None:
    tags = printed(make_certificate()).tags

    assert [alternative for kind, alternative in tags if kind == "/Figure"] == [QR_TITLE]


def test_dates_of_the_file_are_the_day_of_signing() -> None:
    information = printed(make_certificate(signed_on=date(2024, 1, 2))).information

    assert information["/CreationDate"] == information["/ModDate"] == "D:20240102000000+07'00"
