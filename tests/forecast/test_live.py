from pathlib import Path

import pytest

from forecast.live import Live, Report, ask_to_cancel, cancel_asked, read_live
from forecast.progress import Cancelled
from kpi.errors import Refused
from kpi.text import Text

TRAINING = Text(zh="训练", en="training")
LIVE = Live(run_id="a" * 64, snapshot_id=3, again=False)


class Clock:
    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


def report(folder: Path, clock: Clock, told: list[float]) -> Report:
    return Report(folder, LIVE, lambda share, _: told.append(share), lambda _share, _message: None, clock)


def test_stage_share_and_time_left_can_be_read_while_a_run_computes(tmp_path: Path) -> None:
    clock, told = Clock(), list[float]()
    said = report(tmp_path, clock, told)
    for second in range(11):
        clock.now = float(second)
        said(second / 20, TRAINING)

    live = read_live(tmp_path)

    assert live is not None
    assert (live.share, live.snapshot_id, live.again) == (0.5, 3, False)
    assert live.words == Text(zh="训练，约剩 10 秒", en="training, about 10 s left")
    assert told == [second / 20 for second in range(11)]


def test_a_word_that_cannot_be_read_counts_as_none(tmp_path: Path) -> None:
    nothing = read_live(tmp_path)
    (tmp_path / ".live.json").write_text("{half", encoding="utf-8")

    assert (nothing, read_live(tmp_path)) == (None, None)


def test_who_is_asked_to_stop_does_so_at_the_next_word_but_never_when_all_is_done(tmp_path: Path) -> None:
    clock, told = Clock(), list[float]()
    said = report(tmp_path, clock, told)
    ask_to_cancel(tmp_path)

    said(1.0, TRAINING)
    with pytest.raises(Cancelled, match="cancelled by request; no result was published") as stopped:
        said(0.3, TRAINING)

    assert "已取消" in stopped.value.message.zh
    assert told == [1.0]
    assert cancel_asked(tmp_path)


def test_where_nothing_can_be_written_asking_is_refused(tmp_path: Path) -> None:
    with pytest.raises(Refused, match="cannot be cancelled") as refusal:
        ask_to_cancel(tmp_path / "nowhere")

    assert "不能取消" in refusal.value.message.zh
