"""Provisional lists that were public and withdrawn to be corrected."""

import sqlalchemy as sa
from alembic import op

from app.models.base import CanonicalJson, UtcDateTime

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    op.create_table(
        "withdrawn_lists",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("contest_id", sa.Integer(), nullable=False),
        sa.Column("published_at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("withdrawn_at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("withdrawn_by_id", sa.Integer(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("content", CanonicalJson(), nullable=False),
        sa.CheckConstraint("reason <> ''", name=op.f("ck_withdrawn_lists_reason")),
        sa.ForeignKeyConstraint(["contest_id"], ["contests.id"], name=op.f("fk_withdrawn_lists_contest_id")),
        sa.ForeignKeyConstraint(["withdrawn_by_id"], ["users.id"], name=op.f("fk_withdrawn_lists_withdrawn_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_withdrawn_lists")),
    )
    op.create_index(op.f("ix_withdrawn_lists_contest_id"), "withdrawn_lists", ["contest_id"])


def downgrade() -> None:
    """Take back."""
    op.drop_table("withdrawn_lists")
