"""A lock between processes. The operating system lets it go when its holder ends, however it ends."""

import os
import sys
import time
from collections.abc import Callable
from pathlib import Path
from types import TracebackType
from typing import Self

from kpi.errors import refuse
from kpi.text import Text

_POLL_SECONDS = 0.2
_TAKEN = Text(zh="另一个预测正在运行,等待它结束……", en="another forecast is running; waiting for it to finish ...")


def _say(message: Text) -> None:
    sys.stderr.write(f"{message.zh} {message.en}\n")


def _go_on() -> None:
    """Never gives up."""


class RunLock:
    """``with RunLock(path):`` one process (and one thread) at a time; the file stays and its content means nothing.

    ``waiting`` is told once when the lock is taken by another; ``check`` is called while waiting and may raise to give
    up. ``timeout`` in seconds; None waits for ever.
    Raises Refused when the time is over, or when the file cannot be written.
    """

    def __init__(
        self,
        path: Path,
        timeout: float | None = None,
        waiting: Callable[[Text], None] = _say,
        check: Callable[[], None] = _go_on,
    ) -> None:
        self.path, self.timeout, self.waiting, self.check = path, timeout, waiting, check
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
                f"无法写入 {self.path}:{problem.strerror}。请给予写权限,或用 SCORECAST_DATA_DIR 指定另一个文件夹。",
                f"cannot write {self.path}: {problem.strerror}. Allow writing there, or name another folder in "
                "SCORECAST_DATA_DIR.",
            ) from problem

    def _wait(self, descriptor: int) -> None:
        started = time.monotonic()
        told = False
        while not _try_take(descriptor):
            self.check()
            if self.timeout is not None and time.monotonic() - started >= self.timeout:
                raise refuse(
                    f"等待 {self.timeout:.0f} 秒后,另一个预测仍在运行。请稍后再试。",
                    f"another forecast is still running after {self.timeout:.0f} s. Try again later.",
                )
            if not told:
                self.waiting(_TAKEN)
                told = True
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
