"""The tables of forecasts and of what runs them. ``SCHEMA_REVISION`` is the migration that all definitions, those of
:mod:`kpi.store.tables` and :mod:`kpi.store.strategy_tables` too, describe."""

from sqlalchemy import (
    Boolean,
    Column,
    Double,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Integer,
    PrimaryKeyConstraint,
    Table,
    Text,
    UniqueConstraint,
    text,
)

from kpi.store import strategy_tables
from kpi.store.types import ExactDecimal, UtcDateTime

SCHEMA_REVISION = "0009"

metadata = strategy_tables.metadata  # of all tables

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
    Column("p2_5", Double),
    Column("p25", Double),
    Column("p75", Double),
    Column("p97_5", Double),
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

# What people assume of coming quarters; ``changes`` is JSON. Both tables only grow: the database refuses to change or
# drop a row.
scenario = Table(
    "scenario",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("hash", Text, nullable=False, index=True),
    Column("name", Text, nullable=False),
    Column("snapshot_id", ForeignKey("snapshot.id"), nullable=False),
    Column("snapshot_hash", Text, nullable=False),
    Column("run_id", ForeignKey("forecast_run.run_id"), nullable=False),
    Column("changes", Text, nullable=False),
    Column("based_on", ForeignKey("scenario.id")),
    Column("reason", Text, nullable=False),
    Column("made_at", UtcDateTime, nullable=False),
    Column("made_by", Text, nullable=False),
)

scenario_withdrawal = Table(
    "scenario_withdrawal",
    metadata,
    Column("scenario_id", ForeignKey("scenario.id"), primary_key=True, autoincrement=False),
    Column("withdrawn_at", UtcDateTime, nullable=False),
    Column("withdrawn_by", Text, nullable=False),
    Column("why", Text, nullable=False),
)
