"""The class of prize that the council gives each entry of its ballot."""

import json

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

contests = sa.table("contests", sa.column("id", sa.Integer), sa.column("rules_json", sa.Text))
computations = sa.table(
    "computations",
    *(sa.column(name, sa.Integer) for name in ("id", "contest_id", "version", "pass_no")),
)
results = sa.table(
    "results",
    sa.column("computation_id", sa.Integer),
    sa.column("entry_id", sa.Integer),
    sa.column("prize", sa.String),
)
ballots = sa.table("ballots", sa.column("id", sa.Integer), sa.column("contest_id", sa.Integer))
items = sa.table(
    "ballot_items",
    sa.column("ballot_id", sa.Integer),
    sa.column("entry_id", sa.Integer),
    sa.column("prize", sa.String),
)


def upgrade() -> None:
    """Apply; the entries of older ballots are given the prizes that the marks make."""
    with op.batch_alter_table("ballot_items") as batch_op:
        batch_op.add_column(sa.Column("prize", sa.String(length=20), nullable=True))
        batch_op.add_column(sa.Column("prize_reason", sa.Text(), server_default="", nullable=False))
    connection = op.get_bind()
    found = connection.execute(
        sa.select(ballots.c.id, ballots.c.contest_id, contests.c.rules_json).join(
            contests, contests.c.id == ballots.c.contest_id
        )
    ).all()
    for ballot_id, contest_id, rules in found:
        deciding = (
            sa.select(computations.c.id)
            .where(
                computations.c.contest_id == contest_id,
                computations.c.pass_no == json.loads(rules).get("deciding_pass", 1),
            )
            .order_by(computations.c.version.desc())
            .limit(1)
        )
        prizes = connection.execute(
            sa.select(results.c.entry_id, results.c.prize).where(
                results.c.computation_id == deciding.scalar_subquery(), results.c.prize.is_not(None)
            )
        ).all()
        for entry_id, prize in prizes:
            of_entry = (items.c.ballot_id == ballot_id, items.c.entry_id == entry_id)
            connection.execute(sa.update(items).where(*of_entry).values(prize=prize))


def downgrade() -> None:
    """Take back."""
    with op.batch_alter_table("ballot_items") as batch_op:
        batch_op.drop_column("prize_reason")
        batch_op.drop_column("prize")
