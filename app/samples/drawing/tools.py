"""Machines, parts and tools."""

from math import cos, pi, sin

from app.samples.drawing.pen import BLACK, CREAM, STEEL, WOOD, Look, Pen, darker, lighter, mix


def machine(pen: Pen, look: Look) -> None:
    """A cabinet with a dial, buttons and a hopper."""
    pen.face([(-22, 86), (14, 86), (24, 104), (-32, 104)], darker(STEEL, 0.1))
    pen.face([(-32, 104), (24, 104), (30, 108), (-24, 108)], darker(STEEL, 0.55))
    pen.box(-40, 8, 30, 86, look.main, 24)
    pen.block(-34, 46, 24, 80, lighter(look.main, 0.18))
    pen.disc((-18, 63), 11, 11, CREAM)
    pen.line([(-18, 63), (-12, 70)], (190, 50, 40), 1.6)
    for step, colour in enumerate(((70, 150, 80), (210, 170, 60), (190, 60, 50))):
        pen.disc((2 + step * 9, 68), 3, 3, colour)
    pen.block(-2, 52, 22, 60, darker(look.main, 0.6))
    for row in range(4):
        pen.line([(-30, 16 + row * 6), (20, 16 + row * 6)], darker(look.main, 0.4), 1.6)
    for x in (-38, 22):
        pen.block(x, 0, x + 8, 8, BLACK)


def mill(pen: Pen, look: Look) -> None:
    """A motor, a drum and a chute on a frame with wheels."""
    for x in (-34, 30):
        pen.line([(x, 40), (x - 4, 6)], darker(look.main, 0.5), 4)
        pen.disc((x - 4, 7), 7.5, 7.5, BLACK)
        pen.disc((x - 4, 7), 3, 3, STEEL)
    pen.box(-42, 36, 36, 44, darker(look.main, 0.2), 16)
    pen.turned([(46, 20), (76, 20)], look.main, x=-18)
    pen.face([(-34, 76), (-2, 76), (10, 104), (-46, 104)], lighter(look.main, 0.1))
    pen.face([(-46, 104), (10, 104), (16, 108), (-38, 108)], darker(look.main, 0.6))
    pen.box(10, 46, 36, 66, STEEL, 12)
    for step in range(5):
        pen.line([(12 + step * 5, 48), (12 + step * 5, 64)], darker(STEEL, 0.4), 1.4)
    pen.face([(2, 44), (-22, 44), (-34, 22), (-20, 22)], look.accent)


def pump(pen: Pen, look: Look) -> None:
    """A pump casing with its motor on a plate."""
    pen.box(-48, 0, 40, 6, darker(STEEL, 0.35), 18)
    pen.box(2, 14, 40, 50, look.main, 14)
    for step in range(7):
        pen.line([(6 + step * 5, 16), (6 + step * 5, 48)], darker(look.main, 0.35), 1.3)
    for x in (6, 34):
        pen.block(x, 6, x + 5, 14, BLACK)
    pen.box(-30, 48, -12, 86, look.accent, 8)
    pen.box(-34, 84, -8, 91, darker(STEEL, 0.1), 10)
    pen.disc((-20, 34), 28, 28, darker(look.accent, 0.3))
    pen.disc((-22, 35), 25, 25, look.accent)
    pen.disc((-22, 35), 11, 11, darker(look.accent, 0.45))
    for step in range(8):
        angle = step * pi / 4
        pen.disc((-22 + 19 * cos(angle), 35 + 19 * sin(angle)), 2, 2, lighter(STEEL, 0.4))


def gear(pen: Pen, look: Look) -> None:
    """A big and a small gear wheel."""
    for x, y, radius, teeth, metal in (
        (12, 44, 40, 22, STEEL),
        (-34, 22, 20, 12, mix(STEEL, look.accent, 0.45)),
    ):
        for depth, colour in ((4, darker(metal, 0.5)), (0, metal)):
            points = []
            for step in range(teeth * 4):
                reach = radius if step % 4 < 2 else radius * 0.87
                angle = 2 * pi * (step - 0.5) / (teeth * 4)
                points.append((x + depth + reach * cos(angle), y + depth / 2 + reach * sin(angle)))
            pen.face(points, colour)
        pen.disc((x, y), radius * 0.74, radius * 0.74, lighter(metal, 0.3))
        pen.disc((x, y), radius * 0.66, radius * 0.66, darker(metal, 0.12))
        for step in range(5):
            angle = 2 * pi * step / 5 + 0.3
            centre = (x + radius * 0.45 * cos(angle), y + radius * 0.45 * sin(angle))
            pen.disc(centre, radius * 0.13, radius * 0.13, darker(metal, 0.6))
        pen.disc((x, y), radius * 0.24, radius * 0.24, lighter(metal, 0.45))
        pen.disc((x, y), radius * 0.15, radius * 0.15, BLACK)


def blade(pen: Pen, look: Look) -> None:
    """Three forged knives in a wooden block."""
    for index, (x, length) in enumerate(((-30, 62), (-6, 74), (18, 54))):
        pen.face(
            [(x, 34), (x + 14, 34), (x + 14, 34 + length * 0.72), (x + 3, 34 + length), (x, 34 + length)],
            lighter(STEEL, 0.25 - index * 0.1),
        )
        pen.face(
            [(x + 9, 34), (x + 14, 34), (x + 14, 34 + length * 0.72), (x + 9, 34 + length * 0.85)],
            darker(STEEL, 0.2),
        )
        pen.line([(x + 2, 36), (x + 2, 32 + length)], lighter(STEEL, 0.7), 0.7)
    pen.box(-44, 0, 36, 36, WOOD, 22)
    for y in (9, 18, 27):
        pen.line([(-42, y), (34, y + 1.5)], darker(WOOD, 0.2), 0.8)
    pen.label((-4, 17), 40, 24, look.accent, look.brand)
