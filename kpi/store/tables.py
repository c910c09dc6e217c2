"""The tables. ``SCHEMA_REVISION`` is the migration that these definitions describe."""

from sqlalchemy import (
    Boolean,
    Column,
    Double,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    PrimaryKeyConstraint,
    Table,
    Text,
    UniqueConstraint,
    text,
)

from kpi.store.types import ExactDecimal, UtcDateTime

SCHEMA_REVISION = "0006"

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)

workbook = Table(
    "workbook",
    metadata,
    Column("sha256", Text, primary_key=True),
    Column("filename", Text, nullable=False),
    Column("size", Integer, nullable=False),
    Column("received_at", UtcDateTime, nullable=False),
    Column("received_by", Text, nullable=False),
    Column("content", LargeBinary, nullable=False),
)

snapshot = Table(
    "snapshot",
    metadata,
    # Given by the store, one more than the last, so that there are no gaps.
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("content_hash", Text, nullable=False),
    Column("parent_id", ForeignKey("snapshot.id"), unique=True),
    Column("upload_id", ForeignKey("upload.id"), nullable=False, unique=True),
    Column("fact_count", Integer, nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
    Column("created_by", Text, nullable=False),
    Column("reason", Text, nullable=False),
)

# ``findings`` and ``corrections`` are JSON. The snapshot that came of an upload is the one that names it.
upload = Table(
    "upload",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("workbook", ForeignKey("workbook.sha256"), nullable=False, index=True),
    Column("state", Text, nullable=False),
    Column("findings", Text, nullable=False),
    Column("fact_count", Integer, nullable=False),
    Column("checked_at", UtcDateTime, nullable=False),
    Column("checked_by", Text, nullable=False),
    Column("decided_at", UtcDateTime),
    Column("decided_by", Text),
    Column("reason", Text),
    Column("corrections", Text),
)

# The newest row of a shape counts; the database refuses to change or drop one.
workbook_shape = Table(
    "workbook_shape",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("shape", Text, nullable=False, index=True),
    Column("corrections", Text, nullable=False),
    Column("remembered_at", UtcDateTime, nullable=False),
    Column("remembered_by", Text, nullable=False),
)

# ``conversions`` is a JSON list.
upload_fact = Table(
    "upload_fact",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("upload_id", ForeignKey("upload.id"), nullable=False, index=True),
    Column("measure", Text, nullable=False),
    Column("org_unit", Text, nullable=False),
    Column("period", Text, nullable=False),
    Column("scenario", Text, nullable=False),
    Column("value", ExactDecimal, nullable=False),
    Column("sheet", Text, nullable=False),
    Column("cell", Text, nullable=False),
    Column("text", Text, nullable=False),
    Column("conversions", Text, nullable=False),
)

# Snapshot N is every row with added_in <= N that no snapshot up to N superseded; rows are never deleted.
fact = Table(
    "fact",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("measure", Text, nullable=False),
    Column("org_unit", Text, nullable=False),
    Column("period", Text, nullable=False),
    Column("scenario", Text, nullable=False),
    Column("value", ExactDecimal, nullable=False),
    Column("origin", ForeignKey("upload_fact.id"), nullable=False),
    Column("added_in", ForeignKey("snapshot.id"), nullable=False),
    Column("superseded_in", ForeignKey("snapshot.id")),
    UniqueConstraint("measure", "org_unit", "period", "scenario", "added_in", name="uq_fact_key"),
)
Index(
    "uq_fact_live",
    fact.c.measure,
    fact.c.org_unit,
    fact.c.period,
    fact.c.scenario,
    unique=True,
    sqlite_where=text("superseded_in IS NULL"),
    postgresql_where=text("superseded_in IS NULL"),
)

# ``body`` is the whole organisation as JSON; the highest version counts.
organisation = Table(
    "organisation",
    metadata,
    Column("version", Integer, primary_key=True, autoincrement=False),
    Column("body", Text, nullable=False),
    Column("saved_at", UtcDateTime, nullable=False),
    Column("saved_by", Text, nullable=False),
    Column("reason", Text, nullable=False),
)

audit_log = Table(
    "audit_log",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("at", UtcDateTime, nullable=False),
    Column("actor", Text, nullable=False),
    Column("action", Text, nullable=False),
    Column("subject", Text, nullable=False),
    Column("detail", Text, nullable=False),
    Column("previous", Text, nullable=False),
    Column("hash", Text, nullable=False),
)

forecast_run = Table(
    "forecast_run",
    metadata,
    Column("run_id", Text, primary_key=True),
    Column("snapshot_id", ForeignKey("snapshot.id"), nullable=False),
    Column("state", Text, nullable=False),
    Column("progress", Double, nullable=False),
    Column("message", Text, nullable=False),
    Column("started_at", UtcDateTime, nullable=False),
    Column("finished_at", UtcDateTime),
    Column("started_by", Text, nullable=False),
    Column("numerics", Text, nullable=False),
    Column("device", Text, nullable=False),
    Column("weights_digest", Text, nullable=False),
    Column("forecast_digest", Text, nullable=False),
    Column("passport", Text, nullable=False),
    Column("seal", Text, nullable=False, server_default=text("''")),
)

# A person's own landing beside the forecast. Decisions are filled in once and never changed.
overlay = Table(
    "overlay",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("kpi", Text, nullable=False),
    Column("org_unit", Text, nullable=False),
    Column("year_end", Text, nullable=False),
    Column("value", ExactDecimal, nullable=False),
    Column("reason", Text, nullable=False),
    Column("made_at", UtcDateTime, nullable=False),
    Column("made_by", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("decided_at", UtcDateTime),
    Column("decided_by", Text),
    Column("decision_reason", Text),
)

# The database refuses to change or drop a line.
journal = Table(
    "journal",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("line", Text, nullable=False),
)

# ``position`` keeps the order in which the forecaster gave its rows.
forecast_value = Table(
    "forecast_value",
    metadata,
    Column("run_id", Text, nullable=False),
    Column("position", Integer, nullable=False),
    Column("kpi", Text, nullable=False),
    Column("org_unit", Text, nullable=False),
    Column("period", Text, nullable=False),
    Column("window", Text, nullable=False),
    Column("p10", Double, nullable=False),
    Column("p50", Double, nullable=False),
    Column("p90", Double, nullable=False),
    Column("chance", Double),
    Column("green", Double),
    Column("amber", Double),
    Column("red", Double),
    Column("needed", Double),
    Column("expected", Double),
    Column("reason", Text),
    PrimaryKeyConstraint("run_id", "position"),
    ForeignKeyConstraint(["run_id"], ["forecast_run.run_id"]),
)

forecast_score = Table(
    "forecast_score",
    metadata,
    Column("run_id", Text, nullable=False),
    Column("position", Integer, nullable=False),
    Column("kind", Text, nullable=False),
    Column("code", Text, nullable=False),
    Column("org_unit", Text, nullable=False),
    Column("period", Text, nullable=False),
    Column("window", Text, nullable=False),
    Column("p10", Double, nullable=False),
    Column("p50", Double, nullable=False),
    Column("p90", Double, nullable=False),
    Column("green", Double, nullable=False),
    Column("amber", Double, nullable=False),
    Column("red", Double, nullable=False),
    Column("coverage", Double, nullable=False),
    PrimaryKeyConstraint("run_id", "position"),
    ForeignKeyConstraint(["run_id"], ["forecast_run.run_id"]),
)

# ``body`` is the rule as JSON; what happened up to ``since`` and snapshots up to ``since_snapshot`` do not concern it.
schedule_rule = Table(
    "schedule_rule",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("body", Text, nullable=False),
    Column("paused", Boolean, nullable=False),
    Column("since", UtcDateTime, nullable=False),
    Column("since_snapshot", Integer, nullable=False),
    Column("added_at", UtcDateTime, nullable=False),
    Column("added_by", Text, nullable=False),
    Column("removed_at", UtcDateTime),
)

# One for each occasion of a rule, whoever sees it first; ``owner`` has it until ``lease_until``.
scheduled_run = Table(
    "scheduled_run",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("rule_id", ForeignKey("schedule_rule.id"), nullable=False),
    Column("occasion", Text, nullable=False),
    Column("due_at", UtcDateTime, nullable=False),
    Column("snapshot_id", ForeignKey("snapshot.id")),
    Column("state", Text, nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("not_before", UtcDateTime, nullable=False),
    Column("owner", Text, nullable=False),
    Column("place", Text, nullable=False),
    Column("lease_until", UtcDateTime),
    Column("started_at", UtcDateTime),
    Column("finished_at", UtcDateTime),
    Column("run_id", Text, nullable=False),
    Column("message", Text, nullable=False),
    UniqueConstraint("rule_id", "occasion"),
)

# When a scheduler of each place was last at work.
scheduler = Table(
    "scheduler",
    metadata,
    Column("place", Text, primary_key=True),
    Column("seen_at", UtcDateTime, nullable=False),
)

# ``body`` is the rule as JSON. A rule is never deleted: what it raised stays readable.
alert_rule = Table(
    "alert_rule",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("body", Text, nullable=False),
    Column("changed_at", UtcDateTime, nullable=False),
    Column("changed_by", Text, nullable=False),
    Column("withdrawn_at", UtcDateTime),
)

# ``occasion`` is JSON: what the rule saw when it was judged last.
alert = Table(
    "alert",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("rule_id", ForeignKey("alert_rule.id"), nullable=False),
    Column("kpi", Text, nullable=False),
    Column("org_unit", Text, nullable=False),
    Column("turn", Text, nullable=False),
    Column("occasion", Text, nullable=False),
    Column("first_run", ForeignKey("forecast_run.run_id"), nullable=False),
    Column("last_run", ForeignKey("forecast_run.run_id"), nullable=False),
    Column("raised_at", UtcDateTime, nullable=False),
    Column("acknowledged_at", UtcDateTime),
    Column("acknowledged_by", Text),
    Column("note", Text),
    Column("over_at", UtcDateTime),
)
# The same matter is raised once as long as it goes on, whoever writes.
Index(
    "uq_alert_live",
    alert.c.rule_id,
    alert.c.kpi,
    alert.c.org_unit,
    alert.c.turn,
    unique=True,
    sqlite_where=text("over_at IS NULL"),
    postgresql_where=text("over_at IS NULL"),
)

# A row for each alert and channel that it is to be told by, made together with the alert.
alert_delivery = Table(
    "alert_delivery",
    metadata,
    Column("alert_id", Integer, nullable=False),
    Column("channel", Text, nullable=False),
    Column("sent_at", UtcDateTime),
    PrimaryKeyConstraint("alert_id", "channel"),
    ForeignKeyConstraint(["alert_id"], ["alert.id"]),
)

# Holds ``audit_head``; every writer locks that row first, which puts writers in a queue.
meta = Table("meta", metadata, Column("name", Text, primary_key=True), Column("value", Text, nullable=False))
