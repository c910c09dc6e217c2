"""Forecasts as CSV for readers: in full, or correctly rounded to some significant digits."""

import csv
import io
from collections.abc import Iterable, Sequence

import numpy as np
from pydantic import BaseModel

from forecast.config import ForecastConfig
from forecast.inputs import canonical_json
from forecast.paths import Paths, quantile
from forecast.records import KpiForecast, ScoreForecast
from forecast.series import SeriesPanel, canonical_bytes

SERIES_KEYS = ("component", "org_unit", "quarter", "method")
KPI_KEYS = ("kpi", "org_unit", "period", "window", "reason")
SCORE_KEYS = ("kind", "code", "org_unit", "period", "window")
_CHANCES = ("green", "amber", "red")
_FAN = ("p2_5", "p10", "p25", "p50", "p75", "p90", "p97_5")
KPI_COLUMNS = (*KPI_KEYS[:4], *_FAN, "chance", *_CHANCES, "needed", "expected", "reason")
SCORE_COLUMNS = (*SCORE_KEYS, "p10", "p50", "p90", *_CHANCES, "coverage")


def spell(value: float | str | None, digits: int | None) -> str:
    """Shortest digits that read back to the same float, or ``digits`` significant ones; words as they are, and nothing
    for None."""
    if value is None or isinstance(value, str):
        return value or ""
    return repr(value) if digits is None else f"{value:.{digits - 1}e}"


def forecast_csv(panel: SeriesPanel, paths: Paths, config: ForecastConfig, digits: int | None = None) -> str:
    """Quantiles of every component series and quarter, from the sample paths."""
    levels = [quantile(paths.samples, level).tolist() for level in config.quantiles]
    names = [f"p{level * 100:g}" for level in config.quantiles]
    lines: list[Sequence[str]] = [(*SERIES_KEYS, *names)]
    last = panel.quarters[-1]
    for index, ((component, unit), method) in enumerate(zip(panel.ids, paths.methods, strict=True)):
        if method.method == "ended":
            continue
        for ahead in range(config.horizon):
            numbers = [spell(level[index][ahead], digits) for level in levels]
            lines.append((component, unit, str(last.shift(ahead + 1)), method.method, *numbers))
    return _csv(lines)


def kpi_csv(rows: Iterable[KpiForecast], digits: int | None = None) -> str:
    """Every KPI, org unit, quarter and window."""
    return _records_csv(rows, KPI_COLUMNS, digits)


def score_csv(rows: Iterable[ScoreForecast], digits: int | None = None) -> str:
    """Every objective, group and total, org unit, quarter and window."""
    return _records_csv(rows, SCORE_COLUMNS, digits)


def record_bytes(rows: Iterable[BaseModel]) -> bytes:
    """The one spelling of records for a digest: words, a nought for each number and null for what is missing; then all
    numbers as float64."""
    dumped = [row.model_dump(mode="json") for row in rows]
    words = [[0 if isinstance(value, float) else value for value in row.values()] for row in dumped]
    numbers = [value for row in dumped for value in row.values() if isinstance(value, float)]
    return canonical_json(words).encode() + canonical_bytes(np.array(numbers, dtype=np.float64))


def _records_csv(rows: Iterable[BaseModel], columns: Sequence[str], digits: int | None) -> str:
    lines: list[Sequence[str]] = [columns]
    for row in rows:
        dumped = row.model_dump(mode="json")
        lines.append([spell(dumped[name], digits) for name in columns])
    return _csv(lines)


def read_numbers(text: str, keys: Sequence[str]) -> dict[tuple[str, ...], dict[str, float | None]]:
    """A CSV of this module as numbers, by column, by its ``keys``; an empty cell is None. Raises ValueError."""
    header, *lines = csv.reader(io.StringIO(text))
    found: dict[tuple[str, ...], dict[str, float | None]] = {}
    for line in lines:
        cells = dict(zip(header, line, strict=True))
        if not cells.keys() >= set(keys):
            raise ValueError(f"columns {header}")
        key = tuple(cells.pop(name) for name in keys)
        found[key] = {name: float(cell) if cell else None for name, cell in cells.items()}
    return found


def _csv(lines: Iterable[Sequence[str]]) -> str:
    out = io.StringIO()
    csv.writer(out, lineterminator="\n").writerows(lines)
    return out.getvalue()
