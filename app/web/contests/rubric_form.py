"""A rubric as a form: a table of lines below each criterion, with empty rows to fill in."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from flask import request
from wtforms import Field, HiddenField

from app.domain.errors import InvalidInput
from app.domain.rubrics import SheetLine
from app.domain.rules import CriterionRule
from app.queries.rubrics import RubricPage
from app.services.rubrics import SaveRubric
from app.web.fields import DayField, Form, LongTextField, MarkField, TextField, filled_in, longest, number_of
from app.web.i18n import _, _l, say

MOST_ROWS = 20
EMPTY_ROWS = 1


@dataclass(frozen=True)
class LineRow:
    """The fields of one line."""

    number: int
    vi: Field
    en: Field
    guide_vi: Field
    guide_en: Field
    maxima: tuple[Field, ...]

    @property
    def is_filled(self) -> bool:
        """Whether anything was typed."""
        fields = (self.vi, self.en, self.guide_vi, self.guide_en, *self.maxima)
        return any(field.data or field.errors for field in fields)


class RubricForm(Form):
    """What a rubric says of itself; `rubric_form` adds the fields of each criterion and line."""

    version = HiddenField()
    name_vi = TextField(_l("Name in Vietnamese"), validators=[filled_in, longest(200)])
    name_en = TextField(_l("Name in English"), validators=[filled_in, longest(200)])
    legal_basis = LongTextField(_l("Legal basis"), validators=[filled_in, longest(300)])
    valid_from = DayField(_l("First day"), validators=[filled_in])

    page: RubricPage
    row_numbers: dict[str, int]
    sum_faults: dict[str, str]
    stale: bool

    def show_newest(self) -> None:
        """Say that somebody else saved the draft meanwhile; what was typed stays, to be saved over it or not."""
        self.stale = True
        self.version.data = str(self.page.version)
        self.form_errors.append(
            _(
                "Somebody else saved this draft meanwhile. Saving now replaces what they wrote with what is below."
            )
        )

    def rows(self, code: str) -> list[LineRow]:
        """The rows of lines below a criterion."""
        return [
            LineRow(
                number,
                vi=self[f"vi_{code}_{number}"],
                en=self[f"en_{code}_{number}"],
                guide_vi=self[f"guide_vi_{code}_{number}"],
                guide_en=self[f"guide_en_{code}_{number}"],
                maxima=tuple(self[f"max_{code}_{number}_{group.code}"] for group in self.page.groups),
            )
            for number in range(1, self.row_numbers[code] + 1)
        ]

    def filled_rows(self, code: str) -> list[LineRow]:
        """The rows that are not empty; the first is line 1 of the criterion, the second line 2."""
        return [row for row in self.rows(code) if row.is_filled]

    def sums(self, criterion: CriterionRule) -> list[tuple[str, int]]:
        """The sum of the lines of each product group, in hundredths, by the group's code."""
        rows = self.filled_rows(criterion.code)
        return [
            (group.code, sum(row.maxima[place].data or 0 for row in rows))
            for place, group in enumerate(self.page.groups)
        ]

    def sum_fault(self, code: str, group: str) -> str | None:
        """What is said of the sum of a group's lines below a criterion."""
        return self.sum_faults.get(f"lines_{code}_{group}")

    @property
    def command(self) -> SaveRubric:
        """What was typed."""
        typed = self.data
        lines = [
            SheetLine(
                f"{criterion.code}.{place}",
                criterion.code,
                name_vi=row.vi.data,
                name_en=row.en.data,
                guidance_vi=row.guide_vi.data,
                guidance_en=row.guide_en.data,
                max_marks=tuple(field.data for field in row.maxima),
            )
            for criterion in self.page.criteria
            for place, row in enumerate(self.filled_rows(criterion.code), start=1)
        ]
        names = {c.code: (typed[f"vi_{c.code}"], typed[f"en_{c.code}"]) for c in self.page.criteria}
        day = typed["valid_from"] if isinstance(typed["valid_from"], date) else self.page.valid_from
        return SaveRubric(
            rubric_id=self.page.id,
            version=number_of(self.version.data),
            name_vi=typed["name_vi"],
            name_en=typed["name_en"],
            legal_basis=typed["legal_basis"],
            valid_from=day,
            criteria=names,
            lines=tuple(lines),
        )

    def refuse(self, error: InvalidInput) -> None:
        """Put what is said of a line beside its row, and of a sum below its column."""
        row_of = {
            f"{criterion.code}.{place}": f"{criterion.code}_{row.number}"
            for criterion in self.page.criteria
            for place, row in enumerate(self.filled_rows(criterion.code), start=1)
        }
        self.sum_faults = {
            name: say(said) for name, said in error.fields.items() if name.startswith("lines_")
        }
        said_of = {}
        for name, said in error.fields.items():
            part, _underscore, rest = name.partition("_")
            code, underscore, group = rest.partition("_")
            said_of[f"{part}_{row_of[code]}{underscore}{group}" if code in row_of else name] = said
        super().refuse(InvalidInput(said_of))


def rubric_form(page: RubricPage) -> RubricForm:
    """A form filled with this rubric, or with what was typed over it."""
    numbers = {criterion.code: _row_number(page, criterion.code) for criterion in page.criteria}
    fields: dict[str, Any] = {}
    for criterion in page.criteria:
        fields |= _fields_of(page, criterion, numbers[criterion.code])
    kind: Any = type(
        "FormOfRubric",
        (RubricForm,),
        {"page": page, "row_numbers": numbers, "sum_faults": {}, "stale": False, **fields},
    )
    form: RubricForm = kind(data=_typed_of(page))
    return form


def _row_number(page: RubricPage, code: str) -> int:
    """How many rows a criterion has: as many as were sent, one more on request, else room for a new line."""
    sent = number_of(request.form.get(f"rows_{code}"))
    lines = len(_lines_below(page, code))
    wanted = sent + (request.form.get("act") == f"add-{code}") if sent else lines + EMPTY_ROWS
    return max(1, min(MOST_ROWS, wanted))


def _lines_below(page: RubricPage, code: str) -> list[SheetLine]:
    return [line for line in page.sheet if line.parent == code]


def _fields_of(page: RubricPage, criterion: CriterionRule, rows: int) -> dict[str, Any]:
    code = criterion.code
    fields: dict[str, Any] = {
        f"vi_{code}": TextField(_("%(code)s in Vietnamese", code=code), validators=[filled_in, longest(300)]),
        f"en_{code}": TextField(_("%(code)s in English", code=code), validators=[filled_in, longest(300)]),
    }
    for number in range(1, rows + 1):
        line = f"{code}.{number}"
        named = [longest(300)]
        guided = [longest(1000)]
        fields |= {
            f"vi_{code}_{number}": TextField(_("Line %(line)s in Vietnamese", line=line), validators=named),
            f"en_{code}_{number}": TextField(_("Line %(line)s in English", line=line), validators=named),
            f"guide_vi_{code}_{number}": LongTextField(
                _("Guidance for %(line)s in Vietnamese", line=line), validators=guided
            ),
            f"guide_en_{code}_{number}": LongTextField(
                _("Guidance for %(line)s in English", line=line), validators=guided
            ),
        }
        for group in page.groups:
            fields[f"max_{code}_{number}_{group.code}"] = MarkField(
                _("Highest mark of %(line)s, group %(group)s", line=line, group=group.code)
            )
    return fields


def _typed_of(page: RubricPage) -> dict[str, Any]:
    names = ("version", "name_vi", "name_en", "legal_basis", "valid_from")
    typed: dict[str, Any] = {name: getattr(page, name) for name in names}
    for criterion in page.criteria:
        code = criterion.code
        typed |= {f"vi_{code}": criterion.name_vi, f"en_{code}": criterion.name_en}
        for number, line in enumerate(_lines_below(page, code), start=1):
            row = f"{code}_{number}"
            typed |= {f"vi_{row}": line.name_vi, f"en_{row}": line.name_en}
            typed |= {f"guide_vi_{row}": line.guidance_vi, f"guide_en_{row}": line.guidance_en}
            for group, max_mark in zip(page.groups, line.max_marks, strict=True):
                typed[f"max_{row}_{group.code}"] = max_mark
    return typed
