"""One attempt of a scheduled run: ``python -m forecast run`` as a process of its own, watched to its end."""

import json
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import BinaryIO

from forecast.schedule.records import Attempt

RUN = (sys.executable, "-m", "forecast", "run")
_LOG = "scheduled.log"
_LOG_BYTES = 1_000_000
_LOOK_SECONDS = 0.2

Launch = Callable[[int | None, str, Callable[[], bool]], Attempt]
"""Forecasts a snapshot (None: finds that there is none) for a reason; ends early once the question answers no."""


class RunProcess:
    """Starts ``command``; what it says is added to a file in ``runs_dir``, which is begun anew when it is large."""

    def __init__(self, runs_dir: Path, command: tuple[str, ...] = RUN) -> None:
        self.log, self.command = runs_dir / _LOG, command

    def __call__(self, snapshot_id: int | None, reason: str, goes_on: Callable[[], bool]) -> Attempt:
        """To its end. Once ``goes_on`` says no the process is asked to stop; it keeps what it has trained."""
        snapshot = ["--snapshot", str(snapshot_id)] if snapshot_id is not None else []
        command = [*self.command, *snapshot, "--json", "--reason", reason]
        # Files, no pipes: a run that outlives its scheduler must not die of having nobody to talk to.
        with self._opened() as log, tempfile.TemporaryFile() as answer:
            before = self.log.stat().st_size
            process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=answer, stderr=log)
            _watch(process, goes_on)
            answer.seek(0)
            said = answer.read()
        if process.returncode == 0:
            return Attempt(0, run_id=str(json.loads(said)["run_id"]))
        return Attempt(process.returncode, message=self._last_words(before))

    def _opened(self) -> BinaryIO:
        self.log.parent.mkdir(parents=True, exist_ok=True)
        if self.log.exists() and self.log.stat().st_size > _LOG_BYTES:
            self.log.write_bytes(b"")
        return self.log.open("ab")

    def _last_words(self, before: int) -> str:
        with self.log.open("rb") as log:
            log.seek(before)
            lines = log.read().decode("utf-8", errors="replace").strip().splitlines()
        return lines[-1] if lines else ""


def _watch(process: "subprocess.Popen[bytes]", goes_on: Callable[[], bool]) -> None:
    asked = False
    while True:
        try:
            process.wait(_LOOK_SECONDS)
            return
        except subprocess.TimeoutExpired:
            if not asked and not goes_on():
                asked = True
                process.terminate()
