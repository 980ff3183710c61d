"""Putting each mark of a spreadsheet in its place on a contest's sheets, and naming the cells that have none."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from app.domain.judging import Line
from app.domain.marks import InvalidMark, MarkFault, check_mark
from app.domain.messages import N_, Message, Points
from app.domain.rules import ContestRules
from app.domain.vietnamese import fold, normalise
from app.queries.paper import JuryMember, OutsideSheet
from app.services.columns import BadCell, mark_number
from app.services.mark_layouts import Given, Said

_LONGEST_SHOWN: Final = 60

_MARK_FAULTS: Final[Mapping[MarkFault, str]] = {
    MarkFault.NOT_A_NUMBER: N_("“%(typed)s” is not a number. Enter points such as 8.5."),
    MarkFault.NEGATIVE: N_("Enter 0 or more points."),
    MarkFault.TOO_LONG: N_("This number is too long. Enter points such as 8.5."),
    MarkFault.TOO_MANY_DECIMALS: N_("“%(typed)s” has more than two decimals. Enter points such as 8.25."),
    MarkFault.ABOVE_MAXIMUM: N_("%(mark)s is above the highest mark, %(max)s."),
    MarkFault.OFF_STEP: N_("Enter points in steps of %(step)s."),
}
_NOT_POINTS: Final = N_(
    "This cell holds a date, a time or a truth value (%(typed)s). Format it as a number and type the points again."
)


@dataclass(frozen=True)
class CellFault:
    """What is wrong in one cell, or in cells merged into one."""

    cell: str
    message: Message


@dataclass
class Found:
    """What the file gives for one sheet: marks with their cells, blank cells by code, and its total."""

    marks: dict[str, tuple[int, str]] = field(default_factory=dict)
    blanks: dict[str, str] = field(default_factory=dict)
    total: tuple[int, str] | None = None
    has_fault: bool = False

    @property
    def first_cell(self) -> str:
        """Where the file begins with it."""
        return next(iter(self.marks.values()))[1]


class Names:
    """Rows of the contest by what a file may call them; each name that is not understood is noted once."""

    def __init__(self, names: Mapping[int, Sequence[str]]) -> None:
        self._ids: dict[str, set[int]] = defaultdict(set)
        for row_id, spellings in names.items():
            for name in spellings:
                self._ids[fold(name)].add(row_id)
        self._told: set[str] = set()

    def find(self, said: Said) -> tuple[int | None, bool]:
        """The row that is meant, and otherwise whether more than one could be."""
        ids = self._ids.get(fold(said.text), set())
        return (next(iter(ids)) if len(ids) == 1 else None), len(ids) > 1

    def is_news(self, said: Said) -> bool:
        """Whether this name was not complained of before."""
        folded = fold(said.text)
        news = folded not in self._told
        self._told.add(folded)
        return news


class Reading:
    """The marks read so far and the faults found on the way."""

    def __init__(
        self, rules: ContestRules, jury: Sequence[JuryMember], sheets: Sequence[OutsideSheet]
    ) -> None:
        self.faults: list[CellFault] = []
        self._rules = rules
        self.jury = {member.judge_id: member for member in jury}
        self.sheets = {(sheet.judge_id, sheet.entry_id): sheet for sheet in sheets}
        self.lines: dict[str, dict[str, Line]] = {
            group: {fold(line.code): line for line in rules.lines(group)}
            for group in {sheet.group_code for sheet in sheets}
        }
        self._judges = Names({member.judge_id: spellings(member) for member in jury})
        self._entries = Names({sheet.entry_id: (sheet.code,) for sheet in sheets})
        self.found: dict[tuple[int, int], Found] = defaultdict(Found)
        self._told: set[tuple[int, int] | str] = set()

    def note(self, cell: str, text: str, **values: str | int) -> None:
        """Note one fault."""
        self.faults.append(CellFault(cell, Message(text, values)))

    def take(self, given: Given) -> None:
        """Put one cell in its place."""
        is_blank = not given.mark.text.strip()
        entry, judge = self._entry(given, quiet=is_blank), self._judge(given, quiet=is_blank)
        sheet = self._sheet(given, entry, judge, quiet=is_blank) if entry and judge else None
        if sheet is None:
            return
        found = self.found[sheet.judge_id, sheet.entry_id]
        if given.criterion is None:
            self._take_total(given, found, quiet=is_blank)
            return
        line = self.lines[sheet.group_code].get(fold(given.criterion.text))
        if is_blank:
            if line:
                found.blanks.setdefault(line.code, given.mark.cell)
            return
        if line is None:
            text = N_("%(entry)s has no criterion “%(typed)s” on its sheet.")
            self.note(given.mark.cell, text, entry=sheet.code, typed=shown(given.criterion.text))
        elif line.code in found.marks:
            text = N_(
                "A second mark for the same judge, product and criterion; the first is in cell %(first)s."
            )
            self.note(given.mark.cell, text, first=found.marks[line.code][1])
        elif (value := self._value(given.mark, line)) is not None:
            found.marks[line.code] = (value, given.mark.cell)
            return
        found.has_fault = True

    def _entry(self, given: Given, *, quiet: bool) -> int | None:
        entry_id, _many = self._entries.find(given.entry)
        if entry_id is not None or quiet:
            return entry_id
        if not given.entry.text:
            if given.entry.cell not in self._told:
                self._told.add(given.entry.cell)
                self.note(given.entry.cell, N_("This row has a mark but no code of a product."))
        elif self._entries.is_news(given.entry):
            text = N_("No product with the code “%(typed)s” is scored in this contest now.")
            self.note(given.entry.cell, text, typed=shown(given.entry.text))
        return None

    def _judge(self, given: Given, *, quiet: bool) -> int | None:
        judge_id, many = self._judges.find(given.judge)
        if judge_id is None and not quiet and self._judges.is_news(given.judge):
            if many:
                text = N_(
                    "More than one judge could be “%(typed)s”. Write the number (GK1) or the e-mail address."
                )
            else:
                text = N_(
                    "No judge of this contest is “%(typed)s”. Write the number (GK1), name or e-mail address."
                )
            self.note(given.judge.cell, text, typed=shown(given.judge.text))
        return judge_id

    def _sheet(self, given: Given, entry: int, judge: int, *, quiet: bool) -> OutsideSheet | None:
        """The sheet that is meant, if the judge has one and scores the entry."""
        sheet = self.sheets.get((judge, entry))
        if sheet is not None and not sheet.stands_aside:
            self._check_product(given, sheet)
            return sheet
        if not quiet and (judge, entry) not in self._told:
            self._told.add((judge, entry))
            values = {"judge": self.jury[judge].label, "entry": normalise(given.entry.text)}
            if sheet is None:
                self.note(given.mark.cell, N_("%(judge)s is not assigned to score %(entry)s."), **values)
            else:
                self.note(
                    given.mark.cell,
                    N_("%(judge)s does not score %(entry)s: a conflict of interest."),
                    **values,
                )
        return None

    def _check_product(self, given: Given, sheet: OutsideSheet) -> None:
        """A name beside the code must be the product's: rows sorted by halves put marks in wrong places."""
        said = given.product
        if said is None or not said.text or said.cell in self._told or fold(said.text) == fold(sheet.product):
            return
        self._told.add(said.cell)
        text = N_("%(entry)s is “%(product)s”, not “%(typed)s”. Check that the rows have not been mixed up.")
        self.note(said.cell, text, entry=sheet.code, product=sheet.product, typed=shown(said.text))

    def _take_total(self, given: Given, found: Found, *, quiet: bool) -> None:
        if quiet:
            return
        value = self._value(given.mark, None)
        if value is not None:
            found.total = (value, given.mark.cell)

    def _value(self, said: Said, line: Line | None) -> int | None:
        """Read points; those of a line lie within its maximum and on a step."""
        typed = shown(said.text)
        try:
            value = mark_number(said.text)
            if line is not None:
                check_mark(value, line.max_mark, self._rules.mark_step)
        except BadCell as error:
            is_points = isinstance(error.kind, MarkFault)
            self.note(
                said.cell, _MARK_FAULTS[MarkFault(error.kind)] if is_points else _NOT_POINTS, typed=typed
            )
        except InvalidMark as error:
            highest = Points(line.max_mark if line else 0)
            step = Points(self._rules.mark_step)
            self.note(said.cell, _MARK_FAULTS[error.reason], mark=Points(value), max=highest, step=step)
        else:
            return value
        return None


def spellings(member: JuryMember) -> tuple[str, ...]:
    """What a judge may be called: by number, name, e-mail address, or as the template does."""
    number = member.number
    return (
        f"GK{number}",
        f"GK {number}",
        f"GK{number:02d}",
        f"Giám khảo {number}",
        f"Judge {number}",
        member.label,
        member.name,
        member.email,
    )


def shown(text: str) -> str:
    """What a cell holds, as a sentence can quote it."""
    clean = normalise(text)
    return clean if len(clean) <= _LONGEST_SHOWN else f"{clean[:_LONGEST_SHOWN]}…"
