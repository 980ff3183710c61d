"""What a new installation knows: territories, organisers, criteria, product groups.

Every row carries its basis; README.md in this folder tells the sources. Dates are first and last day, both
included; an open end is None. The register opens with the award's first circular: what existed before
that day carries it as its own first day.
"""

import csv
import json
from dataclasses import replace
from datetime import date
from functools import cache
from importlib.resources import files
from typing import Any

from app.domain.tiers import Tier
from app.seeds.rows import (
    Criterion,
    Organiser,
    ProductGroup,
    RegionMembership,
    RubricVersion,
    Succession,
    Territory,
    UnitKey,
    valid_on,
)

__all__ = [
    "REGISTER_OPENS",
    "Criterion",
    "Organiser",
    "ProductGroup",
    "RegionMembership",
    "RubricVersion",
    "Succession",
    "Territory",
    "UnitKey",
    "organisers",
    "organisers_of",
    "product_groups",
    "region_memberships",
    "rubric_versions",
    "successions",
    "territories",
    "valid_on",
]

REGISTER_OPENS = date(2010, 11, 12)  # Thông tư 35/2010/TT-BCT


@cache
def territories() -> tuple[Territory, ...]:
    """The nation, three award regions, 63 units to 30 June 2025 and 34 from 1 July 2025."""
    return tuple(
        Territory(
            **_dates(row),
            tier=Tier(row.pop("tier")),
            communes=int(row.pop("communes") or 0) or None,
            **row,
        )
        for row in _rows("territories.csv")
    )


@cache
def successions() -> tuple[Succession, ...]:
    """What became of each unit that no longer holds."""
    return tuple(
        Succession(_unit_key(row, "predecessor"), _unit_key(row, "successor"), row["basis"])
        for row in _rows("successions.csv")
    )


@cache
def region_memberships() -> tuple[RegionMembership, ...]:
    """The award region of every unit, old and new."""
    return tuple(
        RegionMembership(
            **_dates(row),
            province=_unit_key(row, "province"),
            region_code=row["region_code"],
            status=row["status"],
            basis=row["basis"],
        )
        for row in _rows("region_memberships.csv")
    )


@cache
def organisers() -> tuple[Organiser, ...]:
    """Organisers and signers of every tier, as templates over {unit} and {full_name_en}."""
    return tuple(
        Organiser(**_dates(row), tier=Tier(row.pop("tier")), **row) for row in _json("organisers.json")
    )


def organisers_of(territory: Territory) -> list[Organiser]:
    """The organisers of one territory by name, each within the territory's own dates."""
    names = {"unit": territory.in_sentence, "full_name_en": territory.full_name_en}
    return [
        replace(
            row,
            valid_from=max(row.valid_from, territory.valid_from),
            valid_to=min((end for end in (row.valid_to, territory.valid_to) if end), default=None),
            parent_name=row.parent_name.format_map(names),
            name=row.name.format_map(names),
            name_en=row.name_en.format_map(names),
            signing_body=row.signing_body.format_map(names),
            place=territory.place,
        )
        for row in organisers()
        if row.tier is territory.tier
        and (territory.valid_to is None or row.valid_from <= territory.valid_to)
        and (row.valid_to is None or territory.valid_from <= row.valid_to)
    ]


@cache
def rubric_versions() -> tuple[RubricVersion, ...]:
    """The legal sheet of four criteria, then the detailed proposal with lines for each product group."""
    return tuple(
        RubricVersion(
            **_dates(row),
            criteria=tuple(line for raw in row.pop("criteria") for line in _lines(raw)),
            **row,
        )
        for row in _json("rubrics.json")
    )


@cache
def product_groups() -> tuple[ProductGroup, ...]:
    """The four product groups of Thông tư 26/2014."""
    return tuple(ProductGroup(**row) for row in _json("product_groups.json"))


def _lines(row: dict[str, Any]) -> list[Criterion]:
    """One line, or one for each group where the groups have their own highest marks."""
    highest = row["max_mark"] if isinstance(row["max_mark"], dict) else {"": row["max_mark"]}
    return [
        Criterion(row["code"], row.get("parent", ""), group, row["name_vi"], row["name_en"], max_mark)
        for group, max_mark in highest.items()
    ]


def _unit_key(row: dict[str, Any], name: str) -> UnitKey:
    return UnitKey(row[f"{name}_code"], date.fromisoformat(row[f"{name}_from"]))


def _dates(row: dict[str, Any]) -> dict[str, Any]:
    """Take the two dates out of a row."""
    first, last = row.pop("valid_from"), row.pop("valid_to")
    return {"valid_from": date.fromisoformat(first), "valid_to": date.fromisoformat(last) if last else None}


def _rows(name: str) -> list[dict[str, Any]]:
    return list(csv.DictReader(_text(name).splitlines()))


def _json(name: str) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = json.loads(_text(name))
    return rows


def _text(name: str) -> str:
    return (files("app.seeds") / name).read_text(encoding="utf-8")
