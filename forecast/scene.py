"""Sample paths beside the known quarters and the plans, as a panel that the scorecard's own rules can read."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from forecast.inputs import RunInputs
from forecast.paths import Paths
from forecast.series import SeriesPanel
from kpi.catalogue.models import Catalogue
from kpi.facts import Scenario
from kpi.periods import Period, quarter_range
from kpi.scorecard.panel import Panel
from kpi.scorecard.rollup import QUARTERS, Cells, Mask
from kpi.scorecard.terms import Column

Floats = NDArray[np.float64]
_YEARS_BACK = 2  # what opening balances, the year before and four rolling quarters can reach
_EXACT = 2**53  # float64 holds every whole number up to here
_SPARE = 16  # room for the factors of formulas
_FINEST = 9  # decimals kept of a quantity however small


@dataclass(frozen=True)
class Scene:
    """``panel`` holds actual columns of (sample, org unit, quarter) and plans of (org unit, quarter).

    The first ``known`` quarters are the same in every one of the ``samples`` paths. Actual columns are whole numbers
    of a small decimal unit, so that branches add up to the head office, and quarters to the year, exactly.
    """

    panel: Panel
    known: int
    samples: int

    @property
    def ahead(self) -> tuple[Period, ...]:
        """The forecast quarters."""
        return self.panel.quarters[self.known :]

    @cached_property
    def shape(self) -> tuple[int, int, int]:
        """(sample, org unit, quarter)."""
        return self.samples, len(self.panel.tree.units), len(self.panel.quarters)


def build_scene(inputs: RunInputs, series: SeriesPanel, paths: Paths) -> Scene:
    """The scene from two fiscal years before the last known quarter's to the horizon."""
    facts = Panel.build(inputs.rows, inputs.organisation, inputs.catalogue, inputs.template, inputs.calendar)
    last = series.quarters[-1]
    first = Period.quarter(last.year - _YEARS_BACK, 1)
    quarters = tuple(quarter_range(first, last.shift(paths.samples.shape[2])))
    known = last.ordinal - first.ordinal + 1
    plans = _plans(facts, quarters)
    actual = _actual_columns(facts, series, paths, known, len(quarters))
    panel = Panel(plans | actual, quarters, inputs.organisation, inputs.catalogue, inputs.template, inputs.calendar)
    return Scene(panel, known, len(paths.samples))


def scene_of_past(inputs: RunInputs, series: SeriesPanel, said: Floats, there: Mask) -> Scene:
    """What came as sample 0; each further sample has one quarter as it was ``said`` a quarter before.

    ``said`` is (origin, series), the last row being said of the newest quarter. A cell of these quarters is present in
    all samples or, where it is not ``there`` or did not come, in none, so that values of one quarter rest on the same.
    """
    facts = Panel.build(inputs.rows, inputs.organisation, inputs.catalogue, inputs.template, inputs.calendar)
    back = min(len(series.quarters), len(said) + _YEARS_BACK * QUARTERS)
    quarters, values, present = series.quarters[-back:], series.values[:, -back:], series.present[:, -back:].copy()
    first = back - len(said)
    present[:, first:] &= there.T
    exponents = _exponents(series, said[:, :, None], facts)
    columns: dict[tuple[str, Scenario], Column] = {}
    shape = (len(facts.tree.units), back)
    for row, (component, unit) in enumerate(series.ids):
        key, at = (component, Scenario.ACTUAL), facts.position[unit]
        if key not in columns:
            cells = np.zeros((1 + len(said), *shape))
            columns[key] = Column(cells, np.zeros(shape, dtype=np.bool_), exponents[component])
        column, scale = columns[key], float(10 ** exponents[component])
        column.values[:, at] = np.where(present[row], np.rint(values[row] * scale), 0.0)
        column.present[at] = present[row]
        for origin in np.flatnonzero(present[row, first:]):
            column.values[1 + origin, at, first + origin] = np.rint(said[origin, row] * scale)
    plans = _plans(facts, quarters)
    panel = Panel(plans | columns, quarters, inputs.organisation, inputs.catalogue, inputs.template, inputs.calendar)
    return Scene(panel, back, 1 + len(said))


def _plans(facts: Panel, quarters: tuple[Period, ...]) -> dict[tuple[str, Scenario], Column]:
    return {
        key: Column(*_moved(column, facts, quarters), column.exponent)
        for key, column in facts.columns.items()
        if key[1] is Scenario.PLAN
    }


def _moved(column: Column, facts: Panel, quarters: tuple[Period, ...]) -> tuple[Cells, Mask]:
    """A column's values, still scaled and exact, and mask on other quarters."""
    shape = (column.values.shape[0], len(quarters))
    values, present = np.zeros(shape, column.values.dtype), np.zeros(shape, dtype=np.bool_)
    for index, quarter in enumerate(quarters):
        source = facts.at(quarter)
        if source is not None:
            values[:, index] = column.values[:, source]
            present[:, index] = column.present[:, source]
    return values, present


def _actual_columns(
    facts: Panel, series: SeriesPanel, paths: Paths, known: int, length: int
) -> dict[tuple[str, Scenario], Column]:
    shape = (len(facts.tree.units), length)
    exponents = _exponents(series, paths.samples, facts)
    columns = {
        (component, Scenario.ACTUAL): Column(
            np.zeros((len(paths.samples), *shape)), np.zeros(shape, dtype=np.bool_), exponents[component]
        )
        for component in dict.fromkeys(component for component, _ in series.ids)
    }
    past = max(0, known - len(series.quarters))
    shown = known - past
    reported, there = series.as_reported
    for row, (component, unit) in enumerate(series.ids):
        column, at = columns[component, Scenario.ACTUAL], facts.position[unit]
        scale = float(10**column.exponent)
        column.values[:, at, past:known] = np.rint(reported[row, -shown:] * scale)
        column.present[at, past:known] = there[row, -shown:]
        if paths.methods[row].method != "ended":
            column.values[:, at, known:] = np.rint(paths.samples[:, row] * scale)
            column.present[at, known:] = True
    return columns


def _exponents(series: SeriesPanel, samples: Floats, facts: Panel) -> dict[str, int]:
    """For each component how many decimals to keep, one number for all components of a unit of measure, because
    formulas add them: as many as leave the sum over all org units and a year's quarters exact."""
    catalogue: Catalogue = facts.catalogue
    peaks: dict[str, int] = {}
    for row, (component, _) in enumerate(series.ids):
        unit = catalogue.component[component].unit
        peak = max(float(np.abs(series.values[row]).max()), float(np.abs(samples[:, row]).max()))
        peaks[unit] = max(peaks.get(unit, 1), int(peak) + 1)
    room = len(facts.tree.units) * QUARTERS * _SPARE
    fitting = {
        unit: next((e for e in range(_FINEST, 0, -1) if peak * room * 10**e < _EXACT), 0)
        for unit, peak in peaks.items()
    }
    return {component: fitting[catalogue.component[component].unit] for component, _ in series.ids}
