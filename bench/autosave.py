"""How long the save of one mark takes with 50 judges at once, beside a bare "hello" and a bare fsynced insert.

All three are served alike, as `binhchon serve` does, and take turns; the load comes from this process, on the same
cores. Closed: each judge saves again as soon as the answer is there. Realistic: each saves once a second.
"""

import argparse
import json
import os
import random
import secrets
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from sqlalchemy import func, select

from app.models import LedgerEvent
from bench.load import Person, Times, run
from tests.serving import Installation, Judge, Server, free_port, installation, processes_of, running

APPLICATIONS = {
    "hello": "bench.bare:hello",
    "insert": "bench.bare:insert",
    "save": "app.web.factory:create_app",
}
SERVE = """
import sys
from app.cli.serve import run_server
from app.config import Settings
run_server(Settings.from_env(), "127.0.0.1", int(sys.argv[2]), int(sys.argv[3]), int(sys.argv[4]), sys.argv[1])
"""
REQUEST = "POST {path} HTTP/1.1\r\nHost: 127.0.0.1\r\n{headers}Content-Length: {length}\r\n\r\n{body}"
LINES = ("mark_L1", "mark_L2", "mark_L3", "mark_L4")
GOAL = {0.5: 3, 0.99: 10}


@dataclass
class Desk:
    """A judge who types one mark after the other on one sheet, and remembers what was acknowledged."""

    judge: Judge
    sheet: int
    chance: random.Random
    version: int = 1
    typed: tuple[str, int] = ("", 0)
    acknowledged: dict[str, int] = field(default_factory=dict)
    saves: int = 0
    errors: list[str] = field(default_factory=list)

    def next_request(self) -> bytes:
        name = self.chance.choice(LINES)
        before = self.acknowledged.get(name.removeprefix("mark_"))
        value = self.chance.choice(
            [half for half in range(0, 1001, 50) if half != before]
        )  # a change, always
        self.typed = (name.removeprefix("mark_"), value)
        save = {"key": secrets.token_hex(16), "version": self.version, "changes": {name: f"{value / 100:g}"}}
        cookie = "; ".join(f"{name}={value}" for name, value in self.judge.cookies.items())
        headers = f"Cookie: {cookie}\r\nX-CSRFToken: {self.judge.token}\r\nContent-Type: application/json\r\n"
        return request(f"/judging/sheets/{self.sheet}/autosave", json.dumps(save), headers)

    def take_answer(self, status: int, body: bytes) -> None:
        if status != 200:
            self.errors.append(f"{status} {body.decode()[:200]}")
            return
        self.version = json.loads(body)["version"]
        self.acknowledged |= [self.typed]
        self.saves += 1


def request(path: str, body: str, headers: str = "") -> bytes:
    """An HTTP request as it goes over the line."""
    return REQUEST.format(path=path, headers=headers, length=len(body), body=body).encode()


def lost(installed: Installation, desks: list[Desk]) -> int:
    """How many acknowledged marks the database does not hold, and saves that the ledger does not."""
    world = installed.world()
    number = 0
    for desk in desks:
        found = world.marks_of_id(desk.sheet)
        number += sum(found.get(code) != value for code, value in desk.acknowledged.items())
        of_sheet = (LedgerEvent.subject_kind == "score_sheets", LedgerEvent.subject_id == desk.sheet)
        [events] = world.all(select(func.count(LedgerEvent.id)).where(*of_sheet))
        number += abs(events - desk.saves)
    world.engine.dispose()
    return number


def measure(installed: Installation, options: argparse.Namespace, name: str) -> None:
    """Print what one database takes."""
    size = (str(options.workers), str(options.threads))
    with ExitStack() as stack:
        servers = {}
        for kind, application in APPLICATIONS.items():
            port = free_port()
            command = [sys.executable, "-c", SERVE, application, str(port), *size]
            servers[kind] = stack.enter_context(running(command, port, installed.environment))
        for server in servers.values():
            server.wait()
        desks = [
            Desk(Judge(servers["save"].port, email).sign_in(), sheets[0], random.Random(number))
            for number, (email, sheets) in enumerate(installed.judges.items())
        ]
        bare = [Person(partial(request, "/", "32,5"), lambda _status, _body: None) for _desk in desks]
        people = {
            "hello": bare,
            "insert": bare,
            "save": [Person(d.next_request, d.take_answer) for d in desks],
        }
        for shape, pause in (("closed", 0.0), ("realistic", 1.0)):
            taken = {kind: Times() for kind in APPLICATIONS}
            for turn in range(options.rounds + 1):
                for kind, server in servers.items():
                    worked = processor_time(server)
                    times = run(people[kind], server.port, options.seconds / options.rounds, pause)
                    times.processor = processor_time(server) - worked
                    if turn:  # the first is to warm up
                        taken[kind] += times
            show(f"{name}, {shape}", taken)
    errors = [error for desk in desks for error in desk.errors]
    saves = sum(desk.saves for desk in desks)
    print(
        f"{name}: {saves} saves, {len(errors)} errors {errors[:1]}, {lost(installed, desks)} lost or doubled\n"
    )


def processor_time(server: Server) -> float:
    """Seconds that the processes of a server have worked so far."""
    ticks = 0
    for process in processes_of(server.group):
        fields = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
        ticks += int(fields[11]) + int(fields[12])
    return ticks / os.sysconf("SC_CLK_TCK")


def show(title: str, taken: dict[str, Times]) -> None:
    print(f"{title:32} {'a second':>9} {'p50 ms':>8} {'p95 ms':>8} {'p99 ms':>8} {'work ms':>8}")
    for kind, times in taken.items():
        quantiles = " ".join(f"{times.at(share):8.1f}" for share in (0.5, 0.95, 0.99))
        work = times.processor * 1000 / len(times.seconds)
        print(f"  {kind:30} {times.rate:9.0f} {quantiles} {work:8.2f}")
    for share, goal in GOAL.items():
        bare = taken["hello"].at(share) + taken["insert"].at(share)
        ratio = taken["save"].at(share) / bare
        print(f"  p{share * 100:.0f}: {ratio:.1f} x (insert + hello); the goal is {goal} x at most")


@contextmanager
def cluster(folder: Path) -> Iterator[str | None]:
    """A PostgreSQL server of our own, as durable as it comes; None where none is installed."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    if not found:
        yield None
        return
    as_owner = ["runuser", "-u", "postgres", "--"] if os.geteuid() == 0 else []
    if as_owner:
        shutil.chown(folder, "postgres")
        folder.parent.chmod(0o755)
    data, port = str(folder / "data"), free_port()
    quietly = partial(subprocess.run, check=True, stdout=subprocess.DEVNULL)
    quietly([*as_owner, found[-1], "-D", data, "-U", "postgres", "-A", "trust"])
    control = [*as_owner, found[-1].with_name("pg_ctl"), "-D", data, "-w"]
    settings = f"-p {port} -k {folder} -c listen_addresses=127.0.0.1"
    quietly([*control, "-o", settings, "-l", str(folder / "log"), "start"])
    try:
        yield f"postgresql+psycopg://postgres@127.0.0.1:{port}/postgres"
    finally:
        quietly([*control, "-m", "immediate", "stop"])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--judges", type=int, default=50)
    parser.add_argument("--seconds", type=float, default=12.0, help="for each kind and shape")
    parser.add_argument("--rounds", type=int, default=4, help="turns in which each of them gets its seconds")
    parser.add_argument("--workers", type=int, default=1)
    parser.add_argument("--threads", type=int, default=4)
    parser.add_argument("--only", choices=["sqlite", "postgresql"])
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        if options.only != "postgresql":
            (folder / "sqlite").mkdir()
            measure(installation(folder / "sqlite", judges=options.judges), options, "SQLite")
        if options.only != "sqlite":
            (folder / "postgresql").mkdir()
            (folder / "data").mkdir()
            with cluster(folder / "postgresql") as url:
                if url:
                    measure(installation(folder / "data", url, judges=options.judges), options, "PostgreSQL")
                else:
                    print("PostgreSQL: not installed here, not measured")


if __name__ == "__main__":
    main()
