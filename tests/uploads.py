"""Files as facilities send them, good and bad."""

from collections.abc import Iterable
from io import BytesIO
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile

import pikepdf
from PIL import Image, ImageDraw


def picture(
    colour: str = "seagreen", size: tuple[int, int] = (640, 480), kind: str = "JPEG", **options: object
) -> bytes:
    """A picture of a product, so to speak: a disc on a plain ground."""
    image = Image.new("RGB", size, "white")
    width, height = size
    ImageDraw.Draw(image).ellipse((width // 4, height // 4, 3 * width // 4, 3 * height // 4), fill=colour)
    file = BytesIO()
    image.save(file, kind, **options)
    return file.getvalue()


def pictures(count: int) -> Iterable[bytes]:
    """So many pictures, each of its own colour."""
    return (picture(f"hsl({number * 360 // count}, 60%, 45%)") for number in range(count))


def paper(pages: int = 1) -> bytes:
    """A PDF of blank pages."""
    with pikepdf.new() as pdf:
        for _page in range(pages):
            pdf.add_blank_page()
        return saved(pdf)


def saved(pdf: pikepdf.Pdf, **options: Any) -> bytes:
    """The bytes of a PDF."""
    file = BytesIO()
    pdf.save(file, **options)
    return file.getvalue()


def zip_bomb() -> bytes:
    """Some kilobytes that unpack to fifty megabytes."""
    file = BytesIO()
    with ZipFile(file, "w", ZIP_DEFLATED) as archive:
        archive.writestr("tài liệu.txt", b"0" * 50_000_000)
    return file.getvalue()
