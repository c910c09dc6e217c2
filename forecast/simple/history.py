"""What every simple method asks of a history."""

import numpy as np

from forecast.windows import Floats, Integers, Mask


def values_there(values: Floats, present: Mask) -> Floats:
    """``values`` with 0 where nothing is present, so that not even a NaN can leak from there."""
    return np.where(present, values, 0.0)


def oldest(values: Floats, present: Mask) -> tuple[Floats, Integers]:
    """The first present value of each series and its column; NaN and the number of columns where there is none."""
    value, column = np.full(len(values), np.nan), np.full(len(values), values.shape[1], dtype=np.int64)
    for index in range(values.shape[1] - 1, -1, -1):
        value = np.where(present[:, index], values[:, index], value)
        column = np.where(present[:, index], index, column)
    return value, column


def newest(values: Floats, present: Mask) -> tuple[Floats, Integers]:
    """The last present value of each series and its age in quarters (0 in the last column); NaN where there is none."""
    value, column = oldest(values[:, ::-1], present[:, ::-1])
    return value, column


def flat(level: Floats, horizon: int) -> Floats:
    """(series,) -> (series, horizon): the same value in every quarter."""
    return np.repeat(level[:, None], horizon, 1)


def steps(age: Integers, horizon: int) -> Floats:
    """(series, horizon): how many quarters after the newest present value each forecast lies, 1 at least."""
    ahead: Floats = (age[:, None] + np.arange(1, horizon + 1)[None, :]).astype(np.float64)
    return ahead
