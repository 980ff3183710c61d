"""Documents with plain defaults, and what can be read back from their PDFs."""

import io
from collections.abc import Iterator
from datetime import date, time
from functools import cached_property
from typing import Any

from pypdf import PdfReader

from certificates import (
    Certificate,
    Minutes,
    MinutesEntry,
    ResultsGroup,
    ResultsList,
    ResultsRow,
    Signature,
)

HEAD = {"issuer_parent": "ỦY BAN NHÂN DÂN TỈNH AN GIANG", "issuer": "HỘI ĐỒNG BÌNH CHỌN"}
# Letters with two marks, the horned vowels and đ, in capitals and small, precomposed.
TORTURE = "Ẵ Ặ Ữ ự Ỹ đ Đ ẫ ệ ỗ ở Ứ ỵ Ậ Ễ ỡ"


def make_certificate(**changes: Any) -> Certificate:
    """A certificate of the province's tier with every field set."""
    values: dict[str, Any] = {
        **HEAD,
        "number": "12/GCN-HĐBC",
        "tier": "cấp tỉnh",
        "territory": "tỉnh An Giang",
        "year": 2023,
        "product": "Nước mắm cá cơm",
        "is_set": False,
        "group": "Nhóm sản phẩm chế biến nông, lâm, thủy sản và thực phẩm",
        "facility": "Hợp tác xã Hòn Thơm",
        "address": "ấp Bãi Nam, đặc khu Phú Quốc, tỉnh An Giang",
        "decision_number": "2345/QĐ-UBND",
        "decision_date": date(2023, 9, 5),
        "place": "An Giang",
        "signed_on": date(2023, 9, 15),
        "signatory_title": ("TM. Hội đồng bình chọn", "Chủ tịch"),
        "signatory": "Nguyễn Văn Minh",
        "valid_until": date(2026, 12, 31),
        "check_url": "https://binhchon.example/c/7K3M-Q2XD",
        "code": "7K3M-Q2XD",
        "example": False,
    }
    return Certificate(**values | changes)


def make_row(number: int = 1, **changes: Any) -> ResultsRow:
    """The row of one entry; its texts tell its number."""
    values: dict[str, Any] = {
        "rank": number,
        "entry_code": f"B-{number:03d}",
        "product": f"Miến dong sợi nhỏ số {number}, hộp quà tặng hai cân",
        "facility": f"Hợp tác xã Tài Hoan {number}",
        "address": "xã Định Hòa, tỉnh An Giang",
        "average": "70,72",
        "outcome": "Đạt",
    }
    return ResultsRow(**values | changes)


def make_group(rows: int = 1, first: int = 1, label: str = "B. Nhóm sản phẩm chế biến") -> ResultsGroup:
    """A group of rows numbered from `first`."""
    return ResultsGroup(label=label, rows=tuple(make_row(first + step) for step in range(rows)))


def make_signature(**changes: Any) -> Signature:
    """The signature of a chairman."""
    return Signature(**{"title": ("Chủ tịch",), "name": "Nguyễn Văn Minh"} | changes)


def make_list(**changes: Any) -> ResultsList:
    """A provisional list of one group with one row."""
    values: dict[str, Any] = {
        **HEAD,
        "number": "05/DS-HĐBC",
        "place": "An Giang",
        "signed_on": date(2023, 9, 5),
        "title": "DANH SÁCH SẢN PHẨM TIÊU BIỂU CẤP TỈNH NĂM 2023",
        "subtitle": "Kèm theo Biên bản số 05/BB-HĐBC",
        "provisional": True,
        "rules": ("Điểm bình quân từ 70 trở lên.",),
        "groups": (make_group(),),
        "totals": ("Tổng số: 1 sản phẩm.",),
        "digest": "Mã kiểm chứng: 9f86d081",
        "signatures": (make_signature(),),
        "example": False,
    }
    return ResultsList(**values | changes)


def make_entry(number: int = 1, **changes: Any) -> MinutesEntry:
    """One entry with eight votes."""
    values: dict[str, Any] = {
        "entry_code": f"B-{number:03d}",
        "product": f"Trà bí thơm số {number}",
        "facility": "Hợp tác xã Nhung Lũy",
        "average": "84,50",
        "yes": 6,
        "no": 1,
        "abstain": 2,
    }
    return MinutesEntry(**values | changes)


def make_minutes(**changes: Any) -> Minutes:
    """Minutes of a morning's meeting over one entry."""
    values: dict[str, Any] = {
        **HEAD,
        "number": "05/BB-HĐBC",
        "subject": "Họp Hội đồng bình chọn cấp tỉnh năm 2023",
        "opened_on": date(2023, 9, 1),
        "opened_at": time(8, 0),
        "closed_on": date(2023, 9, 1),
        "closed_at": time(11, 30),
        "place": "Sở Công Thương tỉnh An Giang",
        "attendance": ("Ông Nguyễn Văn Minh, Chủ tịch Hội đồng", "Bà Phạm Ngọc Ánh, thư ký"),
        "chair": "Ông Nguyễn Văn Minh",
        "secretary": "Bà Phạm Ngọc Ánh",
        "quorum": "Có mặt 8/9 thành viên, đủ điều kiện họp.",
        "content": ("Thư ký báo cáo kết quả chấm điểm.",),
        "entries": (make_entry(),),
        "conclusions": ("Đề nghị công nhận các sản phẩm được đa số đồng ý.",),
        "digest": "Mã kiểm chứng: 9f86d081",
        "secretary_signature": make_signature(title=("THƯ KÝ",), name="Phạm Ngọc Ánh"),
        "chair_signature": make_signature(title=("CHỦ TỌA",)),
        "example": False,
    }
    return Minutes(**values | changes)


class Printed:
    """A PDF read back."""

    def __init__(self, pdf: bytes) -> None:
        self.reader = PdfReader(io.BytesIO(pdf))

    @cached_property
    def pages(self) -> list[str]:
        """The text of each page with single spaces."""
        return [" ".join(page.extract_text().split()) for page in self.reader.pages]

    @property
    def text(self) -> str:
        """The text of all pages."""
        return " ".join(self.pages)

    @property
    def letters(self) -> str:
        """The text without any space: a name is found again however its lines were broken."""
        return "".join(self.text.split())

    @property
    def root(self) -> Any:
        """The catalogue of the file."""
        return self.reader.root_object

    @property
    def information(self) -> dict[str, str]:
        """Title, author and dates of the file."""
        return {str(key): str(value) for key, value in (self.reader.metadata or {}).items()}

    @property
    def fonts(self) -> set[str]:
        """The names of all fonts, with their subset marks."""
        pages: Any = self.reader.pages
        return {
            str(font.get_object()["/BaseFont"])
            for page in pages
            for font in page["/Resources"]["/Font"].values()
        }

    @property
    def tags(self) -> list[tuple[str, str | None]]:
        """Kind and alternative text of every structure element, in reading order."""
        return list(_tags(self.root["/StructTreeRoot"]["/K"]))

    @property
    def size(self) -> tuple[int, int]:
        """Width and height of the first page in millimetres."""
        box = self.reader.pages[0].mediabox
        return round(float(box.width) / 72 * 25.4), round(float(box.height) / 72 * 25.4)


def _tags(element: Any) -> Iterator[tuple[str, str | None]]:
    element = element.get_object()
    if isinstance(element, list):
        for child in element:
            yield from _tags(child)
    elif isinstance(element, dict) and "/S" in element:
        yield str(element["/S"]), element.get("/Alt")
        yield from _tags(element["/K"])
