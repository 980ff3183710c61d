"""The council's motions with their votes, and the sets of products that they make."""

import sqlalchemy as sa
from alembic import op

from app.models.base import CanonicalJson, UtcDateTime

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    op.create_table(
        "motions",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("ballot_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "merge",
                "split",
                "add",
                "leave-out",
                "prize",
                "places",
                "nominate",
                name="motionkind",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("content", CanonicalJson(), nullable=False),
        sa.Column("proposer", sa.String(length=120), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("by_hands", sa.Boolean(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "open",
                "carried",
                "lost",
                "withdrawn",
                name="motionstate",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("put_at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("closed_at", UtcDateTime(timezone=True), nullable=True),
        sa.Column("withdrawal_reason", sa.Text(), nullable=False),
        sa.Column("yes", sa.Integer(), nullable=True),
        sa.Column("no", sa.Integer(), nullable=True),
        sa.Column("abstain", sa.Integer(), nullable=True),
        sa.Column("entitled", sa.Integer(), nullable=True),
        sa.CheckConstraint("(state = 'open') = (closed_at IS NULL)", name=op.f("ck_motions_closed")),
        sa.CheckConstraint(
            "(state = 'withdrawn') = (withdrawal_reason <> '')", name=op.f("ck_motions_withdrawn")
        ),
        sa.CheckConstraint(
            "(state IN ('carried', 'lost')) = (yes IS NOT NULL) AND (yes IS NULL) = (no IS NULL) AND (yes IS NULL) = (abstain IS NULL) AND (yes IS NULL) = (entitled IS NULL)",
            name=op.f("ck_motions_counted"),
        ),
        sa.ForeignKeyConstraint(["ballot_id"], ["ballots.id"], name=op.f("fk_motions_ballot_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_motions")),
        sa.UniqueConstraint("ballot_id", "number", name=op.f("uq_motions_ballot_id_number")),
    )
    op.create_table(
        "mergers",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("motion_id", sa.Integer(), nullable=False),
        sa.Column("entry_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column(
            "ground",
            sa.Enum(
                "use",
                "material",
                "design",
                name="ground",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.ForeignKeyConstraint(["entry_id"], ["entries.id"], name=op.f("fk_mergers_entry_id")),
        sa.ForeignKeyConstraint(["motion_id"], ["motions.id"], name=op.f("fk_mergers_motion_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mergers")),
        sa.UniqueConstraint("entry_id", name=op.f("uq_mergers_entry_id")),
        sa.UniqueConstraint("motion_id", name=op.f("uq_mergers_motion_id")),
    )
    op.create_table(
        "motion_votes",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("motion_id", sa.Integer(), nullable=False),
        sa.Column("member_id", sa.Integer(), nullable=False),
        sa.Column(
            "choice",
            sa.Enum(
                "yes", "no", "abstain", name="choice", native_enum=False, create_constraint=True, length=40
            ),
            nullable=False,
        ),
        sa.Column("cast_at", UtcDateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["member_id"], ["council_members.id"], name=op.f("fk_motion_votes_member_id")
        ),
        sa.ForeignKeyConstraint(["motion_id"], ["motions.id"], name=op.f("fk_motion_votes_motion_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_motion_votes")),
        sa.UniqueConstraint("motion_id", "member_id", name=op.f("uq_motion_votes_motion_id_member_id")),
    )
    op.create_index(op.f("ix_motion_votes_member_id"), "motion_votes", ["member_id"])
    op.create_table(
        "merged_entries",
        sa.Column("entry_id", sa.Integer(), nullable=False),
        sa.Column("merger_id", sa.Integer(), nullable=False),
        sa.Column("item", CanonicalJson(), nullable=False),
        sa.ForeignKeyConstraint(["entry_id"], ["entries.id"], name=op.f("fk_merged_entries_entry_id")),
        sa.ForeignKeyConstraint(["merger_id"], ["mergers.id"], name=op.f("fk_merged_entries_merger_id")),
        sa.PrimaryKeyConstraint("entry_id", name=op.f("pk_merged_entries")),
    )
    op.create_index(op.f("ix_merged_entries_merger_id"), "merged_entries", ["merger_id"])


def downgrade() -> None:
    """Undo."""
    op.drop_index(op.f("ix_merged_entries_merger_id"), table_name="merged_entries")
    op.drop_table("merged_entries")
    op.drop_index(op.f("ix_motion_votes_member_id"), table_name="motion_votes")
    op.drop_table("motion_votes")
    op.drop_table("mergers")
    op.drop_table("motions")
