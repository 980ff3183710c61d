"""Keys of automatic saves, so that one that is sent again is not saved again."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    op.create_table(
        "sheet_saves",
        sa.Column("sheet_id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=40), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("saved_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["sheet_id"], ["score_sheets.id"], name=op.f("fk_sheet_saves_sheet_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("sheet_id", "key", name=op.f("pk_sheet_saves")),
    )


def downgrade() -> None:
    """Take back."""
    op.drop_table("sheet_saves")
