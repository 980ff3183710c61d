from datetime import date
from io import BytesIO

import pikepdf
import pytest
from PIL import Image

from app.domain.facilities import FacilityKind
from app.samples.drawing import SHAPES
from app.samples.papers import registration_paper
from app.samples.pictures import VIEWS, product_photo, workshop_photo

LONG = (
    "Bộ sản phẩm phân hữu cơ vi sinh từ vỏ cà phê và phụ phẩm nông nghiệp ủ nóng kiểu mới "
    "dùng cho vườn ươm Ẵng Quỳ"
)


def opened(photo: bytes) -> Image.Image:
    image = Image.open(BytesIO(photo))
    image.load()
    return image


@pytest.mark.parametrize("shape", SHAPES)
def test_every_shape_is_drawn_in_three_different_views(shape: str) -> None:
    photos = [product_photo("Giỏ mây Lam Khê", shape, view) for view in range(VIEWS)]

    assert len(set(photos)) == VIEWS
    for photo in photos:
        image = opened(photo)

        assert (image.format, image.mode, image.size) == ("JPEG", "RGB", (800, 600))


def test_the_same_name_gives_the_same_bytes() -> None:
    assert product_photo("Chè xanh Lam Khê", "pouch", 1) == product_photo("Chè xanh Lam Khê", "pouch", 1)
    assert product_photo("Chè xanh Lam Khê", "pouch", 1) != product_photo("Chè xanh Quế Ba", "pouch", 1)


@pytest.mark.parametrize("name", ["A", "Ẵ", LONG])
def test_any_name_fits_its_caption(name: str) -> None:
    image = opened(product_photo(name, "sack", 0))

    margins = [image.crop((left, 545, left + 12, 595)).convert("L").tobytes() for left in (0, 788)]

    assert max(b"".join(margins)) < 90  # the dark band is bare at both ends


@pytest.mark.parametrize("shape", SHAPES)
def test_every_shape_is_drawn_where_it_is_made(shape: str) -> None:
    photo = workshop_photo(LONG, shape)

    assert opened(photo).size == (800, 600)
    assert photo == workshop_photo(LONG, shape)
    assert photo not in [product_photo(LONG, shape, view) for view in range(VIEWS)]


def test_a_shape_nobody_drew_is_refused() -> None:
    with pytest.raises(KeyError):
        product_photo("Giỏ mây", "airship", 0)


@pytest.mark.parametrize("kind", FacilityKind)
def test_a_registration_paper_is_one_page_and_the_same_each_time(kind: FacilityKind) -> None:
    papers = [
        registration_paper(
            kind,
            name="Hợp tác xã Sản xuất và Dịch vụ Tinh dầu và hóa phẩm thiên nhiên Bạch Quỳ xã Tân Hòa",
            tax_code="9992406334",
            address="Khu 4, xã Phú Hòa, tỉnh Phú Thọ",
            representative="Đoàn Thành Phương",
            issued=date(2021, 2, 5),
        )
        for _ in range(2)
    ]

    assert papers[0] == papers[1]
    with pikepdf.open(BytesIO(papers[0])) as document:
        assert len(document.pages) == 1
        assert document.docinfo["/Title"] == "MẪU – DỮ LIỆU GIẢ ĐỊNH"
