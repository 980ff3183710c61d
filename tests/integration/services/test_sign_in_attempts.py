from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.models import SignInAttempt
from app.services.sign_in_attempts import forget_attempts, note_attempt, wait_for
from tests.builders import NOW, World

NO_WAIT = timedelta(0)


def tried(world: World, account: str, address: str = "192.0.2.1", minutes: float = 0) -> timedelta:
    """One attempt as the sign-in page makes it: written down, kept, then asked about."""
    at = NOW + timedelta(minutes=minutes)
    with world.session() as session:
        attempt = note_attempt(session, account, address, now=at)
    with world.session() as session:
        return wait_for(session, session.get_one(SignInAttempt, attempt.id), now=at)


def test_five_attempts_are_looked_at_and_the_sixth_waits(world: World) -> None:
    waits = [tried(world, "a", minutes=number) for number in range(6)]

    assert waits == [NO_WAIT] * 5 + [timedelta(minutes=10)]


def test_an_attempt_that_waits_is_not_kept(world: World) -> None:
    for number in range(8):
        tried(world, "a", minutes=number)

    assert len(world.all(select(SignInAttempt))) == 5


def test_accounts_do_not_count_for_each_other(world: World) -> None:
    for _ in range(5):
        tried(world, "a")

    assert tried(world, "b") == NO_WAIT


def test_an_address_is_counted_over_all_accounts(world: World) -> None:
    waits = [tried(world, f"account {number}", minutes=number / 10) for number in range(31)]

    assert waits == [NO_WAIT] * 30 + [timedelta(minutes=12)]
    assert tried(world, "account 31", address="192.0.2.2", minutes=3) == NO_WAIT


def test_what_is_forgiven_no_longer_counts(world: World) -> None:
    for _ in range(5):
        tried(world, "a")
    with world.session() as session:
        forget_attempts(session, "a")

    assert tried(world, "a") == NO_WAIT


def test_attempts_at_the_same_moment_count_each_other(world: World) -> None:
    for _ in range(4):
        tried(world, "a")
    with world.session() as session:
        first = note_attempt(session, "a", "192.0.2.1", now=NOW)
    with world.session() as session:
        second = note_attempt(session, "a", "192.0.2.1", now=NOW)

    with Session(world.engine) as here, Session(world.engine) as there:
        waits = [
            wait_for(here, here.get_one(SignInAttempt, first.id), now=NOW),
            wait_for(there, there.get_one(SignInAttempt, second.id), now=NOW),
        ]

    assert waits.count(NO_WAIT) <= 1


@pytest.mark.parametrize(
    ("first", "second", "same"),
    [
        ("2001:db8::1", "2001:db8::ffff:1", True),
        ("2001:db8::1", "2001:db8:0:1::1", False),
        ("::ffff:192.0.2.1", "192.0.2.1", True),
        ("192.0.2.1", "192.0.2.2", False),
        ("", "no address", True),
    ],
)
def test_which_addresses_are_one(world: World, first: str, second: str, same: bool) -> None:
    tried(world, "a", first)
    tried(world, "b", second)

    assert (len(set(world.all(select(SignInAttempt.address)))) == 1) is same


def test_what_was_typed_is_not_stored(world: World) -> None:
    tried(world, "password:mật khẩu gõ nhầm chỗ")

    [stored] = world.all(select(SignInAttempt.account))
    assert len(stored) == 64
    assert "mật" not in stored
