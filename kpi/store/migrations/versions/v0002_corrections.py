"""Corrections: those an upload was read with, and those remembered for workbooks of the same form."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

_APPEND_ONLY = "what is remembered of workbooks is append-only"


def upgrade() -> None:
    op.add_column("upload", sa.Column("corrections", sa.Text))
    op.create_table(
        "workbook_shape",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("shape", sa.Text, nullable=False),
        sa.Column("corrections", sa.Text, nullable=False),
        sa.Column("remembered_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("remembered_by", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_workbook_shape"),
    )
    op.create_index("ix_workbook_shape_shape", "workbook_shape", ["shape"])
    if op.get_bind().dialect.name == "postgresql":
        _guard_postgresql()
    else:
        _guard_sqlite()


def _guard_sqlite() -> None:
    for event in ("UPDATE", "DELETE"):
        op.execute(
            f"CREATE TRIGGER workbook_shape_no_{event.lower()} BEFORE {event} ON workbook_shape "
            f"BEGIN SELECT RAISE(ABORT, '{_APPEND_ONLY}'); END"
        )


def _guard_postgresql() -> None:
    op.execute(
        "CREATE FUNCTION scorecast_shapes_append_only() RETURNS trigger LANGUAGE plpgsql AS "
        f"$$ BEGIN RAISE EXCEPTION '{_APPEND_ONLY}'; END $$"
    )
    op.execute(
        "CREATE TRIGGER workbook_shape_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON workbook_shape "
        "FOR EACH STATEMENT EXECUTE FUNCTION scorecast_shapes_append_only()"
    )


def downgrade() -> None:
    op.drop_table("workbook_shape")
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP FUNCTION scorecast_shapes_append_only()")
    op.drop_column("upload", "corrections")
