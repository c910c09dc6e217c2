"""Work beside the server whose answer is a document: a verification, a comparison."""

import json
import re
import subprocess
import sys
import threading
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from kpi.text import Language
from ui.jobs import last_line, spawn

FORECAST = (sys.executable, "-m", "forecast")
_PROGRESS = re.compile(r"\s*(\d{1,3})% (.*)")


@dataclass
class SideJob:
    """At most one process of ``command`` at a time; its files are called ``name`` and lie in ``folder``, but for the
    document of one that was told where to put it.

    Safe to call from several sessions. ``subject`` is what the process started last is about, ``cancelled`` whether it
    was asked to end.
    """

    folder: Path
    name: str
    command: tuple[str, ...] = FORECAST
    subject: str = ""
    cancelled: bool = False
    _process: "subprocess.Popen[bytes] | None" = None
    _out: Path | None = None
    _lock: threading.Lock = field(default_factory=threading.Lock)

    @property
    def log(self) -> Path:
        """Its messages."""
        return self.folder / f"{self.name}.log"

    @property
    def out(self) -> Path:
        """Its document."""
        return self._out or self.folder / f"{self.name}.json"

    def start(self, subject: str, arguments: tuple[str, ...], language: Language, out: Path | None = None) -> bool:
        """Start the command with ``arguments``, whose document goes to ``out``; False when one is going already."""
        with self._lock:
            if self.alive:
                return False
            self.subject, self.cancelled, self._out = subject, False, out
            self._process = spawn([*self.command, *arguments], language, self.log, self.out)
            return True

    def cancel(self, subject: str | None = None) -> None:
        """Ask it to end, if it is about ``subject`` where one is named; it publishes nothing before its end."""
        with self._lock:
            if self._process is not None and self.alive and subject in (None, self.subject):
                self.cancelled = True
                self._process.terminate()

    @property
    def alive(self) -> bool:
        """Whether it is still going."""
        return self._process is not None and self._process.poll() is None

    @property
    def progress(self) -> tuple[float, str]:
        """The share done and the words beside it, as it said them last; nothing before its first word."""
        found = _PROGRESS.fullmatch(last_line(self.log))
        return (min(1.0, int(found[1]) / 100), found[2]) if found else (0.0, "")

    @property
    def document(self) -> Any:  # whatever the command documents
        """What it printed, once it has ended; None when that is no JSON."""
        if self._process is None or self.alive:
            return None
        try:
            return json.loads(self.out.read_bytes())
        except (OSError, ValueError):
            return None

    @property
    def failure(self) -> str | None:
        """What it said last when it ended without a document; None while it runs, or when it was cancelled."""
        if self._process is None or self.alive or self.cancelled or self.document is not None:
            return None
        return last_line(self.log) or f"exit code {self._process.poll()}"
