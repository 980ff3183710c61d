"""A fresh database for each test, as quickly as each kind of server can give one."""

import os
import shutil
from pathlib import Path

from sqlalchemy import Connection, Engine, delete, func, make_url, select, text
from sqlalchemy.pool import NullPool

from app.migrations import upgrade
from app.models import Base
from app.models.engine import open_engine, write_session
from app.services.reference import load_reference_data

LEAVE = (
    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
    " WHERE datname = current_database() AND pid <> pg_backend_pid()"
)


class SqliteDatabases:
    """One file with the schema and the reference data, copied for each test."""

    def __init__(self, folder: Path) -> None:
        self.template = folder / "template.sqlite"
        engine = open_engine(f"sqlite:///{self.template}", poolclass=NullPool)
        _prepare(engine)
        with engine.connect() as connection:  # so that one file is the whole database
            connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")

    def fresh(self, folder: Path) -> str:
        """Address of a database nobody has touched, in a folder of its own."""
        path = folder / "binhchon.sqlite"
        shutil.copyfile(self.template, path)
        return f"sqlite:///{path}"

    def close(self) -> None:
        """Nothing to do: the files go with their folders."""


class ServerDatabases:
    """One database on a PostgreSQL server, brought back to its first state for each test.

    Emptying the tables takes a tenth of the time of creating and dropping a database.
    """

    def __init__(self, server: str) -> None:
        self.server = open_engine(server, isolation_level="AUTOCOMMIT", poolclass=NullPool)
        self.name = f"binhchon_test_{os.getpid()}"
        self._on_server(f"DROP DATABASE IF EXISTS {self.name} WITH (FORCE)", f"CREATE DATABASE {self.name}")
        self.url = make_url(server).set(database=self.name).render_as_string(hide_password=False)
        self.engine = open_engine(self.url, isolation_level="AUTOCOMMIT")
        _prepare(self.engine)
        with self.engine.connect() as connection:
            self.restore = _keep(connection)

    def fresh(self, _folder: Path) -> str:
        """Address of the database, as if nobody had touched it."""
        with self.engine.connect() as connection:
            connection.exec_driver_sql(self.restore)
        return self.url

    def close(self) -> None:
        """Leave nothing on the server."""
        self.engine.dispose()
        self._on_server(f"DROP DATABASE {self.name} WITH (FORCE)")

    def _on_server(self, *statements: str) -> None:
        with self.server.connect() as connection:
            for statement in statements:
                connection.execute(text(statement))


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
