"""The empty score sheet (phiếu chấm điểm, Thông tư 26/2014/TT-BCT, Phụ lục 4), for a judge to fill in by hand."""

from dataclasses import dataclass
from typing import Annotated

from certificates.documents import Checked, Name, OptionalName
from certificates.errors import EmptyText, InconsistentDocument


@dataclass(frozen=True, kw_only=True)
class ScoreSheetLine(Checked):
    """One row of the table; `number` and `max_mark` as printed ("1", "1.2"; "40", "12,5").

    A `heading` is a criterion whose mark is the sum of the lines below it: no mark is written on it by itself.
    """

    number: Annotated[str, 20]
    name: Annotated[str, 400]
    max_mark: Annotated[str, 10]
    heading: bool = False


@dataclass(frozen=True, kw_only=True)
class ScoreSheet(Checked):
    """The empty sheet of one entry; the QR code leads to the page on which it is typed in."""

    entry_code: Annotated[str, 40]
    product: Annotated[str, 300]
    group: Name
    lines: tuple[ScoreSheetLine, ...]
    highest_total: Annotated[str, 10]
    keying_url: Annotated[str, 300]

    def __post_init__(self) -> None:
        super().__post_init__()
        if not self.lines:
            raise EmptyText("lines")


@dataclass(frozen=True, kw_only=True)
class ScoreSheets(Checked):
    """All sheets of one judge in one contest, each on a page of its own.

    `printed_on` is the day, in ISO form, that the file tells of itself; the day of scoring is written by hand.
    """

    issuer_parent: OptionalName = None
    issuer: Name
    contest: Annotated[str, 400]
    scoring_pass: Annotated[str | None, 60] = None
    judge: Name
    position: OptionalName = None
    step: Annotated[str, 10]
    place: Annotated[str, 60]
    printed_on: Annotated[str, 10]
    sheets: tuple[ScoreSheet, ...]
    example: bool

    def __post_init__(self) -> None:
        super().__post_init__()
        if not self.sheets:
            raise InconsistentDocument("sheets", "must be at least one")
