"""The server's clock is wrong, or is put right in the midst of scoring: order comes from versions, never from time."""

import secrets
from datetime import datetime, timedelta
from typing import Any

import time_machine
from flask import Flask
from sqlalchemy.orm import Session

from app.services.sequencing import leaf_hashes, sequence
from tests.browsing import Browser
from tests.builders import NOW, World
from tests.faults.scoring import Stored, stored
from tests.judging import Bench

JUMPS = (
    timedelta(0),
    timedelta(hours=-3),
    timedelta(seconds=-1),
    timedelta(minutes=100),
    timedelta(hours=-5),
)


def save(bench: Bench, version: int, token: str, **changes: str) -> Any:
    """Save as the browser does."""
    sent = {"key": secrets.token_hex(16), "version": version, "changes": changes}
    address = f"{bench.url}/autosave"
    return bench.browser.client.post(address, json=sent, headers={"X-CSRFToken": token})


def test_versions_and_ledger_stay_in_order_when_the_clock_jumps_back(world: World, app: Flask) -> None:
    with time_machine.travel(NOW, tick=False) as clock:
        bench = Bench(world, Browser(app))
        token = bench.browser.client.get("/judging/session").get_json()["csrf_token"]
        answers = []
        for version, jump in enumerate(JUMPS, start=1):
            clock.shift(jump)
            answers.append(save(bench, version, token, mark_L1=str(version)))

    assert [(answer.status_code, answer.json["version"]) for answer in answers] == [
        (200, version) for version in range(2, 2 + len(JUMPS))
    ]
    with Session(world.engine) as session:
        found = stored(session, bench.sheet.id)
    assert (found.version, found.marks, found.events) == (6, {"L1": 500}, [2, 3, 4, 5, 6])
    assert bench.stored.saved_at == moment_of(JUMPS)
    with world.session() as session:
        size = sequence(session, bench.contest.id)
        hashes = leaf_hashes(session, bench.contest.id, size)
    assert (size, len(set(hashes))) == (len(JUMPS), len(JUMPS))


def test_a_replay_after_the_clock_was_put_back_gives_the_first_answer(world: World, app: Flask) -> None:
    with time_machine.travel(NOW, tick=False) as clock:
        bench = Bench(world, Browser(app))
        token = bench.browser.client.get("/judging/session").get_json()["csrf_token"]
        sent = {"key": "0" * 32, "version": 1, "changes": {"mark_L1": "30"}}
        answers = []
        for _time in range(2):
            answer = bench.browser.client.post(
                f"{bench.url}/autosave", json=sent, headers={"X-CSRFToken": token}
            )
            answers.append((answer.status_code, answer.json))
            clock.shift(timedelta(hours=-1))

    assert answers == [(200, {"version": 2, "saved_at": "09:00"})] * 2
    with Session(world.engine) as session:
        assert stored(session, bench.sheet.id) == Stored(2, {"L1": 3000}, frozenset({"0" * 32}), [2])


def moment_of(jumps: tuple[timedelta, ...]) -> datetime:
    return NOW + sum(jumps, timedelta(0))
