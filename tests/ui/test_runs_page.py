"""The page of the runs as a visitor meets it, without a browser: while one computes, and how the last one ended."""

from collections.abc import Iterator
from pathlib import Path

import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from forecast.folder import LOCK
from forecast.ledger import Ledger
from forecast.live import Live, Report, cancel_asked
from forecast.lock import RunLock
from forecast.records import RunRecord, RunState
from kpi.settings import ROOT
from kpi.store import open_store
from kpi.text import Text
from tests.forecast.company import SCORECARD, install
from tests.kpi.store.builders import NOON
from tests.ui.test_jobs import ended
from ui import data

pytestmark = pytest.mark.slow

SCRIPT = f"""
from pathlib import Path
exec(compile(Path({str(ROOT / "ui" / "pages" / "runs.py")!r}).read_text("utf-8"), "runs.py", "exec"), {{}})
"""
RUN = RunRecord(
    run_id="a" * 64,
    snapshot_id=1,
    state=RunState.RUNNING,
    progress=0.0,
    started_at=NOON,
    started_by="li",
    numerics="order_free",
    device="cpu",
)


@pytest.fixture
def runs_dir(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """The folder of the runs of a company with one approved snapshot, behind the pages."""
    monkeypatch.setenv("SCORECAST_DATA_DIR", str(tmp_path))
    monkeypatch.setenv("SCORECAST_SCORECARD", SCORECARD)
    install(tmp_path)
    st.cache_resource.clear()
    yield tmp_path / "runs"
    data.store().close()
    st.cache_resource.clear()


def visit(lang: str = "en") -> AppTest:
    page = AppTest.from_string(SCRIPT, default_timeout=60)
    page.query_params["lang"] = lang
    page.run()
    assert not page.exception
    return page


def ledger(runs_dir: Path) -> Ledger:
    return Ledger(open_store(f"sqlite:///{runs_dir.parent / 'scorecast.sqlite'}"))


def computing(runs_dir: Path, again: bool = False) -> None:
    """What another process has said of its run so far."""
    live = Live(run_id=RUN.run_id, snapshot_id=1, again=again)
    now = iter([0.0, 0.0, 10.0, 10.0])
    report = Report(runs_dir, live, lambda *_: None, lambda *_: None, lambda: next(now))
    for share in (0.0, 0.4):
        report(share, Text(zh="训练网络", en="training the network"))


def text(page: AppTest) -> str:
    kinds = (page.markdown, page.caption, page.info, page.error)
    return "\n".join(str(value) for kind in kinds for value in kind.values)


@pytest.mark.parametrize(
    ("lang", "stage", "what", "cancel", "cancelling"),
    [
        ("en", "training the network, about 15 s left", "Forecasting snapshot #1", "Cancel the run", "Cancelling"),
        ("zh", "训练网络，约剩 15 秒", "正在预测快照 #1", "取消运行", "正在取消"),
    ],
)
def test_a_run_that_somebody_else_started_is_seen_and_can_be_cancelled(
    runs_dir: Path, lang: str, stage: str, what: str, cancel: str, cancelling: str
) -> None:
    ledger(runs_dir).begin_run(RUN)
    with RunLock(runs_dir / LOCK):
        computing(runs_dir)
        page = visit(lang)
        bar = page.get("progress")[0].proto
        assert (bar.value, bar.text.replace("\\", "")) == (40, f"**40%** · {stage}")
        assert what in text(page)
        button = next(each for each in page.button if each.label == cancel)

        button.click().run()
        assert cancel_asked(runs_dir)
        (button,) = (each for each in page.button if each.label == cancelling)
        assert button.disabled


def test_a_comparison_with_the_run_on_record_is_seen_too(runs_dir: Path) -> None:
    with RunLock(runs_dir / LOCK):
        runs_dir.mkdir(exist_ok=True)
        computing(runs_dir, again=True)
        assert "Training the forecast of snapshot #1 again, to compare" in text(visit())


def test_a_cancelled_run_says_how_far_it_came_and_that_it_can_go_on(runs_dir: Path) -> None:
    runs = ledger(runs_dir)
    runs.begin_run(RUN)
    runs.update_run(RUN.run_id, 0.43, "training")
    runs.cancel_run(RUN.run_id, "cancelled by li")

    page = visit()

    assert "Cancelled at 43%; no result was published. What was trained is kept" in page.info[0].value
    assert not page.error
    start = next(each for each in page.button if each.label == "Start a forecast")
    assert not start.disabled


def test_a_comparison_that_was_cancelled_leaves_the_results_on_record(runs_dir: Path) -> None:
    with RunLock(runs_dir / LOCK):
        job = data.forecast_job()
        job.command = ("sh", "-c", "sleep 60")
        job.start(1, fresh=True, language="en")
        job.cancel()
        ended(job)

    page = visit()
    assert page.info[0].value == "No new result was published; those on record stand."
    assert not page.error


def test_a_run_that_failed_says_why_and_not_that_it_was_cancelled(runs_dir: Path) -> None:
    job = data.forecast_job()
    job.command = ("sh", "-c", "echo the disk is full >&2; exit 2")
    job.start(1, fresh=False, language="en")
    ended(job)

    page = visit()
    assert page.error[0].value == "the disk is full"
    assert not page.info
