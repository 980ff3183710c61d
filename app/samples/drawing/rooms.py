"""Backdrops of the product pictures, each made once per process."""

from dataclasses import dataclass
from functools import lru_cache

from PIL import Image, ImageDraw, ImageFilter

from app.samples.drawing.pen import CREAM, Colour, darker, lighter, mix

WIDTH, HEIGHT = 800, 600


@dataclass(frozen=True)
class Scene:
    """Wall from top to bottom, and table."""

    wall: Colour
    wall_low: Colour
    table: Colour


SCENES = (
    Scene((214, 222, 214), (240, 240, 228), (196, 164, 128)),
    Scene((226, 214, 204), (246, 236, 224), (160, 122, 92)),
    Scene((196, 210, 220), (232, 238, 240), (186, 176, 160)),
    Scene((232, 220, 190), (248, 242, 222), (142, 108, 84)),
    Scene((208, 200, 212), (238, 232, 238), (172, 146, 130)),
    Scene((190, 206, 190), (228, 234, 220), (150, 118, 88)),
)


@lru_cache(maxsize=len(SCENES))
def room_with_disc(scene: Scene) -> Image.Image:
    """A wall with a pale disc behind the table."""
    image = _room(scene, 372)
    stain(image, (400, 240), (240, 240), lighter(scene.wall_low, 0.6), 0.75)
    return image


@lru_cache(maxsize=len(SCENES))
def room_with_window(scene: Scene) -> Image.Image:
    """Light falling through a window onto the wall behind the table."""
    image = _room(scene, 342)
    draw = ImageDraw.Draw(image, "RGBA")
    for left in (430, 560):
        pane = [(left, 30), (left + 100, 30), (left + 40, 342), (left - 60, 342)]
        draw.polygon(pane, fill=(255, 250, 232, 90))
    return image


@lru_cache(maxsize=len(SCENES))
def striped_cloth(scene: Scene) -> Image.Image:
    """A striped cloth that covers everything."""
    image = Image.new("RGB", (WIDTH, HEIGHT), lighter(scene.table, 0.55))
    draw = ImageDraw.Draw(image)
    stripe = mix(lighter(scene.table, 0.5), scene.wall, 0.6)
    for left in range(-640, 900, 84):
        draw.polygon([(left, 600), (left + 34, 600), (left + 634, 0), (left + 600, 0)], fill=stripe)
    image.paste(darker(scene.table, 0.7), mask=_vignette())
    stain(image, (430, 300), (330, 290), CREAM, 0.8)
    return image


def stain(
    image: Image.Image, centre: tuple[int, int], radii: tuple[int, int], colour: Colour, strength: float
) -> None:
    """A soft ellipse of light or shadow; strength from 0 to 1."""
    mask = _spot(strength).resize((radii[0] * 3, radii[1] * 3), Image.Resampling.BILINEAR)
    image.paste(colour, (centre[0] - mask.width // 2, centre[1] - mask.height // 2), mask)


@lru_cache(maxsize=4)
def _spot(strength: float) -> Image.Image:
    """A disc that fades at its rim."""
    disc = Image.new("L", (64, 64))
    ImageDraw.Draw(disc).ellipse((10, 10, 54, 54), fill=round(255 * strength))
    return disc.filter(ImageFilter.GaussianBlur(4))


@lru_cache(maxsize=1)
def _vignette() -> Image.Image:
    """Darker corners."""
    edge = Image.radial_gradient("L").point(lambda value: max(0, value - 120) // 3)
    return edge.resize((WIDTH, HEIGHT), Image.Resampling.BILINEAR)


def _room(scene: Scene, horizon: int) -> Image.Image:
    """A wall above the horizon and a table below, both shaded."""
    column = Image.new("RGB", (1, HEIGHT))
    near, far = lighter(scene.table, 0.3), darker(scene.table, 0.12)
    for y in range(horizon):
        column.putpixel((0, y), mix(scene.wall, scene.wall_low, y / horizon))
    for y in range(horizon, HEIGHT):
        column.putpixel((0, y), mix(near, far, (y - horizon) / (HEIGHT - horizon)))
    image = column.resize((WIDTH, HEIGHT), Image.Resampling.NEAREST)
    image.paste(darker(scene.table, 0.7), mask=_vignette())
    return image
