"""The audit log: each row carries the hash of the row before, so that no row can be changed or dropped unseen."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any

from sqlalchemy import Connection, insert, select, update

from kpi.store.records import AuditEntry
from kpi.store.tables import audit_log, meta

_HEAD = "audit_head"
_BATCH = 5_000


def row_hash(at: datetime, row: dict[str, Any]) -> str:
    """SHA-256 over canonical JSON of every column but ``hash``; ``at`` in UTC to the microsecond.

    ``previous`` is one of the columns, which makes the chain.
    """
    columns = ("id", "actor", "action", "subject", "detail", "previous")
    covered = {name: row[name] for name in columns} | {"at": at.astimezone(UTC).isoformat(timespec="microseconds")}
    text = json.dumps(covered, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return sha256(text.encode()).hexdigest()


def lock_head(connection: Connection) -> tuple[int, str]:
    """The last row's id and hash. Every writer comes here first and keeps the row locked until its transaction ends."""
    return _head(connection, lock=True)


def append(connection: Connection, at: datetime, actor: str, action: str, subject: str, detail: str) -> AuditEntry:
    """Add a row behind the head and move the head, in the transaction of ``connection``."""
    last, previous = _head(connection, lock=True)
    row = {
        "id": last + 1,
        "actor": actor,
        "action": action,
        "subject": subject,
        "detail": detail,
        "previous": previous,
    }
    entry = AuditEntry.model_validate(row | {"at": at.astimezone(UTC), "hash": row_hash(at, row)})
    connection.execute(insert(audit_log).values(**entry.model_dump()))
    head = json.dumps({"id": entry.id, "hash": entry.hash})
    connection.execute(update(meta).where(meta.c.name == _HEAD).values(value=head))
    return entry


def entries(connection: Connection, limit: int | None = None) -> list[AuditEntry]:
    """Oldest first; with ``limit`` only the last so many."""
    newest_first = select(audit_log).order_by(audit_log.c.id.desc()).limit(limit)
    rows = connection.execute(newest_first).mappings().all()
    return [AuditEntry.model_validate(dict(row)) for row in reversed(rows)]


def first_broken(connection: Connection) -> AuditEntry | None:
    """The first row that does not continue the chain, or None when the whole log holds.

    After a row that was removed this is its successor. When rows are missing at the end there is none to show:
    then an entry with the action ``missing`` stands for the first of them.
    """
    last, previous = 0, "0" * 64
    moment = datetime.fromtimestamp(0, UTC)
    for entry in _in_order(connection):
        whole = entry.id == last + 1 and entry.previous == previous
        if not whole or entry.hash != row_hash(entry.at, entry.model_dump()):
            return entry
        last, previous, moment = entry.id, entry.hash, entry.at
    head_id, head_hash = _head(connection, lock=False)
    if (last, previous) == (head_id, head_hash):
        return None
    if last >= head_id > 0:
        return _entry(connection, head_id)
    detail = f"the log ends at row {last}, but row {head_id} was written"
    return AuditEntry(
        id=last + 1, at=moment, actor="", action="missing", subject="", detail=detail, previous=previous, hash=head_hash
    )


def _head(connection: Connection, lock: bool) -> tuple[int, str]:
    query = select(meta.c.value).where(meta.c.name == _HEAD)
    head = json.loads(connection.execute(query.with_for_update() if lock else query).scalar_one())
    return head["id"], head["hash"]


def _in_order(connection: Connection) -> Iterator[AuditEntry]:
    rows = connection.execution_options(yield_per=_BATCH).execute(select(audit_log).order_by(audit_log.c.id))
    for row in rows.mappings():
        yield AuditEntry.model_validate(dict(row))


def _entry(connection: Connection, number: int) -> AuditEntry:
    row = connection.execute(select(audit_log).where(audit_log.c.id == number)).mappings().one()
    return AuditEntry.model_validate(dict(row))
