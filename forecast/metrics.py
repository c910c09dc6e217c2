"""How good forecasts were. Each measure is worked out a series at a time; a table takes means over the series.

Actual values and point forecasts are (series, horizon), in one unit. For reports: sums are numpy's, so the last bits
are not promised. Definitions are those of the M4 competition: Makridakis, Spiliotis and Assimakopoulos, "The M4
Competition: 100,000 time series and 61 forecasting methods", International Journal of Forecasting 36 (2020).
"""

import numpy as np
from numpy.typing import NDArray

from forecast.windows import SEASON, Floats, Mask

_Bools = NDArray[np.bool_]


def smape(actual: Floats, forecast: Floats) -> Floats:
    """Symmetric mean absolute percentage error of each series, 0 to 200: mean of ``200 |y - f| / (|y| + |f|)``.

    A step where both are 0 has no error.
    """
    size = np.abs(actual) + np.abs(forecast)
    miss = 200.0 * np.abs(actual - forecast) / np.where(size > 0.0, size, 1.0)
    mean: Floats = miss.mean(1)
    return mean


def seasonal_scale(values: Floats, present: Mask) -> Floats:
    """What the seasonal naive forecast misses by inside the history: mean of ``|y(t) - y(t - 4)|``, one a series.

    ``values`` and ``present`` are (series, quarters); only pairs that are both present count. NaN where there is no
    such pair or all are equal: then nothing can be measured by it.
    """
    both = present[:, SEASON:] & present[:, :-SEASON]
    step = np.where(both, np.abs(values[:, SEASON:] - values[:, :-SEASON]), 0.0)
    scale = step.sum(1) / np.maximum(both.sum(1), 1)
    return np.where(scale > 0.0, scale, np.nan)


def mase(actual: Floats, forecast: Floats, scale: Floats) -> Floats:
    """Mean absolute scaled error of each series; ``scale`` (series,) from :func:`seasonal_scale`, NaN where it is."""
    mean: Floats = np.abs(actual - forecast).mean(1) / scale
    return mean


def owa(smape_mean: float, mase_mean: float, base_smape: float, base_mase: float) -> float:
    """Overall weighted average: the mean of two ratios, each of an average to that of the base forecast (Naive2).

    NaN where the base is without a miss: then nothing can be compared with it.
    """
    if not (base_smape > 0.0 and base_mase > 0.0):
        return float("nan")
    return 0.5 * (smape_mean / base_smape + mase_mean / base_mase)


def coverage(actual: Floats, lower: Floats, upper: Floats) -> Floats:
    """The share of the quarters of each series whose value lies in the interval, its ends included."""
    inside: _Bools = (lower <= actual) & (actual <= upper)
    share: Floats = inside.mean(1)
    return share


def msis(actual: Floats, lower: Floats, upper: Floats, scale: Floats, level: float) -> Floats:
    """Mean scaled interval score of each series for intervals that hold ``level`` (0.95) of the chance.

    Width plus, for a value outside, ``2 / (1 - level)`` times its distance from the interval; over ``scale``, as in
    :func:`mase`. The score itself: Gneiting and Raftery (2007), section 6.2.
    """
    penalty = 2.0 / (1.0 - level)
    below, above = np.maximum(lower - actual, 0.0), np.maximum(actual - upper, 0.0)
    mean: Floats = ((upper - lower) + penalty * (below + above)).mean(1) / scale
    return mean


def pinball(actual: Floats, quantiles: Floats, levels: tuple[float, ...]) -> Floats:
    """Mean pinball loss of each series over horizon and ``levels``, in the unit of the values.

    ``quantiles`` is (series, horizon, level). A level ``q`` costs ``q`` a unit that the value lies above its quantile
    and ``1 - q`` a unit below. Source: Koenker and Bassett (1978).
    """
    miss = actual[:, :, None] - quantiles
    level = np.array(levels)
    mean: Floats = np.maximum(level * miss, (level - 1.0) * miss).mean((1, 2))
    return mean
