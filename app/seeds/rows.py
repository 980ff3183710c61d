"""The rows of the seed data, typed."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Literal, NamedTuple, TypeVar

from app.domain.territories import CommuneKind, in_sentence
from app.domain.tiers import Tier


@dataclass(frozen=True)
class Dated:
    """A row that holds from one day to another."""

    valid_from: date
    valid_to: date | None

    def is_valid_on(self, day: date) -> bool:
        """Whether the row holds on that day."""
        return self.valid_from <= day and (self.valid_to is None or day <= self.valid_to)


DatedRow = TypeVar("DatedRow", bound=Dated)


class UnitKey(NamedTuple):
    """A province or city: codes are reused after mergers, so the first day belongs to the key."""

    code: str
    valid_from: date


@dataclass(frozen=True)
class Territory(Dated):
    """The nation, an award region, a province, a city or a commune, as it was between two dates."""

    tier: Tier
    code: str
    kind: Literal["nation", "region", "province", "city"] | CommuneKind
    name: str
    full_name: str
    name_en: str
    slug: str
    communes: int | None
    phone_area_code: str

    @property
    def key(self) -> UnitKey:
        """Code and first day, which together name one row of a tier."""
        return UnitKey(self.code, self.valid_from)

    @property
    def in_sentence(self) -> str:
        """The full name in a sentence."""
        return in_sentence(self.full_name)

    @property
    def full_name_en(self) -> str:
        """The English name with its kind."""
        return self.name_en + _KINDS_EN.get(self.kind, "")

    @property
    def place(self) -> str:
        """Where its organiser signs, as printed before the date."""
        if self.tier in (Tier.NATIONAL, Tier.REGIONAL):
            return "Hà Nội"
        # A name that is a person's or a number goes with its kind (Nghị định 30/2020).
        return self.full_name if self.name == "Hồ Chí Minh" or self.name.isdigit() else self.name


_KINDS_EN = {
    "province": " Province",
    "city": " City",
    CommuneKind.COMMUNE: " Commune",
    CommuneKind.WARD: " Ward",
    CommuneKind.SPECIAL_ZONE: " Special Zone",
}


@dataclass(frozen=True)
class Succession:
    """One unit became, or became part of, another on the day from which the other holds."""

    predecessor: UnitKey
    successor: UnitKey
    basis: str


@dataclass(frozen=True)
class RegionMembership(Dated):
    """A unit belongs to an award region. Status: sourced, derived from predecessors, or assumed."""

    province: UnitKey
    region_code: str
    status: Literal["sourced", "derived", "assumed"]
    basis: str


@dataclass(frozen=True)
class Organiser(Dated):
    """Who organises and who signs at a tier. As data a template: `organisers_of` fills in a territory."""

    tier: Tier
    parent_name: str
    name: str
    name_en: str
    signing_body: str
    signatory_title: str
    basis: str
    place: str = ""


@dataclass(frozen=True)
class Criterion:
    """One line of a score sheet; a line that others name as parent is their sum. No group means every group."""

    code: str
    parent: str
    group: str
    name_vi: str
    name_en: str
    max_mark: int  # hundredths of a point


@dataclass(frozen=True)
class RubricVersion(Dated):
    """One version of the criteria, with its lines for each product group where groups differ."""

    code: str
    name_vi: str
    name_en: str
    status: Literal["law", "proposal"]
    legal_basis: str
    criteria: tuple[Criterion, ...]


@dataclass(frozen=True)
class ProductGroup:
    """One of the four groups, with the label of the circular and a short one for tables."""

    code: str
    name_vi: str
    name_en: str
    short_vi: str
    short_en: str


def valid_on(rows: Iterable[DatedRow], day: date) -> list[DatedRow]:
    """The rows that hold on a day."""
    return [row for row in rows if row.is_valid_on(day)]
