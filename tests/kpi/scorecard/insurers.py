"""Hypothesis strategies: a small insurer with every kind of KPI, and facts with gaps, noughts and negative amounts."""

from typing import Any

from hypothesis import strategies as st

from kpi.catalogue.models import Catalogue
from kpi.periods import Period
from kpi.scorecard.panel import Panel
from kpi.scorecard.phasing import Row
from kpi.scorecard.template import ScorecardTemplate
from tests.kpi.scorecard.builders import catalogue, component, fact, kpi, panel, template, version, words

QUARTER = Period.parse("2026Q3")
_MEASURES = ("sales", "refunds", "policies", "staff", "leavers")
_KPIS = {
    "net_sales": version("sales + -refunds"),
    "given_plan": version("refunds"),
    "per_policy": version("sales + refunds", "policies + staff"),
    "of_plan": version("sales", "plan:sales"),
    "headcount": version("staff", over_time="average"),
    "turnover": version("leavers", "opening:staff + staff", over_time="sum_over_average", direction="lower_better"),
    "last_staff": version("staff", over_time="last"),
    "budget": version(
        "refunds", direction="on_target", bands={"full": ["0.9", "1.1"], "warning": ["0.8", "1.2"]}, target="30"
    ),
    "growth": version("sales"),
    "by_value": version("sales", "policies"),
}
_OWN: dict[str, dict[str, Any]] = {
    "growth": {"scoring": {"kind": "growth", "mark": "5", "coefficient": "0.05"}},
    "by_value": {
        "scoring": {
            "kind": "anchors",
            "basis": "value",
            "floor": "zero",
            "points": [["0.5", "20"], ["2", "90"], ["3", "120"]],
        },
        "limits": {"green": "2", "amber": "1"},
    },
}


def rich_catalogue() -> Catalogue:
    """Ten KPIs: amounts, ratios, shares of plan, means, rates over a mean, levels, bands."""
    return catalogue([kpi(code, each) for code, each in _KPIS.items()], [component("staff", "stock")])


def rich_template() -> ScorecardTemplate:
    """Those KPIs in two groups and three objectives; anchors with a cliff, growth, anchors on the value."""
    homes = ("growing", "growing", "sound", "sound", "people")
    entries = [
        {"kpi": code, "objective": homes[at // 2], "weight": "0.25" if at < 4 else "0.166", **_OWN.get(code, {})}
        for at, code in enumerate(_KPIS)
    ]
    entries[-1]["weight"] = "0.17"
    return template(
        entries,
        groups=[
            {"code": "money", "name": words("money"), "weight": "0.4"},
            {"code": "work", "name": words("work"), "weight": "0.6"},
        ],
        objectives=[
            {"code": "growing", "name": words("growing"), "group": "money"},
            {"code": "sound", "name": words("sound"), "group": "work"},
            {"code": "people", "name": words("people"), "group": "work"},
        ],
        scoring={"points": [["0.5", "0"], ["0.8", "70"], ["1", "100"], ["1.2", "120"]]},
        minimum_coverage="0.3",
    )


@st.composite
def facts(draw: st.DrawFn) -> list[Row]:
    """Facts of head office and branches over five quarters; each may be missing."""
    rows = []
    for measure in (*_MEASURES, "given_plan"):
        for unit in ("n1", "n2", "south", "north"):
            for quarter in ("2025Q3", "2025Q4", "2026Q1", "2026Q2", "2026Q3"):
                for scenario in ("actual", "plan") if measure in _MEASURES else ("plan",):
                    if draw(st.integers(0, 4)) > (3 if unit == "north" else 0):
                        amount = draw(st.decimals(-5, 40, places=1, allow_nan=False))
                        rows.append(fact(measure, unit, quarter, amount, scenario))
    return rows


def rich_panel(rows: list[Row]) -> Panel:
    """The facts on that catalogue."""
    return panel(rows, rich_catalogue(), rich_template())
