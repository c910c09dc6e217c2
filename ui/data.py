"""The one door from the pages to store, catalogue and arithmetic.

Every cache here is shared by all sessions, bounded, and keyed by what decides the answer (a snapshot's id and hash, a
run's id), never by a frame. Nothing that comes out may be changed in place.
"""

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import cast

import streamlit as st
from sqlalchemy.exc import SQLAlchemyError

from forecast.folder import note_interrupted
from forecast.ledger import Ledger
from forecast.overlays import Overlay, Overlays
from forecast.records import KpiForecast, RunRecord, RunState, ScoreForecast
from kpi.catalogue.load import load_catalogue
from kpi.catalogue.models import Catalogue
from kpi.demo.load import demo_wanted, load_demo
from kpi.errors import Refused
from kpi.facts import Fact
from kpi.intake.service import prefilled_template
from kpi.organisation import Organisation
from kpi.periods import Period
from kpi.scorecard.compute import score
from kpi.scorecard.load import load_template_named
from kpi.scorecard.origins import measures_behind
from kpi.scorecard.panel import Panel
from kpi.scorecard.results import Scorecard, Value, Window
from kpi.scorecard.template import ScorecardTemplate
from kpi.scorecard.values import kpi_by_unit, kpi_series
from kpi.settings import Settings, read_settings
from kpi.store import Store, open_store
from kpi.store.records import SnapshotRecord
from kpi.text import Language
from ui.jobs import ForecastJob
from ui.kept import kept
from ui.memory import freeze
from ui.passports import PassportPage, read_passport_page
from ui.records import RunBook, read_run_book

SeriesRow = tuple[Period, Value, Value]
Forecasts = Mapping[tuple[str, str], tuple[KpiForecast, ...]]
Scores = Mapping[str, tuple[ScoreForecast, ...]]


@st.cache_resource(show_spinner=False)
def settings() -> Settings:
    """Read once a process. Raises Refused naming each setting that is wrong."""
    return read_settings()


@st.cache_resource(show_spinner=False)
def store() -> Store:
    """The store, opened and brought up to date."""
    settings().data_dir.mkdir(parents=True, exist_ok=True)
    return open_store(settings().store_url)


@st.cache_resource(show_spinner=False)
def catalogue() -> Catalogue:
    """The catalogue as it stood when the server started."""
    return load_catalogue(settings().catalogue_dir)


@st.cache_resource(show_spinner=False)
def template() -> ScorecardTemplate:
    """The scorecard in use."""
    return load_template_named(settings().scorecard, settings().scorecards_dir, catalogue())


@st.cache_resource(show_spinner=False)
def forecast_job() -> ForecastJob:
    """The forecast process started from the pages: one at a time, whoever asks."""
    return ForecastJob(settings().data_dir / "runs" / "started_from_page.log")


def ledger() -> Ledger:
    """The forecast runs of the store."""
    return Ledger(store())


def runs() -> list[RunRecord]:
    """All runs, the newest first; those whose process was killed are called interrupted."""
    note_interrupted(ledger(), settings().data_dir / "runs")
    return sorted(ledger().runs(), key=lambda run: run.started_at, reverse=True)


@kept(max_entries=4)
def organisation_of(snapshot_id: int) -> Organisation:
    """The company tree that belongs to a snapshot; facts can't be approved without one."""
    return organisation_now()


def organisation(snapshot: SnapshotRecord) -> Organisation:
    """The same."""
    return organisation_of(snapshot.id)


@kept(max_entries=4)
def panel_of(snapshot_id: int, content_hash: str) -> Panel:
    """The facts of a snapshot, ready for arithmetic."""
    org = organisation_of(snapshot_id)
    return Panel.build(store().each_row(snapshot_id), org, catalogue(), template(), settings().calendar)


def panel(snapshot: SnapshotRecord) -> Panel:
    """The same."""
    return panel_of(snapshot.id, snapshot.content_hash)


@kept(max_entries=2000)
def _card(snapshot_id: int, content_hash: str, org_unit: str, quarter: str, window: str) -> Scorecard:
    return score(panel_of(snapshot_id, content_hash), template(), org_unit, Period.parse(quarter), Window(window))


def card(snapshot: SnapshotRecord, org_unit: str, quarter: Period, window: Window) -> Scorecard:
    """The scorecard of one org unit and quarter."""
    return _card(snapshot.id, snapshot.content_hash, org_unit, str(quarter), window.value)


@kept(max_entries=4000)
def _series(snapshot_id: int, content_hash: str, kpi: str, org_unit: str, window: str) -> tuple[SeriesRow, ...]:
    return tuple(kpi_series(panel_of(snapshot_id, content_hash), kpi, org_unit, Window(window)))


def series(snapshot: SnapshotRecord, kpi: str, org_unit: str, window: Window) -> tuple[SeriesRow, ...]:
    """Value and target of a KPI over all quarters."""
    return _series(snapshot.id, snapshot.content_hash, kpi, org_unit, window.value)


@kept(max_entries=1000)
def _by_unit(
    snapshot_id: int, content_hash: str, kpi: str, org_units: tuple[str, ...], quarter: str, window: str
) -> Mapping[str, tuple[Value, Value]]:
    panel = panel_of(snapshot_id, content_hash)
    return kpi_by_unit(panel, kpi, Period.parse(quarter), Window(window), org_units)


def by_unit(
    snapshot: SnapshotRecord, kpi: str, org_units: tuple[str, ...], quarter: Period, window: Window
) -> Mapping[str, tuple[Value, Value]]:
    """Value and target of a KPI in some org units."""
    return _by_unit(snapshot.id, snapshot.content_hash, kpi, org_units, str(quarter), window.value)


@kept(max_entries=200)
def _facts(snapshot_id: int, measures: tuple[str, ...], org_units: tuple[str, ...]) -> tuple[Fact, ...]:
    return tuple(store().snapshot_facts(snapshot_id, measures=measures, org_units=org_units))


def facts_behind(snapshot: SnapshotRecord, kpi: str, org_units: tuple[str, ...]) -> tuple[Fact, ...]:
    """Every fact of ``org_units`` that the KPI reads, with its cell of origin."""
    return _facts(snapshot.id, measures_behind(catalogue().kpi[kpi], catalogue()), org_units)


@kept(max_entries=4)
def _forecasts(run_id: str) -> Forecasts:
    return ledger().forecasts_by_place(run_id)


def forecasts(run: RunRecord | None) -> Forecasts:
    """The forecasts of a finished run by KPI and org unit; nothing without a run."""
    return _forecasts(run.run_id) if run else {}


@kept(max_entries=4)
def _scores(run_id: str) -> Scores:
    return ledger().scores_by_place(run_id)


def scores(run: RunRecord | None) -> Scores:
    """The expected scores of a finished run by org unit; nothing without a run."""
    return _scores(run.run_id) if run else {}


def short_id(run: RunRecord) -> str:
    """The beginning of a run's id that addresses and file names carry."""
    return run.run_id[:16]


def shown_run(snapshot: SnapshotRecord, among: Iterable[RunRecord]) -> RunRecord | None:
    """The newest finished forecast of ``snapshot``; a forecast of other facts is never shown beside these."""
    done = (run for run in among if run.snapshot_id == snapshot.id and run.state is RunState.DONE)
    return max(done, key=lambda run: run.started_at, default=None)


def organisation_now() -> Organisation:
    """The company tree as it stands, with or without facts."""
    return _organisation(store().organisation_version())


@kept(max_entries=4)
def _organisation(version: int) -> Organisation:
    return cast(Organisation, store().organisation())


@kept(max_entries=8)
def workbook_names(upload_count: int) -> Mapping[str, str]:
    """File name of every workbook by its hash; ``upload_count`` is the key, because uploads are only ever added."""
    return {upload.workbook.sha256: upload.workbook.filename for upload in store().uploads()}


@kept(max_entries=16)
def passport_page(path: str) -> PassportPage | None:
    """The first page of a passport; a finished run's passport never changes."""
    return read_passport_page(Path(path))


@kept(max_entries=4)
def run_book(path: str) -> RunBook | None:
    """How good a run's forecasts were and why they are what they are; a finished run's passport never changes."""
    return read_run_book(Path(path))


def standing_overlays() -> list[Overlay]:
    """The landings that people set and others approved."""
    return Overlays(store()).standing()


def template_workbook(language: Language) -> bytes:
    """Our template, prefilled for the quarter after the newest facts, with their values for comparison."""
    return prefilled_template(store(), catalogue(), settings(), language)


def approve(upload_id: int, reason: str) -> Refused | None:
    """Make an upload the newest snapshot; or why that was refused."""
    try:
        store().approve(upload_id, settings().user, reason)
    except Refused as refusal:
        return refusal
    return None


def reject(upload_id: int, reason: str) -> Refused | None:
    """Close an upload without using it; or why that was refused."""
    try:
        store().reject(upload_id, settings().user, reason)
    except Refused as refusal:
        return refusal
    return None


def health() -> dict[str, str]:
    """Whether the store answers, and its newest snapshot."""
    try:
        snapshot = store().latest_snapshot()
    except (Refused, SQLAlchemyError):
        return {"status": "unavailable"}
    return {"status": "ok", "snapshot": snapshot.content_hash if snapshot else ""}


def read_bytes(path: str) -> bytes:
    """The content of a file that a run left behind."""
    return Path(path).read_bytes()


def _forecast_at_once() -> None:
    """Forecast the freshly loaded demo company beside the first visits; it takes seconds."""
    snapshot = store().latest_snapshot()
    if snapshot is not None:
        forecast_job().start(snapshot.id, fresh=False, language=settings().language)


def prepare() -> None:
    """Make ready before the first visitor: migrate, load the demo company into an empty store, warm the caches.

    What is warm then is left out of the collection of garbage.
    """
    if settings().demo and demo_wanted(store()):
        load_demo(store(), catalogue(), settings())
        _forecast_at_once()
    snapshot = store().latest_snapshot()
    if snapshot is not None:
        run = shown_run(snapshot, ledger().runs())
        forecasts(run)
        scores(run)
        quarter = panel(snapshot).last_actual
        if quarter is not None:
            for window in (Window.YTD, Window.QUARTER):
                card(snapshot, organisation(snapshot).root.code, quarter, window)
    freeze()
