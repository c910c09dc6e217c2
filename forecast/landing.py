"""From component paths to KPIs: quarter, year to date, landing, and the chance of meeting the target.

Ratios are divided path by path after both sides were added over org units and quarters, never averaged.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from forecast.inputs import RunInputs
from forecast.paths import Paths, quantile
from forecast.records import KpiForecast
from forecast.series import SeriesPanel, kpis_of, version_in_force
from kpi.catalogue.models import Catalogue, Direction, KpiVersion
from kpi.facts import Scenario
from kpi.periods import Period, quarter_range
from kpi.scorecard.evaluate import Evaluation, is_additive, quotient
from kpi.scorecard.panel import Panel
from kpi.scorecard.results import Window
from kpi.scorecard.terms import Column, with_derived
from kpi.scorecard.values import kpi_target
from kpi.units import Dimension

Floats = NDArray[np.float64]
WINDOWS = (Window.QUARTER, Window.YTD, Window.YEAR)
_YEARS_BACK = 2  # what opening balances, the year before and four rolling quarters can reach


@dataclass(frozen=True)
class Scene:
    """Component paths and plans on common axes: (sample, org unit, quarter), known quarters before forecast ones."""

    columns: dict[tuple[str, Scenario], Column]
    quarters: tuple[Period, ...]
    known: int


def forecast_kpis(
    inputs: RunInputs, panel: SeriesPanel, paths: Paths, progress: Callable[[float], None]
) -> Iterator[KpiForecast]:
    """A row for every KPI of the scorecard, org unit, forecast quarter and window that has a value."""
    facts = Panel.build(inputs.rows, inputs.organisation, inputs.catalogue, inputs.template, inputs.calendar)
    scene = _scene(facts, panel, paths)
    codes = kpis_of(inputs.template)
    for position, code in enumerate(codes):
        version = version_in_force(inputs.catalogue, code, panel.quarters[-1], inputs.calendar)
        yield from _kpi_rows(code, version, facts, scene)
        progress((position + 1) / len(codes))


def _scene(facts: Panel, panel: SeriesPanel, paths: Paths) -> Scene:
    last = panel.quarters[-1]
    first = Period.quarter(last.year - _YEARS_BACK, 1)
    quarters = tuple(quarter_range(first, last.shift(paths.samples.shape[2])))
    known = last.ordinal - first.ordinal + 1
    shape = (len(facts.tree.units), len(quarters))
    columns = {
        key: Column(*_moved(column, facts, quarters), column.exponent)
        for key, column in facts.columns.items()
        if key[1] is Scenario.PLAN
    }
    for component in dict.fromkeys(component for component, _ in panel.ids):
        columns[component, Scenario.ACTUAL] = Column(
            np.zeros((len(paths.samples), *shape)), np.zeros(shape, dtype=np.bool_)
        )
    past = max(0, panel.quarters[0].ordinal - first.ordinal)
    shown = known - past
    reported, there = panel.as_reported
    for row, (component, unit) in enumerate(panel.ids):
        column, at = columns[component, Scenario.ACTUAL], facts.position[unit]
        column.values[:, at, past:known] = reported[row, -shown:]
        column.present[at, past:known] = there[row, -shown:]
        if paths.methods[row].method != "ended":
            column.values[:, at, known:] = paths.samples[:, row]
            column.present[at, known:] = True
    return Scene(columns, quarters, known)


def _moved(column: Column, facts: Panel, quarters: tuple[Period, ...]) -> tuple[NDArray[np.float64], NDArray[np.bool_]]:
    """A column's values, still scaled, and mask on other quarters."""
    shape = (column.values.shape[0], len(quarters))
    values, present = np.zeros(shape), np.zeros(shape, dtype=np.bool_)
    for index, quarter in enumerate(quarters):
        source = facts.at(quarter)
        if source is not None:
            values[:, index] = column.values[:, source].astype(np.float64)
            present[:, index] = column.present[:, source]
    return values, present


def _kpi_rows(code: str, version: KpiVersion, facts: Panel, scene: Scene) -> Iterator[KpiForecast]:
    read = with_derived(lambda component, scenario: scene.columns.get((component, scenario)), facts.catalogue)
    last = len(scene.quarters) - 1
    additive = is_additive(version, facts.catalogue)
    evaluation = Evaluation(version, read, facts.tree, scene.quarters, last, additive)
    bounded = False
    for window in WINDOWS:
        grid = evaluation.actual(window)
        if grid is None:
            return
        values = np.broadcast_to(quotient(grid), _full_shape(scene, facts))
        if window is Window.QUARTER:
            bounded = is_part_of_whole(version, facts.catalogue, values[0, :, : scene.known])
        if bounded:
            values = np.minimum(values, 1.0)
        yield from _window_rows(code, version, facts, scene, window, values)


def _full_shape(scene: Scene, facts: Panel) -> tuple[int, int, int]:
    samples = next(c.values.shape[0] for (_, scenario), c in scene.columns.items() if scenario is Scenario.ACTUAL)
    return samples, len(facts.tree.units), len(scene.quarters)


def _window_rows(
    code: str, version: KpiVersion, facts: Panel, scene: Scene, window: Window, values: Floats
) -> Iterator[KpiForecast]:
    for row, unit in enumerate(facts.tree.units):
        for at in range(scene.known, len(scene.quarters)):
            quarter = scene.quarters[at]
            if window is Window.YEAR and quarter.index != 4:
                continue
            drawn = values[:, row, at]
            drawn = drawn[np.isfinite(drawn)]
            if 2 * len(drawn) <= len(values):
                # Mostly without a denominator: no number is more honest than one from a few paths.
                continue
            target = kpi_target(facts, code, unit, quarter, window).amount
            yield KpiForecast(
                kpi=code,
                org_unit=unit,
                period=quarter,
                window=window,
                p10=float(quantile(drawn, 0.1)),
                p50=float(quantile(drawn, 0.5)),
                p90=float(quantile(drawn, 0.9)),
                chance=None if target is None else chance_of(drawn, float(target), version),
            )


def chance_of(drawn: Floats, target: float, version: KpiVersion) -> float:
    """The share of paths that meet the target: at least it, at most it, or inside the full band around it."""
    if version.bands is not None:
        edges = sorted(float(edge) * target for edge in version.bands.full)
        met = (drawn >= edges[0]) & (drawn <= edges[1])
    elif version.direction is Direction.LOWER_BETTER:
        met = drawn <= target
    else:
        met = drawn >= target
    return int(met.sum()) / len(drawn)


def is_part_of_whole(version: KpiVersion, catalogue: Catalogue, known: Floats) -> bool:
    """Whether a KPI is the share of a whole and so never above 1.

    Both sides are one component each, actual, of the same moment, kind and unit; they count pieces, or more is better
    (claims over premium is money over money too, but may well exceed 1); and no known value, (org unit, quarter) with
    NaN where there is none, ever did exceed 1. Below zero no share can fall, because its components cannot.
    """
    if catalogue.units[version.unit].dimension is not Dimension.SHARE or len(version.denominator) != 1:
        return False
    top, below = version.numerator[0], version.denominator[0]
    parts = [catalogue.component[term.component] for term in (top, below)]
    alike = all(
        (
            len(version.numerator) == 1,
            top.factor == below.factor == 1,
            top.at == below.at == "closing",
            top.scenario is None and below.scenario is None,
            *(a.unit == b.unit and a.kind == b.kind for a, b in pairwise(parts)),
            not any(part.may_be_negative for part in parts),
        )
    )
    counted = catalogue.units[parts[0].unit].dimension is Dimension.COUNT
    seen = known[np.isfinite(known)]
    return alike and (counted or version.direction is Direction.HIGHER_BETTER) and bool((seen <= 1.0).all())
