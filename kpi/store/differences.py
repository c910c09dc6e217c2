"""What approving an upload would do to a snapshot: what is new, what changes, and what the workbook no longer says."""

from collections import defaultdict
from collections.abc import Iterable, Iterator

from sqlalchemy import ColumnElement, Connection, and_, func, or_, select

from kpi.facts import FactKey
from kpi.periods import Grain, Period
from kpi.store.records import Difference, FactChange, MissingFact, UploadRecord
from kpi.store.snapshots import LIVE, candidates, in_snapshot, same_key
from kpi.store.tables import fact, upload, upload_fact

Place = tuple[str, str, str, str]
_UNIT_SHEETS, _MEASURE_SHEETS = ("units",), ("measures",)


def difference(connection: Connection, source: UploadRecord) -> Difference:
    """An upload that waits is compared with the newest snapshot, an approved one with that it was merged over."""
    lines = list(_changes(connection, source))
    distinct = select(func.count()).select_from(upload_fact).where(candidates(source.id))
    return Difference(
        new=tuple(line for line in lines if line.old is None),
        changed=tuple(line for line in lines if line.old is not None),
        unchanged=connection.execute(distinct).scalar_one() - len(lines),
        missing=tuple(_missing(connection, source)),
    )


def _changes(connection: Connection, source: UploadRecord) -> Iterator[FactChange]:
    query = (
        select(upload_fact, fact.c.value.label("old"))
        .outerjoin(fact, and_(same_key(), _base(source)))
        .where(candidates(source.id), or_(fact.c.id.is_(None), fact.c.value != upload_fact.c.value))
        .order_by(upload_fact.c.id)
    )
    for row in connection.execute(query):
        key = FactKey(measure=row.measure, org_unit=row.org_unit, period=row.period, scenario=row.scenario)
        yield FactChange(key=key, old=row.old, new=row.value, cell=f"{row.sheet}!{row.cell}")


def _missing(connection: Connection, source: UploadRecord) -> Iterator[MissingFact]:
    names = ("measure", "org_unit", "period", "scenario", "sheet")
    query = select(*(upload_fact.c[name] for name in names)).where(upload_fact.c.upload_id == source.id)
    rows = [tuple(row) for row in connection.execute(query)]
    coverage, said = Coverage(rows), {row[:4] for row in rows}
    origin = [upload_fact.c[name] for name in ("sheet", "cell")]
    known = (
        select(*(fact.c[name] for name in (*names[:4], "value")), *origin, upload.c.workbook)
        .join(upload_fact, upload_fact.c.id == fact.c.origin)
        .join(upload, upload.c.id == upload_fact.c.upload_id)
        .where(_base(source), fact.c.measure.in_({row[0] for row in rows}))
        .where(fact.c.org_unit.in_({row[1] for row in rows}))
        .order_by(fact.c.id)
    )
    for row in connection.execute(known):
        if tuple(row[:4]) not in said and coverage.holds(row.measure, row.org_unit, row.period, row.scenario):
            key = FactKey(measure=row.measure, org_unit=row.org_unit, period=row.period, scenario=row.scenario)
            yield MissingFact(key=key, value=row.value, cell=f"{row.sheet}!{row.cell}", workbook=row.workbook)


def _base(source: UploadRecord) -> ColumnElement[bool]:
    return LIVE if source.snapshot_id is None else in_snapshot(source.snapshot_id - 1)


class Coverage:
    """What a workbook speaks of, as (measure, org unit, period, scenario, sheet).

    A key is covered when one table names, in its scenario, its measure and its org unit, and periods as long as its own
    on both sides of it or equal to it. A sheet is a table; sheets of a single org unit are one table together, and so
    are sheets of a single measure, because a row that left one of them still stands in the others.
    """

    def __init__(self, rows: Iterable[tuple[str, str, str, str, str]]) -> None:
        sheets: dict[str, list[Place]] = defaultdict(list)
        for measure, org_unit, period, scenario, sheet in rows:
            sheets[sheet].append((measure, org_unit, period, scenario))
        tables: dict[tuple[str, ...], list[Place]] = defaultdict(list)
        for sheet, places in sheets.items():
            one_unit = len({place[1] for place in places}) == 1
            one_measure = len({place[0] for place in places}) == 1
            tables[_UNIT_SHEETS if one_unit else _MEASURE_SHEETS if one_measure else ("sheet", sheet)] += places
        self._tables = [_Table(places) for places in tables.values()]

    def holds(self, measure: str, org_unit: str, period: str, scenario: str) -> bool:
        """Whether the workbook covers the key."""
        return any(table.holds(measure, org_unit, Period.parse(period), scenario) for table in self._tables)


class _Table:
    def __init__(self, places: Iterable[Place]) -> None:
        self._measures: set[tuple[str, str]] = set()
        self._org_units: set[tuple[str, str]] = set()
        periods: dict[tuple[str, Grain], set[Period]] = defaultdict(set)
        for measure, org_unit, text, scenario in places:
            self._measures.add((scenario, measure))
            self._org_units.add((scenario, org_unit))
            period = Period.parse(text)
            periods[scenario, period.grain].add(period)
        self._spans = {key: (min(found), max(found)) for key, found in periods.items()}

    def holds(self, measure: str, org_unit: str, period: Period, scenario: str) -> bool:
        if (scenario, measure) not in self._measures or (scenario, org_unit) not in self._org_units:
            return False
        first, last = self._spans.get((scenario, period.grain), (None, None))
        return first is not None and last is not None and first <= period <= last
