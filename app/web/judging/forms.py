"""The score sheet as a form: one mark and one note for each line of the entry's product group."""

import re
from dataclasses import replace

from wtforms import Field, HiddenField, ValidationError

from app.domain.judging import MAX_NOTE, MAX_REMARK, Line, SheetPart, mark_field, note_field
from app.domain.marks import InvalidMark, check_mark
from app.queries.own_sheets import OwnSheet
from app.queries.score_sheet import SheetPage
from app.services.judging import SaveSheet
from app.web.fields import Form, LongTextField, MarkField, mark_error
from app.web.filters import mark
from app.web.i18n import _, _l, in_language


class MarkWithin:
    """A mark lies from 0 to the maximum of its line, on a step; empty is for later."""

    def __init__(self, max_mark: int, step: int) -> None:
        self.max_mark = max_mark
        self.step = step

    def __call__(self, _form: Form, field: Field) -> None:
        """Say what is wrong in the reader's language, with what was typed."""
        try:
            if field.data is not None:
                check_mark(field.data, self.max_mark, self.step)
        except InvalidMark as error:
            raise ValidationError(mark_error(error, self.max_mark, self.step)) from None


FormLine = tuple[Line, MarkField, LongTextField]


class MarksForm(Form):
    """The marks of one sheet; `marks_form` adds the fields of its lines."""

    version = HiddenField()

    sheet_parts: tuple[SheetPart, ...]

    @property
    def seen_version(self) -> int:
        """The version of the sheet that the page showed; 0, which is none, if it was not sent."""
        text = self.version.data or ""
        return int(text) if re.fullmatch("[0-9]{1,9}", text) else 0

    def mark_of(self, line: Line) -> MarkField:
        """The field of the mark on a line."""
        field: MarkField = self[mark_field(line.code)]
        return field

    def command(self, page: OwnSheet) -> SaveSheet:
        """What to save. A field that was not sent at all, unlike an empty one, leaves its value alone."""
        lines = [line for part in self.sheet_parts for line in part.lines]
        marks = {line.code: self.mark_of(line).data for line in lines if self.mark_of(line).raw_data}
        return SaveSheet(page.sheet_id, self.seen_version, marks, notes={}, remark=None)

    def differences(self, page: OwnSheet) -> dict[str, str]:
        """For each field that was sent and holds something else than what is saved: what is saved."""
        marks, texts = saved_marks(page), saved_texts(page)
        found = {}
        for name, field in self._fields.items():
            if isinstance(field, MarkField) and field.raw_data:
                if field.data != marks.get(name) or field.process_errors:
                    found[name] = mark(marks.get(name))
            elif isinstance(field, LongTextField) and field.raw_data and field.data != texts.get(name, ""):
                found[name] = texts.get(name) or "–"
        return found

    def sent_and_saved(self, page: OwnSheet) -> list[tuple[str, str, str]]:
        """Label, what was sent and what is saved, of each field where these differ."""
        return [
            (self[name].label.text, self[name].raw_data[0].strip() or "–", saved)
            for name, saved in self.differences(page).items()
        ]

    def typed(self, page: OwnSheet) -> list[tuple[str, str]]:
        """Label and text of what was typed but is not saved."""
        names = self.differences(page)
        return [
            (self[name].label.text, self[name].raw_data[0])
            for name in names
            if self[name].raw_data[0].strip()
        ]


class SheetForm(MarksForm):
    """All that a judge says of one product; `sheet_form` adds the lines."""

    remark: LongTextField

    @property
    def parts(self) -> list[tuple[SheetPart, list[FormLine]]]:
        """Each criterion with its lines, and for each line the field of its mark and that of the note on it."""
        return [
            (part, [(line, self.mark_of(line), self[note_field(line.code)]) for line in part.lines])
            for part in self.sheet_parts
        ]

    @property
    def lines(self) -> list[FormLine]:
        """All lines of the sheet with their fields."""
        return [line for _part, lines in self.parts for line in lines]

    @property
    def parts_to_open(self) -> set[str]:
        """Codes of the criteria not to be folded: the first with a gap, and those with something to correct."""
        gaps = [
            part.criterion.code
            for part, lines in self.parts
            if any(given.data is None for _line, given, _note in lines)
        ]
        faulty = [
            part.criterion.code
            for part, lines in self.parts
            if any(given.errors or note.errors for _line, given, note in lines)
        ]
        return {*gaps[:1], *faulty}

    def command(self, page: OwnSheet) -> SaveSheet:
        """What to save, with notes and remark."""
        notes = {line.code: note.data or "" for line, _mark, note in self.lines if note.raw_data}
        remark = (self.remark.data or "") if self.remark.raw_data else page.remark
        return replace(super().command(page), notes=notes, remark=remark)


class ReasonForm(Form):
    """Why a judge does not score an entry, or why a sheet is reopened."""

    reason = LongTextField(_l("Reason"))


def marks_form(page: OwnSheet) -> type[MarksForm]:
    """The form of the marks on a sheet; it is the same for all sheets of a product group."""
    fields = {"sheet_parts": page.parts, **_mark_fields(page)}
    return type("MarksOfOneSheetForm", (MarksForm,), fields)


def sheet_form(page: SheetPage) -> type[SheetForm]:
    """The form of a sheet; the labels are the wording of its own lines."""
    fields = {"sheet_parts": page.parts, **_mark_fields(page)}
    for line in page.rules.lines(page.group.code):
        name = in_language(line.name_vi, line.name_en)
        label = _("Note on “%(criterion)s”", criterion=name)
        fields[note_field(line.code)] = LongTextField(label, render_kw={"data-most": MAX_NOTE})
    fields["remark"] = LongTextField(_("Remark on the product"), render_kw={"data-most": MAX_REMARK})
    return type("OneSheetForm", (SheetForm,), fields)


def _mark_fields(page: OwnSheet) -> dict[str, object]:
    return {
        mark_field(line.code): MarkField(
            in_language(line.name_vi, line.name_en),
            validators=[MarkWithin(line.max_mark, page.rules.mark_step)],
        )
        for line in page.rules.lines(page.group.code)
    }


def saved_marks(page: OwnSheet) -> dict[str, int]:
    """The saved marks by the names of their fields."""
    return {mark_field(code): value for code, value in page.marks.items()}


def saved_texts(page: OwnSheet) -> dict[str, str]:
    """The saved notes and the remark by the names of their fields."""
    return {note_field(code): note for code, note in page.notes.items()} | {"remark": page.remark}


def saved_fields(page: OwnSheet) -> dict[str, str]:
    """All that is saved as a form sends it, by the names of the fields."""
    return {name: mark(value) for name, value in saved_marks(page).items()} | saved_texts(page)
