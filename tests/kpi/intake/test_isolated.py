"""Work in a process of its own: its answer comes back, and its end is its own."""

import os
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from kpi.errors import Refused
from kpi.intake import isolated as module
from kpi.intake.inspect import inspect_workbook
from kpi.intake.isolated import isolated
from kpi.intake.readers import PasswordNeeded, unlocked
from tests.kpi.intake.builders import LONG_ZH, context, workbook
from tests.kpi.intake.child_work import (
    crash,
    double,
    fail,
    fill_memory,
    kill_itself,
    own_process,
    refuse_it,
    send_much,
    sleep,
    spin,
)
from tests.kpi.intake.files import locked

pytestmark = pytest.mark.slow

BOOK = workbook(LONG_ZH, ("标准保费", "北京", "2026Q1", "万元", 10, 12))


def test_the_answer_comes_back_from_another_process() -> None:
    assert isolated(double, 21, plus=1) == 43
    assert isolated(own_process) not in (os.getpid(), isolated(own_process))


def test_a_workbook_is_inspected_as_it_is_here() -> None:
    assert isolated(inspect_workbook, BOOK, "a.xlsx", context()) == inspect_workbook(BOOK, "a.xlsx", context())


def test_much_goes_there_and_comes_back() -> None:
    assert isolated(len, bytes(30_000_000)) == 30_000_000
    assert len(isolated(send_much, 30_000_000)) == 30_000_000


def test_a_refusal_and_a_bug_come_back_as_what_they_are() -> None:
    with pytest.raises(Refused) as refusal:
        isolated(refuse_it)
    assert (refusal.value.message.zh, refusal.value.message.en) == ("不行", "no")
    with pytest.raises(ValueError, match="a bug"):
        isolated(fail)
    with pytest.raises(PasswordNeeded):
        isolated(unlocked, locked(BOOK, "secret"), "a.xlsx")


@pytest.mark.parametrize("work", [kill_itself, crash])
def test_a_child_that_dies_is_a_refusal_and_the_next_call_works(work: object) -> None:
    with pytest.raises(Refused, match="died"):
        isolated(work)  # type: ignore[arg-type]
    assert isolated(double, 1) == 2


def test_a_child_that_hangs_or_spins_is_stopped_in_time() -> None:
    isolated(double, 1)
    started = time.monotonic()
    for work, arguments in ((sleep, (60,)), (spin, ())):
        with pytest.raises(Refused, match="took more than"):
            isolated(work, *arguments, seconds=0.3)
    assert time.monotonic() - started < 3


def test_a_child_that_wants_too_much_memory_is_refused() -> None:
    with pytest.raises(Refused, match="more than 100 MB") as refusal:
        isolated(fill_memory, 10**9, memory=100_000_000)
    assert "100 MB" in refusal.value.message.zh
    assert isolated(fill_memory, 10**7, memory=100_000_000) == 10**7


def test_calls_at_the_same_time_get_their_own_answers() -> None:
    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(lambda number: isolated(double, number), range(24))) == [2 * n for n in range(24)]


def test_a_warm_call_is_quick() -> None:
    isolated(os.getpid)
    taken = []
    for _ in range(5):
        started = time.monotonic()
        isolated(os.getpid)
        taken.append(time.monotonic() - started)
    assert min(taken) < 0.1


def test_no_child_is_left_behind() -> None:
    server = module._server()._process.pid
    isolated(double, 1)
    with pytest.raises(Refused):
        isolated(sleep, 60, seconds=0.1)
    children = Path(f"/proc/{server}/task/{server}/children")
    if not children.exists():
        pytest.skip("this system does not list the children of a process")
    deadline = time.monotonic() + 3
    while children.read_text().strip() and time.monotonic() < deadline:
        time.sleep(0.02)
    assert children.read_text().strip() == ""


def test_a_server_that_died_is_started_anew() -> None:
    isolated(double, 1)
    process = module._server()._process
    process.kill()
    process.wait()
    assert isolated(double, 4) == 8


def test_the_server_ends_with_its_owner() -> None:
    isolated(double, 1)
    process = module._server()._process
    module.close()
    assert process.returncode == 0
