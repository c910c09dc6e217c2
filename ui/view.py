"""What a page needs to know before it draws: language, address, the newest snapshot and its forecast."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

import streamlit as st

from forecast.records import RunRecord, RunState
from kpi.organisation import Organisation
from kpi.periods import Period
from kpi.scorecard.panel import Panel
from kpi.scorecard.template import ScorecardTemplate
from kpi.store.records import SnapshotRecord
from kpi.text import Language
from report.format import Format
from report.words import Words
from ui import data
from ui.address import Address, Choices, read_address

_KEY = "_view"


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

    @property
    def shown(self) -> tuple[int, str]:
        """Snapshot and run, by which answers are kept; 0 and nothing without."""
        return self.snapshot.id if self.snapshot else 0, self.run.run_id if self.run else ""


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


def _choices(snapshot: SnapshotRecord | None, runs: Sequence[RunRecord]) -> Choices:
    last = data.panel(snapshot).last_actual if snapshot else None
    if snapshot is None or last is None:
        return Choices(language=_language_of_visitor())
    known = [quarter for quarter in data.panel(snapshot).quarters if quarter <= last]
    return Choices(
        language=_language_of_visitor(),
        org_units=tuple(data.organisation(snapshot).by_code),
        quarters=tuple(reversed(known)),
        kpis=tuple(entry.kpi for entry in data.template().entries),
        objectives=tuple(data.template().objective),
        groups=tuple(group.code for group in data.template().groups),
        scores=codes_of_scores(data.template()),
        runs=tuple(data.short_id(run) for run in runs if run.state is RunState.DONE),
    )


@contextmanager
def one_view() -> Iterator[View]:
    """Inside, :func:`current_view` is looked up once: frame and page show the same, and the store is asked once.

    Forgotten afterwards, so that no idle visitor keeps facts of the past in memory.
    """
    st.session_state[_KEY] = view = _look_up()
    try:
        yield view
    finally:
        st.session_state.pop(_KEY, None)


def codes_of_scores(template: ScorecardTemplate) -> tuple[str, ...]:
    """Every score of a scorecard as an address names it."""
    groups = (f"group:{group.code}" for group in template.groups)
    objectives = (f"objective:{objective.code}" for objective in template.objectives)
    return ("total", *groups, *objectives, *(f"kpi:{entry.kpi}" for entry in template.entries))


def current_view() -> View:
    """What the address says and what is newest; a :class:`DataView` as soon as a snapshot stands."""
    view: View | None = st.session_state.get(_KEY)
    return view or _look_up()


def _look_up() -> View:
    snapshot, runs = data.store().latest_snapshot(), data.ledger().runs()
    choices = _choices(snapshot, runs)
    address, unknown = read_address(st.query_params, choices)
    run = data.shown_run(snapshot, runs) if snapshot else None
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
