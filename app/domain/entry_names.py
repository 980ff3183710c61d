"""By what names an entry stands in lists and on certificates."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from app.domain.territories import in_sentence

KINDS = ("Tỉnh ", "Thành phố ")


@dataclass(frozen=True)
class EntryNames:
    """A product and its facility, as they are printed."""

    product: str
    is_set: bool
    facility: str
    address: str  # with the province
    members: tuple[str, ...] = ()  # products of a set that the council made of several entries


def as_sent(dossier: Mapping[str, Any], now: EntryNames) -> EntryNames:
    """The names in a dossier as it was sent in, which is what was judged; a dossier without them has today's."""
    product, facility = dossier.get("product"), dossier.get("facility")
    if not product or not facility:
        return now
    return EntryNames(
        product=product["name"],
        is_set=product["is_set"],
        facility=facility["name"],
        address=with_province(facility["address"], facility["territory"]),
    )


def as_set(own: EntryNames, name: str, members: tuple[str, ...]) -> EntryNames:
    """The names of the entry that stands for a set, as the set's."""
    return replace(own, product=name, is_set=True, members=members)


def with_province(address: str, province: str) -> str:
    """An address with the full name of its province, unless it names it already.

    >>> with_province("Thôn 1, xã Tân Hòa", "Tỉnh Lâm Đồng")
    'Thôn 1, xã Tân Hòa, tỉnh Lâm Đồng'
    >>> with_province("12 Lê Lợi, Lâm Đồng", "Tỉnh Lâm Đồng")
    '12 Lê Lợi, Lâm Đồng'
    >>> with_province("Xã Mỹ Khê, Tỉnh Lâm Đồng", "Tỉnh Lâm Đồng")
    'Xã Mỹ Khê, tỉnh Lâm Đồng'
    """
    in_address = in_sentence(province)
    name = province
    for kind in KINDS:
        name = name.removeprefix(kind)
    if name.casefold() in address.casefold():
        return address.replace(f" {province}", f" {in_address}")
    return f"{address}, {in_address}"
