"""The migrations make the tables that the models describe, up and down, on whichever database the tests run."""

from collections.abc import Iterator

import pytest
from alembic import command
from alembic.script import ScriptDirectory
from sqlalchemy import Engine, inspect, make_url, text
from sqlalchemy.exc import DatabaseError
from sqlalchemy.pool import NullPool

from app.domain.permissions import SYSTEM
from app.migrations import config, upgrade
from app.models.engine import open_engine
from app.services.ledger import record
from tests.builders import NOW, World


@pytest.fixture
def empty(engine: Engine) -> Iterator[Engine]:
    """A database with nothing in it, beside the test's own."""
    if engine.dialect.name == "sqlite":
        path = f"{make_url(str(engine.url)).database}.empty"
        made = open_engine(f"sqlite:///{path}", poolclass=NullPool)
        yield made
        made.dispose()
        return
    server = engine.execution_options(isolation_level="AUTOCOMMIT")
    name = f"{engine.url.database}_empty"
    with server.connect() as connection:
        connection.execute(text(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)"))
        connection.execute(text(f"CREATE DATABASE {name}"))
    made = open_engine(
        engine.url.set(database=name).render_as_string(hide_password=False), poolclass=NullPool
    )
    yield made
    made.dispose()
    with server.connect() as connection:
        connection.execute(text(f"DROP DATABASE {name} WITH (FORCE)"))


def tables(engine: Engine) -> set[str]:
    return set(inspect(engine).get_table_names())


def test_there_is_one_head(engine: Engine) -> None:
    assert len(ScriptDirectory.from_config(config(engine)).get_heads()) == 1


def test_the_head_is_what_the_models_describe(empty: Engine) -> None:
    upgrade(empty)

    command.check(config(empty))  # raises where they differ


def test_every_migration_goes_up_and_down_and_up_again(empty: Engine) -> None:
    revisions = [script.revision for script in ScriptDirectory.from_config(config(empty)).walk_revisions()]
    seen = []
    for revision in reversed(revisions):
        upgrade(empty, revision)
        seen.append(tables(empty))
    for revision, expected in zip(revisions, reversed(seen), strict=True):
        assert tables(empty) == expected, revision
        command.downgrade(config(empty), "-1")

    assert tables(empty) == {"alembic_version"}
    upgrade(empty)
    command.check(config(empty))


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE ledger_events SET actor_name = 'somebody else'",
        "UPDATE ledger_events SET details = '{}' WHERE id = 1",
        "DELETE FROM ledger_events",
        "DELETE FROM ledger_events WHERE id = 1",
    ],
)
def test_a_row_of_the_ledger_stays_as_it_is(world: World, statement: str) -> None:
    with world.session() as session:
        record(session, SYSTEM, "test:act", world.user(), now=NOW)

    with world.engine.connect() as connection, pytest.raises(DatabaseError, match="append-only"):
        connection.execute(text(statement))


def test_the_ledger_cannot_be_emptied_at_once(world: World) -> None:
    if world.engine.dialect.name == "sqlite":
        pytest.skip("SQLite has no TRUNCATE")
    with world.engine.connect() as connection, pytest.raises(DatabaseError, match="append-only"):
        connection.execute(text("TRUNCATE ledger_events CASCADE"))
