"""Opening a database: the same code for a file on an office PC and for PostgreSQL."""

from collections.abc import Iterator
from contextlib import contextmanager
from threading import Lock
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.orm import Session
from sqlalchemy.pool import ConnectionPoolEntry

WRITES = {"binhchon_writes": True}
PATIENCE = 10  # seconds that a writer waits for another


def open_engine(url: str, **options: Any) -> Engine:
    """Open a database. SQLite gets WAL, full durability, foreign keys and one writer at a time."""
    engine = create_engine(url, **options)
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", _configure_sqlite)
        turns = _Turns()
        event.listen(engine, "begin", turns.begin)
        event.listen(engine, "checkin", turns.end)
    return engine


@contextmanager
def write_session(engine: Engine) -> Iterator[Session]:
    """Give a session whose work is kept if the block ends well, and not at all if it raises.

    On SQLite the writer's lock is taken at the start: waiting there is orderly, while a reader that turns
    writer in mid-transaction can be refused outright.
    """
    with Session(engine, expire_on_commit=False, execution_options=WRITES) as session, session.begin():
        yield session


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
    timeout = f"busy_timeout={PATIENCE * 1000}"
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", timeout):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


class _Turns:
    """The queue in which this process's writers wait for SQLite, which lets one write at a time.

    SQLite itself lets them sleep and try again, and whoever has bad luck sleeps long. Between processes it still does.
    """

    def __init__(self) -> None:
        self.lock = Lock()

    def begin(self, connection: Connection) -> None:
        """Begin a transaction; one that will write once it has its turn."""
        if not connection.get_execution_options().get("binhchon_writes", False):
            connection.exec_driver_sql("BEGIN")
            return
        holder = connection.connection.record_info
        if holder is not None and not holder.get("has_turn"):
            # Who waits longer than this is told by SQLite what is the matter.
            holder["has_turn"] = self.lock.acquire(timeout=PATIENCE)
        connection.exec_driver_sql("BEGIN IMMEDIATE")

    def end(self, _connection: object, record: ConnectionPoolEntry) -> None:
        """Let the next one in, however the transaction ended."""
        holder = record.record_info
        if holder is not None and holder.pop("has_turn", False):
            self.lock.release()
