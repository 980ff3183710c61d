"""What every test may ask for."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import Engine, event

from app.config import Settings
from app.models.engine import open_engine
from app.web.factory import create_app
from tests.browsing import Browser
from tests.builders import World
from tests.databases import ServerDatabases, SqliteDatabases

SERVER = os.environ.get("BINHCHON_TEST_DATABASE_URL")


@pytest.fixture(scope="session")
def databases(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SqliteDatabases | ServerDatabases]:
    """Where each test's database comes from."""
    databases = ServerDatabases(SERVER) if SERVER else SqliteDatabases(tmp_path_factory.mktemp("template"))
    yield databases
    databases.close()


@pytest.fixture
def database_url(databases: SqliteDatabases | ServerDatabases, tmp_path: Path) -> str:
    """Address of this test's own database."""
    return databases.fresh(tmp_path)


@pytest.fixture
def engine(database_url: str) -> Iterator[Engine]:
    """The test's database, opened."""
    engine = _unhurried_disk(open_engine(database_url))
    yield engine
    engine.dispose()


@pytest.fixture
def settings(database_url: str, tmp_path: Path) -> Settings:
    """Settings of an installation in the test's own folder."""
    return Settings(
        data_dir=tmp_path,
        database_url=database_url,
        secret_key="a key of forty-three letters or more for tests",
        public_url="http://binhchon.example.vn",
        testing=True,
    )


@pytest.fixture
def world(engine: Engine, settings: Settings) -> World:
    """Builders over the test's database."""
    return World(engine, settings.files_dir)


@pytest.fixture(scope="session")
def applications() -> dict[str, Flask]:
    """The one application of all tests, once it is made: its routes alone take a tenth of a second."""
    return {}


@pytest.fixture
def app(settings: Settings, engine: Engine, applications: dict[str, Flask]) -> Iterator[Flask]:
    """The application over the test's database."""
    if not applications:
        applications["app"] = create_app(settings)
    app = applications["app"]
    database = _unhurried_disk(open_engine(settings.database_url))
    app.extensions |= {"binhchon_settings": settings, "binhchon_engine": database}
    app.extensions["binhchon_session"].session_factory.configure(bind=database)
    config = dict(app.config)
    yield app
    app.config.clear()
    app.config.update(config)
    database.dispose()


@pytest.fixture
def own_app(settings: Settings, engine: Engine) -> Iterator[Flask]:
    """An application that nobody else uses, for a test that adds to it."""
    app = create_app(settings)
    yield app
    app.extensions["binhchon_engine"].dispose()


@pytest.fixture
def browser(app: Flask) -> Browser:
    """A reader who checks every page that comes."""
    return Browser(app)


def _unhurried_disk(engine: Engine) -> Engine:
    """Spare the disk: a test's database does not have to outlive a power cut."""
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", lambda connection, _: connection.execute("PRAGMA synchronous=OFF"))
    return engine
