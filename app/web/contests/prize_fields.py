"""The classes of prize on the form of the rules: some rows, of which those left empty do not count."""

from typing import Any

from wtforms import Field
from wtforms.validators import ValidationError

from app.domain.rules import ContestRules, PrizeBy, PrizeRule
from app.web.fields import Form, MarkField, TextField, longest
from app.web.i18n import _

ROWS = range(1, 7)
PARTS = ("vi", "en", "limit")


def prize_fields() -> dict[str, Any]:
    """The fields of every row: name in both languages, and how many entries or from how many points."""
    fields: dict[str, Any] = {}
    for row in ROWS:
        fields[f"prize_vi_{row}"] = TextField(
            _("Prize %(number)d in Vietnamese", number=row), validators=[longest(100)]
        )
        fields[f"prize_en_{row}"] = TextField(
            _("Prize %(number)d in English", number=row), validators=[longest(100)]
        )
        fields[f"prize_limit_{row}"] = MarkField(
            _("Prize %(number)d: entries or points", number=row), validators=[_whole_by_rank]
        )
    return fields


def prizes_typed(rules: ContestRules) -> dict[str, Any]:
    """The classes of prize as the fields hold them."""
    typed: dict[str, Any] = {}
    scale = (
        100 if rules.prize_by is PrizeBy.RANK else 1
    )  # one kind of field holds both: a mark, in hundredths
    for row, prize in enumerate(rules.prizes, start=1):
        typed |= {f"prize_vi_{row}": prize.name_vi, f"prize_en_{row}": prize.name_en}
        typed[f"prize_limit_{row}"] = prize.limit * scale
    return typed


def rows_of(form: Form) -> list[tuple[Field, ...]]:
    """The fields, row by row."""
    return [tuple(form[f"prize_{part}_{row}"] for part in PARTS) for row in ROWS]


def filled_rows(form: Form) -> list[int]:
    """The numbers of the rows that are not empty."""
    return [
        row for row, fields in zip(ROWS, rows_of(form), strict=True) if any(field.data for field in fields)
    ]


def prizes_of(form: Form, by: PrizeBy) -> tuple[PrizeRule, ...]:
    """The classes of prize that were typed."""
    scale = 100 if by is PrizeBy.RANK else 1
    data = form.data
    return tuple(
        PrizeRule(
            code=str(number),
            name_vi=data[f"prize_vi_{row}"],
            name_en=data[f"prize_en_{row}"],
            limit=(data[f"prize_limit_{row}"] or 0) // scale,
        )
        for number, row in enumerate(filled_rows(form), start=1)
    )


def _whole_by_rank(form: Form, field: Field) -> None:
    by_rank = form.data["prize_by"] == PrizeBy.RANK
    if by_rank and field.data is not None and field.data % 100:
        raise ValidationError(_("A number of entries is whole."))
