"""The migrations make the tables that the models describe, up and down, on whichever database the tests run."""

import hashlib
from collections.abc import Iterator
from pathlib import Path

import pytest
from alembic import command
from alembic.script import ScriptDirectory
from sqlalchemy import Engine, inspect, select, text, update
from sqlalchemy.exc import DatabaseError
from sqlalchemy.pool import NullPool

from app.domain.certificates import CertificateStatus
from app.domain.contests import ContestState
from app.domain.permissions import SYSTEM
from app.domain.results import Outcome
from app.migrations import config, upgrade
from app.models import (
    BallotItem,
    Base,
    Computation,
    Contest,
    Decision,
    IssuedCertificate,
    LedgerEvent,
    Result,
    User,
    WithdrawnList,
)
from app.models.engine import open_engine, write_session
from app.services.ledger import leaf_of, record
from app.services.merkle import leaf_hash
from app.services.reference import load_reference_data
from tests.awards import certified, decided
from tests.builders import FULL, NOW, World
from tests.prizes import PRIZES, PrizeCouncil, prized


@pytest.fixture
def empty(engine: Engine, tmp_path: Path) -> Iterator[Engine]:
    """A database with nothing in it, beside the test's own."""
    if engine.dialect.name == "sqlite":
        made = open_engine(f"sqlite:///{tmp_path / 'empty.sqlite'}", poolclass=NullPool)
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


def test_no_id_is_given_twice(world: World) -> None:
    first = world.user()
    with world.session() as session:
        session.delete(session.get_one(User, first.id))

    assert world.user().id > first.id
    if world.engine.dialect.name == "sqlite":
        made = text("SELECT name FROM sqlite_master WHERE sql LIKE '% PRIMARY KEY AUTOINCREMENT%'")
        with world.engine.connect() as connection:
            once = set(connection.scalars(made))
        assert once == {name for name, table in Base.metadata.tables.items() if "id" in table.primary_key}


def test_ids_given_once_leave_every_row_index_and_trigger_as_it_was(empty: Engine, tmp_path: Path) -> None:
    upgrade(empty)
    with write_session(empty) as session:
        load_reference_data(session)
    certified(World(empty, tmp_path))
    before = everything(empty)
    command.downgrade(config(empty), "0013")
    between = everything(empty)

    upgrade(empty)

    assert between == everything(empty) == before


def everything(engine: Engine) -> dict[str, object]:
    """All rows by table, and on SQLite what stands beside the tables."""
    found: dict[str, object] = {}
    with engine.connect() as connection:
        for table in tables(engine) - {"alembic_version"}:
            found[table] = sorted(map(repr, connection.execute(text(f'SELECT * FROM "{table}"'))))  # noqa: S608
        if engine.dialect.name == "sqlite":
            beside = "SELECT name, sql FROM sqlite_master WHERE type IN ('index', 'trigger') ORDER BY name"
            found["beside"] = [tuple(row) for row in connection.execute(text(beside)) if row.sql]
    return found


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


def test_the_migrations_leave_every_check_that_the_models_ask_for(empty: Engine) -> None:
    def checks() -> dict[str, set[tuple[str | None, str]]]:
        found = inspect(empty)
        return {
            table: {(check["name"], check["sqltext"]) for check in found.get_check_constraints(table)}
            for table in Base.metadata.tables
        }

    upgrade(empty)
    migrated = checks()
    command.downgrade(config(empty), "base")
    Base.metadata.create_all(empty)

    assert migrated == checks()


def test_a_migration_that_rebuilds_a_table_keeps_the_rows_that_refer_to_it(
    empty: Engine, tmp_path: Path
) -> None:
    upgrade(empty)
    with write_session(empty) as session:
        load_reference_data(session)
    world = World(empty, tmp_path)
    contest = world.contest(ContestState.SCORING)
    sheet = world.submitted(world.judge(contest), world.entry(contest))
    command.downgrade(config(empty), "0003")

    upgrade(empty)

    assert world.marks_of(sheet) == FULL


def test_rows_from_before_the_tree_get_leaf_hashes_and_stay_append_only(
    empty: Engine, tmp_path: Path
) -> None:
    upgrade(empty)
    world = World(empty, tmp_path)
    user = world.user()
    with world.session() as session:
        record(session, SYSTEM, "test:act", user, now=NOW, mark=[None, 3200])
    command.downgrade(config(empty), "0004")
    with empty.connect() as connection:
        old = connection.execute(text("SELECT sha256 FROM ledger_events")).scalar_one()

    upgrade(empty)

    [event] = world.all(select(LedgerEvent))
    head = f'["2026-03-10T02:00:00+00:00",null,"system","test:act","users",{user.id}]'
    assert old == hashlib.sha256(f'{head}\n{{"mark":[null,3200]}}'.encode()).hexdigest()
    assert event.sha256 == leaf_hash(leaf_of(event).encode()).hex()
    assert len(event.salt) == 32
    with empty.connect() as connection, pytest.raises(DatabaseError, match="append-only"):
        connection.execute(text("DELETE FROM ledger_events"))


def test_ballots_from_before_prizes_have_those_that_the_marks_make(empty: Engine, tmp_path: Path) -> None:
    upgrade(empty)
    with write_session(empty) as session:
        load_reference_data(session)
    world = World(empty, tmp_path)
    two_passes = {"passes": 2, "deciding_pass": 2, "advance_mark": 7000}
    one, two, without = (
        PrizeCouncil(prized(world, (9500, 9000, 9000), PRIZES[:2])),
        PrizeCouncil(prized(world, (9500, 9000), PRIZES)),
        PrizeCouncil(prized(world, (9500,), ())),
    )
    for council in (one, two, without):
        council.open()
    with world.session() as session:  # the second contest has a first pass too, whose prizes do not count
        contest = session.get_one(Contest, two.contest.id)
        contest.rules_json = world.rules(prizes=PRIZES, **two_passes).as_json()
        [computation] = session.scalars(select(Computation).where(Computation.contest_id == contest.id))
        computation.pass_no = 2
    first = world.computed(two.contest, *((entry, Outcome.SELECTED, 9000) for entry in two.award.entries))
    with world.session() as session:
        session.execute(update(Result).where(Result.computation_id == first.id).values(prize="3"))
    two.settle(0, "3")
    command.downgrade(config(empty), "0007")

    upgrade(empty)

    items = world.all(select(BallotItem).order_by(BallotItem.entry_id))
    assert [(item.prize, item.prize_reason) for item in items] == [
        *[("1", ""), ("2", ""), ("2", "")],
        *[("1", ""), ("2", "")],
        (None, ""),
    ]


def test_decisions_and_certificates_from_before_corrections_stand(empty: Engine, tmp_path: Path) -> None:
    upgrade(empty)
    with write_session(empty) as session:
        load_reference_data(session)
    world = World(empty, tmp_path)
    certified(world)
    world.add(
        WithdrawnList(contest_id=1, published_at=NOW, withdrawn_at=NOW, reason="Sai", content={"rows": []})
    )
    command.downgrade(config(empty), "0006")

    upgrade(empty)

    [decision] = world.all(select(Decision))
    [certificate] = world.all(select(IssuedCertificate))
    [old] = world.all(select(WithdrawnList))
    assert (decision.number, decision.superseded_at, decision.superseded_reason) == ("125/QĐ-UBND", None, "")
    assert (certificate.status, certificate.revoked_by_decision_id) == (CertificateStatus.VALID, None)
    assert (old.reason, old.decision_id) == ("Sai", None)


def test_a_replaced_decision_is_not_lost_by_going_back(empty: Engine, tmp_path: Path) -> None:
    upgrade(empty)
    with write_session(empty) as session:
        load_reference_data(session)
    world = World(empty, tmp_path)
    decided(world, [[9000]])
    with world.session() as session:
        old = session.scalars(select(Decision)).one()
        old.superseded_at, old.superseded_reason = NOW, "Khiếu nại đúng"

    with pytest.raises(RuntimeError, match="a decision was replaced"):
        command.downgrade(config(empty), "0006")

    assert [one.superseded_reason for one in world.all(select(Decision))] == ["Khiếu nại đúng"]
