"""A scheduler at work, with something quick in place of the process of a run."""

import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path
from threading import Barrier, Event

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from forecast.lock import Busy, RunLock
from forecast.schedule.launch import RunProcess
from forecast.schedule.occasions import Days
from forecast.schedule.records import Attempt, Patience, TaskState
from forecast.schedule.rules import OnApproval, OnCron
from kpi.errors import Refused, refuse
from kpi.store import open_store
from tests.forecast.schedule.clocks import HOURLY, HandClock, Launched, Office, approved

pytestmark = pytest.mark.slow


def test_what_is_due_is_done_and_told_line_by_line(office: Office) -> None:
    office.rules.add(OnApproval(), "li")
    number, launched = approved(office.store), Launched()
    (task,) = office.look(launched)
    assert (task.state, task.run_id) == (TaskState.DONE, "a" * 64)
    assert launched.snapshots == [number]
    assert office.said == [
        "scheduled run 1 is due: whenever a snapshot is approved",
        "scheduled run 1 starts, snapshot 1, attempt 1",
        f"scheduled run 1 done: {'a' * 64}",
    ]
    assert office.look(launched) == []
    assert office.store.check_audit() is None


def test_a_run_that_crashes_is_tried_again_until_it_works(office: Office) -> None:
    office.rules.add(OnApproval(), "li")
    approved(office.store)
    launched = Launched(codes=[1, -9])
    states = []
    for _ in range(6):
        states += [task.state for task in office.look(launched)]
        office.clock.on(minutes=1)
    assert states == [TaskState.WAITING, TaskState.WAITING, TaskState.DONE]
    assert launched.snapshots == [1, 1, 1]


def test_what_is_refused_says_why_and_is_left(office: Office) -> None:
    office.rules.add(HOURLY, "li")
    office.clock.on(hours=1)
    (task,) = office.look(Launched(codes=[2]))
    assert (task.state, task.message) == (TaskState.REFUSED, "no")
    assert "was refused, and is not tried again: no (2)" in office.said[-1]


def test_a_scheduler_that_is_asked_to_stop_ends_its_run_and_puts_it_back(office: Office) -> None:
    office.rules.add(OnApproval(), "li")
    approved(office.store)
    stop = Event()

    def launch(snapshot_id: int | None, reason: str, goes_on: Callable[[], bool]) -> Attempt:
        assert goes_on()
        stop.set()
        assert not goes_on()
        return Attempt(2, message="cancelled by SIGTERM")

    assert list(office.scheduler(launch, stop=stop).look()) == []
    assert office.tasks.runs(1)[0].state is TaskState.WAITING
    assert office.look(Launched())[0].state is TaskState.DONE


def test_a_run_told_to_end_before_its_scheduler_is_not_taken_for_refused(office: Office) -> None:
    """A machine that shuts down tells all processes at once, in any order."""
    office.rules.add(OnApproval(), "li")
    approved(office.store)
    stop = Event()

    def launch(snapshot_id: int | None, reason: str, goes_on: Callable[[], bool]) -> Attempt:
        told.submit(stop.set)
        return Attempt(2, message="cancelled by SIGTERM")

    with ThreadPoolExecutor(1) as told:
        assert list(office.scheduler(launch, stop=stop).look()) == []
    assert office.tasks.runs(1)[0].state is TaskState.WAITING


def test_a_run_that_another_scheduler_took_over_is_ended_and_left_to_him(office: Office) -> None:
    office.rules.add(OnApproval(), "li")
    approved(office.store)

    def launch(snapshot_id: int | None, reason: str, goes_on: Callable[[], bool]) -> Attempt:
        office.clock.on(minutes=5)  # the machine slept
        assert office.tasks.take("wang", "elsewhere") is not None
        scheduler.renewed.last = -1.0
        assert not goes_on()
        return Attempt(2)

    scheduler = office.scheduler(launch)
    assert list(scheduler.look()) == []
    assert office.tasks.runs(1)[0].owner == "wang"
    assert office.said[-1] == "scheduled run 1 was taken over by another scheduler"


def test_a_second_scheduler_of_the_folder_steps_back(office: Office) -> None:
    worker = office.scheduler(Launched())
    with RunLock(worker.lock), pytest.raises(Busy):
        list(office.scheduler(Launched()).look())


@pytest.mark.parametrize("folders", [("here", "here"), ("here", "elsewhere")])
def test_two_schedulers_that_look_at_the_same_moment_do_one_run(office: Office, folders: tuple[str, str]) -> None:
    office.rules.add(HOURLY, "li")
    office.rules.add(OnApproval(), "li")
    together = Barrier(2)

    def work(folder: str, launched: Launched) -> None:
        together.wait()
        try:
            list(office.scheduler(launched, folder).look())
        except Busy:
            return

    expected = []
    launched = Launched()
    for value in range(1, 5):
        approved(office.store, value)
        office.clock.on(hours=1)
        with ThreadPoolExecutor(2) as pool:
            list(pool.map(lambda folder: work(folder, launched), folders))
        office.look(launched)
        expected += [value, value]
    assert launched.snapshots == expected
    assert {task.state for task in office.tasks.runs(99)} == {TaskState.DONE}


def test_serving_goes_on_when_the_store_is_away_for_a_while(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("forecast.schedule.scheduler.LOOK_SECONDS", 0.001)
    office.rules.add(OnApproval(), "li")
    stop, looks = Event(), []
    worker = office.scheduler(Launched(), stop=stop)
    whole = worker.tasks.note_due

    def sometimes(days: object) -> object:
        looks.append(1)
        if 2 <= len(looks) <= 4:
            raise _gone()
        if len(looks) == 6:
            stop.set()
        return whole(worker.days())

    monkeypatch.setattr(worker.tasks, "note_due", sometimes)
    worker.serve()
    assert len(looks) == 6
    assert office.said == ["the database is away"]


def test_serving_does_not_begin_when_the_first_look_is_refused(office: Office) -> None:
    worker = office.scheduler(Launched())
    worker.days = _no_days
    with pytest.raises(Refused):
        worker.serve()


def _gone() -> Refused:
    return refuse("数据库不可用", "the database is away")


def _no_days() -> Days:
    raise _gone()


@pytest.mark.slow
@settings(max_examples=12, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.sampled_from(["Asia/Shanghai", "Europe/Berlin", "America/New_York", "Australia/Lord_Howe"]),
    st.lists(st.tuples(st.integers(-90, 60 * 24 * 40), st.sampled_from([0, 0, 0, 1, 2])), min_size=5, max_size=12),
)
def test_whatever_clock_sleep_and_crashes_do_every_occasion_is_done_once_or_caught_up(
    tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch, zone: str, steps: list[tuple[int, int]]
) -> None:
    folder = tmp_path_factory.mktemp("office")
    monkeypatch.setattr("forecast.schedule.scheduler.SETTLE_SECONDS", 0.0)
    clock = HandClock()
    store = open_store(f"sqlite:///{folder / 'store.sqlite'}", clock)
    office = Office(store, clock, folder, Patience(attempts=2, wait=timedelta(0)))
    office.rules.add(OnCron(line="30 2 * * *", zone=zone), "li")
    for minutes, code in steps:
        clock.on(minutes=minutes)
        office.look(Launched(codes=[code]))
        assert office.look(Launched()) == [], "what was due is done, and done once"
    tasks = office.tasks.runs(99)
    store.close()
    assert len({task.occasion for task in tasks}) == len(tasks)
    assert not any(task.state.open for task in tasks)


# The process of a run


def process(folder: Path, code: str) -> RunProcess:
    return RunProcess(folder / "runs", (sys.executable, "-c", code))


def test_the_process_is_told_snapshot_and_reason_and_gives_its_run(tmp_path: Path) -> None:
    code = "import json, sys; print(json.dumps({'run_id': ' '.join(sys.argv[1:])}))"
    run = process(tmp_path, code)
    assert run(7, "why", lambda: True).run_id == "--snapshot 7 --json --reason why"
    assert run(None, "why", lambda: True).run_id == "--json --reason why"


def test_of_a_process_that_fails_code_and_last_words_are_kept(tmp_path: Path) -> None:
    run = process(tmp_path, "import sys; print('first\\nthe disk is full', file=sys.stderr); sys.exit(2)")
    assert run(1, "", lambda: True) == Attempt(2, message="the disk is full")
    assert process(tmp_path, "import os; os._exit(1)")(1, "", lambda: True) == Attempt(1, message="")
    assert "first" in (tmp_path / "runs" / "scheduled.log").read_text()


def test_a_process_that_may_not_go_on_is_asked_to_end(tmp_path: Path) -> None:
    assert process(tmp_path, "import time; time.sleep(60)")(1, "", lambda: False).code != 0


def test_the_log_is_begun_anew_when_it_is_large(tmp_path: Path) -> None:
    log = tmp_path / "runs" / "scheduled.log"
    log.parent.mkdir()
    log.write_bytes(b"x" * 2_000_000)
    process(tmp_path, "import sys; sys.exit('new')")(1, "", lambda: True)
    assert log.read_text().strip() == "new"
