import pytest
from sqlalchemy import select

from app.domain.contests import ContestState
from app.domain.errors import InvalidInput, NotFound, NotPermitted
from app.domain.permissions import SYSTEM, Role
from app.domain.results import Office
from app.models import CouncilMember, Invitation, Judge, LedgerEvent, Membership, User
from app.services.accounts import Invite, invite
from app.services.administration import disable_account
from app.services.roles import end_membership
from tests.accounts import EMAIL, HASH, accept, admin, give
from tests.builders import NOW, World


def held(world: World, user: User) -> list[tuple[Role, int | None, int | None, int | None]]:
    held = select(Membership).where(Membership.user_id == user.id, Membership.ended_at.is_(None))
    rows = world.all(held.order_by(Membership.id))
    return [(row.role, row.territory_id, row.contest_id, row.facility_id) for row in rows]


def test_an_invited_organiser_gets_an_account_with_the_role_in_the_territory(world: World) -> None:
    territory = world.territory("Lâm Đồng")

    user = accept(world, give(world, admin(world), Role.ORGANISER, territory_id=territory.id))

    assert (user.email, user.name, user.password, user.active) == (EMAIL, "Trần Thị Hạnh", HASH, True)
    assert held(world, user) == [(Role.ORGANISER, territory.id, None, None)]


def test_only_a_hash_of_the_token_is_kept(world: World) -> None:
    token = give(world, admin(world), Role.ADMINISTRATOR)

    [kept] = world.all(select(Invitation))
    assert len(token) >= 43
    assert len(kept.token_sha256) == 64
    assert token not in str(vars(kept))
    assert all(token not in event.details for event in world.all(select(LedgerEvent)))


def test_every_role_that_is_invited_to_a_contest_is_taken_in_it(world: World) -> None:
    contest = world.contest(ContestState.REGISTRATION)
    organiser = world.actor(world.organiser(world.territory("Lâm Đồng")))

    head = accept(
        world,
        give(world, organiser, Role.HEAD_OF_JURY, "a@example.vn", contest_id=contest.id, position="PGS"),
    )
    judge = accept(world, give(world, organiser, Role.JUDGE, "b@example.vn", contest_id=contest.id))
    office = {"contest_id": contest.id, "office": Office.CHAIR, "position": "Giám đốc"}
    chair = accept(world, give(world, organiser, Role.COUNCIL_MEMBER, "c@example.vn", **office))
    observer = accept(world, give(world, organiser, Role.OBSERVER, "d@example.vn", contest_id=contest.id))

    judges = {(row.user_id, row.is_head, row.position) for row in world.all(select(Judge))}
    assert judges == {(head.id, True, "PGS"), (judge.id, False, "")}
    [member] = world.all(select(CouncilMember))
    assert (member.user_id, member.office, member.position) == (chair.id, Office.CHAIR, "Giám đốc")
    assert held(world, observer) == [(Role.OBSERVER, None, contest.id, None)]


def test_an_administrator_can_invite_a_judge_too(world: World) -> None:
    contest = world.contest(ContestState.REGISTRATION)

    user = accept(world, give(world, admin(world), Role.JUDGE, contest_id=contest.id))

    assert [row.user_id for row in world.all(select(Judge))] == [user.id]


def test_a_facility_user_is_invited_for_a_territory_or_for_a_facility(world: World) -> None:
    territory = world.territory("Lâm Đồng")
    facility = world.facility(territory=territory)
    organiser = world.actor(world.organiser(territory))

    first = accept(
        world, give(world, organiser, Role.FACILITY_USER, "a@example.vn", territory_id=territory.id)
    )
    second = accept(
        world, give(world, organiser, Role.FACILITY_USER, "b@example.vn", facility_id=facility.id)
    )

    assert held(world, first) == [(Role.FACILITY_USER, territory.id, None, None)]
    assert held(world, second) == [(Role.FACILITY_USER, None, None, facility.id)]


def test_what_an_acceptance_writes_into_the_ledger(world: World) -> None:
    actor = admin(world)

    user = accept(world, give(world, actor, Role.ADMINISTRATOR))

    events = [
        (e.actor_id, e.action, e.subject_kind)
        for e in world.all(select(LedgerEvent).order_by(LedgerEvent.id))
    ]
    assert events == [
        (actor.user_id, "invitation:create", "invitations"),
        (user.id, "account:create", "users"),
        (actor.user_id, "membership:create", "memberships"),
        (user.id, "invitation:accept", "invitations"),
    ]


def test_a_link_is_good_once(world: World) -> None:
    token = give(world, admin(world), Role.ADMINISTRATOR)
    user = accept(world, token)

    with pytest.raises(NotFound):
        accept(world, token, user)


@pytest.mark.parametrize(("days", "good"), [(6.99, True), (7, False), (30, False)])
def test_a_link_is_good_for_seven_days(world: World, days: float, good: bool) -> None:
    token = give(world, admin(world), Role.ADMINISTRATOR)

    if good:
        assert accept(world, token, days=days).email == EMAIL
    else:
        with pytest.raises(NotFound):
            accept(world, token, days=days)


def test_a_new_invitation_to_the_same_role_replaces_the_old_one(world: World) -> None:
    actor = admin(world)
    old = give(world, actor, Role.ADMINISTRATOR)
    other = give(world, actor, Role.ORGANISER, territory_id=world.territory("Lâm Đồng").id)

    new = give(world, actor, Role.ADMINISTRATOR)

    with pytest.raises(NotFound):
        accept(world, old)
    user = accept(world, new)
    accept(world, other, user)
    assert [role for role, *_ in held(world, user)] == [Role.ADMINISTRATOR, Role.ORGANISER]


def test_a_person_with_an_account_takes_one_more_role_while_signed_in(world: World) -> None:
    user = world.user(email=EMAIL)

    accepted = accept(world, give(world, admin(world), Role.ADMINISTRATOR, "  HANH@Example.VN "), user)

    assert accepted.id == user.id
    assert accepted.password == user.password
    assert [row.id for row in world.all(select(User).where(User.email == EMAIL))] == [user.id]


@pytest.mark.parametrize("signed_in", ["nobody", "somebody else", "disabled"])
def test_an_account_that_exists_has_to_be_signed_in(world: World, signed_in: str) -> None:
    owner = world.user(email=EMAIL, active=signed_in != "disabled")
    token = give(world, admin(world), Role.ADMINISTRATOR)
    reader = {"nobody": None, "somebody else": world.user(), "disabled": owner}[signed_in]

    with pytest.raises(NotPermitted):
        accept(world, token, reader)

    assert held(world, owner) == []


def test_nobody_takes_an_invitation_for_another_address(world: World) -> None:
    token = give(world, admin(world), Role.ADMINISTRATOR)

    with pytest.raises(NotPermitted):
        accept(world, token, world.user())

    assert world.all(select(User).where(User.email == EMAIL)) == []


def test_an_invitation_dies_with_the_right_of_whoever_gave_it(world: World) -> None:
    territory = world.territory("Lâm Đồng")
    organiser = world.organiser(territory)
    token = give(world, world.actor(organiser), Role.FACILITY_USER, territory_id=territory.id)
    [membership] = world.all(select(Membership).where(Membership.user_id == organiser.id))
    with world.session() as session:
        end_membership(session, membership.id, actor=SYSTEM, now=NOW)

    with pytest.raises(NotFound):
        accept(world, token)

    assert world.all(select(User).where(User.email == EMAIL)) == []


def test_an_invitation_dies_with_the_account_of_whoever_gave_it(world: World) -> None:
    territory = world.territory("Lâm Đồng")
    organiser = world.organiser(territory)
    token = give(world, world.actor(organiser), Role.FACILITY_USER, territory_id=territory.id)
    with world.session() as session:
        disable_account(session, organiser.id, actor=admin(world), now=NOW)

    with pytest.raises(NotFound):
        accept(world, token)


def test_a_role_that_is_held_already_is_not_given_again(world: World) -> None:
    actor = admin(world)
    token = give(world, actor, Role.ADMINISTRATOR)
    accept(world, token)

    with pytest.raises(InvalidInput) as caught:
        give(world, actor, Role.ADMINISTRATOR)

    assert list(caught.value.fields) == ["email"]


@pytest.mark.parametrize(
    ("command", "field"),
    [
        ({"email": "hanh"}, "email"),
        ({"email": ""}, "email"),
        ({"email": "hạnh@example.vn"}, "email"),
        ({"email": "a" * 10_000 + "@example.vn"}, "email"),
        ({"email": "hanh\0@example.vn"}, "email"),
        ({"name": ""}, "name"),
        ({"name": " \0\u200b "}, "name"),
        ({"name": "H" * 201}, "name"),
        ({"position": "P" * 201}, "position"),
    ],
)
def test_what_is_typed_wrong_is_said_beside_its_field(
    world: World, command: dict[str, str], field: str
) -> None:
    fields = {"email": EMAIL, "name": "Trần Thị Hạnh", "role": Role.ADMINISTRATOR} | command

    with world.session() as session, pytest.raises(InvalidInput) as caught:
        invite(session, Invite(**fields), actor=SYSTEM, now=NOW)  # type: ignore[arg-type]  # fields are the command's

    assert list(caught.value.fields) == [field]


def test_a_hostile_name_is_kept_as_text(world: World) -> None:
    with world.session() as session:
        invite(session, Invite(EMAIL, "<script>alert(1)</script>", Role.ADMINISTRATOR), actor=SYSTEM, now=NOW)

    [kept] = world.all(select(Invitation.name))
    assert kept == "<script>alert(1)</script>"
