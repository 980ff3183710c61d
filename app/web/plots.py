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
    """The totals of one entry's sheets on a line, with its value, the threshold and a cut; `text` says the same."""

    dots: tuple[tuple[int, int], ...]  # centre of each dot
    value: int | None
    threshold: int
    text: str
    cut: int | None = None
    width: int = PLOT_WIDTH
    height: int = PLOT_HEIGHT


def dot_plot(
    totals: Sequence[int],
    value: int | None,
    threshold: int,
    span: tuple[int, int],
    text: str,
    cut: int | None = None,
) -> DotPlot:
    """Lay out totals (lowest first), value, threshold and cut, all in hundredths, between the ends of a span."""

    def across(number: int) -> int:
        return _across(number, span)

    places = [across(total) for total in totals]
    # Dots that would cover each other stand on top of each other, closer where they are many.
    heights = [sum(abs(x - other) < 2 * DOT for other in places[:number]) for number, x in enumerate(places)]
    step = min(2 * DOT, (PLOT_HEIGHT - 4 * DOT) / max(1, *heights)) if heights else 0
    floor = PLOT_HEIGHT - 2 * DOT
    dots = [(x, floor - round(height * step)) for x, height in zip(places, heights, strict=True)]
    return DotPlot(
        tuple(dots),
        None if value is None else across(value),
        across(threshold),
        text,
        None if cut is None else across(cut),
    )


@dataclass(frozen=True)
class IntervalPlot:
    """A number with the interval in which it may lie, on a line with a mark to compare with."""

    low: int
    high: int
    point: int
    mark: int | None
    text: str
    width: int = PLOT_WIDTH
    height: int = 2 * DOT + 2 * MARGIN


def interval_plot(
    low: float, point: float, high: float, span: tuple[float, float], text: str, mark: float | None = None
) -> IntervalPlot:
    """Lay out an interval and its point between the ends of a span; what goes beyond an end is cut off there."""
    return IntervalPlot(
        low=_across(low, span),
        high=_across(high, span),
        point=_across(point, span),
        mark=None if mark is None else _across(mark, span),
        text=text,
    )


def _across(number: float, span: tuple[float, float]) -> int:
    low, high = span
    share = (min(max(number, low), high) - low) / (high - low) if high > low else 0
    return MARGIN + round(share * (PLOT_WIDTH - 2 * MARGIN))


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
