"""The council's meeting: attendance, votes taken in it, remarks, and its minutes."""

import sqlalchemy as sa
from alembic import op

from app.models.base import CanonicalJson, UtcDateTime

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    op.create_table(
        "minutes",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("contest_id", sa.Integer(), nullable=False),
        sa.Column("ballot_id", sa.Integer(), nullable=True),
        sa.Column("introduction", sa.Text(), nullable=False),
        sa.Column("discussion", sa.Text(), nullable=True),
        sa.Column("conclusion", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("pdf_sha256", sa.String(length=64), nullable=True),
        sa.Column("scan_sha256", sa.String(length=64), nullable=True),
        sa.Column("scan_name", sa.String(length=255), nullable=False),
        sa.Column("annulled_at", UtcDateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "(ballot_id IS NULL) = (annulled_at IS NOT NULL)", name=op.f("ck_minutes_annulled")
        ),
        sa.ForeignKeyConstraint(["ballot_id"], ["ballots.id"], name=op.f("fk_minutes_ballot_id")),
        sa.ForeignKeyConstraint(["contest_id"], ["contests.id"], name=op.f("fk_minutes_contest_id")),
        sa.ForeignKeyConstraint(["pdf_sha256"], ["stored_files.sha256"], name=op.f("fk_minutes_pdf_sha256")),
        sa.ForeignKeyConstraint(
            ["scan_sha256"], ["stored_files.sha256"], name=op.f("fk_minutes_scan_sha256")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_minutes")),
        sa.UniqueConstraint("ballot_id", name=op.f("uq_minutes_ballot_id")),
    )
    op.create_index(op.f("ix_minutes_contest_id"), "minutes", ["contest_id"], unique=False)

    op.create_table(
        "meetings",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("ballot_id", sa.Integer(), nullable=False),
        sa.Column("place", sa.String(length=200), nullable=False),
        sa.Column("opened_at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("closed_at", UtcDateTime(timezone=True), nullable=True),
        sa.Column("current_item_id", sa.Integer(), nullable=True),
        sa.Column("timer_seconds", sa.Integer(), nullable=True),
        sa.Column("timer_started_at", UtcDateTime(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "(timer_seconds IS NULL) = (timer_started_at IS NULL)", name=op.f("ck_meetings_timer")
        ),
        sa.CheckConstraint("closed_at >= opened_at", name=op.f("ck_meetings_times")),
        sa.ForeignKeyConstraint(["ballot_id"], ["ballots.id"], name=op.f("fk_meetings_ballot_id")),
        sa.ForeignKeyConstraint(
            ["current_item_id"], ["ballot_items.id"], name=op.f("fk_meetings_current_item_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_meetings")),
        sa.UniqueConstraint("ballot_id", name=op.f("uq_meetings_ballot_id")),
    )
    op.create_table(
        "minutes_parts",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("minutes_id", sa.Integer(), nullable=False),
        sa.Column("entry_id", sa.Integer(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["entry_id"], ["entries.id"], name=op.f("fk_minutes_parts_entry_id")),
        sa.ForeignKeyConstraint(["minutes_id"], ["minutes.id"], name=op.f("fk_minutes_parts_minutes_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_minutes_parts")),
        sa.UniqueConstraint("minutes_id", "entry_id", name=op.f("uq_minutes_parts_minutes_id_entry_id")),
    )
    op.create_table(
        "minutes_signatures",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("minutes_id", sa.Integer(), nullable=False),
        sa.Column(
            "signing",
            sa.Enum(
                "chair", "secretary", name="signing", native_enum=False, create_constraint=True, length=40
            ),
            nullable=False,
        ),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("signed_at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("text_sha256", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(
            ["minutes_id"], ["minutes.id"], name=op.f("fk_minutes_signatures_minutes_id")
        ),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_minutes_signatures_user_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_minutes_signatures")),
        sa.UniqueConstraint("minutes_id", "signing", name=op.f("uq_minutes_signatures_minutes_id_signing")),
    )
    op.create_table(
        "attendances",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("meeting_id", sa.Integer(), nullable=False),
        sa.Column("member_id", sa.Integer(), nullable=False),
        sa.Column("came_at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("left_at", UtcDateTime(timezone=True), nullable=True),
        sa.CheckConstraint("left_at >= came_at", name=op.f("ck_attendances_times")),
        sa.ForeignKeyConstraint(["meeting_id"], ["meetings.id"], name=op.f("fk_attendances_meeting_id")),
        sa.ForeignKeyConstraint(["member_id"], ["council_members.id"], name=op.f("fk_attendances_member_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_attendances")),
    )
    op.create_index(op.f("ix_attendances_member_id"), "attendances", ["member_id"], unique=False)
    op.create_index(
        "uq_attendances_one_stay_at_a_time",
        "attendances",
        ["meeting_id", "member_id"],
        unique=True,
        sqlite_where=sa.text("left_at IS NULL"),
        postgresql_where=sa.text("left_at IS NULL"),
    )

    op.create_table(
        "polls",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("meeting_id", sa.Integer(), nullable=False),
        sa.Column(
            "taken_by",
            sa.Enum("device", "hands", name="pollby", native_enum=False, create_constraint=True, length=40),
            nullable=False,
        ),
        sa.Column("opened_at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("closed_at", UtcDateTime(timezone=True), nullable=True),
        sa.Column("yes", sa.Integer(), nullable=True),
        sa.Column("no", sa.Integer(), nullable=True),
        sa.Column("abstain", sa.Integer(), nullable=True),
        sa.Column("seats", CanonicalJson(), nullable=False),
        sa.CheckConstraint(
            "(closed_at IS NULL) = (yes IS NULL) AND (yes IS NULL) = (no IS NULL) AND (no IS NULL) = (abstain IS NULL)",
            name=op.f("ck_polls_counted"),
        ),
        sa.CheckConstraint("yes >= 0 AND no >= 0 AND abstain >= 0", name=op.f("ck_polls_counts")),
        sa.ForeignKeyConstraint(["meeting_id"], ["meetings.id"], name=op.f("fk_polls_meeting_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_polls")),
    )
    op.create_index(
        "uq_polls_one_open_in_a_meeting",
        "polls",
        ["meeting_id"],
        unique=True,
        sqlite_where=sa.text("closed_at IS NULL"),
        postgresql_where=sa.text("closed_at IS NULL"),
    )

    op.create_table(
        "remarks",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("meeting_id", sa.Integer(), nullable=False),
        sa.Column("item_id", sa.Integer(), nullable=True),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("written_at", UtcDateTime(timezone=True), nullable=False),
        sa.CheckConstraint("text <> ''", name=op.f("ck_remarks_text")),
        sa.ForeignKeyConstraint(["item_id"], ["ballot_items.id"], name=op.f("fk_remarks_item_id")),
        sa.ForeignKeyConstraint(["meeting_id"], ["meetings.id"], name=op.f("fk_remarks_meeting_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_remarks")),
    )
    op.create_index(op.f("ix_remarks_meeting_id"), "remarks", ["meeting_id"], unique=False)

    op.create_table(
        "poll_items",
        sa.Column("item_id", sa.Integer(), nullable=False),
        sa.Column("poll_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["item_id"], ["ballot_items.id"], name=op.f("fk_poll_items_item_id")),
        sa.ForeignKeyConstraint(["poll_id"], ["polls.id"], name=op.f("fk_poll_items_poll_id")),
        sa.PrimaryKeyConstraint("item_id", name=op.f("pk_poll_items")),
    )
    op.create_index(op.f("ix_poll_items_poll_id"), "poll_items", ["poll_id"], unique=False)


def downgrade() -> None:
    """Undo."""
    op.drop_index(op.f("ix_poll_items_poll_id"), table_name="poll_items")

    op.drop_table("poll_items")
    op.drop_index(op.f("ix_remarks_meeting_id"), table_name="remarks")

    op.drop_table("remarks")
    op.drop_index("uq_polls_one_open_in_a_meeting", table_name="polls")

    op.drop_table("polls")
    op.drop_index("uq_attendances_one_stay_at_a_time", table_name="attendances")
    op.drop_index(op.f("ix_attendances_member_id"), table_name="attendances")

    op.drop_table("attendances")
    op.drop_table("minutes_signatures")
    op.drop_table("minutes_parts")
    op.drop_table("meetings")
    op.drop_index(op.f("ix_minutes_contest_id"), table_name="minutes")

    op.drop_table("minutes")
