"""Joint sample paths of the component series: the network's quantiles, calibrated by its own past misses.

A path draws one past origin and one shift among org units for the whole company, and every series then misses as its
neighbour (same component, shifted org unit) missed at that origin, in units of its own predicted spread. So numerator
and denominator of one org unit move together, all quarters of a path belong together, and shocks that hit every
branch at once stay shared.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from forecast.config import ForecastConfig
from forecast.draws import PATHS, stream
from forecast.series import SeriesPanel
from forecast.training.fit import Fitted
from forecast.windows import SEASON, SHORTEST, masked_mean
from kpi.text import Text

Floats = NDArray[np.float64]
Mask = NDArray[np.bool_]
Integers = NDArray[np.int64]
Method = Literal["network", "seasonal_naive", "last_value", "constant", "ended"]


@dataclass(frozen=True, slots=True)
class SeriesMethod:
    """How one series was forecast; ``reason`` says why not by the network."""

    method: Method
    reason: Text | None = None


@dataclass(frozen=True)
class Paths:
    """``samples`` is (sample, series, horizon) in base units; rows of ended series are 0 and not ``forecast``."""

    samples: Floats
    methods: tuple[SeriesMethod, ...]

    @property
    def forecast(self) -> Mask:
        """(series,): whether there is a forecast at all."""
        return np.array([method.method != "ended" for method in self.methods], dtype=np.bool_)


def sample_paths(panel: SeriesPanel, fitted: Fitted, may_be_negative: Mask, config: ForecastConfig) -> Paths:
    """``config.samples`` paths of every series. A series that may not be negative is cut at zero."""
    methods = tuple(choose_methods(panel, fitted))
    named = np.array([method.method for method in methods])
    newest = fitted.newest
    middle, low, high = _columns(len(config.quantiles))
    scale = np.where(panel.present.sum(1) < SEASON, np.maximum(newest.scale, _level(panel) * 0.125), newest.scale)
    by_network = (named == "network")[:, None]
    median = newest.base + np.where(by_network, scale[:, None] * fitted.predicted[:, :, middle], 0.0)
    width = 0.5 * (fitted.predicted[:, :, high] - fitted.predicted[:, :, low])
    spread = scale[:, None] * np.where(by_network, width, 1.0)
    samples = median + spread * _misses(panel, fitted, config)
    still = (named == "constant") | (named == "ended")
    constant = np.where(named == "ended", 0.0, newest.base[:, 0])
    samples = np.where(still[:, None], constant[:, None], samples)
    samples = np.where(may_be_negative[:, None], samples, np.maximum(samples, 0.0)) + 0.0
    return Paths(samples, methods)


def choose_methods(panel: SeriesPanel, fitted: Fitted) -> list[SeriesMethod]:
    """The method of each series, in the panel's order."""
    return [_method(values[there], there, fitted) for values, there in zip(panel.values, panel.present, strict=True)]


def _method(points: Floats, there: Mask, fitted: Fitted) -> SeriesMethod:
    if not there[-SEASON:].any():
        zh, en = "最近四个季度没有数据，视为已停止", "no value in the last four quarters, taken as ended"
        return SeriesMethod("ended", Text(zh=zh, en=en))
    count = len(points)
    if count > 1 and (points == points[0]).all():
        return SeriesMethod("constant", Text(zh="历史数值从未变化", en="the value has never changed"))
    seasons = {int(index) % SEASON for index in np.flatnonzero(there)}
    simple: Method = "seasonal_naive" if len(seasons) == SEASON else "last_value"
    if count < SHORTEST:
        zh = f"只有 {count} 个季度的数据，少于 {SHORTEST} 个"
        return SeriesMethod(simple, Text(zh=zh, en=f"only {count} quarters of data, fewer than {SHORTEST}"))
    if fitted.steps == 0:
        if fitted.losses:
            zh, en = "在验证期上网络不优于季节性朴素法", "the network was no better than seasonal naive on past origins"
        else:
            zh, en = "历史太短，无法训练网络", "the history is too short to train a network"
        return SeriesMethod(simple, Text(zh=zh, en=en))
    return SeriesMethod("network")


def quantile(samples: Floats, level: float) -> Floats:
    """The smallest sample that at least ``level`` of them do not exceed, along axis 0; never interpolated."""
    rank = max(0, -(-round(level * 1_000_000) * len(samples) // 1_000_000) - 1)
    ordered: Floats = np.sort(samples, axis=0)[rank]
    return ordered


def _columns(count: int) -> tuple[int, int, int]:
    """Columns of the median and of the pair that measures the spread: the last but one on either side, if any."""
    edge = 1 if count >= 5 else 0
    return count // 2, edge, count - 1 - edge


def _level(panel: SeriesPanel) -> Floats:
    return masked_mean(np.abs(panel.values), panel.present)


def _misses(panel: SeriesPanel, fitted: Fitted, config: ForecastConfig) -> Floats:
    """(sample, series, horizon): standardised misses, drawn jointly."""
    generator = stream(config.seed, PATHS)
    table, known = _past_misses(len(panel.ids), fitted, len(config.quantiles))
    count = config.samples
    if not known.any():
        # No past origin to learn from: the sum of twelve even draws stands in for a bell curve of unit spread.
        shape = (12, count, len(panel.ids), config.horizon)
        even = generator.integers(0, 1 << 20, size=shape, dtype=np.int64).astype(np.float64) * 2.0**-20
        bell: Floats = even.sum(axis=0) - 6.0
        return bell
    origins = generator.integers(0, len(table), size=count, dtype=np.int64)
    shifts = generator.integers(0, 1 << 30, size=count, dtype=np.int64)
    return table[origins[:, None], _neighbours(panel.ids, known, shifts)]


def _past_misses(series: int, fitted: Fitted, quantiles: int) -> tuple[Floats, Mask]:
    """(origin, series, horizon) misses over predicted spread, and which series have any.

    Where an origin's horizon reaches past the data, the nearest earlier origin lends its miss; a horizon that no
    origin reached takes the miss of the horizon before it.
    """
    windows = fitted.validation
    middle, low, high = _columns(quantiles)
    width = 0.5 * (fitted.validated[:, :, high] - fitted.validated[:, :, low])
    rows = (windows.usable & windows.moves)[:, None] & windows.target_present
    misses = np.where(rows, (windows.target - fitted.validated[:, :, middle]) / width, 0.0)
    horizon = misses.shape[1]
    table: Floats = misses.reshape(-1, series, horizon)
    there: Mask = rows.reshape(-1, series, horizon).copy()
    for order in (range(1, len(table)), range(len(table) - 2, -1, -1)):
        step = 1 if order.step > 0 else -1
        for origin in order:
            lent = there[origin - step] & ~there[origin]
            table[origin] = np.where(lent, table[origin - step], table[origin])
            there[origin] |= lent
    for ahead in range(1, horizon):
        lent = there[:, :, ahead - 1] & ~there[:, :, ahead]
        table[:, :, ahead] = np.where(lent, table[:, :, ahead - 1], table[:, :, ahead])
        there[:, :, ahead] |= lent
    return table, np.asarray(there[:, :, -1].any(axis=0), dtype=np.bool_)


def _neighbours(ids: Sequence[tuple[str, str]], known: Mask, shifts: Integers) -> Integers:
    """(sample, series): whose misses each series takes in each sample."""
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
