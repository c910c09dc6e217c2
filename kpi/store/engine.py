"""Connections: SQLite in WAL mode or PostgreSQL, with the same promises."""

import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import URL, Connection, Engine, create_engine, event, make_url, text
from sqlalchemy.exc import ArgumentError

from kpi.store.refusals import not_a_url, read_only, told_plainly, unknown_scheme

BUSY_SECONDS = 60
_WRITE = "scorecast_write"
_POSTGRESQL = ("postgres", "postgresql", "postgresql+psycopg")


def connect(address: str) -> Engine:
    """An engine for the URL; the folder of an SQLite file is made when missing.

    Raises Refused when the URL is not understood, or the place cannot be reached or written.
    """
    url = _url(address)
    if url.get_backend_name() == "sqlite":
        return _sqlite(url)
    engine = create_engine(url, pool_pre_ping=True, connect_args={"connect_timeout": 10})
    with told_plainly(shown(engine)), engine.connect():
        return engine


def shown(engine: Engine) -> str:
    """The address for a message: without its password."""
    return engine.url.render_as_string(hide_password=True)


@contextmanager
def reading(engine: Engine) -> Iterator[Connection]:
    """A transaction that sees one state of the database throughout."""
    level = {} if engine.dialect.name == "sqlite" else {"isolation_level": "REPEATABLE READ"}
    with told_plainly(shown(engine)), engine.connect() as connection, connection.execution_options(**level).begin():
        yield connection


@contextmanager
def writing(engine: Engine) -> Iterator[Connection]:
    """A transaction that may write, refused when another holds the lock it needs for more than ``BUSY_SECONDS``.

    SQLite takes its one write lock at once, so that it never has to give up later.
    """
    option = {_WRITE: True}
    with told_plainly(shown(engine)), engine.connect() as connection, connection.execution_options(**option).begin():
        if engine.dialect.name == "postgresql":
            connection.execute(text(f"SET LOCAL lock_timeout = '{BUSY_SECONDS}s'"))
        yield connection


def _url(address: str) -> URL:
    try:
        url = make_url(address)
    except ArgumentError as problem:
        raise not_a_url() from problem
    if url.drivername in _POSTGRESQL:
        return url.set(drivername="postgresql+psycopg")
    if url.drivername not in ("sqlite", "sqlite+pysqlite"):
        raise unknown_scheme(url.drivername)
    if not url.database or url.database == ":memory:":
        raise not_a_url()
    return url.set(drivername="sqlite+pysqlite")


def _sqlite(url: URL) -> Engine:
    path = Path(url.database or "")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
    except OSError as problem:
        raise read_only(path.parent) from problem
    # Autocommit mode of the driver: it would otherwise begin transactions by its own, older rules.
    engine = create_engine(url, connect_args={"timeout": BUSY_SECONDS, "isolation_level": None})
    event.listen(engine, "connect", _set_pragmas)
    event.listen(engine, "begin", _begin)
    with told_plainly(str(path)), engine.connect() as connection:
        _use_wal(connection)
    return engine


def _set_pragmas(raw: Any, _record: Any) -> None:  # the driver's own connection
    raw.execute("PRAGMA foreign_keys = ON")
    # What was confirmed survives a power failure, not only a killed process.
    raw.execute("PRAGMA synchronous = FULL")


def _begin(connection: Connection) -> None:
    connection.exec_driver_sql("BEGIN IMMEDIATE" if connection.get_execution_options().get(_WRITE) else "BEGIN")


def _use_wal(connection: Connection) -> None:
    """Change the journal once for all; SQLite does not queue two first starts at the same moment, so this does."""
    raw: Any = connection.connection.driver_connection
    give_up = time.monotonic() + BUSY_SECONDS
    while True:
        try:
            raw.execute("PRAGMA journal_mode = WAL").fetchall()
        except sqlite3.OperationalError as problem:
            if "locked" not in str(problem) or time.monotonic() > give_up:
                raise
            time.sleep(0.05)
        else:
            return
