"""What taking over a spreadsheet would do to a contest's sheets, or every cell that keeps it from being done."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from app.domain.errors import InvalidInput
from app.domain.messages import N_, Message, Points
from app.domain.paper import ImportKind
from app.domain.rules import ContestRules
from app.models.base import canonical_json
from app.queries.paper import JuryMember, OutsideSheet
from app.services.import_reading import CellFault, Found, Reading
from app.services.mark_layouts import MarkTable

SHOWN: Final = 50
"""How many faults are described; the rest are counted."""


@dataclass(frozen=True)
class PlannedSheet:
    """A sheet that the file fills in, and what that would be."""

    sheet: OutsideSheet
    judge: JuryMember
    marks: Mapping[str, int]
    kind: ImportKind

    @property
    def total(self) -> int:
        """Sum of the marks, in hundredths."""
        return sum(self.marks.values())


@dataclass(frozen=True)
class ImportPlan:
    """All that a file would do; it can be carried out when it has no fault."""

    sheets: Sequence[PlannedSheet]
    faults: Sequence[CellFault]
    fault_count: int
    unread: Sequence[str]

    def of_kind(self, kind: ImportKind) -> list[PlannedSheet]:
        """The sheets to which the file would do this."""
        return [planned for planned in self.sheets if planned.kind is kind]

    @property
    def to_submit(self) -> list[PlannedSheet]:
        """The sheets that carrying it out would submit."""
        return [planned for planned in self.sheets if planned.kind is not ImportKind.EQUAL]

    @property
    def why_nothing(self) -> Message:
        """What to say where it has no fault and would submit nothing."""
        if self.sheets:
            return Message(N_("There is nothing to take over: every sheet in the file is submitted already."))
        return Message(N_("There is nothing to take over: no mark was found in the file."))

    @property
    def digest(self) -> str:
        """SHA-256 of what carrying it out would do: another digest is another plan."""
        sheets = [
            [planned.sheet.sheet_id, planned.sheet.version, planned.kind, planned.marks]
            for planned in self.sheets
        ]
        return hashlib.sha256(canonical_json([self.fault_count, sheets]).encode()).hexdigest()


def plan_import(
    table: MarkTable, rules: ContestRules, jury: Sequence[JuryMember], sheets: Sequence[OutsideSheet]
) -> ImportPlan:
    """Put every mark of a file in its place, and find every cell that has none."""
    reading = Reading(rules, jury, sheets)
    for span in table.merged:
        reading.note(span.name, N_("Cells that hold marks are merged. Unmerge them and fill in each."))
    for given in table.given:
        reading.take(given)
    planned = []
    for key, found in reading.found.items():
        sheet = reading.sheets[key]
        if not found.marks:
            _check_no_total(reading, sheet, found)
        elif not found.has_fault and _is_whole(reading, sheet, found):
            marks = {code: value for code, (value, _cell) in found.marks.items()}
            if (kind := _kind(reading, sheet, found, marks)) is not None:
                planned.append(PlannedSheet(sheet, reading.jury[sheet.judge_id], marks, kind))
    return ImportPlan(planned, reading.faults[:SHOWN], len(reading.faults), table.unread)


def refuse_if_faulty(plan: ImportPlan) -> None:
    """Raise InvalidInput for a plan that cannot be carried out."""
    if plan.fault_count:
        text = N_("Nothing was taken over. Cells to correct: %(count)d; they are named below.")
        raise InvalidInput({"file": Message(text, {"count": plan.fault_count})})
    if not plan.to_submit:
        raise InvalidInput({"file": plan.why_nothing})


def _check_no_total(reading: Reading, sheet: OutsideSheet, found: Found) -> None:
    """A total says nothing of the marks; only 0, a sum of blank cells, goes without saying."""
    if found.total and found.total[0] and not found.has_fault:
        values = {"judge": reading.jury[sheet.judge_id].label, "entry": sheet.code}
        text = N_(
            "The file gives only a total for the sheet of %(judge)s for %(entry)s. Enter the mark of each criterion."
        )
        reading.note(found.total[1], text, **values)


def _is_whole(reading: Reading, sheet: OutsideSheet, found: Found) -> bool:
    """Whether every line has its mark, and the file's own total, if it gives one, is theirs."""
    values = {"judge": reading.jury[sheet.judge_id].label, "entry": sheet.code}
    missing = [line.code for line in reading.lines[sheet.group_code].values() if line.code not in found.marks]
    for code in missing:
        text = N_("The sheet of %(judge)s for %(entry)s has no mark for %(criterion)s.")
        reading.note(found.blanks.get(code, found.first_cell), text, **values, criterion=code)
    total = sum(value for value, _cell in found.marks.values())
    if not missing and found.total and found.total[0] != total:
        text = N_("The total is %(typed)s, but the marks add up to %(total)s.")
        reading.note(found.total[1], text, typed=Points(found.total[0]), total=Points(total))
        return False
    return not missing


def _kind(reading: Reading, sheet: OutsideSheet, found: Found, marks: Mapping[str, int]) -> ImportKind | None:
    """What taking the marks over would be; a fault where it would overrule a judge or a submission.

    Of a sheet that the judge has begun the fault is the same whatever the file says, and of a submitted one it does
    not say which mark differs: nobody shall find out a judge's marks by guessing.
    """
    values = {"judge": reading.jury[sheet.judge_id].label, "entry": sheet.code}
    if sheet.is_submitted:
        if marks == sheet.marks:
            return ImportKind.EQUAL
        text = N_(
            "The sheet of %(judge)s for %(entry)s is submitted with other marks. "
            "If these are right, the head of jury has to reopen it."
        )
        reading.note(found.first_cell, text, **values)
        return None
    if sheet.is_judges_own:
        text = N_("%(judge)s is filling in the sheet for %(entry)s in the system. Nobody else can submit it.")
        reading.note(found.first_cell, text, **values)
        return None
    return ImportKind.CHANGED if sheet.marks and marks != sheet.marks else ImportKind.NEW
