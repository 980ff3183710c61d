"""An organiser invites the facilities of the own territory."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from app.domain.errors import IllegalState, InvalidInput, NotFound, NotPermitted
from app.domain.invitations import Place
from app.domain.permissions import Actor, Role
from app.models import Invitation, Membership
from app.services.facility_invitations import (
    FacilityLink,
    InviteFacilities,
    InviteFacility,
    invite_facilities,
    invite_facility,
    renew_facility_invitation,
)
from app.services.faults import FaultyRows
from tests.accounts import accept
from tests.builders import NOW, World

TWO = "HTX Ngọc Liên, ngoclien@example.vn\nCơ sở Tân Hòa, tanhoa@example.vn"


@pytest.fixture
def organiser(world: World) -> Actor:
    return world.actor(world.organiser(world.territory("Lâm Đồng")))


def invite_list(world: World, actor: Actor, text: str | bytes, place: str = "Lâm Đồng") -> list[FacilityLink]:
    content = text if isinstance(text, bytes) else text.encode()
    command = InviteFacilities(world.territory(place).id, content, "lines")
    with world.session() as session:
        return invite_facilities(session, command, actor=actor, now=NOW)


def invited(world: World) -> list[tuple[str, str]]:
    rows = world.all(select(Invitation).where(Invitation.revoked_at.is_(None)).order_by(Invitation.id))
    return [(row.name, row.email) for row in rows]


def faults(world: World, actor: Actor, text: str) -> list[tuple[int, str, str]]:
    with pytest.raises(FaultyRows) as caught:
        invite_list(world, actor, text)
    return [(fault.row, fault.column, fault.message.text) for fault in caught.value.rows]


@pytest.mark.parametrize(
    "text",
    [
        TWO,
        TWO.replace(", ", "\t"),
        TWO.replace(", ", ";"),
        f"Tên cơ sở,E-mail\n{TWO}",
        f"\ufeffTên,Thư điện tử\r\n\r\n{TWO}\r\n",
        "ngoclien@example.vn, HTX Ngọc Liên\ntanhoa@example.vn, Cơ sở Tân Hòa",
        "  HTX  Ngọc Liên ,NgocLien@Example.vn,,\n\n,Cơ sở Tân Hòa, tanhoa@example.vn",
    ],
)
def test_a_list_is_read_however_its_cells_are_parted(world: World, organiser: Actor, text: str) -> None:
    links = invite_list(world, organiser, text)

    people = [("HTX Ngọc Liên", "ngoclien@example.vn"), ("Cơ sở Tân Hòa", "tanhoa@example.vn")]
    assert [(link.name, link.email) for link in links] == people == invited(world)


def test_a_name_may_hold_commas(world: World, organiser: Actor) -> None:
    invite_list(world, organiser, "Công ty TNHH Sen, chi nhánh Đà Lạt, sen@example.vn")

    assert invited(world) == [("Công ty TNHH Sen, chi nhánh Đà Lạt", "sen@example.vn")]


def test_whoever_uses_a_link_may_register_in_the_territory(world: World, organiser: Actor) -> None:
    [first, _second] = invite_list(world, organiser, TWO)

    user = accept(world, first.token)

    [membership] = world.all(select(Membership).where(Membership.user_id == user.id))
    assert (membership.role, membership.territory_id) == (Role.FACILITY_USER, world.territory("Lâm Đồng").id)


def test_every_faulty_line_is_named_and_nobody_is_invited(world: World, organiser: Actor) -> None:
    text = "\n".join(
        [
            TWO,
            "Không có thư",
            "Sai thư, a@b",
            "ngoclien@example.vn",
            "Lặp, NGOCLIEN@example.vn",
            "H" * 201 + ", dai@example.vn",
            "Trà 🪷, tra@example.vn",
        ]
    )

    email = "Enter an e-mail address such as ten@example.vn."
    name = "Write the name of the facility, in at most %(max)d characters."
    same = "This address stands on line %(line)d already."
    assert faults(world, organiser, text) == [
        (3, "email", email),
        (4, "email", email),
        (5, "email", same),
        (6, "email", same),
        (7, "name", name),
        (8, "name", "These characters cannot be printed: %(characters)s. Replace them."),
    ]
    assert invited(world) == []


def test_a_line_without_a_name_is_named_too(world: World, organiser: Actor) -> None:
    name = "Write the name of the facility, in at most %(max)d characters."

    assert faults(world, organiser, "a@example.vn") == [(1, "name", name)]


def test_who_holds_the_role_already_is_a_fault_of_the_line(world: World, organiser: Actor) -> None:
    held = world.member(Role.FACILITY_USER, territory_id=world.territory("Lâm Đồng").id)

    assert faults(world, organiser, f"{TWO}\nHTX, {held.email}") == [
        (3, "email", "This person already has this role here.")
    ]


@pytest.mark.parametrize(
    ("content", "text"),
    [
        (b"", "Write at least one line: name, e-mail address."),
        (b"\n , \n", "Write at least one line: name, e-mail address."),
        ("Tên cơ sở, E-mail".encode(), "Write at least one line: name, e-mail address."),
        (b"HTX, a@example.vn\n" * 501, "At most %(most)d lines at a time; these are %(count)d."),
        (b'HTX, a@example.vn\n"HTX, b@example.vn', "Line %(line)d has a quotation mark that is not closed."),
        (b"HTX \xff, a@example.vn",
         "This is not a CSV file in UTF-8. Save the table as “CSV UTF-8” and choose it again."),
        (b"HTX\0, a@example.vn",
         "This is not a CSV file in UTF-8. Save the table as “CSV UTF-8” and choose it again."),
        (b"x" * (2**20 + 1), "The list is too large; at most 1 MB."),
    ],
)  # fmt: skip
def test_what_is_no_list_is_refused(world: World, organiser: Actor, content: bytes, text: str) -> None:
    with pytest.raises(InvalidInput) as caught:
        invite_list(world, organiser, content)

    assert {field: message.text for field, message in caught.value.fields.items()} == {"lines": text}


def test_only_the_own_territory_is_invited_to(world: World, organiser: Actor) -> None:
    with pytest.raises(NotFound):
        invite_list(world, organiser, TWO, "Đồng Tháp")
    with pytest.raises(NotFound):
        invite_list(world, organiser, "", "Đồng Tháp")
    assert invited(world) == []


@pytest.mark.parametrize("role", [Role.OBSERVER, Role.JUDGE, Role.FACILITY_USER])
def test_others_invite_no_facility(world: World, role: Role) -> None:
    contest, territory = world.contest(), world.territory("Lâm Đồng")
    user = world.user()
    if role is Role.JUDGE:
        world.judge(contest, user)
    else:
        place = {"contest_id": contest.id} if role is Role.OBSERVER else {"territory_id": territory.id}
        user = world.member(role, **place)

    with pytest.raises(NotPermitted):
        invite_list(world, world.actor(user), TWO)


def test_a_new_link_ends_the_old_one(world: World, organiser: Actor) -> None:
    [old, _other] = invite_list(world, organiser, TWO)
    [row] = world.all(select(Invitation).where(Invitation.email == old.email))
    place = Place(territory_id=world.territory("Lâm Đồng").id)

    with world.session() as session:
        later = NOW + timedelta(days=30)
        new = renew_facility_invitation(session, row.id, within=place, actor=organiser, now=later)

    with pytest.raises(NotFound):
        accept(world, old.token)
    assert accept(world, new.token, days=31).email == old.email


def test_a_link_that_was_used_or_is_foreign_is_not_made_anew(world: World, organiser: Actor) -> None:
    [used, _other] = invite_list(world, organiser, TWO)
    accept(world, used.token)
    [row] = world.all(select(Invitation).where(Invitation.email == used.email))
    foreign = world.actor(world.organiser(world.territory("Đồng Tháp")))

    for actor, place, refusal in (
        (organiser, "Lâm Đồng", IllegalState),
        (organiser, "Đồng Tháp", NotFound),
        (foreign, "Đồng Tháp", NotFound),
    ):
        within = Place(territory_id=world.territory(place).id)
        with pytest.raises(refusal), world.session() as session:
            renew_facility_invitation(session, row.id, within=within, actor=actor, now=NOW)


def test_one_facility_needs_a_name_and_an_address(world: World, organiser: Actor) -> None:
    command = InviteFacility(world.territory("Lâm Đồng").id, " ", "a@b")

    with pytest.raises(InvalidInput) as caught, world.session() as session:
        invite_facility(session, command, actor=organiser, now=NOW)

    assert list(caught.value.fields) == ["name", "email"]
