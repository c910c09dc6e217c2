"""Several writers at once, and writers that die."""

import signal
import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import func, select

from kpi.errors import Refused
from kpi.settings import ROOT
from kpi.store import Store, open_store
from kpi.store.records import UploadState
from kpi.store.tables import fact as fact_table
from tests.kpi.store.builders import Clock, approve, check, fact, key, values

pytestmark = pytest.mark.slow

# Kills itself between two statements of one approval: when the new facts are written but nothing is confirmed.
KILLED_IN_APPROVE = """
import os, signal, sys
from sqlalchemy import event
from kpi.store import open_store

store = open_store(sys.argv[1])

def die(connection, cursor, statement, parameters, context, many):
    if statement.startswith("INSERT INTO fact "):
        sys.stdout.write("dying\\n")
        sys.stdout.flush()
        os.kill(os.getpid(), signal.SIGKILL)

event.listen(store._engine, "after_cursor_execute", die)
store.approve(int(sys.argv[2]), "child", "killed")
"""

APPROVE = """
import sys
from kpi.store import open_store

open_store(sys.argv[1]).approve(int(sys.argv[2]), "child", "")
"""


def test_two_threads_that_approve_at_once_queue_and_make_two_snapshots(store: Store) -> None:
    uploads = [check(store, fact(key(unit=f"unit{number}"), number)) for number in range(6)]

    with ThreadPoolExecutor(6) as pool:
        made = list(pool.map(lambda upload: store.approve(upload.id, "wang", ""), uploads))

    assert sorted(snapshot.id for snapshot in made) == [1, 2, 3, 4, 5, 6]
    assert [snapshot.parent_id for snapshot in store.snapshots()] == [None, 1, 2, 3, 4, 5]
    assert [snapshot.fact_count for snapshot in store.snapshots()] == [1, 2, 3, 4, 5, 6]
    assert store.check_audit() is None


def test_of_two_that_decide_one_upload_at_once_only_one_succeeds(store: Store) -> None:
    upload = check(store, fact(key(), 1))
    refused = []

    def decide(number: int) -> None:
        try:
            store.approve(upload.id, f"user{number}", "")
        except Refused as refusal:
            refused.append(refusal)

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(decide, range(4)))

    assert len(refused) == 3
    assert len(store.snapshots()) == 1


def test_a_writer_waits_for_the_other_and_readers_see_the_state_before(store: Store, store_url: str) -> None:
    upload = check(store, fact(key(), 1))
    other = open_store(store_url, Clock())
    done = threading.Event()

    def write() -> None:
        other.audit("zhao", "export", "second")
        done.set()

    with store.writing("li") as first:
        first.log("export", "first")
        waiting = threading.Thread(target=write)
        waiting.start()
        assert not done.wait(0.4)
        assert other.upload(upload.id).state is UploadState.CHECKED
        assert "first" not in [entry.subject for entry in other.audit_entries()]
    assert done.wait(20)
    waiting.join()

    assert [entry.subject for entry in store.audit_entries()][-2:] == ["first", "second"]
    assert store.check_audit() is None
    other.close()


def test_a_writer_that_waits_too_long_is_refused_in_both_languages(
    store: Store, store_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("kpi.store.engine.BUSY_SECONDS", 1)
    other = open_store(store_url, Clock())

    with store.writing("li"), pytest.raises(Refused, match="held by another program") as refusal:
        other.audit("zhao", "export", "too late")

    assert "占用" in refusal.value.message.zh
    other.audit("zhao", "export", "in time")
    other.close()


def test_a_reading_sees_one_state_throughout(store: Store, store_url: str) -> None:
    approve(store, fact(key(), 1))
    other = open_store(store_url, Clock())
    count = select(func.count()).select_from(fact_table)

    with store.reading() as connection:
        before = connection.execute(count).scalar_one()
        approve(other, fact(key(), 2))
        after = connection.execute(count).scalar_one()

    assert before == after == 1
    assert len(values(store, 2)) == 1
    other.close()


@pytest.mark.slow
def test_a_process_killed_in_the_middle_of_an_approval_leaves_nothing_of_it(store: Store, store_url: str) -> None:
    first = approve(store, *(fact(key(unit=f"unit{number}"), number) for number in range(50)))
    upload = check(store, *(fact(key(unit=f"unit{number}"), number + 1) for number in range(50)))
    before = (values(store, 1), store.audit_entries())

    child = _child(KILLED_IN_APPROVE, store_url, upload.id)

    assert child.returncode == -signal.SIGKILL
    assert child.stdout == "dying\n"
    assert store.latest_snapshot() == first
    assert store.upload(upload.id).state is UploadState.CHECKED
    assert (values(store, 1), store.audit_entries()) == before
    assert store.check_audit() is None
    with store.reading() as connection:
        assert connection.execute(select(func.count()).select_from(fact_table)).scalar_one() == 50

    assert store.approve(upload.id, "wang", "second try").id == 2
    assert values(store, 2)[key(unit="unit7")] == 8


@pytest.mark.slow
def test_processes_that_open_a_new_store_and_approve_at_the_same_moment_all_succeed(
    store: Store, store_url: str
) -> None:
    uploads = [check(store, fact(key(unit=f"unit{number}"), number)) for number in range(3)]

    children = [_start(APPROVE, store_url, upload.id) for upload in uploads]

    assert [(child.communicate(timeout=60)[1], child.returncode) for child in children] == [("", 0)] * 3
    assert [snapshot.parent_id for snapshot in store.snapshots()] == [None, 1, 2]
    assert store.check_audit() is None


@pytest.mark.slow
def test_processes_that_start_together_on_an_empty_database_make_its_tables_once(store_url: str) -> None:
    note = "import sys; from kpi.store import open_store; open_store(sys.argv[1]).audit('li', 'start', sys.argv[2])"

    children = [_start(note, store_url, number) for number in range(3)]

    assert [(child.communicate(timeout=60)[1], child.returncode) for child in children] == [("", 0)] * 3
    store = open_store(store_url)
    assert sorted(entry.subject for entry in store.audit_entries()) == ["0", "1", "2"]
    assert store.check_audit() is None
    store.close()


@pytest.mark.slow
def test_a_process_killed_while_it_makes_the_tables_leaves_an_empty_database(store_url: str) -> None:
    killed = """
import os, signal, sys
from sqlalchemy import event
from sqlalchemy.engine import Engine
from kpi.store import open_store

@event.listens_for(Engine, "after_cursor_execute")
def die(connection, cursor, statement, parameters, context, many):
    if "CREATE TABLE fact " in statement:
        os.kill(os.getpid(), signal.SIGKILL)

open_store(sys.argv[1])
"""

    assert _child(killed, store_url, 0).returncode == -signal.SIGKILL

    started = time.monotonic()
    store = open_store(store_url)
    assert store.uploads() == []
    assert store.check_audit() is None
    assert time.monotonic() - started < 30
    store.close()


def _start(code: str, url: str, number: int) -> "subprocess.Popen[str]":
    command = [sys.executable, "-c", code, url, str(number)]
    return subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def _child(code: str, url: str, number: int) -> "subprocess.CompletedProcess[str]":
    with _start(code, url, number) as child:
        out, err = child.communicate(timeout=60)
    return subprocess.CompletedProcess(child.args, child.returncode, out, err)
