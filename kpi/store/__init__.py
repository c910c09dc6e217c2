"""The store: workbooks, uploads, approved snapshots and the audit log, in SQLite or PostgreSQL."""
