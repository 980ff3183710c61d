"""A fresh database for each test, as quickly as each kind of server can give one."""

import os
import shutil
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, delete, event, func, make_url, select, text
from sqlalchemy.pool import NullPool, QueuePool

from app.migrations import upgrade
from app.models import Base
from app.models.engine import open_engine, write_session
from app.services.reference import load_reference_data

LEAVE = (  # whoever still holds a lock
    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
    " WHERE datname = current_database() AND pid <> pg_backend_pid() AND state <> 'idle'"
)


class SqliteDatabases:
    """One file, replaced before each test by a copy of one with the schema and the reference data.

    The engine stays, and with it the statements that it has compiled: that saves a fifth of the time.
    """

    def __init__(self, folder: Path) -> None:
        self.template = folder / "template.sqlite"
        engine = open_engine(f"sqlite:///{self.template}", poolclass=NullPool)
        _prepare(engine)
        with engine.connect() as connection:  # so that one file is the whole database
            connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
        self.path = folder / "binhchon.sqlite"
        self.url = f"sqlite:///{self.path}"
        self.engine = open_engine(self.url)
        event.listen(self.engine, "connect", _as_in_tests)

    def restore(self) -> None:
        """Make the database as if nobody had touched it."""
        self.engine.dispose()
        for ending in ("", "-wal", "-shm"):
            Path(f"{self.path}{ending}").unlink(missing_ok=True)
        shutil.copyfile(self.template, self.path)

    def copy(self, folder: Path) -> str:
        """Address of a database of the test's own, in that folder."""
        path = folder / "binhchon.sqlite"
        shutil.copyfile(self.template, path)
        return f"sqlite:///{path}"

    def close(self) -> None:
        """Close the database; its file goes with its folder."""
        self.engine.dispose()


class ServerDatabases:
    """One database on a PostgreSQL server, brought back to its first state for each test.

    Emptying the tables takes a tenth of the time of creating and dropping a database.
    """

    def __init__(self, server: str) -> None:
        self.server = open_engine(server, isolation_level="AUTOCOMMIT", poolclass=NullPool)
        self.name = f"binhchon_test_{os.getpid()}"
        self._on_server(f"DROP DATABASE IF EXISTS {self.name} WITH (FORCE)", f"CREATE DATABASE {self.name}")
        self.url = make_url(server).set(database=self.name).render_as_string(hide_password=False)
        self.engine = open_engine(self.url)
        self.restorer = open_engine(self.url, isolation_level="AUTOCOMMIT")
        _prepare(self.restorer)
        with self.restorer.connect() as connection:
            self.statements = _keep(connection)

    def restore(self) -> None:
        """Make the database as if nobody had touched it.

        Connections stay, and what the server has read and planned for them, unless a test left one open.
        """
        assert isinstance(self.engine.pool, QueuePool)
        if self.engine.pool.checkedout():
            self.engine.dispose()
        with self.restorer.connect() as connection:
            connection.exec_driver_sql(self.statements)

    def close(self) -> None:
        """Leave nothing on the server."""
        self.engine.dispose()
        self.restorer.dispose()
        self._on_server(f"DROP DATABASE {self.name} WITH (FORCE)")

    def _on_server(self, *statements: str) -> None:
        with self.server.connect() as connection:
            for statement in statements:
                connection.execute(text(statement))


def _as_in_tests(connection: Any, _record: object) -> None:
    """No waiting for a disk that need not outlive a power cut; rows that nobody asked to be ordered come backwards."""
    connection.execute("PRAGMA synchronous=OFF")
    connection.execute("PRAGMA reverse_unordered_selects=ON")


def _prepare(engine: Engine) -> None:
    upgrade(engine)
    with write_session(engine) as session:
        load_reference_data(session)


def _keep(connection: Connection) -> str:
    """Copy every row aside; give the statements that bring all tables and sequences back to them."""
    connection.execute(text("CREATE SCHEMA kept"))
    restore = [
        LEAVE,
        "BEGIN",
        "SET LOCAL session_replication_role = replica",  # neither foreign keys nor the ledger's guard
    ]
    for name, table in Base.metadata.tables.items():
        connection.execute(text(f"CREATE TABLE kept.{name} AS TABLE {name}"))
        restore.append(str(delete(table)))
        if connection.scalar(select(func.count()).select_from(table)):
            restore.append(f"INSERT INTO {name} OVERRIDING SYSTEM VALUE TABLE kept.{name}")
    for name, last in connection.execute(text("SELECT sequencename, last_value FROM pg_sequences")):
        restore.append(f"SELECT setval('{name}', {last or 1}, {last is not None})")
    return "; ".join([*restore, "COMMIT"])
