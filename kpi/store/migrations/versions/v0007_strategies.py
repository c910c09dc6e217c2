"""Strategies in versions that are only ever added, and drafts of them."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

_APPEND_ONLY = "versions of a strategy are append-only"


def upgrade() -> None:
    moment = sa.DateTime(timezone=True)
    op.create_table(
        "strategy_version",
        sa.Column("scorecard", sa.Text, nullable=False),
        sa.Column("version", sa.Integer, nullable=False, autoincrement=False),
        *(sa.Column(name, sa.Text, nullable=False) for name in ("part", "body")),
        sa.Column("saved_at", moment, nullable=False),
        *(sa.Column(name, sa.Text, nullable=False) for name in ("saved_by", "reason")),
        sa.PrimaryKeyConstraint("scorecard", "version", name="pk_strategy_version"),
    )
    op.create_table(
        "strategy_draft",
        *(sa.Column(name, sa.Text, nullable=False) for name in ("scorecard", "author", "part")),
        sa.Column("base", sa.Integer, nullable=False),
        sa.Column("form", sa.Text, nullable=False),
        sa.Column("changed_at", moment, nullable=False),
        sa.PrimaryKeyConstraint("scorecard", "author", "part", name="pk_strategy_draft"),
    )
    if op.get_bind().dialect.name == "postgresql":
        _guard_postgresql()
    else:
        _guard_sqlite()


def _guard_sqlite() -> None:
    for event in ("UPDATE", "DELETE"):
        op.execute(
            f"CREATE TRIGGER strategy_version_no_{event.lower()} BEFORE {event} ON strategy_version "
            f"BEGIN SELECT RAISE(ABORT, '{_APPEND_ONLY}'); END"
        )


def _guard_postgresql() -> None:
    op.execute(
        "CREATE FUNCTION scorecast_strategies_append_only() RETURNS trigger LANGUAGE plpgsql AS "
        f"$$ BEGIN RAISE EXCEPTION '{_APPEND_ONLY}'; END $$"
    )
    op.execute(
        "CREATE TRIGGER strategy_version_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON strategy_version "
        "FOR EACH STATEMENT EXECUTE FUNCTION scorecast_strategies_append_only()"
    )


def downgrade() -> None:
    op.drop_table("strategy_draft")
    op.drop_table("strategy_version")
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP FUNCTION scorecast_strategies_append_only()")
