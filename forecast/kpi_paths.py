"""One KPI along every sample path: its values, what they are held against, and what the rest of a year must bring.

Ratios are divided path by path after both sides were added over org units and quarters, never averaged.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import cast

import numpy as np
from numpy.typing import NDArray

from forecast.paths import quantile
from forecast.rates import is_part_of_whole
from forecast.scene import Scene
from kpi.catalogue.models import KpiVersion, OverTime
from kpi.periods import Period
from kpi.scorecard.arrays import attainments, growths
from kpi.scorecard.evaluate import Grid, over, quotient
from kpi.scorecard.results import Reason, Value, Window
from kpi.scorecard.rollup import QUARTERS
from kpi.scorecard.run_rate import Sides, needed_rate
from kpi.scorecard.terms import Column
from kpi.scorecard.values import KpiView

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class KpiPaths:
    """One KPI in one window, (sample, org unit, forecast quarter), NaN where there is no number.

    ``same`` are the values over the same cells as ``goals``, which is what ``reached`` (the attainment) is made of.
    ``grown`` is the change on the year before, or for a KPI that is one itself its value.
    """

    values: Floats
    same: Floats
    goals: tuple[tuple[Value, ...], ...]
    reached: Floats
    grown: Floats


class KpiOnScene:
    """One KPI on a scene."""

    def __init__(self, scene: Scene, code: str) -> None:
        self.scene = scene
        self.view = KpiView(scene.panel, scene.panel.catalogue.kpi[code])
        self._ratios: dict[int, Floats] = {}
        self._shares: dict[KpiVersion, bool] = {}
        versions = [self.view.version_at(quarter) for quarter in scene.panel.quarters]
        self._versions = [(v, [v is other for other in versions]) for v in dict.fromkeys(versions)]

    def version(self, quarter: Period) -> KpiVersion:
        """The definition in force at the end of ``quarter``."""
        return self.view.version_at(quarter)

    def values(self, window: Window) -> Floats:
        """(sample, org unit, quarter), known ones too, NaN where there is no number."""
        values = np.full(self.scene.shape, np.nan)
        for version, at in self._versions:
            grid = self.view.actual(version, window)
            if grid is not None:
                values[..., at] = self._ratio(grid, version)[..., at]
        return values

    def paths(self, window: Window) -> KpiPaths | None:
        """Values and what they are judged by; None when some component has no data at all.

        A year is that of its last quarter alone.
        """
        values = self.values(window)
        if window is Window.YEAR:
            values[..., [quarter.index != QUARTERS for quarter in self.scene.panel.quarters]] = np.nan
        if np.isnan(values).all():
            return None
        same, goals = self._held_against(values, window)
        targets = np.array([[np.nan if g.amount is None else float(g.amount) for g in row] for row in goals])
        known, reached = self.scene.known, np.full(same.shape, np.nan)
        for version, at in self._versions:
            ahead = at[known:]
            reached[..., ahead] = attainments(same[..., ahead], targets[:, ahead], version.direction, version.bands)
        return KpiPaths(values[..., known:], same, goals, reached, self._grown(values))

    def _ratio(self, grid: Grid, version: KpiVersion) -> Floats:
        """The values of a grid for every sample; a share of a whole is never above 1."""
        if id(grid) not in self._ratios:
            values = np.broadcast_to(quotient(grid), self.scene.shape)
            self._ratios[id(grid)] = np.minimum(values, 1.0) if self._bounded(version) else values
        return self._ratios[id(grid)]

    def _bounded(self, version: KpiVersion) -> bool:
        if version not in self._shares:
            grid = cast(Grid, self.view.actual(version, Window.QUARTER))
            known = np.broadcast_to(quotient(grid), self.scene.shape)[0, :, : self.scene.known]
            self._shares[version] = is_part_of_whole(version, self.scene.panel.catalogue, known)
        return self._shares[version]

    def _held_against(self, values: Floats, window: Window) -> tuple[Floats, tuple[tuple[Value, ...], ...]]:
        """Values over the same cells as the targets, and the targets."""
        known = self.scene.known
        same = values[..., known:].copy()
        goals: list[tuple[Value, ...]] = []
        for row, unit in enumerate(self.scene.panel.tree.units):
            held: list[Value] = []
            for at, quarter in enumerate(self.scene.ahead):
                version = self.version(quarter)
                grid, goal = self.view.goal(version, unit, quarter, window)
                held.append(goal)
                if grid is not None:
                    same[:, row, at] = self._ratio(grid, version)[:, row, known + at]
            goals.append(tuple(held))
        return same, tuple(goals)

    def _grown(self, values: Floats) -> Floats:
        known = self.scene.known
        grown = np.full(values[..., known:].shape, np.nan)
        for at, quarter in enumerate(self.scene.ahead):
            version, now, before = self.version(quarter), values[..., known + at], values[..., known + at - QUARTERS]
            if version.is_growth:
                grown[..., at] = now
            elif not self.view.breaks_between(quarter.shift(-QUARTERS), quarter):
                grown[..., at] = growths(now, before, relative=not version.denominator)
        return grown

    def run_rate(self, unit: str, year_end: Period, landing: Floats) -> tuple[Value, float | None]:
        """What each forecast quarter of the year must bring for its target, and the median of what it will.

        ``landing`` are the finite values of the year. Both are in the KPI's own unit; see
        :func:`kpi.scorecard.run_rate.needed_rate`.
        """
        version = self.version(year_end)
        grid, goal = self.view.goal(version, unit, year_end, Window.YEAR)
        if goal.amount is None:
            return Value(reason=goal.reason), None
        if version.over_time is OverTime.LAST:
            return goal, float(quantile(landing, 0.5))
        known, top, below = self._sides_of_year(version, unit, year_end, compared=grid is not None)
        rates = over(top, below)
        rates = rates[~np.isnan(rates)]
        if 2 * len(rates) <= self.scene.samples:
            return Value(reason=Reason.ZERO_DENOMINATOR), None
        rates = np.minimum(rates, 1.0) if self._bounded(version) else rates
        rest = Decimal(int(quantile(below.values, 0.5))).scaleb(-below.exponent)
        return needed_rate(goal.amount, known, rest, version), float(quantile(rates, 0.5))

    def _sides_of_year(
        self, version: KpiVersion, unit: str, year_end: Period, compared: bool
    ) -> tuple[Sides, Column, Column]:
        """Both sides over the known quarters of the year, and over the forecast ones, (sample,)."""
        sides = [self._sides(version, unit, quarter, compared) for quarter in _year(year_end)]
        last = self.scene.panel.quarters[self.scene.known - 1]
        known = [pair for pair, quarter in zip(sides, _year(year_end), strict=True) if quarter <= last]
        ahead = sides[len(known) :]
        so_far = Sides(*(sum((_exact(pair[side]) for pair in known), Decimal(0)) for side in (0, 1)))
        return so_far, _added([pair[0] for pair in ahead]), _added([pair[1] for pair in ahead])

    def _sides(self, version: KpiVersion, unit: str, quarter: Period, compared: bool) -> tuple[Column, Column]:
        """Numerator and denominator of one quarter along the samples; without a denominator one for the quarter."""
        grid = self.view.goal(version, unit, quarter, Window.QUARTER)[0] if compared else None
        grid = grid or cast(Grid, self.view.actual(version, Window.QUARTER))  # a landing has quarters
        row, at = self.scene.panel.position[unit], self.scene.panel.at(quarter)
        one = Column(np.ones((1, 1)), np.ones((1, 1), np.bool_))
        parts = []
        for side in (grid.numerator, grid.denominator):
            column, place = (one, (0, 0)) if side is None else (side, (row, at))
            values = np.broadcast_to(column.values[(..., *place)], (self.scene.samples,)).astype(np.float64)
            parts.append(Column(values, np.ones(values.shape, np.bool_), column.exponent))
        return parts[0], parts[1]


def _year(year_end: Period) -> Iterator[Period]:
    return (year_end.shift(step) for step in range(1 - QUARTERS, 1))


def _exact(column: Column) -> Decimal:
    """A known number, which is the same in every sample."""
    return Decimal(int(column.values[0])).scaleb(-column.exponent)


def _added(columns: list[Column]) -> Column:
    """The sum of whole numbers on one exponent."""
    total = columns[0].values
    for column in columns[1:]:
        total = total + column.values
    return Column(total, columns[0].present, columns[0].exponent)
