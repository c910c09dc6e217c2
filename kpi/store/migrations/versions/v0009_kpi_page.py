"""Wider percentiles of forecasts; comments and action plans on KPIs."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

# Empty in the rows of runs made before.
_FAN = ("p2_5", "p25", "p75", "p97_5")
_APPEND_ONLY = "notes are append-only"


def upgrade() -> None:
    for name in _FAN:
        op.add_column("forecast_value", sa.Column(name, sa.Double))
    op.create_table(
        "kpi_note",
        sa.Column("id", sa.Integer, nullable=False),
        *(sa.Column(name, sa.Text, nullable=False) for name in ("kind", "kpi", "org_unit", "quarter", "text")),
        sa.Column("owner", sa.Text),
        sa.Column("due", sa.Text),
        sa.Column("about", sa.Integer),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("made_by", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_kpi_note"),
        sa.ForeignKeyConstraint(["about"], ["kpi_note.id"], name="fk_kpi_note_about"),
    )
    op.create_index("ix_kpi_note_place", "kpi_note", ["kpi", "org_unit"])
    if op.get_bind().dialect.name == "postgresql":
        _guard_postgresql()
    else:
        _guard_sqlite()


def _guard_sqlite() -> None:
    for event in ("UPDATE", "DELETE"):
        op.execute(
            f"CREATE TRIGGER kpi_note_no_{event.lower()} BEFORE {event} ON kpi_note "
            f"BEGIN SELECT RAISE(ABORT, '{_APPEND_ONLY}'); END"
        )


def _guard_postgresql() -> None:
    op.execute(
        "CREATE FUNCTION scorecast_kpi_note_append_only() RETURNS trigger LANGUAGE plpgsql AS "
        f"$$ BEGIN RAISE EXCEPTION '{_APPEND_ONLY}'; END $$"
    )
    op.execute(
        "CREATE TRIGGER kpi_note_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON kpi_note "
        "FOR EACH STATEMENT EXECUTE FUNCTION scorecast_kpi_note_append_only()"
    )


def downgrade() -> None:
    op.drop_table("kpi_note")
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP FUNCTION scorecast_kpi_note_append_only()")
    for name in reversed(_FAN):
        op.drop_column("forecast_value", name)
