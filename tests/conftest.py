"""What every test may ask for."""

import gc
import os
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
from flask import Flask
from hypothesis import settings as hypothesis_settings
from sqlalchemy import Engine

from app.config import Settings
from app.services import practice_entries
from app.web.factory import create_app
from tests.browsing import Browser
from tests.builders import World
from tests.databases import ServerDatabases, SqliteDatabases

gc.freeze()  # all that is imported stays; looking through it again and again takes a tenth of the tests' time
gc.set_threshold(50_000, 20, 50)
hypothesis_settings.register_profile("unhurried", deadline=None)  # the machine may be busy
hypothesis_settings.load_profile("unhurried")
SERVER = os.environ.get("BINHCHON_TEST_DATABASE_URL")


def pytest_addoption(parser: pytest.Parser) -> None:
    """Let a second run, on another database, be shorter."""
    parser.addoption("--one-of-each", action="store_true", help="run each test with one of its examples")


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Begin with what takes long, so that nobody waits for it at the end."""
    if config.getoption("--one-of-each"):
        chosen = {_test_of(item): item for item in items}.values()
        config.hook.pytest_deselected(items=[item for item in items if item not in chosen])
        items[:] = chosen
    items.sort(key=lambda item: "slow" not in item.keywords)


def _test_of(item: pytest.Item) -> str:
    return item.nodeid if item.get_closest_marker("every_example") else item.nodeid.split("[")[0]


@pytest.fixture(scope="session")
def databases(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SqliteDatabases | ServerDatabases]:
    """Where each test's database comes from."""
    databases = ServerDatabases(SERVER) if SERVER else SqliteDatabases(tmp_path_factory.mktemp("template"))
    yield databases
    databases.close()


@pytest.fixture
def engine(databases: SqliteDatabases | ServerDatabases) -> Engine:
    """The database, as if no test before had touched it."""
    databases.restore()
    return databases.engine


@pytest.fixture
def database_url(databases: SqliteDatabases | ServerDatabases, engine: Engine) -> str:
    """Address of that database."""
    return databases.url


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


@pytest.fixture(autouse=True, scope="session")
def pictures_drawn_once() -> Iterator[None]:
    """Draw and check each picture of a practice contest once: every test makes the same ones."""
    with pytest.MonkeyPatch.context() as patch:
        for name in ("product_photo", "registration_paper", "take_in"):
            patch.setattr(practice_entries, name, cache(getattr(practice_entries, name)))
        yield


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
    app.extensions |= {"binhchon_settings": settings, "binhchon_engine": engine}
    app.extensions["binhchon_session"].session_factory.configure(bind=engine)
    config = dict(app.config)
    yield app
    app.config.clear()
    app.config.update(config)


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
