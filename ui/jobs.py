"""Starts a forecast as a process of its own and tells how it ended."""

import os
import subprocess
import sys
import threading
from dataclasses import dataclass, field
from pathlib import Path

from kpi.settings import ROOT
from kpi.text import Language

RUN = (sys.executable, "-m", "forecast", "run")


@dataclass
class ForecastJob:
    """At most one process of ``command`` at a time; its messages go to ``log``. Safe to call from several sessions."""

    log: Path
    command: tuple[str, ...] = RUN
    _process: "subprocess.Popen[bytes] | None" = None
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def start(self, snapshot_id: int, fresh: bool, language: Language) -> bool:
        """Start a run of the snapshot, ``fresh`` to train again; False when one is going already.

        Its messages are in ``language``.
        """
        with self._lock:
            if self.alive:
                return False
            options = ["--snapshot", str(snapshot_id), "--json", *(["--fresh"] if fresh else [])]
            self.log.parent.mkdir(parents=True, exist_ok=True)
            with self.log.open("wb") as log:
                self._process = subprocess.Popen(
                    [*self.command, *options],
                    cwd=ROOT,
                    env=os.environ | {"SCORECAST_LANGUAGE": language, "PYTHONIOENCODING": "utf-8"},
                    stdin=subprocess.DEVNULL,
                    stdout=subprocess.DEVNULL,
                    stderr=log,
                )
            return True

    @property
    def alive(self) -> bool:
        """Whether the process started last is still going."""
        return self._process is not None and self._process.poll() is None

    @property
    def failure(self) -> str | None:
        """What the process said last when it ended badly; None while it runs or after success."""
        code = self._process.poll() if self._process else None
        if not code:
            return None
        lines = self.log.read_text(encoding="utf-8", errors="replace").strip().splitlines()
        return lines[-1] if lines else f"exit code {code}"
