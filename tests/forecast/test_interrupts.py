"""Real processes, stopped in the middle of training: what comes out in the end is the same, to the byte."""

import os
import signal
import subprocess
import time
from pathlib import Path
from typing import Any

import pytest

from forecast.live import ask_to_cancel
from tests.forecast.company import Done, Installation, install

pytestmark = pytest.mark.slow

SAME = ("run_id", "weights_digest", "forecast_digest")
# A state after every step, so that there always is one to stop at.
ALWAYS = {"SCORECAST_CHECKPOINT_SECONDS": "0"}
RUN = ("-m", "forecast", "run", "--json")
# Ctrl-C before the command has set up anything of its own.
STOPPED_EARLY = """
import os, signal, sys
from kpi.command_line import answer
sys.exit(answer(lambda settings: os.kill(os.getpid(), signal.SIGINT)))
"""


def torchrun(workers: int, *options: str) -> tuple[str, ...]:
    return ("-m", "torch.distributed.run", "--nproc-per-node", str(workers), *options, *RUN)


def new(folder: Path) -> Installation:
    return Installation(install(folder).data_dir, ALWAYS)


def to_its_end(process: "subprocess.Popen[str]") -> Done:
    with process:
        out, err = process.communicate(timeout=180)
    return Done(process.returncode, out, err)


def wait_for_checkpoint(made: Installation, process: "subprocess.Popen[str]", leg: str) -> None:
    while not list(made.data_dir.glob(f"runs/.checkpoints/*/{leg}.json")):
        assert process.poll() is None, process.communicate()
        time.sleep(0.01)


def digests(answer: Any) -> list[str]:
    return [answer[name] for name in SAME]


@pytest.fixture(scope="module")
def alone(tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    return digests(install(tmp_path_factory.mktemp("alone")).forecast("run", "--json").json)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGKILL])
@pytest.mark.parametrize("leg", ["judged0", "final1"])
def test_a_run_stopped_in_training_goes_on_to_the_same_digests(
    number: signal.Signals, leg: str, alone: list[str], tmp_path: Path
) -> None:
    made = new(tmp_path)
    process = made.start(*RUN)
    wait_for_checkpoint(made, process, leg)
    process.send_signal(number)
    stopped = to_its_end(process)
    (record,) = made.forecast("runs", "--json").json
    again = made.forecast("run", "--json")

    cancelled = number is not signal.SIGKILL
    assert stopped.code == (2 if cancelled else -signal.SIGKILL)
    assert record["state"] == ("cancelled" if cancelled else "interrupted")
    said = "cancelled by SIGTERM; no result was published. Its training is kept: run it again to go on from there."
    assert (said in stopped.err.splitlines()) == cancelled
    assert stopped.out == ""
    assert "going on from a checkpoint" in again.err
    assert digests(again.json) == alone
    assert not list(made.data_dir.glob("runs/.checkpoints/*"))


def test_anybody_may_ask_a_run_to_stop_and_it_goes_on_to_the_same_digests(alone: list[str], tmp_path: Path) -> None:
    made = new(tmp_path)
    process = made.start(*RUN)
    wait_for_checkpoint(made, process, "judged1")
    ask_to_cancel(made.data_dir / "runs")
    stopped = to_its_end(process)

    assert (stopped.code, stopped.out) == (2, "")
    assert "cancelled by request" in stopped.err
    assert digests(made.forecast("run", "--json").json) == alone


def test_a_command_that_is_stopped_while_it_loads_says_so_in_one_line(tmp_path: Path) -> None:
    process = new(tmp_path).start("-c", STOPPED_EARLY)
    stopped = to_its_end(process)

    assert stopped.code == 2
    assert stopped.err == "stopped; nothing is left half-done. The same command can be run again.\n"


@pytest.mark.parametrize("workers", [2, 3])
def test_any_number_of_workers_gives_the_same_digests(workers: int, alone: list[str], tmp_path: Path) -> None:
    done = to_its_end(install(tmp_path).start(*torchrun(workers)))

    assert done.code == 0, done.err
    assert digests(done.json) == alone


@pytest.mark.parametrize("victim", [0, 1])
def test_a_killed_worker_is_started_again_and_the_digests_are_the_same(
    victim: int, alone: list[str], tmp_path: Path
) -> None:
    made = new(tmp_path)
    process = made.start(*torchrun(2, "--max-restarts", "2"))
    wait_for_checkpoint(made, process, "judged1")
    os.kill(workers_of(process)[victim], signal.SIGKILL)
    done = to_its_end(process)

    assert done.code == 0, done.err
    assert "going on from a checkpoint" in done.err
    assert digests(done.json) == alone


def workers_of(agent: "subprocess.Popen[str]") -> list[int]:
    """The processes that the agent started, in order of rank."""
    children = Path(f"/proc/{agent.pid}/task/{agent.pid}/children").read_text(encoding="ascii").split()
    by_rank = {}
    for child in children:
        environment = Path(f"/proc/{child}/environ").read_bytes().split(b"\0")
        rank = [entry for entry in environment if entry.startswith(b"RANK=")]
        if rank:
            by_rank[int(rank[0].removeprefix(b"RANK="))] = int(child)
    return [by_rank[rank] for rank in sorted(by_rank)]


def test_several_workers_of_standard_numerics_are_refused(tmp_path: Path) -> None:
    made = install(tmp_path)
    done = to_its_end(made.start(*torchrun(2), "--numerics", "standard"))

    assert done.code != 0
    assert "several workers need order-free numerics" in done.err
    assert "Traceback" not in done.err.split("several workers")[0]


def test_more_workers_than_rows_of_a_batch_are_refused(tmp_path: Path) -> None:
    made = Installation(install(tmp_path).data_dir, {"SCORECAST_FORECAST_BATCH": "1"})
    done = to_its_end(made.start(*torchrun(2)))

    assert done.code != 0
    assert "2 workers cannot share batches of 1 rows" in done.err


def test_workers_of_a_run_that_is_on_record_have_nothing_to_do(tmp_path: Path) -> None:
    made = install(tmp_path)
    first = made.forecast("run", "--json").json

    done = to_its_end(made.start(*torchrun(2)))

    assert done.code == 0, done.err
    assert done.json == first | {"computed": False}
