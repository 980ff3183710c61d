"""How Alembic reaches the database: with the engine it was handed, or with the settings' own."""

from typing import Any

from alembic import context
from alembic.runtime.migration import MigrationContext

from app.config import Settings
from app.models import Base
from app.models.engine import WRITES, open_engine

engine = context.config.attributes.get("engine") or open_engine(Settings.from_env().database_url)
on_sqlite = engine.dialect.name == "sqlite"


def check_references(ctx: MigrationContext, *_: Any, **__: Any) -> None:
    """Refuse a migration that left a row without what it refers to."""
    if on_sqlite and ctx.connection and (broken := ctx.connection.exec_driver_sql(CHECK).fetchall()):
        raise RuntimeError(f"the migration broke references: {broken[:5]}")


CHECK = "PRAGMA foreign_key_check"

with engine.execution_options(**WRITES).connect() as connection:
    if on_sqlite:
        # SQLite changes a table by making it anew and dropping the old one: with its references enforced, rows
        # of other tables would go with it. They are checked before each migration is committed instead.
        connection.connection.cursor().execute("PRAGMA foreign_keys=OFF")
    context.configure(
        connection=connection,
        target_metadata=Base.metadata,
        render_as_batch=on_sqlite,
        compare_type=True,
        transaction_per_migration=True,
        on_version_apply=check_references,
    )
    with context.begin_transaction():
        context.run_migrations()
    if on_sqlite:
        connection.connection.cursor().execute("PRAGMA foreign_keys=ON")
