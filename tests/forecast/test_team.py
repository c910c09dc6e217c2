"""Workers that meet, in real processes, as ``torchrun`` starts them."""

import os
import subprocess
import sys
from datetime import timedelta

import pytest
from torch.distributed import TCPStore  # type: ignore[attr-defined]

pytestmark = pytest.mark.slow

MEET = """
import sys, time
from forecast.team import team
time.sleep(float(sys.argv[1]))
with team("cpu") as workers:
    if workers.rank == 0:
        workers.send(b"together")
    else:
        print(workers.receive().decode(), end="")
"""


def start(store: TCPStore, rank: int, restarts: int, late: float) -> "subprocess.Popen[str]":
    environment = {
        "RANK": str(rank),
        "WORLD_SIZE": "2",
        "LOCAL_WORLD_SIZE": "2",
        "MASTER_ADDR": "127.0.0.1",
        "MASTER_PORT": str(store.port),
        "TORCHELASTIC_USE_AGENT_STORE": "True",
        "TORCHELASTIC_RESTART_COUNT": str(restarts),
    }
    command = [sys.executable, "-c", MEET, str(late)]
    return subprocess.Popen(command, env=os.environ | environment, stdout=subprocess.PIPE, text=True)


def test_workers_started_again_meet_each_other_and_not_those_before_them() -> None:
    store = TCPStore("127.0.0.1", 0, is_master=True, wait_for_workers=False, timeout=timedelta(minutes=1))
    for restarts, late in ((0, 0.0), (1, 3.0)):
        first, second = start(store, 0, restarts, 0.0), start(store, 1, restarts, late)
        with first, second:
            try:
                said, _ = second.communicate(timeout=60)
                first.wait(60)
            finally:
                first.kill()
                second.kill()

        assert (first.returncode, second.returncode, said) == (0, 0, "together")
