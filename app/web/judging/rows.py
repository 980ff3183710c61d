"""The rows of the grid: each own sheet with what was typed for it, and the fields that stand for it on the page."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from werkzeug.datastructures import MultiDict

from app.domain.judging import Line, mark_field
from app.domain.marks import format_mark
from app.queries.own_sheets import OwnSheet
from app.web.i18n import decimal_sign
from app.web.judging.forms import MarksForm, marks_form

_NAME = re.compile(r"s([0-9]{1,9})-", re.ASCII)


@dataclass(frozen=True)
class Cell:
    """One mark on the page: its field, what is wrong with it, and what is saved beside what was typed."""

    name: str
    text: str
    errors: tuple[str, ...] = ()
    saved: str = ""


@dataclass(frozen=True)
class Row:
    """One sheet; `version` is the one that the next save replaces, `form` is there while something is not saved."""

    sheet: OwnSheet
    version: int
    form: MarksForm | None = None
    saved: Mapping[str, str] = field(default_factory=dict)

    def cell(self, line: Line) -> Cell:
        """The field of the mark on a line."""
        name = mark_field(line.code)
        mark = self.sheet.marks.get(line.code)
        text = "" if mark is None else format_mark(mark, decimal_sign())
        if self.form is None:
            return Cell(f"{prefix_of(self.sheet)}-{name}", text)
        given = self.form.mark_of(line)
        typed = given.raw_data[0] if given.raw_data else text
        return Cell(given.name, typed, tuple(given.errors), self.saved.get(name, ""))

    @property
    def faults(self) -> list[tuple[Line, Cell]]:
        """The lines with something to correct."""
        cells = [(line, self.cell(line)) for part in self.sheet.parts for line in part.lines]
        return [(line, cell) for line, cell in cells if cell.errors]


def prefix_of(sheet: OwnSheet) -> str:
    """What the names of a sheet's fields begin with."""
    return f"s{sheet.sheet_id}"


def sheets_named(sent: Iterable[str]) -> set[int]:
    """Ids of the sheets to which these names of fields belong."""
    return {int(found[1]) for name in sent if (found := _NAME.match(name))}


def sent_forms(sheets: Iterable[OwnSheet], sent: MultiDict[str, str]) -> dict[int, MarksForm]:
    """For each of these sheets of which something was sent: the form with it."""
    named = sheets_named(sent)
    kinds: dict[str, type[MarksForm]] = {}
    forms = {}
    for sheet in sheets:
        if sheet.sheet_id in named:
            if sheet.group.code not in kinds:
                kinds[sheet.group.code] = marks_form(sheet)
            forms[sheet.sheet_id] = kinds[sheet.group.code](formdata=sent, prefix=prefix_of(sheet))
    return forms
