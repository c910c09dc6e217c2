"""Real schedulers with real runs: killed, doubled, stopped."""

import random
import signal
import time
from pathlib import Path

import pytest

from forecast.schedule.records import Patience, TaskState
from forecast.schedule.task_book import TaskBook
from tests.forecast.schedule.crashes import ONCE, overdue, start, store_of, torment, whole

pytestmark = pytest.mark.slow
SERVE = ("-m", "forecast", "schedule")


def test_schedulers_killed_at_random_moments_leave_one_complete_run(tmp_path: Path) -> None:
    """``python -m tests.forecast.schedule.crashes 50`` does the same for longer."""
    assert torment(overdue(tmp_path / "pristine"), tmp_path, kills=6, chance=random.Random(26)) > 0


def test_two_schedulers_started_by_mistake_do_one_run_and_end_politely(tmp_path: Path) -> None:
    made = overdue(tmp_path)
    both = [made.start(*SERVE) for _ in range(2)]
    store = store_of(made)
    tasks = TaskBook(store, Patience())
    while not any(task.state is TaskState.DONE for task in tasks.runs(9)):
        assert [process.poll() for process in both] == [None, None]
        time.sleep(0.2)
    for process in both:
        process.send_signal(signal.SIGTERM)
    ended = [process.communicate() for process in both]

    assert [process.returncode for process in both] == [0, 0]
    assert whole(made)
    taken = [entry for entry in store.audit_entries() if entry.action == "schedule.taken"]
    store.close()
    assert len(taken) == 1
    said = "".join(err for _, err in ended)
    assert said.count("starts, snapshot 1, attempt 1") == 1
    assert said.count("the scheduler ends") == 2


def test_a_scheduler_stopped_in_a_run_puts_it_back_and_the_next_one_completes_it(tmp_path: Path) -> None:
    made = overdue(tmp_path)
    process = made.start(*ONCE)
    while not list(made.data_dir.glob("runs/.checkpoints/*/*.json")):
        assert process.poll() is None
        time.sleep(0.02)
    process.send_signal(signal.SIGTERM)
    _, err = process.communicate()

    assert process.returncode == 0
    assert "is put back until the next start" in err
    assert start(made).wait() == 0
    assert whole(made)
