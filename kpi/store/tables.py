"""The tables of what companies report: workbooks, uploads, facts, snapshots, the organisation, the audit log."""

from sqlalchemy import (
    Column,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    Table,
    Text,
    UniqueConstraint,
    text,
)

from kpi.store.types import ExactDecimal, UtcDateTime

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

# One line each time somebody says something of a KPI; a line ``about`` another closes it or opens it again. The
# database refuses to change or drop one.
kpi_note = Table(
    "kpi_note",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("kind", Text, nullable=False),
    Column("kpi", Text, nullable=False),
    Column("org_unit", Text, nullable=False),
    Column("quarter", Text, nullable=False),
    Column("text", Text, nullable=False),
    Column("owner", Text),
    Column("due", Text),
    Column("about", ForeignKey("kpi_note.id")),
    Column("made_at", UtcDateTime, nullable=False),
    Column("made_by", Text, nullable=False),
)
Index("ix_kpi_note_place", kpi_note.c.kpi, kpi_note.c.org_unit)

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

# Holds ``audit_head``; every writer locks that row first, which puts writers in a queue.
meta = Table("meta", metadata, Column("name", Text, primary_key=True), Column("value", Text, nullable=False))
