"""A simulated company: years of figures of its branches, plans as a planner would set them, and what came afterwards.

Figures are drawn from the simulator of the forecaster's own pretraining. So this shows whether what follows the
network (calibration, dependence, roll-up, ratios, chances) holds, not whether real figures are like simulated ones.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from forecast.draws import SIMULATOR, stream
from forecast.inputs import RunInputs
from forecast.series import Row
from forecast.simulator.chance import Chance
from forecast.simulator.prior import Prior
from forecast.simulator.series import simulate
from kpi.catalogue.models import Catalogue, Direction, KpiVersion
from kpi.facts import Scenario
from kpi.organisation import Organisation, OrgUnit
from kpi.periods import FiscalCalendar, Period, quarter_range
from kpi.scorecard.panel import Panel
from kpi.scorecard.results import Window
from kpi.scorecard.rollup import QUARTERS
from kpi.scorecard.template import Entry, ScorecardTemplate
from kpi.scorecard.values import kpi_value
from kpi.text import Text
from kpi.units import Dimension

HEAD_OFFICE = "head_office"
AHEAD = 8  # quarters that are known here and not to the forecaster
YEAR = 2026
# Every measure kind: amounts, amounts over plan, shares and rates of flows, of stocks, and of both.
KPIS = (
    "new_business_value",
    "standard_premium_attainment",
    "company_expense_budget_rate",
    "new_business_market_share",
    "complaint_resolution_rate",
    "claim_cycle_days",
    "timely_registration_rate",
    "policy_change_in_3_days_rate",
    "problem_case_ratio",
    "agent_licence_rate",
    "core_staff_turnover_rate",
    "employee_satisfaction",
)
MOVING = Prior(logarithm=1.0)  # every series multiplies, so that branches can be mixed and stay above zero
_PLACE = 20_000  # streams of the simulator that pretraining does not use

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Company:
    """``rows`` are all facts, those after ``last`` too; the forecaster gets :meth:`known`."""

    rows: tuple[Row, ...]
    last: Period
    organisation: Organisation
    catalogue: Catalogue
    template: ScorecardTemplate
    calendar: FiscalCalendar = field(default_factory=FiscalCalendar)

    def known(self) -> RunInputs:
        """What a run at ``last`` reads: actuals up to it, and the plans."""
        rows = [row for row in self.rows if row[3] is Scenario.PLAN or row[2] <= self.last]
        return RunInputs.of(rows, self.organisation, self.catalogue, self.template, self.calendar)

    def panel(self, rows: tuple[Row, ...]) -> Panel:
        """``rows`` as the scorecard reads them."""
        return Panel.build(rows, self.organisation, self.catalogue, self.template, self.calendar)


def scorecard(balanced: ScorecardTemplate) -> ScorecardTemplate:
    """The balanced scorecard with :data:`KPIS` alone, equally weighted."""
    weight = Decimal(1) / len(KPIS)
    places = {entry.kpi: entry for entry in balanced.entries}
    spare = Entry(kpi=KPIS[0], objective=balanced.objectives[0].code, weight=weight)
    entries = tuple(places.get(code, spare).model_copy(update={"kpi": code, "weight": weight}) for code in KPIS)
    return balanced.model_copy(update={"entries": entries, "gates": ()})


def company(seed: int, number: int, catalogue: Catalogue, template: ScorecardTemplate) -> Company:
    """Company ``number`` of ``seed``: 6 to 10 branches, 16 to 40 quarters that end in the first to third of a year."""
    generator = stream(seed, SIMULATOR, _PLACE, number)
    branches, history, index = (int(generator.integers(*ends)) for ends in ((6, 11), (16, 41), (1, 4)))
    last = Period.quarter(YEAR, index)
    quarters = tuple(quarter_range(last.shift(1 - history), last.shift(AHEAD)))
    units = tuple(f"branch_{number}" for number in range(1, branches + 1))
    made = _Maker(catalogue, generator, len(quarters), branches)
    for code in KPIS:
        made.draw(catalogue.kpi[code].current)
    actual = tuple(
        (component, unit, quarter, Scenario.ACTUAL, Decimal(int(value)))
        for component, values in made.figures.items()
        for unit, line in zip(units, values, strict=True)
        for quarter, value in zip(quarters, line.tolist(), strict=True)
    )
    found = Company(actual, last, organisation(units), catalogue, template)
    plans = tuple(row for code in KPIS for row in _plans(found, code, Chance(generator, 1), made.figures))
    return Company((*actual, *plans), last, found.organisation, catalogue, template)


def organisation(branches: tuple[str, ...]) -> Organisation:
    """A head office and its branches."""
    head = OrgUnit(code=HEAD_OFFICE, name=Text(zh="总公司", en="Head office"), kind="head_office")
    below = (OrgUnit(code=code, name=Text(zh=code, en=code), kind="branch", parent=HEAD_OFFICE) for code in branches)
    return Organisation(name=Text(zh="模拟公司", en="Simulated company"), units=(head, *below))


class _Maker:
    """Draws the components of one KPI after another; ``figures`` are whole numbers, (branch, quarter)."""

    def __init__(self, catalogue: Catalogue, generator: np.random.Generator, quarters: int, branches: int) -> None:
        self.catalogue, self.generator = catalogue, generator
        self.quarters, self.branches = quarters, branches
        self.one, self.each = Chance(generator, 1), Chance(generator, branches)
        self.figures: dict[str, Floats] = {}

    def draw(self, version: KpiVersion) -> None:
        """The components of a KPI: an amount, or a share or a multiple of another."""
        top = version.numerator[0].component
        if not version.denominator or version.compares_with_plan:
            self.figures[top] = self._amount(top)
            return
        below = version.denominator[0].component
        whole = self.figures[below] = self._amount(below)
        units = [self.catalogue.component[code].unit for code in (top, below)]
        if units[0] != units[1]:
            self.figures[top] = np.floor(whole * self._level(5.0, 30.0) * self._movement())
            return
        good = version.direction is Direction.HIGHER_BETTER
        odds = self._level(*((1.5, 50.0) if good else (0.01, 0.3))) * self._movement()
        self.figures[top] = np.floor(whole * (odds / (1.0 + odds)))

    def _amount(self, component: str) -> Floats:
        counted = self.catalogue.units[self.catalogue.component[component].unit].dimension is Dimension.COUNT
        size = self._level(*((400.0, 20_000.0) if counted else (1e7, 1e9)))
        return np.maximum(np.floor(size * self._movement() * self.each.scale(0.4, 2.5)[:, None]), 1.0)

    def _level(self, low: float, high: float) -> Floats:
        """(branch, 1): a level for the company from which branches differ somewhat."""
        return (self.one.scale(low, high) * self.each.scale(0.7, 1.4))[:, None]

    def _movement(self) -> Floats:
        """(branch, quarter) around 1: what moves the company mixed with what moves each branch."""
        series = simulate(self.generator, self.branches + 1, self.quarters, MOVING)
        shared = self.one.even(0.1, 0.9)
        return shared * series[:1] + (1.0 - shared) * series[1:]


def _plans(company: Company, code: str, chance: Chance, figures: dict[str, Floats]) -> Iterator[Row]:
    """Last year's value and an ambition, in units of what the value usually changes by from year to year: for each
    quarter and branch where branches are added up, else for the KPI itself."""
    version = company.catalogue.kpi[code].current
    ambition = float(chance.even(-1.0, 1.5)[0])
    if version.direction is Direction.LOWER_BETTER:
        ambition = -ambition
    if version.denominator and not version.compares_with_plan:
        yield from _targets(company, code, ambition)
        return
    component = version.numerator[0].component
    for unit, line in zip(company.organisation.units[1:], figures[component], strict=True):
        yield from _budgets(company, component, unit.code, line.tolist(), ambition)


def _targets(company: Company, code: str, ambition: float) -> Iterator[Row]:
    panel = company.panel(company.rows)
    first = next(quarter for quarter in panel.quarters if quarter.index == 1)
    for unit in company.organisation.units:
        ends = [Period.quarter(year, QUARTERS) for year in range(first.year, YEAR)]
        found = [kpi_value(panel, code, unit.code, end, Window.YEAR).amount for end in ends]
        known = [float(value) for value in found if value is not None]
        yield code, unit.code, Period(YEAR), Scenario.PLAN, _exact(known[-1] + ambition * _usual_change(known))


def _budgets(company: Company, component: str, unit: str, line: list[float], ambition: float) -> Iterator[Row]:
    last_known = len(line) - AHEAD - company.last.index  # the last quarter of the year before
    for back in range(last_known // QUARTERS - 1):
        end = last_known - back * QUARTERS
        years = [sum(line[at - QUARTERS : at]) for at in range(end, QUARTERS - 1, -QUARTERS)][::-1]
        factor = max(1.0 + ambition * _usual_change(years) / years[-1], 0.2)
        for step in range(QUARTERS):
            quarter = Period.quarter(YEAR - back, step + 1)
            yield component, unit, quarter, Scenario.PLAN, _exact(round(line[end - QUARTERS + step] * factor))


def _usual_change(years: list[float]) -> float:
    changes = [abs(after - before) for before, after in pairwise(years)]
    return sum(changes) / len(changes)


def _exact(value: float) -> Decimal:
    return Decimal(value).quantize(Decimal("0.000001"))
