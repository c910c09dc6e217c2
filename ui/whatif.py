"""The pages' way to scenarios; caches as in :mod:`ui.data`, keyed by snapshot, run and the changes as spelt.

What cannot be worked out is a :class:`Refused` that is returned and kept, so that it is not worked out again.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TypeVar

import streamlit as st

from forecast.records import RunRecord
from forecast.scenario.base import Base, build_base
from forecast.scenario.book import ScenarioBook, ScenarioRecord
from forecast.scenario.changes import Changes, read_changes, spell
from forecast.scenario.effect import Step, amount_of, steps, year_end_card
from forecast.scenario.medians import read_medians
from forecast.scenario.resolve import Resolved, carriers, resolve
from kpi.errors import Refused
from kpi.periods import Period
from kpi.scorecard.results import Reason, Scorecard, Value
from kpi.store.records import SnapshotRecord
from ui import data

T = TypeVar("T")
Key = tuple[int, str, str, str]


@dataclass(frozen=True)
class Ground:
    """What a scenario stands on: the facts of a snapshot, and a forecast of them."""

    snapshot: SnapshotRecord
    run: RunRecord

    @property
    def key(self) -> Key:
        """What tells it from others; a passport that was written anew has another seal."""
        return self.snapshot.id, self.snapshot.content_hash, self.run.run_id, self.run.seal


def ground_of(record: ScenarioRecord) -> Ground | None:
    """What a kept scenario was worked out from; None where the run is not on record any more."""
    run = data.ledger().run(record.run_id)
    return None if run is None else Ground(data.store().snapshot(record.snapshot_id), run)


def book() -> ScenarioBook:
    """The scenarios of the store."""
    return ScenarioBook(data.store())


def _or_refused(make: Callable[[], T]) -> T | Refused:
    try:
        return make()
    except Refused as refusal:
        return refusal


@st.cache_resource(show_spinner=False, max_entries=4)
def _base(key: Key, _ground: Ground) -> tuple[Base, bool] | Refused:
    def make() -> tuple[Base, bool]:
        medians = read_medians(_ground.run)  # large, and of no use once it is in the panel
        alike = medians.made_with(data.catalogue(), data.template(), data.organisation(_ground.snapshot))
        return build_base(data.panel(_ground.snapshot), medians), alike

    return _or_refused(make)


def base(ground: Ground) -> Base | Refused:
    """Facts and medians, ready for changes; or why that cannot be."""
    found = _base(ground.key, ground)
    return found if isinstance(found, Refused) else found[0]


def defined_alike(ground: Ground) -> bool:
    """Whether the run used the definitions by which the pages work out scores now."""
    found = _base(ground.key, ground)
    return not isinstance(found, Refused) and found[1]


@st.cache_resource(show_spinner=False, max_entries=8)
def _resolved(key: Key, changes: str, _ground: Ground) -> Resolved | Refused:
    found = base(_ground)
    return found if isinstance(found, Refused) else _or_refused(lambda: resolve(found, read_changes(changes)))


def resolved(ground: Ground, changes: Changes) -> Resolved | Refused:
    """The scenario worked out; or why that cannot be."""
    return _resolved(ground.key, spell(changes), ground)


@st.cache_resource(show_spinner=False, max_entries=400)
def _card(key: Key, changes: str, org_unit: str, year: int, _ground: Ground) -> Scorecard | Refused:
    found = _resolved(key, changes, _ground)
    return found if isinstance(found, Refused) else year_end_card(found.panel, data.template(), org_unit, year)


def card(ground: Ground, changes: Changes, org_unit: str, year: int) -> Scorecard | Refused:
    """The scorecard at the end of the year under ``changes``, of which there may be none."""
    if changes:
        card(ground, (), org_unit, year)  # what this evaluates serves every scenario that leaves it alone
    return _card(ground.key, spell(changes), org_unit, year, ground)


@st.cache_resource(show_spinner=False, max_entries=50)
def _way(key: Key, changes: str, org_unit: str, year: int, _ground: Ground) -> tuple[Step, ...]:
    found = base(_ground)
    if isinstance(found, Refused):
        return ()
    return tuple(steps(found, read_changes(changes), data.template(), org_unit, year))


def way(ground: Ground, changes: Changes, org_unit: str, year: int) -> tuple[Step, ...]:
    """From the forecast to the scenario, driver by driver; ``changes`` are known to work out."""
    return _way(ground.key, spell(changes), org_unit, year, ground)


@st.cache_resource(show_spinner=False, max_entries=100)
def _drivers(key: Key, org_unit: str, year: int, _ground: Ground) -> Mapping[str, str]:
    found = base(_ground)
    if isinstance(found, Refused):
        return {}
    ahead = [quarter for quarter in found.quarters if quarter.year == year]
    lever: dict[str, str] = {}
    for code in dict.fromkeys(entry.kpi for entry in data.template().entries):
        if code not in data.catalogue().component:
            levers = (each for quarter in ahead for each in carriers(found, code, org_unit, quarter))
            if carrier := next(levers, None):
                lever[code] = carrier
    for code in found.open_cells:
        if any(found.cells_of(code, org_unit, quarter) for quarter in ahead):
            lever[code] = code
    return lever


def drivers(ground: Ground, org_unit: str, year: int) -> Mapping[str, str]:
    """What can be changed in an org unit: KPIs of the scorecard, then components, each with the component that moves
    for it."""
    return _drivers(ground.key, org_unit, year, ground)


def keep(name: str, reason: str, ground: Ground, changes: Changes, based_on: int | None) -> ScenarioRecord | Refused:
    """Save a scenario; or why that was refused."""
    by = data.settings().user
    return _or_refused(lambda: book().save(name, reason, ground.snapshot, ground.run, changes, by, based_on))


def withdraw(number: int, why: str) -> ScenarioRecord | Refused:
    """Let a scenario count no longer; or why that was refused."""
    return _or_refused(lambda: book().withdraw(number, why, data.settings().user))


def still_open(changes: Changes, ground: Ground) -> Changes:
    """Those of ``changes`` whose quarter is still to come on this ground."""
    found = base(ground)
    ahead: tuple[Period, ...] = () if isinstance(found, Refused) else found.quarters
    return tuple(change for change in changes if change.quarter in ahead)


def amounts(ground: Ground, changes: Changes, driver: str, org_unit: str, quarter: Period) -> Value:
    """A component or KPI in an org unit and quarter, by the forecast or under ``changes``."""
    return _amounts(ground.key, spell(changes), driver, org_unit, str(quarter), ground)


@st.cache_resource(show_spinner=False, max_entries=2000)
def _amounts(key: Key, changes: str, driver: str, org_unit: str, quarter: str, _ground: Ground) -> Value:
    found = _resolved(key, changes, _ground)
    if isinstance(found, Refused):
        return Value(reason=Reason.NO_DATA)
    return amount_of(found.panel, driver, org_unit, Period.parse(quarter))


def rename(number: int, name: str) -> ScenarioRecord | Refused:
    """Keep a scenario under another name in place of the one it has; or why that was refused."""
    return _or_refused(lambda: book().rename(number, name, data.settings().user))
