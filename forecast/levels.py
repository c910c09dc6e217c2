"""From the quantiles that a network gives to the interval of any level between 1 and 99.9.

A stored probability is taken as it is; between two of them the quantile is linear in the probability; beyond the
outermost it lies as much further from the median than the outermost as under a normal distribution. Nothing but + - * /
and comparisons of doubles, with factors that are computed exactly and rounded once, so every machine gives the same.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation, localcontext
from fractions import Fraction
from functools import lru_cache
from typing import Final

import numpy as np
from numpy.typing import NDArray

from kpi.errors import refuse

Floats = NDArray[np.float64]

LOWEST: Final = Decimal(1)
HIGHEST: Final = Decimal("99.9")
_HALF: Final = Decimal("0.5")
_DIGITS: Final = 40
_PI: Final = Decimal("3.141592653589793238462643383279502884197")
_NEWTON_STEPS: Final = 12  # from 0 to a hundredth of a step away from 3.3 takes 7; each one more doubles the digits


@dataclass(frozen=True, slots=True)
class Level:
    """The share of cases, in per cent, that an interval is to hold; ``text`` is the spelling for column names."""

    text: str
    percent: Decimal

    @property
    def low(self) -> Decimal:
        """The probability below the interval, exactly."""
        return (100 - self.percent) / 200

    @property
    def high(self) -> Decimal:
        """The probability below its upper end, exactly."""
        return (100 + self.percent) / 200


def parse_levels(text: str) -> tuple[Level, ...]:
    """The levels of a list such as ``80,95``. Raises Refused for what is no level, lies outside or comes twice."""
    levels = [_level(part.strip()) for part in text.split(",")]
    for position, level in enumerate(levels):
        if any(level.percent == other.percent for other in levels[:position]):
            raise refuse(
                f"水平 {level.text} 出现了两次，请只写一次。", f"level {level.text} is asked for twice: write it once."
            )
    return tuple(levels)


def _level(text: str) -> Level:
    try:
        percent = Decimal(text)
    except InvalidOperation:
        percent = Decimal("NaN")
    if not percent.is_finite() or not LOWEST <= percent <= HIGHEST:
        raise refuse(
            f"“{text}”不是区间水平，请写 1 到 99.9 之间的百分数，如 --levels 80,95。",
            f"{text!r} is not a level: write per cents from 1 to 99.9, such as --levels 80,95.",
        )
    return Level(f"{percent.normalize():f}", percent)


def quantile_at(probability: Decimal, stored: Sequence[float], quantiles: Floats) -> Floats:
    """The quantile of ``probability`` (0 to 1, exclusive), shape of ``quantiles`` without its last axis.

    ``quantiles`` (..., stored level) never falls along its last axis; ``stored`` rises and holds 0.5. A higher
    probability never gives a lower quantile, also after rounding. Raises ValueError when ``stored`` is not so.
    """
    known = [Decimal(repr(level)) for level in stored]
    if known != sorted(set(known)) or _HALF not in known or len(known) < 3:
        raise ValueError(f"stored levels must rise and hold 0.5: {list(stored)}")
    if probability in known:
        exact: Floats = quantiles[..., known.index(probability)]
        return exact
    if not known[0] < probability < known[-1]:
        return _tail(probability, known, quantiles)
    right = next(index for index, level in enumerate(known) if level > probability)
    below, above = quantiles[..., right - 1], quantiles[..., right]
    share = float(Fraction(probability - known[right - 1]) / Fraction(known[right] - known[right - 1]))
    # Rounding alone could carry the sum past its neighbour.
    between: Floats = np.minimum(below + (above - below) * share, above)
    return between


def _tail(probability: Decimal, known: list[Decimal], quantiles: Floats) -> Floats:
    """Beyond the outermost stored level: its distance from the median, widened by the ratio of normal distances."""
    outermost = 0 if probability < _HALF else -1
    with localcontext(prec=_DIGITS):
        further = float(normal_quantile(probability) / normal_quantile(known[outermost]) - 1)
    edge, middle = quantiles[..., outermost], quantiles[..., known.index(_HALF)]
    tail: Floats = edge + (edge - middle) * further
    return tail


@lru_cache
def normal_quantile(probability: Decimal) -> Decimal:
    """The standard normal quantile, right to 25 digits or more for probabilities from 0.0001 to 0.9999.

    Newton's method on the series ``1/2 + density(x) * (x + x^3/3 + x^5/(3*5) + ...)``, in decimal arithmetic, which is
    defined to the last digit and needs no library of the machine. From 0 it never overshoots.
    """
    with localcontext(prec=_DIGITS):
        if probability < _HALF:
            return -normal_quantile(1 - probability)
        found = Decimal(0)
        for _ in range(_NEWTON_STEPS):
            density = (-found * found / 2).exp() / (2 * _PI).sqrt()
            found += (probability - _HALF - density * _odd_series(found)) / density
        return found


def _odd_series(x: Decimal) -> Decimal:
    """``x + x^3/3 + x^5/(3*5) + ...`` until a term no longer counts."""
    total = term = x
    divisor = 1
    while term > total.scaleb(-_DIGITS):
        divisor += 2
        term = term * x * x / divisor
        total += term
    return total
