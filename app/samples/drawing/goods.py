"""Goods of cloth, wood, paper and stone."""

from math import cos, pi, sin

from app.samples.drawing.pen import BLACK, CREAM, WOOD, Look, Pen, arc, darker, lighter, mix


def statue(pen: Pen, look: Look) -> None:
    """A standing crane on a plinth."""
    body = look.main
    pen.box(-24, 0, 18, 12, darker(WOOD, 0.25), 12)
    pen.line([(-2, 14), (-1, 40)], darker(body, 0.3), 2)
    pen.line([(6, 14), (4, 40)], darker(body, 0.3), 2)
    pen.face([*arc((0, 52), 26, 15, 0, 180), (-44, 36), (-26, 42), *arc((0, 52), 26, 15, 200, 360)], body)
    pen.face([(-6, 60), (-38, 40), (-30, 56), (-14, 64)], darker(body, 0.3))
    pen.line([(18, 58), (28, 74), (20, 88), (26, 98)], body, 6.5)
    pen.disc((27, 100), 5.4, 4.8, body)
    pen.face([(30, 102), (48, 98), (30, 97)], look.accent)
    pen.disc((28, 101.5), 0.9, 0.9, BLACK)
    pen.face(arc((-4, 57), 16, 6, 20, 170), lighter(body, 0.35))


def cloth(pen: Pen, look: Look) -> None:
    """A stack of folded cloths with woven borders."""
    for index, colour in enumerate((look.main, look.accent, lighter(look.main, 0.5))):
        low = index * 17
        pen.box(-42, low, 30, low + 15, colour, 20)
        pen.line([(-42, low + 7.5), (30, low + 7.5)], darker(colour, 0.3), 0.8)
        for step in range(9):
            x = -38 + step * 8
            ink = lighter(colour, 0.6) if step % 2 else look.accent
            pen.face([(x, low + 11), (x + 3, low + 14), (x + 6, low + 11), (x + 3, low + 8.4)], ink)
    for step in range(10):
        pen.line([(-41 + step * 8, 0), (-41 + step * 8, -5)], darker(look.main, 0.2), 0.9)


def panel(pen: Pen, look: Look) -> None:
    """A framed picture of hills and water, leaning."""
    pen.face([(-48, 0), (50, 0), (46, 82), (-44, 82)], darker(WOOD, 0.45))
    pen.face([(-46, 2), (47, 2), (43, 80), (-42, 80)], WOOD)
    pen.face([(-40, 8), (41, 8), (38, 74), (-37, 74)], mix(look.main, CREAM, 0.55))
    pen.disc((18, 58), 8, 8, look.accent)
    pen.face(
        [(-39, 26), (-20, 52), (-4, 34), (14, 56), (40, 28), (40.5, 8), (-40, 8)], mix(look.main, CREAM, 0.15)
    )
    pen.face([(-40, 22), (-26, 32), (-8, 20), (10, 30), (40, 16), (41, 8), (-40, 8)], darker(look.main, 0.3))
    for y in (11, 14, 17):
        pen.line([(-34 + y, y), (4 + y, y)], lighter(look.main, 0.5), 0.8)


def pouch(pen: Pen, look: Look) -> None:
    """A standing bag with a sealed top."""
    edge = [(-31, 2), (-34, 40), (-30, 88), (30, 88), (34, 40), (31, 2)]
    pen.face([*edge, *arc((0, 2), 31, 5, 360, 180)], look.main)
    pen.face([(8, -2), (31, 2), (34, 40), (30, 88), (16, 88), (20, 40)], darker(look.main, 0.22))
    pen.face([(-31, 2), (-34, 40), (-30, 88), (-24, 88), (-26, 40)], lighter(look.main, 0.28))
    pen.block(-30, 82, 30, 90, darker(look.main, 0.32))
    pen.line([(-29, 78), (29, 78)], lighter(look.main, 0.45), 0.8)
    pen.label((0, 42), 44, 40, look.accent, look.brand)


def tote(pen: Pen, look: Look) -> None:
    """A cloth bag with two handles and a stitched flower."""
    body = mix(look.main, CREAM, 0.45)
    pen.line([(-20, 62), (-20, 92), (-12, 102), (12, 102), (20, 92), (20, 62)], darker(body, 0.45), 4)
    pen.face([(-40, 0), (-34, 66), (34, 66), (40, 0)], body)
    pen.face([(18, 0), (40, 0), (34, 66), (24, 66), (28, 30)], darker(body, 0.14))
    pen.line([(-16, 56), (-16, 90), (-8, 98), (10, 98), (16, 90), (16, 56)], look.accent, 4)
    pen.line([(-33, 61), (33, 61)], darker(body, 0.35), 0.8)
    for step in range(6):
        angle = step * pi / 3
        pen.disc((9 * cos(angle), 30 + 9 * sin(angle)), 6, 6, look.accent if step % 2 else look.main)
    pen.disc((0, 30), 4.4, 4.4, CREAM)


def giftbox(pen: Pen, look: Look) -> None:
    """A box with a ribbon band and a label."""
    pen.box(-42, 0, 32, 46, look.main, 24)
    pen.box(-44, 46, 34, 58, darker(look.main, 0.14), 24)
    pen.block(-30, 0, -22, 58, look.accent)
    pen.face([(-30, 58), (-22, 58), (-3, 70), (-11, 70)], lighter(look.accent, 0.3))
    pen.label((7, 24), 38, 30, look.accent, look.brand)


def chair(pen: Pen, look: Look) -> None:
    """A chair with a slatted back."""
    wood = look.main
    for x in (-12, 26):
        pen.line([(x, 10), (x, 52)], darker(wood, 0.45), 4)
    for x in (-14, 26):
        pen.line([(x, 52), (x - 3, 104)], darker(wood, 0.15), 4.4)
    for y in (66, 78, 90, 101):
        pen.line([(-15.5, y), (24.5, y)], lighter(wood, 0.12), 4)
    pen.face([(-30, 44), (16, 44), (30, 56), (-14, 56)], lighter(wood, 0.25))
    pen.face([(-30, 44), (16, 44), (16, 39), (-30, 39)], wood)
    pen.face([(16, 44), (30, 56), (30, 51), (16, 39)], darker(wood, 0.3))
    for x in (-28, 14):
        pen.line([(x, 40), (x, 0)], darker(wood, 0.1), 4.4)


def table(pen: Pen, look: Look) -> None:
    """A low table with a bowl on it."""
    wood = look.main
    for x in (-34, 46):
        pen.line([(x + 4, 44), (x, 10)], darker(wood, 0.45), 4.4)
    pen.face([(-50, 40), (38, 40), (58, 56), (-30, 56)], lighter(wood, 0.22))
    pen.face([(-50, 40), (38, 40), (38, 34), (-50, 34)], wood)
    pen.face([(38, 40), (58, 56), (58, 50), (38, 34)], darker(wood, 0.35))
    for x in (-46, 32):
        pen.line([(x, 34), (x - 2, 0)], darker(wood, 0.1), 5)
    pen.turned([(48, 6), (52, 9), (62, 16)], look.accent, x=4)
    pen.rim(62, 16, look.accent, x=4)


def shelf(pen: Pen, look: Look) -> None:
    """Shelves with a few things on them."""
    wood = look.main
    pen.box(-30, 0, 30, 104, darker(wood, 0.5), 14)
    for row in range(4):
        low = 4 + row * 25
        pen.block(-26, low, 26, low + 20, darker(wood, 0.68))
        pen.block(-30, low - 4, 30, low, lighter(wood, 0.15))
        for step in range(5 - row % 2):
            colour = (look.accent, CREAM, lighter(wood, 0.4))[(step + row) % 3]
            pen.block(-22 + step * 7, low, -17 + step * 7, low + 12 + (step * 5) % 7, colour)
    for x in (-30, 26):
        pen.block(x, 0, x + 4, 104, wood)


def bricks(pen: Pen, look: Look) -> None:
    """A stack of bricks or tiles in a bond."""
    for row in range(5):
        shift = 11 if row % 2 else 0
        for column in range(4 if row % 2 == 0 else 3):
            left = -46 + shift + column * 22
            colour = mix(look.main, look.accent, 0.25) if (row + column) % 3 == 0 else look.main
            pen.box(left, row * 15, left + 21, row * 15 + 14, colour, 16)
            for hole in (0.28, 0.72):
                pen.disc((left + 21 * hole, row * 15 + 7), 3.2, 3.2, darker(colour, 0.5))


def sack(pen: Pen, look: Look) -> None:
    """A full sack with a sewn top."""
    body = mix(look.main, CREAM, 0.62)
    sides = [(-36, 0), (-42, 24), (-37, 66), (-29, 88), (29, 88), (37, 66), (42, 24), (36, 0)]
    pen.face(sides, body)
    pen.face([(14, 0), (36, 0), (42, 24), (37, 66), (29, 88), (19, 88), (25, 40)], darker(body, 0.14))
    pen.face([(-36, 0), (-42, 24), (-37, 66), (-29, 88), (-24, 88), (-33, 30)], lighter(body, 0.5))
    pen.face([(-29, 86), (29, 86), (34, 97), (-34, 97)], darker(body, 0.1))
    pen.line([(-29, 88), (29, 88)], look.accent, 1.4)
    pen.label((0, 42), 52, 46, look.accent, look.brand)
