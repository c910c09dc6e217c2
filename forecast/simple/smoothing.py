"""Simple exponential smoothing of the seasonally adjusted series."""

import numpy as np

from forecast.simple.history import flat, oldest, values_there
from forecast.simple.seasonality import adjust
from forecast.windows import Floats, Mask

_WEIGHTS = (0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1.0)


def smoothing(values: Floats, present: Mask, horizon: int) -> Floats:
    """The smoothed level in every quarter ahead, with the season put back; one value alone is its own level."""
    adjusted = adjust(values, present)
    level, _ = smoothed_level(adjusted.values, present)
    return adjusted.seasonal(flat(level, horizon))


def smoothed_level(values: Floats, present: Mask) -> tuple[Floats, Floats]:
    """The last level of each series and the weight of a new value in it, both (series,); NaN level without any value.

    The level starts at the oldest value. The weight is the one of ten with the least sum of squared one-step errors,
    the smaller of two that are equal. A missing value leaves the level as it is.
    """
    weights = np.array(_WEIGHTS)
    known = values_there(values, present)
    start, since = oldest(known, present)
    level = np.repeat(start[:, None], len(weights), 1)
    error = np.zeros_like(level)
    for index in range(values.shape[1]):
        counts = (present[:, index] & (index > since))[:, None]
        miss = np.where(counts, known[:, index, None] - level, 0.0)
        error = error + miss * miss
        level = level + weights * miss
    best = error.argmin(1)
    return level[np.arange(len(values)), best], weights[best]
