"""What a page needs to know before it draws: language, address, the newest snapshot and its forecast."""

from dataclasses import dataclass

import streamlit as st

from forecast.records import RunRecord, RunState
from kpi.organisation import Organisation
from kpi.periods import Period
from kpi.scorecard.panel import Panel
from kpi.store.records import SnapshotRecord
from kpi.text import Language
from report.format import Format
from report.words import Words
from ui import data
from ui.address import Address, Choices, read_address


@dataclass(frozen=True)
class View:
    """One page run's surroundings. ``unknown`` holds codes of the address that mean nothing here."""

    address: Address
    t: Words
    fmt: Format
    snapshot: SnapshotRecord | None
    run: RunRecord | None
    choices: Choices
    unknown: tuple[str, ...]

    @property
    def language(self) -> Language:
        """The language of the page."""
        return self.address.language


@dataclass(frozen=True)
class DataView(View):
    """A view that has data to show."""

    snapshot: SnapshotRecord
    organisation: Organisation
    panel: Panel
    quarter: Period
    last_actual: Period
    outlooks: data.Forecasts
    scores: data.Scores

    @property
    def org_unit(self) -> str:
        """The chosen org unit's code."""
        return self.address.org_unit

    @property
    def org_name(self) -> str:
        """The chosen org unit's name."""
        return self.organisation.by_code[self.org_unit].name.in_(self.language)


def _language_of_visitor() -> Language:
    return "zh" if (st.context.locale or "").lower().startswith("zh") else "en"


def _choices(snapshot: SnapshotRecord | None) -> Choices:
    last = data.panel(snapshot).last_actual if snapshot else None
    if snapshot is None or last is None:
        return Choices(language=_language_of_visitor())
    known = [quarter for quarter in data.panel(snapshot).quarters if quarter <= last]
    return Choices(
        language=_language_of_visitor(),
        org_units=tuple(unit.code for unit in data.organisation(snapshot).units),
        quarters=tuple(reversed(known)),
        kpis=tuple(entry.kpi for entry in data.template().entries),
        objectives=tuple(data.template().objective),
        runs=tuple(data.short_id(run) for run in data.ledger().runs() if run.state is RunState.DONE),
    )


def current_view() -> View:
    """Read the address and look up what is newest; a :class:`DataView` as soon as a snapshot stands."""
    snapshot = data.store().latest_snapshot()
    choices = _choices(snapshot)
    address, unknown = read_address(st.query_params, choices)
    run = data.finished_run(snapshot) if snapshot else None
    words, fmt = Words(address.language), Format(address.language)
    if snapshot is None or address.quarter is None:
        return View(address, words, fmt, snapshot, run, choices, unknown)
    return DataView(
        address=address,
        t=words,
        fmt=fmt,
        snapshot=snapshot,
        run=run,
        choices=choices,
        unknown=unknown,
        organisation=data.organisation(snapshot),
        panel=data.panel(snapshot),
        quarter=address.quarter,
        last_actual=choices.quarters[0],
        outlooks=data.forecasts(run),
        scores=data.scores(run),
    )
