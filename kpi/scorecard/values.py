"""Values and targets of KPIs, read off a panel."""

from collections.abc import Iterable
from dataclasses import dataclass

from kpi.catalogue.models import KpiVersion
from kpi.periods import Period
from kpi.scorecard.evaluate import Grid
from kpi.scorecard.grids import KpiGrids
from kpi.scorecard.panel import Panel
from kpi.scorecard.reading import Reading
from kpi.scorecard.results import Target, Value, Window
from kpi.scorecard.terms import Column


@dataclass(frozen=True)
class KpiView(KpiGrids):
    """One KPI on one panel, at any quarter; the rules are in :class:`~kpi.scorecard.reading.Reading`.

    What takes an org unit raises KeyError for an unknown one.
    """

    def at(self, quarter: Period, window: Window) -> Reading:
        """By the definition in force, for many org units."""
        return Reading(self, self.version_at(quarter), quarter, window)

    def value(self, org_unit: str, quarter: Period, window: Window = Window.QUARTER) -> Value:
        """See :meth:`Reading.value`."""
        return self.at(quarter, window).value(org_unit)

    def target(self, org_unit: str, quarter: Period, window: Window = Window.QUARTER) -> Value:
        """See :meth:`Reading.target`."""
        return self.at(quarter, window).target(org_unit).value

    def comparison(self, org_unit: str, quarter: Period, window: Window = Window.QUARTER) -> tuple[Value, Value]:
        """Value and target over the same cells; see :meth:`Reading.measured`."""
        found = self.at(quarter, window).measured(org_unit)
        return found.same, found.goal

    def sourced_target(self, version: KpiVersion, org_unit: str, quarter: Period, window: Window) -> Target:
        """By any definition; see :meth:`Reading.target`."""
        return Reading(self, version, quarter, window).target(org_unit)

    def goal(
        self, version: KpiVersion, org_unit: str, quarter: Period, window: Window = Window.QUARTER
    ) -> tuple[Grid | None, Value]:
        """By any definition; see :meth:`Reading.goal`."""
        return Reading(self, version, quarter, window).goal(org_unit)

    def plan_behind(
        self, version: KpiVersion, org_unit: str, quarter: Period, window: Window
    ) -> tuple[Column | None] | None:
        """By any definition; see :meth:`Reading.plan_behind`."""
        return Reading(self, version, quarter, window).plan_behind(org_unit)


def kpi_value(panel: Panel, kpi: str, org_unit: str, quarter: Period, window: Window = Window.QUARTER) -> Value:
    """The value of a KPI. Raises KeyError for an unknown KPI or org unit."""
    return KpiView(panel, panel.catalogue.kpi[kpi]).value(org_unit, quarter, window)


def kpi_target(panel: Panel, kpi: str, org_unit: str, quarter: Period, window: Window = Window.QUARTER) -> Value:
    """The target of a KPI. Raises KeyError for an unknown KPI or org unit."""
    return KpiView(panel, panel.catalogue.kpi[kpi]).target(org_unit, quarter, window)


def kpi_series(panel: Panel, kpi: str, org_unit: str, window: Window) -> list[tuple[Period, Value, Value]]:
    """``(quarter, value, target)`` over all quarters of the panel, plan quarters included."""
    view = KpiView(panel, panel.catalogue.kpi[kpi])
    readings = ((quarter, view.at(quarter, window)) for quarter in panel.quarters)
    return [(quarter, each.value(org_unit), each.target(org_unit).value) for quarter, each in readings]


def kpi_by_unit(
    panel: Panel, kpi: str, quarter: Period, window: Window, org_units: Iterable[str] | None = None
) -> dict[str, tuple[Value, Value]]:
    """``(value, target)`` of ``org_units``, or of all in the order of the organisation."""
    found = KpiView(panel, panel.catalogue.kpi[kpi]).at(quarter, window)
    units = panel.tree.units if org_units is None else org_units
    return {unit: (found.value(unit), found.target(unit).value) for unit in units}
