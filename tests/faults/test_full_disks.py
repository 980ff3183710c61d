"""The disk is full: a save is refused, not acknowledged; once there is room it goes through."""

import os
import random
import resource
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

import pytest
from sqlalchemy.orm import Session

from tests.databases import ServerDatabases, SqliteDatabases
from tests.faults.scoring import Scorer, stored, versions
from tests.serving import Installation, Judge, Server, installation, processes_of

pytestmark = pytest.mark.skipif(
    not sys.platform.startswith("linux"), reason="limits and mounts as Linux has them"
)
SMALL = 6 * 2**20


@pytest.fixture
def file_databases(databases: SqliteDatabases | ServerDatabases) -> SqliteDatabases:
    """Databases that are files of ours."""
    if not isinstance(databases, SqliteDatabases):
        pytest.skip("the files of a PostgreSQL server are its own")
    return databases


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of a few MiB."""
    folder = tmp_path / "disk"
    folder.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", f"size={SMALL}", "tmpfs", str(folder)]
    if os.geteuid() != 0 or subprocess.run(mount, check=False, capture_output=True).returncode:
        pytest.skip("a small disk can be mounted here only by root; the other test limits the size of files")
    yield folder
    subprocess.run(["umount", "--lazy", str(folder)], check=True)


def scorer_at(server: Server, installed: Installation) -> Scorer:
    email, [sheet] = next(iter(installed.judges.items()))
    return Scorer(Judge(server.port, email).sign_in(), sheet, random.Random(1))


def save_until_refused(scorer: Scorer) -> None:
    """Save until it no longer works."""
    for _attempt in range(5000):
        if not scorer.step():
            return
    pytest.fail("the disk never filled up")


def check_everything_is_there(installed: Installation, scorer: Scorer) -> None:
    world = installed.world()
    with Session(world.engine) as session:
        found = stored(session, scorer.sheet)
        assert session.connection().exec_driver_sql("PRAGMA integrity_check").scalar() == "ok"
    world.engine.dispose()
    assert found.marks == scorer.acknowledged
    assert found.keys == set(scorer.keys)
    assert found.events == versions(len(scorer.keys))


def test_a_save_on_a_full_disk_is_refused_and_goes_through_once_there_is_room(
    small_disk: Path, file_databases: SqliteDatabases, start: Callable[..., Server]
) -> None:
    installed = installation(small_disk, file_databases.copy(small_disk), judges=1)
    server = start(installed)
    scorer = scorer_at(server, installed)
    assert scorer.step()
    filler = small_disk / "filler"
    room = shutil.disk_usage(small_disk).free - 40 * 1024
    filler.write_bytes(b"\0" * room)

    save_until_refused(scorer)
    refused, acknowledged = scorer.pending, dict(scorer.acknowledged)
    assert not scorer.step()  # still full
    assert {error[:3] for error in scorer.errors} == {"500"}
    assert scorer.broken_off == 0
    filler.unlink()

    assert scorer.step()
    assert refused
    assert scorer.acknowledged == {**acknowledged, refused.code: refused.value}
    assert scorer.step()
    server.kill()
    scorer.judge.close()
    check_everything_is_there(installed, scorer)


def test_a_save_that_the_system_does_not_let_grow_is_refused_and_goes_through_once_it_may(
    tmp_path: Path, file_databases: SqliteDatabases, start: Callable[..., Server]
) -> None:
    installed = installation(tmp_path, file_databases.copy(tmp_path), judges=1)
    wal = tmp_path / "binhchon.sqlite-wal"
    size = (tmp_path / "binhchon.sqlite").stat().st_size
    server = start(installed, limit=size // 2)
    scorer = scorer_at(server, installed)

    save_until_refused(scorer)
    assert {error[:3] for error in scorer.errors} == {"500"}
    assert wal.exists()
    for process in processes_of(server.group):
        with suppress(ProcessLookupError):
            resource.prlimit(process, resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))

    assert scorer.step()
    assert scorer.step()
    server.kill()
    scorer.judge.close()
    check_everything_is_there(installed, scorer)
