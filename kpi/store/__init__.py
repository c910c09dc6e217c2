"""The store: workbooks, uploads, approved snapshots and the audit log, in SQLite or PostgreSQL."""

from kpi.store.store import Actor, Store, open_store, utc_now

__all__ = ["Actor", "Store", "open_store", "utc_now"]
