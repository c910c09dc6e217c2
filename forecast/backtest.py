"""How good what is shown was: at every past origin by what was known there, beside the simple methods.

At each origin the candidate is chosen, branches are reconciled with their totals, numerators follow their denominators
and the intervals are calibrated from the targets known by then, so that no line of this record has seen what it is
judged by. Portable to the bit.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from math import fsum
from typing import Final

import numpy as np

from forecast.calibrate import factors, offsets_of, scaled
from forecast.choice import Choices
from forecast.combine import SIMPLEST_FIRST, Candidate, enough_targets, picked, preferences, records
from forecast.config import ForecastConfig
from forecast.follow import Followers
from forecast.reconcile import Family
from forecast.series import SeriesPanel
from forecast.training.fit import Fitted, judged, seen_by
from forecast.windows import Floats, Mask
from forecast.words import record_in_words
from kpi.text import Text

# In units of scale: a miss beyond it counts no more in the pinball loss, so that no odd series is all of a mean.
LARGEST_MISS: Final = 16.0
_INTERVALS: Final = ((0.1, 0.9), (0.025, 0.975))


@dataclass(frozen=True, slots=True)
class Line:
    """The record of one ``component`` at ``ahead`` quarters; None stands for all of them.

    ``within`` is the relative miss that half of the ``targets`` did not exceed, None where every value was 0; ``naive``
    and ``seasonal_naive`` tell it of those methods. ``covered_80`` and ``covered_95`` are the shares inside P10 to P90
    and P2.5 to P97.5, None where these levels are not predicted. ``pinball`` is the mean loss over levels in units of
    scale, misses up to :data:`LARGEST_MISS`, and ``beside`` that of each candidate with the same widths around its own
    median.
    """

    component: str | None
    ahead: int | None
    targets: int
    origins: int
    covered_80: float | None
    covered_95: float | None
    within: float | None
    within_naive: float | None
    within_seasonal_naive: float | None
    pinball: float
    beside: Mapping[Candidate, float]


@dataclass(frozen=True)
class _Cells:
    """What is known of each (window, horizon) cell."""

    known: Mask
    origin: Floats
    inside: tuple[Mask | None, ...]
    relative: Mapping[str, Floats]
    nonzero: Mask
    loss: Floats
    beside: Mapping[Candidate, Floats]

    def line(self, component: str | None, ahead: int | None, rows: Mask) -> Line | None:
        """The line over the known cells among ``rows``."""
        cells = self.known & rows
        targets = int(cells.sum())
        if not targets:
            return None
        covered = [None if each is None else int((each & cells).sum()) / targets for each in self.inside]
        within = {name: _half(each[cells & self.nonzero]) for name, each in self.relative.items()}
        return Line(
            component,
            ahead,
            targets,
            len(set(self.origin[cells].tolist())),
            covered[0],
            covered[1],
            within["shown"],
            within["naive"],
            within["seasonal_naive"],
            fsum(self.loss[cells].tolist()) / targets,
            {name: fsum(each[cells].tolist()) / targets for name, each in self.beside.items()},
        )


def backtest(
    panel: SeriesPanel,
    fitted: Fitted,
    choices: Choices,
    config: ForecastConfig,
    family: Family | None = None,
    followers: Followers | None = None,
    shown: tuple[Floats, Floats] | None = None,
) -> tuple[Line, ...]:
    """Lines of all components together, then of each; first over all horizons, then one by one.

    ``shown`` is what :func:`as_shown` gives, for who has it already.
    """
    shown = as_shown(fitted, choices, config, family, followers) if shown is None else shown
    cells = _cells(panel, fitted, choices, config, shown)
    owner = np.array(choices.components)[fitted.validation.series]
    ahead = np.arange(1, config.horizon + 1)
    everyone = np.ones(len(owner), dtype=np.bool_)
    groups = [(None, everyone), *((name, owner == name) for name in sorted(set(choices.components)))]
    return tuple(_lines(cells, groups, ahead.tolist()))


def _lines(cells: _Cells, groups: list[tuple[str | None, Mask]], horizons: list[int]) -> Iterator[Line]:
    for component, rows in groups:
        for step in (None, *horizons):
            quarter = np.array([step is None or step == each for each in horizons], dtype=np.bool_)
            line = cells.line(component, step, rows[:, None] & quarter)
            if line is not None:
                yield line


def as_shown(
    fitted: Fitted,
    choices: Choices,
    config: ForecastConfig,
    family: Family | None = None,
    followers: Followers | None = None,
) -> tuple[Floats, Floats]:
    """Median (window, horizon) and quantiles (window, horizon, level) as they would have been shown at each origin.

    In units of scale around base.
    """
    windows, offsets = fitted.validation, offsets_of(fitted.validated)
    median, spread = np.zeros_like(windows.base), np.zeros_like(offsets)
    for origin in sorted(set(windows.origin.tolist())):
        known = seen_by(windows, origin)
        found = records(choices.components, windows, choices.past, known)
        preferred = preferences(found, enough_targets(known))
        then = picked(choices.components, windows, choices.past, preferred)
        if family is not None:
            then = then + family.moves(origin, preferred).past
        factor = factors(windows, then, offsets, known, config.quantiles)
        around = scaled(offsets, factor)
        if followers is not None:
            following = followers.decide(windows, then, origin)
            then, around = following.at_origins(windows, then, around, origin, config.quantiles)
        rows = windows.origin == origin
        median[rows], spread[rows] = then[rows], around[rows]
    return median, median[:, :, None] + spread


def _cells(
    panel: SeriesPanel, fitted: Fitted, choices: Choices, config: ForecastConfig, shown: tuple[Floats, Floats]
) -> _Cells:
    windows, levels = fitted.validation, config.quantiles
    median, quantiles = shown
    inside: list[Mask | None] = []
    for low, high in _INTERVALS:
        if low in levels and high in levels:
            lower, upper = quantiles[:, :, levels.index(low)], quantiles[:, :, levels.index(high)]
            inside.append((lower <= windows.target) & (windows.target <= upper))
        else:
            inside.append(None)
    actual = _actual(panel, fitted)
    medians = {"shown": median, "naive": choices.past["naive"], "seasonal_naive": choices.past["seasonal_naive"]}
    relative = {}
    for name, each in medians.items():
        forecast = windows.base + windows.scale[:, None] * each
        relative[name] = np.abs(forecast - actual) / np.where(actual == 0.0, 1.0, np.abs(actual))
    moved = {name: quantiles + (choices.past[name] - median)[:, :, None] for name in SIMPLEST_FIRST}
    return _Cells(
        known=judged(windows),
        origin=np.broadcast_to(windows.origin[:, None].astype(np.float64), windows.base.shape),
        inside=tuple(inside),
        relative=relative,
        nonzero=actual != 0.0,
        loss=_pinball(windows.target, quantiles, levels),
        beside={name: _pinball(windows.target, each, levels) for name, each in moved.items()},
    )


def _actual(panel: SeriesPanel, fitted: Fitted) -> Floats:
    """(window, horizon) in base units, 0 beyond the panel."""
    windows = fitted.validation
    at = windows.origin[:, None] + np.arange(1, windows.base.shape[1] + 1)
    last = panel.values.shape[1] - 1
    return np.where(at <= last, panel.values[windows.series[:, None], np.minimum(at, last)], 0.0)


def _pinball(target: Floats, quantiles: Floats, levels: tuple[float, ...]) -> Floats:
    """(window, horizon): the mean over levels, added from the lowest."""
    total = np.zeros_like(target)
    for index, level in enumerate(levels):
        miss = np.clip(target - quantiles[:, :, index], -LARGEST_MISS, LARGEST_MISS)
        total = total + np.maximum(level * miss, (level - 1.0) * miss)
    mean: Floats = total / len(levels)
    return mean


def _half(misses: Floats) -> float | None:
    """The smallest of them that at least half do not exceed."""
    return float(np.sort(misses)[(len(misses) - 1) // 2]) if len(misses) else None


def in_words(line: Line) -> Text | None:
    """One line for a manager."""
    return record_in_words(line.origins, line.targets, line.within, line.within_seasonal_naive, line.covered_80)
