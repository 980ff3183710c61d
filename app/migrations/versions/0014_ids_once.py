"""An id is never given twice: on SQLite too, which hands out again what a deleted row had been the last to have.

A page that was left open, a draft that waits on a device and the ledger name rows by their ids.
"""

import re

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

COLUMN = "\tid INTEGER NOT NULL, \n"
ONCE = "\tid INTEGER NOT NULL CONSTRAINT pk_{table} PRIMARY KEY AUTOINCREMENT, \n"
KEY = ", \n\tCONSTRAINT pk_{table} PRIMARY KEY (id)"


def upgrade() -> None:
    """Apply."""
    for table, sql in _tables():
        once, key = ONCE.format(table=table), KEY.format(table=table)
        if COLUMN in sql and key in sql:
            _make_anew(table, sql.replace(COLUMN, once, 1).replace(key, "", 1))


def downgrade() -> None:
    """Undo."""
    for table, sql in _tables():
        once, key = ONCE.format(table=table), KEY.format(table=table)
        if once in sql:
            columns = sql.replace(once, COLUMN, 1).rstrip().removesuffix(")").rstrip()
            _make_anew(table, f"{columns}{key}\n)")


def _tables() -> list[tuple[str, str]]:
    if op.get_bind().dialect.name != "sqlite":
        return []
    rows = op.get_bind().execute(sa.text("SELECT name, sql FROM sqlite_master WHERE type = 'table'"))
    return [(table, sql) for table, sql in rows]


def _make_anew(table: str, sql: str) -> None:
    """Replace a table by one with the same rows, indexes and triggers, made as `sql` says."""
    connection = op.get_bind()
    beside = sa.text(
        "SELECT sql FROM sqlite_master WHERE tbl_name = :table AND type IN ('index', 'trigger') AND sql IS NOT NULL"
    )
    again = connection.scalars(beside, {"table": table}).all()
    anew = re.sub(rf'^CREATE TABLE "?{table}"?', f'CREATE TABLE "{table}_anew"', sql)
    for statement in (
        anew,
        f'INSERT INTO "{table}_anew" SELECT * FROM "{table}"',  # noqa: S608 -- names are the schema's own
        f'DROP TABLE "{table}"',
        f'ALTER TABLE "{table}_anew" RENAME TO "{table}"',
        *again,
    ):
        connection.exec_driver_sql(statement)
