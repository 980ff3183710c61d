import json
from datetime import date
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import selectinload

from app.domain.errors import InvalidInput, NotPermitted
from app.domain.permissions import SYSTEM
from app.domain.territories import COMMUNES_SINCE, CommuneKind
from app.domain.tiers import Tier
from app.models import LedgerEvent, Territory
from app.services.communes import AddCommune, ImportCommunes, add_commune, import_communes
from app.services.faults import FaultyRows
from tests.builders import NOW, World
from tests.communes import register, take
from tests.refusals import refusals

HEADER = "code,name,kind,province_code\n"
COMMUNES = select(Territory).where(Territory.tier == Tier.COMMUNE).order_by(Territory.code)


def refused(world: World, **changes: Any) -> dict[str, str]:
    with pytest.raises(InvalidInput) as error:
        register(world, **changes)
    return refusals(error)


def faults_of(world: World, text: str) -> list[tuple[int, str, str]]:
    with pytest.raises(FaultyRows) as error:
        take(world, text)
    return [(fault.row, fault.column, str(fault.message)) for fault in error.value.rows]


def test_a_commune_is_registered_with_its_province_and_its_peoples_committee(world: World) -> None:
    province = world.territory("Lâm Đồng")

    commune = register(world, name=" xã  Tân Hòa ", code=" 12345 ")

    stored = world.get(Territory, commune.id, selectinload(Territory.organisers))
    assert (stored.tier, stored.code, stored.kind, stored.name, stored.province_id) == (
        Tier.COMMUNE,
        "12345",
        "commune",
        "Tân Hòa",
        province.id,
    )
    assert (stored.full_name, stored.name_en, stored.slug) == (
        "Xã Tân Hòa, tỉnh Lâm Đồng",
        "Tan Hoa Commune, Lam Dong",
        "tan-hoa-lam-dong",
    )
    assert (stored.valid_from, stored.valid_to) == (COMMUNES_SINCE, None)
    [organiser] = stored.organisers
    assert (organiser.parent_name, organiser.name, organiser.signing_body) == (
        "",
        "Ủy ban nhân dân xã Tân Hòa",
        "Ủy ban nhân dân xã Tân Hòa",
    )
    assert (organiser.signatory_title, organiser.place, organiser.valid_from) == (
        "Chủ tịch",
        "Tân Hòa",
        COMMUNES_SINCE,
    )


def test_a_ward_that_is_a_number_signs_under_its_whole_name(world: World) -> None:
    city = world.territory("Hồ Chí Minh")

    ward = register(world, name="12", kind=CommuneKind.WARD, province_id=city.id)

    stored = world.get(Territory, ward.id, selectinload(Territory.organisers))
    assert stored.full_name == "Phường 12, Thành phố Hồ Chí Minh"
    assert stored.organisers[0].place == "Phường 12"


def test_the_ledger_tells_who_registered_which_commune(world: World) -> None:
    commune = register(world)

    [event] = world.all(select(LedgerEvent).where(LedgerEvent.action == "territory:add"))
    assert (event.subject_kind, event.subject_id, event.actor_id is None) == (
        "territories",
        commune.id,
        False,
    )
    assert json.loads(event.details)["new"] == {
        "code": "12345",
        "full_name": "Xã Tân Hòa, tỉnh Lâm Đồng",
        "province_id": commune.province_id,
        "valid_from": "2025-07-01",
    }


def test_a_code_belongs_to_one_commune_of_the_country(world: World) -> None:
    register(world)

    said = refused(world, name="Ngọc Liên", province_id=world.territory("Đồng Tháp").id)

    assert said == {"code": "This code belongs to Xã Tân Hòa, tỉnh Lâm Đồng already."}


def test_a_name_belongs_to_one_commune_of_a_province(world: World) -> None:
    register(world)

    said = refused(world, name="TÂN HÒA", code="12346")
    register(world, code="12347", province_id=world.territory("Đồng Tháp").id)
    register(world, code="12348", kind=CommuneKind.WARD)
    register(world, code="12349", name="Tân Hoa")

    assert said == {"name": "Tỉnh Lâm Đồng already has a unit of this name."}
    assert [commune.code for commune in world.all(COMMUNES)] == ["12345", "12347", "12348", "12349"]


def test_code_and_name_are_free_again_once_their_commune_has_ended(world: World) -> None:
    old = register(world)
    with world.session() as session:
        session.get_one(Territory, old.id).valid_to = date(2026, 6, 30)

    assert set(refused(world, valid_from=date(2026, 6, 30))) == {"code", "name"}
    assert register(world, valid_from=date(2026, 7, 1)).id != old.id


@pytest.mark.parametrize("province", ["Kiên Giang", "Việt Nam", "Phía Nam"])
def test_a_commune_lies_in_a_province_of_today(world: World, province: str) -> None:
    territory = world.territory(province, date(2025, 1, 1))

    said = refused(world, province_id=territory.id)

    assert said == {"province_id": "Choose one of the provinces and cities of today."}


def test_every_fault_is_told_at_once(world: World) -> None:
    said = refused(world, code="", name="Tân 🪷", kind=None, province_id=None, valid_from=date(2025, 6, 30))

    assert list(said) == ["name", "kind", "code", "valid_from", "province_id"]
    assert said["name"] == "These characters cannot be printed: 🪷. Replace them."
    assert world.all(COMMUNES) == []


def test_only_an_administrator_registers_communes(world: World) -> None:
    home = world.territory("Lâm Đồng")
    typed = AddCommune(
        code="12345",
        name="Tân Hòa",
        kind=CommuneKind.COMMUNE,
        province_id=home.id,
        valid_from=COMMUNES_SINCE,
    )
    others = [world.organiser(home), world.organiser(world.territory("Việt Nam")), world.user()]

    for actor in (*map(world.actor, others), SYSTEM):
        with world.session() as session:
            with pytest.raises(NotPermitted):
                add_commune(session, typed, actor=actor, now=NOW)
            with pytest.raises(NotPermitted):
                import_communes(
                    session,
                    ImportCommunes(HEADER.encode() + b"12345,A,xa,68\n", COMMUNES_SINCE),
                    actor=actor,
                    now=NOW,
                )

    assert world.all(COMMUNES) == []


@pytest.mark.parametrize(
    "text",
    [
        HEADER + "00123,Tân Hòa,xã,01\n12346,Phường Ngọc Liên,phường,68\n",
        "\ufeffprovince_code;kind;code;name\r\n1;XA;123;Xã Tân Hòa\r\n;;;\r\n68;phuong;12346;Ngọc Liên\r\n",
        'code\tname\tkind\tprovince_code\n123\t"Tân  Hòa"\txã\t1\n12346\tNgọc Liên\tPHƯỜNG\t68',
    ],
    ids=["comma", "semicolon", "tab"],
)
def test_a_file_is_taken_as_spreadsheets_write_it(world: World, text: str) -> None:
    count = take(world, text, date(2025, 8, 1))

    assert count == 2
    assert [(row.code, row.full_name, row.valid_from) for row in world.all(COMMUNES)] == [
        ("00123", "Xã Tân Hòa, thành phố Hà Nội", date(2025, 8, 1)),
        ("12346", "Phường Ngọc Liên, tỉnh Lâm Đồng", date(2025, 8, 1)),
    ]
    assert len(world.all(select(LedgerEvent).where(LedgerEvent.action == "territory:add"))) == 2


def test_every_faulty_row_is_named_and_nothing_is_stored(world: World) -> None:
    register(world)
    rows = (
        "12346,Ngọc Liên,xã,68",
        "12345,Suối Thông,xã,68",
        "12347,Tân Hòa,xã,68",
        "12346,Đạ Tẻh,xã,68",
        "12348,ngọc liên,xã,68",
        "abc,,huyện,99",
        "12349",
    )

    faults = faults_of(world, HEADER + "\n".join(rows))

    nameless, kindless = (
        "Enter the official name, such as Tân Hòa.",
        "Choose commune, ward or special zone.",
    )
    digits, placeless = (
        "Enter the official code: five digits, such as 12345.",
        "Choose one of the provinces and cities of today.",
    )
    assert faults == [
        (3, "code", "This code belongs to Xã Tân Hòa, tỉnh Lâm Đồng already."),
        (4, "name", "Tỉnh Lâm Đồng already has a unit of this name."),
        (5, "code", "This code belongs to Xã Ngọc Liên, tỉnh Lâm Đồng already."),
        (6, "name", "Tỉnh Lâm Đồng already has a unit of this name."),
        (7, "kind", kindless),
        (7, "name", nameless),
        (7, "code", digits),
        (7, "province_code", placeless),
        (8, "kind", kindless),
        (8, "name", nameless),
        (8, "province_code", placeless),
    ]
    assert [row.code for row in world.all(COMMUNES)] == ["12345"]


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "The first row must name the columns: code, name, kind, province_code."),
        (b"code,name,kind\n", "The first row must name the columns: code, name, kind, province_code."),
        (HEADER.encode(), "There is no commune in this file."),
        (HEADER.encode() + b",,,\n\n", "There is no commune in this file."),
        (b"PK\x03\x04\0\0", "This is not a CSV file in UTF-8."),
        ((HEADER + "12345,Tân Hòa,xã,68").encode("utf-16"), "This is not a CSV file in UTF-8."),
        (HEADER.encode() + b'12345,"T', "This is not a CSV file in UTF-8."),
        (b"a" * (2 * 2**20 + 1), "The file is too large; at most 2 MB."),
    ],
    ids=["empty", "column missing", "no rows", "blank rows", "workbook", "UTF-16", "broken off", "large"],
)
def test_what_is_no_such_table_is_refused_as_a_whole(world: World, content: bytes, said: str) -> None:
    with pytest.raises(InvalidInput) as error:
        take(world, content)

    assert list(error.value.fields) == ["file"]
    assert str(error.value.fields["file"]).startswith(said)
    assert world.all(COMMUNES) == []


def test_a_day_before_the_commune_tier_is_refused_once_and_not_row_by_row(world: World) -> None:
    with pytest.raises(InvalidInput) as error:
        take(world, HEADER + "12345,Tân Hòa,xã,68\n12346,Ngọc Liên,xã,68\n", date(2025, 6, 30))

    assert list(error.value.fields) == ["valid_from"]
