import signal
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from forecast.folder import note_interrupted
from forecast.lock import Busy, RunLock
from forecast.progress import Cancelled
from kpi.errors import Refused
from kpi.settings import ROOT
from kpi.text import Text
from tests.forecast.test_run import RunsInMemory

HOLD = """
import sys, time
from pathlib import Path
from forecast.lock import RunLock

with RunLock(Path(sys.argv[1])):
    print("held", flush=True)
    time.sleep(60)
"""


def test_a_lock_is_held_by_one_and_free_again_afterwards(tmp_path: Path) -> None:
    place = tmp_path / "deep" / ".lock"

    with RunLock(place), pytest.raises(Busy, match="still running"), RunLock(place, timeout=0):
        pass

    with RunLock(place, timeout=0):
        assert place.exists()


def test_who_waits_gets_the_lock_when_it_is_free(tmp_path: Path) -> None:
    told: list[Text] = []
    got = threading.Event()

    def wait() -> None:
        with RunLock(tmp_path / ".lock", waiting=told.append):
            got.set()

    with RunLock(tmp_path / ".lock"):
        waiting = threading.Thread(target=wait)
        waiting.start()
        assert not got.wait(0.3)
    assert got.wait(5)
    waiting.join()

    assert "waiting" in told[0].en
    assert "等待" in told[0].zh


def test_who_waits_can_give_up(tmp_path: Path) -> None:
    def give_up(message: Text) -> None:
        raise Cancelled(message)

    with RunLock(tmp_path / ".lock"), pytest.raises(Cancelled), RunLock(tmp_path / ".lock", waiting=give_up):
        pass


def test_a_failure_inside_frees_the_lock(tmp_path: Path) -> None:
    with pytest.raises(RuntimeError), RunLock(tmp_path / ".lock"):
        raise RuntimeError

    with RunLock(tmp_path / ".lock", timeout=0):
        pass


def test_a_place_that_cannot_be_written_is_refused(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x", encoding="utf-8")

    with pytest.raises(Refused, match="SCORECAST_DATA_DIR") as refusal, RunLock(tmp_path / "file" / ".lock"):
        pass

    assert "无法写入" in refusal.value.message.zh


@pytest.mark.slow
def test_another_process_holds_the_lock_until_it_is_killed(tmp_path: Path) -> None:
    """While it holds the lock its run is left alone; once it is dead its run is called interrupted."""
    log = RunsInMemory()
    marked: list[bool] = []
    log.mark_interrupted = lambda: marked.append(True)  # type: ignore[method-assign]
    command = [sys.executable, "-c", HOLD, str(tmp_path / ".lock")]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == "held\n"
        with pytest.raises(Busy), RunLock(tmp_path / ".lock", timeout=0):
            pass
        note_interrupted(log, tmp_path)
        assert marked == []

        holder.send_signal(signal.SIGKILL)
        holder.wait()

    note_interrupted(log, tmp_path)
    assert marked == [True]
