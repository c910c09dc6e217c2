"""Corrections of an upload, and the memory of a form."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from alembic import command
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from kpi.intake.corrections import Corrections, SheetCorrection
from kpi.store import Store, open_store
from kpi.store.engine import connect, writing
from kpi.store.records import UploadState
from kpi.store.upgrade import alembic_config
from tests.kpi.store.builders import BOOK, NOON, Clock, approve, check, fact, key, values

SAID = Corrections(
    measures={"标保": "standard_premium"},
    org_units={"小计": ""},
    sheets={"9月": SheetCorrection(unit="wan_yuan", cumulative=True)},
)


def test_an_upload_keeps_the_corrections_it_was_read_with(store: Store) -> None:
    record, _ = store.keep_workbook(BOOK, "book.xlsx", "li")

    upload = store.record_check(record.sha256, [fact(key(), 1)], [], "li", SAID)
    plain = store.record_check(record.sha256, [fact(key(), 1)], [], "li")

    assert store.upload(upload.id).corrections == SAID
    assert store.upload(plain.id).corrections == Corrections()
    assert store.audit_entries()[-2].detail.endswith(", 3 corrections")


def test_the_uploads_of_one_workbook_are_known_by_its_hash(store: Store) -> None:
    first, other, again = check(store, fact(key(), 1)), check(store, book=b"other"), check(store, fact(key(), 1))

    assert store.uploads_of(first.workbook.sha256) == [first, again]
    assert store.uploads_of(other.workbook.sha256) == [other]
    assert store.uploads_of("0" * 64) == []


def test_what_was_confirmed_last_for_a_shape_counts_and_the_log_has_each_time(store: Store) -> None:
    later = SAID.merged_with(Corrections(measures={"继率": "persistency_13m_premium"}))

    assert store.remembered_corrections("shape") is None
    store.remember_corrections("shape", SAID, "li")
    first = store.remembered_corrections("shape")
    store.remember_corrections("shape", later, "wang")
    store.remember_corrections("another", Corrections(), "zhao")

    assert first is not None
    assert (first.corrections, first.by, first.at) == (SAID, "li", NOON)
    newest = store.remembered_corrections("shape")
    assert newest is not None
    assert (newest.corrections, newest.by) == (later, "wang")
    entries = store.audit_entries()
    assert [(entry.action, entry.subject, entry.actor) for entry in entries] == [
        ("corrections.remembered", "shape shape", "li"),
        ("corrections.remembered", "shape shape", "wang"),
        ("corrections.remembered", "shape another", "zhao"),
    ]
    assert Corrections.model_validate_json(entries[1].detail) == later
    assert store.check_audit() is None


def test_the_year_of_one_file_is_not_remembered_for_the_next(store: Store) -> None:
    said = Corrections(sheets={"一季度": SheetCorrection(year=2026, unit="wan_yuan")})

    remembered = store.remember_corrections("shape", said, "li")

    assert remembered.corrections.sheets == {"一季度": SheetCorrection(unit="wan_yuan")}
    assert store.remembered_corrections("shape") == remembered


@pytest.mark.parametrize("statement", ["UPDATE workbook_shape SET corrections = '{}'", "DELETE FROM workbook_shape"])
def test_what_is_remembered_can_be_neither_changed_nor_dropped(store: Store, statement: str) -> None:
    store.remember_corrections("shape", SAID, "li")

    with pytest.raises(DBAPIError, match="append-only"), store.writing("li") as write:
        write.connection.execute(text(statement))

    assert store.remembered_corrections("shape") is not None


def test_writers_at_once_do_not_mix_and_each_has_its_audit_row(store: Store) -> None:
    def remember(number: int) -> None:
        said = Corrections(measures={f"label{number}": f"code{number}"})
        store.remember_corrections(f"shape{number % 2}", said, f"user{number}")

    with ThreadPoolExecutor(6) as pool:
        list(pool.map(remember, range(12)))

    entries = store.audit_entries()
    assert len(entries) == 12
    for parity in range(2):
        last = [entry for entry in entries if entry.subject == f"shape shape{parity}"][-1]
        remembered = store.remembered_corrections(f"shape{parity}")
        assert remembered is not None
        assert remembered.by == last.actor
        assert remembered.corrections.model_dump_json() == last.detail
    assert store.check_audit() is None


def test_a_database_made_before_is_brought_up_with_its_uploads(store_url: str) -> None:
    engine = connect(store_url)
    with writing(engine) as connection:
        command.upgrade(alembic_config(connection), "0001")
        connection.execute(
            text("INSERT INTO workbook VALUES ('ab', 'old.xlsx', 1, :at, 'li', :content)"),
            {"at": "2026-01-02 03:04:05", "content": b"x"},
        )
        connection.execute(
            text(
                "INSERT INTO upload (workbook, state, findings, fact_count, checked_at, checked_by)"
                " VALUES ('ab', 'checked', '[]', 0, :at, 'li')"
            ),
            {"at": "2026-01-02 03:04:05.000000"},
        )
    engine.dispose()

    store = open_store(store_url, Clock())

    (old,) = store.uploads()
    assert (old.workbook.filename, old.state, old.corrections) == ("old.xlsx", UploadState.CHECKED, Corrections())
    store.remember_corrections("shape", SAID, "li")
    assert values(store, approve(store, fact(key(), 1)).id) == {key(): 1}
    assert store.check_audit() is None
    store.close()


def test_a_step_down_and_up_again_keeps_what_was_there_before(store: Store, store_url: str) -> None:
    approve(store, fact(key(), 1))
    store.remember_corrections("shape", SAID, "li")
    with store.writing("li") as write:
        command.downgrade(alembic_config(write.connection), "0001")
    again = open_store(store_url)

    assert values(again, 1) == {key(): 1}
    assert again.remembered_corrections("shape") is None
    assert again.check_audit() is None
    again.close()
