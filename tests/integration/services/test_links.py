"""Links: withdrawn ones, and those to a new password."""

import pytest
from sqlalchemy import select

from app.domain.contests import ContestState
from app.domain.errors import DomainError, IllegalState, NotFound, NotPermitted
from app.domain.permissions import Role
from app.models import Invitation, User
from app.services.accounts import make_password_link, withdraw_invitation
from app.services.administration import disable_account
from tests.accounts import HASH, accept, admin, give
from tests.builders import NOW, World


def test_a_withdrawn_link_is_dead(world: World) -> None:
    actor = admin(world)
    token = give(world, actor, Role.ADMINISTRATOR)
    [invitation] = world.all(select(Invitation))

    with world.session() as session:
        withdraw_invitation(session, invitation.id, actor=actor, now=NOW)

    with pytest.raises(NotFound):
        accept(world, token)


def test_a_link_is_withdrawn_by_whoever_could_have_given_it(world: World) -> None:
    territory = world.territory("Lâm Đồng")
    contest = world.contest(ContestState.REGISTRATION, territory)
    organiser, stranger = (
        world.actor(world.organiser(place)) for place in (territory, world.territory("Quảng Ninh"))
    )
    observer = world.actor(world.member(Role.OBSERVER, contest_id=contest.id))
    give(world, admin(world), Role.JUDGE, contest_id=contest.id)
    [invitation] = world.all(select(Invitation))

    for actor in (stranger, observer):
        with world.session() as session, pytest.raises(NotFound):
            withdraw_invitation(session, invitation.id, actor=actor, now=NOW)
    with world.session() as session:
        withdraw_invitation(session, invitation.id, actor=organiser, now=NOW)

    assert world.get(Invitation, invitation.id).revoked_at == NOW


def test_an_organiser_withdraws_no_link_to_a_password_or_to_keeping_accounts(world: World) -> None:
    organiser, user = world.actor(world.organiser(world.territory("Lâm Đồng"))), world.user()
    give(world, admin(world), Role.ADMINISTRATOR)
    with world.session() as session:
        make_password_link(session, user.id, actor=admin(world), now=NOW)

    for invitation_id in world.all(select(Invitation.id)):
        with world.session() as session, pytest.raises(NotFound):
            withdraw_invitation(session, invitation_id, actor=organiser, now=NOW)

    assert world.all(select(Invitation.revoked_at)) == [None, None]


def test_a_used_or_unknown_link_cannot_be_withdrawn(world: World) -> None:
    actor = admin(world)
    accept(world, give(world, actor, Role.ADMINISTRATOR))
    [invitation] = world.all(select(Invitation))

    for invitation_id, error in ((invitation.id, IllegalState), (987654, NotFound)):
        with world.session() as session, pytest.raises(error):
            withdraw_invitation(session, invitation_id, actor=actor, now=NOW)


def test_a_password_link_sets_a_new_password_and_ends_all_sessions(world: World) -> None:
    user = world.user()
    with world.session() as session:
        token = make_password_link(session, user.id, actor=admin(world), now=NOW)

    accept(world, token)

    now = world.get(User, user.id)
    assert now.password == HASH
    assert now.fs_uniquifier != user.fs_uniquifier


@pytest.mark.parametrize(("days", "good"), [(0.99, True), (1, False)])
def test_a_password_link_is_good_for_a_day(world: World, days: float, good: bool) -> None:
    user = world.user()
    with world.session() as session:
        token = make_password_link(session, user.id, actor=admin(world), now=NOW)

    try:
        accept(world, token, days=days)
    except NotFound:
        assert not good

    assert (world.get(User, user.id).password == HASH) is good


@pytest.mark.parametrize("case", ["organiser", "unknown person"])
def test_a_password_link_is_refused(world: World, case: str) -> None:
    user_id = 987654 if case == "unknown person" else world.user().id
    actor = world.actor(world.organiser(world.territory("Lâm Đồng"))) if case == "organiser" else admin(world)
    expected: type[DomainError] = NotPermitted if case == "organiser" else NotFound

    with world.session() as session, pytest.raises(expected):
        make_password_link(session, user_id, actor=actor, now=NOW)


def test_a_second_password_link_replaces_the_first(world: World) -> None:
    user, actor = world.user(), admin(world)
    with world.session() as session:
        first = make_password_link(session, user.id, actor=actor, now=NOW)
        make_password_link(session, user.id, actor=actor, now=NOW)

    with pytest.raises(NotFound):
        accept(world, first)


def test_a_disabled_account_gets_no_new_password(world: World) -> None:
    user, actor = world.user(), admin(world)
    with world.session() as session:
        disable_account(session, user.id, actor=actor, now=NOW)
        token = make_password_link(session, user.id, actor=actor, now=NOW)

    with pytest.raises(NotFound):
        accept(world, token)
