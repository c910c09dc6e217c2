"""Looks up what past runs said and by which definitions, to hold it beside what came. Needs no torch."""

import csv
import io
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path

from forecast.ledger import Ledger
from forecast.nearness import KpiPast
from forecast.records import KpiForecast, ScoreForecast
from forecast.track_record import Judged, PastRun, judge
from kpi.catalogue.models import Catalogue
from kpi.periods import Period
from kpi.scorecard.panel import Panel

# What the zip reader raises on damaged bytes: besides its own error also a short read, an unknown compression, a claim
# of encryption, a broken stream.
DAMAGE = (zipfile.BadZipFile, EOFError, NotImplementedError, RuntimeError, zlib.error)


KPI_FORECASTS, SCORE_FORECASTS = "results/kpi_forecast.csv", "results/score_forecast.csv"
"""The files of a passport with the forecasts of KPIs and of scores."""
KPI_RECORD = "results/kpi_record.csv"
"""The one with what would have been said of the last quarters and what came; older passports have none."""


def kpi_forecasts(table: bytes, org_unit: str = "") -> list[KpiForecast]:
    """The rows of :data:`KPI_FORECASTS`, all or of one org unit. Raises ValueError or csv.Error for another table."""
    return [KpiForecast.model_validate(row) for row in _rows(table, org_unit)]


def score_forecasts(table: bytes, org_unit: str = "") -> list[ScoreForecast]:
    """The rows of :data:`SCORE_FORECASTS`, likewise."""
    return [ScoreForecast.model_validate(row) for row in _rows(table, org_unit)]


def _rows(table: bytes, org_unit: str) -> Iterator[dict[str, str | None]]:
    """Cells by column; an empty one is nothing."""
    for row in csv.DictReader(io.StringIO(table.decode())):
        if not org_unit or row.get("org_unit") == org_unit:
            yield {name: cell or None for name, cell in row.items()}


def definitions_of(passport: Path) -> Catalogue | None:
    """The catalogue that a run was made with; None when its passport is gone, damaged or of another form."""
    try:
        with zipfile.ZipFile(passport) as archive:
            return Catalogue.model_validate_json(archive.read("inputs/catalogue.json"))
    except (OSError, LookupError, ValueError, *DAMAGE):
        return None


def kpi_past_of(passport: Path) -> dict[tuple[str, str], tuple[KpiPast, ...]] | None:
    """What a run would have said of each KPI and org unit a quarter before, the oldest quarter first; None when its
    passport is gone, damaged, or of a time when that was not kept."""
    try:
        with zipfile.ZipFile(passport) as archive:
            return kpi_past(archive.read(KPI_RECORD))
    except (OSError, LookupError, ValueError, TypeError, csv.Error, *DAMAGE):
        return None


def kpi_past(table: bytes, org_unit: str = "") -> dict[tuple[str, str], tuple[KpiPast, ...]]:
    """The rows of :data:`KPI_RECORD` by KPI and org unit, all or of one org unit, likewise. Raises ValueError, KeyError
    or csv.Error for another table."""
    found: dict[tuple[str, str], list[KpiPast]] = {}
    for row in _rows(table, org_unit):
        kpi, unit, quarter = (row[name] or "" for name in ("kpi", "org_unit", "quarter"))
        last_year = row["last_year"]
        numbers = float(row["said"] or ""), float(row["actual"] or ""), float(last_year) if last_year else None
        found.setdefault((kpi, unit), []).append(KpiPast(kpi, unit, Period.parse(quarter), *numbers))
    return {place: tuple(rows) for place, rows in found.items()}


def record_of(
    ledger: Ledger, run: PastRun, panel: Panel, kpi: str | None = None, org_unit: str | None = None
) -> tuple[Judged, ...]:
    """The forecasts of ``run`` that can be judged by the newest snapshot's ``panel``, all or of one KPI or org unit."""
    return judge(run, ledger.run_forecasts(run.run_id, kpi, org_unit), panel, definitions_of(Path(run.passport)))
