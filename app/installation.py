"""Bringing an installation up to date: schema and reference data. Entry points call it before anything else."""

from sqlalchemy import Engine

from app.config import Settings
from app.migrations import upgrade
from app.models.engine import open_engine, write_session
from app.services.reference import load_reference_data


def open_installation(settings: Settings) -> Engine:
    """Open the database, apply migrations, load reference data into an empty one."""
    engine = open_engine(settings.database_url)
    upgrade(engine)
    with write_session(engine) as session:
        load_reference_data(session)
    return engine
