"""Work on bytes that nobody vouches for, in a process of its own with limits of time and memory.

A small server process is started once, clean, and has the readers loaded. For each call it forks a child that gets its
own limits, does the work, answers, and is gone; the kernel ends it when its time is up, and nobody has to wait for it.
So a file that hangs or crashes the reader, or fills the memory, takes one child down and nothing else.
"""

import atexit
import os
import pickle
import select
import socket
import struct
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from typing import Any, NoReturn, TypeVar

from kpi.errors import refuse

Result = TypeVar("Result")
SECONDS = 300.0
"""Wall time that one call may take."""
MEMORY = 4_000_000_000
"""Bytes that one call may take beyond what the loaded program takes."""
PRELOADED = ("kpi.intake.inspect", "kpi.intake.readers", "openpyxl")
_GRACE = 5.0
_LENGTH = struct.Struct("<Q")
_START = "import sys; sys.path[:] = {path!r}; from kpi.intake.isolated_server import serve; serve({fd}, {modules!r})"
_FORKS = hasattr(os, "fork") and hasattr(socket, "send_fds")


def isolated(
    work: Callable[..., Result], *arguments: Any, seconds: float = SECONDS, memory: int = MEMORY, **options: Any
) -> Result:
    """What ``work`` gives, done in a process of its own. ``work``, what it takes and what it gives can be pickled.

    Raises what ``work`` raises; and Refused when it needs more time or memory than it may, or dies. Where processes
    cannot be forked (Windows), the work is done here and without limits.
    """
    if not _FORKS:
        return work(*arguments, **options)
    call = pickle.dumps((work, arguments, options), pickle.HIGHEST_PROTOCOL)
    request = pickle.dumps((list(sys.path), call), pickle.HIGHEST_PROTOCOL)
    ours, theirs = socket.socketpair()
    with ours:
        with theirs:
            _hand_over(theirs.fileno(), seconds, memory)
        deadline = time.monotonic() + seconds + _GRACE
        reply = _exchange(ours, request, deadline)
    if reply is None:
        _refuse_silence(time.monotonic() >= deadline - _GRACE - 0.05, seconds, memory)
    kind, value = pickle.loads(reply)
    if kind == "result":
        result: Result = value
        return result
    if kind == "refused":
        refused, message = value
        raise refused(message)
    if kind == "memory":
        _refuse_memory(memory)
    raise value


def _exchange(ours: socket.socket, request: bytes, deadline: float) -> bytes | None:
    """Send the request and take the answer; None when there is none until the deadline."""
    try:
        ours.settimeout(max(deadline - time.monotonic(), 0.01))
        ours.sendall(_LENGTH.pack(len(request)))
        ours.sendall(request)
        head = _receive(ours, _LENGTH.size, deadline)
        return _receive(ours, _LENGTH.unpack(head)[0], deadline) if head else None
    except OSError:
        return None


def _receive(ours: socket.socket, size: int, deadline: float) -> bytes | None:
    found = bytearray()
    while len(found) < size:
        left = deadline - time.monotonic()
        if left <= 0 or not select.select([ours], [], [], left)[0]:
            return None
        piece = ours.recv(min(size - len(found), 1 << 20))
        if not piece:
            return None
        found += piece
    return bytes(found)


def _refuse_silence(late: bool, seconds: float, memory: int) -> NoReturn:
    if late:
        raise refuse(
            f"读取该文件超过 {seconds:.0f} 秒，已停止。请拆分成较小的工作簿，或删除不需要的工作表后再上传。",
            f"Reading the file took more than {seconds:.0f} seconds and was stopped. Split it into smaller workbooks, "
            "or delete sheets that are not needed.",
        )
    raise refuse(
        f"读取该文件时程序意外终止：文件可能已损坏，或需要超过 {memory // 1_000_000} MB 的内存。"
        "请在 Excel 中打开并另存为新的 xlsx。",
        f"The reader of the file died: the file may be damaged, or need more than {memory // 1_000_000} MB of memory. "
        "Open it in Excel and save it as a new xlsx.",
    )


def _refuse_memory(memory: int) -> NoReturn:
    raise refuse(
        f"读取该文件需要超过 {memory // 1_000_000} MB 的内存，已停止。请拆分成较小的工作簿。",
        f"Reading the file needs more than {memory // 1_000_000} MB of memory and was stopped. Split it into smaller "
        "workbooks.",
    )


class _Server:
    """The process that forks a child for each call. It ends when this process closes its socket, or ends itself."""

    def __init__(self) -> None:
        self.owner = os.getpid()
        self._lock = threading.Lock()
        self._ours, theirs = socket.socketpair()
        with theirs:
            code = _START.format(path=list(sys.path), fd=theirs.fileno(), modules=PRELOADED)
            self._process = subprocess.Popen(
                [sys.executable, "-c", code],
                pass_fds=[theirs.fileno()],
                stdin=subprocess.DEVNULL,
                start_new_session=True,
            )

    @property
    def alive(self) -> bool:
        return self.owner == os.getpid() and self._process.poll() is None

    def hand_over(self, descriptor: int, seconds: float, memory: int) -> None:
        """Have a child forked that answers on the socket of this descriptor."""
        with self._lock:
            socket.send_fds(self._ours, [struct.pack("<dQ", seconds, memory)], [descriptor])

    def close(self) -> None:
        self._ours.close()
        if self.owner == os.getpid():
            try:
                self._process.wait(_GRACE)
            except subprocess.TimeoutExpired:
                self._process.kill()
                self._process.wait()


_started: list[_Server] = []
_starting = threading.Lock()


def _server() -> _Server:
    with _starting:
        if _started and _started[0].alive:
            return _started[0]
        close()
        _started.append(_Server())
        return _started[0]


def _hand_over(descriptor: int, seconds: float, memory: int) -> None:
    server = _server()
    try:
        server.hand_over(descriptor, seconds, memory)
    except OSError:  # it died a moment ago
        server.close()
        _server().hand_over(descriptor, seconds, memory)


def close() -> None:
    """End the server process; the next call starts a new one."""
    while _started:
        _started.pop().close()


atexit.register(close)
