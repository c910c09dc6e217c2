"""The other side of :mod:`kpi.intake.isolated`: a process that forks a limited child for each call."""

import gc
import importlib
import os
import pickle
import resource
import signal
import socket
import struct
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from kpi.errors import Refused

_LENGTH = struct.Struct("<Q")
_CALL = struct.Struct("<dQ")


def serve(descriptor: int, modules: Iterable[str]) -> None:
    """Fork a child for each call that comes, until the other side closes."""
    for name in modules:
        importlib.import_module(name)
    gc.freeze()
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # the kernel buries the children
    with socket.socket(fileno=descriptor) as calls:
        while True:
            message, descriptors, _, _ = socket.recv_fds(calls, _CALL.size, 1)
            if not message:
                return
            if os.fork() == 0:
                calls.close()
                _child(descriptors[0], *_CALL.unpack(message))
            os.close(descriptors[0])


def _child(descriptor: int, seconds: float, memory: int) -> None:
    """Do one call and end, whatever happens."""
    try:
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        signal.signal(signal.SIGALRM, signal.SIG_DFL)
        signal.setitimer(signal.ITIMER_REAL, max(seconds, 0.001))
        with socket.socket(fileno=descriptor) as parent:
            request = _receive(parent)
            _limit(memory)
            reply = _answer(request)
            parent.sendall(_LENGTH.pack(len(reply)))
            parent.sendall(reply)
    finally:
        os._exit(0)


def _limit(memory: int) -> None:
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    pages = Path("/proc/self/statm")
    taken = int(pages.read_text().split()[0]) * resource.getpagesize() if pages.exists() else 0
    if sys.platform != "darwin":  # macOS refuses to limit addresses
        resource.setrlimit(resource.RLIMIT_AS, (taken + memory, taken + memory))


def _answer(request: bytes) -> bytes:
    kind, value = _outcome(request)
    try:
        return pickle.dumps((kind, value), pickle.HIGHEST_PROTOCOL)
    except MemoryError:
        return pickle.dumps(("memory", None))
    except Exception as problem:
        return pickle.dumps(("raised", RuntimeError(f"{type(value).__name__} cannot be sent back: {problem}")))


def _outcome(request: bytes) -> tuple[str, Any]:
    try:
        path, call = pickle.loads(request)
        sys.path[:] = path
        work, arguments, options = pickle.loads(call)
        return "result", work(*arguments, **options)
    except MemoryError:
        return "memory", None
    except Refused as refused:
        return "refused", (type(refused), refused.message)
    except BaseException as problem:
        return "raised", problem if isinstance(problem, Exception) else RuntimeError(repr(problem))


def _receive(parent: socket.socket) -> bytes:
    size = _LENGTH.unpack(_exactly(parent, _LENGTH.size))[0]
    return _exactly(parent, size)


def _exactly(parent: socket.socket, size: int) -> bytes:
    found = bytearray()
    while len(found) < size:
        piece = parent.recv(min(size - len(found), 1 << 20))
        if not piece:
            raise EOFError
        found += piece
    return bytes(found)
