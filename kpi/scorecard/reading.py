"""Value and target of a KPI at one quarter, for any org unit."""

from collections.abc import Iterable
from dataclasses import replace
from decimal import Decimal
from functools import cached_property
from typing import NamedTuple

from kpi.catalogue.models import KpiVersion, OverTime
from kpi.periods import Period
from kpi.scorecard.evaluate import Grid
from kpi.scorecard.exact import divide
from kpi.scorecard.grids import At, KpiGrids, number_at, value_at
from kpi.scorecard.results import Reason, Target, TargetSource, Value, Window
from kpi.scorecard.rollup import QUARTERS
from kpi.scorecard.terms import Column

_NO_DATA = Value(reason=Reason.NO_DATA)


class Measured(NamedTuple):
    """A value and its target, and both again over the same cells, which is what attainment is made of."""

    value: Value
    target: Value
    same: Value
    goal: Value


class Reading:
    """One KPI by one definition at one quarter over one window: what all org units have in common is looked up once.

    Every method raises KeyError for an unknown org unit.
    """

    def __init__(self, grids: KpiGrids, version: KpiVersion, quarter: Period, window: Window) -> None:
        """``version`` need not be the one in force."""
        self.version = version
        self._grids, self._quarter, self._window = grids, quarter, window
        self._position, self._column = grids.panel.position, grids.panel.at(quarter)
        self._actual = None if self._column is None else grids.actual(version, window)
        self._own_plan = grids.own_plan
        self._pairs: dict[bool, tuple[Grid, Grid] | None] = {}

    def _at(self, org_unit: str) -> At | None:
        """Its place in the grids; None for a quarter outside the panel."""
        row = self._position[org_unit]
        return None if self._column is None else (row, self._column)

    def _defined(self, at: At) -> bool:
        return self._actual is not None and bool(self._actual.defined.item(at))

    def value(self, org_unit: str) -> Value:
        """The actual value, or why there is none."""
        return self._value(self._at(org_unit))

    def _value(self, at: At | None) -> Value:
        if at is None:
            return _NO_DATA
        found = value_at(self._actual, at) if self._actual is not None else _NO_DATA
        if found.reason is None:
            return found
        if self.version.compares_with_plan:
            found = replace(found, reason=self._plan_reason(found, at))
        if found.reason is not Reason.NO_DATA:
            return found
        return self._reported(at) or self._absent(found, at)

    def _plan_reason(self, found: Value, at: At) -> Reason | None:
        if found.reason is Reason.ZERO_DENOMINATOR:
            return Reason.ZERO_PLAN
        unplanned = found.reason is Reason.NO_DATA and bool(self._grids.evaluation(self.version).unplanned[at])
        return Reason.NO_PLAN if unplanned else found.reason

    def _reported(self, at: At) -> Value | None:
        """A finished ratio that somebody reported for this org unit and quarter; it can't be joined to others."""
        column, window = self._grids.reported, self._window
        if column is None:
            return None
        alone = window is Window.QUARTER or self.version.over_time is OverTime.LAST
        end = self._window_end(at) if alone else at
        if end is None or not column.present[end]:
            return None
        if alone or (window is Window.YTD and self._quarter.index == 1):
            return Value(number_at(column, end), None, 1, 1)
        return Value(reason=Reason.NOT_ADDITIVE)

    def _window_end(self, at: At) -> At | None:
        """The last quarter of the window; None beyond the panel."""
        unit, quarter = at
        if self._window is Window.YEAR:
            quarter += QUARTERS - self._quarter.index
        return (unit, quarter) if quarter < len(self._grids.panel.quarters) else None

    def _absent(self, found: Value, at: At) -> Value:
        elsewhere = self._actual is not None and bool(self._actual.present[:, at[1]].any())
        column = self._grids.reported
        reported = column is not None and bool(column.present[:, at[1]].any())
        if (not self._grids.evaluation(self.version).additive and elsewhere and not found.expected) or reported:
            return Value(reason=Reason.NOT_ADDITIVE)
        return found

    def target(self, org_unit: str) -> Target:
        """The target with where it comes from: a plan given for the KPI itself, else the formula on plan facts, else
        the scorecard's or the catalogue's standing target. A KPI that is itself actual over plan has target 1.

        Where there is a value, plan and actual cover the same cells (``present`` of ``expected``), or there is no
        target; a ``YEAR`` target is always the whole year's plan.
        """
        return self._target(self._at(org_unit))

    def _target(self, at: At | None) -> Target:
        if self.version.compares_with_plan:
            return Target(Value(Decimal(1)), TargetSource.DEFINITION)
        found = None if at is None else self._finished(at) or self._planned(at)
        return self._standing if found is None else found

    def measured(self, org_unit: str) -> Measured:
        """Value and target, and both over the same cells.

        The value is less there where some org units below have an actual and no plan.
        """
        at = self._at(org_unit)
        value, target = self._value(at), self._target(at)
        if at is None or value.amount is None:
            return Measured(value, target.value, value, target.value)
        same, goal = self._goal(at, target)
        return Measured(value, target.value, value if same is None else value_at(same, at), goal)

    def goal(self, org_unit: str) -> tuple[Grid | None, Value]:
        """The target to hold a value against, and the actual values over the same cells as it; None where those are
        the KPI's own, because the target is not made of plan facts that roll up."""
        at = self._at(org_unit)
        target = self._target(at)
        return (None, target.value) if at is None else self._goal(at, target)

    def _goal(self, at: At, target: Target) -> tuple[Grid | None, Value]:
        behind = self._behind(at, target)
        pair = None if behind is None else self._compared(behind[0])
        if pair is None:
            return None, target.value
        goal = value_at(pair[1], at) if self._window is Window.YEAR else target.value  # of a part of a year it is that
        return (pair[0], goal) if goal.amount is not None else (None, Value(reason=Reason.NO_PLAN))

    def plan_behind(self, org_unit: str) -> tuple[Column | None] | None:
        """The plan facts that a value is held against: those given for the KPI itself, or None inside for those of its
        components. None when its target is not made of plan facts that roll up."""
        at = self._at(org_unit)
        return None if at is None else self._behind(at, self._target(at))

    def _behind(self, at: At, target: Target) -> tuple[Column | None] | None:
        if target.source not in (TargetSource.FORMULA, TargetSource.GIVEN) or not self._defined(at):
            return None
        return (self._own_plan if target.source is TargetSource.GIVEN else None,)

    def _planned(self, at: At) -> Target | None:
        """The target by plan facts that roll up."""
        for column in self._plans():
            found = self._plan_value(at, column)
            if found is not None and found.amount is not None:
                return Target(found, TargetSource.FORMULA if column is None else TargetSource.GIVEN)
        return None

    def _plans(self) -> Iterable[Column | None]:
        """The plan given for the KPI itself, where that may be added up, then that of its components."""
        rolls_up = not self.version.denominator and self.version.over_time is not OverTime.LAST
        return (None,) if self._own_plan is None or not rolls_up else (self._own_plan, None)

    def _plan_value(self, at: At, given: Column | None) -> Value | None:
        if self._window is not Window.YEAR and (self._defined(at) or at[1] > self._grids.last):
            pair = self._compared(given)
            if pair is not None:
                return value_at(pair[1], at)
        whole = self._grids.plan(self.version, self._window, given)
        return None if whole is None else value_at(whole, at)

    def _compared(self, given: Column | None) -> tuple[Grid, Grid] | None:
        known = given is not None
        if known not in self._pairs:
            self._pairs[known] = self._grids.compared(self.version, self._window, given)
        return self._pairs[known]

    @cached_property
    def _standing(self) -> Target:
        """The scorecard's target, else the catalogue's. What grows over the year has it for the year, and its even
        part for fewer quarters."""
        template, code = self._grids.panel.template, self._grids.kpi.code
        entry = next((e for e in template.entries if e.kpi == code), None) if template else None
        target = entry.target if entry is not None and entry.target is not None else self.version.target
        if target is None:
            return Target(Value(reason=Reason.NO_PLAN), TargetSource.NONE)
        if self.version.grows_over_the_year:
            quarters = {Window.QUARTER: 1, Window.YTD: self._quarter.index}.get(self._window, QUARTERS)
            target = divide(target * quarters, Decimal(QUARTERS))
        return Target(Value(target), TargetSource.STANDING)

    def _finished(self, at: At) -> Target | None:
        """A target that can't be added up, as a ratio's: of the window's last quarter, of the org unit or the nearest
        one above that has one."""
        column = self._own_plan
        if column is None or not (self.version.denominator or self.version.over_time is OverTime.LAST):
            return None
        end = self._window_end(at)
        if end is None:
            return None
        panel = self._grids.panel
        code = panel.tree.units[end[0]]
        for name in (code, *(above.code for above in panel.organisation.ancestors(code))):
            place = panel.position[name], end[1]
            if column.present[place]:
                return Target(Value(number_at(column, place)), TargetSource.FINISHED, name)
        return None
