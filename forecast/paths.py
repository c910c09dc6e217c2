"""Joint sample paths of the component series: calibrated quantiles, tied together as past misses were.

The values of a series' paths in a quarter are those of its calibrated quantile function at evenly spread probabilities,
so their quantiles are the predicted ones. Which path takes which value follows from ranks: a path draws one past
origin and one shift among org units for the whole company, and every series then stands where its neighbour (same
component, shifted org unit) stood at that origin within what was predicted for it. So numerator and denominator of
one org unit move together, all quarters of a path belong together, and shocks that hit every branch at once stay
shared. Half of the paths turn all their places around the middle, as if every miss had been in the other direction:
what hit every branch at the few origins there were may come either way. And as these tell little, drawn noise is mixed
in as if :data:`forecast.calibrate.TRUSTED_ORIGINS` more had shown it; it wanders from quarter to quarter, half of it
shared by the company, half by the org unit.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from forecast.calibrate import (
    TRUSTED_ORIGINS,
    at_probabilities,
    factors,
    offsets_of,
    plain_offsets,
    position,
    scaled,
)
from forecast.choice import Choices, SeriesMethod
from forecast.combine import SIMPLEST_FIRST, picked
from forecast.config import ForecastConfig
from forecast.draws import PATHS, stream
from forecast.reconcile import UNMOVED, Moves
from forecast.series import SeriesPanel
from forecast.training.fit import Fitted, judged
from forecast.windows import SEASON, Floats, Mask, Windows, masked_mean

# What noise of one quarter leaves in the next, and what is added so that its spread stays the same.
_STAYS: Final = 0.75
_ADDED: Final = 0.6614378277661477
_HALF_EACH: Final = 0.7071067811865476
_LEAST_OF_LEVEL: Final = 0.125  # the surprise of a series of which less than a year is known

Integers = NDArray[np.int64]


@dataclass(frozen=True)
class Paths:
    """``samples`` is (sample, series, horizon) in base units; rows of ended series are 0 and not ``forecast``."""

    samples: Floats
    methods: tuple[SeriesMethod, ...]

    @property
    def forecast(self) -> Mask:
        """(series,): whether there is a forecast at all."""
        return np.array([method.method != "ended" for method in self.methods], dtype=np.bool_)


def sample_paths(
    panel: SeriesPanel,
    fitted: Fitted,
    choices: Choices,
    may_be_negative: Mask,
    config: ForecastConfig,
    moves: Moves = UNMOVED,
) -> Paths:
    """``config.samples`` paths of every series. A series that may not be negative is cut at zero.

    Each path gives a parent the sum of its branches, whether or not ``moves`` reconciled them before.
    """
    newest, levels = fitted.newest, config.quantiles
    past = picked(choices.components, fitted.validation, choices.past, choices.preferred) + moves.past
    offsets = offsets_of(fitted.validated)
    known = judged(fitted.validation)
    factor = factors(fitted.validation, past, offsets, known, levels)
    ahead = np.where(newest.usable[:, None, None], offsets_of(fitted.predicted), plain_offsets(levels, config.horizon))
    level = masked_mean(np.abs(panel.values), panel.present)
    short = panel.present.sum(1) < SEASON
    scale = np.where(short, np.maximum(newest.scale, level * _LEAST_OF_LEVEL), newest.scale)
    middle = shown_median(newest, choices) + moves.ahead
    quantiles = middle[:, :, None] + scale[:, None, None] * scaled(ahead, factor)

    order = _ranks(panel.ids, fitted.validation, position(levels, offsets, fitted.validation.target - past), config)
    evenly = np.arange(1.0, config.samples + 1.0) / config.samples
    samples = np.take_along_axis(at_probabilities(levels, quantiles, evenly), order, axis=0)
    still = choices.all_of("constant", "ended")
    constant = np.where(choices.all_of("ended"), 0.0, newest.base[:, 0])
    samples = np.where(still[:, None], constant[:, None], samples)
    samples = np.where(may_be_negative[:, None], samples, np.maximum(samples, 0.0)) + 0.0
    return Paths(samples, choices.methods)


def shown_median(newest: Windows, choices: Choices) -> Floats:
    """(series, horizon) in base units: the median of each series' own method, before any limit."""
    relative = np.zeros_like(newest.base)
    for name in SIMPLEST_FIRST:
        relative = np.where(choices.all_of(name)[:, None], choices.ahead[name], relative)
    return newest.base + newest.scale[:, None] * relative


def quantile(samples: Floats, level: float) -> Floats:
    """The smallest sample that at least ``level`` of them do not exceed, along axis 0; never interpolated."""
    rank = max(0, -(-round(level * 1_000_000) * len(samples) // 1_000_000) - 1)
    ordered: Floats = np.sort(samples, axis=0)[rank]
    return ordered


def _ranks(ids: Sequence[tuple[str, str]], windows: Windows, stood: Floats, config: ForecastConfig) -> Integers:
    """(sample, series, horizon): which of the evenly spread values each path takes; ``stood`` by window and horizon."""
    generator = stream(config.seed, PATHS)
    count = config.samples
    table, known, past_origins = _past(len(ids), windows, stood)
    origins = generator.integers(0, len(table), size=count, dtype=np.int64)
    shifts = generator.integers(0, 1 << 30, size=count, dtype=np.int64)
    turned = generator.integers(0, 2, size=count, dtype=np.int64).astype(np.bool_)
    noise = _noise(generator, count, [unit for _, unit in ids], config.horizon)
    if past_origins:
        share = TRUSTED_ORIGINS / (TRUSTED_ORIGINS + past_origins)
        lent = table[origins[:, None], _neighbours(ids, known, shifts)]
        lent = np.where(turned[:, None, None], 1.0 - lent, lent)
        noise = (1.0 - share) * lent + share * noise
    order = np.argsort(noise, axis=0, kind="stable")
    return np.argsort(order, axis=0, kind="stable")


def _noise(generator: np.random.Generator, count: int, owners: Sequence[str], horizon: int) -> Floats:
    """(sample, series, horizon): draws that wander, with the spread of one even draw from 0 to 1."""
    units = {unit: 1 + rank for rank, unit in enumerate(sorted(set(owners)))}
    drawn = generator.integers(0, 1 << 20, size=(horizon, count, 1 + len(units)), dtype=np.int64)
    even = drawn.astype(np.float64) * 2.0**-20 - 0.5
    walk = [even[0]]
    for added in even[1:]:
        walk.append(_STAYS * walk[-1] + _ADDED * added)
    wandering = np.stack(walk, axis=2)
    noise: Floats = _HALF_EACH * (wandering[:, :1] + wandering[:, [units[owner] for owner in owners]])
    return noise


def _past(series: int, windows: Windows, stood: Floats) -> tuple[Floats, Mask, int]:
    """(origin, series, horizon) where misses stood within what was predicted, which series have any, at how many.

    A quarter that an origin did not reach takes the place of the one before it, because misses last: so every origin
    has a say in every quarter. An origin at which nothing of a series was known takes the places of the nearest earlier
    one, else of the nearest later one.
    """
    rows = judged(windows)
    shape = (-1, series, stood.shape[1])
    table, there = np.where(rows, stood, 0.5).reshape(shape), rows.reshape(shape).copy()
    origins = int(there.any((1, 2)).sum())
    for axis in (2, 0):
        _fill(np.moveaxis(table, axis, 0), np.moveaxis(there, axis, 0))
    return table, np.asarray(there.all(axis=(0, 2)), dtype=np.bool_), origins


def _fill(places: Floats, there: Mask) -> None:
    """Give what is not there the value before it along the first axis, else the one after it."""
    forwards = [(at, at - 1) for at in range(1, len(places))]
    backwards = [(at, at + 1) for at in range(len(places) - 2, -1, -1)]
    for at, beside in forwards + backwards:
        lent = there[beside] & ~there[at]
        places[at] = np.where(lent, places[beside], places[at])
        there[at] |= lent


def _neighbours(ids: Sequence[tuple[str, str]], known: Mask, shifts: Integers) -> Integers:
    """(sample, series): whose places each series takes in each sample."""
    units = {unit: rank for rank, unit in enumerate(sorted({unit for _, unit in ids}))}
    lenders: dict[str, list[int]] = {}
    for index, (component, _) in enumerate(ids):
        if known[index]:
            lenders.setdefault(component, []).append(index)
    everyone = np.flatnonzero(known)
    columns = []
    for component, unit in ids:
        choice = np.array(lenders.get(component, everyone), dtype=np.int64)
        columns.append(choice[(units[unit] + shifts) % len(choice)])
    return np.stack(columns, axis=1)
