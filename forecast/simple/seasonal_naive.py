"""The newest value of the same season again."""

import numpy as np

from forecast import windows
from forecast.windows import Floats, Mask


def seasonal_naive(values: Floats, present: Mask, horizon: int) -> Floats:
    """The newest present value of the same quarter of the year; of any quarter where there is none of that."""
    forecast = windows.seasonal_naive(values, present, values.shape[1] - 1, horizon)
    return np.where(present.sum(1)[:, None] > 0, forecast, np.nan)
