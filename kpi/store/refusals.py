"""What the store says when the database cannot be used: what happened, and what to do."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy.exc import DBAPIError, InterfaceError, InternalError, OperationalError, ProgrammingError

from kpi.errors import Refused, refuse


@contextmanager
def told_plainly(shown_url: str) -> Iterator[None]:
    """Turn what a database says about its own state (locked, full, gone, read-only) into :class:`Refused`.

    Broken constraints and wrong SQL are bugs and pass through.
    """
    try:
        yield
    except (DBAPIError, sqlite3.Error) as problem:
        refusal = _refusal(problem, shown_url)
        if refusal is None:
            raise
        raise refusal from problem


def _refusal(problem: DBAPIError | sqlite3.Error, shown_url: str) -> Refused | None:
    said = " ".join(str(problem.orig if isinstance(problem, DBAPIError) else problem).split())
    if "not a database" in said or "malformed" in said:
        return not_sqlite(shown_url)
    if isinstance(problem, ProgrammingError | InternalError) and _forbidden(said):
        return refuse(
            f"数据库账户权限不足：{said}。请授予它在 {shown_url} 建表和读写的权限。",
            f"the database account may not do this: {said}. Grant it the right to create, read and write tables in "
            f"{shown_url}.",
        )
    if not isinstance(problem, OperationalError | InterfaceError | sqlite3.OperationalError):
        return None
    if "readonly" in said or "unable to open database file" in said:
        return read_only(shown_url)
    if "locked" in said or "lock timeout" in said:
        return refuse(
            f"数据库 {shown_url} 正被另一个程序占用。请等它结束后重试。",
            f"the database {shown_url} is held by another program. Wait for it to finish and try again.",
        )
    return refuse(
        f"数据库 {shown_url} 无法使用：{said}。请检查 SCORECAST_DATABASE_URL、服务器是否运行以及磁盘空间。",
        f"the database {shown_url} cannot be used: {said}. Check SCORECAST_DATABASE_URL, whether the server runs, "
        "and the disk space.",
    )


def _forbidden(said: str) -> bool:
    """PostgreSQL's words for a missing right, and for a server or an account that only reads."""
    return "permission denied" in said or "read-only transaction" in said


def not_a_url() -> Refused:
    """No URL at all, or one without a file. The address is not repeated: it may hold a password."""
    return refuse(
        "数据库地址无法理解。请把 SCORECAST_DATABASE_URL 写成 sqlite:///路径/scorecast.sqlite "
        "或 postgresql://用户@主机/数据库。",
        "the database address cannot be understood. Write SCORECAST_DATABASE_URL as "
        "sqlite:///path/to/scorecast.sqlite or postgresql://user@host/database.",
    )


def unknown_scheme(scheme: str) -> Refused:
    """Neither SQLite nor PostgreSQL."""
    return refuse(
        f"不支持数据库 {scheme}。请使用 sqlite:///路径 或 postgresql://用户@主机/数据库。",
        f"the database {scheme} is not supported. Use sqlite:///path or postgresql://user@host/database.",
    )


def read_only(place: str | Path) -> Refused:
    """The folder or file cannot be written."""
    return refuse(
        f"无法写入 {place}。请给予写权限，或用 SCORECAST_DATA_DIR 指定另一个文件夹。",
        f"{place} cannot be written. Allow writing there, or name another folder in SCORECAST_DATA_DIR.",
    )


def not_sqlite(place: str) -> Refused:
    """The file is something else, or damaged."""
    return refuse(
        f"{place} 不是 SQLite 数据库，或已损坏。请恢复备份，或指定另一个文件。",
        f"{place} is not an SQLite database, or is damaged. Restore a backup, or name another file.",
    )


def newer_database(revision: str, known: str) -> Refused:
    """Somebody opened it with a later program before."""
    return refuse(
        f"数据库由较新的程序写成(版本 {revision}，本程序只认识到 {known})。请更新本程序。",
        f"the database was written by a newer program (revision {revision}; this one knows up to {known}). "
        "Update this program.",
    )


def foreign_tables(names: str) -> Refused:
    """Tables of the same names that are not ours."""
    return refuse(
        f"数据库里已有别的程序的同名表({names})。请使用一个空的数据库。",
        f"the database already holds tables of the same names from another program ({names}). Use an empty database.",
    )
