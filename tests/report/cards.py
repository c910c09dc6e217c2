"""A scorecard of three KPIs in two groups: one on target, one short of it, one without data."""

from forecast.records import KpiForecast
from kpi.catalogue.models import Catalogue
from kpi.periods import Period
from kpi.scorecard.compute import score
from kpi.scorecard.panel import Panel
from kpi.scorecard.results import Scorecard, Window
from kpi.scorecard.template import ScorecardTemplate
from report.scorecard_lines import Line, lines_of
from tests.kpi.scorecard.builders import catalogue, kpi, panel, quarters, template, version, words

QUARTER = Period.parse("2026Q2")
_RATE = version("lapses", "policies", direction="lower_better")
KPIS = (kpi("sales_kpi", version("sales")), kpi("lapse_rate", _RATE), kpi("surveys", version("answers")))


def known() -> Catalogue:
    """The three KPIs."""
    return catalogue(KPIS)


def card_template() -> ScorecardTemplate:
    """Sales in the group ``money``, the others in ``work``."""
    return template(
        [
            {"kpi": "sales_kpi", "objective": "grow", "weight": "1"},
            {"kpi": "lapse_rate", "objective": "keep", "weight": "0.75", "target": "0.1"},
            {"kpi": "surveys", "objective": "keep", "weight": "0.25", "target": "40"},
        ],
        groups=[
            {"code": "money", "name": words("money"), "weight": "0.4"},
            {"code": "work", "name": words("work"), "weight": "0.6"},
        ],
        objectives=[
            {"code": "grow", "name": words("grow"), "group": "money"},
            {"code": "keep", "name": words("keep"), "group": "work"},
        ],
        scoring={"points": [["0.5", "0"], ["0.75", "62.5"], ["1", "100"], ["1.2", "120"]]},
    )


def small_panel() -> Panel:
    """Sales exactly on plan, lapses 12.5 % against a target of 10 %, no survey."""
    facts = [
        *quarters("sales", "n1", 2025, ["8", "8", "8", "8"]),
        *quarters("sales", "n1", 2026, ["10", "10"]),
        *quarters("sales", "n1", 2026, ["10", "10"], "plan"),
        *quarters("lapses", "n1", 2026, ["1", "1"]),
        *quarters("policies", "n1", 2026, ["8", "8"]),
    ]
    return panel(facts, known(), card_template())


def small_card(org_unit: str = "head") -> Scorecard:
    """The card of the year to date."""
    return score(small_panel(), card_template(), org_unit, QUARTER, Window.YTD)


def landing(code: str, chance: float | None) -> KpiForecast:
    """A year-end with that chance of meeting its plan."""
    return KpiForecast(
        kpi=code, org_unit="head", period=Period(2026), window=Window.YEAR, p10=38, p50=40.25, p90=42, chance=chance
    )


def lines(**chances: float | None) -> tuple[Line, ...]:
    """The card's lines; ``chances`` of landing by KPI."""
    landings = {code: landing(code, chance) for code, chance in chances.items()}
    return lines_of(small_card(), card_template(), known(), landings)
