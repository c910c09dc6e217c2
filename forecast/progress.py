"""Progress of a run: a bar in the terminal, a line per tenth elsewhere, and a word to the ledger now and then."""

import signal
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType
from typing import TextIO

from kpi.errors import Refused, refuse
from kpi.text import Language, Text

_WIDTH = 30
_BAR_SECONDS = 0.1


class Cancelled(Refused):
    """Somebody asked the run to stop; nothing of it is kept."""


class Terminal:
    """A bar with the remaining time on a terminal; in a log one line per tenth."""

    def __init__(self, stream: TextIO, language: Language, clock: Callable[[], float] = time.monotonic) -> None:
        self.stream, self.language, self.clock = stream, language, clock
        self.started, self.drawn_at, self.tenth = clock(), -1.0, -1

    def __call__(self, share: float, message: Text) -> None:
        """Show that ``share`` (0 to 1) is done."""
        now = self.clock()
        if self.stream.isatty():
            if share >= 1.0 or now - self.drawn_at >= _BAR_SECONDS:
                self.drawn_at = now
                filled = int(share * _WIDTH)
                bar = "█" * filled + "·" * (_WIDTH - filled)
                end = "\n" if share >= 1.0 else ""
                self.stream.write(f"\r\x1b[K{bar} {self._line(share, message, now)}{end}")
                self.stream.flush()
        elif int(share * 10) > self.tenth:
            self.tenth = int(share * 10)
            self.stream.write(self._line(share, message, now) + "\n")
            self.stream.flush()

    def _line(self, share: float, message: Text, now: float) -> str:
        spent = now - self.started
        line = f"{share:4.0%} {message.in_(self.language)}"
        if 0.05 <= share < 1.0 and spent > 1.0:
            left = spent * (1.0 - share) / share
            line += f",约剩 {left:.0f} 秒" if self.language == "zh" else f", about {left:.0f} s left"
        return line


class Throttled:
    """Passes progress on to ``target`` at most once in ``seconds``; the last call (share 1) always goes through."""

    def __init__(
        self, target: Callable[[float, Text], None], seconds: float, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self.target, self.seconds, self.clock = target, seconds, clock
        self.told_at: float | None = None

    def __call__(self, share: float, message: Text) -> None:
        """Pass on, or not yet."""
        now = self.clock()
        if share >= 1.0 or self.told_at is None or now - self.told_at >= self.seconds:
            self.told_at = now
            self.target(share, message)


@contextmanager
def cancel_by_signal() -> Iterator[Callable[[], None]]:
    """Inside, SIGINT and SIGTERM are noted; the yielded check raises :class:`Cancelled` once one has come."""
    caught: list[int] = []

    def note(number: int, _frame: FrameType | None) -> None:
        caught.append(number)

    def check() -> None:
        if caught:
            name = signal.Signals(caught[0]).name
            text = refuse(
                f"运行被 {name} 取消，没有发布结果。", f"the run was cancelled by {name}; no result was published."
            )
            raise Cancelled(text.message)

    before = {number: signal.signal(number, note) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield check
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


@contextmanager
def shown_and_cancellable(language: Language) -> Iterator[Callable[[float, Text], None]]:
    """Progress for a command: shown on standard error, and ended by SIGINT or SIGTERM until all is done."""
    terminal = Terminal(sys.stderr, language)
    with cancel_by_signal() as check:

        def progress(share: float, message: Text) -> None:
            if share < 1.0:  # what is done is not cancelled any more
                check()
            terminal(share, message)

        yield progress
