import os
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from ui.jobs import ForecastJob

WAIT_FOR_FILE = "import os, sys, time\nwhile not os.path.exists(sys.argv[1]):\n    time.sleep(0.01)"


def job(folder: Path, code: str, *arguments: str) -> ForecastJob:
    """A job that runs a few lines of Python instead of a forecast."""
    return ForecastJob(folder / "logs" / "job.log", (sys.executable, "-S", "-c", code, *arguments))


def ended(job: ForecastJob) -> ForecastJob:
    """Wait for the process."""
    give_up = time.monotonic() + 20
    while job.alive and time.monotonic() < give_up:
        time.sleep(0.01)
    assert not job.alive
    return job


@pytest.fixture
def waiting(tmp_path: Path) -> Iterator[tuple[ForecastJob, Path]]:
    """A job that goes on until a file is there."""
    release = tmp_path / "release"
    yield job(tmp_path, WAIT_FOR_FILE, str(release)), release
    release.touch()


def test_before_its_first_start_a_job_neither_lives_nor_has_failed(tmp_path: Path) -> None:
    idle = job(tmp_path, "")
    assert (idle.alive, idle.failure) == (False, None)


def test_a_second_start_is_refused_while_one_lives_and_taken_afterwards(waiting: tuple[ForecastJob, Path]) -> None:
    running, release = waiting
    assert running.start(1, fresh=False, language="en")
    assert running.alive
    assert running.failure is None
    assert not running.start(1, fresh=True, language="zh")
    release.touch()
    assert ended(running).start(1, fresh=False, language="en")
    ended(running)


def test_the_command_is_told_snapshot_freshness_and_language(tmp_path: Path) -> None:
    said = tmp_path / "said.txt"
    code = "import os, sys; open(sys.argv[1], 'w').write(' '.join([*sys.argv[2:], os.environ['SCORECAST_LANGUAGE']]))"
    for fresh, expected in ((False, "--snapshot 7 --json zh"), (True, "--snapshot 7 --json --fresh zh")):
        started = job(tmp_path, code, str(said))
        assert started.start(7, fresh=fresh, language="zh")
        assert ended(started).failure is None
        assert said.read_text() == expected


def test_a_job_that_ends_badly_says_its_last_line(tmp_path: Path) -> None:
    code = "import sys; sys.stderr.buffer.write('第一行\\n没有数据\\n'.encode()); sys.exit(2)"
    broken = job(tmp_path, code)
    broken.start(1, fresh=False, language="zh")
    assert ended(broken).failure == "没有数据"


def test_a_job_that_ends_badly_without_a_word_says_its_exit_code(tmp_path: Path) -> None:
    broken = job(tmp_path, "raise SystemExit(3)")
    broken.start(1, fresh=False, language="en")
    assert ended(broken).failure == "exit code 3"


def test_what_is_no_text_in_the_log_does_not_hide_the_failure(tmp_path: Path) -> None:
    broken = job(tmp_path, "import os, sys; os.write(2, b'bad \\xff byte'); sys.exit(1)")
    broken.start(1, fresh=False, language="en")
    assert ended(broken).failure == "bad \ufffd byte"


def test_cancelling_ends_the_process_politely_and_everybody_sees_that_it_was_asked_to(tmp_path: Path) -> None:
    code = (
        "import signal, sys, time\n"
        "signal.signal(signal.SIGTERM, lambda *_: sys.exit('kept, go on later'))\n"
        "open(sys.argv[1], 'w').close()\n"
        "time.sleep(60)"
    )
    ready = tmp_path / "ready"
    running = job(tmp_path, code, str(ready))
    running.start(1, fresh=False, language="en")
    elsewhere = ForecastJob(running.log)
    while not ready.exists():
        time.sleep(0.01)
    before = elsewhere.cancelling
    running.cancel()

    assert (before, elsewhere.cancelling) == (False, True)
    assert ended(running).failure == "kept, go on later"
    assert running.cancelled


def test_a_run_that_was_started_elsewhere_is_asked_to_stop(tmp_path: Path) -> None:
    idle = job(tmp_path, "")
    idle.log.parent.mkdir()
    idle.cancel()

    assert idle.cancelling
    assert not idle.cancelled


def test_a_new_start_forgets_the_failure_before(tmp_path: Path) -> None:
    switch = tmp_path / "switch"
    flaky = job(tmp_path, "import os, sys; sys.exit(0 if os.path.exists(sys.argv[1]) else 2)", str(switch))
    flaky.start(1, fresh=False, language="en")
    assert ended(flaky).failure
    switch.touch()
    flaky.start(1, fresh=False, language="en")
    assert ended(flaky).failure is None


def test_the_job_leaves_the_servers_own_surroundings_as_they_are(tmp_path: Path) -> None:
    before = dict(os.environ)
    started = job(tmp_path, "")
    started.start(1, fresh=False, language="en")
    ended(started)
    assert dict(os.environ) == before


def test_the_command_of_the_pages_is_our_own_forecaster(tmp_path: Path) -> None:
    assert ForecastJob(tmp_path / "log").command == (sys.executable, "-m", "forecast", "run")
