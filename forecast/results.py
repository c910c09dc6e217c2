"""Forecasts as CSV for readers: in full, or correctly rounded to some significant digits."""

import csv
import io
from collections.abc import Iterable, Sequence

from forecast.config import ForecastConfig
from forecast.paths import Paths, quantile
from forecast.records import KpiForecast
from forecast.series import SeriesPanel

KPI_COLUMNS = ("kpi", "org_unit", "period", "window", "p10", "p50", "p90", "chance")
SERIES_KEYS = ("component", "org_unit", "quarter", "method")


def spell(value: float | None, digits: int | None) -> str:
    """Shortest digits that read back to the same float, or ``digits`` significant ones; empty for None."""
    if value is None:
        return ""
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
    lines: list[Sequence[str]] = [KPI_COLUMNS]
    for row in rows:
        numbers = [spell(number, digits) for number in (row.p10, row.p50, row.p90, row.chance)]
        lines.append((row.kpi, row.org_unit, str(row.period), row.window.value, *numbers))
    return _csv(lines)


def read_numbers(text: str, keys: int) -> dict[tuple[str, ...], tuple[float | None, ...]]:
    """A CSV of this module as numbers by its first ``keys`` columns; an empty cell is None. Raises ValueError."""
    _, *lines = csv.reader(io.StringIO(text))
    return {tuple(line[:keys]): tuple(float(cell) if cell else None for cell in line[keys:]) for line in lines}


def _csv(lines: Iterable[Sequence[str]]) -> str:
    out = io.StringIO()
    csv.writer(out, lineterminator="\n").writerows(lines)
    return out.getvalue()
