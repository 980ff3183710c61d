"""How Alembic reaches the database: with the engine it was handed, or with the settings' own."""

from alembic import context

from app.config import Settings
from app.models import Base
from app.models.engine import WRITES, open_engine

engine = context.config.attributes.get("engine") or open_engine(Settings.from_env().database_url)

with engine.execution_options(**WRITES).connect() as connection:
    context.configure(
        connection=connection,
        target_metadata=Base.metadata,
        render_as_batch=connection.dialect.name == "sqlite",
        compare_type=True,
        transaction_per_migration=True,
    )
    with context.begin_transaction():
        context.run_migrations()
