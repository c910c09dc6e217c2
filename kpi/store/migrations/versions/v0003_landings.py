"""Landings: the chance of each status and the rate still needed beside a KPI's forecast, and forecasts of scores."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

# Empty in the rows of runs made before.
_ADDED = ("green", "amber", "red", "needed", "expected")


def upgrade() -> None:
    for name in _ADDED:
        op.add_column("forecast_value", sa.Column(name, sa.Double))
    op.add_column("forecast_value", sa.Column("reason", sa.Text))
    op.create_table(
        "forecast_score",
        sa.Column("run_id", sa.Text, nullable=False),
        sa.Column("position", sa.Integer, nullable=False),
        *(sa.Column(name, sa.Text, nullable=False) for name in ("kind", "code", "org_unit", "period", "window")),
        *(
            sa.Column(name, sa.Double, nullable=False)
            for name in ("p10", "p50", "p90", "green", "amber", "red", "coverage")
        ),
        sa.PrimaryKeyConstraint("run_id", "position", name="pk_forecast_score"),
        sa.ForeignKeyConstraint(["run_id"], ["forecast_run.run_id"], name="fk_forecast_score_run_id"),
    )


def downgrade() -> None:
    op.drop_table("forecast_score")
    for name in ("reason", *reversed(_ADDED)):
        op.drop_column("forecast_value", name)
