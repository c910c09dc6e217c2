"""Values and targets of KPIs, read off a panel."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

import numpy as np

from kpi.catalogue.models import Kpi, KpiVersion, OverTime
from kpi.facts import Scenario
from kpi.periods import Period
from kpi.scorecard.evaluate import Evaluation, Grid, is_additive
from kpi.scorecard.exact import WIDE, divide
from kpi.scorecard.panel import Panel
from kpi.scorecard.results import Reason, Value, Window
from kpi.scorecard.rollup import window_sum
from kpi.scorecard.terms import Column


def _number(column: Column, at: tuple[int, int]) -> Decimal:
    return Decimal(int(column.values[at])).scaleb(-column.exponent, WIDE)


def _cell(grid: Grid, at: tuple[int, int]) -> Value:
    present, expected = int(grid.present[at]), int(grid.expected[at])
    if not grid.defined[at]:
        return Value(None, Reason.NO_DATA, present, expected)
    top = _number(grid.numerator, at)
    if grid.denominator is None:
        return Value(top, None, present, expected)
    below = _number(grid.denominator, at)
    if not below:
        return Value(None, Reason.ZERO_DENOMINATOR, present, expected)
    return Value(divide(top, below), None, present, expected)


@dataclass(frozen=True)
class KpiView:
    """One KPI on one panel; evaluated grids are kept in the panel's cache."""

    panel: Panel
    kpi: Kpi

    def version_at(self, quarter: Period) -> KpiVersion:
        """The definition in force at the quarter's last day."""
        return self.kpi.on(self.panel.calendar.end(quarter))

    def _evaluation(self, version: KpiVersion) -> Evaluation:
        panel = self.panel
        key = (self.kpi.code, version.effective_from)
        if key not in panel.cache:
            last = panel.at(panel.last_actual) if panel.last_actual else None
            additive = is_additive(version, panel.catalogue)
            panel.cache[key] = Evaluation(
                version, panel.read, panel.tree, panel.quarters, -1 if last is None else last, additive
            )
        evaluation: Evaluation = panel.cache[key]
        return evaluation

    def _grid(self, version: KpiVersion, window: Window, scenario: Scenario, comparable: bool = True) -> Grid | None:
        key = (self.kpi.code, version.effective_from, window, scenario, comparable)
        if key not in self.panel.cache:
            evaluation = self._evaluation(version)
            actual = scenario is Scenario.ACTUAL
            self.panel.cache[key] = evaluation.actual(window) if actual else evaluation.plan(window, comparable)
        grid: Grid | None = self.panel.cache[key]
        return grid

    def _at(self, org_unit: str, quarter: Period) -> tuple[int, int] | None:
        column = self.panel.at(quarter)
        return None if column is None else (self.panel.position[org_unit], column)

    def value(self, org_unit: str, quarter: Period, window: Window = Window.QUARTER) -> Value:
        """The actual value, or why there is none."""
        at = self._at(org_unit, quarter)
        if at is None:
            return Value(reason=Reason.NO_DATA)
        version = self.version_at(quarter)
        grid = self._grid(version, window, Scenario.ACTUAL)
        found = _cell(grid, at) if grid is not None else Value(reason=Reason.NO_DATA)
        if found.reason is not Reason.NO_DATA:
            return found
        return self._reported(at, quarter, version, window) or self._absent(found, version, grid, at)

    def _reported(self, at: tuple[int, int], quarter: Period, version: KpiVersion, window: Window) -> Value | None:
        """A finished ratio that somebody reported for this org unit and quarter; it can't be joined to others."""
        column = self.panel.fact_column(self.kpi.code, Scenario.ACTUAL)
        if column is None or self.kpi.code in self.panel.catalogue.component or not column.present[at]:
            return None
        alone = window is Window.QUARTER or version.over_time is OverTime.LAST
        if alone or (window is Window.YTD and quarter.index == 1):
            return Value(_number(column, at), None, 1, 1)
        return Value(reason=Reason.NOT_ADDITIVE)

    def _absent(self, found: Value, version: KpiVersion, grid: Grid | None, at: tuple[int, int]) -> Value:
        evaluation = self._evaluation(version)
        elsewhere = grid is not None and bool(grid.present[:, at[1]].any())
        column = self.panel.fact_column(self.kpi.code, Scenario.ACTUAL)
        reported = column is not None and bool(column.present[:, at[1]].any())
        if (not evaluation.additive and elsewhere and not found.expected) or reported:
            return Value(reason=Reason.NOT_ADDITIVE)
        return found

    def target(self, org_unit: str, quarter: Period, window: Window = Window.QUARTER) -> Value:
        """The target: a plan given for the KPI itself, else the formula on plan facts, else the scorecard's or the
        catalogue's standing target. A KPI that is itself actual over plan has target 1.

        Up to the last quarter with actuals, plan and actual cover the same cells; a ``YEAR`` target is always the
        whole year's plan.
        """
        version = self.version_at(quarter)
        if version.compares_with_plan:
            return Value(Decimal(1))
        at = self._at(org_unit, quarter)
        if at is not None:
            direct = self._direct_target(at, version, window)
            if direct.amount is not None:
                return direct
            grid = self._grid(version, window, Scenario.PLAN, window is not Window.YEAR)
            found = _cell(grid, at) if grid is not None else Value(reason=Reason.NO_PLAN)
            if found.amount is not None:
                return found
        standing = self._standing_target(version)
        return Value(standing) if standing is not None else Value(reason=Reason.NO_PLAN)

    def _standing_target(self, version: KpiVersion) -> Decimal | None:
        template = self.panel.template
        entry = next((e for e in template.entries if e.kpi == self.kpi.code), None) if template else None
        return entry.target if entry is not None and entry.target is not None else version.target

    def _direct_target(self, at: tuple[int, int], version: KpiVersion, window: Window) -> Value:
        column = self.panel.fact_column(self.kpi.code, Scenario.PLAN)
        if column is None or self.kpi.code in self.panel.catalogue.component:
            return Value(reason=Reason.NO_PLAN)
        if version.denominator or version.over_time is OverTime.LAST:
            return self._inherited(column, at, window)
        key = (self.kpi.code, version.effective_from, window, "direct")
        if key not in self.panel.cache:
            comparable = window is not Window.YEAR
            side = self._evaluation(version).planned(column, comparable)
            first = self.panel.quarters[0]
            self.panel.cache[key] = (
                Column(window_sum(side.column.values, window, first), side.count > 0, side.column.exponent),
                window_sum((side.count > 0).astype(np.int64), window, first),
            )
        total, held = self.panel.cache[key]
        return Value(_number(total, at)) if held[at] else Value(reason=Reason.NO_PLAN)

    def _inherited(self, column: Column, at: tuple[int, int], window: Window) -> Value:
        """A ratio's target: of the window's last quarter, of the org unit or the nearest one above that has one."""
        unit, quarter = at
        if window is Window.YEAR:
            quarter += 4 - self.panel.quarters[quarter].index
        if quarter >= len(self.panel.quarters):
            return Value(reason=Reason.NO_PLAN)
        code = self.panel.tree.units[unit]
        for name in (code, *(above.code for above in self.panel.organisation.ancestors(code))):
            place = self.panel.position[name], quarter
            if column.present[place]:
                return Value(_number(column, place))
        return Value(reason=Reason.NO_PLAN)

    def breaks_between(self, before: date, after: date) -> bool:
        """Whether a definition that is not comparable with the one before it came into force in (before, after]."""
        return any(v.breaks_history and before < v.effective_from <= after for v in self.kpi.versions)


def kpi_value(panel: Panel, kpi: str, org_unit: str, quarter: Period, window: Window = Window.QUARTER) -> Value:
    """The value of a KPI. Raises KeyError for an unknown KPI or org unit."""
    return KpiView(panel, panel.catalogue.kpi[kpi]).value(org_unit, quarter, window)


def kpi_target(panel: Panel, kpi: str, org_unit: str, quarter: Period, window: Window = Window.QUARTER) -> Value:
    """The target of a KPI. Raises KeyError for an unknown KPI or org unit."""
    return KpiView(panel, panel.catalogue.kpi[kpi]).target(org_unit, quarter, window)


def kpi_series(panel: Panel, kpi: str, org_unit: str, window: Window) -> list[tuple[Period, Value, Value]]:
    """``(quarter, value, target)`` over all quarters of the panel, plan quarters included."""
    view = KpiView(panel, panel.catalogue.kpi[kpi])
    return [(q, view.value(org_unit, q, window), view.target(org_unit, q, window)) for q in panel.quarters]


def kpi_by_unit(panel: Panel, kpi: str, quarter: Period, window: Window) -> dict[str, tuple[Value, Value]]:
    """``(value, target)`` of every org unit, in the order of the organisation."""
    view = KpiView(panel, panel.catalogue.kpi[kpi])
    return {u: (view.value(u, quarter, window), view.target(u, quarter, window)) for u in panel.tree.units}
