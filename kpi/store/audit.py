"""The audit log: each row carries the hash of the row before, so that no row can be changed or dropped unseen."""

import json
from collections.abc import Generator
from contextlib import closing
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any

from sqlalchemy import Connection, insert, select, update
from sqlalchemy.exc import NoResultFound

from kpi.store.records import AuditEntry
from kpi.store.tables import audit_log, meta

_HEAD = "audit_head"
_GENESIS = "0" * 64
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

    After a row that was removed this is its successor. Where there is no row to show, an entry stands for it: with the
    action ``missing`` for the first of those cut off the end, ``unreadable`` for a row that does not hold one.
    """
    try:
        head = _head(connection, lock=False)
    except (ValueError, KeyError, NoResultFound):
        epoch = datetime.fromtimestamp(0, UTC)
        return _stand_in(0, epoch, "unreadable", "the note of the last row is gone or changed", _GENESIS)
    try:
        return _follow(connection, head, _BATCH)
    except ValueError:
        # SQLite takes any text for a moment, and one that is none breaks off the reading of its whole batch.
        return _follow(connection, head, 1)


def _follow(connection: Connection, head: tuple[int, str], batch: int) -> AuditEntry | None:
    last, previous, moment = 0, _GENESIS, datetime.fromtimestamp(0, UTC)
    try:
        with closing(_in_order(connection, batch)) as entries_in_order:
            for entry in entries_in_order:
                beyond = entry.id > head[0] or (entry.id == head[0] and entry.hash != head[1])
                if beyond or not _continues(entry, last, previous):
                    return entry
                last, previous, moment = entry.id, entry.hash, entry.at
    except ValueError:
        if batch > 1:
            raise
        return _stand_in(last + 1, moment, "unreadable", "the row does not hold an entry", previous)
    if (last, previous) == head:
        return None
    detail = f"the log ends at row {last}, but row {head[0]} was written"
    return _stand_in(last + 1, moment, "missing", detail, previous)


def _continues(entry: AuditEntry, last: int, previous: str) -> bool:
    whole = entry.id == last + 1 and entry.previous == previous
    return whole and entry.hash == row_hash(entry.at, entry.model_dump())


def _stand_in(number: int, at: datetime, action: str, detail: str, previous: str) -> AuditEntry:
    return AuditEntry(id=number, at=at, actor="", action=action, subject="", detail=detail, previous=previous, hash="")


def _head(connection: Connection, lock: bool) -> tuple[int, str]:
    query = select(meta.c.value).where(meta.c.name == _HEAD)
    head = json.loads(connection.execute(query.with_for_update() if lock else query).scalar_one())
    return head["id"], head["hash"]


def _in_order(connection: Connection, batch: int) -> Generator[AuditEntry]:
    every = select(audit_log).order_by(audit_log.c.id).execution_options(yield_per=batch)
    with connection.execute(every) as rows:
        for row in rows.mappings():
            yield AuditEntry.model_validate(dict(row))
