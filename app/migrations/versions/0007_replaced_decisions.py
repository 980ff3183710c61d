"""A decision can be replaced by another, and says when and why; final lists can be withdrawn."""

import sqlalchemy as sa
from alembic import op

from app.models.base import UtcDateTime

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

STANDING = "uq_decisions_one_standing_for_a_contest"


def upgrade() -> None:
    """Apply."""
    with op.batch_alter_table("decisions") as batch_op:
        batch_op.drop_constraint(op.f("uq_decisions_contest_id"), type_="unique")
        batch_op.add_column(sa.Column("superseded_at", UtcDateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("superseded_reason", sa.Text(), server_default="", nullable=False))
        batch_op.create_check_constraint(
            op.f("ck_decisions_superseded"), "(superseded_at IS NULL) = (superseded_reason = '')"
        )
    standing = sa.text("superseded_at IS NULL")
    op.create_index(
        STANDING, "decisions", ["contest_id"], unique=True, sqlite_where=standing, postgresql_where=standing
    )
    # The key goes along with the column: SQLite cannot add one later without copying the table.
    for table, name in (("withdrawn_lists", "decision_id"), ("issued_certificates", "revoked_by_decision_id")):
        decision = sa.Column(name, sa.Integer(), sa.ForeignKey("decisions.id", name=f"fk_{table}_{name}"))
        op.add_column(table, decision, inline_references=True)


def downgrade() -> None:
    """Undo; refused where a decision was replaced, as there is no place for two."""
    replaced = sa.text("SELECT count(*) FROM decisions WHERE superseded_at IS NOT NULL")
    if op.get_bind().execute(replaced).scalar_one():
        message = "a decision was replaced: the older schema cannot hold both"
        raise RuntimeError(message)
    op.drop_column("issued_certificates", "revoked_by_decision_id")
    op.drop_column("withdrawn_lists", "decision_id")
    op.drop_index(STANDING, table_name="decisions")
    with op.batch_alter_table("decisions") as batch_op:
        batch_op.drop_constraint(op.f("ck_decisions_superseded"), type_="check")
        batch_op.drop_column("superseded_reason")
        batch_op.drop_column("superseded_at")
        batch_op.create_unique_constraint(op.f("uq_decisions_contest_id"), ["contest_id"])
