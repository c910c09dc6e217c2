"""Kills schedulers at random moments of a scheduled run: ``python -m tests.forecast.schedule.crashes 50``."""

import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

from forecast.ledger import Ledger
from forecast.records import RunState
from forecast.schedule.records import Patience, TaskState
from forecast.schedule.rule_book import RuleBook
from forecast.schedule.rules import OnCron
from forecast.schedule.task_book import TaskBook
from kpi.settings import ROOT
from kpi.store import Store, open_store
from tests.forecast.company import Installation, install

YEARLY = OnCron(line="0 0 1 1 *", zone="Asia/Shanghai")
ONCE = ("-m", "forecast", "schedule", "--once")
# A state after every step, so that a run goes on from wherever it was killed.
ALWAYS = {"SCORECAST_CHECKPOINT_SECONDS": "0"}


def store_of(made: Installation, clock: Callable[[], datetime] = lambda: datetime.now(UTC)) -> Store:
    """The store of a small company."""
    return open_store(f"sqlite:///{made.data_dir.resolve() / 'scorecast.sqlite'}", clock)


def overdue(folder: Path) -> Installation:
    """A small company with a rule whose last occasion nobody has seen."""
    made = Installation(install(folder).data_dir, ALWAYS)
    store = store_of(made, lambda: datetime(2025, 6, 1, tzinfo=UTC))
    RuleBook(store).add(YEARLY, "li")
    store.close()
    return made


@dataclass(frozen=True)
class Outcome:
    """What stands at the end."""

    forecast: str
    schedule: tuple[str, ...]


def whole(made: Installation) -> Outcome:
    """Check that there is one complete run and nothing half-done; returns what it left."""
    store = store_of(made)
    (run,) = Ledger(store).runs()
    tasks = TaskBook(store, Patience()).runs(99)
    assert store.check_audit() is None
    done = [entry.subject for entry in store.audit_entries() if entry.action == "run.done"]
    store.close()
    assert run.state is RunState.DONE
    assert done == [f"run {run.run_id}"], "finished once"
    assert [(task.state, task.run_id, task.attempts) for task in tasks] == [(TaskState.DONE, run.run_id, 0)]
    assert Path(run.passport).stat().st_size > 0
    assert not list(made.data_dir.glob("runs/.unfinished-*"))
    assert not list(made.data_dir.glob("runs/.checkpoints/*"))
    return Outcome(run.forecast_digest, tuple(task.occasion for task in tasks))


def start(made: Installation) -> "subprocess.Popen[bytes]":
    """A scheduler in a process group of its own."""
    quiet = subprocess.DEVNULL
    return subprocess.Popen(
        [sys.executable, *ONCE], cwd=ROOT, env=made.settings, stdout=quiet, stderr=quiet, start_new_session=True
    )


def kill(process: "subprocess.Popen[bytes]", with_run: bool) -> None:
    """End it without a word, alone or together with the run that it started."""
    if with_run:
        os.killpg(process.pid, signal.SIGKILL)
    else:
        process.kill()
    process.wait()


def torment(pristine: Installation, folder: Path, kills: int, chance: random.Random) -> int:
    """Kill ``kills`` schedulers of copies of a company, each copy until its run is complete; returns the copies."""
    made = _copy(pristine, folder / "undisturbed")
    started = time.monotonic()
    assert start(made).wait() == 0
    seconds, expected = time.monotonic() - started, whole(made)
    copies = 0
    while kills:
        copies += 1
        made = _copy(pristine, folder / f"copy{copies}")
        while kills:
            process = start(made)
            try:
                process.wait(chance.uniform(0.0, seconds))
                break
            except subprocess.TimeoutExpired:
                kill(process, with_run=chance.random() < 0.6)
                kills -= 1
        assert start(made).wait() == 0
        assert whole(made) == expected
        print(f"copy {copies} is whole, {kills} kills to go", file=sys.stderr, flush=True)
    return copies


def _copy(pristine: Installation, folder: Path) -> Installation:
    shutil.copytree(pristine.data_dir, folder)
    return replace(pristine, data_dir=folder)


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as place:
        count, seed = int(sys.argv[1]), random.randrange(1 << 32)
        print(f"seed {seed}", file=sys.stderr)
        copies = torment(overdue(Path(place) / "pristine"), Path(place), count, random.Random(seed))
        print(f"{count} kills, {copies} scheduled runs, each complete once and to the same digest")
