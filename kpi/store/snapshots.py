"""Snapshots: merging an approved upload over the newest one, and reading any of them back."""

from collections.abc import Collection, Iterator
from datetime import datetime
from decimal import Decimal
from hashlib import sha256
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Text,
    and_,
    exists,
    func,
    insert,
    literal,
    or_,
    select,
    type_coerce,
    update,
)

from kpi.errors import refuse
from kpi.facts import Fact, Scenario
from kpi.periods import Period
from kpi.store.records import SnapshotRecord, UploadRecord
from kpi.store.tables import fact, snapshot, upload, upload_fact
from kpi.store.uploads import fact_of

FactRow = tuple[str, str, Period, Scenario, Decimal]

_KEY = ("measure", "org_unit", "period", "scenario")
LIVE = fact.c.superseded_in.is_(None)
"""The facts of the newest snapshot."""


def merge(connection: Connection, source: UploadRecord, actor: str, reason: str, at: datetime) -> SnapshotRecord:
    """The next snapshot: the newest one with the facts of ``source`` over it.

    New keys are added, changed values supersede, equal values stay with their first origin. The caller holds the
    writers' lock, so the newest snapshot stays the newest meanwhile.
    """
    parent = latest(connection)
    number = parent.id + 1 if parent else 1
    count, digest = _set_after(connection, source.id)
    record = SnapshotRecord(
        id=number,
        content_hash=digest,
        parent_id=parent.id if parent else None,
        upload_id=source.id,
        fact_count=count,
        created_at=at,
        created_by=actor,
        reason=reason,
    )
    connection.execute(insert(snapshot).values(**record.model_dump()))
    _supersede(connection, source.id, number)
    _add(connection, source.id, number)
    return record


_LATEST = select(snapshot).order_by(snapshot.c.id.desc()).limit(1)


def latest(connection: Connection) -> SnapshotRecord | None:
    """The newest snapshot."""
    row = connection.execute(_LATEST).mappings().one_or_none()
    return None if row is None else SnapshotRecord.model_validate(dict(row))


def every(connection: Connection) -> list[SnapshotRecord]:
    """All snapshots, oldest first."""
    rows = connection.execute(select(snapshot).order_by(snapshot.c.id)).mappings()
    return [SnapshotRecord.model_validate(dict(row)) for row in rows]


def one(connection: Connection, number: int) -> SnapshotRecord:
    """The snapshot. Raises Refused when there is none."""
    row = connection.execute(select(snapshot).where(snapshot.c.id == number)).mappings().one_or_none()
    if row is None:
        raise refuse(f"没有快照 {number}。", f"there is no snapshot {number}.")
    return SnapshotRecord.model_validate(dict(row))


def rows(connection: Connection, number: int) -> Iterator[FactRow]:
    """Every fact of a snapshot as a plain tuple, in the order in which they were added, one at a time."""
    one(connection, number)
    columns = (fact.c.measure, fact.c.org_unit, fact.c.period, fact.c.scenario, fact.c.value)
    found = connection.execute(select(*columns).where(in_snapshot(number)).order_by(fact.c.id))
    periods: dict[str, Period] = {}
    scenarios = {scenario.value: scenario for scenario in Scenario}
    for measure, org_unit, text, scenario, value in found:
        period = periods.get(text)
        if period is None:
            period = periods[text] = Period.parse(text)
        yield measure, org_unit, period, scenarios[scenario], value


def facts(
    connection: Connection,
    number: int,
    measures: Collection[str] | None,
    org_units: Collection[str] | None,
    periods: Collection[Period] | None = None,
) -> list[Fact]:
    """Facts with their cells of origin, in the order in which they were added."""
    one(connection, number)
    origin = [upload_fact.c[name] for name in ("sheet", "cell", "text", "conversions")]
    query = (
        select(*(fact.c[name] for name in (*_KEY, "value")), *origin, upload.c.workbook)
        .join(upload_fact, upload_fact.c.id == fact.c.origin)
        .join(upload, upload.c.id == upload_fact.c.upload_id)
        .where(in_snapshot(number))
        .order_by(fact.c.id)
    )
    if measures is not None:
        query = query.where(fact.c.measure.in_(measures))
    if org_units is not None:
        query = query.where(fact.c.org_unit.in_(org_units))
    if periods is not None:
        query = query.where(fact.c.period.in_(map(str, periods)))
    return [fact_of(row, row.workbook) for row in connection.execute(query)]


def in_snapshot(number: int) -> ColumnElement[bool]:
    """The facts of one snapshot."""
    return and_(fact.c.added_in <= number, or_(LIVE, fact.c.superseded_in > number))


def same_key() -> ColumnElement[bool]:
    """A fact of a snapshot and one of an upload that are about the same."""
    return and_(*(fact.c[name] == upload_fact.c[name] for name in _KEY))


def candidates(upload_id: int) -> ColumnElement[bool]:
    """The facts of the upload, the first of those that say the same."""
    keys = [upload_fact.c[name] for name in _KEY]
    inner = select(func.min(upload_fact.c.id)).where(upload_fact.c.upload_id == upload_id).group_by(*keys)
    return upload_fact.c.id.in_(inner)


def _supersede(connection: Connection, upload_id: int, number: int) -> None:
    changed = (
        select(fact.c.id)
        .join(upload_fact, same_key())
        .where(upload_fact.c.upload_id == upload_id, LIVE, fact.c.value != upload_fact.c.value)
    )
    connection.execute(update(fact).where(fact.c.id.in_(changed)).values(superseded_in=number))


def _add(connection: Connection, upload_id: int, number: int) -> None:
    new = (
        select(*(upload_fact.c[name] for name in (*_KEY, "value", "id")), literal(number))
        .where(candidates(upload_id), ~exists().where(same_key(), LIVE))
        .order_by(upload_fact.c.id)
    )
    connection.execute(insert(fact).from_select([*_KEY, "value", "origin", "added_in"], new))


def _set_after(connection: Connection, upload_id: int) -> tuple[int, str]:
    """How many facts stand after the merge, and the hash over what they say (as ``kpi.facts.content_hash``)."""
    merged: dict[str, str] = {}
    for table, chosen in ((fact, LIVE), (upload_fact, upload_fact.c.upload_id == upload_id)):
        key: Any = table.c.measure
        for name in _KEY[1:]:
            key = key + "|" + table.c[name]
        # The stored text is the canonical spelling of the number already.
        stored = connection.execute(select(key, type_coerce(table.c.value, Text)).where(chosen))
        for text, digits in stored:
            merged[text] = digits
    lines = sorted(f"{key}|{value}" for key, value in merged.items())
    return len(lines), sha256("\n".join(lines).encode()).hexdigest()
