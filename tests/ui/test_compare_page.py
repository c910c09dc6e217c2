"""The part of the runs page that compares two runs, and the one that verifies one, without a browser."""

import json
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from forecast.compare.comparison import compare
from forecast.compare.evidence import Evidence, Level, places
from forecast.compare.kept import keep
from forecast.compare.split import State
from forecast.ledger import Ledger
from forecast.records import RunState
from tests.forecast.builders import inputs
from tests.forecast.compare.builders import ELSEWHERE, HERE, evidence, forecast, more_facts, retargeted
from tests.ui.test_runs_page import RUN, SCRIPT, ledger, runs_dir, text, visit
from tests.ui.test_side_jobs import ended
from ui import beside

pytestmark = pytest.mark.slow

__all__ = ["runs_dir"]
OLD, NEW = "a" * 64, "b" * 64
SAID = {
    "verdict": "DIFFERENT",
    "message": {"zh": "不一致。", "en": "DIFFERENT."},
    "differences": [{"zh": "最先不同的是 weights。", "en": "the first to differ is weights."}],
}


def finish(runs: Ledger, *run_ids: str) -> None:
    for run_id in run_ids:
        started = RUN.model_copy(update={"run_id": run_id})
        runs.begin_run(started)
        done = {"state": RunState.DONE, "finished_at": RUN.started_at, "passport": f"/nowhere/{run_id}.zip"}
        runs.finish_run(run_id, started.model_copy(update=done), [], [])


@pytest.fixture
def two(runs_dir: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, Evidence]:
    """Two finished runs and what their passports say: other code, new facts, another target."""
    finish(ledger(runs_dir), OLD, NEW)
    given = replace(retargeted(), rows=inputs(more_facts()).rows)
    said = {
        OLD: replace(evidence(code=ELSEWHERE, forecasts=[forecast(0.5, 0.6)]), run_id=OLD),
        NEW: replace(evidence(given, forecasts=[forecast(0.62, 0.4)]), run_id=NEW),
    }
    monkeypatch.setattr(beside, "read_evidence", lambda path: said[path.stem])
    monkeypatch.setattr(beside, "code_hash", lambda: HERE)
    return said


def chosen(old: str, new: str, **params: str) -> AppTest:
    """The page with both chosen in its address."""
    page = AppTest.from_string(SCRIPT, default_timeout=60)
    for name, value in {"lang": "en", "old": old[:16], "new": new[:16], **params}.items():
        page.query_params[name] = value
    page.run()
    assert not page.exception
    return page


def tables(page: AppTest) -> str:
    """Everything our own tables were given."""
    return "\n".join(str(each.proto) for each in page.get("bidi_component"))


def button(page: AppTest, label: str) -> bool:
    return any(each.label == label for each in page.button)


def test_with_one_finished_run_the_page_says_that_a_second_is_needed(runs_dir: Path) -> None:
    finish(ledger(runs_dir), OLD)
    assert "Only one finished run, so there is nothing to compare yet" in text(visit())
    assert "只有一次已完成的运行，还不能比较" in text(visit("zh"))


@pytest.mark.usefixtures("two")
def test_the_same_run_twice_is_told_to_be_the_same() -> None:
    page = chosen(OLD, OLD)
    assert "Both are the same run" in page.info[0].value
    assert not button(page, "Split by cause")


@pytest.mark.usefixtures("two")
def test_nothing_is_compared_before_both_are_chosen() -> None:
    assert "What changed" not in text(visit())


@pytest.mark.usefixtures("two")
def test_a_link_with_both_runs_shows_what_changed_and_what_moved() -> None:
    page = chosen(OLD, NEW, unit="beijing")

    said = text(page)
    assert "Data** · 1 added" in said.replace("\\", "")
    assert "1 in the scorecard" in said
    assert "Loss ratio" in tables(page) or "loss_ratio" in tables(page)
    assert button(page, "Split by cause")
    assert "add up to the move exactly" not in said


def test_a_split_that_was_kept_is_shown_without_a_computation(runs_dir: Path, two: dict[str, Evidence]) -> None:
    def computed(state: State) -> Level:
        return places([forecast(0.52 if state.inputs == inputs() else 0.6, 0.7)])

    keep(runs_dir, compare(two[OLD], two[NEW], HERE, computed))

    page = chosen(OLD, NEW, unit="beijing", span="2027Q1")

    assert "add up to the move exactly" in text(page)
    assert not button(page, "Split by cause")
    assert "chance +10.0 pp" in tables(page)


def test_a_passport_that_is_gone_is_told_and_the_page_stands(runs_dir: Path) -> None:
    finish(ledger(runs_dir), OLD, NEW)
    page = chosen(OLD, NEW)
    assert "the passport" in page.error[0].value
    assert "All runs" in [each.value for each in page.header]


def test_a_verification_is_started_watched_and_its_verdict_stays(runs_dir: Path) -> None:
    finish(ledger(runs_dir), OLD)
    printed = json.dumps(SAID)
    job = beside.verification()
    job.command = (sys.executable, "-S", "-c", f"import sys; print({printed!r}); sys.exit(3)")
    page = visit()
    assert "This run has not been verified here yet." in text(page)

    next(each for each in page.button if each.label == "Verify").click().run()
    ended(job)

    again = visit()
    assert ":red-badge" in text(again)
    assert "DIFFERENT" in text(again)
    assert "the first to differ is weights" in text(again).replace("\\", "")
    assert "不一致" in text(visit("zh"))
    assert "DIFFERENT" in tables(again)  # in the list of all runs


def test_a_verification_that_did_not_finish_says_why_and_keeps_no_verdict(runs_dir: Path) -> None:
    finish(ledger(runs_dir), OLD)
    job = beside.verification()
    job.command = (sys.executable, "-S", "-c", "import sys; sys.exit('the disk is full')")
    next(each for each in visit().button if each.label == "Verify").click().run()
    ended(job)

    page = visit()
    assert page.error[0].value == "the disk is full"
    assert "This run has not been verified here yet." in text(page)
