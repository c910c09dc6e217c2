"""What the page of a KPI needs beyond :mod:`ui.data`; caches as there."""

from collections.abc import Callable, Mapping
from datetime import date
from pathlib import Path

from forecast.nearness import KpiPast
from forecast.past import kpi_past_of
from forecast.records import RunRecord
from kpi.errors import Refused, refuse
from kpi.notes.book import NoteBook
from kpi.notes.records import Notes, Place
from kpi.periods import Period
from kpi.scorecard.changes import Against, Change, explain_change
from kpi.scorecard.compute import result_of
from kpi.scorecard.restated import restated_quarters
from kpi.scorecard.results import KpiResult, Reason, Window
from kpi.store.records import SnapshotRecord
from ui import data
from ui.kept import kept

_Past = Mapping[tuple[str, str], tuple[KpiPast, ...]]


@kept(max_entries=2000)
def _change(
    snapshot_id: int, content_hash: str, kpi: str, org_unit: str, quarter: str, window: str, against: str
) -> Change | Reason:
    panel = data.panel_of(snapshot_id, content_hash)
    return explain_change(panel, kpi, org_unit, Period.parse(quarter), Window(window), Against(against))


def change(
    snapshot: SnapshotRecord, kpi: str, org_unit: str, quarter: Period, window: Window, against: Against
) -> Change | Reason:
    """What made the change of a KPI, or why that cannot be told."""
    place = (kpi, org_unit, str(quarter), window.value, against.value)
    return _change(snapshot.id, snapshot.content_hash, *place)


@kept(max_entries=8000)
def _result(snapshot_id: int, content_hash: str, kpi: str, org_unit: str, quarter: str, window: str) -> KpiResult:
    panel = data.panel_of(snapshot_id, content_hash)
    return result_of(panel, data.template(), kpi, org_unit, Period.parse(quarter), Window(window))


def result(snapshot: SnapshotRecord, kpi: str, org_unit: str, quarter: Period, window: Window) -> KpiResult:
    """One KPI of one org unit, judged; cheaper than a whole scorecard."""
    return _result(snapshot.id, snapshot.content_hash, kpi, org_unit, str(quarter), window.value)


@kept(max_entries=2000)
def _restated(snapshot_id: int, content_hash: str, kpi: str, org_unit: str) -> tuple[Period, ...]:
    return restated_quarters(data.panel_of(snapshot_id, content_hash), kpi, org_unit)


def restated(snapshot: SnapshotRecord, kpi: str, org_unit: str) -> tuple[Period, ...]:
    """The quarters for which a figure behind the KPI was corrected after it had been reported."""
    return _restated(snapshot.id, snapshot.content_hash, kpi, org_unit)


@kept(max_entries=4)
def _past(path: str) -> _Past | None:
    return kpi_past_of(Path(path))


def past(run: RunRecord | None, kpi: str, org_unit: str) -> tuple[KpiPast, ...] | None:
    """What the run would have said of the KPI a quarter before; None where it kept no such record."""
    found = _past(run.passport) if run else None
    return None if found is None else found.get((kpi, org_unit), ())


def notes(kpi: str, org_unit: str) -> Notes:
    """What people said of the KPI in the org unit."""
    return _book().of(kpi, org_unit)


def say(place: Place, text: str) -> Refused | None:
    """Keep a comment; or why that was refused."""
    return _refusal_of(lambda: _book().comment(place, text, data.settings().user))


def plan(place: Place, text: str, owner: str, due: str) -> Refused | None:
    """Keep an action plan whose day is written as 2026-12-31; or why that was refused."""
    return _refusal_of(lambda: _book().plan(place, text, owner, _day(due), data.settings().user))


def finish(action: int) -> Refused | None:
    """An action plan was carried out; or why that was refused."""
    return _refusal_of(lambda: _book().finish(action, "", data.settings().user))


def reopen(action: int) -> Refused | None:
    """An action plan is open after all; or why that was refused."""
    return _refusal_of(lambda: _book().reopen(action, "", data.settings().user))


def _book() -> NoteBook:
    return NoteBook(data.store())


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text.strip()) if text.strip() else None
    except ValueError:
        raise refuse(
            f"“{text}”不是日期。请写成 2026-12-31 这样的形式。", f"{text!r} is no day. Write it like 2026-12-31."
        ) from None


def _refusal_of(act: Callable[[], object]) -> Refused | None:
    try:
        act()
    except Refused as refusal:
        return refusal
    return None
