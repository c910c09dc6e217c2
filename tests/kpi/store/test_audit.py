from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from kpi.store import Store, open_store
from tests.kpi.store.builders import Clock, approve, fact, key

ROWS = 6


@pytest.fixture
def logged(store: Store) -> Store:
    """Six rows: one by each way in, then notes."""
    approve(store, fact(key(), 1))
    for number in (4, 5, 6):
        store.audit("li", "export", f"report {number}", "导出")
    return store


def tamper(store: Store, *statements: str) -> None:
    """What somebody with the database's password does: the guard off, the change, the guard on."""
    with store.writing("nobody") as write:
        if write.connection.dialect.name == "postgresql":
            write.connection.execute(text("ALTER TABLE audit_log DISABLE TRIGGER ALL"))
        else:
            for event in ("update", "delete"):
                write.connection.execute(text(f"DROP TRIGGER IF EXISTS audit_log_no_{event}"))
        for statement in statements:
            write.connection.execute(text(statement))


def broken(store: Store) -> tuple[int, str] | None:
    """Row and action of what ``check_audit`` names."""
    entry = store.check_audit()
    return None if entry is None else (entry.id, entry.action)


def test_an_empty_and_an_honest_log_hold(store: Store) -> None:
    assert store.check_audit() is None
    store.audit("li", "export", "all")
    assert store.check_audit() is None


def test_each_write_leaves_one_row_chained_to_the_one_before(logged: Store) -> None:
    entries = logged.audit_entries()

    assert [entry.id for entry in entries] == list(range(1, ROWS + 1))
    assert [entry.action for entry in entries[:3]] == ["workbook.kept", "upload.checked", "upload.approved"]
    assert [entry.previous for entry in entries] == ["0" * 64, *(entry.hash for entry in entries[:-1])]
    assert logged.snapshot(1).content_hash in entries[2].detail
    assert logged.audit_entries(limit=2) == entries[-2:]
    assert logged.check_audit() is None


@pytest.mark.parametrize(
    ("change", "named"),
    [
        ("UPDATE audit_log SET actor = 'zhao' WHERE id = 3", (3, "upload.approved")),
        ("UPDATE audit_log SET detail = detail || '.' WHERE id = 1", (1, "workbook.kept")),
        ("UPDATE audit_log SET at = '2020-01-01 00:00:00.000000' WHERE id = 2", (2, "upload.checked")),
        ("UPDATE audit_log SET subject = '' WHERE id = 6", (6, "export")),
        ("UPDATE audit_log SET hash = previous WHERE id = 4", (4, "export")),
        ("DELETE FROM audit_log WHERE id = 3", (4, "export")),
        ("DELETE FROM audit_log WHERE id = 1", (2, "upload.checked")),
        ("DELETE FROM audit_log WHERE id >= 5", (5, "missing")),
        ("DELETE FROM audit_log", (1, "missing")),
        ("UPDATE audit_log SET id = 100 WHERE id = 3", (4, "export")),
    ],
)
def test_the_first_broken_row_is_named(logged: Store, change: str, named: tuple[int, str]) -> None:
    tamper(logged, change)

    assert broken(logged) == named


def test_of_two_broken_rows_the_first_is_named(logged: Store) -> None:
    tamper(logged, "UPDATE audit_log SET detail = 'x' WHERE id = 5", "UPDATE audit_log SET detail = 'x' WHERE id = 2")

    assert broken(logged) == (2, "upload.checked")


def test_two_rows_that_changed_places_are_found(logged: Store) -> None:
    tamper(
        logged,
        "UPDATE audit_log SET id = 99 WHERE id = 4",
        "UPDATE audit_log SET id = 4 WHERE id = 5",
        "UPDATE audit_log SET id = 5 WHERE id = 99",
    )

    assert broken(logged) == (4, "export")


def test_a_row_behind_the_noted_end_is_named(logged: Store) -> None:
    """Somebody put the note of the last row back by two, so that two rows are more than were written."""
    fourth = logged.audit_entries()[3]
    tamper(logged, f"""UPDATE meta SET value = '{{"id": 4, "hash": "{fourth.hash}"}}'""")

    assert broken(logged) == (5, "export")


def test_a_changed_note_of_the_last_row_is_found(logged: Store) -> None:
    tamper(logged, f"""UPDATE meta SET value = '{{"id": {ROWS}, "hash": "{"f" * 64}"}}'""")

    assert broken(logged) == (ROWS, "export")


@pytest.mark.parametrize("change", ["DELETE FROM meta", "UPDATE meta SET value = 'nothing'"])
def test_a_lost_note_of_the_last_row_is_reported_not_a_crash(logged: Store, change: str) -> None:
    tamper(logged, change)

    assert broken(logged) == (0, "unreadable")


def test_a_moment_that_is_none_is_named_and_an_earlier_change_still_comes_first(tmp_path: Path) -> None:
    """PostgreSQL takes no text for a moment, SQLite takes any."""
    store = open_store(f"sqlite:///{tmp_path / 'scorecast.sqlite'}", Clock())
    for number in range(3):
        store.audit("li", "export", f"report {number}")
    tamper(store, "UPDATE audit_log SET at = 'noon' WHERE id = 3")
    assert broken(store) == (3, "unreadable")

    tamper(store, "UPDATE audit_log SET actor = 'zhao' WHERE id = 2")
    assert broken(store) == (2, "export")
    store.close()


@pytest.mark.parametrize("statement", ["UPDATE audit_log SET actor = 'zhao'", "DELETE FROM audit_log"])
def test_the_database_itself_refuses_to_change_the_log(logged: Store, statement: str) -> None:
    with pytest.raises(DBAPIError, match="append-only"), logged.writing("zhao") as write:
        write.connection.execute(text(statement))

    assert logged.check_audit() is None


def test_a_write_that_fails_leaves_neither_its_change_nor_its_row(logged: Store) -> None:
    def fail() -> None:
        with logged.writing("li") as write:
            write.log("half.done", "x")
            raise RuntimeError("in the middle")

    with pytest.raises(RuntimeError, match="in the middle"):
        fail()

    assert len(logged.audit_entries()) == ROWS
    assert logged.check_audit() is None


def test_the_chain_holds_over_another_opening_of_the_store(logged: Store, store_url: str) -> None:
    again = open_store(store_url, Clock())
    again.audit("li", "export", "after a restart")

    assert again.check_audit() is None
    assert len(again.audit_entries()) == ROWS + 1
    again.close()


def test_a_log_longer_than_one_reading_holds_and_names_its_broken_row(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("kpi.store.audit._BATCH", 4)
    for number in range(11):
        store.audit("li", "export", f"report {number}")
    assert store.check_audit() is None

    tamper(store, "UPDATE audit_log SET detail = 'x' WHERE id = 9")

    assert broken(store) == (9, "export")
