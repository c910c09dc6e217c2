"""What a scenario starts from: the facts, and where nothing is known yet the middle of a run's forecast."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from typing import Final

import numpy as np

from forecast.scenario.medians import Medians
from kpi.errors import refuse
from kpi.facts import Scenario
from kpi.periods import Period
from kpi.scorecard.exact import WIDE
from kpi.scorecard.panel import Panel
from kpi.scorecard.rollup import QUARTERS, Mask

_DIGITS: Final = 12  # kept of the largest forecast of a component, and as many decimals of all the others

At = tuple[int, int]
"""Position of org unit and quarter in a panel."""


@dataclass(frozen=True)
class Base:
    """``panel`` holds facts and medians alike as actual values, so that the scorecard's own rules work on both;
    ``open_cells`` (org unit, quarter) marks those of the medians, by component: what a scenario may change."""

    panel: Panel
    open_cells: Mapping[str, Mask]

    @cached_property
    def quarters(self) -> tuple[Period, ...]:
        """The coming quarters, which the run forecast."""
        ahead = np.zeros(len(self.panel.quarters), np.bool_)
        for cells in self.open_cells.values():
            ahead |= cells.any(axis=0)
        return tuple(quarter for quarter, there in zip(self.panel.quarters, ahead, strict=True) if there)

    @cached_property
    def years(self) -> tuple[int, ...]:
        """The fiscal years that have a quarter to come and none that is not known or forecast."""
        last = self.quarters[-1] if self.quarters else None
        years = sorted({quarter.year for quarter in self.quarters})
        return tuple(year for year in years if last and Period.quarter(year, QUARTERS) <= last)

    @cached_property
    def below(self) -> Mapping[int, tuple[int, ...]]:
        """The rows of the org units directly below each row."""
        rows, organisation = self.panel.position, self.panel.organisation
        return {row: tuple(rows[child.code] for child in organisation.children(code)) for code, row in rows.items()}

    def cells_of(self, component: str, org_unit: str, quarter: Period) -> tuple[At, ...]:
        """The forecast cells that make up the component in the org unit and quarter, as values roll up: its own, or
        those that count for the org units below it."""
        at, open_cells = self.panel.at(quarter), self.open_cells.get(component)
        column = self.panel.fact_column(component, Scenario.ACTUAL)
        if at is None or column is None or open_cells is None or org_unit not in self.panel.position:
            return ()
        row, alone = self.panel.position[org_unit], self.panel.catalogue.component[component].over_units == "none"
        counting = [row] if alone else self._counting(column.present[:, at], row)
        return tuple((row, at) for row in counting if open_cells[row, at])

    def _counting(self, stands: Mask, row: int) -> Iterator[int]:
        if stands[row]:
            yield row
            return
        for child in self.below[row]:
            yield from self._counting(stands, child)


def amount_at(panel: Panel, component: str, at: At) -> Decimal:
    """The actual value of a component in a cell that has one."""
    column = panel.columns[component, Scenario.ACTUAL]
    return Decimal(int(column.values[at])).scaleb(-column.exponent, WIDE)


def build_base(facts: Panel, medians: Medians) -> Base:
    """The base of ``facts`` and the medians of a run of them; what is known stands as it was reported.

    Raises Refused when the definitions no longer have what was forecast.
    """
    quarters = [quarter for values in medians.values.values() for _, quarter in values]
    panel = facts.until(max(quarters)) if quarters else facts
    filled: dict[str, dict[At, Decimal]] = {}
    for component, values in medians.values.items():
        _check(component, {unit for unit, _ in values}, panel)
        known = panel.fact_column(component, Scenario.ACTUAL)
        peak = max(map(abs, values.values()))
        places = max(0, _DIGITS - 1 - peak.adjusted()) if peak else 0
        cells = filled[component] = {}
        for (unit, quarter), value in values.items():
            at = (panel.position[unit], quarter.ordinal - panel.quarters[0].ordinal)
            if known is None or not known.present[at]:
                cells[at] = WIDE.quantize(value, Decimal(1).scaleb(-places))
    return Base(panel.with_actuals(filled), {component: _marked(cells, panel) for component, cells in filled.items()})


def _marked(cells: Iterable[At], panel: Panel) -> Mask:
    marked = np.zeros((len(panel.tree.units), len(panel.quarters)), np.bool_)
    for at in cells:
        marked[at] = True
    return marked


def _check(component: str, units: set[str], panel: Panel) -> None:
    gone = [component] if component not in panel.catalogue.component else sorted(units - panel.position.keys())
    if gone:
        names = ", ".join(gone)
        raise refuse(
            f"现在的目录或组织结构里没有 {names}，而预测里有。请重新运行预测。",
            f"the catalogue or the organisation does not have {names} any more, which were forecast. Forecast again.",
        )
