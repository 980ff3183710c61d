"""Both passes of a contest in files: columns of a table, and the averages for programs."""

from collections.abc import Sequence
from typing import Any

from app.domain.marks import format_average
from app.services.spreadsheets import Column, Kind
from app.web.labels import pass_name


def pass_columns(passes: int) -> tuple[Column, ...]:
    """A column for the average of each pass; none for a contest of one pass."""
    return tuple(Column(pass_name(number), Kind.POINTS) for number in range(1, passes + 1) if passes > 1)


def averages_document(averages: Sequence[int | None]) -> dict[str, Any]:
    """The averages (hundredths) of both passes in order; nothing for a contest of one pass."""
    printed = [None if average is None else format_average(average, ".") for average in averages]
    return {"average_by_pass": printed} if printed else {}
