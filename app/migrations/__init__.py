"""Bringing a database to the newest schema, from code rather than from Alembic's command."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from sqlalchemy import Engine


def config(engine: Engine) -> Config:
    """Alembic's configuration for this database."""
    alembic = Config()
    alembic.set_main_option("script_location", str(Path(__file__).parent))
    alembic.attributes["engine"] = engine
    return alembic


def upgrade(engine: Engine, revision: str = "head") -> None:
    """Apply every migration up to a revision."""
    command.upgrade(config(engine), revision)
