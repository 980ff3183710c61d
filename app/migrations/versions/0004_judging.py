"""Level-2 criteria, own score sheets, two passes, site visits, prize classes, sheets from outside."""

import sqlalchemy as sa
from alembic import op
from alembic.operations import BatchOperations

from app.models.base import CanonicalJson, UtcDateTime


revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


NOT_RANKED = "outcome IN ('not_scored', 'not_advanced')"


def _outcomes(batch_op: BatchOperations, outcomes: str, not_ranked: str) -> None:
    batch_op.drop_constraint(op.f("ck_results_outcome"), type_="check")
    batch_op.create_check_constraint(op.f("ck_results_outcome"), f"outcome IN ({outcomes})")
    batch_op.drop_constraint(op.f("ck_results_scored"), type_="check")
    batch_op.create_check_constraint(
        op.f("ck_results_scored"),
        f"({not_ranked}) = (rank IS NULL) AND (rank IS NULL) = (numerator IS NULL)"
        " AND (numerator IS NULL) = (denominator IS NULL)",
    )


def upgrade() -> None:
    """Apply."""
    op.create_table(
        "sheet_imports",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("contest_id", sa.Integer(), nullable=False),
        sa.Column("file_sha256", sa.String(length=64), nullable=False),
        sa.Column("name", sa.String(length=255), nullable=False),
        sa.Column("pass_no", sa.Integer(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "uploaded",
                "applied",
                "discarded",
                name="importstate",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("uploaded_by_id", sa.Integer(), nullable=True),
        sa.Column("uploaded_at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("settled_at", UtcDateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "(state = 'uploaded') = (settled_at IS NULL)", name=op.f("ck_sheet_imports_settled")
        ),
        sa.ForeignKeyConstraint(["contest_id"], ["contests.id"], name=op.f("fk_sheet_imports_contest_id")),
        sa.ForeignKeyConstraint(
            ["file_sha256"], ["stored_files.sha256"], name=op.f("fk_sheet_imports_file_sha256")
        ),
        sa.ForeignKeyConstraint(
            ["uploaded_by_id"], ["users.id"], name=op.f("fk_sheet_imports_uploaded_by_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sheet_imports")),
    )
    with op.batch_alter_table("sheet_imports", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_sheet_imports_contest_id"), ["contest_id"], unique=False)

    op.create_table(
        "discussions",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("entry_id", sa.Integer(), nullable=False),
        sa.Column("pass_no", sa.Integer(), nullable=False),
        sa.Column("spread", sa.Integer(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("settled_by_id", sa.Integer(), nullable=True),
        sa.Column("settled_at", UtcDateTime(timezone=True), nullable=False),
        sa.CheckConstraint("note <> ''", name=op.f("ck_discussions_note")),
        sa.ForeignKeyConstraint(["entry_id"], ["entries.id"], name=op.f("fk_discussions_entry_id")),
        sa.ForeignKeyConstraint(["settled_by_id"], ["users.id"], name=op.f("fk_discussions_settled_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_discussions")),
        sa.UniqueConstraint("entry_id", "pass_no", name=op.f("uq_discussions_entry_id_pass_no")),
    )
    op.create_table(
        "site_visits",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("entry_id", sa.Integer(), nullable=False),
        sa.Column("visited_on", sa.Date(), nullable=False),
        sa.Column("visitors", sa.String(length=500), nullable=False),
        sa.Column("findings", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("recorded_by_id", sa.Integer(), nullable=True),
        sa.Column("recorded_at", UtcDateTime(timezone=True), nullable=False),
        sa.CheckConstraint("findings <> ''", name=op.f("ck_site_visits_findings")),
        sa.ForeignKeyConstraint(["entry_id"], ["entries.id"], name=op.f("fk_site_visits_entry_id")),
        sa.ForeignKeyConstraint(["recorded_by_id"], ["users.id"], name=op.f("fk_site_visits_recorded_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_site_visits")),
    )
    with op.batch_alter_table("site_visits", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_site_visits_entry_id"), ["entry_id"], unique=False)

    op.create_table(
        "keyed_sheets",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("sheet_id", sa.Integer(), nullable=False),
        sa.Column("keyed_by_id", sa.Integer(), nullable=False),
        sa.Column("marks", CanonicalJson(), nullable=False),
        sa.Column("remark", sa.Text(), nullable=False),
        sa.Column("keyed_at", UtcDateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["keyed_by_id"], ["users.id"], name=op.f("fk_keyed_sheets_keyed_by_id")),
        sa.ForeignKeyConstraint(["sheet_id"], ["score_sheets.id"], name=op.f("fk_keyed_sheets_sheet_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_keyed_sheets")),
        sa.UniqueConstraint("sheet_id", "keyed_by_id", name=op.f("uq_keyed_sheets_sheet_id_keyed_by_id")),
    )
    with op.batch_alter_table("keyed_sheets", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_keyed_sheets_keyed_by_id"), ["keyed_by_id"], unique=False)

    op.create_table(
        "site_visit_photos",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("visit_id", sa.Integer(), nullable=False),
        sa.Column("file_sha256", sa.String(length=64), nullable=False),
        sa.Column("name", sa.String(length=255), nullable=False),
        sa.Column("added_at", UtcDateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["file_sha256"], ["stored_files.sha256"], name=op.f("fk_site_visit_photos_file_sha256")
        ),
        sa.ForeignKeyConstraint(
            ["visit_id"], ["site_visits.id"], name=op.f("fk_site_visit_photos_visit_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_site_visit_photos")),
    )
    with op.batch_alter_table("site_visit_photos", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_site_visit_photos_visit_id"), ["visit_id"], unique=False)

    with op.batch_alter_table("computations", schema=None) as batch_op:
        batch_op.add_column(sa.Column("pass_no", sa.Integer(), server_default="1", nullable=False))
        batch_op.add_column(sa.Column("reason", sa.Text(), server_default="", nullable=False))

    with op.batch_alter_table("contests", schema=None) as batch_op:
        batch_op.add_column(sa.Column("current_pass", sa.Integer(), server_default="1", nullable=False))

    with op.batch_alter_table("criteria", schema=None) as batch_op:
        batch_op.add_column(sa.Column("parent_code", sa.String(length=20), server_default="", nullable=False))
        batch_op.add_column(sa.Column("group_code", sa.String(length=4), server_default="", nullable=False))
        batch_op.add_column(sa.Column("guidance_vi", sa.Text(), server_default="", nullable=False))
        batch_op.add_column(sa.Column("guidance_en", sa.Text(), server_default="", nullable=False))
        batch_op.create_check_constraint(
            op.f("ck_criteria_level_one_serves_all_groups"), "group_code = '' OR parent_code <> ''"
        )
        batch_op.drop_constraint(batch_op.f("uq_criteria_rubric_version_id_code"), type_="unique")
        batch_op.create_unique_constraint(
            batch_op.f("uq_criteria_rubric_version_id_code_group_code"),
            ["rubric_version_id", "code", "group_code"],
        )

    with op.batch_alter_table("results", schema=None) as batch_op:
        _outcomes(
            batch_op, "'not_scored', 'not_advanced', 'below', 'reached', 'tied', 'selected'", NOT_RANKED
        )
        batch_op.add_column(sa.Column("prize", sa.String(length=20), nullable=True))
        batch_op.add_column(sa.Column("prize_tied", sa.Boolean(), server_default=sa.false(), nullable=False))

    with op.batch_alter_table("rubric_versions", schema=None) as batch_op:
        batch_op.add_column(sa.Column("territory_id", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("based_on_id", sa.Integer(), nullable=True))
        batch_op.add_column(
            sa.Column(
                "state",
                sa.Enum(
                    "draft",
                    "published",
                    name="rubricstate",
                    native_enum=False,
                    create_constraint=True,
                    length=40,
                ),
                server_default="published",
                nullable=False,
            )
        )
        batch_op.add_column(sa.Column("version", sa.Integer(), server_default="1", nullable=False))
        batch_op.create_index(batch_op.f("ix_rubric_versions_territory_id"), ["territory_id"], unique=False)
        batch_op.create_foreign_key(
            batch_op.f("fk_rubric_versions_based_on_id"), "rubric_versions", ["based_on_id"], ["id"]
        )
        batch_op.create_foreign_key(
            batch_op.f("fk_rubric_versions_territory_id"), "territories", ["territory_id"], ["id"]
        )


def downgrade() -> None:
    """Undo. Rubrics of one's own or with lines go, unless a contest uses one: then its references refuse it."""
    gone = "territory_id IS NOT NULL OR id IN (SELECT rubric_version_id FROM criteria WHERE parent_code <> '')"
    op.execute("UPDATE rubric_versions SET based_on_id = NULL")
    op.execute(f"DELETE FROM criteria WHERE rubric_version_id IN (SELECT id FROM rubric_versions WHERE {gone})")
    op.execute("DELETE FROM rubric_versions WHERE id NOT IN (SELECT rubric_version_id FROM criteria)")
    with op.batch_alter_table("rubric_versions", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("fk_rubric_versions_territory_id"), type_="foreignkey")
        batch_op.drop_constraint(batch_op.f("fk_rubric_versions_based_on_id"), type_="foreignkey")
        batch_op.drop_index(batch_op.f("ix_rubric_versions_territory_id"))
        batch_op.drop_constraint(op.f("ck_rubric_versions_rubricstate"), type_="check")
        batch_op.drop_column("version")
        batch_op.drop_column("state")
        batch_op.drop_column("based_on_id")
        batch_op.drop_column("territory_id")

    with op.batch_alter_table("results", schema=None) as batch_op:
        _outcomes(batch_op, "'not_scored', 'below', 'reached', 'tied', 'selected'", "outcome = 'not_scored'")
        batch_op.drop_column("prize_tied")
        batch_op.drop_column("prize")

    with op.batch_alter_table("criteria", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("uq_criteria_rubric_version_id_code_group_code"), type_="unique")
        batch_op.create_unique_constraint(
            batch_op.f("uq_criteria_rubric_version_id_code"), ["rubric_version_id", "code"]
        )
        batch_op.drop_constraint(op.f("ck_criteria_level_one_serves_all_groups"), type_="check")
        batch_op.drop_column("guidance_en")
        batch_op.drop_column("guidance_vi")
        batch_op.drop_column("group_code")
        batch_op.drop_column("parent_code")

    with op.batch_alter_table("contests", schema=None) as batch_op:
        batch_op.drop_column("current_pass")

    with op.batch_alter_table("computations", schema=None) as batch_op:
        batch_op.drop_column("reason")
        batch_op.drop_column("pass_no")

    with op.batch_alter_table("site_visit_photos", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_site_visit_photos_visit_id"))

    op.drop_table("site_visit_photos")
    with op.batch_alter_table("keyed_sheets", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_keyed_sheets_keyed_by_id"))

    op.drop_table("keyed_sheets")
    with op.batch_alter_table("site_visits", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_site_visits_entry_id"))

    op.drop_table("site_visits")
    op.drop_table("discussions")
    with op.batch_alter_table("sheet_imports", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_sheet_imports_contest_id"))

    op.drop_table("sheet_imports")
