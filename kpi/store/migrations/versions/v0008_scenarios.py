"""Scenarios: what people assume of coming quarters, and which of them were withdrawn."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

_TABLES = ("scenario", "scenario_withdrawal")
_APPEND_ONLY = "scenarios are append-only"


def upgrade() -> None:
    moment = sa.DateTime(timezone=True)
    op.create_table(
        "scenario",
        sa.Column("id", sa.Integer, nullable=False, autoincrement=False),
        *(sa.Column(name, sa.Text, nullable=False) for name in ("hash", "name")),
        sa.Column("snapshot_id", sa.Integer, nullable=False),
        *(sa.Column(name, sa.Text, nullable=False) for name in ("snapshot_hash", "run_id", "changes")),
        sa.Column("based_on", sa.Integer),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("made_at", moment, nullable=False),
        sa.Column("made_by", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_scenario"),
        sa.ForeignKeyConstraint(["snapshot_id"], ["snapshot.id"], name="fk_scenario_snapshot_id"),
        sa.ForeignKeyConstraint(["run_id"], ["forecast_run.run_id"], name="fk_scenario_run_id"),
        sa.ForeignKeyConstraint(["based_on"], ["scenario.id"], name="fk_scenario_based_on"),
    )
    op.create_index("ix_scenario_hash", "scenario", ["hash"])
    op.create_table(
        "scenario_withdrawal",
        sa.Column("scenario_id", sa.Integer, nullable=False, autoincrement=False),
        sa.Column("withdrawn_at", moment, nullable=False),
        *(sa.Column(name, sa.Text, nullable=False) for name in ("withdrawn_by", "why")),
        sa.PrimaryKeyConstraint("scenario_id", name="pk_scenario_withdrawal"),
        sa.ForeignKeyConstraint(["scenario_id"], ["scenario.id"], name="fk_scenario_withdrawal_scenario_id"),
    )
    if op.get_bind().dialect.name == "postgresql":
        _guard_postgresql()
    else:
        _guard_sqlite()


def _guard_sqlite() -> None:
    for table in _TABLES:
        for event in ("UPDATE", "DELETE"):
            op.execute(
                f"CREATE TRIGGER {table}_no_{event.lower()} BEFORE {event} ON {table} "
                f"BEGIN SELECT RAISE(ABORT, '{_APPEND_ONLY}'); END"
            )


def _guard_postgresql() -> None:
    op.execute(
        "CREATE FUNCTION scorecast_scenario_append_only() RETURNS trigger LANGUAGE plpgsql AS "
        f"$$ BEGIN RAISE EXCEPTION '{_APPEND_ONLY}'; END $$"
    )
    for table in _TABLES:
        op.execute(
            f"CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON {table} "
            "FOR EACH STATEMENT EXECUTE FUNCTION scorecast_scenario_append_only()"
        )


def downgrade() -> None:
    for table in reversed(_TABLES):
        op.drop_table(table)
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP FUNCTION scorecast_scenario_append_only()")
