from collections.abc import Callable
from hashlib import sha256

import pytest

from kpi.errors import Refused
from kpi.findings import Severity
from kpi.store import Store
from kpi.store.records import UploadState
from tests.kpi.store.builders import BOOK, NOON, approve, check, fact, finding, key

DIGEST = sha256(BOOK).hexdigest()


def test_a_workbook_is_kept_byte_for_byte_and_known_by_its_hash_the_second_time(store: Store) -> None:
    first, known = store.keep_workbook(BOOK, "一季度.xlsx", "li")
    again, known_again = store.keep_workbook(BOOK, "renamed.xlsx", "wang")

    assert (known, known_again) == (False, True)
    assert again == first
    assert (first.sha256, first.filename, first.size, first.received_by) == (DIGEST, "一季度.xlsx", len(BOOK), "li")
    assert first.received_at == NOON
    assert store.workbook_bytes(DIGEST) == BOOK
    assert [entry.action for entry in store.audit_entries()] == ["workbook.kept"]


def test_every_byte_value_survives(store: Store) -> None:
    content = bytes(range(256)) * 300

    record, _ = store.keep_workbook(content, "b.xlsx", "li")

    assert store.workbook_bytes(record.sha256) == content


def test_a_file_name_in_another_encoding_is_kept_with_question_marks(store: Store) -> None:
    name = b"\xb1\xa8\xb1\xed.xlsx".decode(errors="surrogateescape")

    record, _ = store.keep_workbook(BOOK, name, "li")

    assert record.filename == "????.xlsx"
    assert store.keep_workbook(BOOK, name, "li") == (record, True)


def test_a_check_keeps_its_facts_in_order_and_its_findings_in_words(store: Store) -> None:
    facts = [fact(key(unit=unit), number, f"B{number}") for number, unit in enumerate(("shanghai", "beijing"), 5)]
    warning = finding(Severity.WARNING)

    upload = check(store, *facts, findings=(warning,))

    assert upload.state is UploadState.CHECKED
    assert (upload.fact_count, upload.findings, upload.workbook.sha256) == (2, (warning,), DIGEST)
    assert (upload.decided_at, upload.decided_by, upload.reason, upload.snapshot_id) == (None,) * 4
    assert store.upload(upload.id) == upload
    assert store.upload_facts(upload.id) == facts


def test_a_check_with_an_error_is_refused_and_can_be_neither_approved_nor_rejected(store: Store) -> None:
    upload = check(store, fact(key(), 1), findings=(finding(Severity.ERROR),))

    assert upload.state is UploadState.REFUSED
    with pytest.raises(Refused, match=r"1 error\(s\)"):
        store.approve(upload.id, "wang", "")
    with pytest.raises(Refused, match=r"1 error\(s\)"):
        store.reject(upload.id, "wang", "")
    assert store.latest_snapshot() is None


def test_an_error_finding_lets_two_values_for_one_key_be_kept_so_that_they_can_be_shown(store: Store) -> None:
    facts = (fact(key(), 1, "B2"), fact(key(), 2, "C2"))

    upload = check(store, *facts, findings=(finding(Severity.ERROR),))

    assert store.upload_facts(upload.id) == list(facts)


def test_two_values_for_one_key_are_refused_with_both_cells(store: Store) -> None:
    with pytest.raises(Refused, match=r"季度 数据!B2 and 季度 数据!C2 give different values"):
        check(store, fact(key(), 1, "B2"), fact(key(), 2, "C2"))

    assert store.uploads() == []


def test_the_same_value_twice_is_one_fact_with_the_first_cell(store: Store) -> None:
    snapshot = approve(store, fact(key(), "1.50", "B2"), fact(key(), "1.5", "C2"))

    assert snapshot.fact_count == 1
    assert [found.origin.cell for found in store.snapshot_facts(snapshot.id)] == ["B2"]


def test_facts_of_another_workbook_and_unknown_workbooks_are_refused(store: Store) -> None:
    record, _ = store.keep_workbook(BOOK, "book.xlsx", "li")

    with pytest.raises(Refused, match="the fact comes from workbook"):
        store.record_check(record.sha256, [fact(key(), 1, book=b"other")], [], "li")
    with pytest.raises(Refused, match="keep it first"):
        store.record_check("0" * 64, [], [], "li")
    with pytest.raises(Refused, match="no workbook"):
        store.workbook_bytes("0" * 64)


@pytest.mark.parametrize("character", ["\0", "\ud800"])
def test_a_cell_text_that_no_database_can_hold_is_refused_with_its_cell(store: Store, character: str) -> None:
    strange = fact(key(), 1)
    strange = strange.model_copy(update={"origin": strange.origin.model_copy(update={"text": f"1{character}2"})})

    with pytest.raises(Refused, match="季度 数据!B2: the cell holds a character that cannot be stored"):
        check(store, strange)


def test_a_rejected_upload_keeps_who_when_and_why(store: Store) -> None:
    upload = check(store, fact(key(), 1))

    rejected = store.reject(upload.id, "wang", "wrong quarter")

    assert rejected.state is UploadState.REJECTED
    assert (rejected.decided_by, rejected.reason, rejected.snapshot_id) == ("wang", "wrong quarter", None)
    assert rejected.decided_at is not None
    assert rejected.decided_at > upload.checked_at
    assert store.snapshots() == []


def test_a_decision_is_final(store: Store) -> None:
    approved, rejected = (check(store, fact(key(), number)) for number in (1, 2))
    store.approve(approved.id, "wang", "ok")
    store.reject(rejected.id, "wang", "no")
    before = store.audit_entries()

    for decide in (store.approve, store.reject):
        with pytest.raises(Refused, match="already approved by wang; that is final"):
            decide(approved.id, "zhao", "")
        with pytest.raises(Refused, match="already rejected by wang; that is final"):
            decide(rejected.id, "zhao", "")

    assert [upload.state for upload in store.uploads()] == [UploadState.APPROVED, UploadState.REJECTED]
    assert store.audit_entries() == before


def test_an_upload_without_facts_cannot_become_a_snapshot(store: Store) -> None:
    upload = check(store)

    with pytest.raises(Refused, match="nothing to approve"):
        store.approve(upload.id, "wang", "")

    assert store.upload(upload.id).state is UploadState.CHECKED


def test_what_is_not_there_is_refused(store: Store) -> None:
    of_uploads: list[Callable[[], object]] = [
        lambda: store.upload(7),
        lambda: store.upload_facts(7),
        lambda: store.difference(7),
        lambda: store.approve(7, "wang", ""),
        lambda: store.reject(7, "wang", ""),
    ]
    of_snapshots: list[Callable[[], object]] = [
        lambda: store.snapshot(7),
        lambda: store.snapshot_rows(7),
        lambda: store.snapshot_facts(7),
    ]
    for word, calls in (("upload", of_uploads), ("snapshot", of_snapshots)):
        for call in calls:
            with pytest.raises(Refused, match=f"there is no {word} 7"):
                call()


def test_words_that_no_database_can_hold_are_kept_with_question_marks_and_the_log_still_holds(store: Store) -> None:
    upload = check(store, fact(key(), 1))

    snapshot = store.approve(upload.id, "wa\0ng", "be\ud800cause")

    assert (snapshot.created_by, snapshot.reason) == ("wa?ng", "be?cause")
    assert store.check_audit() is None
