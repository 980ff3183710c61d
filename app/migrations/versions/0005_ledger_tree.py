"""A Merkle tree over the ledger: whose sheet it was, a salt, leaf hashes, indices and published heads."""

import hashlib
import json
import secrets
from datetime import UTC

import sqlalchemy as sa
from alembic import op

from app.models.base import UtcDateTime

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

REFUSED = ("ledger_events", "ledger_leaves", "ledger_heads")
EVENTS = sa.table(
    "ledger_events",
    sa.column("id", sa.Integer),
    sa.column("contest_id", sa.Integer),
    sa.column("at", UtcDateTime),
    sa.column("actor_id", sa.Integer),
    sa.column("actor_name", sa.String),
    sa.column("on_behalf_of", sa.String),
    sa.column("action", sa.String),
    sa.column("subject_kind", sa.String),
    sa.column("subject_id", sa.Integer),
    sa.column("details", sa.Text),
    sa.column("salt", sa.String),
    sa.column("sha256", sa.String),
)


def upgrade() -> None:
    """Apply."""
    for column in (sa.Column("on_behalf_of", sa.String(length=200)), sa.Column("salt", sa.String(length=32))):
        column.nullable, column.server_default = False, sa.DefaultClause("")
        op.add_column("ledger_events", column)  # not as a copy of the table: its triggers would be gone
    op.create_table(
        "ledger_leaves",
        sa.Column("event_id", sa.Integer(), nullable=False),
        sa.Column("tree", sa.Integer(), nullable=False),
        sa.Column("leaf_index", sa.Integer(), nullable=False),
        sa.CheckConstraint("leaf_index >= 0", name=op.f("ck_ledger_leaves_leaf_index")),
        sa.ForeignKeyConstraint(["event_id"], ["ledger_events.id"], name=op.f("fk_ledger_leaves_event_id")),
        sa.PrimaryKeyConstraint("event_id", name=op.f("pk_ledger_leaves")),
        sa.UniqueConstraint("tree", "leaf_index", name=op.f("uq_ledger_leaves_tree_leaf_index")),
    )
    op.create_table(
        "ledger_heads",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("tree", sa.Integer(), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("root", sa.String(length=64), nullable=False),
        sa.Column("occasion", sa.String(length=40), nullable=False),
        sa.Column("made_at", UtcDateTime(timezone=True), nullable=False),
        sa.CheckConstraint("size >= 1", name=op.f("ck_ledger_heads_size")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ledger_heads")),
    )
    op.create_index(op.f("ix_ledger_heads_tree_size"), "ledger_heads", ["tree", "size"])
    _unguard("ledger_events")
    _rehash(_leaf_hash, lambda: secrets.token_hex(16))
    for table in REFUSED:
        _guard(table)


def downgrade() -> None:
    """Undo."""
    for table in REFUSED:
        _unguard(table)
    op.drop_index(op.f("ix_ledger_heads_tree_size"), table_name="ledger_heads")
    op.drop_table("ledger_heads")
    op.drop_table("ledger_leaves")
    _rehash(_row_hash, str)
    op.drop_column("ledger_events", "salt")
    op.drop_column("ledger_events", "on_behalf_of")
    _guard("ledger_events")


def _rehash(hash_of, new_salt) -> None:
    connection = op.get_bind()
    for row in connection.execute(sa.select(EVENTS).order_by(EVENTS.c.id)).mappings().all():
        event = dict(row) | {"salt": new_salt()}
        changed = {"salt": event["salt"], "sha256": hash_of(event)}
        connection.execute(sa.update(EVENTS).where(EVENTS.c.id == row["id"]).values(**changed))


def _leaf_hash(event) -> str:
    opening = _canonical({"details": json.loads(event["details"]), "salt": event["salt"]})
    names = ("action", "actor_id", "actor_name", "contest_id", "on_behalf_of", "subject_id", "subject_kind")
    leaf = {name: event[name] for name in names}
    leaf["at"] = event["at"].astimezone(UTC).isoformat(timespec="microseconds")
    leaf["details_sha256"] = hashlib.sha256(opening.encode()).hexdigest()
    return hashlib.sha256(b"\x00" + _canonical(leaf).encode()).hexdigest()


def _row_hash(event) -> str:
    """As the ledger had it before."""
    names = ("actor_id", "actor_name", "action", "subject_kind", "subject_id")
    head = _canonical([event["at"].isoformat(), *(event[name] for name in names)])
    return hashlib.sha256(f"{head}\n{event['details']}".encode()).hexdigest()


def _canonical(value) -> str:
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def _guard(table: str) -> None:
    if op.get_bind().dialect.name == "sqlite":
        for act in ("UPDATE", "DELETE"):
            op.execute(
                f"CREATE TRIGGER {table}_no_{act.lower()} BEFORE {act} ON {table}"
                " BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END"
            )
        return
    op.execute(
        f"CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON {table}"
        " FOR EACH STATEMENT EXECUTE FUNCTION refuse_ledger_change()"
    )


def _unguard(table: str) -> None:
    if op.get_bind().dialect.name == "sqlite":
        op.execute(f"DROP TRIGGER {table}_no_update")
        op.execute(f"DROP TRIGGER {table}_no_delete")
        return
    op.execute(f"DROP TRIGGER {table}_append_only ON {table}")
