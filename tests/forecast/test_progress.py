import io
import os
import signal

import pytest

from forecast.device import choose_device
from forecast.progress import Cancelled, Terminal, Throttled, cancel_by_signal
from kpi.errors import Refused
from kpi.text import Text

WORDS = Text(zh="训练", en="training")


class Screen(io.StringIO):
    def isatty(self) -> bool:
        return True


class Clock:
    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


def test_a_log_gets_one_line_per_tenth() -> None:
    log = io.StringIO()
    terminal = Terminal(log, "en", Clock())

    for percent in range(101):
        terminal(percent / 100, WORDS)

    lines = log.getvalue().splitlines()
    assert len(lines) == 11
    assert lines[5].startswith(" 50% training")
    assert "\r" not in log.getvalue()


def test_a_terminal_gets_a_bar_with_the_remaining_time_in_either_language() -> None:
    for language, left in (("en", "about 30 s left"), ("zh", "约剩 30 秒")):
        screen, clock = Screen(), Clock()
        terminal = Terminal(screen, "zh" if language == "zh" else "en", clock)
        clock.now = 10.0

        terminal(0.25, WORDS)

        assert "█" in screen.getvalue()
        assert left in screen.getvalue()


def test_the_ledger_is_told_at_most_once_in_a_while_and_always_at_the_end() -> None:
    told: list[float] = []
    clock = Clock()
    throttled = Throttled(lambda share, _: told.append(share), 1.0, clock)

    for step in range(30):
        clock.now = step / 10
        throttled(step / 30, WORDS)
    throttled(1.0, WORDS)

    assert told == [0.0, 10 / 30, 20 / 30, 1.0]


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_cancels_at_the_next_check_and_the_old_handler_comes_back(number: signal.Signals) -> None:
    before = signal.getsignal(number)

    with cancel_by_signal() as check:
        check()
        os.kill(os.getpid(), number)
        with pytest.raises(Cancelled, match=number.name):
            check()

    assert signal.getsignal(number) is before


def test_the_device_is_chosen_with_a_reason_in_both_languages() -> None:
    device = choose_device("cpu")

    assert device.name == device.kind == "cpu"
    assert device.reason.en
    assert device.reason.zh


@pytest.mark.parametrize(("wanted", "part"), [("tpu", "'tpu'"), ("cuda:99", "cuda:99"), ("cuda:x", "'cuda:x'")])
def test_a_device_that_is_misspelt_or_not_there_is_refused(wanted: str, part: str) -> None:
    with pytest.raises(Refused, match=part) as refusal:
        choose_device(wanted)

    assert "auto" in refusal.value.message.zh
