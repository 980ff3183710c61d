"""Form fields of our own: marks, dates as officials write them, cleaned text; and the base of every form."""

import re
from collections.abc import Mapping
from datetime import date
from typing import Any

from flask import g, request
from flask_wtf import FlaskForm
from wtforms import (
    DateField,
    Field,
    HiddenField,
    IntegerField,
    PasswordField,
    StringField,
    TextAreaField,
    ValidationError,
)
from wtforms.validators import Length, StopValidation
from wtforms.widgets import TextInput

from app.domain.errors import InvalidInput
from app.domain.marks import InvalidMark, MarkFault, format_mark, parse_mark
from app.domain.vietnamese import normalise, normalise_lines
from app.web import i18n
from app.web.i18n import _, _l, decimal_sign, say
from app.web.kept_forms import VERSION, sent_before

DIGITS = re.compile("[0-9]{1,9}")  # of no other script: what is shown again is what was counted


class Form(FlaskForm):  # type: ignore[misc]  # Flask-WTF is untyped
    """A form that can show what the rules refused beside the fields."""

    class Meta(FlaskForm.Meta):  # type: ignore[misc]  # Flask-WTF is untyped
        """WTForms' own messages come from our catalogue, in the reader's language."""

        def get_translations(self, _form: object) -> "Translations":
            """Return where the messages come from."""
            return Translations()

        def wrap_formdata(self, form: "Form", formdata: Any) -> Any:
            """What was posted; on a page with free text also what was typed before the session ended.

            The notice about it, and whatever else was sent: see `given_back`.
            """
            posted = super().wrap_formdata(form, formdata)
            if posted is not None or request.method != "GET":
                return posted
            sent = sent_before()
            if sent is None or not _takes(form, sent.fields):
                return None
            g.is_in_its_form = True
            return sent.fields

    def refuse(self, error: InvalidInput) -> None:
        """Put each refusal beside its field, or on top of the form."""
        for name, message in error.fields.items():
            target = self._fields.get(name)
            if target is None:
                self.form_errors.append(say(message))
            else:
                target.errors = [*target.errors, say(message)]


def _takes(form: Form, sent: Mapping[str, str]) -> bool:
    """Whether a form takes these fields whatever the page shows by now.

    A text finds its place again, and a version tells what changed meanwhile; not where the form is about one of
    several things, which only the page knows. A page that follows the form in this says so by an `AboutField`.
    """
    named = [field for field in form if field.name in sent]
    is_of_one_thing = any(
        isinstance(field, HiddenField)
        and not isinstance(field, AboutField)
        and not VERSION.fullmatch(field.name)
        for field in named
    )
    return any(map(_is_free_text, named)) and not is_of_one_thing


def _is_free_text(field: Field) -> bool:
    return isinstance(field, (StringField, MarkField)) and not isinstance(field, (HiddenField, PasswordField))


class Translations:
    """WTForms' door to our catalogue."""

    def gettext(self, text: str) -> str:
        """Translate one of WTForms' messages."""
        return _(text)

    def ngettext(self, one: str, many: str, num: int) -> str:
        """Translate one of WTForms' messages that counts."""
        return i18n.plural_form(one, many, num)


def filled_in(_form: Form, field: Field) -> None:
    """Refuse an empty field, and leave one that could not be read to the words that say so."""
    if field.data in (None, "") and not field.process_errors:
        raise StopValidation(_("This field is required."))


def longest(count: int) -> Length:
    """The validator of a text that must fit its column."""
    return Length(max=count, message=_l("Use at most %(max)d characters."))


def number_of(text: object) -> int:
    """The id in a form's value; 0, which no row has, for anything else."""
    return int(str(text)) if DIGITS.fullmatch(str(text)) else 0


class TextField(StringField):
    """One line of text, cleaned."""

    def process_formdata(self, valuelist: list[Any]) -> None:
        """Clean what was typed; a field that was not sent stays as it was."""
        self.data = normalise(valuelist[0]) if valuelist else self.data or ""


class LongTextField(TextAreaField):
    """Several lines of text: each cleaned, line breaks kept."""

    def process_formdata(self, valuelist: list[Any]) -> None:
        """Clean line by line; a field that was not sent stays as it was."""
        self.data = normalise_lines(valuelist[0]) if valuelist else self.data or ""


class AboutField(HiddenField):
    """The id of what a text is about. It stays with the text, whatever else the page would show by now."""


class SeenField(HiddenField):
    """The id of what the page showed, to be told apart from what stands there by now."""

    @property
    def seen(self) -> int | None:
        """That id; None for none."""
        return number_of(self.data) or None

    def process_formdata(self, valuelist: list[Any]) -> None:
        """Take what was sent; a field that was not sent showed nothing."""
        self.data = valuelist[0] if valuelist else ""


class SeenPeopleField(HiddenField):
    """The ids of those whom the page showed, to be told apart from who is there by now."""

    @property
    def seen(self) -> frozenset[int]:
        """Those ids; whatever is none is nobody's, and a field that was not sent showed nobody."""
        return frozenset(number_of(part) for part in (self.data or "").split())


UNPRINTABLE = re.compile("[\x00-\x08\x0e-\x1f\x7f-\x9f\ufdd0-\ufdef\ufffe\uffff]")  # no page may hold them


class MarkField(Field):
    """Points typed with comma or point; `data` is hundredths, or None when empty. What was typed is shown again."""

    widget = TextInput()

    def _value(self) -> str:
        if self.raw_data:
            return str(self.raw_data[0])
        return "" if self.data is None else format_mark(self.data, decimal_sign())

    def process_formdata(self, valuelist: list[Any]) -> None:
        """Parse; an empty field is missing, never 0."""
        self.data = None
        if valuelist:
            self.raw_data = [UNPRINTABLE.sub("\N{REPLACEMENT CHARACTER}", valuelist[0])]
            try:
                self.data = parse_mark(self.raw_data[0])
            except InvalidMark as error:
                raise ValidationError(mark_error(error)) from None


class CountField(IntegerField):
    """How many raised their hands; what was typed is shown again."""

    widget = TextInput()

    def process_formdata(self, valuelist: list[Any]) -> None:
        """Take whole numbers in the digits 0 to 9 only; the rules say what is wrong with none."""
        text = UNPRINTABLE.sub("", valuelist[0]).strip() if valuelist else ""
        self.raw_data = [text]
        self.data = int(text) if DIGITS.fullmatch(text) else None


class DayField(DateField):
    """A date typed as 05/07/2026 (or as the ISO form)."""

    widget = TextInput()

    def __init__(self, label: str, validators: list[Any] | None = None, **kwargs: Any) -> None:
        super().__init__(label, validators, format=["%d/%m/%Y", "%d-%m-%Y", "%Y-%m-%d"], **kwargs)

    def process_formdata(self, valuelist: list[Any]) -> None:
        """Parse; say the expected form if it is none."""
        if not valuelist or not valuelist[0].strip():
            self.data = None
            return
        try:
            super().process_formdata([valuelist[0].strip()])
        except ValueError:
            raise ValidationError(_("Enter a date as day/month/year, such as 05/07/2026.")) from None
        if isinstance(self.data, date) and not 1900 <= self.data.year <= 2200:
            raise ValidationError(_("Enter a date as day/month/year, such as 05/07/2026."))


def mark_error(error: InvalidMark, max_mark: int | None = None, step: int = 1) -> str:
    """What is wrong with a mark, and what to type instead."""
    decimal = decimal_sign()
    return {
        MarkFault.NOT_A_NUMBER: _("“%(typed)s” is not a number. Enter points such as 8.5.", typed=error.text),
        MarkFault.NEGATIVE: _("Enter 0 or more points."),
        MarkFault.TOO_LONG: _("This number is too long. Enter points such as 8.5."),
        MarkFault.TOO_MANY_DECIMALS: _("Enter at most two decimals, such as 8.25."),
        MarkFault.ABOVE_MAXIMUM: _(
            "%(mark)s is above the highest mark, %(max)s.",
            mark=error.text.replace(",", decimal),
            max=format_mark(max_mark or 0, decimal),
        ),
        MarkFault.OFF_STEP: _("Enter points in steps of %(step)s.", step=format_mark(step, decimal)),
    }[error.reason]
