import json

import pytest
from sqlalchemy import select

from app.domain.errors import DomainError, IllegalState, InvalidInput, NotFound, NotPermitted
from app.domain.permissions import SYSTEM, Role
from app.models import Invitation, LedgerEvent, Membership, User
from app.services.accounts import Invite, invite, make_password_link
from app.services.administration import (
    CorrectAccount,
    CreateAdministrator,
    correct_account,
    create_administrator,
    disable_account,
    enable_account,
    end_sessions,
    remove_second_factor,
)
from app.services.roles import end_membership
from tests.builders import NOW, World

EMAIL = "hanh@example.vn"


def membership_of(world: World, user: User) -> Membership:
    [membership] = world.all(select(Membership).where(Membership.user_id == user.id))
    assert isinstance(membership, Membership)
    return membership


def test_the_first_administrator_comes_from_a_command_on_the_machine(world: World) -> None:
    command = CreateAdministrator(" Hanh@Example.vn", " Trần  Thị Hạnh ", "hash")

    with world.session() as session:
        user = create_administrator(session, command, actor=SYSTEM, now=NOW)

    assert (user.email, user.name, user.folded_name, user.password) == (
        EMAIL,
        "Trần Thị Hạnh",
        "tran thi hanh",
        "hash",
    )
    assert world.actor(user).has_role(Role.ADMINISTRATOR)
    events = world.all(select(LedgerEvent.action).order_by(LedgerEvent.id))
    assert events == ["account:create", "membership:create"]


@pytest.mark.parametrize("email", [EMAIL, "HANH@example.vn"])
def test_an_address_has_one_account(world: World, email: str) -> None:
    world.user(email=EMAIL)

    with world.session() as session, pytest.raises(InvalidInput) as caught:
        create_administrator(session, CreateAdministrator(email, "Hạnh", "hash"), actor=SYSTEM, now=NOW)

    assert list(caught.value.fields) == ["email"]


def test_only_administrators_do_these_things(world: World) -> None:
    actor, user_id = world.actor(world.organiser(world.territory("Lâm Đồng"))), world.user().id

    with world.session() as session:
        with pytest.raises(NotPermitted):
            create_administrator(session, CreateAdministrator(EMAIL, "Hạnh", "hash"), actor=actor, now=NOW)
        with pytest.raises(NotPermitted):
            correct_account(session, CorrectAccount(user_id, "Hạnh", EMAIL), actor=actor, now=NOW)
        for service in (disable_account, enable_account, remove_second_factor):
            with pytest.raises(NotPermitted):
                service(session, user_id, actor=actor, now=NOW)


def test_an_unknown_account_is_not_found(world: World) -> None:
    with world.session() as session:
        for service in (disable_account, enable_account, remove_second_factor):
            with pytest.raises(NotFound):
                service(session, 987654, actor=SYSTEM, now=NOW)


def test_a_corrected_account_keeps_its_old_values_in_the_ledger(world: World) -> None:
    user = world.user("Tran Thi Hanh", email="han@example.vn")

    with world.session() as session:
        correct_account(
            session, CorrectAccount(user.id, "Trần Thị Hạnh", "HANH@example.vn"), actor=SYSTEM, now=NOW
        )

    changed = world.get(User, user.id)
    assert (changed.name, changed.folded_name, changed.email) == ("Trần Thị Hạnh", "tran thi hanh", EMAIL)
    [event] = world.all(select(LedgerEvent))
    assert json.loads(event.details) == {
        "old": {"name": "Tran Thi Hanh", "email": "han@example.vn"},
        "new": {"name": "Trần Thị Hạnh", "email": "hanh@example.vn"},
    }


def test_a_new_address_ends_the_links_to_the_old_one(world: World) -> None:
    user = world.user(email="han@example.vn")
    with world.session() as session:
        make_password_link(session, user.id, actor=SYSTEM, now=NOW)
        invite(session, Invite("han@example.vn", "Hạnh", Role.ADMINISTRATOR), actor=SYSTEM, now=NOW)

    with world.session() as session:
        correct_account(session, CorrectAccount(user.id, user.name, EMAIL), actor=SYSTEM, now=NOW)

    assert world.all(select(Invitation.revoked_at)) == [NOW, NOW]


def test_a_disabled_account_loses_its_sessions_and_links_and_keeps_its_roles(world: World) -> None:
    user = world.member(Role.ORGANISER, territory_id=world.territory("Lâm Đồng").id)
    with world.session() as session:
        make_password_link(session, user.id, actor=SYSTEM, now=NOW)

    with world.session() as session:
        disable_account(session, user.id, actor=world.actor(world.member(Role.ADMINISTRATOR)), now=NOW)

    disabled = world.get(User, user.id)
    assert not disabled.active
    assert disabled.fs_uniquifier != user.fs_uniquifier
    assert membership_of(world, user).ended_at is None
    assert world.all(select(Invitation.revoked_at)) == [NOW]


def test_an_enabled_account_works_again(world: World) -> None:
    user = world.user(active=False)

    with world.session() as session:
        enable_account(session, user.id, actor=SYSTEM, now=NOW)

    assert world.get(User, user.id).active


def test_nobody_disables_the_own_account_or_the_last_administrator(world: World) -> None:
    first = world.member(Role.ADMINISTRATOR)

    with world.session() as session:
        with pytest.raises(IllegalState, match="your own account"):
            disable_account(session, first.id, actor=world.actor(first), now=NOW)
        with pytest.raises(IllegalState, match="last administrator"):
            disable_account(session, first.id, actor=SYSTEM, now=NOW)


def test_a_disabled_administrator_does_not_count_as_one_who_remains(world: World) -> None:
    first, second = world.member(Role.ADMINISTRATOR), world.member(Role.ADMINISTRATOR)
    with world.session() as session:
        disable_account(session, second.id, actor=world.actor(first), now=NOW)

    with world.session() as session, pytest.raises(IllegalState, match="last administrator"):
        end_membership(session, membership_of(world, first).id, actor=world.actor(first), now=NOW)


@pytest.mark.parametrize("service", [disable_account, enable_account, remove_second_factor])
def test_what_is_so_already_is_not_done_again(world: World, service: object) -> None:
    assert callable(service)
    user = world.user(active=service is not disable_account)

    with world.session() as session, pytest.raises(IllegalState):
        service(session, user.id, actor=SYSTEM, now=NOW)


def test_a_removed_second_factor_ends_sessions_and_throws_the_codes_away(world: World) -> None:
    user = world.user(tf_primary_method="authenticator", tf_totp_secret="{}", mf_recovery_codes=["a", "b"])

    with world.session() as session:
        remove_second_factor(session, user.id, actor=SYSTEM, now=NOW)

    now = world.get(User, user.id)
    assert (now.tf_primary_method, now.tf_totp_secret, now.mf_recovery_codes) == (None, None, None)
    assert now.fs_uniquifier != user.fs_uniquifier


def test_ending_the_own_sessions_changes_nothing_else(world: World) -> None:
    user = world.user()

    with world.session() as session:
        end_sessions(session, actor=world.actor(user), now=NOW)

    now = world.get(User, user.id)
    assert now.fs_uniquifier != user.fs_uniquifier
    assert (now.password, now.active) == (user.password, True)


def test_an_ended_role_opens_nothing_any_more(world: World) -> None:
    organiser = world.organiser(world.territory("Lâm Đồng"))

    with world.session() as session:
        end_membership(session, membership_of(world, organiser).id, actor=SYSTEM, now=NOW)

    assert world.actor(organiser).grants == ()
    with world.session() as session, pytest.raises(IllegalState, match="ended already"):
        end_membership(session, membership_of(world, organiser).id, actor=SYSTEM, now=NOW)


def test_an_organiser_ends_only_roles_that_an_organiser_there_may_give(world: World) -> None:
    home, abroad = world.territory("Lâm Đồng"), world.territory("Đồng Tháp")
    actor = world.actor(world.organiser(home))
    own = world.facility_user(world.facility(territory=home))
    cases: list[tuple[User, type[DomainError]]] = [
        (world.facility_user(world.facility(territory=abroad)), NotFound),
        (world.organiser(home), NotFound),
        (world.member(Role.ADMINISTRATOR), NotFound),
    ]

    with world.session() as session:
        end_membership(session, membership_of(world, own).id, actor=actor, now=NOW)
        for user, error in cases:
            with pytest.raises(error):
                end_membership(session, membership_of(world, user).id, actor=actor, now=NOW)
        with pytest.raises(NotFound):
            end_membership(session, 987654, actor=actor, now=NOW)

    assert membership_of(world, own).ended_at == NOW
