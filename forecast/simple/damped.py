"""Exponential smoothing with a damped additive trend, of the seasonally adjusted series."""

from itertools import product

import numpy as np

from forecast.simple.history import oldest, values_there
from forecast.simple.seasonality import adjust
from forecast.simple.slope import slope
from forecast.windows import SEASON, Floats, Mask

# Weight of a new value in the level, of a new change in the trend, and what is left of the trend after a quarter.
_GRID = np.array(list(product((0.1, 0.3, 0.5, 0.7, 0.9), (0.05, 0.1, 0.2), (0.8, 0.9, 0.95))))
_BLOCK = 256  # series at a time, so that what is worked on stays in the processor's cache
_OPENING = 2 * SEASON


def damped(values: Floats, present: Mask, horizon: int) -> Floats:
    """The level and a trend that dies away, with the season put back; one value alone has no trend.

    Weights and damping are the choice from a grid with the least sum of squared one-step errors, the first of equal
    ones. Source: Gardner and McKenzie (1985), in the error-correction form. The level starts at the oldest value, the
    trend at the slope of the first eight. Over a missing value the trend goes on.
    """
    adjusted = adjust(values, present)
    blocks = [slice(start, start + _BLOCK) for start in range(0, len(values), _BLOCK)]
    parts = [_forecast(adjusted.values[block], present[block], horizon) for block in blocks]
    return adjusted.seasonal(np.concatenate([np.zeros((0, horizon)), *parts]))


def _forecast(values: Floats, present: Mask, horizon: int) -> Floats:
    level, trend, damping = _fit(values, present)
    columns = []
    for _ in range(horizon):
        trend = damping * trend
        level = level + trend
        columns.append(level)
    return np.stack(columns, 1)


def _fit(values: Floats, present: Mask) -> tuple[Floats, Floats, Floats]:
    """Last level, last trend and damping of each series."""
    by_level, by_trend, damping = _GRID.T
    start, since = oldest(values, present)
    level = np.repeat(start[:, None], len(_GRID), 1)
    trend = np.repeat(_opening_slope(values, present)[:, None], len(_GRID), 1)
    error = np.zeros_like(level)
    known = values_there(values, present)
    for index in range(int(since.min(initial=values.shape[1])) + 1, values.shape[1]):
        started = (index > since)[:, None]
        expected = level + damping * trend
        miss = np.where(present[:, index, None], known[:, index, None] - expected, 0.0)
        error = np.where(started, error + miss * miss, error)
        level = np.where(started, expected + by_level * miss, level)
        trend = np.where(started, damping * trend + (by_level * by_trend) * miss, trend)
    best, rows = error.argmin(1), np.arange(len(values))
    return level[rows, best], trend[rows, best], damping[best]


def _opening_slope(values: Floats, present: Mask) -> Floats:
    return slope(values, present & (present.cumsum(1) <= _OPENING))
