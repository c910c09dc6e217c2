"""Values and targets of KPIs, read off a panel."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import TypeVar

from kpi.catalogue.models import Kpi, KpiVersion, OverTime
from kpi.facts import Scenario
from kpi.periods import Period
from kpi.scorecard.evaluate import Evaluation, Grid, is_additive
from kpi.scorecard.exact import WIDE, divide
from kpi.scorecard.panel import Panel
from kpi.scorecard.results import Reason, Target, TargetSource, Value, Window
from kpi.scorecard.rollup import QUARTERS
from kpi.scorecard.terms import Column, apart

T = TypeVar("T")
At = tuple[int, int]  # org unit, quarter


def _number(column: Column, at: At) -> Decimal:
    return Decimal(int(column.values[at])).scaleb(-column.exponent, WIDE)


def _cell(grid: Grid, at: At) -> Value:
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
        versions = self.kpi.versions
        return versions[0] if len(versions) == 1 else self.kpi.on(self.panel.calendar.end(quarter))

    @property
    def _last(self) -> int:
        """Position of the last quarter that has any actual; -1 without any."""
        last = self.panel.at(self.panel.last_actual) if self.panel.last_actual else None
        return -1 if last is None else last

    def evaluated(self, version: KpiVersion) -> Evaluation:
        """Any definition on this panel, evaluated anew."""
        panel = self.panel
        additive = is_additive(version, panel.catalogue)
        return Evaluation(version, panel.read, panel.tree, panel.quarters, self._last, additive)

    def _evaluation(self, version: KpiVersion) -> Evaluation:
        return self._kept(version, (), lambda: self.evaluated(version))

    def evaluation_apart(self, version: KpiVersion) -> Evaluation:
        """The formula with its terms side by side: grids have an axis of terms in front."""
        panel, additive = self.panel, is_additive(version, self.panel.catalogue)
        return self._kept(
            version,
            ("apart",),
            lambda: Evaluation(version, panel.read, panel.tree, panel.quarters, self._last, additive, apart),
        )

    def _kept(self, version: KpiVersion, key: tuple[object, ...], make: Callable[[], T]) -> T:
        """What ``make`` gives, made once a panel."""
        whole = (self.kpi.code, version.effective_from, *key)
        if whole not in self.panel.cache:
            self.panel.cache[whole] = make()
        kept: T = self.panel.cache[whole]
        return kept

    def actual(self, version: KpiVersion, window: Window) -> Grid | None:
        """Actual values of every org unit and quarter; None when a component has no data at all."""
        return self._kept(version, ("actual", window), lambda: self._evaluation(version).actual(window))

    def compared(self, version: KpiVersion, window: Window, given: Column | None) -> tuple[Grid, Grid] | None:
        """Actual values and plan over the same cells, of every org unit and quarter; see :meth:`plan_behind`."""
        key = ("compared", window, given is not None)
        return self._kept(version, key, lambda: self._evaluation(version).compared(window, given))

    def _plan(self, version: KpiVersion, window: Window, given: Column | None) -> Grid | None:
        key = ("plan", window, given is not None)
        return self._kept(version, key, lambda: self._evaluation(version).plan(window, given))

    def _at(self, org_unit: str, quarter: Period) -> At | None:
        row, column = self.panel.position[org_unit], self.panel.at(quarter)
        return None if column is None else (row, column)

    def value(self, org_unit: str, quarter: Period, window: Window = Window.QUARTER) -> Value:
        """The actual value, or why there is none."""
        at = self._at(org_unit, quarter)
        if at is None:
            return Value(reason=Reason.NO_DATA)
        version = self.version_at(quarter)
        grid = self.actual(version, window)
        found = _cell(grid, at) if grid is not None else Value(reason=Reason.NO_DATA)
        if version.compares_with_plan:
            found = replace(found, reason=self._plan_reason(found, version, at))
        if found.reason is not Reason.NO_DATA:
            return found
        return self._reported(at, version, window) or self._absent(found, version, grid, at)

    def _plan_reason(self, found: Value, version: KpiVersion, at: At) -> Reason | None:
        if found.reason is Reason.ZERO_DENOMINATOR:
            return Reason.ZERO_PLAN
        unplanned = found.reason is Reason.NO_DATA and bool(self._evaluation(version).unplanned[at])
        return Reason.NO_PLAN if unplanned else found.reason

    def _reported(self, at: At, version: KpiVersion, window: Window) -> Value | None:
        """A finished ratio that somebody reported for this org unit and quarter; it can't be joined to others."""
        column = self.panel.fact_column(self.kpi.code, Scenario.ACTUAL)
        if column is None or self.kpi.code in self.panel.catalogue.component:
            return None
        alone = window is Window.QUARTER or version.over_time is OverTime.LAST
        end = self._window_end(at, window) if alone else at
        if end is None or not column.present[end]:
            return None
        if alone or (window is Window.YTD and self.panel.quarters[at[1]].index == 1):
            return Value(_number(column, end), None, 1, 1)
        return Value(reason=Reason.NOT_ADDITIVE)

    def _window_end(self, at: At, window: Window) -> At | None:
        """The last quarter of the window; None beyond the panel."""
        unit, quarter = at
        if window is Window.YEAR:
            quarter += QUARTERS - self.panel.quarters[quarter].index
        return (unit, quarter) if quarter < len(self.panel.quarters) else None

    def _absent(self, found: Value, version: KpiVersion, grid: Grid | None, at: At) -> Value:
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

        Where there is a value, plan and actual cover the same cells (``present`` of ``expected``), or there is no
        target; a ``YEAR`` target is always the whole year's plan.
        """
        return self._target(self.version_at(quarter), org_unit, quarter, window)

    def _target(self, version: KpiVersion, org_unit: str, quarter: Period, window: Window) -> Value:
        return self.sourced_target(version, org_unit, quarter, window).value

    def sourced_target(self, version: KpiVersion, org_unit: str, quarter: Period, window: Window) -> Target:
        """The target by one definition, with where it comes from."""
        at = self._at(org_unit, quarter)
        if version.compares_with_plan:
            return Target(Value(Decimal(1)), TargetSource.DEFINITION)
        if at is not None:
            finished = self._finished(at, version, window)
            if finished is not None:
                return finished
            planned = self._planned(at, version, window)
            if planned is not None:
                return Target(planned[0], TargetSource.FORMULA if planned[1] is None else TargetSource.GIVEN)
        standing = self._standing_target(version, quarter, window)
        if standing is None:
            return Target(Value(reason=Reason.NO_PLAN), TargetSource.NONE)
        return Target(Value(standing), TargetSource.STANDING)

    def comparison(self, org_unit: str, quarter: Period, window: Window = Window.QUARTER) -> tuple[Value, Value]:
        """Value and target over the same cells: what attainment is made of.

        The value is less than :meth:`value` where some org units below have an actual and no plan.
        """
        value, at = self.value(org_unit, quarter, window), self._at(org_unit, quarter)
        if at is None or value.amount is None:
            return value, self.target(org_unit, quarter, window)
        same, goal = self.goal(self.version_at(quarter), org_unit, quarter, window)
        return value if same is None else _cell(same, at), goal

    def goal(
        self, version: KpiVersion, org_unit: str, quarter: Period, window: Window = Window.QUARTER
    ) -> tuple[Grid | None, Value]:
        """The target to hold a value against, and the actual values over the same cells as it; None where those are
        the KPI's own, because the target is not made of plan facts that roll up."""
        target, at = self._target(version, org_unit, quarter, window), self._at(org_unit, quarter)
        planned = None if target.amount is None else self.plan_behind(version, org_unit, quarter, window)
        pair = None if planned is None else self.compared(version, window, planned[0])
        if at is None or pair is None:
            return None, target
        goal = _cell(pair[1], at)
        return (pair[0], goal) if goal.amount is not None else (None, Value(reason=Reason.NO_PLAN))

    def plan_behind(
        self, version: KpiVersion, org_unit: str, quarter: Period, window: Window
    ) -> tuple[Column | None] | None:
        """The plan facts that a value is held against: those given for the KPI itself, or None inside for those of its
        components. None when its target is not made of plan facts that roll up."""
        at, actual = self._at(org_unit, quarter), self.actual(version, window)
        if at is None or version.compares_with_plan or actual is None or not actual.defined[at]:
            return None
        planned = None if self._finished_target(at, version, window) else self._planned(at, version, window)
        return None if planned is None else (planned[1],)

    def _planned(self, at: At, version: KpiVersion, window: Window) -> tuple[Value, Column | None] | None:
        """The target by plan facts that roll up; with it the plan given for the KPI itself if it is that one."""
        given = self._own_plan()
        sums = given is not None and not version.denominator and version.over_time is not OverTime.LAST
        for column in (given, None) if sums else (None,):
            found = self._plan_cell(at, version, window, column)
            if found is not None and found.amount is not None:
                return found, column
        return None

    def _own_plan(self) -> Column | None:
        """Plan facts under the KPI's own code, unless that is a component's too."""
        if self.kpi.code in self.panel.catalogue.component:
            return None
        return self.panel.fact_column(self.kpi.code, Scenario.PLAN)

    def _plan_cell(self, at: At, version: KpiVersion, window: Window, given: Column | None) -> Value | None:
        actual = self.actual(version, window)
        has_value = actual is not None and bool(actual.defined[at])
        if window is not Window.YEAR and (has_value or at[1] > self._last):
            pair = self.compared(version, window, given)
            if pair is not None:
                return _cell(pair[1], at)
        whole = self._plan(version, window, given)
        return None if whole is None else _cell(whole, at)

    def _standing_target(self, version: KpiVersion, quarter: Period, window: Window) -> Decimal | None:
        """The scorecard's target, else the catalogue's. What grows over the year has it for the year, and its even
        part for fewer quarters."""
        template = self.panel.template
        entry = next((e for e in template.entries if e.kpi == self.kpi.code), None) if template else None
        target = entry.target if entry is not None and entry.target is not None else version.target
        if target is None or not version.grows_over_the_year:
            return target
        quarters = {Window.QUARTER: 1, Window.YTD: quarter.index}.get(window, QUARTERS)
        return divide(target * quarters, Decimal(QUARTERS))

    def _finished_target(self, at: At, version: KpiVersion, window: Window) -> Value | None:
        found = self._finished(at, version, window)
        return None if found is None else found.value

    def _finished(self, at: At, version: KpiVersion, window: Window) -> Target | None:
        """A target that can't be added up, as a ratio's: of the window's last quarter, of the org unit or the nearest
        one above that has one."""
        column, end = self._own_plan(), self._window_end(at, window)
        if column is None or end is None or not (version.denominator or version.over_time is OverTime.LAST):
            return None
        code = self.panel.tree.units[end[0]]
        for name in (code, *(above.code for above in self.panel.organisation.ancestors(code))):
            place = self.panel.position[name], end[1]
            if column.present[place]:
                return Target(Value(_number(column, place)), TargetSource.FINISHED, name)
        return None

    def breaks_between(self, one: Period, other: Period) -> bool:
        """Whether a definition that is not comparable with the one before it came into force between the last days of
        two periods, whichever is the earlier."""
        days = [version.effective_from for version in self.kpi.versions if version.breaks_history]
        if not days:
            return False
        first, last = sorted((self.panel.calendar.end(one), self.panel.calendar.end(other)))
        return any(first < day <= last for day in days)


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


def kpi_by_unit(
    panel: Panel, kpi: str, quarter: Period, window: Window, org_units: Iterable[str] | None = None
) -> dict[str, tuple[Value, Value]]:
    """``(value, target)`` of ``org_units``, or of all in the order of the organisation."""
    view = KpiView(panel, panel.catalogue.kpi[kpi])
    units = panel.tree.units if org_units is None else org_units
    return {u: (view.value(u, quarter, window), view.target(u, quarter, window)) for u in units}
