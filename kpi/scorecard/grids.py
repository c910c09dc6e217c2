"""A KPI's grids on a panel, each made once and kept by it, and the cells of a grid as values."""

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from typing import TypeVar

from kpi.catalogue.models import Kpi, KpiVersion
from kpi.facts import Scenario
from kpi.periods import Period
from kpi.scorecard.evaluate import Evaluation, Grid, is_additive
from kpi.scorecard.exact import WIDE, divide
from kpi.scorecard.panel import Panel
from kpi.scorecard.results import Reason, Value, Window
from kpi.scorecard.terms import Column, apart

T = TypeVar("T")
At = tuple[int, int]  # org unit, quarter


def number_at(column: Column, at: At) -> Decimal:
    """The exact number of one cell."""
    return Decimal(int(column.values.item(at))).scaleb(-column.exponent, WIDE)


def value_at(grid: Grid, at: At) -> Value:
    """The value of one cell, or why there is none; here the one division is made."""
    present, expected = grid.present.item(at), grid.expected.item(at)
    if not grid.defined.item(at):
        return Value(None, Reason.NO_DATA, present, expected)
    top = number_at(grid.numerator, at)
    if grid.denominator is None:
        return Value(top, None, present, expected)
    below = number_at(grid.denominator, at)
    if not below:
        return Value(None, Reason.ZERO_DENOMINATOR, present, expected)
    return Value(divide(top, below), None, present, expected)


@dataclass(frozen=True)
class KpiGrids:
    """One KPI on one panel: actual values and plans of every org unit and quarter, by its definitions."""

    panel: Panel
    kpi: Kpi

    def version_at(self, quarter: Period) -> KpiVersion:
        """The definition in force at the quarter's last day."""
        versions = self.kpi.versions
        return versions[0] if len(versions) == 1 else self.kpi.on(self.panel.calendar.end(quarter))

    def breaks_between(self, one: Period, other: Period) -> bool:
        """Whether a definition that is not comparable with the one before it came into force between the last days of
        two periods, whichever is the earlier."""
        days = [version.effective_from for version in self.kpi.versions if version.breaks_history]
        if not days:
            return False
        first, last = sorted((self.panel.calendar.end(one), self.panel.calendar.end(other)))
        return any(first < day <= last for day in days)

    @property
    def last(self) -> int:
        """Position of the last quarter that has any actual; -1 without any."""
        last = self.panel.at(self.panel.last_actual) if self.panel.last_actual else None
        return -1 if last is None else last

    def evaluated(self, version: KpiVersion) -> Evaluation:
        """Any definition on this panel, evaluated anew."""
        panel = self.panel
        additive = is_additive(version, panel.catalogue)
        return Evaluation(version, panel.read, panel.tree, panel.quarters, self.last, additive)

    def evaluation(self, version: KpiVersion) -> Evaluation:
        """A definition of this KPI, evaluated."""
        return self._kept(version, (), lambda: self.evaluated(version))

    def evaluation_apart(self, version: KpiVersion) -> Evaluation:
        """The formula with its terms side by side: grids have an axis of terms in front."""
        panel, additive = self.panel, is_additive(version, self.panel.catalogue)
        return self._kept(
            version,
            ("apart",),
            lambda: Evaluation(version, panel.read, panel.tree, panel.quarters, self.last, additive, apart),
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
        return self._kept(version, ("actual", window), lambda: self.evaluation(version).actual(window))

    def compared(self, version: KpiVersion, window: Window, given: Column | None) -> tuple[Grid, Grid] | None:
        """Actual values and plan over the same cells, of every org unit and quarter; ``given`` is a plan for the KPI
        itself (:attr:`own_plan`), otherwise the plan is that of its components."""
        key = ("compared", window, given is not None)
        return self._kept(version, key, lambda: self.evaluation(version).compared(window, given))

    def plan(self, version: KpiVersion, window: Window, given: Column | None) -> Grid | None:
        """The whole plan, wherever it was set; ``given`` as in :meth:`compared`."""
        key = ("plan", window, given is not None)
        return self._kept(version, key, lambda: self.evaluation(version).plan(window, given))

    @property
    def own_plan(self) -> Column | None:
        """Plan facts under the KPI's own code, unless that is a component's too."""
        return self._own(Scenario.PLAN)

    @property
    def reported(self) -> Column | None:
        """Finished values under the KPI's own code, unless that is a component's too."""
        return self._own(Scenario.ACTUAL)

    def _own(self, scenario: Scenario) -> Column | None:
        if self.kpi.code in self.panel.catalogue.component:
            return None
        return self.panel.fact_column(self.kpi.code, scenario)
