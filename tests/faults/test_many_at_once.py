"""Many saves at the same moment, from several devices, and with a session that ends meanwhile."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from threading import Barrier
from typing import Any

import pytest
from sqlalchemy.orm import Session

from tests.faults.scoring import Stored, stored
from tests.serving import Installation, Judge, a_save

MANY = 50


def at_once(judge: Judge, sheet: int, saves: list[dict[str, Any]]) -> list[tuple[int, Any]]:
    """Send all of them at the same moment, each over a connection of its own."""
    barrier = Barrier(len(saves))

    def send(save: dict[str, Any]) -> tuple[int, Any]:
        window = replace(judge, cookies=dict(judge.cookies), line=None)
        barrier.wait()
        try:
            return window.save(sheet, save)
        finally:
            window.close()

    with ThreadPoolExecutor(len(saves)) as threads:
        return list(threads.map(send, saves))


@pytest.fixture
def found(installed: Installation, sheet: int) -> Iterator[Any]:
    """What the database holds of the sheet, when asked."""
    world = installed.world()

    def look() -> Stored:
        with Session(world.engine) as session:
            return stored(session, sheet)

    yield look
    world.engine.dispose()


def test_fifty_replays_of_one_key_are_one_save_with_fifty_equal_answers(
    judge: Judge, sheet: int, found: Any
) -> None:
    save = a_save(1, mark_L1="32,5", note_L1="Sắc nước trong.")

    answers = at_once(judge, sheet, [save] * MANY)

    assert answers == [answers[0]] * MANY
    assert (answers[0][0], answers[0][1]["version"]) == (200, 2)
    assert found() == Stored(2, {"L1": 3250}, frozenset({save["key"]}), [2])


def test_of_fifty_different_saves_on_one_version_one_wins_and_the_others_see_it(
    judge: Judge, sheet: int, found: Any
) -> None:
    saves = [a_save(1, mark_L1=str(number % 40 + 1)) for number in range(MANY)]

    answers = at_once(judge, sheet, saves)

    [winner] = [number for number, (status, _answer) in enumerate(answers) if status == 200]
    refused = [answer for status, answer in answers if status == 409]
    mark = winner % 40 + 1
    assert found() == Stored(2, {"L1": mark * 100}, frozenset({saves[winner]["key"]}), [2])
    assert [(answer["version"], answer["saved"]["mark_L1"]) for answer in refused] == [(2, str(mark))] * (
        MANY - 1
    )


def test_two_devices_of_one_judge_never_overwrite_each_other(judge: Judge, sheet: int, found: Any) -> None:
    other = Judge(judge.port, judge.email).sign_in()
    first, second = a_save(1, mark_L1="30"), a_save(1, mark_L1="20", mark_L2="10")

    assert judge.save(sheet, first)[0] == 200
    status, answer = other.save(sheet, second)
    assert (status, answer["version"], answer["saved"]["mark_L1"]) == (409, 2, "30")
    assert other.save(sheet, first) == judge.save(
        sheet, first
    )  # a key belongs to the sheet, not to the device
    assert other.save(sheet, {**second, "version": 2})[0] == 200
    other.close()

    assert found() == Stored(3, {"L1": 2000, "L2": 1000}, frozenset({first["key"], second["key"]}), [2, 3])


def test_a_save_after_signing_out_is_kept_from_the_sheet_until_the_judge_is_back(
    judge: Judge, sheet: int, found: Any
) -> None:
    save = a_save(1, mark_L1="30")
    judge.sign_out()

    refused = judge.save(sheet, save)
    nothing = found()
    judge.sign_in()
    answers = [judge.save(sheet, save) for _time in range(2)]

    assert refused == (401, {"error": "Phiên đăng nhập đã hết.", "fields": {}})
    assert nothing == Stored(1, {}, frozenset(), [])
    assert [status for status, _answer in answers] == [200, 200]
    assert answers[0] == answers[1]
    assert found() == Stored(2, {"L1": 3000}, frozenset({save["key"]}), [2])


def test_another_judge_cannot_take_over_a_key(
    installed: Installation, judge: Judge, sheet: int, found: Any
) -> None:
    [_first, (email, [own]), *_rest] = installed.judges.items()
    other = Judge(judge.port, email).sign_in()
    save = a_save(1, mark_L1="30")

    assert judge.save(sheet, save)[0] == 200
    assert other.save(sheet, save)[0] == 404
    assert other.save(own, save)[0] == 200
    other.close()

    assert found() == Stored(2, {"L1": 3000}, frozenset({save["key"]}), [2])
