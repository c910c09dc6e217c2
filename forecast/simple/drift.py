"""The straight line through the oldest and the newest value."""

import numpy as np

from forecast.simple.history import newest, oldest, steps
from forecast.windows import Floats, Mask


def drift(values: Floats, present: Mask, horizon: int) -> Floats:
    """The newest value plus the mean change a quarter since the oldest one; without a second value no change."""
    first, since = oldest(values, present)
    last, age = newest(values, present)
    span = np.maximum(values.shape[1] - 1 - age - since, 1).astype(np.float64)
    slope = (last - first) / span
    forecast: Floats = last[:, None] + slope[:, None] * steps(age, horizon)
    return forecast
