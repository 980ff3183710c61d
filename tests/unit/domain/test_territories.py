from datetime import date

import pytest

from app.domain.territories import (
    COMMUNES_SINCE,
    CommuneKind,
    commune_faults,
    in_sentence,
    plain_name,
    read_kind,
    slug_of,
)
from app.domain.vietnamese import without_marks

XA = CommuneKind.COMMUNE


@pytest.mark.parametrize(
    ("typed", "kind"),
    [
        ("xã", XA),
        ("  XA ", XA),
        ("Phường", CommuneKind.WARD),
        ("dac khu", CommuneKind.SPECIAL_ZONE),
        ("thị trấn", None),
        ("", None),
    ],
)
def test_a_kind_is_read_with_its_marks_or_without(typed: str, kind: CommuneKind | None) -> None:
    assert read_kind(typed) is kind


@pytest.mark.parametrize(
    ("typed", "kind", "name"),
    [
        ("Tân Hòa", XA, "Tân Hòa"),
        ("  xã  Tân Hòa ", XA, "Tân Hòa"),
        ("Phường 12", CommuneKind.WARD, "12"),
        ("Xã Tắc", CommuneKind.WARD, "Xã Tắc"),
        ("Xã Tân Hòa", None, "Xã Tân Hòa"),
    ],
)
def test_the_kind_is_taken_off_a_name(typed: str, kind: CommuneKind | None, name: str) -> None:
    assert plain_name(typed, kind) == name


def test_only_one_city_keeps_its_capital_in_a_sentence() -> None:
    names = ("Tỉnh Lâm Đồng", "Thành phố Huế", "Thành phố Hồ Chí Minh")

    assert [in_sentence(name) for name in names] == [
        "tỉnh Lâm Đồng",
        "thành phố Huế",
        "Thành phố Hồ Chí Minh",
    ]


def test_names_lose_their_marks_for_addresses_and_for_english() -> None:
    assert slug_of("Ea H'leo – Đắk Lắk") == "ea-h-leo-dak-lak"
    assert without_marks("Đạ Tẻh, Ea H'leo") == "Da Teh, Ea H'leo"


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({}, {}),
        ({"kind": None}, {"kind": "Choose commune, ward or special zone."}),
        ({"name": ""}, {"name": "Enter the official name, such as Tân Hòa."}),
        ({"name": "–"}, {"name": "Enter the official name, such as Tân Hòa."}),
        ({"name": "Đ" * 41}, {"name": "Use at most 40 characters."}),
        ({"code": "1234"}, {"code": "Enter the official code: five digits, such as 12345."}),
        ({"code": "١٢٣٤٥"}, {"code": "Enter the official code: five digits, such as 12345."}),
        (
            {"valid_from": date(2025, 6, 30)},
            {
                "valid_from": "Communes take part in the award since 01/07/2025. "
                "Enter that day or a later one."
            },
        ),
    ],
)
def test_what_is_wrong_with_a_commune_is_said(changes: dict[str, object], said: dict[str, str]) -> None:
    right = {"name": "Tân Hòa", "kind": XA, "code": "12345", "valid_from": COMMUNES_SINCE}

    faults = commune_faults(**right | changes)  # type: ignore[arg-type]  # any of its arguments

    assert {field: str(message) for field, message in faults.items()} == said
