"""Impartiality statements of judges, and their answers on possible conflicts of interest."""

import sqlalchemy as sa
from alembic import op

from app.models.base import UtcDateTime

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    op.create_table(
        "impartiality_statements",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("judge_id", sa.Integer(), nullable=False),
        sa.Column("signed_on", sa.Date(), nullable=False),
        sa.Column("wording", sa.String(length=20), nullable=False),
        sa.Column("language", sa.String(length=8), nullable=False),
        sa.Column("employer", sa.String(length=300), nullable=False),
        sa.Column("employer_tax_code", sa.String(length=14), nullable=False),
        sa.Column("address", sa.String(length=300), nullable=False),
        sa.Column("links", sa.Text(), nullable=False),
        sa.Column("recorded_by_id", sa.Integer(), nullable=True),
        sa.Column("recorded_at", UtcDateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "(wording = '') = (language = '')", name=op.f("ck_impartiality_statements_language")
        ),
        sa.CheckConstraint(
            "wording <> '' OR recorded_by_id IS NOT NULL", name=op.f("ck_impartiality_statements_paper")
        ),
        sa.ForeignKeyConstraint(["judge_id"], ["judges.id"], name=op.f("fk_impartiality_statements_judge_id")),
        sa.ForeignKeyConstraint(
            ["recorded_by_id"], ["users.id"], name=op.f("fk_impartiality_statements_recorded_by_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_impartiality_statements")),
    )
    with op.batch_alter_table("impartiality_statements") as batch_op:
        batch_op.create_index(batch_op.f("ix_impartiality_statements_judge_id"), ["judge_id"], unique=False)
    op.create_table(
        "conflict_answers",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("judge_id", sa.Integer(), nullable=False),
        sa.Column("entry_id", sa.Integer(), nullable=False),
        sa.Column("facts_sha256", sa.String(length=64), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("answered_at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("accepted_by_id", sa.Integer(), nullable=True),
        sa.Column("accepted_at", UtcDateTime(timezone=True), nullable=True),
        sa.CheckConstraint("reason <> ''", name=op.f("ck_conflict_answers_reason")),
        sa.CheckConstraint(
            "accepted_by_id IS NULL OR accepted_at IS NOT NULL", name=op.f("ck_conflict_answers_accepted")
        ),
        sa.ForeignKeyConstraint(["accepted_by_id"], ["users.id"], name=op.f("fk_conflict_answers_accepted_by_id")),
        sa.ForeignKeyConstraint(["entry_id"], ["entries.id"], name=op.f("fk_conflict_answers_entry_id")),
        sa.ForeignKeyConstraint(["judge_id"], ["judges.id"], name=op.f("fk_conflict_answers_judge_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_conflict_answers")),
        sa.UniqueConstraint("judge_id", "entry_id", name=op.f("uq_conflict_answers_judge_id_entry_id")),
    )
    with op.batch_alter_table("conflict_answers") as batch_op:
        batch_op.create_index(batch_op.f("ix_conflict_answers_entry_id"), ["entry_id"], unique=False)


def downgrade() -> None:
    """Take back."""
    op.drop_table("conflict_answers")
    op.drop_table("impartiality_statements")
