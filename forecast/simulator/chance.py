"""Random numbers for the simulator: integer draws and a table, so that every machine draws the same.

The table holds the normal quantiles at the midpoints of 65 536 equal shares; its largest number is 4.33.
"""

from functools import cache
from typing import Final

import numpy as np
import torch
from numpy.typing import NDArray

from forecast.arithmetic.elementary import exp as exact_exp
from forecast.arithmetic.elementary import log as exact_log

Floats = NDArray[np.float64]
Mask = NDArray[np.bool_]

_SHARES: Final = 1 << 16
_BITS: Final = 24

# Wichura (1988), algorithm AS 241 (PPND16): ratios of polynomials, constant term first.
_CENTRE = (
    (
        3.3871328727963666080e0,
        1.3314166789178437745e2,
        1.9715909503065514427e3,
        1.3731693765509461125e4,
        4.5921953931549871457e4,
        6.7265770927008700853e4,
        3.3430575583588128105e4,
        2.5090809287301226727e3,
    ),
    (
        1.0,
        4.2313330701600911252e1,
        6.8718700749205790830e2,
        5.3941960214247511077e3,
        2.1213794301586595867e4,
        3.9307895800092710610e4,
        2.8729085735721942674e4,
        5.2264952788528545610e3,
    ),
)
_TAIL = (
    (
        1.42343711074968357734e0,
        4.63033784615654529590e0,
        5.76949722146069140550e0,
        3.64784832476320460504e0,
        1.27045825245236838258e0,
        2.41780725177450611770e-1,
        2.27238449892691845833e-2,
        7.74545014278341407640e-4,
    ),
    (
        1.0,
        2.05319162663775882187e0,
        1.67638483018380384940e0,
        6.89767334985100004550e-1,
        1.48103976427480074590e-1,
        1.51986665636164571966e-2,
        5.47593808499534494600e-4,
        1.05075007164441684324e-9,
    ),
)


def log(values: Floats) -> Floats:
    """The natural logarithm, the same on every machine."""
    return exact_log(torch.from_numpy(np.ascontiguousarray(values, dtype=np.float64))).numpy()


def exp(values: Floats) -> Floats:
    """The exponential, the same on every machine."""
    return exact_exp(torch.from_numpy(np.ascontiguousarray(values, dtype=np.float64))).numpy()


def _ratio(of: tuple[tuple[float, ...], tuple[float, ...]], at: Floats) -> Floats:
    top, below = (np.full_like(at, coefficients[-1]) for coefficients in of)
    for above, under in zip(of[0][-2::-1], of[1][-2::-1], strict=True):
        top, below = top * at + above, below * at + under
    return top / below


@cache
def normal_table() -> Floats:
    """The normal quantiles of (i + 1/2) / 65536, rising; right to about 1e-15."""
    share = (np.arange(_SHARES, dtype=np.float64) + 0.5) / _SHARES
    off = share - 0.5
    centre = off * _ratio(_CENTRE, 0.180625 - off * off)
    tail = _ratio(_TAIL, np.sqrt(-log(np.minimum(share, 1.0 - share))) - 1.6)
    return np.where(np.abs(off) <= 0.425, centre, np.where(off < 0.0, -tail, tail))


class Chance:
    """Draws for ``count`` series at once from one generator."""

    def __init__(self, generator: np.random.Generator, count: int) -> None:
        self.generator, self.count = generator, count

    def normal(self, *lead: int) -> Floats:
        """(*lead, count) standard normal numbers."""
        drawn = self.generator.integers(0, _SHARES, size=(*lead, self.count), dtype=np.uint16)
        return normal_table()[drawn]

    def even(self, low: float, high: float, *lead: int) -> Floats:
        """(*lead, count) numbers spread evenly over [low, high)."""
        drawn = self.generator.integers(0, 1 << _BITS, size=(*lead, self.count), dtype=np.int64)
        return low + (high - low) * (drawn.astype(np.float64) * 2.0**-_BITS)

    def scale(self, low: float, high: float) -> Floats:
        """(count,) positive numbers whose logarithms are spread evenly between those of ``low`` and ``high``."""
        bottom, top = log(np.array([low, high]))
        return exp(self.even(float(bottom), float(top)))

    def happens(self, share: float) -> Mask:
        """(count,) True for about this share of the series."""
        return self.even(0.0, 1.0) < share

    def sometimes(self, share: float, values: Floats, otherwise: float = 0.0) -> Floats:
        """``values`` in about this share of the series, ``otherwise`` in the rest."""
        return np.where(self.happens(share), values, otherwise)

    def quarter(self, first: int, last: int) -> NDArray[np.int64]:
        """(count,) a time between ``first`` and ``last``, the latter left out."""
        return self.generator.integers(first, last, size=self.count, dtype=np.int64)
