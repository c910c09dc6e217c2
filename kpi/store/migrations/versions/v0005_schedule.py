"""The schedule: rules, the runs that they led to, and where schedulers were last at work."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "schedule_rule",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("body", sa.Text, nullable=False),
        sa.Column("paused", sa.Boolean, nullable=False),
        _moment("since", nullable=False),
        sa.Column("since_snapshot", sa.Integer, nullable=False),
        _moment("added_at", nullable=False),
        sa.Column("added_by", sa.Text, nullable=False),
        _moment("removed_at"),
        sa.PrimaryKeyConstraint("id", name="pk_schedule_rule"),
    )
    op.create_table(
        "scheduled_run",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("rule_id", sa.Integer, nullable=False),
        sa.Column("occasion", sa.Text, nullable=False),
        _moment("due_at", nullable=False),
        sa.Column("snapshot_id", sa.Integer),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("attempts", sa.Integer, nullable=False),
        _moment("not_before", nullable=False),
        sa.Column("owner", sa.Text, nullable=False),
        sa.Column("place", sa.Text, nullable=False),
        _moment("lease_until"),
        _moment("started_at"),
        _moment("finished_at"),
        sa.Column("run_id", sa.Text, nullable=False),
        sa.Column("message", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_scheduled_run"),
        sa.ForeignKeyConstraint(["rule_id"], ["schedule_rule.id"], name="fk_scheduled_run_rule_id"),
        sa.ForeignKeyConstraint(["snapshot_id"], ["snapshot.id"], name="fk_scheduled_run_snapshot_id"),
        sa.UniqueConstraint("rule_id", "occasion", name="uq_scheduled_run_rule_id_occasion"),
    )
    op.create_table(
        "scheduler",
        sa.Column("place", sa.Text, nullable=False),
        _moment("seen_at", nullable=False),
        sa.PrimaryKeyConstraint("place", name="pk_scheduler"),
    )


def _moment(name: str, nullable: bool = True) -> sa.Column[object]:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)


def downgrade() -> None:
    for table in ("scheduler", "scheduled_run", "schedule_rule"):
        op.drop_table(table)
