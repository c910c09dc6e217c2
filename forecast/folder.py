"""Where runs keep their passports: complete or not there, and swept after a process that died. Needs no torch."""

import os
import shutil
from collections.abc import Sequence
from pathlib import Path
from typing import Protocol

from forecast.live import clear_live
from forecast.lock import Busy, RunLock
from forecast.records import KpiForecast, RunRecord, ScoreForecast
from kpi.errors import ScorecastError, refuse
from kpi.text import Text

PASSPORT = "passport.zip"
LOCK = ".lock"
CHECKPOINTS = ".checkpoints"
_UNFINISHED = ".unfinished-"


class RunLog(Protocol):
    """What a run needs of the ledger. Every call is a transaction of its own."""

    def run(self, run_id: str) -> RunRecord | None:
        """The run on record."""

    def begin_run(self, record: RunRecord) -> None:
        """Note a run that starts, in place of one with the same id that never finished."""

    def update_run(self, run_id: str, progress: float, message: str) -> None:
        """How far it is."""

    def finish_run(
        self, run_id: str, record: RunRecord, forecasts: Sequence[KpiForecast], scores: Sequence[ScoreForecast]
    ) -> None:
        """The run is done, and these are its rows: both or neither."""

    def fail_run(self, run_id: str, why: str) -> None:
        """It ended without a result."""

    def cancel_run(self, run_id: str, why: str) -> None:
        """It was asked to stop and did."""

    def move_passport(self, record: RunRecord) -> None:
        """A DONE run's passport lies elsewhere than it did, or was written anew."""

    def mark_interrupted(self) -> object:
        """Runs still called running whose process is gone. Only the holder of the lock may call this."""


class OutcomeDiffers(ScorecastError):
    """Training again gave other bytes than the run on record (exit code 3)."""

    def __init__(self, message: Text) -> None:
        super().__init__(message.en)
        self.message = message


def note_interrupted(ledger: RunLog, runs_dir: Path) -> None:
    """Call the runs of dead processes interrupted, for those who only look; nothing happens while a forecast runs."""
    try:
        with RunLock(runs_dir / LOCK, timeout=0.0):
            clear_remains(ledger, runs_dir)
    except Busy:
        return


def clear_remains(ledger: RunLog, runs_dir: Path) -> None:
    """Sweep up after processes that died: half-written folders, last words, and runs that the ledger calls running.

    The caller holds the lock, so whatever looks unfinished belongs to nobody.
    """
    for folder in runs_dir.glob(f"{_UNFINISHED}*"):
        shutil.rmtree(folder)
    clear_live(runs_dir)
    ledger.mark_interrupted()


def publish(target: Path, passport: bytes) -> None:
    """Write the passport beside ``target``, flush it to disk, then put it in place by one rename."""
    try:
        half = target.with_name(_UNFINISHED + target.name)
        half.mkdir()
        with (half / PASSPORT).open("wb") as out:
            out.write(passport)
            out.flush()
            os.fsync(out.fileno())
        if target.exists():
            # Left by a process that died before the ledger knew of it, or a folder that lost its passport.
            shutil.rmtree(target)
        half.rename(target)
    except OSError as problem:
        raise refuse(
            f"无法把护照写入 {target}:{problem.strerror}。请检查磁盘空间和写权限。",
            f"the passport cannot be written to {target}: {problem.strerror}. Check the disk space and the right to "
            "write there.",
        ) from problem
