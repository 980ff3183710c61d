"""Forms kept over an ended session."""

import hashlib
from datetime import datetime, timedelta

import pytest
from sqlalchemy import select

from app.models import KeptForm, LedgerEvent
from app.services import kept_forms
from app.services.kept_forms import KeepForm, keep_form, take_back
from tests.builders import NOW, World

PATH = "/judging/sheets/7"
FIELDS = {"mark_L1": ["85,5,5"], "remark": ["Hương thơm \x00 “tốt” 🍵"], "groups": ["A", "B"]}
USER = 7


def keep(world: World, fields: dict[str, list[str]] | None = None, now: datetime = NOW) -> str | None:
    with world.session() as session:
        return keep_form(session, KeepForm(PATH, USER, fields or FIELDS), now=now)


def take(
    world: World, token: str | None, path: str = PATH, user_id: int = USER, now: datetime = NOW
) -> dict[str, list[str]] | None:
    with world.session() as session:
        return take_back(session, token or "", path, user_id, now=now)


def kept(world: World) -> list[KeptForm]:
    return world.all(select(KeptForm))


def test_what_was_kept_comes_back_once_as_it_was(world: World) -> None:
    token = keep(world)

    assert [take(world, token), take(world, token), kept(world)] == [FIELDS, None, []]


def test_only_the_digest_of_the_secret_is_stored(world: World) -> None:
    token = keep(world) or ""

    [row] = kept(world)
    assert row.token_sha256 == hashlib.sha256(f"{USER}:{token}".encode()).hexdigest()
    assert token not in row.fields_json


def test_a_wrong_secret_another_page_or_another_person_gets_nothing(world: World) -> None:
    token = keep(world)

    assert take(world, f"x{token}") is None
    assert take(world, token, path="/judging/sheets/8") is None
    assert take(world, token, user_id=USER + 1) is None
    assert take(world, token) == FIELDS


def test_after_a_day_it_is_gone(world: World) -> None:
    token = keep(world)

    assert take(world, token, now=NOW + timedelta(hours=24)) is None
    assert take(world, token, now=NOW + timedelta(hours=23, minutes=59)) == FIELDS


def test_keeping_a_new_form_throws_old_ones_away(world: World) -> None:
    keep(world)
    keep(world, now=NOW + timedelta(hours=25))

    assert [row.kept_at for row in kept(world)] == [NOW + timedelta(hours=25)]


def test_the_number_of_kept_forms_is_bounded_and_the_oldest_goes_first(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(kept_forms, "MAX_KEPT", 3)

    tokens = [keep(world, now=NOW + timedelta(minutes=minute)) for minute in range(5)]

    later = NOW + timedelta(minutes=5)
    assert [take(world, token, now=later) for token in tokens] == [None, None, FIELDS, FIELDS, FIELDS]


@pytest.mark.parametrize("letter", ["x", "ổ", "\x00"])
def test_a_form_that_is_too_large_is_not_kept(world: World, letter: str) -> None:
    assert keep(world, {"remark": [letter * 64 * 1024]}) is None
    assert kept(world) == []


def test_an_address_longer_than_any_of_ours_is_not_kept(world: World) -> None:
    with world.session() as session:
        assert keep_form(session, KeepForm("/" + "x" * 200, USER, FIELDS), now=NOW) is None


def test_keeping_a_form_is_no_act_in_a_contest(world: World) -> None:
    keep(world)

    assert world.all(select(LedgerEvent)) == []
