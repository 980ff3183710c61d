"""How a database is opened."""

from collections.abc import Callable, Iterator
from pathlib import Path
from threading import Event, Thread

import pytest
from sqlalchemy import Engine, text
from sqlalchemy.orm import Session

from app.models.engine import open_engine, write_session


def test_sqlite_keeps_what_it_confirmed_through_a_power_cut_and_guards_its_references(tmp_path: Path) -> None:
    engine = open_engine(f"sqlite:///{tmp_path / 'binhchon.sqlite'}")

    with engine.connect() as connection:
        found = {
            pragma: connection.exec_driver_sql(f"PRAGMA {pragma}").scalar()
            for pragma in ("journal_mode", "synchronous", "foreign_keys", "busy_timeout")
        }

    engine.dispose()
    assert found == {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1, "busy_timeout": 10_000}


@pytest.fixture
def file(tmp_path: Path) -> Iterator[Engine]:
    """A SQLite database, also where the tests run on PostgreSQL."""
    engine = open_engine(f"sqlite:///{tmp_path / 'turns.sqlite'}")
    yield engine
    engine.dispose()


def write(engine: Engine, act: Callable[[Session], object]) -> None:
    """Do something with the right to write."""
    with write_session(engine) as session:
        session.execute(text("SELECT 1"))
        act(session)


def test_writers_of_one_process_wait_for_their_turn_and_leave_it_however_they_end(file: Engine) -> None:
    order: list[str] = []
    first_writes, second_waits = Event(), Event()

    def first(_session: Session) -> None:
        first_writes.set()
        second_waits.wait()
        order.append("first")
        raise RuntimeError("broken off")

    def write_second() -> None:
        first_writes.wait()
        second_waits.set()
        write(file, lambda _session: order.append("second"))

    thread = Thread(target=write_second)
    thread.start()
    with pytest.raises(RuntimeError, match="broken off"):
        write(file, first)
    thread.join()
    write(file, lambda _session: order.append("third"))

    assert order == ["first", "second", "third"]


def test_a_writer_whose_connection_broke_lets_the_next_one_in(file: Engine) -> None:
    def lose_the_connection(session: Session) -> None:
        session.connection().invalidate()
        raise RuntimeError("gone")

    with pytest.raises(RuntimeError, match="gone"):
        write(file, lose_the_connection)

    write(file, lambda session: session.execute(text("CREATE TABLE still_here (id INTEGER)")))
