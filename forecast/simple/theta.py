"""The theta method: a smoothed level that drifts by half the slope of the whole history."""

import numpy as np

from forecast.simple.history import newest, steps
from forecast.simple.seasonality import adjust
from forecast.simple.slope import slope
from forecast.simple.smoothing import smoothed_level
from forecast.windows import Floats, Mask


def theta(values: Floats, present: Mask, horizon: int) -> Floats:
    """Smoothing with drift on the seasonally adjusted series, with the season put back.

    Source: Assimakopoulos and Nikolopoulos (2000) in the form of Hyndman and Billah (2003): to the smoothed level come
    ``b / 2 * (h - 1 + (1 - (1 - a)**n) / a)``, with slope b, weight a, n values and h quarters since the newest one.
    One value alone has no slope and is repeated.
    """
    adjusted = adjust(values, present)
    level, weight = smoothed_level(adjusted.values, present)
    remaining = np.ones(len(values))
    for column in present.T:
        remaining = np.where(column, remaining * (1.0 - weight), remaining)
    lag = (1.0 - remaining) / weight
    _, age = newest(values, present)
    drift = 0.5 * slope(adjusted.values, present)
    ahead = (steps(age, horizon) - 1.0) + lag[:, None]
    return adjusted.seasonal(level[:, None] + drift[:, None] * ahead)
