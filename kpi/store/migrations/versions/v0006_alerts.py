"""Alerts: rules, what they raised, and by which channel it is told."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

_LIVE = sa.text("over_at IS NULL")


def upgrade() -> None:
    moment = sa.DateTime(timezone=True)
    op.create_table(
        "alert_rule",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("body", sa.Text, nullable=False),
        sa.Column("changed_at", moment, nullable=False),
        sa.Column("changed_by", sa.Text, nullable=False),
        sa.Column("withdrawn_at", moment),
        sa.PrimaryKeyConstraint("id", name="pk_alert_rule"),
    )
    op.create_table(
        "alert",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("rule_id", sa.Integer, nullable=False),
        *(sa.Column(name, sa.Text, nullable=False) for name in ("kpi", "org_unit", "turn", "occasion")),
        *(sa.Column(name, sa.Text, nullable=False) for name in ("first_run", "last_run")),
        sa.Column("raised_at", moment, nullable=False),
        sa.Column("acknowledged_at", moment),
        sa.Column("acknowledged_by", sa.Text),
        sa.Column("note", sa.Text),
        sa.Column("over_at", moment),
        sa.PrimaryKeyConstraint("id", name="pk_alert"),
        sa.ForeignKeyConstraint(["rule_id"], ["alert_rule.id"], name="fk_alert_rule_id"),
        sa.ForeignKeyConstraint(["first_run"], ["forecast_run.run_id"], name="fk_alert_first_run"),
        sa.ForeignKeyConstraint(["last_run"], ["forecast_run.run_id"], name="fk_alert_last_run"),
    )
    op.create_index(
        "uq_alert_live",
        "alert",
        ["rule_id", "kpi", "org_unit", "turn"],
        unique=True,
        sqlite_where=_LIVE,
        postgresql_where=_LIVE,
    )
    op.create_table(
        "alert_delivery",
        sa.Column("alert_id", sa.Integer, nullable=False),
        sa.Column("channel", sa.Text, nullable=False),
        sa.Column("sent_at", moment),
        sa.PrimaryKeyConstraint("alert_id", "channel", name="pk_alert_delivery"),
        sa.ForeignKeyConstraint(["alert_id"], ["alert.id"], name="fk_alert_delivery_alert_id"),
    )


def downgrade() -> None:
    for table in ("alert_delivery", "alert", "alert_rule"):
        op.drop_table(table)
