"""The least that a server can do: to say hello, and to insert one row that is on disk when it is answered."""

import os
import sqlite3
import threading
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import psycopg
from sqlalchemy import make_url

Application = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]

TABLE = "CREATE TABLE IF NOT EXISTS bare (id INTEGER PRIMARY KEY {generated}, body TEXT NOT NULL)"


def hello() -> Application:
    """Says hello."""

    def application(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        environ["wsgi.input"].read()
        return _answer(start_response)

    return application


def insert() -> Application:
    """Inserts what was sent, by the driver alone, and answers once it is committed."""
    url = make_url(os.environ["BINHCHON_DATABASE_URL"])
    if url.drivername == "sqlite":
        add = _into_file(Path(url.database or ""))
    else:
        add = _into_server(url.set(drivername="postgresql").render_as_string(hide_password=False))

    def application(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        add(environ["wsgi.input"].read().decode())
        return _answer(start_response)

    return application


def _answer(start_response: Callable[..., Any]) -> Iterable[bytes]:
    start_response("200 OK", [("Content-Type", "text/plain"), ("Content-Length", "6")])
    return [b"hello\n"]


def _into_file(path: Path) -> Callable[[str], None]:
    here = threading.local()
    lock = threading.Lock()  # one writer at a time anyway; waiting in SQLite itself would make a long tail

    def opened() -> sqlite3.Connection:
        connection = sqlite3.connect(path, isolation_level=None, timeout=10)
        connection.execute("PRAGMA journal_mode=WAL")
        connection.execute("PRAGMA synchronous=FULL")
        connection.execute(TABLE.format(generated=""))
        here.connection = connection
        return connection

    def add(body: str) -> None:
        connection = getattr(here, "connection", None) or opened()
        with lock:
            connection.execute("BEGIN IMMEDIATE")
            connection.execute("INSERT INTO bare (body) VALUES (?)", (body,))
            connection.execute("COMMIT")

    return add


def _into_server(address: str) -> Callable[[str], None]:
    here = threading.local()
    with psycopg.connect(address, autocommit=True) as connection:
        connection.execute("SELECT pg_advisory_lock(1)")  # several processes begin at once
        connection.execute(TABLE.format(generated="GENERATED ALWAYS AS IDENTITY"))

    def add(body: str) -> None:
        if not hasattr(here, "connection"):
            here.connection = psycopg.connect(address, autocommit=True)
        here.connection.execute("INSERT INTO bare (body) VALUES (%s)", (body,))

    return add
