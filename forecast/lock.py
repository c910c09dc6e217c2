"""A lock between processes. The operating system lets it go when its holder ends, however it ends."""

import os
import sys
import time
from collections.abc import Callable
from pathlib import Path
from types import TracebackType
from typing import Self

from kpi.errors import Refused, refuse
from kpi.text import Text

_POLL_SECONDS = 0.2
_TAKEN = Text(zh="另一个预测正在运行，等待它结束……", en="another forecast is running; waiting for it to finish ...")


class Busy(Refused):
    """Another process holds the lock."""


def _wait_quietly(_message: Text) -> None:
    """Never gives up."""


class RunLock:
    """``with RunLock(path):`` one process (and one thread) at a time; the file stays and its content means nothing.

    ``waiting`` is told again and again while another has the lock, and may raise to give up. ``timeout`` in seconds;
    None waits for ever.
    Raises Busy when the time is over, Refused when the file cannot be written.
    """

    def __init__(
        self, path: Path, timeout: float | None = None, waiting: Callable[[Text], None] = _wait_quietly
    ) -> None:
        self.path, self.timeout, self.waiting = path, timeout, waiting
        self._descriptor: int | None = None

    def __enter__(self) -> Self:
        descriptor = self._open()
        try:
            self._wait(descriptor)
        except BaseException:
            os.close(descriptor)
            raise
        self._descriptor = descriptor
        return self

    def __exit__(
        self, _kind: type[BaseException] | None, _problem: BaseException | None, _trace: TracebackType | None
    ) -> None:
        if self._descriptor is not None:
            _let_go(self._descriptor)
            os.close(self._descriptor)
            self._descriptor = None

    def _open(self) -> int:
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            # Not inherited: a child must not keep the lock alive.
            return os.open(self.path, os.O_RDWR | os.O_CREAT, 0o644)
        except OSError as problem:
            raise refuse(
                f"无法写入 {self.path}:{problem.strerror}。请给予写权限，或用 SCORECAST_DATA_DIR 指定另一个文件夹。",
                f"cannot write {self.path}: {problem.strerror}. Allow writing there, or name another folder in "
                "SCORECAST_DATA_DIR.",
            ) from problem

    def _wait(self, descriptor: int) -> None:
        started = time.monotonic()
        while not _try_take(descriptor):
            self.waiting(_TAKEN)
            if self.timeout is not None and time.monotonic() - started >= self.timeout:
                raise Busy(
                    Text(
                        zh=f"等待 {self.timeout:.0f} 秒后，另一个预测仍在运行。请稍后再试。",
                        en=f"another forecast is still running after {self.timeout:.0f} s. Try again later.",
                    )
                )
            time.sleep(_POLL_SECONDS)


if sys.platform == "win32":
    import msvcrt

    def _try_take(descriptor: int) -> bool:
        os.lseek(descriptor, 0, os.SEEK_SET)
        try:
            msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)
        except OSError:
            return False
        return True

    def _let_go(descriptor: int) -> None:
        os.lseek(descriptor, 0, os.SEEK_SET)
        msvcrt.locking(descriptor, msvcrt.LK_UNLCK, 1)

else:
    import fcntl

    def _try_take(descriptor: int) -> bool:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True

    def _let_go(descriptor: int) -> None:
        fcntl.flock(descriptor, fcntl.LOCK_UN)
