"""The forecast runs on record. A run counts as a result only once it is DONE, and DONE comes with all its rows."""

import math
from collections.abc import Iterator, Sequence
from typing import Any

from sqlalchemy import Connection, Table, delete, func, insert, select, update

from forecast.journal import append_run
from forecast.packed import Packed, Rows
from forecast.records import KpiForecast, RunRecord, RunState, ScoreForecast
from forecast.track_record import PastRun
from kpi.errors import refuse
from kpi.store import Store
from kpi.store.forecast_tables import forecast_run, forecast_score, forecast_value

_PROGRAM = "forecast"
_VALUES = tuple(KpiForecast.model_fields)
_SCORES = tuple(ScoreForecast.model_fields)
_BATCH = 10_000
_RUNS = select(forecast_run).order_by(forecast_run.c.started_at, forecast_run.c.run_id)
_Forecast = KpiForecast | ScoreForecast


class Ledger:
    """The runs in a store. Each method is one transaction; all that change a run's state are audited."""

    def __init__(self, store: Store) -> None:
        self.store = store

    def begin_run(self, record: RunRecord) -> None:
        """Put a RUNNING run on record, in place of an unfinished one of the same id.

        Raises Refused when that run is DONE: a result is never replaced.
        """
        if record.state is not RunState.RUNNING:
            raise ValueError(f"a run begins as running, not as {record.state}")
        self.store.snapshot(record.snapshot_id)
        with self.store.writing(record.started_by) as write:
            earlier = _find(write.connection, record.run_id)
            _refuse_done(earlier)
            write.connection.execute(delete(forecast_run).where(forecast_run.c.run_id == record.run_id))
            write.connection.execute(insert(forecast_run).values(**_columns(record)))
            write.log("run.begun", f"run {record.run_id}", f"snapshot {record.snapshot_id}, {record.device}")

    def update_run(self, run_id: str, progress: float, message: str) -> None:
        """How far a RUNNING run has come (0 to 1). Not audited: it is said every second and decides nothing."""
        running = (forecast_run.c.run_id == run_id) & (forecast_run.c.state == RunState.RUNNING)
        with self.store.writing(_PROGRAM) as write:
            write.connection.execute(update(forecast_run).where(running).values(progress=progress, message=message))

    def finish_run(
        self, run_id: str, record: RunRecord, forecasts: Sequence[KpiForecast], scores: Sequence[ScoreForecast]
    ) -> None:
        """Turn the run into ``record``, which is DONE, together with its forecasts of KPIs and of scores.

        Raises Refused when the run is not on record, DONE already, or a forecast is not a finite number.
        """
        if record.state is not RunState.DONE or record.run_id != run_id:
            raise ValueError(f"run {run_id} cannot finish as {record.run_id} {record.state}")
        for forecast in forecasts:
            _refuse_endless(forecast)
        for score in scores:
            _refuse_endless(score)
        with self.store.writing(record.started_by) as write:
            earlier = _find(write.connection, run_id)
            if earlier is None:
                raise _unknown(run_id)
            _refuse_done(earlier)
            same = forecast_run.c.run_id == run_id
            write.connection.execute(update(forecast_run).where(same).values(**_columns(record)))
            _insert(write.connection, forecast_value, run_id, forecasts)
            _insert(write.connection, forecast_score, run_id, scores)
            counts = f"{len(forecasts)} values, {len(scores)} scores"
            digests = f"weights {record.weights_digest}, forecast {record.forecast_digest}, {counts}"
            write.log("run.done", f"run {run_id}", digests)
            append_run(write, record)

    def fail_run(self, run_id: str, why: str) -> None:
        """A RUNNING run ended without a result; nothing happens to a run in any other state."""
        self._end(run_id, RunState.FAILED, why)

    def cancel_run(self, run_id: str, why: str) -> None:
        """A RUNNING run was asked to stop and did; nothing happens to a run in any other state."""
        self._end(run_id, RunState.CANCELLED, why)

    def _end(self, run_id: str, state: RunState, why: str) -> None:
        running = (forecast_run.c.run_id == run_id) & (forecast_run.c.state == RunState.RUNNING)
        with self.store.writing(_PROGRAM) as write:
            values = {"state": state, "message": why, "finished_at": write.at}
            if write.connection.execute(update(forecast_run).where(running).values(**values)).rowcount:
                write.log(f"run.{state.value}", f"run {run_id}", why)

    def move_passport(self, record: RunRecord) -> None:
        """Note where the passport of a DONE run lies now; one with another seal, written anew, gets its own line in the
        journal. Raises Refused when there is no such run."""
        done = (forecast_run.c.run_id == record.run_id) & (forecast_run.c.state == RunState.DONE)
        with self.store.writing(_PROGRAM) as write:
            before = write.connection.execute(select(forecast_run.c.seal).where(done)).scalar_one_or_none()
            if before is None:
                raise _unknown(record.run_id)
            values = {"passport": record.passport, "seal": record.seal}
            write.connection.execute(update(forecast_run).where(done).values(**values))
            write.log("run.passport_moved", f"run {record.run_id}", record.passport)
            if record.seal != before:
                append_run(write, record)

    def mark_interrupted(self) -> list[str]:
        """Call every RUNNING run INTERRUPTED and return their ids; only who holds the run lock knows that none runs."""
        running = select(forecast_run.c.run_id).where(forecast_run.c.state == RunState.RUNNING)
        with self.store.reading() as connection:
            if not connection.execute(running).first():
                return []
        with self.store.writing(_PROGRAM) as write:
            ids = sorted(write.connection.execute(running).scalars())
            for run_id in ids:
                same = forecast_run.c.run_id == run_id
                values = {"state": RunState.INTERRUPTED, "finished_at": write.at}
                write.connection.execute(update(forecast_run).where(same).values(**values))
                write.log("run.interrupted", f"run {run_id}", "its process ended before the run did")
        return ids

    def run(self, run_id: str) -> RunRecord | None:
        """The run, in whatever state; None when there is none of this id."""
        with self.store.reading() as connection:
            return _find(connection, run_id)

    def runs(self) -> list[RunRecord]:
        """All runs, the one that started last at the end."""
        with self.store.reading() as connection:
            return [_record(row) for row in connection.execute(_RUNS).mappings()]

    def run_forecasts(self, run_id: str, kpi: str | None = None, org_unit: str | None = None) -> list[KpiForecast]:
        """The forecasts of a DONE run in the order they were given; empty for any other run."""
        query = select(*(forecast_value.c[name] for name in _VALUES)).where(forecast_value.c.run_id == run_id)
        if kpi is not None:
            query = query.where(forecast_value.c.kpi == kpi)
        if org_unit is not None:
            query = query.where(forecast_value.c.org_unit == org_unit)
        with self.store.reading() as connection:
            rows = connection.execute(query.order_by(forecast_value.c.position)).mappings()
            return [KpiForecast.model_validate(dict(row)) for row in rows]

    def forecasts_by_place(self, run_id: str) -> Packed[tuple[str, str], KpiForecast]:
        """All forecasts of a DONE run by KPI and org unit; empty for any other run."""
        return Packed(KpiForecast, ("kpi", "org_unit"), self._parts(forecast_value, _VALUES, run_id))

    def scores_by_place(self, run_id: str) -> Packed[str, ScoreForecast]:
        """All forecasts of scores of a DONE run by org unit; empty for any other run."""
        return Packed(ScoreForecast, "org_unit", self._parts(forecast_score, _SCORES, run_id))

    def _parts(self, table: Table, names: Sequence[str], run_id: str) -> Iterator[Rows]:
        query = select(*(table.c[name] for name in names)).where(table.c.run_id == run_id)
        with self.store.reading() as connection:
            yield from connection.execute(query.order_by(table.c.position)).partitions(_BATCH)

    def past_runs(self) -> list[PastRun]:
        """The DONE runs that forecast any KPI, the one that started last at the end."""
        first = func.min(forecast_value.c.period).label("first")  # years have four digits, so texts sort as quarters do
        names = ("run_id", "snapshot_id", "started_at", "passport")
        query = (
            select(*(forecast_run.c[name] for name in names), first)
            .join(forecast_value, forecast_value.c.run_id == forecast_run.c.run_id)
            .where(forecast_run.c.state == RunState.DONE)
            .group_by(*(forecast_run.c[name] for name in names))
            .order_by(forecast_run.c.started_at, forecast_run.c.run_id)
        )
        with self.store.reading() as connection:
            return [PastRun.model_validate(dict(row)) for row in connection.execute(query).mappings()]


def _find(connection: Connection, run_id: str) -> RunRecord | None:
    row = connection.execute(select(forecast_run).where(forecast_run.c.run_id == run_id)).mappings().one_or_none()
    return None if row is None else _record(row)


def _record(row: Any) -> RunRecord:  # a row's mapping has no element types
    return RunRecord.model_validate(dict(row))


def _columns(record: RunRecord) -> dict[str, Any]:
    return record.model_dump()


def _insert(connection: Connection, table: Table, run_id: str, forecasts: Sequence[_Forecast]) -> None:
    for first in range(0, len(forecasts), _BATCH):
        rows = [
            {**forecast.model_dump(mode="json"), "run_id": run_id, "position": position}
            for position, forecast in enumerate(forecasts[first : first + _BATCH], first)
        ]
        connection.execute(insert(table), rows)


def _refuse_done(earlier: RunRecord | None) -> None:
    if earlier is not None and earlier.state is RunState.DONE:
        raise refuse(
            f"运行 {earlier.run_id} 已完成，其结果不会被替换。",
            f"run {earlier.run_id} is done; its result is never replaced.",
        )


def _refuse_endless(forecast: _Forecast) -> None:
    numbers = (number for _, number in forecast if isinstance(number, float))
    if not all(map(math.isfinite, numbers)):
        subject = forecast.kpi if isinstance(forecast, KpiForecast) else forecast.code
        place = f"{subject}, {forecast.org_unit}, {forecast.period}"
        raise refuse(
            f"{place}：预测值不是有限的数，未保存。", f"{place}: the forecast is not a finite number; not kept."
        )


def _unknown(run_id: str) -> Exception:
    return refuse(f"没有运行 {run_id}。", f"there is no run {run_id}.")
