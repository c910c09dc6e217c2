"""The base of the M4 competition's weighted average: naive on what is left without the season."""

from forecast.simple.naive import naive
from forecast.simple.seasonality import adjust
from forecast.windows import Floats, Mask


def naive2(values: Floats, present: Mask, horizon: int) -> Floats:
    """The newest seasonally adjusted value with the season put back; :func:`naive` where no season is found."""
    adjusted = adjust(values, present)
    return adjusted.seasonal(naive(adjusted.values, present, horizon))
