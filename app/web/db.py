"""Sessions of a request: one to read with, and `transaction()`, the only place that commits."""

from collections.abc import Iterator
from contextlib import contextmanager

from flask import Flask, current_app, g, request
from flask.globals import app_ctx
from sqlalchemy import Engine
from sqlalchemy.orm import Session, scoped_session, sessionmaker

from app.config import Settings
from app.models.engine import WRITES, write_session
from app.services.files import FileStore


def engine() -> Engine:
    """The application's database."""
    found: Engine = current_app.extensions["binhchon_engine"]
    return found


def file_store() -> FileStore:
    """The application's files."""
    settings: Settings = current_app.extensions["binhchon_settings"]
    return FileStore(settings.files_dir)


def read() -> Session:
    """The request's session for reading; nothing is ever committed from it by our own code."""
    session: Session = current_app.extensions["binhchon_session"]()
    return session


@contextmanager
def transaction() -> Iterator[Session]:
    """One write: kept whole when the block ends, not at all when it raises."""
    g.has_begun_to_write = True
    read().rollback()  # what was read before is old once this write is done
    with write_session(engine()) as session:
        yield session


def keep_attempt() -> None:
    """Commit what a sign-in page has written so far, such as an attempt that counts, and go on writing.

    Flask-Security writes through the request's session; on SQLite that has to hold the writer's lock from the start.
    """
    read().commit()
    read().connection(execution_options=WRITES)


def _current_context() -> int:
    # Inside a request or a command alike, the session lives as long as the application context.
    return id(app_ctx._get_current_object())  # type: ignore[attr-defined]  # noqa: SLF001 -- the context itself, not its proxy


def init_db(app: Flask, database: Engine) -> scoped_session[Session]:
    """Bind the database to the application; return the request's session for Flask-Security."""
    session = scoped_session(sessionmaker(database, expire_on_commit=False), scopefunc=_current_context)
    app.extensions["binhchon_engine"] = database
    app.extensions["binhchon_session"] = session

    @app.before_request
    def write_in_sign_in_pages() -> None:
        if request.method == "POST" and request.blueprint == "security":
            keep_attempt()

    @app.teardown_appcontext
    def close_session(_error: BaseException | None) -> None:
        session.remove()

    return session
