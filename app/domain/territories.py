"""What territories are called; commune-level units (đơn vị hành chính cấp xã) and what may be registered of them."""

import re
from datetime import date
from enum import StrEnum

from app.domain.messages import N_, Message
from app.domain.vietnamese import fold, format_date, normalise

# Communes hold the award's lowest tier in place of the districts: Thông tư 38/2025/TT-BCT.
COMMUNES_SINCE = date(2025, 7, 1)
MAX_NAME = 40  # with kind and province it still fits a certificate


class CommuneKind(StrEnum):
    """What a unit of the commune tier is (xã, phường, đặc khu)."""

    COMMUNE = "commune"
    WARD = "ward"
    SPECIAL_ZONE = "special_zone"


KIND_NAMES_VI = {
    CommuneKind.COMMUNE: "Xã",
    CommuneKind.WARD: "Phường",
    CommuneKind.SPECIAL_ZONE: "Đặc khu",
}


def read_kind(text: str) -> CommuneKind | None:
    """The kind that a word means, with its marks or without; None for any other word.

    >>> read_kind("PHƯỜNG"), read_kind("dac khu"), read_kind("huyện")
    (<CommuneKind.WARD: 'ward'>, <CommuneKind.SPECIAL_ZONE: 'special_zone'>, None)
    """
    return next((kind for kind, name in KIND_NAMES_VI.items() if fold(name) == fold(text)), None)


def plain_name(text: str, kind: CommuneKind | None) -> str:
    """The name without its kind, which people often type along.

    >>> plain_name("Xã Tân Hòa", CommuneKind.COMMUNE)
    'Tân Hòa'
    """
    name = normalise(text)
    title = f"{KIND_NAMES_VI[kind]} " if kind else ""
    return name[len(title) :] if title and name.casefold().startswith(title.casefold()) else name


def in_sentence(full_name: str) -> str:
    """A full name within a sentence (Nghị định 30/2020): only the name of Thành phố Hồ Chí Minh keeps its capital.

    >>> in_sentence("Tỉnh Phú Thọ"), in_sentence("Thành phố Hồ Chí Minh")
    ('tỉnh Phú Thọ', 'Thành phố Hồ Chí Minh')
    """
    return full_name if full_name == "Thành phố Hồ Chí Minh" else full_name[0].lower() + full_name[1:]


def slug_of(text: str) -> str:
    """Part of a public address.

    >>> slug_of("Ea H'leo Đắk Lắk")
    'ea-h-leo-dak-lak'
    """
    return re.sub("[^a-z0-9]+", "-", fold(text)).strip("-")


def commune_faults(name: str, kind: CommuneKind | None, code: str, valid_from: date) -> dict[str, Message]:
    """Field -> what is wrong with it, before it is compared with what is registered."""
    faults: dict[str, Message] = {}
    if kind is None:
        faults["kind"] = Message(N_("Choose commune, ward or special zone."))
    if not any(letter.isalnum() for letter in name):
        faults["name"] = Message(N_("Enter the official name, such as Tân Hòa."))
    elif len(name) > MAX_NAME:
        faults["name"] = Message(N_("Use at most %(max)d characters."), {"max": MAX_NAME})
    if not re.fullmatch("[0-9]{5}", code):
        faults["code"] = Message(N_("Enter the official code: five digits, such as 12345."))
    if valid_from < COMMUNES_SINCE:
        text = N_("Communes take part in the award since %(day)s. Enter that day or a later one.")
        faults["valid_from"] = Message(text, {"day": format_date(COMMUNES_SINCE)})
    return faults
