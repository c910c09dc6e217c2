"""The slope of the straight line that fits best."""

import numpy as np

from forecast.simple.history import values_there
from forecast.windows import Floats, Mask, masked_mean


def slope(values: Floats, present: Mask) -> Floats:
    """Change a quarter of the least-squares line through the present values, (series,); 0 under two of them."""
    quarters = values.shape[1]
    times = np.repeat(np.arange(quarters, dtype=np.float64)[None, :], len(values), 0)
    when = np.where(present, times - masked_mean(times, present)[:, None], 0.0)
    what = np.where(present, values - masked_mean(values_there(values, present), present)[:, None], 0.0)
    together, spread = np.zeros(len(values)), np.zeros(len(values))
    for index in range(quarters):
        together = together + when[:, index] * what[:, index]
        spread = spread + when[:, index] * when[:, index]
    return together / np.where(spread > 0.0, spread, 1.0)
