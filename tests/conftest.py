"""A fresh database for each test, copied from one that holds the schema and the reference data."""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import Engine, make_url, text
from sqlalchemy.pool import NullPool

from app.config import Settings
from app.migrations import upgrade
from app.models.engine import open_engine, write_session
from app.services.reference import load_reference_data
from app.web.factory import create_app
from tests.browsing import Browser
from tests.builders import World

SERVER = os.environ.get("BINHCHON_TEST_DATABASE_URL")


@pytest.fixture(scope="session")
def template(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Iterator[str]:
    """Address of the database that every test copies."""
    if SERVER is None:
        url = f"sqlite:///{tmp_path_factory.mktemp('template') / 'template.sqlite'}"
        _prepare(url)
        yield url
        return
    name = f"binhchon_test_{worker_id}"
    _on_server(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)", f"CREATE DATABASE {name}")
    url = make_url(SERVER).set(database=name).render_as_string(hide_password=False)
    _prepare(url)
    yield url
    _on_server(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture
def database_url(template: str, tmp_path: Path) -> Iterator[str]:
    """Address of this test's own database."""
    if SERVER is None:
        path = tmp_path / "binhchon.sqlite"
        shutil.copyfile(make_url(template).database or "", path)
        yield f"sqlite:///{path}"
        return
    source = make_url(template)
    name = f"{source.database}_copy"
    _on_server(
        f"DROP DATABASE IF EXISTS {name} WITH (FORCE)", f"CREATE DATABASE {name} TEMPLATE {source.database}"
    )
    yield source.set(database=name).render_as_string(hide_password=False)
    _on_server(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture
def engine(database_url: str) -> Iterator[Engine]:
    """The test's database, opened."""
    engine = open_engine(database_url, poolclass=NullPool)
    yield engine
    engine.dispose()


@pytest.fixture
def settings(database_url: str, tmp_path: Path) -> Settings:
    """Settings of an installation in the test's own folder."""
    return Settings(
        data_dir=tmp_path,
        database_url=database_url,
        secret_key="a key of forty-three letters or more for tests",
        testing=True,
    )


@pytest.fixture
def world(engine: Engine, settings: Settings) -> World:
    """Builders over the test's database."""
    return World(engine, settings.files_dir)


@pytest.fixture
def app(settings: Settings, engine: Engine) -> Iterator[Flask]:
    """The application over the test's database."""
    app = create_app(settings)
    yield app
    app.extensions["binhchon_engine"].dispose()


@pytest.fixture
def browser(app: Flask) -> Browser:
    """A reader who checks every page that comes."""
    return Browser(app)


def _prepare(url: str) -> None:
    engine = open_engine(url, poolclass=NullPool)
    upgrade(engine)
    with write_session(engine) as session:
        load_reference_data(session)
    if engine.dialect.name == "sqlite":
        with engine.connect() as connection:  # so that one file is the whole database
            connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    engine.dispose()


def _on_server(*statements: str) -> None:
    engine = open_engine(SERVER or "", isolation_level="AUTOCOMMIT", poolclass=NullPool)
    with engine.connect() as connection:
        for statement in statements:
            connection.execute(text(statement))
    engine.dispose()
