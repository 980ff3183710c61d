"""A pen for drawing things on a table: solids turned on a wheel, boxes and flat faces, lit from the left."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import cos, pi, radians, sin

from PIL import Image, ImageDraw

from app.samples.drawing.fonts import fitting_font

Colour = tuple[int, int, int]
Point = tuple[float, float]

WHITE: Colour = (255, 255, 255)
BLACK: Colour = (18, 14, 12)
CREAM: Colour = (250, 244, 230)
STEEL: Colour = (150, 158, 165)
WOOD: Colour = (150, 104, 66)


@dataclass(frozen=True)
class Look:
    """Colours and brand of one product."""

    main: Colour
    accent: Colour
    brand: str


def mix(one: Colour, other: Colour, share: float) -> Colour:
    """A colour between two: 0 gives the first, 1 the second."""
    red, green, blue = (round(a + (b - a) * share) for a, b in zip(one, other, strict=True))
    return red, green, blue


def darker(colour: Colour, share: float = 0.35) -> Colour:
    """The colour in shade."""
    return mix(colour, BLACK, share)


def lighter(colour: Colour, share: float = 0.35) -> Colour:
    """The colour in light."""
    return mix(colour, WHITE, share)


class Pen:
    """Draws in units of one object: x from -50 to 50, y from 0 on the table up to about 100."""

    def __init__(
        self,
        draw: ImageDraw.ImageDraw,
        foot: Point,
        scale: float,
        *,
        angle: float = 0,
        mirrored: bool = False,
    ) -> None:
        self._draw = draw
        self._foot = foot
        self._scale = scale
        self._cos, self._sin = cos(radians(angle)), sin(radians(angle))
        self._side = -1 if mirrored else 1
        self._angle = angle

    def _at(self, point: Point) -> Point:
        x, y = point[0] * self._side * self._scale, -point[1] * self._scale
        return self._foot[0] + x * self._cos - y * self._sin, self._foot[1] + x * self._sin + y * self._cos

    def face(self, points: Sequence[Point], colour: Colour) -> None:
        """A flat face."""
        self._draw.polygon([self._at(point) for point in points], fill=colour)

    def line(self, points: Sequence[Point], colour: Colour, width: float = 1) -> None:
        """A stroke; the width is in units."""
        self._draw.line(
            [self._at(point) for point in points],
            fill=colour,
            width=max(1, round(width * self._scale)),
            joint="curve",
        )

    def disc(self, centre: Point, rx: float, ry: float, colour: Colour) -> None:
        """An ellipse."""
        self.face(arc(centre, rx, ry, 0, 360), colour)

    def block(self, left: float, low: float, right: float, high: float, colour: Colour) -> None:
        """A rectangle seen from the front."""
        self.face([(left, low), (right, low), (right, high), (left, high)], colour)

    def box(
        self, left: float, low: float, right: float, high: float, colour: Colour, depth: float = 14
    ) -> None:
        """A box whose right side and lid are seen."""
        across, up = depth * 0.8, depth * 0.5
        self.block(left, low, right, high, colour)
        self.face(
            [(right, low), (right + across, low + up), (right + across, high + up), (right, high)],
            darker(colour, 0.32),
        )
        self.face(
            [(left, high), (right, high), (right + across, high + up), (left + across, high + up)],
            lighter(colour, 0.3),
        )

    def turned(self, profile: Sequence[Point], colour: Colour, *, x: float = 0, shine: float = 0.4) -> None:
        """A solid of revolution; the profile gives (height, radius) from foot to rim."""
        outline = smooth(profile)
        shades = 14
        dark, light = darker(colour, 0.45), lighter(colour, shine)
        for shade in range(shades):
            share = shade / (shades - 1)
            width, shift = 1 - 0.92 * share, -0.34 * share
            foot_y, foot_radius = outline[0]
            points = [(x + radius * (shift - width), y) for y, radius in reversed(outline)]
            points += arc(
                (x + foot_radius * shift, foot_y), foot_radius * width, foot_radius * 0.13, 180, 360
            )
            points += [(x + radius * (shift + width), y) for y, radius in outline]
            self.face(points, mix(dark, light, share**1.4))

    def rim(self, y: float, radius: float, colour: Colour, *, x: float = 0) -> None:
        """The opening of a vessel."""
        self.disc((x, y), radius, radius * 0.17, lighter(colour, 0.25))
        self.disc((x, y - radius * 0.02), radius * 0.86, radius * 0.13, darker(colour, 0.55))

    def label(self, centre: Point, width: float, height: float, colour: Colour, text: str) -> None:
        """A paper label with the brand and a coloured band."""
        x, y = centre
        self.block(x - width / 2, y - height / 2, x + width / 2, y + height / 2, CREAM)
        self.block(x - width / 2, y - height / 2, x + width / 2, y - height * 0.28, colour)
        self.disc((x, y + height * 0.26), height * 0.11, height * 0.11, colour)
        self._text((x, y - height * 0.03), width * 0.86, height * 0.26, text)

    def _text(self, centre: Point, width: float, height: float, text: str) -> None:
        """Letters, slanted with the pen but never mirrored."""
        font = fitting_font(text, round(height * self._scale), width * self._scale)
        size = (round(width * self._scale) + 8, round(height * self._scale * 1.6))
        ink = Image.new("L", size)
        ImageDraw.Draw(ink).text((size[0] / 2, size[1] / 2), text, font=font, fill=255, anchor="mm")
        if self._angle:
            ink = ink.rotate(-self._angle, Image.Resampling.BICUBIC, expand=True)
        x, y = self._at(centre)
        self._draw.bitmap((round(x - ink.width / 2), round(y - ink.height / 2)), ink, fill=darker(WOOD, 0.6))


def arc(centre: Point, rx: float, ry: float, start: float, end: float) -> list[Point]:
    """Points of an ellipse from one angle to another, in degrees, anticlockwise from the right."""
    steps = 24
    angles = [radians(start + (end - start) * step / steps) for step in range(steps + 1)]
    return [(centre[0] + rx * cos(angle), centre[1] + ry * sin(angle)) for angle in angles]


def smooth(profile: Sequence[Point]) -> list[Point]:
    """A profile with soft bends: a cosine between each two of its points."""
    steps = 5
    points: list[Point] = []
    for (y0, r0), (y1, r1) in pairwise(profile):
        for step in range(steps):
            share = step / steps
            points.append((y0 + (y1 - y0) * share, r0 + (r1 - r0) * (1 - cos(pi * share)) / 2))
    return [*points, profile[-1]]
