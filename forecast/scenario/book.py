"""Named scenarios in a store, beside everything that was reported or forecast and never in it."""

import json
from collections.abc import Iterable
from datetime import datetime
from typing import Any, Final

from pydantic import BaseModel, ConfigDict
from sqlalchemy import Connection, RowMapping, func, insert, select

from forecast.inputs import canonical_json
from forecast.records import RunRecord, RunState
from forecast.scenario.changes import Change, Changes, ordered, scenario_hash
from kpi.errors import refuse
from kpi.store import Store
from kpi.store.forecast_tables import scenario, scenario_withdrawal
from kpi.store.records import SnapshotRecord
from kpi.store.store import Actor
from kpi.store.types import storable

SHORT: Final = 12  # letters of a hash that addresses carry


class ScenarioRecord(BaseModel):
    """A scenario as it was kept; it never changes. ``based_on`` is the one that it was made from.

    ``hash`` is that of facts, forecast and changes (:func:`forecast.scenario.changes.scenario_hash`), so a copy under
    another name has the same one. A withdrawn scenario stays readable.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: int
    hash: str
    name: str
    snapshot_id: int
    snapshot_hash: str
    run_id: str
    changes: Changes
    based_on: int | None
    reason: str
    made_at: datetime
    made_by: str
    withdrawn_at: datetime | None = None
    withdrawn_by: str | None = None
    why: str | None = None

    @property
    def short(self) -> str:
        """The beginning of the hash."""
        return self.hash[:SHORT]

    @property
    def stands(self) -> bool:
        """Whether nobody withdrew it."""
        return self.withdrawn_at is None

    def rests_on(self, snapshot: SnapshotRecord, run: RunRecord | None) -> bool:
        """Whether it was worked out from these facts and this forecast."""
        return run is not None and (self.snapshot_hash, self.run_id) == (snapshot.content_hash, run.run_id)


class ScenarioBook:
    """The scenarios of a store. Each change is one transaction with its audit row; rows are only ever added."""

    def __init__(self, store: Store) -> None:
        self.store = store

    def save(
        self,
        name: str,
        reason: str,
        snapshot: SnapshotRecord,
        run: RunRecord,
        changes: Iterable[Change],
        by: str,
        based_on: int | None = None,
    ) -> ScenarioRecord:
        """Keep a new one. Raises Refused without a name, a reason or a change, for a name that another scenario has,
        and for a run that is not done or of other facts."""
        said, name, reason = ordered(changes), storable(name.strip()), storable(reason.strip())
        if not (name and reason and said):
            raise refuse(
                "情景需要名称、理由和至少一项变动。", "a scenario needs a name, a reason and at least one change."
            )
        if run.state is not RunState.DONE or run.snapshot_id != snapshot.id:
            raise refuse(
                f"预测 {run.run_id[:8]} 不是快照 {snapshot.id} 的已完成预测。",
                f"run {run.run_id[:8]} is not a finished forecast of snapshot {snapshot.id}.",
            )
        row = {
            "hash": scenario_hash(snapshot.content_hash, run.run_id, said),
            "name": name,
            "snapshot_id": snapshot.id,
            "snapshot_hash": snapshot.content_hash,
            "run_id": run.run_id,
            "changes": canonical_json([change.model_dump(mode="json") for change in said]),
            "reason": reason,
        }
        with self.store.writing(by) as write:
            return _add(write, row, None if based_on is None else _one(write.connection, based_on).id)

    def rename(self, number: int, name: str, by: str) -> ScenarioRecord:
        """Keep a copy under another name and withdraw the one that it was made from, both or neither. Raises Refused
        without a name, for one that another scenario has, and when there is none of this number or it was withdrawn."""
        name = storable(name.strip())
        if not name:
            raise refuse("请写出新的名称。", "please give the new name.")
        with self.store.writing(by) as write:
            old = _one(write.connection, number)
            _withdraw(write, old, f"renamed: {name}")
            taken = ("hash", "snapshot_id", "snapshot_hash", "run_id", "reason")
            row = {column: getattr(old, column) for column in taken} | {"name": name}
            row["changes"] = canonical_json([change.model_dump(mode="json") for change in old.changes])
            return _add(write, row, number)

    def withdraw(self, number: int, why: str, by: str) -> ScenarioRecord:
        """Let one count no longer; it stays on record. Raises Refused without a reason, when there is none of this
        number or it was withdrawn before."""
        if not why.strip():
            raise refuse("撤回情景需要理由。", "withdrawing a scenario needs a reason.")
        with self.store.writing(by) as write:
            return _withdraw(write, _one(write.connection, number), storable(why.strip()))

    def every(self) -> list[ScenarioRecord]:
        """All of them, oldest first."""
        with self.store.reading() as connection:
            return _read(connection)


def find(records: Iterable[ScenarioRecord], beginning: str) -> ScenarioRecord | None:
    """The scenario whose hash begins so; of several with one hash the newest that stands, else the newest. None where
    there is none, and where the beginning is that of several hashes."""
    found = [each for each in records if beginning and each.hash.startswith(beginning)]
    if len({each.hash for each in found}) > 1:
        return None
    return max(found, key=lambda each: (each.stands, each.id), default=None)


def _add(write: Actor, row: dict[str, Any], based_on: int | None) -> ScenarioRecord:
    name = row["name"]
    if any(each.stands and each.name == name for each in _read(write.connection)):
        raise refuse(
            f"已有名为“{name}”的情景，请换一个名称，或先撤回它。",
            f"there is a scenario {name!r} already: give this one another name, or withdraw that one first.",
        )
    number = (write.connection.execute(select(func.max(scenario.c.id))).scalar_one() or 0) + 1
    stamp = {"id": number, "based_on": based_on, "made_at": write.at, "made_by": write.name}
    write.connection.execute(insert(scenario).values(**row, **stamp))
    write.log("scenario.saved", f"scenario {number}", f"{name}, {row['hash']}: {row['reason']}")
    return _one(write.connection, number)


def _withdraw(write: Actor, record: ScenarioRecord, why: str) -> ScenarioRecord:
    if not record.stands:
        raise refuse(f"情景 {record.id} 已撤回。", f"scenario {record.id} is withdrawn already.")
    row = {"scenario_id": record.id, "withdrawn_at": write.at, "withdrawn_by": write.name, "why": why}
    write.connection.execute(insert(scenario_withdrawal).values(**row))
    write.log("scenario.withdrawn", f"scenario {record.id}", why)
    return _one(write.connection, record.id)


def _read(connection: Connection) -> list[ScenarioRecord]:
    joined = scenario.outerjoin(scenario_withdrawal, scenario_withdrawal.c.scenario_id == scenario.c.id)
    told = (*scenario.c, *(column for column in scenario_withdrawal.c if column.name != "scenario_id"))
    rows = connection.execute(select(*told).select_from(joined).order_by(scenario.c.id)).mappings()
    return [_record(row) for row in rows]


def _record(row: RowMapping) -> ScenarioRecord:
    content: dict[str, Any] = dict(row)
    return ScenarioRecord.model_validate(content | {"changes": tuple(json.loads(content["changes"]))})


def _one(connection: Connection, number: int) -> ScenarioRecord:
    found = next((each for each in _read(connection) if each.id == number), None)
    if found is None:
        raise refuse(f"没有情景 {number}。", f"there is no scenario {number}.")
    return found
