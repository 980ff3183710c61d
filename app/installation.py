"""Bringing an installation up to date: schema and reference data. Entry points call it before anything else."""

from sqlalchemy import Engine
from sqlalchemy.exc import ArgumentError, DBAPIError

from app.config import BadSetting, Settings
from app.migrations import upgrade
from app.models.engine import open_engine, write_session
from app.services.reference import load_reference_data

EXAMPLE = "postgresql+psycopg://user@host/binhchon"


def open_installation(settings: Settings) -> Engine:
    """Open the database, apply migrations, load reference data into an empty one.

    Raises
    ------
    BadSetting
        There is no such kind of database, or it cannot be reached.
    """
    engine = _reachable(settings.database_url)
    upgrade(engine)
    with write_session(engine) as session:
        load_reference_data(session)
    return engine


def _reachable(url: str) -> Engine:
    try:
        engine = open_engine(url)
    except (
        ArgumentError,
        ImportError,
        ValueError,
    ) as error:  # unreadable, or of a server with no driver here
        msg = f"BINHCHON_DATABASE_URL không dùng được; hãy ghi như {EXAMPLE} hoặc sqlite:////thư-mục/tên-tệp."
        raise BadSetting(msg) from error
    try:
        engine.connect().close()
    except DBAPIError as error:
        engine.dispose()
        address = engine.url.render_as_string(hide_password=True)
        reason = " ".join(str(error.orig).split()).rstrip(".?")
        hint = "Hãy kiểm tra máy chủ và BINHCHON_DATABASE_URL."
        msg = f"Không mở được cơ sở dữ liệu {address}: {reason}. {hint}"
        raise BadSetting(msg) from error
    return engine
