"""Small pictures of numbers: where things stand is worked out here, a template macro draws it."""

from collections.abc import Sequence
from dataclasses import dataclass

PLOT_WIDTH = 220
PLOT_HEIGHT = 34
MARGIN = 5
DOT = 3  # radius
BAR_WIDTH = 160


@dataclass(frozen=True)
class DotPlot:
    """The totals of one entry's sheets on a line, with its value and the threshold; `text` says the same."""

    dots: tuple[tuple[int, int], ...]  # centre of each dot
    value: int | None
    threshold: int
    text: str
    width: int = PLOT_WIDTH
    height: int = PLOT_HEIGHT


def dot_plot(
    totals: Sequence[int], value: int | None, threshold: int, span: tuple[int, int], text: str
) -> DotPlot:
    """Lay out totals (lowest first), value and threshold, all in hundredths, between the ends of a span."""

    def across(number: int) -> int:
        low, high = span
        return MARGIN + (number - low) * (PLOT_WIDTH - 2 * MARGIN) // max(1, high - low)

    dots: list[tuple[int, int]] = []
    for total in totals:
        x = across(total)
        # Dots that would cover each other stand on top of each other.
        height = sum(abs(x - other) < 2 * DOT for other, _y in dots)
        dots.append((x, PLOT_HEIGHT - 2 * DOT - height * 2 * DOT))
    return DotPlot(tuple(dots), None if value is None else across(value), across(threshold), text)


@dataclass(frozen=True)
class Bar:
    """One bar of a plot, beside its label and its number."""

    label: str
    number: int
    detail: str
    width: int


def bars(lines: Sequence[tuple[str, int, str]]) -> list[Bar]:
    """Lay out label, number and detail of each line; the greatest number fills the width."""
    most = max((number for _label, number, _detail in lines), default=0)
    return [Bar(label, number, detail, number * BAR_WIDTH // max(1, most)) for label, number, detail in lines]
