"""Panels and predictions built by code, without any training: what a run holds between its steps."""

import numpy as np

from forecast.config import ForecastConfig
from forecast.draws import dyadic, stream
from forecast.series import SeriesPanel
from forecast.training.fit import Fitted, validation_count
from forecast.windows import Floats, Mask, Windows, build_windows
from kpi.periods import Period, quarter_range

FIRST = Period.quarter(2015, 1)
LEVELS = ForecastConfig().quantiles


def walks(series: int, quarters: int, seed: int = 1) -> Floats:
    """Random walks, far from zero."""
    steps = dyadic(stream(seed, 99), (series, quarters))
    return 1000.0 + 10.0 * np.cumsum(steps, axis=1)


def panel_of(values: Floats, present: Mask | None = None, component: str = "premium") -> SeriesPanel:
    """One component in as many org units as there are rows."""
    there = np.ones(values.shape, dtype=np.bool_) if present is None else present
    ids = tuple((component, f"unit{row:03d}") for row in range(len(values)))
    quarters = tuple(quarter_range(FIRST, FIRST.shift(values.shape[1] - 1)))
    return SeriesPanel(ids, quarters, np.where(there, values, 0.0), there)


def unfitted(panel: SeriesPanel, config: ForecastConfig, width: float = 1.0, median: float = 0.0) -> Fitted:
    """As a network would leave that always predicts ``median``, with quantiles ``width`` times (level - 1/2) around."""
    quarters = len(panel.quarters)
    kept_out = validation_count(quarters, config.recipe)

    def windows(origins: range) -> Windows:
        return build_windows(panel.values, panel.present, origins, config.context, config.horizon, quarters)

    newest = windows(range(quarters - 1, quarters))
    validation = windows(range(quarters - kept_out - 1, quarters - 1)) if kept_out else newest

    def predicted(rows: Windows) -> Floats:
        offsets = width * (np.array(config.quantiles) - 0.5)
        return np.broadcast_to(median + offsets, (*rows.base.shape, len(offsets))).copy()

    ahead = predicted(newest)
    return Fitted(
        steps=0,
        losses=(),
        validation=validation,
        validated=predicted(validation),
        newest=newest,
        predicted=ahead,
        started=ahead,
        apart=np.zeros_like(newest.base),
        initial_weights=(),
        weights=(),
    )
