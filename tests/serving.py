"""Real servers over real databases, and judges who save to them as the browser's outbox does."""

import http.client
import json
import os
import re
import secrets
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.cookies import SimpleCookie
from pathlib import Path
from socket import socket
from typing import Any
from urllib.parse import urlencode

from app.config import Settings
from app.installation import open_installation
from app.models.engine import open_engine
from tests.browsing import PASSWORD
from tests.builders import World

BINHCHON = str(Path(sys.executable).with_name("binhchon"))
PATIENCE = 60  # seconds for a server to start on a busy machine
FORM = {"Content_Type": "application/x-www-form-urlencoded"}


class NoAnswer(Exception):
    """The line broke before the whole answer came; whether the server did what was asked is not known."""


class NoServer(NoAnswer):
    """Nobody listened: nothing was sent."""


def free_port() -> int:
    """A port of this machine that nobody listens on."""
    with socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@dataclass(frozen=True)
class Installation:
    """A data folder with its database, a contest in scoring, and for each judge an e-mail address and sheets."""

    settings: Settings
    judges: dict[str, list[int]]

    def world(self) -> World:
        """Builders and readers over its database; dispose of the engine afterwards."""
        return World(open_engine(self.settings.database_url), self.settings.files_dir)

    @property
    def environment(self) -> dict[str, str]:
        """What makes a server use it."""
        return os.environ | {
            "BINHCHON_DATA_DIR": str(self.settings.data_dir),
            "BINHCHON_DATABASE_URL": self.settings.database_url,
            "BINHCHON_SECRET_KEY": self.settings.secret_key,
        }


def installation(folder: Path, url: str = "", *, judges: int = 4, sheets: int = 1) -> Installation:
    """Make one, with so many judges and so many sheets for each."""
    url = url or f"sqlite:///{folder / 'binhchon.sqlite'}"
    settings = Settings(data_dir=folder, database_url=url, secret_key=secrets.token_hex(24))
    engine = open_installation(settings)
    world = World(engine, settings.files_dir)
    contest = world.contest()
    entries = [world.entry(contest) for _number in range(sheets)]
    found = {}
    for _number in range(judges):
        user = world.user()
        judge = world.judge(contest, user)
        found[user.email] = [world.sheet(judge, entry).id for entry in entries]
    engine.dispose()
    return Installation(settings, found)


@dataclass(frozen=True)
class Server:
    """A server in processes of its own; `group` are all of them."""

    port: int
    group: int

    def wait(self) -> "Server":
        """Until it answers."""
        _until(lambda: _answers(self.port), f"no server at port {self.port}")
        return self

    def kill(self) -> None:
        """End every process of it at once, as a power cut would, and wait until nobody listens any more."""
        os.killpg(self.group, signal.SIGKILL)
        _until(lambda: not _is_open(self.port), f"still somebody at port {self.port}")


def processes_of(group: int) -> list[int]:
    """The processes of a group."""
    found = []
    for folder in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):
            fields = (folder / "stat").read_text().rpartition(")")[2].split()
            if int(fields[2]) == group:
                found.append(int(folder.name))
    return found


def _until(condition: Callable[[], bool], complaint: str) -> None:
    until = time.monotonic() + PATIENCE
    while not condition():
        if time.monotonic() > until:
            raise TimeoutError(complaint)
        time.sleep(0.01)


def _is_open(port: int) -> bool:
    with socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def _answers(port: int) -> bool:
    line = http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE)
    try:
        line.request("GET", "/sign-in")
        line.getresponse().read()
    except (OSError, http.client.HTTPException):
        return False
    finally:
        line.close()
    return True


@contextmanager
def running(command: Sequence[str], port: int, environment: dict[str, str]) -> Iterator[Server]:
    """A server started by a command, killed at the end."""
    process = subprocess.Popen(
        command,
        env=environment,
        start_new_session=True,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    server = Server(port, process.pid)
    try:
        yield server
    finally:
        server.kill()
        process.wait()


@dataclass
class Judge:
    """A judge's browser, as far as saving goes: cookies, the token, and one connection that is kept."""

    port: int
    email: str
    cookies: dict[str, str] = field(default_factory=dict)
    token: str = ""
    line: http.client.HTTPConnection | None = None

    def ask(self, method: str, path: str, body: str = "", **headers: str) -> tuple[int, str]:
        """Send a request; give status and text of the answer, or raise NoAnswer."""
        cookie = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        sent = {name.replace("_", "-"): value for name, value in headers.items()} | {"Cookie": cookie}
        self.line = self.line or http.client.HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE)
        try:
            self.line.request(method, path, body.encode(), sent)
            answer = self.line.getresponse()
            text = answer.read().decode()
        except ConnectionRefusedError as error:
            self.close()
            raise NoServer from error
        except (OSError, http.client.HTTPException) as error:
            self.close()
            raise NoAnswer from error
        for header in answer.headers.get_all("Set-Cookie", []):
            self.cookies |= {name: morsel.value for name, morsel in SimpleCookie(header).items()}
        return answer.status, text

    def close(self) -> None:
        """Hang up."""
        if self.line:
            self.line.close()
        self.line = None

    def sign_in(self) -> "Judge":
        """Sign in through the page, and fetch the token that saves need."""
        form = {
            "email": self.email,
            "password": PASSWORD,
            "csrf_token": _token_on(self.ask("GET", "/sign-in")[1]),
        }
        status, text = self.ask("POST", "/sign-in", urlencode(form), **FORM)
        assert status == 302, text
        self.token = json.loads(self.ask("GET", "/judging/session")[1])["csrf_token"]
        return self

    def sign_out(self) -> None:
        """End the session, as the button does."""
        self.ask("POST", "/sign-out", urlencode({"csrf_token": self.token}), **FORM)

    def save(self, sheet: int, save: dict[str, Any]) -> tuple[int, Any]:
        """Send a save; give the status and what came as JSON."""
        path = f"/judging/sheets/{sheet}/autosave"
        status, text = self.ask(
            "POST", path, json.dumps(save), Content_Type="application/json", X_CSRFToken=self.token
        )
        return status, json.loads(text)


def a_save(version: int, **changes: str) -> dict[str, Any]:
    """A save with a key of its own."""
    return {"key": secrets.token_hex(16), "version": version, "changes": changes}


def _token_on(page: str) -> str:
    found = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', page)
    assert found
    return found[1]


@contextmanager
def serving(installed: Installation, *options: str) -> Iterator[Server]:
    """`binhchon serve` over an installation."""
    port = free_port()
    command = [BINHCHON, "serve", "--port", str(port), *options]
    with running(command, port, installed.environment) as server:
        yield server.wait()
