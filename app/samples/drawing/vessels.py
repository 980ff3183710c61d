"""Vessels and other things turned on a wheel."""

from math import cos, pi, sin

from app.samples.drawing.pen import BLACK, CREAM, WOOD, Look, Pen, arc, darker, lighter


def basket(pen: Pen, look: Look) -> None:
    """Woven, with a bow handle."""
    cane = look.main
    pen.line(arc((0, 44), 31, 46, 8, 172), darker(cane, 0.45), 5)
    pen.line(arc((0, 44), 31, 46, 8, 172), lighter(cane, 0.1), 2.4)
    pen.turned([(0, 27), (16, 36), (44, 42), (48, 42)], cane)
    for row in range(7):
        y = 4 + row * 6
        radius = 28.5 + row * 2
        pen.line(arc((0, y), radius, radius * 0.13, 185, 355), darker(cane, 0.42), 0.9)
        for stitch in range(-5, 6):
            x = radius * sin(stitch * pi / 12 + (row % 2) * pi / 24)
            pen.line([(x, y - 5), (x * 1.03, y - 1)], lighter(cane, 0.4), 1.1)
    pen.rim(48, 42, cane)


def vase(pen: Pen, look: Look) -> None:
    """A tall vase with a glazed band and two twigs."""
    for x, top in ((-14, 118), (2, 128), (15, 112)):
        pen.line([(x / 8, 80), (x * 0.6, 100), (x, top)], (96, 88, 60), 1.1)
        for bud in range(5):
            share = 0.35 + bud * 0.16
            pen.disc((x * share, 80 + (top - 80) * share), 2.6, 2.6, look.accent)
    pen.turned([(0, 17), (8, 20), (40, 33), (66, 17), (78, 11), (86, 15)], look.main)
    for y in (40, 46):
        pen.line(arc((0, y), 32, 4, 190, 350), lighter(look.main, 0.55), 1)
    pen.rim(86, 15, look.main)


def teapot(pen: Pen, look: Look) -> None:
    """A pot with a spout and a bow, and a cup."""
    clay = look.main
    pen.line(arc((0, 50), 24, 34, 15, 165), darker(WOOD, 0.3), 3.4)
    pen.face([(22, 22), (46, 48), (52, 50), (50, 44), (30, 14)], darker(clay, 0.25))
    pen.turned([(0, 20), (6, 26), (26, 33), (44, 22), (48, 16)], clay)
    pen.turned([(48, 17), (53, 10), (56, 3)], clay)
    pen.disc((0, 59), 3.4, 3.4, darker(clay, 0.2))
    pen.line(arc((0, 28), 31, 4, 195, 345), look.accent, 1.6)
    pen.turned([(0, 7), (4, 10), (15, 14)], lighter(clay, 0.15), x=-48)
    pen.rim(15, 14, clay, x=-48)


def bowl(pen: Pen, look: Look) -> None:
    """A wide bowl on a foot, with fruit."""
    pen.turned([(0, 18), (5, 17), (10, 26), (30, 46), (36, 48)], look.main)
    for step in range(9):
        angle = pi * (1.12 + 0.095 * step)
        pen.disc((38 * cos(angle), 22 + 5 * sin(angle)), 1.7, 1.7, look.accent)
    pen.rim(36, 48, look.main)
    for x, y, colour in ((-20, 46, (214, 120, 52)), (22, 45, (222, 168, 60)), (2, 49, (196, 70, 56))):
        pen.disc((x, y), 14, 14, darker(colour, 0.15))
        pen.disc((x - 3, y + 3), 9, 9, lighter(colour, 0.2))


def jar(pen: Pen, look: Look) -> None:
    """A glass jar with a lid and a label."""
    pen.turned([(0, 28), (4, 31), (58, 31), (66, 24)], look.main, shine=0.6)
    pen.turned([(66, 26), (80, 26)], darker(look.accent, 0.1))
    pen.disc((0, 80), 26, 4.2, lighter(look.accent, 0.35))
    pen.label((0, 32), 48, 34, look.accent, look.brand)


def bottle(pen: Pen, look: Look) -> None:
    """A tall bottle with a label."""
    glass = darker(look.main, 0.15)
    pen.turned([(0, 18), (3, 20), (58, 20), (76, 8), (98, 7)], glass, shine=0.55)
    pen.turned([(96, 9), (108, 9)], look.accent)
    pen.disc((0, 108), 9, 1.6, lighter(look.accent, 0.35))
    pen.label((0, 32), 36, 36, look.accent, look.brand)


def crock(pen: Pen, look: Look) -> None:
    """A stoneware crock, its mouth covered with tied cloth."""
    pen.turned([(0, 26), (8, 30), (40, 44), (66, 30), (74, 24)], look.main)
    for y, radius in ((28, 40.5), (52, 39.5)):
        pen.line(arc((0, y), radius, 5, 190, 350), darker(look.main, 0.35), 1)
    pen.turned([(68, 31), (74, 26), (84, 25), (88, 20)], look.accent)
    pen.line(arc((0, 76), 26, 4, 180, 360), CREAM, 1.6)


def lamp(pen: Pen, look: Look) -> None:
    """A shade of thin slats on a stand."""
    pen.turned([(0, 18), (4, 16), (7, 3), (40, 2.4)], WOOD)
    pen.turned([(40, 32), (62, 30), (92, 13)], lighter(look.main, 0.25), shine=0.8)
    for step in range(-6, 7):
        x = sin(step * pi / 14)
        pen.line([(32 * x, 40), (30 * x, 62), (13 * x, 92)], darker(look.main, 0.25), 0.8)
    for y, radius in ((46, 32), (62, 30), (78, 22)):
        pen.line(arc((0, y), radius, radius * 0.12, 185, 355), darker(look.main, 0.3), 0.9)
    pen.disc((0, 92), 13, 2.2, darker(look.main, 0.3))


def bell(pen: Pen, look: Look) -> None:
    """A bronze bell in a frame."""
    for x in (-40, 36):
        pen.box(x, 0, x + 5, 96, darker(WOOD, 0.2), 5)
    pen.box(-46, 92, 44, 99, WOOD, 8)
    pen.line([(0, 92), (0, 82)], BLACK, 1.6)
    pen.turned([(16, 33), (20, 29), (50, 22), (72, 18), (82, 6)], look.main, shine=0.65)
    for y, radius in ((26, 27), (62, 20)):
        pen.line(arc((0, y), radius, 3, 190, 350), darker(look.main, 0.45), 1.3)
