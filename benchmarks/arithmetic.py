"""How long exact arithmetic takes beside plain pandas floats.

Run ``python -m benchmarks.arithmetic`` (about ten seconds). It builds an insurer of 2,000 org units on four levels
with 40 quarters of 20 ratio KPIs, then computes every KPI for every org unit and quarter, in the quarter and in the
year to date: both sides added up the tree and over the quarters, divided last. Ours are exact integers of cents with
masks for missing data and counts of what each number rests on; the peer is a ``groupby`` and a ``cumsum`` of floats.
Both start from columns in memory, run in this one process in turn, and the better of three rounds counts. The sums
are then checked against each other.

Printed: both times and their ratio (at most 5 is the aim), and what it takes to load the facts and to read values as
decimals, which the peer does not do.
"""

import sys
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from time import perf_counter
from typing import TypeVar

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from kpi.catalogue.models import Catalogue, Kpi
from kpi.facts import Scenario
from kpi.organisation import Organisation, OrgUnit
from kpi.periods import FiscalCalendar, Period
from kpi.scorecard.evaluate import Evaluation, Grid, is_additive, quotient
from kpi.scorecard.panel import Panel
from kpi.scorecard.results import Window
from kpi.scorecard.rollup import Tree
from kpi.scorecard.terms import Column
from kpi.scorecard.values import kpi_by_unit
from kpi.text import Text
from kpi.units import Dimension, Unit, UnitTable

KPIS, UNITS, QUARTERS, ROUNDS = 20, 2000, 40, 3
BRANCHES, DEPARTMENTS = 30, 300
FIRST = Period.quarter(2016, 1)
T = TypeVar("T")
WINDOWS = (Window.QUARTER, Window.YTD)


@dataclass(frozen=True)
class Company:
    """Cents of every component, (leaf, quarter), and where each leaf hangs in the tree."""

    organisation: Organisation
    catalogue: Catalogue
    leaves: NDArray[np.int64]
    cents: dict[str, NDArray[np.int64]]

    @property
    def quarters(self) -> tuple[Period, ...]:
        """The quarters of the columns."""
        return tuple(FIRST.shift(step) for step in range(QUARTERS))


def main() -> int:
    """Measure and print; 1 when the two disagree."""
    company = build_company()
    frame = long_frame(company)
    ours, grids = best(lambda: evaluate(company))
    theirs, table = best(lambda: group(frame))
    difference = largest_difference(company, grids, table)
    print(f"{KPIS} KPIs x {UNITS} org units x {QUARTERS} quarters, quarter and year to date")
    print(f"exact integers   {ours:8.3f} s")
    print(f"pandas floats    {theirs:8.3f} s")
    print(f"ratio            {ours / theirs:8.2f}")
    print(f"largest relative difference of a value: {difference:.1e}")
    started = perf_counter()
    panel = load(company)
    rows = len(company.leaves) * QUARTERS * len(company.cents)
    print(f"loading {rows:,} facts: {perf_counter() - started:.1f} s")
    kpi_by_unit(panel, "kpi_0", FIRST, Window.YTD)
    started = perf_counter()
    kpi_by_unit(panel, "kpi_0", company.quarters[-1], Window.YTD)
    print(f"reading one KPI of all org units at one quarter as decimals: {perf_counter() - started:.3f} s")
    return int(difference > 1e-9)


def best(work: Callable[[], T]) -> tuple[float, T]:
    """The shortest time of some rounds, and the last result."""
    times: list[float] = []
    for _ in range(ROUNDS):
        started = perf_counter()
        result = work()
        times.append(perf_counter() - started)
    return min(times), result


def evaluate(company: Company) -> list[Grid]:
    """Every KPI in both windows by the scorecard's own arithmetic, divided as floats at the end."""
    tree = Tree.from_organisation(company.organisation)
    columns = {code: on_all_units(company, cents) for code, cents in company.cents.items()}
    grids: list[Grid] = []
    for kpi in company.catalogue.kpis:
        version = kpi.current
        additive = is_additive(version, company.catalogue)
        evaluation = Evaluation(
            version,
            lambda code, scenario: columns.get(code) if scenario is Scenario.ACTUAL else None,
            tree,
            company.quarters,
            QUARTERS - 1,
            additive,
        )
        for window in WINDOWS:
            grid = evaluation.actual(window)
            if grid is None:
                raise AssertionError(f"{kpi.code} has no data")
            quotient(grid)
            grids.append(grid)
    return grids


def on_all_units(company: Company, cents: NDArray[np.int64]) -> Column:
    """A component's column with rows for every org unit, empty above the leaves."""
    values = np.zeros((UNITS, QUARTERS), np.int64)
    present = np.zeros((UNITS, QUARTERS), np.bool_)
    values[company.leaves], present[company.leaves] = cents, True
    return Column(values, present, 2)


def group(frame: pd.DataFrame) -> pd.DataFrame:
    """The same sums with pandas: group by each level, append, accumulate over the year, divide."""
    codes = [f"c_{number}" for number in range(2 * KPIS)]
    levels = [
        frame.groupby([level, "year", "quarter"], sort=True)[codes].sum().reset_index(names=["unit", "year", "quarter"])
        for level in ("leaf", "department", "branch", "head")
    ]
    whole = pd.concat(levels, ignore_index=True)
    ytd = whole.groupby(["unit", "year"], sort=False)[codes].cumsum()
    ratios = {}
    for number in range(KPIS):
        top, below = f"c_{2 * number}", f"c_{2 * number + 1}"
        ratios[f"kpi_{number}", Window.QUARTER] = whole[top] / whole[below]
        ratios[f"kpi_{number}", Window.YTD] = ytd[top] / ytd[below]
    return pd.concat([whole[["unit", "year", "quarter"]], pd.DataFrame(ratios)], axis=1)


def largest_difference(company: Company, grids: list[Grid], table: pd.DataFrame) -> float:
    """How far the two are apart at most, as a share of the value."""
    rows = table["unit"].to_numpy(np.int64)
    at = ((table["year"] - FIRST.year) * 4 + table["quarter"] - 1).to_numpy(np.int64)
    worst = 0.0
    keys = [(kpi.code, window) for kpi in company.catalogue.kpis for window in WINDOWS]
    for key, grid in zip(keys, grids, strict=True):
        exact = quotient(grid)[rows, at]
        worst = max(worst, float(np.max(np.abs(table[key].to_numpy() - exact) / np.abs(exact))))
    return worst


def load(company: Company) -> Panel:
    """A panel from single facts, as a snapshot gives them."""
    codes = [unit.code for unit in company.organisation.units]
    rows = (
        (code, codes[leaf], quarter, Scenario.ACTUAL, Decimal(int(cents[row, at])).scaleb(-2))
        for code, cents in company.cents.items()
        for row, leaf in enumerate(company.leaves)
        for at, quarter in enumerate(company.quarters)
    )
    return Panel.build(rows, company.organisation, company.catalogue, None, FiscalCalendar())


def build_company() -> Company:
    """The insurer, always the same numbers."""
    units = [_unit("u_0", None)]
    parents = np.zeros(UNITS, np.int64)
    for at in range(1, UNITS):
        if at > BRANCHES:
            inner = at <= BRANCHES + DEPARTMENTS
            parents[at] = 1 + at % BRANCHES if inner else 1 + BRANCHES + at % DEPARTMENTS
        units.append(_unit(f"u_{at}", f"u_{parents[at]}"))
    leaves = np.arange(1 + BRANCHES + DEPARTMENTS, UNITS)
    random = np.random.default_rng(20260101)
    cents = {f"c_{number}": random.integers(1, 10**9, (len(leaves), QUARTERS)) for number in range(2 * KPIS)}
    return Company(Organisation(name=_text("insurer"), units=tuple(units)), _catalogue(), leaves, cents)


def long_frame(company: Company) -> pd.DataFrame:
    """The same numbers as floats, a row for each leaf and quarter, with the positions of the units above it."""
    position = {unit.code: at for at, unit in enumerate(company.organisation.units)}
    above = [[position[unit.code] for unit in company.organisation.ancestors(f"u_{at}")] for at in company.leaves]
    frame = pd.DataFrame({code: (cents / 100).ravel() for code, cents in company.cents.items()})
    frame["leaf"] = np.repeat(company.leaves, QUARTERS)
    for number, level in enumerate(("department", "branch", "head")):
        frame[level] = np.repeat([units[number] for units in above], QUARTERS)
    frame["year"] = np.tile([quarter.year for quarter in company.quarters], len(company.leaves))
    frame["quarter"] = np.tile([quarter.index for quarter in company.quarters], len(company.leaves))
    return frame


def _text(code: str) -> Text:
    return Text(zh=code, en=code)


def _unit(code: str, parent: str | None) -> OrgUnit:
    return OrgUnit(code=code, name=_text(code), kind="branch" if parent else "head_office", parent=parent)


def _catalogue() -> Catalogue:
    yuan = Unit(code="yuan", dimension=Dimension.MONEY, factor=Decimal(1), name=_text("yuan"))
    texts = {"name": _text("a"), "description": _text("a"), "owner": _text("a"), "data_source": _text("a")}
    kpis = [
        {
            "code": f"kpi_{number}",
            "perspective": "financial",
            "evidence": {"level": "practice"},
            "versions": [
                {
                    "effective_from": "2000-01-01",
                    "measure": "ratio",
                    "direction": "higher_better",
                    "unit": "yuan",
                    "numerator": [{"component": f"c_{2 * number}"}],
                    "denominator": [{"component": f"c_{2 * number + 1}"}],
                }
            ],
            **texts,
        }
        for number in range(KPIS)
    ]
    components = [
        {"code": f"c_{number}", "name": _text("a"), "kind": "flow", "unit": "yuan"} for number in range(2 * KPIS)
    ]
    return Catalogue.model_validate(
        {
            "units": UnitTable(units=(yuan,)),
            "components": components,
            "kpis": [Kpi.model_validate(content) for content in kpis],
        }
    )


if __name__ == "__main__":
    sys.exit(main())
