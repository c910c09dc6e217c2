"""The first tables, and the guard that keeps the audit log append-only."""

import json

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

_MOMENT = sa.DateTime(timezone=True)
_KEY = ("measure", "org_unit", "period", "scenario")
_GENESIS = {"id": 0, "hash": "0" * 64}
_APPEND_ONLY = "the audit log is append-only"


def upgrade() -> None:
    _intake_tables()
    _snapshot_tables()
    _audit_tables()
    _run_tables()
    if op.get_bind().dialect.name == "postgresql":
        _guard_postgresql()
    else:
        _guard_sqlite()


def _texts(*names: str) -> list[sa.Column[str]]:
    return [sa.Column(name, sa.Text, nullable=False) for name in names]


def _intake_tables() -> None:
    op.create_table(
        "workbook",
        *_texts("sha256", "filename"),
        sa.Column("size", sa.Integer, nullable=False),
        sa.Column("received_at", _MOMENT, nullable=False),
        *_texts("received_by"),
        sa.Column("content", sa.LargeBinary, nullable=False),
        sa.PrimaryKeyConstraint("sha256", name="pk_workbook"),
    )
    op.create_table(
        "upload",
        sa.Column("id", sa.Integer, nullable=False),
        *_texts("workbook", "state", "findings"),
        sa.Column("fact_count", sa.Integer, nullable=False),
        sa.Column("checked_at", _MOMENT, nullable=False),
        *_texts("checked_by"),
        sa.Column("decided_at", _MOMENT),
        sa.Column("decided_by", sa.Text),
        sa.Column("reason", sa.Text),
        sa.PrimaryKeyConstraint("id", name="pk_upload"),
        sa.ForeignKeyConstraint(["workbook"], ["workbook.sha256"], name="fk_upload_workbook"),
    )
    op.create_index("ix_upload_workbook", "upload", ["workbook"])
    op.create_table(
        "upload_fact",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("upload_id", sa.Integer, nullable=False),
        *_texts(*_KEY, "value", "sheet", "cell", "text", "conversions"),
        sa.PrimaryKeyConstraint("id", name="pk_upload_fact"),
        sa.ForeignKeyConstraint(["upload_id"], ["upload.id"], name="fk_upload_fact_upload_id"),
    )
    op.create_index("ix_upload_fact_upload_id", "upload_fact", ["upload_id"])


def _snapshot_tables() -> None:
    op.create_table(
        "snapshot",
        sa.Column("id", sa.Integer, autoincrement=False, nullable=False),
        *_texts("content_hash"),
        sa.Column("parent_id", sa.Integer),
        sa.Column("upload_id", sa.Integer, nullable=False),
        sa.Column("fact_count", sa.Integer, nullable=False),
        sa.Column("created_at", _MOMENT, nullable=False),
        *_texts("created_by", "reason"),
        sa.PrimaryKeyConstraint("id", name="pk_snapshot"),
        sa.UniqueConstraint("parent_id", name="uq_snapshot_parent_id"),
        sa.UniqueConstraint("upload_id", name="uq_snapshot_upload_id"),
        sa.ForeignKeyConstraint(["parent_id"], ["snapshot.id"], name="fk_snapshot_parent_id"),
        sa.ForeignKeyConstraint(["upload_id"], ["upload.id"], name="fk_snapshot_upload_id"),
    )
    op.create_table(
        "fact",
        sa.Column("id", sa.Integer, nullable=False),
        *_texts(*_KEY, "value"),
        sa.Column("origin", sa.Integer, nullable=False),
        sa.Column("added_in", sa.Integer, nullable=False),
        sa.Column("superseded_in", sa.Integer),
        sa.PrimaryKeyConstraint("id", name="pk_fact"),
        sa.UniqueConstraint(*_KEY, "added_in", name="uq_fact_key"),
        sa.ForeignKeyConstraint(["origin"], ["upload_fact.id"], name="fk_fact_origin"),
        sa.ForeignKeyConstraint(["added_in"], ["snapshot.id"], name="fk_fact_added_in"),
        sa.ForeignKeyConstraint(["superseded_in"], ["snapshot.id"], name="fk_fact_superseded_in"),
    )
    live = sa.text("superseded_in IS NULL")
    op.create_index("uq_fact_live", "fact", [*_KEY], unique=True, sqlite_where=live, postgresql_where=live)


def _audit_tables() -> None:
    op.create_table(
        "organisation",
        sa.Column("version", sa.Integer, autoincrement=False, nullable=False),
        *_texts("body"),
        sa.Column("saved_at", _MOMENT, nullable=False),
        *_texts("saved_by", "reason"),
        sa.PrimaryKeyConstraint("version", name="pk_organisation"),
    )
    op.create_table(
        "audit_log",
        sa.Column("id", sa.Integer, autoincrement=False, nullable=False),
        sa.Column("at", _MOMENT, nullable=False),
        *_texts("actor", "action", "subject", "detail", "previous", "hash"),
        sa.PrimaryKeyConstraint("id", name="pk_audit_log"),
    )
    meta = op.create_table("meta", *_texts("name", "value"), sa.PrimaryKeyConstraint("name", name="pk_meta"))
    op.bulk_insert(meta, [{"name": "audit_head", "value": json.dumps(_GENESIS)}])


def _run_tables() -> None:
    op.create_table(
        "forecast_run",
        *_texts("run_id"),
        sa.Column("snapshot_id", sa.Integer, nullable=False),
        *_texts("state"),
        sa.Column("progress", sa.Double, nullable=False),
        *_texts("message"),
        sa.Column("started_at", _MOMENT, nullable=False),
        sa.Column("finished_at", _MOMENT),
        *_texts("started_by", "numerics", "device", "weights_digest", "forecast_digest", "passport"),
        sa.PrimaryKeyConstraint("run_id", name="pk_forecast_run"),
        sa.ForeignKeyConstraint(["snapshot_id"], ["snapshot.id"], name="fk_forecast_run_snapshot_id"),
    )
    op.create_table(
        "forecast_value",
        *_texts("run_id"),
        sa.Column("position", sa.Integer, nullable=False),
        *_texts("kpi", "org_unit", "period", "window"),
        *(sa.Column(name, sa.Double, nullable=False) for name in ("p10", "p50", "p90")),
        sa.Column("chance", sa.Double),
        sa.PrimaryKeyConstraint("run_id", "position", name="pk_forecast_value"),
        sa.ForeignKeyConstraint(["run_id"], ["forecast_run.run_id"], name="fk_forecast_value_run_id"),
    )


def _guard_sqlite() -> None:
    for event in ("UPDATE", "DELETE"):
        op.execute(
            f"CREATE TRIGGER audit_log_no_{event.lower()} BEFORE {event} ON audit_log "
            f"BEGIN SELECT RAISE(ABORT, '{_APPEND_ONLY}'); END"
        )


def _guard_postgresql() -> None:
    op.execute(
        "CREATE FUNCTION scorecast_append_only() RETURNS trigger LANGUAGE plpgsql AS "
        f"$$ BEGIN RAISE EXCEPTION '{_APPEND_ONLY}'; END $$"
    )
    op.execute(
        "CREATE TRIGGER audit_log_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON audit_log "
        "FOR EACH STATEMENT EXECUTE FUNCTION scorecast_append_only()"
    )


def downgrade() -> None:
    for name in ("forecast_value", "forecast_run", "meta", "audit_log", "organisation"):
        op.drop_table(name)
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP FUNCTION scorecast_append_only()")
    for name in ("fact", "snapshot", "upload_fact", "upload", "workbook"):
        op.drop_table(name)
