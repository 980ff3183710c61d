import json
from typing import Any

import pytest
from sqlalchemy import select

from app.domain.contests import ContestState
from app.domain.errors import IllegalState, InvalidInput, NotFound
from app.domain.facilities import FacilityKind
from app.domain.permissions import Permission, Role
from app.models import Facility, LedgerEvent, Membership, User
from app.services.registration import RegisterFacility, UpdateFacility, register_facility, update_facility
from tests.builders import NOW, World, tax_code
from tests.dossiers import Maker
from tests.refusals import refusals


def facts(world: World, **changes: Any) -> dict[str, Any]:
    return {
        "name": "Hợp tác xã Trà sen Ngọc Liên",
        "kind": FacilityKind.COOPERATIVE,
        "tax_code": tax_code(999),
        "territory_id": world.territory("Lâm Đồng").id,
        "address": "Thôn 2, xã Tân Hòa",
        "representative": "Trần Thị Hạnh",
        "phone": "+84 912.345.678",
        "email": "Ngoc.Lien@Example.VN",
    } | changes


def invited(world: World, territory: str = "Lâm Đồng") -> User:
    return world.member(Role.FACILITY_USER, territory_id=world.territory(territory).id)


def register(world: World, user: User, **changes: Any) -> Facility:
    with world.session() as session:
        command = RegisterFacility(**facts(world, **changes))
        return register_facility(session, command, actor=world.actor(user), now=NOW)


def refused_fields(world: World, **changes: Any) -> dict[str, str]:
    user = invited(world)
    with pytest.raises(InvalidInput) as error:
        register(world, user, **changes)
    assert world.all(select(Facility)) == []
    return refusals(error)


def test_an_invited_person_registers_a_facility_and_works_for_it(world: World) -> None:
    user = invited(world)

    facility = register(world, user)

    assert (facility.name, facility.folded_name) == (
        "Hợp tác xã Trà sen Ngọc Liên",
        "hop tac xa tra sen ngoc lien",
    )
    assert (facility.phone, facility.email) == ("0912345678", "ngoc.lien@example.vn")
    assert world.actor(user).facilities(Permission.ENTRY_EDIT) == {facility.id}
    [event] = world.all(select(LedgerEvent))
    assert (event.action, event.actor_id, event.subject_id) == ("facility:register", user.id, facility.id)
    assert json.loads(event.details)["new"]["tax_code"] == tax_code(999)


def test_an_invitation_is_good_for_one_facility(world: World) -> None:
    user = invited(world)
    register(world, user)

    with pytest.raises(IllegalState, match="has been used"):
        register(world, user, tax_code=tax_code(998))

    assert len(world.all(select(Facility))) == 1


def test_who_was_not_invited_cannot_register(world: World) -> None:
    with pytest.raises(IllegalState):
        register(world, world.user())


def test_an_ended_invitation_is_none(world: World) -> None:
    user = invited(world)
    with world.session() as session:
        session.scalars(select(Membership).where(Membership.user_id == user.id)).one().ended_at = NOW

    with pytest.raises(IllegalState):
        register(world, user)


def test_names_are_stored_composed_and_clean(world: World) -> None:
    typed = {"name": "  Trà  \u0110a\u0300 La\u0323t \u200b", "representative": "Lê\x00 Mận"}

    facility = register(world, invited(world), **typed)

    assert (facility.name, facility.representative) == ("Trà Đà Lạt", "Lê Mận")


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        ("0100047516", "0100047516"),
        ("0100 047 516-001", "0100047516-001"),
        ("0100047516001", "0100047516-001"),
    ],
)
def test_a_tax_code_is_stored_in_one_form(world: World, typed: str, stored: str) -> None:
    assert register(world, invited(world), tax_code=typed, kind=FacilityKind.ENTERPRISE).tax_code == stored


def test_a_household_business_has_the_number_of_its_owner(world: World) -> None:
    facility = register(world, invited(world), tax_code="068 085 012 345", kind=FacilityKind.HOUSEHOLD)

    assert facility.tax_code == "068085012345"


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"tax_code": "0100047517"}, "One of the first 10 digits must be mistyped"),
        ({"tax_code": ""}, "Enter the tax code."),
        ({"tax_code": "01000475"}, "This tax code has 8 digits."),
        ({"tax_code": "0100047516-000"}, "The last three digits of a dependent unit"),
        ({"tax_code": "MST 0100047516"}, "A tax code has digits only."),
        (
            {"tax_code": "099085012345", "kind": FacilityKind.HOUSEHOLD},
            "No personal identification number begins",
        ),
        ({"tax_code": "068985012345", "kind": FacilityKind.HOUSEHOLD}, "The fourth digit of a personal"),
        (
            {"tax_code": "068085012345", "kind": FacilityKind.ENTERPRISE},
            "An enterprise or cooperative has a tax code",
        ),
    ],
)
def test_a_wrong_tax_code_is_refused_with_its_reason(
    world: World, changes: dict[str, Any], expected: str
) -> None:
    refused = refused_fields(world, **changes)

    assert list(refused) == ["tax_code"]
    assert refused["tax_code"].startswith(expected)


def test_all_faults_are_told_at_once(world: World) -> None:
    refused = refused_fields(
        world,
        name=" ",
        kind=None,
        tax_code="12",
        territory_id=None,
        address="",
        representative="\u200b",
        phone="123",
        email="không phải thư",
    )

    assert list(refused) == [
        "name",
        "tax_code",
        "address",
        "representative",
        "phone",
        "email",
        "kind",
        "territory_id",
    ]


def test_texts_that_are_too_long_are_refused_with_both_lengths(world: World) -> None:
    assert refused_fields(world, name="ơ" * 10_000, address="a" * 301, representative="b" * 201) == {
        "name": "Shorten this text to 300 characters; it has 10000.",
        "address": "Shorten this text to 300 characters; it has 301.",
        "representative": "Shorten this text to 200 characters; it has 201.",
    }


def test_a_facility_is_registered_once(world: World) -> None:
    register(world, invited(world))
    user = invited(world)

    with pytest.raises(InvalidInput) as error:
        register(world, user, name="Tên khác")

    assert refusals(error)["tax_code"].startswith(
        "A facility with this tax code is registered already. Ask the"
    )


@pytest.mark.parametrize("territory", ["Hà Nội", "Phía Bắc", "Việt Nam"])
def test_an_invitation_holds_where_it_was_given(world: World, territory: str) -> None:
    facility = register(world, invited(world, territory), territory_id=world.territory("Hà Nội").id)

    assert facility.territory_id == world.territory("Hà Nội").id


@pytest.mark.parametrize("territory", ["Lâm Đồng", "Miền Trung – Tây Nguyên"])
def test_an_invitation_does_not_hold_elsewhere(world: World, territory: str) -> None:
    user = invited(world, territory)

    with pytest.raises(InvalidInput) as error:
        register(world, user, territory_id=world.territory("Hà Nội").id)

    assert list(refusals(error)) == ["territory_id"]


def update(maker: Maker, **changes: Any) -> Facility:
    kept = {name: getattr(maker.facility, name) for name in RegisterFacility.__dataclass_fields__}
    with maker.world.session() as session:
        command = UpdateFacility(facility_id=maker.facility.id, **{**kept, **changes})
        return update_facility(session, command, actor=maker.actor, now=NOW)


def test_particulars_are_changed_and_the_ledger_holds_old_and_new(world: World) -> None:
    maker = Maker(world)

    facility = update(maker, name="Hợp tác xã Sen Hồ", phone="02633 822 111")

    assert (facility.name, facility.folded_name, facility.phone) == (
        "Hợp tác xã Sen Hồ",
        "hop tac xa sen ho",
        "02633822111",
    )
    [event] = world.all(select(LedgerEvent))
    assert json.loads(event.details) == {
        "old": {"name": maker.facility.name, "phone": "0912345678"},
        "new": {"name": "Hợp tác xã Sen Hồ", "phone": "02633822111"},
    }


def test_saving_what_is_there_leaves_no_trace(world: World) -> None:
    update(Maker(world))

    assert world.all(select(LedgerEvent)) == []


def test_a_foreign_facility_cannot_be_changed(world: World) -> None:
    maker, other = Maker(world), Maker(world)
    other.facility = maker.facility

    with pytest.raises(NotFound):
        update(other, name="Của người khác")


def test_what_a_dossier_rests_on_stays_until_its_contest_is_over(world: World) -> None:
    maker = Maker(world)
    contest = maker.contest(state=ContestState.SCORING)
    world.entry(contest, maker.product())

    assert update(maker, phone="0987654321").phone == "0987654321"
    with pytest.raises(InvalidInput) as error:
        update(maker, name="Tên mới", tax_code=tax_code(997))

    assert set(refusals(error)) == {"name", "tax_code"}


def test_when_the_contest_is_over_a_facility_may_take_another_name(world: World) -> None:
    maker = Maker(world)
    world.entry(maker.contest(state=ContestState.FINAL), maker.product())

    assert update(maker, name="Tên mới").name == "Tên mới"


def test_a_merged_province_may_become_what_it_was_merged_into_at_any_time(world: World) -> None:
    from datetime import date

    maker = Maker(world, world.territory("Bình Thuận", date(2024, 1, 1)))
    world.entry(maker.contest(state=ContestState.SCORING), maker.product())

    moved = update(maker, territory_id=world.territory("Lâm Đồng").id)

    assert moved.territory_id == world.territory("Lâm Đồng").id


def test_a_facility_does_not_move_where_it_was_not_invited(world: World) -> None:
    maker = Maker(world)

    with pytest.raises(InvalidInput) as error:
        update(maker, territory_id=world.territory("Hà Nội").id)

    assert list(refusals(error)) == ["territory_id"]
