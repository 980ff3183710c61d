from itertools import product
from typing import Any

import pytest

from app.domain.errors import InvalidInput, NotFound, NotPermitted
from app.domain.permissions import SYSTEM, Actor, Role
from app.services.accounts import Invite, invite
from tests.builders import NOW, World


def give(world: World, actor: Actor, role: Role, **place: Any) -> str:
    with world.session() as session:
        return invite(
            session, Invite("hanh@example.vn", "Trần Thị Hạnh", role, **place), actor=actor, now=NOW
        )


@pytest.mark.parametrize("role", list(Role))
def test_a_judge_invites_nobody(world: World, role: Role) -> None:
    contest, user = world.contest(), world.user()
    world.judge(contest, user)
    actor = world.actor(user)
    place = place_for(world, role, contest.id)

    with pytest.raises(NotPermitted):
        give(world, actor, role, **place)


def place_for(world: World, role: Role, contest_id: int) -> dict[str, int]:
    if role is Role.ADMINISTRATOR:
        return {}
    if role in (Role.ORGANISER, Role.FACILITY_USER):
        return {"territory_id": world.territory("Lâm Đồng").id}
    return {"contest_id": contest_id}


@pytest.mark.parametrize("role", [Role.ADMINISTRATOR, Role.ORGANISER])
def test_an_organiser_makes_neither_organisers_nor_administrators(world: World, role: Role) -> None:
    organiser = world.actor(world.organiser(world.territory("Lâm Đồng")))

    with pytest.raises(NotPermitted):
        give(world, organiser, role, **place_for(world, role, 0))


def test_an_organiser_invites_only_to_places_of_the_own_territory(world: World) -> None:
    foreign = world.territory("Đồng Tháp")
    organiser = world.actor(world.organiser(world.territory("Lâm Đồng")))
    contest, facility = world.contest(territory=foreign), world.facility(territory=foreign)
    places = (
        (Role.FACILITY_USER, {"territory_id": foreign.id}),
        (Role.FACILITY_USER, {"facility_id": facility.id}),
        *product(
            [Role.JUDGE, Role.HEAD_OF_JURY, Role.COUNCIL_MEMBER, Role.OBSERVER], [{"contest_id": contest.id}]
        ),
    )

    for role, place in places:
        with pytest.raises(NotFound):
            give(world, organiser, role, **place)


@pytest.mark.parametrize("place", ["territory_id", "contest_id", "facility_id"])
def test_a_place_that_does_not_exist_is_not_found(world: World, place: str) -> None:
    roles = {"territory_id": Role.ORGANISER, "contest_id": Role.JUDGE, "facility_id": Role.FACILITY_USER}

    with pytest.raises(NotFound):
        give(world, SYSTEM, roles[place], **{place: 987654})


@pytest.mark.parametrize(
    ("role", "place", "field"),
    [
        (Role.ORGANISER, {}, "territory_id"),
        (Role.ORGANISER, {"contest_id": 1}, "territory_id"),
        (Role.JUDGE, {}, "contest_id"),
        (Role.FACILITY_USER, {}, "facility_id"),
        (Role.FACILITY_USER, {"facility_id": 1, "territory_id": 1}, "facility_id"),
        (Role.ADMINISTRATOR, {"territory_id": 1}, "territory_id"),
    ],
)
def test_a_role_needs_its_own_kind_of_place(
    world: World, role: Role, place: dict[str, int], field: str
) -> None:
    with pytest.raises(InvalidInput) as caught:
        give(world, SYSTEM, role, **place)

    assert list(caught.value.fields) == [field]
