"""The rules of a contest as a form."""

from dataclasses import replace
from typing import Any

from wtforms import Field, HiddenField, IntegerField, RadioField, SelectField
from wtforms.validators import NumberRange, Optional, ValidationError

from app.domain.errors import InvalidInput
from app.domain.rule_checks import LONGEST_SERIES
from app.domain.rules import SPREAD, ContestRules, Method, PrizeBy, ThresholdOp
from app.web.contests.prize_fields import (
    PARTS,
    filled_rows,
    prize_fields,
    prizes_of,
    prizes_typed,
    rows_of,
)
from app.web.fields import Form, LongTextField, MarkField, TextField, filled_in, longest
from app.web.i18n import _, _l, in_language
from app.web.labels import choices, pass_name

MOST = 100_000
HELD, NOT_HELD = "held", "not_held"


class RulesForm(Form):
    """What decides a contest; `rules_form` adds the fields of each criterion and product group."""

    seen = HiddenField()  # digest of the rules over which it was opened
    threshold = MarkField(_l("Threshold, in points"), validators=[filled_in])
    threshold_op = RadioField(_l("An entry reaches it with"), choices=lambda: choices(ThresholdOp))
    mark_step = MarkField(_l("Step of a mark, in points"), validators=[filled_in])
    min_sheets = IntegerField(_l("Fewest score sheets for a result"), validators=[filled_in])
    method = RadioField(_l("How the totals of the sheets become one value"), choices=lambda: choices(Method))
    trim = IntegerField(_l("Sheets left out at each end"), validators=[filled_in])
    outlier = MarkField(_l("Distance of an outlier, in points"), validators=[filled_in])
    quota = IntegerField(_l("Most entries in all"), validators=[Optional(), NumberRange(1, MOST)])
    facility_quota = IntegerField(
        _l("Most entries of one facility"), validators=[Optional(), NumberRange(1, MOST)]
    )
    prize_by = RadioField(_l("A class of prize goes by"), choices=lambda: choices(PrizeBy))
    passes = RadioField(
        _l("How often entries are scored"),
        coerce=int,
        choices=lambda: [
            (1, _("Once, from the dossier")),
            (2, _("Twice: from the dossier, then after a visit to the place of production")),
        ],
    )
    advance_mark = MarkField(_l("Points that lead to the second pass"), validators=[filled_in])
    deciding_pass = RadioField(
        _l("Which pass decides"), coerce=int, choices=lambda: [(1, pass_name(1)), (2, pass_name(2))]
    )
    spread_limit = MarkField(_l("Difference that is flagged, in points"), validators=[filled_in])
    edge_percent = IntegerField(
        _l("A reason is asked for marks so near the ends of the scale, in percent"), validators=[Optional()]
    )
    quorum_percent = IntegerField(_l("Quorum of the council, in percent"), validators=[filled_in])
    complaint_days = IntegerField(_l("Working days for complaints"), validators=[filled_in])
    certificate_months = IntegerField(_l("Validity of a certificate, in months"), validators=[filled_in])
    certificate_series = TextField(
        _l("Series of certificate numbers"), validators=[filled_in, longest(LONGEST_SERIES)]
    )
    commune_tier = RadioField(
        _l("Contests of the commune tier"),
        choices=lambda: [
            (HELD, _("They were held: every product needs a commune-level certificate")),
            (NOT_HELD, _("They were not held: no certificate is asked for, for the reason below")),
        ],
    )
    lower_tier_skipped = LongTextField(_l("Why the commune tier was not held"), validators=[longest(500)])

    before: ContestRules
    stale = False  # somebody else saved since the page was opened

    def floors(self) -> list[Field]:
        """Lowest average of each criterion."""
        return [self[f"floor_{criterion.code}"] for criterion in self.before.criteria]

    def quotas(self) -> list[Field]:
        """Most entries of each product group."""
        return [self[f"quota_{group.code}"] for group in self.before.groups]

    def names(self) -> list[tuple[Field, Field]]:
        """Name of each product group, Vietnamese and English."""
        return [(self[f"vi_{group.code}"], self[f"en_{group.code}"]) for group in self.before.groups]

    def prizes(self) -> list[tuple[Field, ...]]:
        """Classes of prize: name in both languages, and how many entries or from how many points."""
        return rows_of(self)

    def refuse(self, error: InvalidInput) -> None:
        """Put what is said of a class of prize beside the row in which it was typed."""
        row_of = {
            f"prize_{part}_{place}": f"prize_{part}_{row}"
            for place, row in enumerate(filled_rows(self), start=1)
            for part in PARTS
        }
        super().refuse(InvalidInput({row_of.get(name, name): said for name, said in error.fields.items()}))

    def ties(self) -> list[Field]:
        """What separates equal results, in order."""
        return [self[f"tie_{number}"] for number in range(1, len(self.before.criteria) + 2)]

    @property
    def rules(self) -> ContestRules:
        """The rules as typed; whatever the form does not ask stays as it was."""
        asked = {name: self[name].data for name in _PLAIN if name in self._fields}
        typed = asked | {
            "method": Method(self.method.data),
            "threshold_op": ThresholdOp(self.threshold_op.data),
            "prize_by": PrizeBy(self.prize_by.data),
            "prizes": prizes_of(self, PrizeBy(self.prize_by.data)),
        }
        if self.passes.data == 1:
            typed["deciding_pass"] = 1
        if "commune_tier" in self._fields and self.commune_tier.data == HELD:
            typed["lower_tier_skipped"] = ""
        criteria = zip(self.before.criteria, self.floors(), strict=True)
        groups = zip(self.before.groups, self.names(), strict=True)
        quotas = {g.code: field.data for g, field in zip(self.before.groups, self.quotas(), strict=True)}
        return replace(
            self.before,
            **typed,
            criteria=tuple(replace(criterion, floor=field.data or 0) for criterion, field in criteria),
            groups=tuple(replace(group, name_vi=vi.data, name_en=en.data) for group, (vi, en) in groups),
            group_quotas={code: quota for code, quota in quotas.items() if quota is not None},
            tie_break=tuple(field.data for field in self.ties() if field.data),
        )

    def validate_lower_tier_skipped(self, field: Field) -> None:
        """Ask for the reason where the commune tier was not held."""
        if self.commune_tier.data == NOT_HELD and not field.data:
            raise ValidationError(_("Write why the commune tier was not held, or choose that it was."))


_PLAIN = (
    "threshold",
    "mark_step",
    "min_sheets",
    "trim",
    "outlier",
    "quota",
    "facility_quota",
    "passes",
    "advance_mark",
    "deciding_pass",
    "spread_limit",
    "edge_percent",
    "quorum_percent",
    "complaint_days",
    "certificate_months",
    "certificate_series",
    "lower_tier_skipped",
)


def rules_form(rules: ContestRules, digest: str) -> RulesForm:
    """A form filled with these rules, as stored under a digest, or with what was typed over them."""
    kind: Any = type("RulesFormOfContest", (RulesForm,), {"before": rules, **_fields_of(rules)})
    form: RulesForm = kind(data={**_typed_of(rules), "seen": digest})
    return form


def _fields_of(rules: ContestRules) -> dict[str, Any]:
    fields: dict[str, Any] = prize_fields()
    for criterion in rules.criteria:
        name = in_language(criterion.name_vi, criterion.name_en)
        fields[f"floor_{criterion.code}"] = MarkField(f"{criterion.code} – {name}")
    for group in rules.groups:
        name = in_language(group.name_vi, group.name_en)
        fields[f"quota_{group.code}"] = IntegerField(
            f"{group.code} – {name}", validators=[Optional(), NumberRange(0, MOST)]
        )
        named = [filled_in, longest(200)]
        fields[f"vi_{group.code}"] = TextField(
            _("Group %(code)s in Vietnamese", code=group.code), validators=named
        )
        fields[f"en_{group.code}"] = TextField(
            _("Group %(code)s in English", code=group.code), validators=named
        )
    separators = [("", _("nothing more"))]
    separators += [
        (
            c.code,
            _("higher mean of %(code)s – %(name)s", code=c.code, name=in_language(c.name_vi, c.name_en)),
        )
        for c in rules.criteria
    ]
    separators.append((SPREAD, _("smaller difference between the highest and the lowest total")))
    for number in range(1, len(rules.criteria) + 2):
        label = _("Separated first by") if number == 1 else _("Then by (%(number)d)", number=number)
        fields[f"tie_{number}"] = SelectField(
            label, choices=lambda: separators, validators=[_not_chosen_above]
        )
    return fields


def _typed_of(rules: ContestRules) -> dict[str, Any]:
    typed: dict[str, Any] = {name: getattr(rules, name) for name in _PLAIN}
    typed |= {"method": rules.method.value, "threshold_op": rules.threshold_op.value}
    typed |= {"prize_by": rules.prize_by.value, **prizes_typed(rules)}
    typed["commune_tier"] = NOT_HELD if rules.lower_tier_skipped else HELD
    typed |= {f"floor_{criterion.code}": criterion.floor or None for criterion in rules.criteria}
    for group in rules.groups:
        typed[f"quota_{group.code}"] = rules.group_quotas.get(group.code)
        typed[f"vi_{group.code}"], typed[f"en_{group.code}"] = group.name_vi, group.name_en
    typed |= {f"tie_{number}": key for number, key in enumerate(rules.tie_break, start=1)}
    return typed


def _not_chosen_above(form: RulesForm, field: Field) -> None:
    above = form.ties()[: form.ties().index(field)]
    if field.data and any(other.data == field.data for other in above):
        raise ValidationError(_("This was chosen above already."))
