"""The prior in numbers: how often a part is there, and the range of its size.

A share is of series; a range is of sizes whose logarithm is spread evenly. Sizes are in units of the usual quarterly
surprise of the level.
"""

from dataclasses import dataclass

Range = tuple[float, float]


@dataclass(frozen=True)
class Prior:
    """One prior. The defaults are the one that the shipped weights were trained on (``docs/experiments.md``)."""

    wild: float = 0.45
    wild_share: Range = (0.01, 0.15)
    spread_changes: float = 0.2
    spread_change: float = 3.0

    drifts: float = 0.75
    drift: Range = (0.05, 1.6)
    growth: float = 0.0  # mean of the drift: more businesses grow than shrink
    remembers: float = 0.6
    short_memory: float = 0.4
    slope: Range = (0.03, 1.0)
    wanders_slope: float = 0.3
    slope_wander: Range = (0.01, 0.1)
    level_moves: float = 0.85
    level: Range = (0.2, 1.5)
    reverts: float = 0.18

    turns: float = 0.2
    turn: Range = (0.1, 2.0)
    jumps: float = 0.15
    jump: Range = (1.0, 12.0)
    saturates: float = 0.1
    saturation: Range = (5.0, 60.0)

    cycles: float = 0.25
    cycle: Range = (0.2, 2.0)

    seasonal: float = 0.65
    season: Range = (0.1, 30.0)
    one_quarter: float = 0.15
    season_wanders: float = 0.4
    season_wander: Range = (0.02, 0.4)

    noisy: float = 0.8
    noise: Range = (0.05, 6.0)
    noise_remembers: float = 0.4
    noise_moves: float = 0.3
    noise_yearly: float = 0.25
    outlying: float = 0.2
    outlier_share: Range = (0.01, 0.08)
    outlier: Range = (3.0, 15.0)

    logarithm: float = 0.5
    amount: float = 0.34
    square: float = 0.06
    share: float = 0.06
    rate: Range = (0.002, 0.12)
    rounded: float = 0.15
    sticky: float = 0.04
