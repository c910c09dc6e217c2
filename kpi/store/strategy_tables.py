"""The tables of strategies."""

from sqlalchemy import Column, Integer, PrimaryKeyConstraint, Table, Text

from kpi.store import tables
from kpi.store.types import UtcDateTime

metadata = tables.metadata

# ``body`` is the whole strategy as JSON; the highest version of a scorecard counts. The database refuses to change or
# drop one.
strategy_version = Table(
    "strategy_version",
    metadata,
    Column("scorecard", Text, nullable=False),
    Column("version", Integer, nullable=False, autoincrement=False),
    Column("part", Text, nullable=False),
    Column("body", Text, nullable=False),
    Column("saved_at", UtcDateTime, nullable=False),
    Column("saved_by", Text, nullable=False),
    Column("reason", Text, nullable=False),
    PrimaryKeyConstraint("scorecard", "version"),
)

# What somebody has entered and not yet saved, as JSON; ``base`` is the version that it began with.
strategy_draft = Table(
    "strategy_draft",
    metadata,
    Column("scorecard", Text, nullable=False),
    Column("author", Text, nullable=False),
    Column("part", Text, nullable=False),
    Column("base", Integer, nullable=False),
    Column("form", Text, nullable=False),
    Column("changed_at", UtcDateTime, nullable=False),
    PrimaryKeyConstraint("scorecard", "author", "part"),
)
