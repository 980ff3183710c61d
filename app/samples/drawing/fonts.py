"""The product's own typeface, which knows every Vietnamese letter."""

from functools import lru_cache
from importlib.resources import files
from io import BytesIO

from PIL import ImageFont


@lru_cache(maxsize=64)
def font(size: int, style: str = "Regular") -> ImageFont.FreeTypeFont:
    """Tinos in one size; Regular, Bold or Italic."""
    data = (files("certificates") / "fonts" / f"Tinos-{style}.ttf").read_bytes()
    return ImageFont.truetype(BytesIO(data), size, layout_engine=ImageFont.Layout.BASIC)


def fitting_font(text: str, size: int, width: float, style: str = "Regular") -> ImageFont.FreeTypeFont:
    """The typeface in the wanted size, or smaller so that the text is no wider than that."""
    needed = font(size, style).getlength(text)
    return font(size, style) if needed <= width else font(max(8, int(size * width / needed)), style)
