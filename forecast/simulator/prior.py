"""The prior in numbers: how often a part is there, and the range of its size.

A share is of series; a range is of sizes whose logarithm is spread evenly. Sizes are in units of the usual quarterly
surprise of the level.
"""

from dataclasses import dataclass

Range = tuple[float, float]


@dataclass(frozen=True)
class Prior:
    """One prior. The defaults are the one that the shipped weights were trained on (``docs/experiments.md``)."""

    wild: float = 0.5
    wild_share: Range = (0.01, 0.15)
    spread_changes: float = 0.7
    spread_change: float = 7.0

    drifts: float = 0.9
    drift: Range = (0.04, 0.5)
    growth: float = 1.1  # mean of the drift: more businesses grow than shrink
    remembers: float = 0.85
    short_memory: float = 0.5
    slope: Range = (0.03, 0.6)
    wanders_slope: float = 0.4
    slope_wander: Range = (0.01, 0.1)
    level_moves: float = 0.75
    level: Range = (0.3, 1.5)
    reverts: float = 0.02

    turns: float = 0.15
    turn: Range = (0.05, 0.5)
    jumps: float = 0.05
    jump: Range = (1.0, 12.0)
    saturates: float = 0.04
    saturation: Range = (5.0, 60.0)

    cycles: float = 0.15
    cycle: Range = (0.2, 2.0)

    seasonal: float = 0.6
    season: Range = (0.1, 10.0)
    one_quarter: float = 0.15
    season_wanders: float = 0.5
    season_wander: Range = (0.02, 0.4)

    noisy: float = 0.75
    noise: Range = (0.05, 6.0)
    noise_remembers: float = 0.4
    noise_moves: float = 0.3
    noise_yearly: float = 0.5
    outlying: float = 0.3
    outlier_share: Range = (0.01, 0.08)
    outlier: Range = (3.0, 15.0)

    logarithm: float = 0.67
    amount: float = 0.2
    square: float = 0.04
    share: float = 0.05  # what is left are counts, many of them with zeros
    rate: Range = (0.002, 0.035)
    rounded: float = 0.02
    sticky: float = 0.02
