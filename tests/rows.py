"""Rows straight to and from the tables of one test's database."""

from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path
from typing import Any, TypeVar

from sqlalchemy import Engine
from sqlalchemy.orm import Session

from app.models.engine import write_session

Row = TypeVar("Row")


class Rows:
    """One test's database."""

    def __init__(self, engine: Engine, files_dir: Path) -> None:
        self.engine = engine
        self.files_dir = files_dir
        self._serial = count(1)

    @contextmanager
    def session(self) -> Iterator[Session]:
        """A write of its own, committed at the end."""
        with write_session(self.engine) as session:
            yield session

    def add(self, row: Row) -> Row:
        """Store one row."""
        with self.session() as session:
            session.add(row)
        return row

    def get(self, model: type[Row], row_id: object, *loaders: Any) -> Row:
        """Read one row afresh; it must be there."""
        with Session(self.engine, expire_on_commit=False) as session:
            return session.get_one(model, row_id, options=loaders)

    def all(self, statement: Any) -> list[Any]:
        """Every scalar of a select."""
        with Session(self.engine, expire_on_commit=False) as session:
            return list(session.scalars(statement))
