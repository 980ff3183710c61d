"""Assignments from a spreadsheet: which judge scores which entry, read into seats that a preview shows.

Long: a row for each sheet, under headings for entry and judge. Wide: a row for each entry, a column for each judge,
a cross where the judge scores the entry. What stands in the file is added; nothing is taken away.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final

from sqlalchemy.orm import Session

from app.domain.errors import InvalidInput
from app.domain.messages import N_, Message
from app.domain.permissions import Actor, Permission
from app.domain.vietnamese import fold
from app.queries.paper import jury_members
from app.queries.possible_conflicts import Pair
from app.queries.scope import contest_for
from app.queries.seating import SeatedEntry, Seating, seating_of
from app.services.faults import SHOWN
from app.services.grids import Grid, cell_name, read_grids
from app.services.import_reading import CellFault, Names, shown, spellings
from app.services.juries import check_jury_open
from app.services.mark_layouts import JUDGE, PRODUCT, UNREAD, Said, find_headings

CROSSES: Final = frozenset({"x", "×", "v", "✓", "✔", "☑", "1", "co", "yes", "true"})
NO_CROSS: Final = frozenset({"", "-", "–", "0", "khong", "no", "false"})


@dataclass(frozen=True)
class _Seat:
    """One seat as the file says it; `cell` is where it says so, `product` what it calls the entry.

    With `cross`, which is what the cell holds, it may turn out to be none.
    """

    cell: str
    entry: Said
    judge: Said
    product: Said | None
    cross: str = "x"


@dataclass(frozen=True)
class FilePlan:
    """What a file would do: seats to give, by entry, and what is wrong with it."""

    seats: tuple[Pair, ...]
    entries: tuple[
        tuple[SeatedEntry, tuple[str, ...]], ...
    ]  # with the names of the judges who are given them
    standing: int  # seats of the file that are given already
    doubtful: tuple[tuple[str, str], ...]  # name of judge, code of entry: a possible conflict is open
    faults: tuple[CellFault, ...]  # the first ones
    fault_count: int
    seen: str


@dataclass
class _Reading:
    """The seats read so far and the faults found on the way."""

    seating: Seating
    judges: Names
    entries: Names
    faults: list[CellFault] = field(default_factory=list)
    found: dict[Pair, str] = field(default_factory=dict)
    standing: int = 0
    _told: set[tuple[str, str]] = field(default_factory=set)

    def __post_init__(self) -> None:
        self.by_id = {entry.id: entry for entry in self.seating.entries}

    def note(self, cell: str, text: str, **values: str | int) -> None:
        """Note a fault, once for each cell."""
        if (cell, text) not in self._told:
            self._told.add((cell, text))
            self.faults.append(CellFault(cell, Message(text, values)))


def plan_file(session: Session, actor: Actor, contest_id: int, content: bytes) -> FilePlan:
    """Read a file of assignments; nothing is changed.

    Raises
    ------
    NotFound, IllegalState
        The jury is not this person's to change, or not any more.
    InvalidInput
        The file as a whole cannot be read as assignments.
    """
    contest = contest_for(session, actor, Permission.JURY_APPOINT, contest_id)
    check_jury_open(contest)
    said = list(_seats_said(read_grids(content)))
    seating = seating_of(session, contest)
    reading = _Reading(
        seating,
        Names({member.judge_id: spellings(member) for member in jury_members(session, contest.id)}),
        Names({entry.id: (entry.code,) for entry in seating.entries}),
    )
    for seat in said:
        _take(reading, seat)
    return _plan(reading)


def _plan(reading: _Reading) -> FilePlan:
    seating, found = reading.seating, reading.found
    names = {judge.id: judge.name for judge in seating.judges}
    codes = {entry.id: entry.code for entry in seating.entries}
    by_entry = (
        (entry, tuple(name for judge, name in names.items() if (judge, entry.id) in found))
        for entry in seating.entries
    )
    return FilePlan(
        seats=tuple(found),
        entries=tuple((entry, given) for entry, given in by_entry if given),
        standing=reading.standing,
        doubtful=tuple(
            (names[judge], codes[entry]) for judge, entry in found if (judge, entry) in seating.doubts
        ),
        faults=tuple(reading.faults[:SHOWN]),
        fault_count=len(reading.faults),
        seen=seating.digest,
    )


def _take(reading: _Reading, seat: _Seat) -> None:
    """Put one seat in its place, or note why it has none."""
    if fold(seat.cross) not in CROSSES:
        text = N_("“%(typed)s” is no cross. Write x where the judge scores the product, otherwise nothing.")
        reading.note(seat.cell, text, typed=shown(seat.cross))
        return
    entry_id, judge_id = _entry(reading, seat), _judge(reading, seat)
    if entry_id is None or judge_id is None:
        return
    entry = reading.by_id[entry_id]
    if seat.product and seat.product.text and fold(seat.product.text) != fold(entry.product):
        text = N_("%(entry)s is “%(product)s”, not “%(typed)s”. Check that the rows have not been mixed up.")
        typed = shown(seat.product.text)
        reading.note(seat.product.cell, text, entry=entry.code, product=entry.product, typed=typed)
        return
    pair = judge_id, entry_id
    if pair in reading.found:
        text = N_("The same judge and product stand in cell %(first)s already.")
        reading.note(seat.cell, text, first=reading.found[pair])
    elif pair in reading.seating.own:
        reading.note(seat.cell, N_("This judge belongs to the facility of the entry and may not score it."))
    elif pair in reading.seating.aside:
        text = N_("It is on record that this judge does not score the product: %(reason)s")
        reading.note(seat.cell, text, reason=shown(reading.seating.aside[pair]))
    elif pair in reading.seating.sheets:
        reading.standing += 1
    else:
        reading.found[pair] = seat.cell


def _entry(reading: _Reading, seat: _Seat) -> int | None:
    entry_id, _many = reading.entries.find(seat.entry)
    if entry_id is None and not seat.entry.text:
        reading.note(seat.entry.cell, N_("This row names a judge but no code of a product."))
    elif entry_id is None:
        text = N_("No product with the code “%(typed)s” is scored in this contest now.")
        reading.note(seat.entry.cell, text, typed=shown(seat.entry.text))
    return entry_id


def _judge(reading: _Reading, seat: _Seat) -> int | None:
    judge_id, many = reading.judges.find(seat.judge)
    if judge_id is None and not seat.judge.text:
        reading.note(seat.judge.cell, N_("This row names a product but no judge."))
    elif judge_id is None:
        text = N_("No judge of this contest is “%(typed)s”. Write the number (GK1), name or e-mail address.")
        if many:
            text = N_(
                "More than one judge could be “%(typed)s”. Write the number (GK1) or the e-mail address."
            )
        reading.note(seat.judge.cell, text, typed=shown(seat.judge.text))
    return judge_id


def _seats_said(grids: Sequence[Grid]) -> Iterator[_Seat]:
    """The seats of the one sheet that has a heading over codes of entries."""
    found = [(grid, at) for grid in grids if (at := find_headings(grid))]
    if not found:
        raise _refusal(
            N_(
                "No headings were found. The first rows need a column “Mã số” and a column “Giám khảo”, "
                "or one for each judge."
            )
        )
    if len(found) > 1:
        raise _refusal(
            N_("More than one sheet of the workbook has codes of products. Keep only one of them.")
        )
    grid, (row, column) = found[0]
    heads = [fold(grid.text(row, at)) for at in range(len(grid.rows[row]))]
    product = next((at for at, head in enumerate(heads) if head in PRODUCT), None)
    judge = next((at for at, head in enumerate(heads) if head in JUDGE), None)
    if judge is not None:
        return _long(grid, row, column, judge, product)
    crossed = [
        at for at, head in enumerate(heads) if at not in (column, product) and head and head not in UNREAD
    ]
    if not crossed:
        raise _refusal(N_("The table needs a column “Giám khảo”, or a column for each judge, such as “GK1”."))
    return _wide(grid, row, column, crossed, product)


def _refusal(text: str) -> InvalidInput:
    return InvalidInput({"file": Message(text)})


def _long(grid: Grid, head: int, entry: int, judge: int, product: int | None) -> Iterator[_Seat]:
    for row in range(head + 1, len(grid.rows)):
        seat = _Seat(
            cell_name(row, judge), _said(grid, row, entry), _said(grid, row, judge), _of(grid, row, product)
        )
        if seat.entry.text or seat.judge.text:
            yield seat


def _wide(grid: Grid, head: int, entry: int, judges: Sequence[int], product: int | None) -> Iterator[_Seat]:
    for row in range(head + 1, len(grid.rows)):
        for column in judges:
            cross = _said(grid, row, column)
            if fold(cross.text) not in NO_CROSS:
                of, by = _said(grid, row, entry), _said(grid, head, column)
                yield _Seat(cross.cell, of, by, _of(grid, row, product), cross.text)


def _said(grid: Grid, row: int, column: int) -> Said:
    return Said(grid.text(row, column), cell_name(row, column))


def _of(grid: Grid, row: int, column: int | None) -> Said | None:
    return None if column is None else _said(grid, row, column)
