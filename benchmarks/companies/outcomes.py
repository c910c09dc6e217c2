"""What was forecast of a simulated company beside what came, worked out by the scorecard itself on all facts."""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from math import erf, sqrt

from benchmarks.companies.simulate import HEAD_OFFICE, YEAR, Company
from forecast.records import KpiForecast
from forecast.series import Row
from kpi.facts import Scenario
from kpi.periods import Period
from kpi.scorecard.panel import Panel
from kpi.scorecard.results import Window
from kpi.scorecard.rollup import QUARTERS
from kpi.scorecard.status import Zones, zones_of
from kpi.scorecard.values import KpiView

_FEWEST_YEARS = 2  # whose naive landings give a spread


@dataclass(frozen=True, slots=True)
class Outcome:
    """One value that was forecast, in the KPI's unit.

    ``ahead`` are the quarters that were still to come: to the quarter itself, or in the year. ``naive`` is what comes
    when every open quarter is like that of last year. ``met`` says whether the plan was, ``chance`` and
    ``naive_chance`` how likely that was said to be; None where there is no plan, or no spread of naive landings.
    """

    company: int
    kpi: str
    head_office: bool
    window: Window
    ahead: int
    low: float
    middle: float
    high: float
    truth: float
    naive: float | None
    chance: float | None = None
    met: bool | None = None
    naive_chance: float | None = None

    @property
    def inside(self) -> bool:
        """Whether the value came to lie within P10 to P90."""
        return self.low <= self.truth <= self.high


def outcomes(number: int, company: Company, forecasts: tuple[KpiForecast, ...]) -> Iterator[Outcome]:
    """The quarters ahead and the landing of the year that is open."""
    truth, naive = company.panel(company.rows), company.panel(repeated(company))
    for row in forecasts:
        if row.window is Window.QUARTER or (row.window is Window.YEAR and row.period.year == YEAR):
            found = _outcome(number, company, row, truth, naive)
            if found is not None:
                yield found


def repeated(company: Company) -> tuple[Row, ...]:
    """All facts, but in every year the quarters after the one of the forecast are those of the year before."""
    actual = {row[:3]: row for row in company.rows if row[3] is Scenario.ACTUAL}
    kept: list[Row] = [row for row in company.rows if row[3] is Scenario.PLAN]
    for (measure, unit, quarter), row in actual.items():
        if quarter.index <= company.last.index and quarter <= company.last:
            kept.append(row)
        elif quarter.year <= YEAR and (before := actual.get((measure, unit, quarter.shift(-QUARTERS)))):
            kept.append((measure, unit, quarter, Scenario.ACTUAL, before[4]))
    return tuple(kept)


def _outcome(number: int, company: Company, row: KpiForecast, truth: Panel, naive: Panel) -> Outcome | None:
    view, shadow = (KpiView(panel, company.catalogue.kpi[row.kpi]) for panel in (truth, naive))
    value = view.value(row.org_unit, row.period, row.window).amount
    if value is None:
        return None
    in_year = row.window is Window.YEAR
    ahead = row.period.ordinal - company.last.ordinal
    beside = shadow.value(row.org_unit, row.period, row.window).amount if in_year or ahead <= QUARTERS else None
    chance, met, naive_chance = None, None, None
    if in_year and row.chance is not None:
        same, goal = view.comparison(row.org_unit, row.period, row.window)
        version = view.version_at(row.period)
        zones = zones_of(goal.amount, version.direction, version.bands)
        if zones is not None and same.amount is not None:
            chance, met = row.chance, zones.green.holds(same.amount)
            naive_chance = _normal_chance(row, zones, view, shadow)
    return Outcome(
        company=number,
        kpi=row.kpi,
        head_office=row.org_unit == HEAD_OFFICE,
        window=row.window,
        ahead=ahead,
        low=row.p10,
        middle=row.p50,
        high=row.p90,
        truth=float(value),
        naive=None if beside is None else float(beside),
        chance=chance,
        met=met,
        naive_chance=naive_chance,
    )


def _normal_chance(row: KpiForecast, zones: Zones, view: KpiView, shadow: KpiView) -> float | None:
    """The chance of green around the naive landing, with the spread of what such landings missed by in past years."""
    here = shadow.value(row.org_unit, row.period, Window.YEAR).amount
    misses = []
    for year in range(view.panel.quarters[0].year + 1, YEAR):
        if Period.quarter(year - 1, 1) < view.panel.quarters[0]:
            continue  # not all of the year before is known, so a rest like it is not either
        end = Period.quarter(year, QUARTERS)
        came, said = (each.value(row.org_unit, end, Window.YEAR).amount for each in (view, shadow))
        if came is not None and said is not None:
            misses.append(float(came - said))
    if here is None or len(misses) < _FEWEST_YEARS:
        return None
    spread = sqrt(sum(miss * miss for miss in misses) / len(misses))
    if spread == 0.0:
        return None
    return _below(zones.green.high, float(here), spread, 1.0) - _below(zones.green.low, float(here), spread, 0.0)


def _below(limit: Decimal | None, middle: float, spread: float, endless: float) -> float:
    """The share of a normal distribution below ``limit``; ``endless`` where there is no limit."""
    if limit is None:
        return endless
    return 0.5 * (1.0 + erf((float(limit) - middle) / (spread * sqrt(2.0))))
