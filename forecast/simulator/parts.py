"""The parts of a simulated series, each (quarter, series) in units of the usual quarterly surprise.

Each function states the process and its source. All series of a call are drawn at once; only the recursion over the
quarters is a loop.
"""

import numpy as np

from forecast.simulator.chance import Chance, Floats, exp
from forecast.simulator.prior import Prior

SEASON = 4


def surprises(chance: Chance, length: int, prior: Prior) -> Floats:
    """Shocks of spread 1: normal, or with a few that are 2 to 6 times as large (Tukey's contaminated normal, 1960).

    In some of the series the spread changes once, by a factor of up to three.
    """
    shocks = chance.normal(length)
    wild = chance.sometimes(prior.wild, chance.scale(*prior.wild_share))
    shocks = np.where(chance.even(0.0, 1.0, length) < wild, shocks * chance.even(2.0, 6.0), shocks)
    at = chance.quarter(0, length)
    after = chance.sometimes(prior.spread_changes, chance.scale(1.0 / prior.spread_change, prior.spread_change), 1.0)
    return shocks * np.where(np.arange(length)[:, None] >= at, after, 1.0)


def trend(chance: Chance, length: int, prior: Prior) -> Floats:
    """Local level with a slope that reverts to a drift (Harvey 1989; damped trend: Gardner and McKenzie 1985).

    The level of some series reverts too, so that they wander around a line instead of drifting away from it.
    """
    drift = chance.sometimes(prior.drifts, (chance.normal() + prior.growth) * chance.scale(*prior.drift))
    memory = np.where(chance.happens(prior.short_memory), chance.even(0.0, 0.7), chance.even(0.6, 0.98))
    memory = chance.sometimes(prior.remembers, memory)
    of_slope = np.where(
        memory > 0.0,
        chance.scale(*prior.slope),
        chance.sometimes(prior.wanders_slope, chance.scale(*prior.slope_wander)),
    )
    keeps = np.where(memory > 0.0, memory, 1.0)
    of_level = chance.sometimes(prior.level_moves, chance.scale(*prior.level))
    holds = chance.sometimes(prior.reverts, chance.even(0.4, 0.98), 1.0)
    level_shocks, slope_shocks = surprises(chance, length, prior), chance.normal(length)
    slope, level = np.zeros(chance.count), np.zeros(chance.count)
    straight = np.zeros(chance.count)
    found = np.empty((length, chance.count))
    for step in range(length):
        slope = slope * keeps + slope_shocks[step] * of_slope
        level = level * holds + slope + level_shocks[step] * of_level
        straight = straight + drift
        found[step] = level + straight
    return found


def breaks(chance: Chance, length: int, prior: Prior) -> Floats:
    """Up to two changes of the slope and up to two shifts of the level at any time (Perron 1989)."""
    time = np.arange(length, dtype=np.float64)[:, None]
    found = np.zeros((length, chance.count))
    for _ in range(2):
        turn = chance.sometimes(prior.turns, chance.normal() * chance.scale(*prior.turn))
        found = found + turn * np.maximum(time - chance.quarter(0, length), 0.0)
        jump = chance.sometimes(prior.jumps, chance.normal() * chance.scale(*prior.jump))
        found = found + np.where(time >= chance.quarter(0, length), jump, 0.0)
    return found


def saturation(chance: Chance, length: int, prior: Prior) -> Floats:
    """Growth that begins, runs and levels off: a logistic curve (Verhulst 1838), in a few series."""
    height = chance.sometimes(prior.saturates, chance.normal() * chance.scale(*prior.saturation))
    middle, width = chance.even(-20.0, length + 10.0), chance.scale(2.0, 15.0)
    steps = (np.arange(length, dtype=np.float64)[:, None] - middle) / width
    return height / (1.0 + exp(-np.clip(steps, -40.0, 40.0)))


def cycle(chance: Chance, length: int, prior: Prior) -> Floats:
    """A damped stochastic cycle of 6 to 60 quarters (Harvey 1989), in a few series.

    Sine and cosine come from the tangent of half the angle: with t = tan(a / 2), cos a = (1 - t t) / (1 + t t).
    """
    size = chance.sometimes(prior.cycles, chance.scale(*prior.cycle))
    half = chance.scale(0.0525, 0.577)
    cosine, sine = (1.0 - half * half) / (1.0 + half * half), 2.0 * half / (1.0 + half * half)
    damping = chance.even(0.8, 0.99)
    one, other = chance.normal() * 2.0, chance.normal() * 2.0
    shocks = chance.normal(2, length)
    found = np.empty((length, chance.count))
    for step in range(length):
        one, other = (
            damping * (cosine * one + sine * other) + shocks[0, step],
            damping * (cosine * other - sine * one) + shocks[1, step],
        )
        found[step] = one
    return found * size


def season(chance: Chance, length: int, prior: Prior) -> Floats:
    """Four seasonal numbers that sum to zero and may wander, each by itself (Harvey 1989, basic structural model).

    Most series have a season; in half of these it wanders. A small part has only one odd quarter.
    """
    size = chance.sometimes(prior.seasonal, chance.scale(*prior.season))
    pattern = chance.normal(SEASON)
    only_one = chance.happens(prior.one_quarter)
    pattern[:3] = np.where(only_one, 0.0, pattern[:3])
    pattern = pattern * size
    wander = chance.sometimes(prior.season_wanders, chance.scale(*prior.season_wander)) * np.minimum(size, 4.0)
    first = chance.quarter(0, SEASON)
    series = np.arange(chance.count)
    shocks = chance.normal(length)
    found = np.empty((length, chance.count))
    for step in range(length):
        now = (first + step) % SEASON
        moved = shocks[step] * wander
        pattern = pattern - moved * 0.25
        pattern[now, series] += moved
        mean = (pattern[0] + pattern[1] + pattern[2] + pattern[3]) * 0.25
        found[step] = pattern[now, series] - mean
    return found


def noise(chance: Chance, length: int, prior: Prior) -> Floats:
    """What passes: ARMA(1, 1), and in half of the series an autoregression on last year's quarter (Box, Jenkins).

    Single outliers and shocks that fade (Chen and Liu 1993) are added to some.
    """
    size = chance.sometimes(prior.noisy, chance.scale(*prior.noise))
    memory = chance.sometimes(prior.noise_remembers, chance.even(-0.5, 0.9))
    moving = chance.sometimes(prior.noise_moves, chance.even(-0.6, 0.6))
    yearly = chance.sometimes(prior.noise_yearly, chance.even(0.2, 0.95))
    shocks = surprises(chance, length, prior)
    found = np.zeros((length, chance.count))
    passing, last = np.zeros(chance.count), np.zeros(chance.count)
    for step in range(length):
        passing = passing * memory + shocks[step] + last * moving
        last = shocks[step]
        found[step] = passing + (found[step - SEASON] * yearly if step >= SEASON else 0.0)
    return found * size + outliers(chance, length, prior)


def outliers(chance: Chance, length: int, prior: Prior) -> Floats:
    """Rare shocks that are gone at once or fade over some quarters (Chen and Liu 1993), in some of the series."""
    often = chance.sometimes(prior.outlying, chance.scale(*prior.outlier_share))
    sizes = chance.normal(length) * chance.scale(*prior.outlier)
    sizes = np.where(chance.even(0.0, 1.0, length) < often, sizes, 0.0)
    fading = chance.sometimes(0.4, chance.even(0.3, 0.9))
    now = np.zeros(chance.count)
    found = np.empty((length, chance.count))
    for step in range(length):
        now = now * fading + sizes[step]
        found[step] = now
    return found
