"""Whole series: the parts added, then read as logarithms, amounts, squares, shares or counts."""

import numpy as np

from forecast.simulator.chance import Chance, Floats, exp
from forecast.simulator.parts import breaks, cycle, noise, saturation, season, trend
from forecast.simulator.prior import Prior

WARM_UP = 12  # quarters drawn before the first that is shown
_FARTHEST = 5.0  # of a logarithm from the newest quarters: a factor of 150
DEFAULT = Prior()


def simulate(generator: np.random.Generator, count: int, length: int, prior: Prior = DEFAULT) -> Floats:
    """(series, quarter) of ``count`` series with ``length`` quarters, from the prior alone.

    Everything is + - * / and comparisons, square roots, and the exponential of :mod:`forecast.arithmetic`.
    """
    chance = Chance(generator, count)
    total = WARM_UP + length
    sum_of_parts = trend(chance, total, prior)
    for part in (breaks, saturation, cycle, season, noise):
        sum_of_parts = sum_of_parts + part(chance, total, prior)
    found = _read(chance, sum_of_parts[WARM_UP:], prior)
    return np.ascontiguousarray(_as_published(chance, found, prior).T)


def _read(chance: Chance, parts: Floats, prior: Prior) -> Floats:
    """The sum of parts as values: multiplicative, additive, in between, bounded, or counted."""
    kind = chance.even(0.0, 1.0)
    size = chance.scale(*prior.rate)
    centred = parts - parts[-1]
    reach = np.abs(centred).max(axis=0)
    rate = np.minimum(size, _FARTHEST / np.maximum(reach, 1e-9))
    multiplied = exp(centred * rate)

    base = chance.scale(2.0, 2000.0)
    lowest = parts.min(axis=0)
    may_cross = chance.happens(0.1)
    lift = np.where(may_cross, base - parts[0], base * chance.scale(0.01, 1.0) - lowest)
    amount = parts + lift

    deep = np.maximum(1.0 + centred * np.minimum(size * 2.0, 0.9 / np.maximum(reach, 1e-9)), 0.0)
    share = 1.0 / (1.0 + exp(-np.clip(chance.normal() * 2.0 + centred * np.minimum(size * 3.0, 0.4), -30.0, 30.0)))

    often = chance.even(0.1, 1.0)
    mean = chance.scale(0.3, 60.0) * np.minimum(multiplied, 1e4)
    counted = np.floor(np.maximum(mean + np.sqrt(mean) * chance.normal(*parts.shape[:1]), 0.0) + 0.5)
    counted = np.where(chance.even(0.0, 1.0, *parts.shape[:1]) < often, counted, 0.0)

    first = prior.logarithm
    second = first + prior.amount
    third = second + prior.square
    fourth = third + prior.share
    return np.select(
        [kind < first, kind < second, kind < third, kind < fourth], [multiplied, amount, deep * deep, share], counted
    )


def _as_published(chance: Chance, values: Floats, prior: Prior) -> Floats:
    """Some series are rounded to a coarse unit, some move only now and then (prices, tariffs), a few stand still."""
    largest = np.abs(values).max(axis=0)
    unit = np.maximum(largest, 1e-9) / chance.scale(20.0, 2000.0)
    rounded = np.floor(values / unit + 0.5) * unit
    values = np.where(chance.happens(prior.rounded), rounded, values)
    sticks = chance.sometimes(prior.sticky, chance.even(0.3, 0.9))
    moves = chance.even(0.0, 1.0, len(values)) >= sticks
    for step in range(1, len(values)):
        values[step] = np.where(moves[step], values[step], values[step - 1])
    return values
