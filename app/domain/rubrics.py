"""Score sheets as organisers write them: two levels of criteria that add up."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from app.domain.messages import N_, Message, Points
from app.domain.rules import CriterionRule, GroupRule, SubCriterionRule


class RubricState(StrEnum):
    """Whether a rubric version may be used."""

    DRAFT = "draft"
    PUBLISHED = "published"


STEP = 50  # every contest begins with half points, so every highest mark is made of them


@dataclass(frozen=True)
class SheetLine:
    """One line of a score sheet as a table shows it, with its highest mark for each product group."""

    code: str
    parent: str  # the criterion of a line of the second level, else empty
    name_vi: str
    name_en: str
    guidance_vi: str
    guidance_en: str
    max_marks: tuple[int | None, ...]  # hundredths, in the order of the groups; None where it has none


def sheet_lines(
    criteria: Sequence[CriterionRule], lines: Sequence[SubCriterionRule], groups: Sequence[GroupRule]
) -> tuple[SheetLine, ...]:
    """A score sheet as one table: each criterion, and below it the lines that groups share or have for themselves."""
    rows: list[SheetLine] = []
    for criterion in criteria:
        maxima = (criterion.max_mark,) * len(groups)
        rows.append(SheetLine(criterion.code, "", criterion.name_vi, criterion.name_en, "", "", maxima))
        found: dict[SheetLine, dict[str, int]] = {}
        for line in lines:
            if line.parent == criterion.code:
                own = [group.code for group in groups if line.group in ("", group.code)]
                found.setdefault(_wording(line), {}).update(dict.fromkeys(own, line.max_mark))
        rows += [
            replace(wording, max_marks=tuple(marks.get(group.code) for group in groups))
            for wording, marks in found.items()
        ]
    return tuple(rows)


def _wording(line: SubCriterionRule) -> SheetLine:
    return SheetLine(
        line.code, line.parent, line.name_vi, line.name_en, line.guidance_vi, line.guidance_en, ()
    )


def sub_criteria_of(lines: Sequence[SheetLine], groups: Sequence[str]) -> tuple[SubCriterionRule, ...]:
    """The lines of the second level out of a table: one for all groups where their highest marks are the same."""
    return tuple(
        SubCriterionRule(
            line.code,
            line.parent,
            group,
            line.name_vi,
            line.name_en,
            max_mark,
            line.guidance_vi,
            line.guidance_en,
        )
        for line in lines
        for group, max_mark in _by_group(line, groups)
        if max_mark is not None
    )


def _by_group(line: SheetLine, groups: Sequence[str]) -> list[tuple[str, int | None]]:
    if len(set(line.max_marks)) == 1:
        return [("", line.max_marks[0])]
    return list(zip(groups, line.max_marks, strict=True))


def row_faults(lines: Sequence[SheetLine], groups: Sequence[str]) -> dict[str, Message]:
    """What keeps lines of a table from being kept, by field: `vi_L1.2`, `en_L1.2`, `max_L1.2_A`."""
    faults: dict[str, Message] = {}
    for line in lines:
        for field, text in ((f"vi_{line.code}", line.name_vi), (f"en_{line.code}", line.name_en)):
            if not text:
                faults[field] = Message(N_("A line needs a name in both languages."))
        given = [
            (group, mark) for group, mark in zip(groups, line.max_marks, strict=True) if mark is not None
        ]
        for group, mark in given:
            if mark <= 0 or mark % STEP:
                faults[f"max_{line.code}_{group}"] = Message(N_("Enter more than 0 points, in steps of 0.5."))
        if not given:
            faults[f"max_{line.code}_{groups[0]}"] = Message(
                N_("Enter the highest mark of this line for at least one product group.")
            )
    return faults


def line_faults(
    criteria: Sequence[CriterionRule], lines: Sequence[SubCriterionRule], groups: Sequence[str]
) -> dict[str, Message]:
    """What is wrong with level-2 lines: `line_1` is the first of them, `lines_L1_A` those under L1 for group A.

    A criterion has lines for all groups or for none, and those of each group add up to its highest mark.
    """
    faults = {}
    codes = {criterion.code for criterion in criteria}
    for number, line in enumerate(lines, start=1):
        alike = [other for other in lines[: number - 1] if other.code == line.code]
        if line.parent not in codes or line.group not in ("", *groups):
            faults[f"line_{number}"] = Message(N_("Choose the criterion and the product group of this line."))
        elif not (line.code and line.name_vi and line.name_en):
            faults[f"line_{number}"] = Message(N_("A line needs a code and a name in both languages."))
        elif line.max_mark <= 0:
            faults[f"line_{number}"] = Message(N_("The highest mark of a line is more than 0."))
        elif line.code in codes or any(
            "" in (other.group, line.group) or other.group == line.group for other in alike
        ):
            text = N_("There is already a line with the code %(code)s on the same sheet.")
            faults[f"line_{number}"] = Message(text, {"code": line.code})
    for criterion in criteria:
        below = [line for line in lines if line.parent == criterion.code]
        for group in groups if below else ():
            if fault := _sum_fault(criterion, group, [line for line in below if line.group in ("", group)]):
                faults[f"lines_{criterion.code}_{group}"] = fault
    return faults


def _sum_fault(criterion: CriterionRule, group: str, below: Sequence[SubCriterionRule]) -> Message | None:
    total = sum(line.max_mark for line in below)
    values: dict[str, str | int] = {
        "criterion": criterion.code,
        "group": group,
        "sum": Points(total),
        "max": Points(criterion.max_mark),
        "difference": Points(abs(total - criterion.max_mark)),
    }
    if not below:
        text = N_("%(criterion)s has lines for other product groups but none for group %(group)s.")
    elif total < criterion.max_mark:
        text = N_(
            "The lines of %(criterion)s for group %(group)s add up to %(sum)s: %(difference)s short of %(max)s."
        )
    elif total > criterion.max_mark:
        text = N_(
            "The lines of %(criterion)s for group %(group)s add up to %(sum)s: %(difference)s above %(max)s."
        )
    else:
        return None
    return Message(text, values)
