"""Joint sample paths of the component series: calibrated quantiles, tied together as past misses were.

The values of a series' paths in a quarter are those of its calibrated quantile function at evenly spread probabilities,
so their quantiles are the predicted ones. Which path takes which value follows from ranks: a path draws one past
origin and one shift among org units for the whole company, and every series then stands where its neighbour (same
component, shifted org unit) stood at that origin within what was predicted for it. So numerator and denominator of
one org unit move together, all quarters of a path belong together, and shocks that hit every branch at once stay
shared. Half of the paths turn all their places around the middle, as if every miss had been in the other direction:
what hit every branch at the few origins there were may come either way. And as these tell little, drawn noise is mixed
in as if :data:`forecast.calibrate.TRUSTED_ORIGINS` more had shown it; it wanders from quarter to quarter, half of it
shared by the company, half by the org unit. A numerator that follows (:mod:`forecast.follow`) is its denominator times
a rate that takes up the same past, with noise of its own, half of it shared by the same rate of all org units.
"""

from collections.abc import Mapping, Sequence
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
from forecast.follow import Followers, Following
from forecast.reconcile import UNMOVED, Moves
from forecast.series import SeriesPanel
from forecast.training.fit import Fitted, judged
from forecast.windows import SEASON, Floats, Mask, Windows, masked_mean

# What noise of one quarter leaves in the next, and what is added so that its spread stays the same.
_STAYS: Final = 0.75
_ADDED: Final = 0.6614378277661477
_HALF_EACH: Final = 0.7071067811865476
_COMPANY: Final = "company"
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
    following: Following | None = None,
) -> Paths:
    """``config.samples`` paths of every series. A series that may not be negative is cut at zero.

    Each path gives a parent the sum of its branches, whether or not ``moves`` reconciled them before. Numerators that
    follow (``following``) are their rates times their denominators.
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

    drawn = _Drawn.of(fitted.validation, panel.ids, config)
    stood = position(levels, offsets, fitted.validation.target - past)
    owners = [unit for _, unit in panel.ids]
    ranks = drawn.ranks(panel.ids, fitted.validation, stood, [_COMPANY] * len(owners), owners)
    samples = _in_order(quantiles, ranks, config)
    still = choices.all_of("constant", "ended")
    constant = np.where(choices.all_of("ended"), 0.0, newest.base[:, 0])
    samples = np.where(still[:, None], constant[:, None], samples)
    samples = _cut(samples, may_be_negative)
    if following is not None and following.ahead(newest).any():
        samples = _cut(
            following.along(newest, samples, _rate_samples(following.followers, drawn, config)), may_be_negative
        )
    return Paths(samples, choices.methods)


def _cut(samples: Floats, may_be_negative: Mask) -> Floats:
    return np.where(may_be_negative[:, None], samples, np.maximum(samples, 0.0)) + 0.0


def shown_median(newest: Windows, choices: Choices) -> Floats:
    """(series, horizon) in base units: the median of each series' own method, before any limit."""
    relative = np.zeros_like(newest.base)
    for name in SIMPLEST_FIRST:
        relative = np.where(choices.all_of(name)[:, None], choices.ahead[name], relative)
    return newest.base + newest.scale[:, None] * relative


def quantile(samples: Floats, level: float) -> Floats:
    """The smallest sample that at least ``level`` of them do not exceed, along axis 0; never interpolated."""
    found: Floats = quantiles(samples, (level,))[0]
    return found


def quantiles(samples: Floats, levels: Sequence[float]) -> Floats:
    """(level, ...): :func:`quantile` of several levels, sorted once."""
    ranks = [max(0, -(-round(level * 1_000_000) * len(samples) // 1_000_000) - 1) for level in levels]
    ordered: Floats = np.sort(samples, axis=0)[ranks]
    return ordered


def _rate_samples(followers: Followers, drawn: "_Drawn", config: ForecastConfig) -> Floats:
    """(sample, rate, horizon): paths take up the same past of rates as of series, but noise of their own."""
    levels, windows, newest = config.quantiles, followers.fitted.validation, followers.fitted.newest
    offsets = offsets_of(followers.fitted.validated)
    factor = factors(windows, followers.past, offsets, judged(windows), levels)
    around = newest.scale[:, None, None] * scaled(offsets_of(followers.fitted.predicted), factor)
    ids, stood = followers.rates.ids, position(levels, offsets, windows.target - followers.past)
    ranks = drawn.ranks(ids, windows, stood, [component for component, _ in ids], ["/".join(key) for key in ids])
    return _in_order(newest.in_units(followers.ahead)[:, :, None] + around, ranks, config)


def _in_order(quantiles: Floats, ranks: Integers, config: ForecastConfig) -> Floats:
    """(sample, row, horizon): the values at evenly spread probabilities, each in the sample that ``ranks`` says."""
    evenly = np.arange(1.0, config.samples + 1.0) / config.samples
    return np.take_along_axis(at_probabilities(config.quantiles, quantiles, evenly), ranks, axis=0)


@dataclass(frozen=True)
class _Drawn:
    """What each path takes up: one past origin, one shift among org units, and whether places turn (sample,)."""

    generator: np.random.Generator
    origins: Integers
    shifts: Integers
    turned: Mask
    units: Mapping[str, int]
    horizon: int

    @classmethod
    def of(cls, windows: Windows, ids: Sequence[tuple[str, str]], config: ForecastConfig) -> "_Drawn":
        generator, count = stream(config.seed, PATHS), config.samples
        origins = generator.integers(0, len(windows.series) // len(ids), size=count, dtype=np.int64)
        shifts = generator.integers(0, 1 << 30, size=count, dtype=np.int64)
        turned = generator.integers(0, 2, size=count, dtype=np.int64).astype(np.bool_)
        units = {unit: rank for rank, unit in enumerate(sorted({unit for _, unit in ids}))}
        return cls(generator, origins, shifts, turned, units, config.horizon)

    def ranks(
        self,
        ids: Sequence[tuple[str, str]],
        windows: Windows,
        stood: Floats,
        wide: Sequence[str],
        narrow: Sequence[str],
    ) -> Integers:
        """(sample, row, horizon): which of the evenly spread values each path takes; ``stood`` by window and horizon.

        Half of the noise is shared by rows of the same ``wide`` name, half by those of the same ``narrow`` one.
        """
        table, known, past_origins = _past(len(ids), windows, stood)
        noise = self._noise(wide, narrow)
        if past_origins:
            share = TRUSTED_ORIGINS / (TRUSTED_ORIGINS + past_origins)
            lent = table[self.origins[:, None], self._neighbours(ids, known)]
            lent = np.where(self.turned[:, None, None], 1.0 - lent, lent)
            noise = (1.0 - share) * lent + share * noise
        order = np.argsort(noise, axis=0, kind="stable")
        return np.argsort(order, axis=0, kind="stable")

    def _noise(self, wide: Sequence[str], narrow: Sequence[str]) -> Floats:
        """(sample, row, horizon): draws that wander, with the spread of one even draw from 0 to 1."""
        every = [("wide", name) for name in sorted(set(wide))] + [("narrow", name) for name in sorted(set(narrow))]
        column = {key: at for at, key in enumerate(every)}
        size = (self.horizon, len(self.origins), len(every))
        drawn = self.generator.integers(0, 1 << 20, size=size, dtype=np.int64)
        even = drawn.astype(np.float64) * 2.0**-20 - 0.5
        walk = [even[0]]
        for added in even[1:]:
            walk.append(_STAYS * walk[-1] + _ADDED * added)
        wandering = np.stack(walk, axis=2)
        shared, own = ([column[kind, name] for name in names] for kind, names in (("wide", wide), ("narrow", narrow)))
        noise: Floats = _HALF_EACH * (wandering[:, shared] + wandering[:, own])
        return noise

    def _neighbours(self, ids: Sequence[tuple[str, str]], known: Mask) -> Integers:
        """(sample, row): whose places each row takes in each sample."""
        lenders: dict[str, list[int]] = {}
        for index, (component, _) in enumerate(ids):
            if known[index]:
                lenders.setdefault(component, []).append(index)
        everyone = np.flatnonzero(known)
        columns = []
        for component, unit in ids:
            choice = np.array(lenders.get(component, everyone), dtype=np.int64)
            columns.append(choice[(self.units[unit] + self.shifts) % len(choice)])
        return np.stack(columns, axis=1)


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
