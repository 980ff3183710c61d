"""What a score sheet may hold and when it may change."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from app.domain.errors import InvalidInput, StaleVersion, require
from app.domain.marks import InvalidMark, MarkFault, check_mark
from app.domain.messages import N_, Message, Points
from app.domain.rules import ContestRules, CriterionRule, SubCriterionRule


class SheetState(StrEnum):
    """Where a score sheet stands."""

    DRAFT = "draft"
    SUBMITTED = "submitted"
    REOPENED = "reopened"


class SheetProgress(StrEnum):
    """How far a judge has come with a sheet."""

    EMPTY = "empty"
    PARTIAL = "partial"  # some marks are missing
    COMPLETE = "complete"  # every mark is there, not yet submitted
    REOPENED = "reopened"
    SUBMITTED = "submitted"


OPEN_SHEET = frozenset({SheetState.DRAFT, SheetState.REOPENED})
MAX_REMARK = 2000
MAX_NOTE = 500
MAX_REASON = 1000

Line = CriterionRule | SubCriterionRule
Marks = Mapping[str, int | None]  # code of a line -> hundredths; None is a mark that is missing


@dataclass(frozen=True)
class SheetPart:
    """A criterion with the lines that a judge fills in for it: its second level, or the criterion itself."""

    criterion: CriterionRule
    lines: tuple[Line, ...]

    @property
    def has_lines(self) -> bool:
        """Whether marks stand on lines below the criterion."""
        return self.lines != (self.criterion,)

    def subtotal(self, marks: Marks) -> int | None:
        """Sum of the marks that are there, in hundredths; None without any."""
        given = [value for line in self.lines if (value := marks.get(line.code)) is not None]
        return sum(given) if given else None


def sheet_parts(rules: ContestRules, group: str) -> tuple[SheetPart, ...]:
    """The sheet for an entry of a product group, one part for each criterion of the rules."""
    lines = rules.lines(group)
    return tuple(
        SheetPart(criterion, tuple(line for line in lines if _belongs(line, criterion)))
        for criterion in rules.criteria
    )


def _belongs(line: Line, criterion: CriterionRule) -> bool:
    return line == criterion or (isinstance(line, SubCriterionRule) and line.parent == criterion.code)


def check_sheet_open(state: SheetState, *, scoring: bool) -> None:
    """Raise IllegalState unless marks may be saved on the sheet now."""
    require(scoring, N_("Scoring is not open; marks cannot be changed."))
    require(state in OPEN_SHEET, N_("This sheet has been submitted and can no longer be changed."))


def check_pass(pass_no: int, current: int) -> None:
    """Raise IllegalState unless the sheet is of the pass that is being scored."""
    require(pass_no == current, N_("This pass of scoring is closed; its marks cannot be changed."))


def check_version(current: int, seen: int) -> None:
    """Raise StaleVersion unless the sheet is still as it was when the page was opened."""
    if current != seen:
        raise StaleVersion


def check_save_key(key: str) -> None:
    """Raise InvalidInput unless this may be the key of an automatic save."""
    if not re.fullmatch(r"[0-9a-f-]{16,40}", key, re.ASCII):
        raise InvalidInput({"key": Message(N_("The key of the save cannot be read. Reload the page."))})


def check_sheet(marks: Marks, notes: Mapping[str, str], remark: str, rules: ContestRules, group: str) -> None:
    """Raise InvalidInput, by field, unless all of it may stand on the sheet of an entry of this product group."""
    highest = {line.code: line.max_mark for line in rules.lines(group)}
    if unknown := sorted({*marks, *notes} - highest.keys()):
        raise InvalidInput(
            {mark_field(code): Message(N_("This sheet has no such criterion.")) for code in unknown}
        )
    faults: dict[str, Message] = {}
    for code, value in marks.items():
        if value is None:
            continue
        try:
            check_mark(value, highest[code], rules.mark_step)
        except InvalidMark as error:
            faults[mark_field(code)] = _mark_message(error.reason, value, highest[code], rules.mark_step)
    for code, note in notes.items():
        if len(note) > MAX_NOTE:
            faults[note_field(code)] = _too_long(len(note), MAX_NOTE)
    if len(remark) > MAX_REMARK:
        faults["remark"] = _too_long(len(remark), MAX_REMARK)
    if faults:
        raise InvalidInput(faults)


def check_complete(marks: Marks, rules: ContestRules, group: str) -> None:
    """Raise InvalidInput naming each line of the product group's sheet that has no mark yet."""
    missing = [line.code for line in rules.lines(group) if marks.get(line.code) is None]
    if missing:
        text = Message(N_("Enter a mark: a sheet can be submitted only when every criterion has one."))
        raise InvalidInput({mark_field(code): text for code in missing})


def unexplained(marks: Marks, notes: Mapping[str, str], rules: ContestRules, group: str) -> tuple[str, ...]:
    """Codes of the lines whose mark lies so near an end of its scale that the contest asks why, and has no note."""
    if rules.edge_percent is None:
        return ()
    return tuple(
        line.code
        for line in rules.lines(group)
        if (value := marks.get(line.code)) is not None
        and is_at_edge(value, line.max_mark, rules.edge_percent)
        and not notes.get(line.code)
    )


def is_at_edge(value: int, max_mark: int, percent: int) -> bool:
    """Whether a mark is at most so many percent of its maximum away from 0 or from the maximum.

    >>> is_at_edge(3600, 4000, 10), is_at_edge(3550, 4000, 10), is_at_edge(0, 4000, 0)
    (True, False, True)
    """
    return min(value, max_mark - value) * 100 <= max_mark * percent


def check_explained(marks: Marks, notes: Mapping[str, str], rules: ContestRules, group: str) -> None:
    """Raise InvalidInput naming each note that is missing beside a mark at the edge of its scale."""
    if codes := unexplained(marks, notes, rules, group):
        text = Message(
            N_("Write why: this contest asks for a reason where a mark is at the edge of its scale.")
        )
        raise InvalidInput({note_field(code): text for code in codes})


def check_reason(reason: str) -> None:
    """Raise InvalidInput unless a reason is written and not too long."""
    if not reason:
        raise InvalidInput({"reason": Message(N_("Write the reason."))})
    if len(reason) > MAX_REASON:
        raise InvalidInput({"reason": _too_long(len(reason), MAX_REASON)})


def progress_of(state: SheetState, given: int, lines: int) -> SheetProgress:
    """How far a sheet is, with so many marks given of as many lines."""
    if state is not SheetState.DRAFT:
        return SheetProgress(state.value)
    if given == 0:
        return SheetProgress.EMPTY
    return SheetProgress.COMPLETE if given == lines else SheetProgress.PARTIAL


def mark_field(code: str) -> str:
    """Name of the field that holds the mark of a line."""
    return f"mark_{code}"


def note_field(code: str) -> str:
    """Name of the field that holds the note on a line."""
    return f"note_{code}"


def _too_long(length: int, most: int) -> Message:
    return Message(N_("At most %(most)d characters; there are %(length)d."), {"most": most, "length": length})


def _mark_message(reason: MarkFault, value: int, max_mark: int, step: int) -> Message:
    if reason is MarkFault.ABOVE_MAXIMUM:
        values: dict[str, str | int] = {"mark": Points(value), "max": Points(max_mark)}
        return Message(N_("%(mark)s is above the highest mark, %(max)s."), values)
    if reason is MarkFault.OFF_STEP:
        return Message(N_("Enter points in steps of %(step)s."), {"step": Points(step)})
    return Message(N_("Enter 0 or more points."))
