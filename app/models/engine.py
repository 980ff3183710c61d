"""Opening a database: the same code for a file on an office PC and for PostgreSQL."""

from collections.abc import Iterator
from contextlib import contextmanager
from threading import Lock
from typing import Any
from weakref import WeakKeyDictionary

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.orm import Session

WRITES = {"binhchon_writes": True}
PATIENCE = 10  # seconds that a writer waits for another
_TURNS: WeakKeyDictionary[Engine, Lock] = WeakKeyDictionary()


def open_engine(url: str, **options: Any) -> Engine:
    """Open a database. SQLite gets WAL, full durability, foreign keys and one writer at a time."""
    engine = create_engine(url, **options)
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", _configure_sqlite)
        event.listen(engine, "begin", _begin_sqlite)
        _TURNS[engine] = Lock()
    return engine


@contextmanager
def write_session(engine: Engine) -> Iterator[Session]:
    """Give a session whose work is kept if the block ends well, and not at all if it raises.

    On SQLite the writer's lock is taken at the start: waiting there is orderly, while a reader that turns
    writer in mid-transaction can be refused outright.
    """
    with _turn_to_write(engine), Session(engine, expire_on_commit=False) as session, session.begin():
        session.connection(execution_options=WRITES)
        yield session


@contextmanager
def _turn_to_write(engine: Engine) -> Iterator[None]:
    """Wait in a queue of this process for SQLite's only writer.

    SQLite itself lets writers sleep and try again, and whoever has bad luck sleeps long. It still does so between
    processes, and for those who write without a turn.
    """
    turn = _TURNS.get(engine)
    if turn is None:
        yield
        return
    has_turn = turn.acquire(timeout=PATIENCE)  # after that SQLite may say what is the matter
    try:
        yield
    finally:
        if has_turn:
            turn.release()


@contextmanager
def snapshot_session(engine: Engine) -> Iterator[Session]:
    """Give a session for reading in which every select sees the database as it was at the first."""
    if engine.dialect.name == "postgresql":  # SQLite reads that way anyway
        engine = engine.execution_options(isolation_level="REPEATABLE READ")
    with Session(engine, expire_on_commit=False) as session:
        yield session


def _configure_sqlite(connection: Any, _record: object) -> None:
    # The driver's own transaction handling would start too late for `BEGIN IMMEDIATE`.
    connection.isolation_level = None
    cursor = connection.cursor()
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", f"busy_timeout={PATIENCE * 1000}"):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _begin_sqlite(connection: Connection) -> None:
    writes = connection.get_execution_options().get("binhchon_writes", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")
