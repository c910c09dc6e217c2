"""A small insurer with three quarters known and one to come, forecast by code."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from functools import cache

from forecast.scenario.base import Base, build_base
from forecast.scenario.changes import By, Change
from forecast.scenario.medians import Medians
from kpi.catalogue.models import Catalogue
from kpi.periods import Period
from kpi.scorecard.panel import Panel
from kpi.scorecard.phasing import Row
from kpi.scorecard.template import ScorecardTemplate
from tests.kpi.scorecard.builders import catalogue, component, kpi, panel, quarters, template, version

Q3, Q4 = Period.parse("2026Q3"), Period.parse("2026Q4")
LEAVES = ("n1", "n2", "south")
# Of the fourth quarter, by component and org unit.
AHEAD: Mapping[str, Mapping[str, str]] = {
    "premium": {"n1": "110", "n2": "220", "south": "330"},
    "claims": {"n1": "60", "n2": "100", "south": "200"},
    "agents": {"n1": "12", "n2": "22", "south": "32"},
    "open_claims": {"n1": "5", "n2": "6", "south": "7"},
}


def small_catalogue() -> Catalogue:
    """Premium over plan, claims over premium, premium a head, incurred claims derived from claims and reserves."""
    incurred = component(
        "incurred",
        derived_from=[
            {"component": "claims"},
            {"component": "open_claims"},
            {"component": "open_claims", "at": "opening", "factor": "-1"},
        ],
    )
    return catalogue(
        [
            kpi("premium_kpi", version("premium")),
            kpi("over_plan", version("premium", "plan:premium")),
            kpi("loss_ratio", version("claims", "premium", direction="lower_better", target="0.5")),
            kpi("incurred_ratio", version("incurred", "premium", direction="lower_better", target="0.5")),
            kpi("heads", version("agents", over_time="last", target="60")),
        ],
        [incurred, component("agents", "stock"), component("open_claims", "stock")],
    )


def small_template() -> ScorecardTemplate:
    """Two groups, five KPIs."""
    return template(
        [
            {"kpi": "premium_kpi", "weight": "0.4"},
            {"kpi": "over_plan", "weight": "0.6"},
            {"kpi": "loss_ratio", "objective": "cost", "weight": "0.5"},
            {"kpi": "incurred_ratio", "objective": "cost", "weight": "0.3"},
            {"kpi": "heads", "objective": "cost", "weight": "0.2"},
        ],
        groups=[
            {"code": "results", "name": {"zh": "结果", "en": "results"}, "weight": "0.7"},
            {"code": "inside", "name": {"zh": "内部", "en": "inside"}, "weight": "0.3"},
        ],
        objectives=[
            {"code": "only", "name": {"zh": "增长", "en": "growth"}, "group": "results"},
            {"code": "cost", "name": {"zh": "成本", "en": "cost"}, "group": "inside"},
        ],
    )


def facts() -> list[Row]:
    """Three quarters of the branches, and a plan for the year."""
    found: list[Row] = []
    for rank, unit in enumerate(LEAVES, start=1):
        found += quarters("premium", unit, 2026, [100 * rank, 100 * rank, 100 * rank])
        found += quarters("premium", unit, 2026, [105 * rank] * 4, "plan")
        found += quarters("claims", unit, 2026, [50 * rank, 45 * rank, 55 * rank])
        found += quarters("agents", unit, 2026, [10 * rank, 11 * rank, 12 * rank])
        found += quarters("open_claims", unit, 2026, [5, 6, 5])
    return found


def small_panel(rows: Sequence[Row] | None = None) -> Panel:
    """The facts with the scorecard."""
    return panel(facts() if rows is None else rows, small_catalogue(), small_template())


def medians(ahead: Mapping[str, Mapping[str, str]] = AHEAD, quarter: Period = Q4) -> Medians:
    """The forecast of one quarter."""
    values = {
        measure: {(unit, quarter): Decimal(value) for unit, value in units.items()} for measure, units in ahead.items()
    }
    return Medians(values, {})


@cache
def small_base() -> Base:
    """Facts and forecast; nothing that is done with it changes it."""
    return build_base(small_panel(), medians())


def change(driver: str, org_unit: str, amount: str, by: By = By.VALUE, quarter: Period = Q4) -> Change:
    """One change, of the fourth quarter unless said."""
    return Change(driver=driver, org_unit=org_unit, quarter=quarter, by=by, amount=Decimal(amount))
