"""Starts a forecast as a process of its own, ends it when asked to, and tells how it ended."""

import os
import subprocess
import sys
import threading
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from forecast.live import Live, ask_to_cancel, cancel_asked, read_live
from kpi.settings import ROOT
from kpi.text import Language

RUN = (sys.executable, "-m", "forecast", "run")


def spawn(command: Sequence[str], language: Language, log: Path, out: Path | None = None) -> "subprocess.Popen[bytes]":
    """Start ``command`` beside the server. Its messages go to ``log``, in ``language``; its document to ``out``."""
    log.parent.mkdir(parents=True, exist_ok=True)
    with log.open("wb") as messages, (out or Path(os.devnull)).open("wb") as document:
        return subprocess.Popen(
            command,
            cwd=ROOT,
            env=os.environ | {"SCORECAST_LANGUAGE": language, "PYTHONIOENCODING": "utf-8"},
            stdin=subprocess.DEVNULL,
            stdout=document,
            stderr=messages,
        )


def last_line(log: Path) -> str:
    """What the process said last; nothing before its first word."""
    try:
        lines = log.read_text(encoding="utf-8", errors="replace").strip().splitlines()
    except FileNotFoundError:
        return ""
    return lines[-1] if lines else ""


@dataclass
class ForecastJob:
    """At most one process of ``command`` at a time; its messages go to ``log``, in the folder of the runs.

    Safe to call from several sessions. ``cancelled`` tells whether the process started last was asked to end.
    """

    log: Path
    command: tuple[str, ...] = RUN
    _process: "subprocess.Popen[bytes] | None" = None
    cancelled: bool = False
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def start(self, snapshot_id: int, fresh: bool, language: Language) -> bool:
        """Start a run of the snapshot, ``fresh`` to train again; False when one is going already.

        Its messages are in ``language``.
        """
        with self._lock:
            if self.alive:
                return False
            self.cancelled = False
            options = ["--snapshot", str(snapshot_id), "--json", *(["--fresh"] if fresh else [])]
            self._process = spawn([*self.command, *options], language, self.log)
            return True

    def cancel(self) -> None:
        """Ask the run that computes now to stop, whoever started it; it says what it keeps and then ends.

        Windows knows no polite signal: there only a process that cannot read the request yet is ended by force.
        Raises Refused when the request cannot be written.
        """
        with self._lock:
            if self._process is not None and self.alive:
                self.cancelled = True
                if os.name == "posix" or self.live is None:
                    self._process.terminate()
            ask_to_cancel(self.log.parent)

    @property
    def live(self) -> Live | None:
        """How far the run is that computes now, whoever started it; None when none does or it said nothing yet."""
        return read_live(self.log.parent)

    @property
    def cancelling(self) -> bool:
        """Whether somebody asked the run that computes now to stop."""
        return cancel_asked(self.log.parent)

    @property
    def alive(self) -> bool:
        """Whether the process started last is still going."""
        return self._process is not None and self._process.poll() is None

    @property
    def failure(self) -> str | None:
        """What the process said last when it ended badly; None while it runs or after success."""
        code = self._process.poll() if self._process else None
        return (last_line(self.log) or f"exit code {code}") if code else None
