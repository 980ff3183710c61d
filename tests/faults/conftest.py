"""Servers to be ill-treated, and judges at them."""

import json
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from tests.serving import Installation, Judge, Server, free_port, installation

ROOT = Path(__file__).parents[2]


class Warm:
    """The process of `tests.faults.warm`."""

    def __init__(self) -> None:
        command = [sys.executable, "-c", "from tests.faults.warm import main; main()"]
        self.process = subprocess.Popen(
            command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )

    def start(self, installed: Installation, port: int, limit: int | None = None) -> Server:
        """Start a server; not yet one that answers."""
        order = {"port": port, "environment": installed.environment, "limit": limit}
        assert self.process.stdin
        assert self.process.stdout
        print(json.dumps(order), file=self.process.stdin, flush=True)
        return Server(port, int(self.process.stdout.readline()))

    def close(self) -> None:
        """End it; what it started is killed by whoever asked for it."""
        self.process.communicate()


@pytest.fixture(scope="session")
def warm() -> Iterator[Warm]:
    """The process that starts servers."""
    process = Warm()
    yield process
    process.close()


@pytest.fixture
def installed(database_url: str, tmp_path: Path) -> Installation:
    """A contest in scoring with four judges, one sheet each."""
    return installation(tmp_path, database_url)


@pytest.fixture
def start(warm: Warm) -> Iterator[Callable[..., Server]]:
    """Start servers that are killed at the end of the test, unless it has done so itself."""
    servers: list[Server] = []

    def make(installed: Installation, port: int = 0, limit: int | None = None) -> Server:
        servers.append(warm.start(installed, port or free_port(), limit))
        return servers[-1].wait()

    yield make
    for server in servers:
        with suppress(ProcessLookupError):
            server.kill()


@pytest.fixture
def server(installed: Installation, start: Callable[..., Server]) -> Server:
    """A server over the installation."""
    return start(installed)


@pytest.fixture
def judge(installed: Installation, server: Server) -> Iterator[Judge]:
    """The first judge, signed in."""
    found = Judge(server.port, next(iter(installed.judges))).sign_in()
    yield found
    found.close()


@pytest.fixture
def sheet(installed: Installation) -> int:
    """The first judge's sheet."""
    return next(iter(installed.judges.values()))[0]
