import sys
import time
from pathlib import Path

from ui.side_jobs import FORECAST, SideJob

WAIT = (
    "import sys, time; print(' 43% training the network, about 5 s left', file=sys.stderr, flush=True); time.sleep(60)"
)


def job(folder: Path, code: str) -> SideJob:
    """A few lines of Python instead of a verification."""
    return SideJob(folder / "runs", "verified", (sys.executable, "-S", "-c", code))


def ended(job: SideJob) -> SideJob:
    give_up = time.monotonic() + 20
    while job.alive and time.monotonic() < give_up:
        time.sleep(0.01)
    assert not job.alive
    return job


def test_before_its_first_start_there_is_nothing_to_tell(tmp_path: Path) -> None:
    idle = job(tmp_path, "")
    assert (idle.alive, idle.document, idle.failure, idle.progress) == (False, None, None, (0.0, ""))


def test_the_document_is_there_once_the_process_has_ended(tmp_path: Path) -> None:
    """Also with an exit code: a verification that found a difference ends with 3."""
    done = job(tmp_path, 'import sys; print(\'{"verdict": "DIFFERENT"}\'); sys.exit(3)')
    assert done.start("a run", ("verify", "x.zip"), "en")
    assert ended(done).document == {"verdict": "DIFFERENT"}
    assert (done.subject, done.failure) == ("a run", None)


def test_a_process_that_ends_without_a_document_says_why(tmp_path: Path) -> None:
    broken = job(tmp_path, "import sys; sys.exit('the disk is full')")
    broken.start("a run", (), "en")
    assert ended(broken).failure == "the disk is full"
    assert broken.document is None


def test_the_document_of_a_start_that_says_where_lies_there_and_stays(tmp_path: Path) -> None:
    counting = job(tmp_path, "import sys; print(sys.argv[1])")
    places = [tmp_path / "first.json", tmp_path / "second.json"]
    for number, place in enumerate(places):
        counting.start("a run", (str(number),), "en", place)
        assert ended(counting).document == number
    assert [place.read_text().strip() for place in places] == ["0", "1"]


def test_progress_is_what_it_said_last_and_it_can_be_cancelled(tmp_path: Path) -> None:
    going = job(tmp_path, WAIT)
    going.start("a run", (), "en")
    while not going.progress[1]:
        time.sleep(0.01)
    assert going.progress == (0.43, "training the network, about 5 s left")
    assert going.document is None
    assert not going.start("another", (), "en")

    going.cancel("another")
    assert not going.cancelled
    going.cancel("a run")

    assert ended(going).cancelled
    assert (going.failure, going.subject) == (None, "a run")


def test_arguments_and_language_reach_our_own_forecaster(tmp_path: Path) -> None:
    code = "import json, os, sys; print(json.dumps([*sys.argv[1:], os.environ['SCORECAST_LANGUAGE']]))"
    told = job(tmp_path, code)
    told.start("a run", ("verify", "x.zip", "--json"), "zh")
    assert ended(told).document == ["verify", "x.zip", "--json", "zh"]
    assert SideJob(tmp_path, "x").command == FORECAST == (sys.executable, "-m", "forecast")
