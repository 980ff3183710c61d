"""A commune knows its province."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

PROVINCE = "fk_territories_province_id"


def upgrade() -> None:
    """Apply."""
    # The key goes along with the column: SQLite cannot add one later without copying the table.
    province = sa.Column("province_id", sa.Integer(), sa.ForeignKey("territories.id", name=PROVINCE))
    op.add_column("territories", province, inline_references=True)
    op.create_index(op.f("ix_territories_province_id"), "territories", ["province_id"])


def downgrade() -> None:
    """Undo."""
    op.drop_index(op.f("ix_territories_province_id"), table_name="territories")
    op.drop_column("territories", "province_id")
