"""Drawings of products that do not exist: one function per shape."""

from collections.abc import Callable

from app.samples.drawing.goods import (
    bricks,
    chair,
    cloth,
    giftbox,
    panel,
    pouch,
    sack,
    shelf,
    statue,
    table,
    tote,
)
from app.samples.drawing.pen import Look, Pen
from app.samples.drawing.tools import blade, gear, machine, mill, pump
from app.samples.drawing.vessels import basket, bell, bottle, bowl, crock, jar, lamp, teapot, vase

SHAPES: dict[str, Callable[[Pen, Look], None]] = {
    shape.__name__: shape
    for shape in (
        basket,
        bell,
        blade,
        bottle,
        bowl,
        bricks,
        chair,
        cloth,
        crock,
        gear,
        giftbox,
        jar,
        lamp,
        machine,
        mill,
        panel,
        pouch,
        pump,
        sack,
        shelf,
        statue,
        table,
        teapot,
        tote,
        vase,
    )
}
