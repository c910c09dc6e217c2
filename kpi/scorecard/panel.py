"""All facts of a snapshot as exact columns, (org unit, quarter), and the evaluated KPIs upon them."""

from collections.abc import Iterable, Mapping
from decimal import Decimal
from functools import cached_property
from typing import Any

import numpy as np

from kpi.catalogue.models import Catalogue
from kpi.facts import Scenario
from kpi.organisation import Organisation
from kpi.periods import FiscalCalendar, Period, quarter_range
from kpi.scorecard.origins import measures_behind
from kpi.scorecard.phasing import Row, phased, phasing_by_component
from kpi.scorecard.rollup import Tree
from kpi.scorecard.template import ScorecardTemplate
from kpi.scorecard.terms import Column, Read, scale, with_cells, with_derived


class Panel:
    """Immutable after :meth:`build`. ``cache`` holds what was evaluated from it and may be dropped at any time."""

    def __init__(
        self,
        columns: dict[tuple[str, Scenario], Column],
        quarters: tuple[Period, ...],
        organisation: Organisation,
        catalogue: Catalogue,
        template: ScorecardTemplate | None,
        calendar: FiscalCalendar,
    ) -> None:
        """Use :meth:`build`."""
        self.columns, self.quarters = columns, quarters
        self.organisation, self.catalogue = organisation, catalogue
        self.template, self.calendar = template, calendar
        self.tree = Tree.from_organisation(organisation)
        self.cache: dict[Any, Any] = {}

    @classmethod
    def build(
        cls,
        facts: Iterable[Row],
        organisation: Organisation,
        catalogue: Catalogue,
        template: ScorecardTemplate | None = None,
        calendar: FiscalCalendar | None = None,
    ) -> "Panel":
        """A panel of ``(measure, org unit, period, scenario, value)`` rows in any order, each key at most once.

        Annual plans are phased by the template. Raises KeyError for a measure or org unit that is not known.
        """
        position = {unit.code: index for index, unit in enumerate(organisation.units)}
        groups: dict[tuple[str, Scenario], tuple[list[int], list[int], list[Any]]] = {}
        for measure, unit, period, scenario, value in phased(
            facts, catalogue, phasing_by_component(template, catalogue)
        ):
            group = groups.get((measure, scenario))
            if group is None:
                catalogue.unit_of(measure)
                group = groups[measure, scenario] = ([], [], [])
            group[0].append(position[unit])
            group[1].append(period.ordinal)
            group[2].append(value)
        first = min((min(group[1]) for group in groups.values()), default=0)
        last = max((max(group[1]) for group in groups.values()), default=-1)
        start = Period.quarter(first // 4, first % 4 + 1) if groups else None
        quarters = tuple(start.shift(step) for step in range(last - first + 1)) if start else ()
        shape = (len(position), len(quarters))
        columns: dict[tuple[str, Scenario], Column] = {}
        for key, (units, ordinals, values) in groups.items():
            whole, exponent = scale(values, shape[0] * shape[1])
            cells, present = np.zeros(shape, whole.dtype), np.zeros(shape, np.bool_)
            at = (np.array(units), np.array(ordinals) - first)
            cells[at], present[at] = whole, True
            columns[key] = Column(cells, present, exponent)
        return cls(columns, quarters, organisation, catalogue, template, calendar or FiscalCalendar())

    def until(self, last: Period) -> "Panel":
        """This panel with empty quarters behind it up to ``last``; as it is where it reaches so far already."""
        first = self.quarters[0] if self.quarters else last
        more = max(0, last.ordinal - first.ordinal + 1 - len(self.quarters))
        room = ((0, 0), (0, more))
        columns = {
            key: Column(np.pad(column.values, room), np.pad(column.present, room), column.exponent)
            for key, column in self.columns.items()
        }
        quarters = tuple(quarter_range(first, first.shift(len(self.quarters) + more - 1)))
        return Panel(columns, quarters, self.organisation, self.catalogue, self.template, self.calendar)

    def with_actuals(self, cells: Mapping[str, Mapping[tuple[int, int], Decimal]]) -> "Panel":
        """Another panel with these actual values, by component and (org unit, quarter) position; this one stays as it
        is. What was evaluated of KPIs that read none of the components is taken over."""
        nothing = np.zeros((len(self.tree.units), len(self.quarters)), np.int64)
        columns = dict(self.columns)
        for component, values in cells.items():
            given = columns.get((component, Scenario.ACTUAL), Column(nothing, nothing.astype(np.bool_)))
            columns[component, Scenario.ACTUAL] = with_cells(given, values)
        changed = Panel(columns, self.quarters, self.organisation, self.catalogue, self.template, self.calendar)
        untouched = {
            kpi.code for kpi in self.catalogue.kpis if cells.keys().isdisjoint(measures_behind(kpi, self.catalogue))
        }
        changed.cache |= {key: found for key, found in self.cache.copy().items() if key[0] in untouched}
        return changed

    def fact_column(self, measure: str, scenario: Scenario) -> Column | None:
        """The facts as given; ``actual`` with ``restated`` in its place wherever that stands."""
        column = self.columns.get((measure, scenario))
        restated = self.columns.get((measure, Scenario.RESTATED)) if scenario is Scenario.ACTUAL else None
        if column is None or restated is None:
            return column if restated is None else restated
        exponent = max(column.exponent, restated.exponent)
        values = np.where(restated.present, restated.scaled(exponent), column.scaled(exponent))
        return Column(values, column.present | restated.present, exponent)

    @cached_property
    def read(self) -> Read:
        """Component columns, derived ones filled in."""
        return with_derived(self.fact_column, self.catalogue)

    @cached_property
    def position(self) -> dict[str, int]:
        """Row of each org unit."""
        return {code: index for index, code in enumerate(self.tree.units)}

    def at(self, quarter: Period) -> int | None:
        """Column of a quarter; None outside the panel."""
        index = quarter.ordinal - self.quarters[0].ordinal if self.quarters else -1
        return index if 0 <= index < len(self.quarters) else None

    @cached_property
    def last_actual(self) -> Period | None:
        """The last quarter that has any actual."""
        filled = [
            int(np.flatnonzero(column.present.any(axis=0))[-1])
            for (_, scenario), column in self.columns.items()
            if scenario is not Scenario.PLAN and column.present.any()
        ]
        return self.quarters[max(filled)] if filled else None
