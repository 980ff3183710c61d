"""What a facility types; the rules are the services', so that all faults are told at once."""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

from wtforms import (
    BooleanField,
    HiddenField,
    MultipleFileField,
    RadioField,
    SelectField,
)
from wtforms.validators import InputRequired

from app.domain.dossiers import StaleDossier
from app.domain.entries import AttachmentKind
from app.domain.facilities import FacilityKind
from app.domain.questions import TICKED, AnswerKind, Question
from app.domain.vietnamese import sort_key
from app.queries.territories import Unit
from app.services.registration import FacilityFacts, ProductFacts
from app.web.fields import Form, LongTextField, TextField, number_of
from app.web.filters import day
from app.web.i18n import _, _l, in_language
from app.web.labels import choices, label


class FacilityForm(Form):
    """A facility's particulars."""

    name = TextField(_l("Name of the facility"))
    kind = RadioField(_l("Kind of facility"), validate_choice=False)
    tax_code = TextField(_l("Tax code"))
    territory_id = SelectField(_l("Province or city"), coerce=number_of, validate_choice=False)
    address = TextField(_l("Address"))
    representative = TextField(_l("Legal representative"))
    phone = TextField(_l("Telephone"))
    email = TextField(_l("E-mail"))

    def offer(self, units: Sequence[Unit]) -> "FacilityForm":
        """Fill the lists to choose from."""
        self.kind.choices = choices(FacilityKind)
        names = sorted(((unit_label(unit), unit.id) for unit in units), key=lambda pair: sort_key(pair[0]))
        self.territory_id.choices = [(0, _("Choose")), *((id_, name) for name, id_ in names)]
        return self

    @property
    def facts(self) -> dict[str, Any]:
        """What was typed, by the names of FacilityFacts."""
        kinds = [kind for kind in FacilityKind if kind == self.kind.data]
        return {**_typed(self, FacilityFacts), "kind": kinds[0] if kinds else None}


class ProductForm(Form):
    """A product's particulars."""

    name = TextField(_l("Name of the product"))
    is_set = BooleanField(_l("This is a set of products, judged as one"))
    group_code = RadioField(_l("Product group"), validate_choice=False)
    description = LongTextField(_l("Short description"))

    def offer(self, groups: Sequence[Any]) -> "ProductForm":
        """Fill the list of groups."""
        self.group_code.choices = [
            (group.code, f"{group.code}. {in_language(group.name_vi, group.name_en)}") for group in groups
        ]
        return self

    @property
    def facts(self) -> dict[str, Any]:
        """What was typed, by the names of ProductFacts."""
        return _typed(self, ProductFacts)


class EnterForm(Form):
    """The product to enter in a contest."""

    product_id = RadioField(
        _l("Which product?"),
        validators=[InputRequired(_l("Choose the product."))],
        coerce=number_of,
        validate_choice=False,
    )


class DossierPartForm(Form):
    """A part of the dossier; `version` is the state of the dossier it was opened over."""

    version = HiddenField()

    @property
    def version_seen(self) -> int:
        """The version, 0 if it is none of ours."""
        return number_of(self.version.data)


class StatementForm(DossierPartForm):
    """The last step: the statement, and sending."""

    truth = BooleanField(_l("We have read the statement and answer for the truth of this dossier"))

    @property
    def answers(self) -> dict[str, str]:
        """The tick as it is kept in the dossier."""
        return {"truth": TICKED if self.truth.data else ""}


class AnswersForm(DossierPartForm):
    """The questions of one form; its fields are made from the table of questions."""

    questions: Sequence[Question]

    @property
    def answers(self) -> dict[str, str]:
        """Key of each question -> what was typed."""
        return {question.key: self[question.key].data or "" for question in self.questions}

    def show_stored(self, stale: StaleDossier) -> None:
        """Mark the answers that differ; the next save is meant for what is stored now."""
        self.version.data = str(stale.version)
        for key in self._fields.keys() & stale.stored.keys():
            self[key].errors = [_("What is stored now differs.")]


def answers_form(
    questions: Sequence[Question],
    stored: Mapping[str, str],
    version: int,
) -> AnswersForm:
    """A form with one field for each question, filled with what is stored."""
    fields = {question.key: _field_of(question) for question in questions}
    made = type("AnswersForm", (AnswersForm,), {**fields, "questions": questions})
    form: AnswersForm = made(data={**stored, "version": version})
    return form


class PhotosForm(Form):
    """Photos to add."""

    files = MultipleFileField(_l("Photos"))


class PapersForm(Form):
    """Papers of one kind to add."""

    kind = RadioField(_l("What is it?"), validators=[InputRequired(_l("Choose what kind of paper it is."))])
    files = MultipleFileField(_l("Files"))

    def offer(self, *, lower_certificate: bool) -> "PapersForm":
        """Fill the list of kinds; not every contest asks for a certificate of the tier below."""
        kinds = [AttachmentKind.REGISTRATION_PAPER, AttachmentKind.LOWER_CERTIFICATE, AttachmentKind.OTHER]
        if not lower_certificate:
            kinds.remove(AttachmentKind.LOWER_CERTIFICATE)
        self.kind.choices = [(kind.value, label(kind)) for kind in kinds]
        return self


def unit_label(unit: Unit) -> str:
    """A province with what it was before: "An Giang (gồm An Giang và Kiên Giang trước 01/07/2025)"."""
    if unit.merged:
        *names, last = [old.name for old in unit.merged]
        parts = _("%(names)s and %(last)s", names=", ".join(names), last=last)
        return _("%(name)s (%(parts)s before %(day)s)", name=unit.name, parts=parts, day=_day_after(unit))
    if not unit.former_names:
        return unit.name
    return _("%(name)s (formerly: %(old)s)", name=unit.name, old=", ".join(unit.former_names))


def _day_after(unit: Unit) -> str:
    """The first day on which a unit stood in place of those it was joined of."""
    last_day = unit.merged[0].valid_to
    return day(last_day and last_day + timedelta(days=1))


def _typed(form: Form, facts: type[FacilityFacts] | type[ProductFacts]) -> dict[str, Any]:
    """Field -> what was typed; a field that was not sent at all is empty."""
    typed = {name: form[name].data for name in facts.__dataclass_fields__}
    return {name: "" if data is None else data for name, data in typed.items()}


def _field_of(question: Question) -> TextField | LongTextField:
    label_text = _l(question.label)
    if question.lines > 1:
        return LongTextField(label_text, render_kw={"rows": question.lines})
    numeric = question.kind in (AnswerKind.YEAR, AnswerKind.COUNT)
    return TextField(label_text, render_kw={"inputmode": "numeric"} if numeric else {})
