"""Past forecasts beside what came, as the pages need them; caches as in :mod:`ui.data`."""

from forecast.past import record_of
from forecast.records import RunState
from forecast.track_record import Judged, PastRun, Summary, summarise
from kpi.store.records import SnapshotRecord
from ui import data
from ui.kept import kept

RUNS_HELD_BESIDE = 8


@kept(max_entries=4)
def _past_runs(done: tuple[str, ...]) -> tuple[PastRun, ...]:
    return tuple(reversed(data.ledger().past_runs()))


def past_runs() -> tuple[PastRun, ...]:
    """The finished runs, the newest first."""
    return _past_runs(tuple(run.run_id for run in data.ledger().runs() if run.state is RunState.DONE))


@kept(max_entries=400)
def _summary(snapshot_id: int, content_hash: str, run_id: str) -> Summary:
    return summarise(record_of(data.ledger(), _past_run(run_id), data.panel_of(snapshot_id, content_hash)))


def summaries(snapshot: SnapshotRecord, runs: int) -> dict[str, Summary]:
    """How good each of the newest ``runs`` finished runs was, by its id."""
    return {run.run_id: _summary(snapshot.id, snapshot.content_hash, run.run_id) for run in past_runs()[:runs]}


@kept(max_entries=2000)
def _record(snapshot_id: int, content_hash: str, run_id: str, kpi: str, org_unit: str) -> tuple[Judged, ...]:
    panel = data.panel_of(snapshot_id, content_hash)
    return record_of(data.ledger(), _past_run(run_id), panel, kpi, org_unit)


def _past_run(run_id: str) -> PastRun:
    return next(run for run in past_runs() if run.run_id == run_id)


def record(snapshot: SnapshotRecord, kpi: str, org_unit: str) -> list[Judged]:
    """What was forecast of a KPI in an org unit and came, the newest run first and in it the newest period.

    Of several runs of one snapshot only the last counts, which is the one that was shown.
    """
    shown: dict[int, PastRun] = {}
    for run in past_runs():
        shown.setdefault(run.snapshot_id, run)
    found: list[Judged] = []
    for run in list(shown.values())[:RUNS_HELD_BESIDE]:
        rows = _record(snapshot.id, snapshot.content_hash, run.run_id, kpi, org_unit)
        found += sorted(rows, key=lambda row: (row.period.quarters()[-1], row.period.grain), reverse=True)
    return found
