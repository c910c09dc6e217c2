from collections.abc import Iterator
from dataclasses import dataclass

import pytest

from forecast.ledger import Ledger
from forecast.records import KpiForecast, RunRecord, RunState, ScoreForecast
from kpi.errors import Refused
from kpi.periods import Period
from kpi.scorecard.results import Reason, Window
from kpi.store import Store, open_store
from tests.kpi.store.builders import NOON, Clock, approve, fact, key

RUN = RunRecord(
    run_id="a" * 64,
    snapshot_id=1,
    state=RunState.RUNNING,
    progress=0.0,
    started_at=NOON,
    started_by="li",
    numerics="standard",
    device="cpu",
)
DONE = RUN.model_copy(
    update={
        "state": RunState.DONE,
        "progress": 1.0,
        "finished_at": NOON,
        "weights_digest": "b" * 64,
        "forecast_digest": "c" * 64,
        "passport": "/var/runs/a/passport.zip",
    }
)


@dataclass
class Scene:
    store: Store
    ledger: Ledger

    @property
    def actions(self) -> list[str]:
        return [entry.action for entry in self.store.audit_entries() if entry.action.startswith("run.")]


@pytest.fixture
def scene(store_url: str) -> Iterator[Scene]:
    """A store with one snapshot, in each of the two databases."""
    store = open_store(store_url, Clock())
    approve(store, fact(key(), 1))
    yield Scene(store, Ledger(store))
    assert store.check_audit() is None
    store.close()


def forecast(number: float, kpi: str = "loss_ratio", chance: float | None = 0.25) -> KpiForecast:
    return KpiForecast(
        kpi=kpi,
        org_unit="beijing",
        period=Period.quarter(2026, 4),
        window=Window.YEAR,
        p10=number,
        p50=number + 0.1,
        p90=number + 0.2,
        chance=chance,
    )


def score(number: float, org_unit: str = "beijing") -> ScoreForecast:
    return ScoreForecast(
        kind="total",
        code="balanced",
        org_unit=org_unit,
        period=Period.quarter(2026, 4),
        window=Window.YEAR,
        p10=number,
        p50=number + 1,
        p90=number + 2,
        green=0.5,
        amber=0.25,
        red=0.25,
        coverage=1.0,
    )


def test_the_scores_of_a_run_come_with_its_word_done_in_their_order(scene: Scene) -> None:
    scene.ledger.begin_run(RUN)
    unfinished = scene.ledger.scores_by_place(RUN.run_id)
    scores = [score(99.5), score(0.1 + 1e-16, "head_office")]

    scene.ledger.finish_run(RUN.run_id, DONE, [], scores)

    assert not unfinished
    found = scene.ledger.scores_by_place(RUN.run_id)
    assert {unit: found[unit] for unit in found} == {score.org_unit: (score,) for score in scores}


def test_statuses_and_the_needed_rate_are_kept_with_the_reason_where_there_is_none(scene: Scene) -> None:
    judged = {"green": 0.1, "amber": 0.2, "red": 0.7, "needed": -0.5, "expected": 0.25}
    rows = [forecast(1).model_copy(update=judged), forecast(1).model_copy(update={"reason": Reason.NO_PLAN})]
    scene.ledger.begin_run(RUN)

    scene.ledger.finish_run(RUN.run_id, DONE, rows, [])

    assert scene.ledger.run_forecasts(RUN.run_id) == rows


def test_a_score_without_end_keeps_the_run_from_being_done(scene: Scene) -> None:
    scene.ledger.begin_run(RUN)

    with pytest.raises(Refused, match="balanced, beijing, 2026Q4: the forecast is not a finite number"):
        scene.ledger.finish_run(RUN.run_id, DONE, [forecast(1)], [score(float("inf"))])

    assert scene.ledger.runs() == [RUN]
    assert not scene.ledger.scores_by_place(RUN.run_id)


def test_a_run_goes_from_running_to_done_and_comes_with_its_rows_in_their_order(scene: Scene) -> None:
    scene.ledger.begin_run(RUN)
    scene.ledger.update_run(RUN.run_id, 0.4, "training")
    halfway = scene.ledger.run(RUN.run_id)
    rows = [forecast(0.1 + 1e-16), forecast(-5e-324), forecast(1.7e308, "premium", None)]

    scene.ledger.finish_run(RUN.run_id, DONE, rows, [])

    assert halfway == RUN.model_copy(update={"progress": 0.4, "message": "training"})
    assert scene.ledger.runs() == [DONE]
    assert scene.ledger.run_forecasts(RUN.run_id) == rows
    assert scene.ledger.run_forecasts(RUN.run_id, kpi="premium") == rows[2:]
    assert scene.ledger.run_forecasts(RUN.run_id, org_unit="shanghai") == []
    assert scene.actions == ["run.begun", "run.done"]


def test_a_result_is_never_replaced(scene: Scene) -> None:
    scene.ledger.begin_run(RUN)
    scene.ledger.finish_run(RUN.run_id, DONE, [forecast(1)], [])

    with pytest.raises(Refused, match="its result is never replaced"):
        scene.ledger.begin_run(RUN)
    with pytest.raises(Refused, match="its result is never replaced"):
        scene.ledger.finish_run(RUN.run_id, DONE, [forecast(2)], [])
    scene.ledger.fail_run(RUN.run_id, "too late")
    scene.ledger.update_run(RUN.run_id, 0.1, "too late")

    assert scene.ledger.runs() == [DONE]
    assert scene.ledger.run_forecasts(RUN.run_id) == [forecast(1)]
    assert scene.actions == ["run.begun", "run.done"]


def test_a_run_that_failed_says_why_and_may_begin_again(scene: Scene) -> None:
    scene.ledger.begin_run(RUN)
    scene.ledger.fail_run(RUN.run_id, "磁盘已满")
    failed = scene.ledger.run(RUN.run_id)
    scene.ledger.begin_run(RUN)

    assert failed is not None
    assert (failed.state, failed.message) == (RunState.FAILED, "磁盘已满")
    assert failed.finished_at is not None
    assert scene.ledger.runs() == [RUN]
    assert scene.actions == ["run.begun", "run.failed", "run.begun"]


def test_a_run_that_was_cancelled_says_what_it_kept_and_may_go_on(scene: Scene) -> None:
    scene.ledger.begin_run(RUN)
    scene.ledger.update_run(RUN.run_id, 0.4, "training")
    scene.ledger.cancel_run(RUN.run_id, "kept")
    cancelled = scene.ledger.run(RUN.run_id)
    marked = scene.ledger.mark_interrupted()
    scene.ledger.begin_run(RUN)

    assert cancelled is not None
    assert (cancelled.state, cancelled.progress, cancelled.message) == (RunState.CANCELLED, 0.4, "kept")
    assert cancelled.finished_at is not None
    assert marked == []
    assert scene.actions == ["run.begun", "run.cancelled", "run.begun"]


def test_running_runs_are_marked_interrupted_and_no_others(scene: Scene) -> None:
    other = {"run_id": "d" * 64}
    scene.ledger.begin_run(RUN)
    scene.ledger.finish_run(RUN.run_id, DONE, [], [])
    scene.ledger.begin_run(RUN.model_copy(update=other))

    assert scene.ledger.mark_interrupted() == ["d" * 64]
    assert scene.ledger.mark_interrupted() == []

    states = {run.run_id[0]: run.state for run in scene.ledger.runs()}
    assert states == {"a": RunState.DONE, "d": RunState.INTERRUPTED}
    assert scene.actions[-1] == "run.interrupted"
    scene.ledger.finish_run("d" * 64, DONE.model_copy(update=other), [], [])
    assert {run.state for run in scene.ledger.runs()} == {RunState.DONE}


def test_a_passport_that_moved_is_noted_for_a_run_that_is_done_only(scene: Scene) -> None:
    scene.ledger.begin_run(RUN)
    with pytest.raises(Refused, match="there is no run"):
        scene.ledger.move_passport(DONE)
    scene.ledger.finish_run(RUN.run_id, DONE, [], [])
    moved = DONE.model_copy(update={"passport": "/elsewhere"})

    scene.ledger.move_passport(moved)

    assert scene.ledger.runs() == [moved]
    assert scene.actions[-1] == "run.passport_moved"


@pytest.mark.parametrize("number", [float("nan"), float("inf"), float("-inf")])
def test_a_number_without_end_keeps_the_run_from_being_done(scene: Scene, number: float) -> None:
    scene.ledger.begin_run(RUN)

    with pytest.raises(Refused, match="loss_ratio, beijing, 2026Q4: the forecast is not a finite number"):
        scene.ledger.finish_run(RUN.run_id, DONE, [forecast(1), forecast(1, chance=number)], [])

    assert scene.ledger.runs() == [RUN]
    assert scene.ledger.run_forecasts(RUN.run_id) == []


def test_runs_come_in_the_order_in_which_they_started(scene: Scene) -> None:
    clock = Clock()
    for letter in "cab":
        scene.ledger.begin_run(RUN.model_copy(update={"run_id": letter * 64, "started_at": clock()}))

    assert [run.run_id[0] for run in scene.ledger.runs()] == ["c", "a", "b"]


def test_past_runs_are_those_that_are_done_with_the_first_quarter_they_forecast(scene: Scene) -> None:
    later = forecast(1).model_copy(update={"period": Period.quarter(2027, 1)})
    scene.ledger.begin_run(RUN)
    scene.ledger.finish_run(RUN.run_id, DONE, [later, forecast(1)], [])
    scene.ledger.begin_run(RUN.model_copy(update={"run_id": "d" * 64}))

    (past,) = scene.ledger.past_runs()

    assert (past.run_id, past.snapshot_id, past.started_at) == (RUN.run_id, 1, NOON)
    assert (past.first, past.passport) == (Period.quarter(2026, 4), DONE.passport)


def test_what_is_not_there_is_refused(scene: Scene) -> None:
    assert scene.ledger.run("e" * 64) is None
    with pytest.raises(Refused, match="there is no snapshot 9"):
        scene.ledger.begin_run(RUN.model_copy(update={"snapshot_id": 9}))
    with pytest.raises(Refused, match="there is no run"):
        scene.ledger.finish_run(RUN.run_id, DONE, [], [])
    assert scene.ledger.runs() == []
