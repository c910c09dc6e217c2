"""Work for a child process: what answers, and what dies, hangs or wants too much."""

import ctypes
import os
import signal
import time

from kpi.errors import refuse


def double(number: int, *, plus: int = 0) -> int:
    return 2 * number + plus


def own_process() -> int:
    return os.getpid()


def sleep(seconds: float) -> None:
    time.sleep(seconds)


def spin() -> None:
    while True:
        pass


def kill_itself() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def crash() -> None:
    ctypes.string_at(0)


def fill_memory(size: int) -> int:
    return len(bytearray(size))


def send_much(size: int) -> bytes:
    return bytes(size)


def refuse_it() -> None:
    raise refuse("不行", "no")


def fail() -> None:
    raise ValueError("a bug")
