"""The simple methods by name."""

from collections.abc import Callable, Mapping

from forecast.simple.damped import damped
from forecast.simple.drift import drift
from forecast.simple.naive import naive
from forecast.simple.naive2 import naive2
from forecast.simple.seasonal_naive import seasonal_naive
from forecast.simple.smoothing import smoothing
from forecast.simple.theta import theta
from forecast.windows import Floats, Mask

Method = Callable[[Floats, Mask, int], Floats]

SIMPLE: Mapping[str, Method] = {
    "naive": naive,
    "seasonal_naive": seasonal_naive,
    "drift": drift,
    "naive2": naive2,
    "smoothing": smoothing,
    "damped": damped,
    "theta": theta,
}
