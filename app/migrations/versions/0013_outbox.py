"""The outbox of messages that people send to judges and organisers; practice contests."""

import sqlalchemy as sa
from alembic import op

from app.models.base import UtcDateTime

revision = "0013"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    op.create_table(
        "mails",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("contest_id", sa.Integer(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "reminder", "ready", name="mailkind", native_enum=False, create_constraint=True, length=40
            ),
            nullable=False,
        ),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("address", sa.String(length=255), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("subject", sa.String(length=200), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("message_id", sa.String(length=80), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "queued",
                "sending",
                "sent",
                "by-hand",
                "failed",
                "cancelled",
                name="mailstate",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("written_by_id", sa.Integer(), nullable=True),
        sa.Column("written_at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("released_by_id", sa.Integer(), nullable=True),
        sa.Column("released_at", UtcDateTime(timezone=True), nullable=True),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("tried_at", UtcDateTime(timezone=True), nullable=True),
        sa.Column("next_try_at", UtcDateTime(timezone=True), nullable=True),
        sa.Column("lease", sa.String(length=32), nullable=True),
        sa.Column("leased_until", UtcDateTime(timezone=True), nullable=True),
        sa.Column("error", sa.Text(), nullable=False),
        sa.Column("done_at", UtcDateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "state NOT IN ('sending', 'sent', 'failed') OR released_at IS NOT NULL",
            name=op.f("ck_mails_released"),
        ),
        sa.CheckConstraint("(lease IS NULL) = (leased_until IS NULL)", name=op.f("ck_mails_lease")),
        sa.CheckConstraint("attempts >= 0", name=op.f("ck_mails_attempts")),
        sa.ForeignKeyConstraint(["contest_id"], ["contests.id"], name=op.f("fk_mails_contest_id")),
        sa.ForeignKeyConstraint(["released_by_id"], ["users.id"], name=op.f("fk_mails_released_by_id")),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_mails_user_id")),
        sa.ForeignKeyConstraint(["written_by_id"], ["users.id"], name=op.f("fk_mails_written_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mails")),
        sa.UniqueConstraint("message_id", name=op.f("uq_mails_message_id")),
    )
    with op.batch_alter_table("mails") as batch_op:
        batch_op.create_index(batch_op.f("ix_mails_contest_id"), ["contest_id"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_mails_state_next_try_at"), ["state", "next_try_at"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_mails_tried_at"), ["tried_at"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_mails_user_id_written_at"), ["user_id", "written_at"], unique=False
        )

    with op.batch_alter_table("contests") as batch_op:
        batch_op.add_column(sa.Column("is_practice", sa.Boolean(), server_default=sa.false(), nullable=False))
        batch_op.add_column(sa.Column("practice_of_id", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("removed_at", UtcDateTime(timezone=True), nullable=True))
        batch_op.create_index(batch_op.f("ix_contests_practice_of_id"), ["practice_of_id"], unique=False)
        batch_op.create_foreign_key(
            batch_op.f("fk_contests_practice_of_id"), "contests", ["practice_of_id"], ["id"]
        )
        batch_op.create_check_constraint(
            op.f("ck_contests_practice"), "NOT is_practice OR state IN ('scoring', 'scored')"
        )
        batch_op.create_check_constraint(op.f("ck_contests_removed"), "removed_at IS NULL OR is_practice")


def downgrade() -> None:
    """Undo; refused where there are practice contests, which the older schema would take for real ones."""
    practice = sa.text("SELECT count(*) FROM contests WHERE is_practice")
    if op.get_bind().execute(practice).scalar_one():
        message = "there are practice contests: the older schema would take them for real ones"
        raise RuntimeError(message)
    with op.batch_alter_table("contests") as batch_op:
        batch_op.drop_constraint(op.f("ck_contests_removed"), type_="check")
        batch_op.drop_constraint(op.f("ck_contests_practice"), type_="check")
        batch_op.drop_constraint(batch_op.f("fk_contests_practice_of_id"), type_="foreignkey")
        batch_op.drop_index(batch_op.f("ix_contests_practice_of_id"))
        batch_op.drop_column("removed_at")
        batch_op.drop_column("practice_of_id")
        batch_op.drop_column("is_practice")

    op.drop_table("mails")
