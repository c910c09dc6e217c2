"""The newest value again."""

from forecast.simple.history import flat, newest
from forecast.windows import Floats, Mask


def naive(values: Floats, present: Mask, horizon: int) -> Floats:
    """The newest present value, however old, for every quarter ahead."""
    return flat(newest(values, present)[0], horizon)
