"""The server is killed in the midst of saves: nothing that was acknowledged is lost, and nothing is there twice."""

import os
import random
import signal
import time

import pytest

from tests.faults.conftest import Warm
from tests.faults.scoring import Jury, Scorer
from tests.serving import Installation, Judge, Server, free_port, processes_of, serving

KILLS = int(os.environ.get("KILLS", "20"))
LONGEST = 0.2  # seconds between a server's first answer and its end


def test_no_acknowledged_mark_is_lost_or_doubled_when_the_server_is_killed(
    installed: Installation, warm: Warm, capsys: pytest.CaptureFixture[str]
) -> None:
    chance, port = random.Random(1), free_port()
    server = warm.start(installed, port).wait()
    jury = Jury(installed, port)
    faults: list[str] = []
    begin = time.monotonic()
    jury.begin()
    try:
        for number in range(KILLS):
            time.sleep(chance.uniform(0, LONGEST))
            server.kill()
            faults += [f"kill {number}: {fault}" for fault in jury.faults()]
            server = warm.start(installed, port).wait()
    finally:
        jury.finish()
        server.kill()
    faults += jury.faults()
    jury.world.engine.dispose()
    with capsys.disabled():
        report = f"{KILLS} kills: {jury}, {len(faults)} lost or doubled, {time.monotonic() - begin:.0f} s"
        print(f"\n{report}")  # noqa: T201 -- how often it was tried is the point

    assert faults == []
    assert jury.errors == []
    assert jury.saves > KILLS


def test_a_worker_that_is_killed_is_replaced_while_its_server_goes_on(
    installed: Installation, server: Server, judge: Judge, sheet: int
) -> None:
    scorer = Scorer(judge, sheet, random.Random(1))
    assert scorer.step()
    [worker] = set(processes_of(server.group)) - {server.group}

    os.kill(worker, signal.SIGKILL)
    server.wait()
    while not scorer.step():
        pass

    world = installed.world()
    assert world.marks_of_id(sheet) == scorer.acknowledged
    world.engine.dispose()


def test_the_command_itself_starts_again_after_it_was_killed(installed: Installation) -> None:
    email, [sheet] = next(iter(installed.judges.items()))
    with serving(installed) as server:
        scorer = Scorer(Judge(server.port, email).sign_in(), sheet, random.Random(1))
        assert scorer.step()
    assert not scorer.step()
    unanswered = scorer.pending

    with serving(installed) as server:
        scorer.judge.port = server.port
        assert scorer.step()
        scorer.judge.close()

    assert unanswered
    world = installed.world()
    assert world.marks_of_id(sheet) == scorer.acknowledged
    world.engine.dispose()
