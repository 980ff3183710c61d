"""Answers to the questions of a dossier for a made-up product, with figures that agree with each other."""

from random import Random
from typing import TYPE_CHECKING, Any

from app.domain.questions import TICKED
from app.samples.wording import one_of

if TYPE_CHECKING:
    from app.samples.names import MadeUpFacility


def dossier_answers(
    chance: Random,
    facility: "MadeUpFacility",
    trade: dict[str, Any],
    description: str,
    year: int,
    *,
    is_set: bool,
) -> dict[str, str]:
    """Every answer that `app.domain.questions` asks for, sales up to a year; optional ones may be empty."""
    values = _figures(chance, facility, trade, year)

    def told(*keys: str) -> str:
        return one_of(chance, "answers", *keys).format_map(values)

    return {
        "representative_title": facility.representative_title,
        "year_established": str(facility.established),
        "workers": str(facility.workers),
        "main_business": facility.main_business,
        "uses": trade["uses"],
        "features": f"{description} {told('features')}",
        "specifications": told("set_specifications" if is_set else "specifications"),
        "materials": f"{trade['material']} {told('materials')}",
        "technology": trade["process"],
        "capacity": told("capacity"),
        "revenue": told("revenue"),
        "markets": told("markets"),
        "plans": told("plans"),
        "jobs": told("jobs"),
        "environment": f"{trade['environment']} {told('safety', trade['group'])}",
        "standards": told("standards"),
        "intellectual_property": told("intellectual_property"),
        "design": told("design", trade["group"]),
        "awards": told("awards"),
        "truth": TICKED,
    }


def _figures(
    chance: Random, facility: "MadeUpFacility", trade: dict[str, Any], year: int
) -> dict[str, object]:
    """What the sentences are filled with; prices are thousands of đồng, revenue millions."""
    top, price = _about(chance, *trade["capacity"]), _about(chance, *trade["price"])
    share, growth = chance.randint(62, 97), chance.randint(2, 28)
    made = top * share // 100
    revenue = made * price // 1000
    makers = max(2, facility.workers * chance.randint(40, 100) // 100)
    return {
        "brand": facility.brand,
        "unit": trade["unit"],
        "price": _number(price * 1000),
        "top": _number(top),
        "made": _number(made),
        "share": share,
        "growth": growth,
        "revenue": _number(revenue),
        "revenue1": _number(revenue * 100 // (100 + growth)),
        "year": year,
        "year1": year - 1,
        "later": year + 2,
        "since": max(facility.established + 1, year - chance.randint(2, 6)),
        "month": chance.randint(1, 12),
        "serial": f"{chance.randint(1, 12):02}",
        "local": chance.randint(60, 100),
        "shops": chance.randint(6, 90),
        "online": chance.randint(5, 45),
        "home": chance.randint(60, 90),
        "makers": makers,
        "women": makers * chance.randint(25, 80) // 100,
        "season": chance.randint(3, 25),
        "wage": f"{chance.randint(60, 125) / 10:.1f}".replace(".", ","),
    }


def _about(chance: Random, low: int, high: int) -> int:
    """A number between two, with two figures that matter."""
    return int(float(f"{chance.randint(low, high):.2g}"))


def _number(number: int) -> str:
    return f"{number:,}".replace(",", ".")
