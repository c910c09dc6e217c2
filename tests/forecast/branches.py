"""Panels whose branches add up to something, built by code without any training."""

from collections.abc import Mapping

import numpy as np

from forecast.choice import Choices, choose
from forecast.config import ForecastConfig
from forecast.draws import dyadic, stream
from forecast.reconcile import Family
from forecast.series import SeriesPanel
from forecast.totals import Totals, beside, rows_of, totals_of
from forecast.training.fit import Fitted
from forecast.windows import Floats, Mask
from kpi.organisation import Organisation, OrgUnit
from kpi.periods import quarter_range
from tests.forecast.builders import TINY, catalogue, words
from tests.forecast.unfitted import FIRST, unfitted

FLAT: Mapping[str, str | None] = {"head": None, "a": "head", "b": "head", "c": "head", "d": "head"}


def organisation(parents: Mapping[str, str | None]) -> Organisation:
    """Org units with their parents, each parent first."""
    units = (
        OrgUnit(code=code, name=words(code), kind="branch" if parent else "head_office", parent=parent)
        for code, parent in parents.items()
    )
    return Organisation(name=words("company"), units=tuple(units))


def panel(
    series: Mapping[tuple[str, str], Floats], present: Mapping[tuple[str, str], Mask] | None = None
) -> SeriesPanel:
    """A panel of series by component and org unit."""
    ids = tuple(sorted(series))
    values = np.stack([series[key] for key in ids])
    there = np.stack([(present or {}).get(key, np.ones(values.shape[1], dtype=np.bool_)) for key in ids])
    quarters = tuple(quarter_range(FIRST, FIRST.shift(values.shape[1] - 1)))
    return SeriesPanel(ids, quarters, np.where(there, values, 0.0), there)


def smooth_above(quarters: int, seed: int = 3) -> dict[tuple[str, str], Floats]:
    """Four branches of a company that grows evenly; what one wins in a quarter the others lose."""
    noise = 300.0 * dyadic(stream(seed, 98), (4, quarters))
    noise = noise - noise.mean(0)
    trend = 1000.0 + 12.0 * np.arange(float(quarters))
    return {("claims", unit): trend + noise[row] for row, unit in enumerate("abcd")}


def family(
    given: SeriesPanel, parents: Mapping[str, str | None] = FLAT, config: ForecastConfig = TINY
) -> tuple[Family, Fitted, Choices, Totals]:
    """What a run would hold with a network that says nothing beyond its base."""
    totals = totals_of(given, organisation(parents), catalogue())
    values, present = beside(given, totals)
    ids = (*given.ids, *totals.ids)
    whole = unfitted(SeriesPanel(ids, given.quarters, values, present), config)
    fitted = rows_of(whole, 0, len(given.ids))
    choices = choose(given, fitted, config)
    return Family.of(totals, whole, choices, config), fitted, choices, totals
