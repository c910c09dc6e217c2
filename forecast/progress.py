"""Progress of a run: a bar in the terminal, a line per tenth elsewhere, and a word to the ledger now and then."""

import signal
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType
from typing import TextIO

from forecast.pace import Pace, left_in_words
from kpi.errors import Refused
from kpi.text import Language, Text

_WIDTH = 30
_BAR_SECONDS = 0.1


class Cancelled(Refused):
    """Somebody asked the work to stop; no result of it is kept."""

    @classmethod
    def by(cls, whom: Text) -> "Cancelled":
        """A signal or a person."""
        return cls(
            Text(zh=f"已取消({whom.zh})，没有发布结果。", en=f"cancelled by {whom.en}; no result was published.")
        )

    def adding(self, more: Text) -> "Cancelled":
        """The same with ``more``: what is kept, and how to go on."""
        return Cancelled(Text(zh=self.message.zh + more.zh, en=f"{self.message.en} {more.en}"))


class Terminal:
    """A bar with the remaining time on a terminal; in a log one line per tenth."""

    def __init__(self, stream: TextIO, language: Language, clock: Callable[[], float] = time.monotonic) -> None:
        self.stream, self.language, self.clock = stream, language, clock
        self.pace, self.drawn_at, self.tenth, self.open = Pace(), -1.0, -1, False
        self.pace.left(clock(), 0.0)

    def __call__(self, share: float, message: Text) -> None:
        """Show that ``share`` (0 to 1) is done."""
        now = self.clock()
        line = self._line(share, message, self.pace.left(now, share))
        if self.stream.isatty():
            if share >= 1.0 or now - self.drawn_at >= _BAR_SECONDS:
                self.drawn_at = now
                filled = int(share * _WIDTH)
                bar = "█" * filled + "·" * (_WIDTH - filled)
                self.stream.write(f"\r\x1b[K{bar} {line}")
                self.open = True
                if share >= 1.0:
                    self.close()
                self.stream.flush()
        elif int(share * 10) > self.tenth:
            self.tenth = int(share * 10)
            self.stream.write(f"{line}\n")
            self.stream.flush()

    def close(self) -> None:
        """Let what is written next stand below the bar."""
        if self.open:
            self.stream.write("\n")
            self.open = False

    def _line(self, share: float, message: Text, left: float | None) -> str:
        line = f"{share:4.0%} {message.in_(self.language)}"
        if left is None or share >= 1.0:
            return line
        return line + ("，" if self.language == "zh" else ", ") + left_in_words(left).in_(self.language)


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
            raise Cancelled.by(Text(zh=name, en=name))

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

        try:
            yield progress
        finally:
            terminal.close()
