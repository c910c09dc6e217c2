from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from forecast.config import ForecastConfig
from forecast.determinism import Switches, required_switches
from forecast.device import choose_device
from forecast.folder import CHECKPOINTS, PASSPORT, OutcomeDiffers
from forecast.live import Live, ask_to_cancel, cancel_asked, read_live
from forecast.progress import Cancelled
from forecast.recipe import NumericsName
from forecast.records import KpiForecast, RunRecord, RunState, ScoreForecast
from forecast.run import Answer, Job, Progress, run
from forecast.series import Row
from forecast.zipped import unpack
from kpi.errors import Refused, refuse
from kpi.text import Text
from tests.forecast.builders import TINY, inputs, rows

pytestmark = pytest.mark.slow

NOON = datetime(2026, 11, 2, 12, tzinfo=UTC)


class RunsInMemory:
    """The whole log, without a database."""

    def __init__(self) -> None:
        self.records: dict[str, RunRecord] = {}
        self.rows: dict[str, tuple[KpiForecast, ...]] = {}
        self.scores: dict[str, tuple[ScoreForecast, ...]] = {}
        self.told: list[float] = []

    def run(self, run_id: str) -> RunRecord | None:
        return self.records.get(run_id)

    def begin_run(self, record: RunRecord) -> None:
        assert record.state is RunState.RUNNING
        before = self.records.get(record.run_id)
        assert before is None or before.state is not RunState.DONE
        self.records[record.run_id] = record

    def update_run(self, run_id: str, progress: float, message: str) -> None:
        self.told.append(progress)
        self._change(run_id, progress=progress, message=message)

    def finish_run(
        self, run_id: str, record: RunRecord, forecasts: Sequence[KpiForecast], scores: Sequence[ScoreForecast]
    ) -> None:
        assert Path(record.passport).exists(), "the evidence must be in place before the word DONE"
        self.records[run_id], self.rows[run_id], self.scores[run_id] = record, tuple(forecasts), tuple(scores)

    def fail_run(self, run_id: str, why: str) -> None:
        self._change(run_id, state=RunState.FAILED, message=why)

    def cancel_run(self, run_id: str, why: str) -> None:
        self._change(run_id, state=RunState.CANCELLED, message=why)

    def move_passport(self, record: RunRecord) -> None:
        self.records[record.run_id] = record

    def mark_interrupted(self) -> None:
        for run_id, record in self.records.items():
            if record.state is RunState.RUNNING:
                self._change(run_id, state=RunState.INTERRUPTED)

    def _change(self, run_id: str, **update: object) -> None:
        self.records[run_id] = self.records[run_id].model_copy(update=update)


def quiet(_share: float, _message: Text) -> None:
    pass


def job(config: ForecastConfig = TINY) -> Job:
    return Job(inputs(rows()), 1, config, choose_device("cpu"), "li", "board pack")


def do(log: RunsInMemory, folder: Path, progress: Progress = quiet, fresh: bool = False) -> Answer:
    return run(job(), log, folder, lambda: NOON, required_switches, progress, fresh=fresh)


def never(_share: float, _message: Text) -> None:
    raise AssertionError("nothing may be computed")


def test_a_run_leaves_its_passport_its_rows_and_its_digests(tmp_path: Path) -> None:
    log = RunsInMemory()

    record = do(log, tmp_path).record

    assert record == log.records[record.run_id]
    assert record.state is RunState.DONE
    assert (record.progress, record.finished_at, record.started_by) == (1.0, NOON, "li")
    assert {row.kpi for row in log.rows[record.run_id]} == {entry.kpi for entry in inputs().template.entries}
    assert {row.kind for row in log.scores[record.run_id]} == {"objective", "group", "total"}
    files, broken = unpack(Path(record.passport).read_bytes())
    assert not broken
    assert record.weights_digest.encode() in files["manifest.json"]
    assert log.told[0] == 0.02


def test_the_same_inputs_twice_are_the_same_run_and_train_nothing(tmp_path: Path) -> None:
    log = RunsInMemory()
    first = do(log, tmp_path)

    second = do(log, tmp_path, never)

    assert first.computed
    assert not second.computed
    assert second.record == first.record


def test_another_data_directory_gives_the_same_run_and_the_same_digests(tmp_path: Path) -> None:
    here = do(RunsInMemory(), tmp_path / "a").record
    there = do(RunsInMemory(), tmp_path / "b").record

    assert (here.run_id, here.weights_digest, here.forecast_digest) == (
        there.run_id,
        there.weights_digest,
        there.forecast_digest,
    )


def test_fresh_computes_again_and_agrees(tmp_path: Path) -> None:
    log = RunsInMemory()
    first = do(log, tmp_path).record
    told: list[float] = []

    again = do(log, tmp_path, lambda share, _: told.append(share), fresh=True)

    assert again.computed
    assert again.record == first
    assert len(told) > 5


def test_fresh_reports_a_difference_and_keeps_the_result_on_record(tmp_path: Path) -> None:
    log = RunsInMemory()
    record = do(log, tmp_path).record
    log.records[record.run_id] = record.model_copy(update={"forecast_digest": "0" * 64})

    with pytest.raises(OutcomeDiffers, match="forecast was 0000"):
        do(log, tmp_path, fresh=True)

    assert log.records[record.run_id].state is RunState.DONE


def test_a_lost_passport_is_computed_again_and_put_back(tmp_path: Path) -> None:
    log = RunsInMemory()
    record = do(log, tmp_path).record
    before = Path(record.passport).read_bytes()
    Path(record.passport).unlink()

    assert do(log, tmp_path).computed

    assert Path(record.passport).read_bytes() == before


def test_a_data_directory_that_moved_takes_its_results_along(tmp_path: Path) -> None:
    log = RunsInMemory()
    before = do(log, tmp_path / "old").record
    (tmp_path / "old").rename(tmp_path / "new")

    answer = do(log, tmp_path / "new", never)

    assert not answer.computed
    assert answer.record.passport == log.records[before.run_id].passport
    assert Path(answer.record.passport).is_relative_to(tmp_path / "new")
    assert Path(answer.record.passport).exists()


def test_a_second_place_gets_a_passport_of_its_own(tmp_path: Path) -> None:
    """Two machines with one database: the other machine's passport is out of reach here."""
    log = RunsInMemory()
    do(log, tmp_path / "a")

    there = do(log, tmp_path / "b")

    assert there.computed
    assert Path(there.record.passport).is_relative_to(tmp_path / "b")


@pytest.mark.parametrize("part", ["measure", "org unit"])
def test_facts_that_the_definitions_do_not_know_are_refused_by_name(tmp_path: Path, part: str) -> None:
    strange = list(rows()[0])
    strange[0 if part == "measure" else 1] = "atlantis"
    facts: list[Row] = [*rows(), (*strange,)]  # type: ignore[list-item]
    log = RunsInMemory()

    with pytest.raises(Refused, match="atlantis") as refusal:
        run(replace(job(), inputs=inputs(facts)), log, tmp_path, lambda: NOON, required_switches, quiet)

    assert "atlantis" in refusal.value.message.zh
    assert [record.state for record in log.records.values()] == [RunState.FAILED]


def test_a_disk_that_takes_no_passport_refuses_the_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(_descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("forecast.folder.os.fsync", full)
    log = RunsInMemory()

    with pytest.raises(Refused, match="No space left on device"):
        do(log, tmp_path)
    monkeypatch.undo()

    assert [record.state for record in log.records.values()] == [RunState.FAILED]
    assert do(log, tmp_path).record.state is RunState.DONE


def test_progress_advances_in_small_steps_and_never_goes_back(tmp_path: Path) -> None:
    told: list[float] = []

    do(RunsInMemory(), tmp_path, lambda share, _: told.append(share))

    assert told == sorted(told)
    assert told[-1] == 1.0


def stop_after(limit: float) -> Progress:
    def stop(share: float, _message: Text) -> None:
        if share > limit:
            raise Cancelled.by(Text(zh="李", en="li"))

    return stop


@pytest.mark.parametrize(("limit", "kept"), [(0.01, "Nothing was trained yet"), (0.3, "Its training is kept")])
def test_a_cancelled_run_leaves_no_result_says_what_it_kept_and_ends_as_if_never_stopped(
    limit: float, kept: str, tmp_path: Path
) -> None:
    log = RunsInMemory()
    whole = do(RunsInMemory(), tmp_path / "whole").record

    with pytest.raises(Cancelled, match=f"cancelled by li; no result was published. {kept}"):
        do(log, tmp_path / "cut", stop_after(limit))
    (cut,) = log.records.values()
    left = [path.name for path in (tmp_path / "cut").rglob("*") if path.suffix in (".part", ".zip")]
    record = do(log, tmp_path / "cut").record

    assert (cut.state, left) == (RunState.CANCELLED, [])
    assert kept in cut.message
    assert (record.run_id, record.forecast_digest) == (whole.run_id, whole.forecast_digest)
    assert record.state is RunState.DONE


def test_cancelling_a_comparison_leaves_the_result_on_record_and_nothing_else(tmp_path: Path) -> None:
    log = RunsInMemory()
    first = do(log, tmp_path).record

    with pytest.raises(Cancelled, match="The result on record stands"):
        do(log, tmp_path, stop_after(0.3), fresh=True)

    assert log.records == {first.run_id: first}
    assert not (tmp_path / CHECKPOINTS).exists()


def test_whoever_looks_sees_how_far_a_run_is_and_may_ask_it_to_stop(tmp_path: Path) -> None:
    """Also where it is on record already, of which the ledger says nothing."""
    log = RunsInMemory()
    do(log, tmp_path)
    seen: list[Live | None] = []

    def look(share: float, _message: Text) -> None:
        if share > 0.5:
            seen.append(read_live(tmp_path))
            ask_to_cancel(tmp_path)

    with pytest.raises(Cancelled, match="request"):
        do(log, tmp_path, look, fresh=True)

    assert seen[0] is not None
    assert (seen[0].again, seen[0].snapshot_id, seen[0].stage.en) == (True, 1, "training the network")
    assert len(seen) == 1
    assert (read_live(tmp_path), cancel_asked(tmp_path)) == (None, False)


def test_a_request_to_stop_is_not_heeded_by_the_run_after(tmp_path: Path) -> None:
    ask_to_cancel(tmp_path)

    assert do(RunsInMemory(), tmp_path).record.state is RunState.DONE


def test_switches_that_do_not_take_refuse_the_run_before_it_is_noted(tmp_path: Path) -> None:
    log = RunsInMemory()

    def broken(_numerics: NumericsName) -> Switches:
        raise refuse("开关", "torch.threads should be 1")

    with pytest.raises(Refused, match=r"torch\.threads"):
        run(job(), log, tmp_path, lambda: NOON, broken, quiet)

    assert log.records == {}


def test_what_a_killed_process_left_is_swept_up(tmp_path: Path) -> None:
    """Killed while writing: half a folder. Killed before the last word: a whole folder and a row still running."""
    log = RunsInMemory()
    record = do(log, tmp_path).record
    del log.rows[record.run_id]
    log.records = {
        record.run_id: record.model_copy(update={"state": RunState.RUNNING}),
        "other": record.model_copy(update={"run_id": "other", "state": RunState.RUNNING}),
    }
    (tmp_path / ".unfinished-other").mkdir()
    (tmp_path / ".unfinished-other" / PASSPORT).write_bytes(b"half")

    answer = do(log, tmp_path)

    assert answer.computed
    assert log.records[record.run_id].state is RunState.DONE
    assert log.rows[record.run_id]
    assert log.records["other"].state is RunState.INTERRUPTED
    assert not list(tmp_path.glob(".unfinished*"))
