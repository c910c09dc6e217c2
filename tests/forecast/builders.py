"""A small company built by code: three org units, four KPIs, seasonal growing series without any random library."""

from datetime import date
from decimal import Decimal

from forecast.config import ForecastConfig
from forecast.inputs import RunInputs
from forecast.series import Row
from kpi.catalogue.models import (
    Catalogue,
    Component,
    Direction,
    Evidence,
    Kpi,
    KpiVersion,
    Measure,
    OverTime,
    Term,
)
from kpi.facts import Scenario
from kpi.organisation import Organisation, OrgUnit
from kpi.periods import FiscalCalendar, Period, quarter_range
from kpi.scorecard.template import AnchorScoring, Entry, Group, Objective, ScorecardTemplate
from kpi.text import Text
from kpi.units import Dimension, Unit, UnitTable

FIRST, LAST, LAST_PLAN = Period.quarter(2020, 1), Period.quarter(2026, 3), Period.quarter(2026, 4)
UNITS = ("beijing", "shanghai")
SEASON = (160, 95, 90, 75)
TINY = ForecastConfig(steps=8, check_every=4, width=8, blocks=1, members=1, batch=16, samples=40)


def words(code: str) -> Text:
    return Text(zh=f"{code}(中)", en=code)


def component(code: str, kind: str = "flow", unit: str = "yuan", **more: object) -> Component:
    return Component.model_validate({"code": code, "name": words(code), "kind": kind, "unit": unit} | more)


def kpi(code: str, numerator: str, denominator: str | None, direction: Direction, **more: object) -> Kpi:
    plan = more.pop("over_plan", False)
    below = (Term(component=denominator, scenario=Scenario.PLAN if plan else None),) if denominator else ()
    version = KpiVersion.model_validate(
        {
            "effective_from": date(2000, 1, 1),
            "measure": Measure.RATIO if denominator else Measure.FLOW,
            "direction": direction,
            "unit": "share" if denominator else "yuan",
            "numerator": (Term(component=numerator),),
            "denominator": below,
        }
        | more
    )
    return Kpi(
        code=code,
        name=words(code),
        description=words(code),
        perspective="financial",
        owner=words("finance"),
        data_source=words("ledger"),
        evidence=Evidence(level="practice"),
        versions=(version,),
    )


def catalogue() -> Catalogue:
    higher, lower = Direction.HIGHER_BETTER, Direction.LOWER_BETTER
    units = UnitTable(
        units=(
            Unit(code="yuan", dimension=Dimension.MONEY, factor=Decimal(1), name=Text(zh="元", en="yuan")),
            Unit(code="piece", dimension=Dimension.COUNT, factor=Decimal(1), name=Text(zh="件", en="piece")),
            Unit(code="share", dimension=Dimension.SHARE, factor=Decimal(1), name=Text(zh="比例", en="share")),
        )
    )
    return Catalogue(
        units=units,
        components=(
            component("standard_premium"),
            component("claims"),
            component("cases", unit="piece"),
            component("cases_in_time", unit="piece"),
            component("agents", kind="stock", unit="piece"),
            component("agents_licensed", kind="stock", unit="piece"),
        ),
        kpis=(
            kpi("premium_attainment", "standard_premium", "standard_premium", higher, over_plan=True),
            kpi("loss_ratio", "claims", "standard_premium", lower, target=Decimal("0.5")),
            kpi("in_time_rate", "cases_in_time", "cases", higher, target=Decimal("0.95")),
            kpi(
                "licence_rate",
                "agents_licensed",
                "agents",
                higher,
                target=Decimal("0.9"),
                over_time=OverTime.LAST,
            ),
        ),
    )


def organisation() -> Organisation:
    head = OrgUnit(code="head_office", name=Text(zh="总公司", en="Head office"), kind="head_office")
    branches = tuple(OrgUnit(code=code, name=words(code), kind="branch", parent="head_office") for code in UNITS)
    return Organisation(name=Text(zh="示例寿险", en="Example Life"), units=(head, *branches))


def template() -> ScorecardTemplate:
    codes = ("premium_attainment", "loss_ratio", "in_time_rate", "licence_rate")
    return ScorecardTemplate(
        code="small",
        name=words("small"),
        description=words("small"),
        groups=(Group(code="financial", name=words("financial"), weight=Decimal(1)),),
        objectives=(Objective(code="grow", name=words("grow"), group="financial"),),
        entries=tuple(Entry(kpi=code, objective="grow", weight=Decimal("0.25")) for code in codes),
        scoring=AnchorScoring(points=((Decimal("0.8"), Decimal(80)), (Decimal(1), Decimal(100)))),
    )


def amount(position: int, size: int, wobble: int) -> int:
    """A seasonal, growing whole number with a repeatable wobble of a few percent."""
    noise = (position * wobble * 37 + wobble * 11) % 9 - 4
    return size * SEASON[position % 4] * (100 + 2 * position) * (100 + noise) // 1_000_000


def rows(first: Period = FIRST, last: Period = LAST) -> list[Row]:
    found: list[Row] = []
    for branch, unit in enumerate(UNITS):
        for position, quarter in enumerate(quarter_range(first, LAST_PLAN)):
            premium = amount(position, 9_000_000 * (branch + 1), 3 + branch)
            cases = amount(position, 40_000 * (branch + 1), 5 + branch)
            agents = 900 + 10 * position + (position * 7) % 5
            values = {
                "standard_premium": premium,
                "claims": amount(position, 4_000_000 * (branch + 1), 2 + branch),
                "cases": cases,
                "cases_in_time": cases - cases // (12 + position % 3),
                "agents": agents,
                "agents_licensed": agents - 40 - position % 7,
            }
            if quarter <= last:
                found += [(code, unit, quarter, Scenario.ACTUAL, Decimal(value)) for code, value in values.items()]
            plan = Decimal(premium * 102 // 100)
            found.append(("standard_premium", unit, quarter, Scenario.PLAN, plan))
    return found


def inputs(facts: list[Row] | None = None) -> RunInputs:
    facts = rows() if facts is None else facts
    return RunInputs.of(facts, organisation(), catalogue(), template(), FiscalCalendar())
