"""A made-up registration paper for made-up dossiers, marked as a specimen all over."""

from datetime import date
from functools import lru_cache
from io import BytesIO
from textwrap import wrap
from time import gmtime

from PIL import Image, ImageDraw

from app.domain.facilities import FacilityKind
from app.samples.drawing.fonts import fitting_font, font

PAGE = (992, 1403)  # A4 at 120 points per inch
LEFT, RIGHT, MIDDLE = 130, PAGE[0] - 90, PAGE[0] // 2
INK = (32, 32, 36)
RED = (178, 38, 34)
MARK = "MẪU – DỮ LIỆU GIẢ ĐỊNH"
TITLES = {
    FacilityKind.ENTERPRISE: "ĐĂNG KÝ DOANH NGHIỆP",
    FacilityKind.COOPERATIVE: "ĐĂNG KÝ HỢP TÁC XÃ",
    FacilityKind.COOPERATIVE_GROUP: "ĐĂNG KÝ TỔ HỢP TÁC",
    FacilityKind.HOUSEHOLD: "ĐĂNG KÝ HỘ KINH DOANH",
}


def registration_paper(
    kind: FacilityKind, *, name: str, tax_code: str, address: str, representative: str, issued: date
) -> bytes:
    """One page of PDF in the likeness of a registration certificate; the same values give the same bytes."""
    page = _form().copy()
    draw = ImageDraw.Draw(page)
    _centred(draw, MIDDLE, 268, "GIẤY CHỨNG NHẬN", 40, "Bold")
    _centred(draw, MIDDLE, 318, TITLES[kind], 34, "Bold")
    _centred(draw, MIDDLE, 364, f"Đăng ký lần đầu: {_long_date(issued)}", 23, "Italic")
    bottom = 440
    fields = {
        "Tên cơ sở": name,
        "Mã số": tax_code,
        "Địa chỉ trụ sở": address,
        "Ngành, nghề kinh doanh": "Sản xuất công nghiệp – tiểu thủ công nghiệp tại địa bàn nông thôn",
        "Người đại diện": representative,
    }
    for number, (label, value) in enumerate(fields.items(), 1):
        bottom = _field(draw, bottom, f"{number}. {label}", value)
    _signature(draw, max(bottom + 40, 980), issued)
    return _as_pdf(page)


@lru_cache(maxsize=1)
def _form() -> Image.Image:
    """What all papers share: frame, head, the mark across the page and the notice at its foot."""
    page = Image.new("RGB", PAGE, (255, 254, 248))
    letters = Image.new("L", (1100, 130))
    ImageDraw.Draw(letters).text((550, 65), MARK, font=font(82, "Bold"), fill=34, anchor="mm")
    slanted = letters.rotate(32, Image.Resampling.BICUBIC, expand=True)
    for middle in (400, 880):
        page.paste(RED, (MIDDLE - slanted.width // 2, middle - slanted.height // 2), slanted)
    draw = ImageDraw.Draw(page)
    for inset in (36, 44):
        draw.rectangle((inset, inset, PAGE[0] - inset, PAGE[1] - inset), outline=(150, 120, 70), width=2)
    _centred(draw, MIDDLE, 110, "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", 25, "Bold")
    _centred(draw, MIDDLE, 146, "Độc lập - Tự do - Hạnh phúc", 25, "Bold")
    draw.line((MIDDLE - 150, 168, MIDDLE + 150, 168), fill=INK, width=2)
    draw.rectangle((LEFT, 1268, RIGHT, 1322), outline=RED, width=3)
    notice = f"{MARK}. Cơ sở, mã số và người nêu trên không có thật."
    _centred(draw, (LEFT + RIGHT) // 2, 1295, notice, 22, "Bold", RED)
    return page


def _field(draw: ImageDraw.ImageDraw, top: int, label: str, value: str) -> int:
    """A label and its value below; returns where the next one starts."""
    draw.text((LEFT, top), f"{label}:", font=font(24, "Italic"), fill=INK)
    lines = wrap(value, 58)
    for number, line in enumerate(lines):
        draw.text((LEFT + 30, top + 34 + number * 36), line, font=font(28), fill=INK)
    return top + 34 + len(lines) * 36 + 20


def _signature(draw: ImageDraw.ImageDraw, top: int, issued: date) -> None:
    middle = RIGHT - 210
    _centred(draw, middle, top, _long_date(issued).capitalize(), 24, "Italic")
    _centred(draw, middle, top + 38, "CƠ QUAN ĐĂNG KÝ KINH DOANH", 25, "Bold")
    _centred(draw, middle, top + 130, "(mẫu, không ký, không đóng dấu)", 24, "Italic", RED)


def _centred(
    draw: ImageDraw.ImageDraw,
    x: int,
    y: int,
    text: str,
    size: int,
    style: str = "Regular",
    ink: tuple[int, int, int] = INK,
) -> None:
    draw.text((x, y), text, font=fitting_font(text, size, PAGE[0] - 180, style), fill=ink, anchor="mm")


def _long_date(day: date) -> str:
    """As in official documents: a zero before days under 10 and before January and February."""
    month = f"{day.month:02}" if day.month < 3 else str(day.month)
    return f"ngày {day.day:02} tháng {month} năm {day.year}"


def _as_pdf(page: Image.Image) -> bytes:
    out = BytesIO()
    moment = gmtime(0)  # the clock would make two papers of the same values differ
    page.save(out, "PDF", resolution=120, title=MARK, creationDate=moment, modDate=moment)
    return out.getvalue()
