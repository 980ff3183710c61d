"""Pictures of products that do not exist, each marked as made up."""

from dataclasses import dataclass, replace
from io import BytesIO
from random import Random

from PIL import Image, ImageDraw

from app.samples.drawing import SHAPES
from app.samples.drawing.fonts import fitting_font, font
from app.samples.drawing.pen import CREAM, WHITE, Colour, Look, Pen, darker, lighter, mix
from app.samples.drawing.rooms import (
    HEIGHT,
    SCENES,
    WIDTH,
    room_with_disc,
    room_with_window,
    stain,
    striped_cloth,
)

VIEWS = 3
MARK = "ẢNH MINH HỌA"
BACKDROPS = (room_with_disc, room_with_window, striped_cloth)
STAGE = (30, 0, 790, 540)  # the part of the picture that things are drawn in
COLOURS: tuple[Colour, ...] = (
    (176, 92, 62),
    (70, 112, 126),
    (196, 148, 74),
    (104, 128, 84),
    (148, 74, 82),
    (88, 96, 140),
    (188, 116, 94),
    (64, 104, 92),
)
NATURAL: dict[str, Colour] = {
    "basket": (198, 152, 94),
    "lamp": (214, 170, 110),
    "bell": (168, 118, 58),
    "chair": (176, 122, 78),
    "table": (168, 112, 72),
    "shelf": (190, 146, 98),
    "jar": (206, 142, 50),
    "bottle": (128, 62, 34),
    "bricks": (172, 150, 136),
    "crock": (138, 92, 66),
    "statue": (222, 212, 196),
}


SIZES = {
    "bowl": 1.25,
    "cloth": 1.15,
    "giftbox": 1.15,
    "teapot": 1.1,
    "gear": 1.15,
    "pump": 1.1,
    "panel": 1.15,
}
WIDTHS = {"bottle": 0.5, "lamp": 0.6, "vase": 0.65, "chair": 0.75, "statue": 0.75, "pouch": 0.8, "jar": 0.8}


@dataclass(frozen=True)
class Piece:
    """One thing on the table: where its foot stands and how large it is."""

    x: int
    y: int
    scale: float
    look: Look
    angle: float = 0
    mirrored: bool = False


def product_photo(name: str, shape: str, view: int, mark: str = MARK) -> bytes:
    """A JPEG of 800 × 600 points; the same name gives the same thing seen in three views, 0 to 2."""
    chance = Random(name)
    look = _look(chance, name, shape)
    image = BACKDROPS[view](chance.sample(SCENES, VIEWS)[view]).copy()
    return _photo(image, name, shape, _pieces(look, view, is_set=name.startswith("Bộ ")), mark)


def workshop_photo(name: str, shape: str) -> bytes:
    """A JPEG of the same thing where it is made: two rows of it."""
    chance = Random(name)
    look = _look(chance, name, shape)
    image = room_with_window(chance.choice(SCENES)).copy()
    back = [Piece(x, 408, 1.3, look) for x in (130, 310, 490, 670)]
    front = [Piece(x, 486, 1.8, look, mirrored=True) for x in (220, 400, 580)]
    return _photo(image, f"{name} – nơi sản xuất", shape, [*back, *front])


def _look(chance: Random, name: str, shape: str) -> Look:
    main, accent = chance.sample(COLOURS, 2)
    return Look(NATURAL.get(shape, main), accent, " ".join(name.split()[-2:]))


def _photo(image: Image.Image, caption: str, shape: str, pieces: list[Piece], mark: str = MARK) -> bytes:
    size = SIZES.get(shape, 1)
    _draw(image, shape, [replace(piece, scale=piece.scale * size) for piece in pieces])
    _caption(image, caption, mark)
    out = BytesIO()
    image.save(out, "JPEG", quality=82)
    return out.getvalue()


def _pieces(look: Look, view: int, *, is_set: bool) -> list[Piece]:
    """Alone in the middle, or a set of three; beside a second piece; near and at a slant."""
    pale = Look(mix(look.main, CREAM, 0.35), darker(look.accent, 0.1), look.brand)
    deep = Look(darker(look.main, 0.25), lighter(look.accent, 0.2), look.brand)
    if view == 0 and is_set:
        return [Piece(225, 420, 2.3, pale), Piece(590, 420, 2.3, deep), Piece(400, 478, 3.1, look)]
    if view == 0:
        return [Piece(400, 468, 3.7, look)]
    if view == 1:
        return [Piece(590, 428, 2.3, pale, mirrored=True), Piece(265, 480, 3.2, look)]
    return [Piece(365, 502, 4.1, look, angle=8)]


def _draw(image: Image.Image, shape: str, pieces: list[Piece]) -> None:
    """Shadows first, then the things, drawn twice as large and reduced for soft edges."""
    for piece in pieces:
        reach = 56 * piece.scale * WIDTHS.get(shape, 1)
        stain(
            image,
            (piece.x + round(reach / 8), piece.y),
            (round(reach), round(piece.scale * 8)),
            (36, 26, 20),
            0.5,
        )
    left, top, right, bottom = STAGE
    stage = image.crop(STAGE).resize(((right - left) * 2, (bottom - top) * 2), Image.Resampling.NEAREST)
    draw = ImageDraw.Draw(stage)
    for piece in pieces:
        foot = ((piece.x - left) * 2, (piece.y - top) * 2)
        SHAPES[shape](
            Pen(draw, foot, piece.scale * 2, angle=piece.angle, mirrored=piece.mirrored), piece.look
        )
    image.paste(stage.reduce(2), STAGE)


def _caption(image: Image.Image, name: str, mark: str) -> None:
    """The name on a dark band, and the mark that this is no photograph."""
    draw = ImageDraw.Draw(image, "RGBA")
    draw.rectangle((0, 540, WIDTH, HEIGHT), fill=(30, 26, 24, 215))
    draw.text((WIDTH // 2, 570), name, font=fitting_font(name, 30, WIDTH - 48), fill=WHITE, anchor="mm")
    width = font(20).getlength(mark)
    draw.rectangle((WIDTH - width - 36, 16, WIDTH - 16, 48), fill=(30, 26, 24, 150))
    draw.text((WIDTH - 26 - width / 2, 32), mark, font=font(20), fill=CREAM, anchor="mm")
