"""The year-end of the KPIs that decide most of the total, beside their plans of the year."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from itertools import islice

from forecast.attention import share_of_total
from forecast.records import KpiForecast
from kpi.scorecard.attainment import attainment
from kpi.scorecard.panel import Panel
from kpi.scorecard.results import Scorecard, Status, Window
from kpi.scorecard.template import ScorecardTemplate
from kpi.scorecard.values import kpi_target

MAIN = 8
"""So many KPIs are the main ones."""


@dataclass(frozen=True, slots=True)
class MainLanding:
    """A KPI with its ``landing`` and the ``plan`` of the year in base units; ``share`` is its weight in the total.

    ``low``, ``middle`` and ``high`` are attainments of the landing: the least and the greatest at P10, P50 and P90, and
    between them that at P50. They are in this order whatever the KPI's direction.
    """

    share: Decimal
    landing: KpiForecast
    plan: Decimal
    low: Decimal
    middle: Decimal
    high: Decimal

    @property
    def kpi(self) -> str:
        """The code of the KPI."""
        return self.landing.kpi

    @property
    def status(self) -> Status:
        """The status that the year most likely ends in, the better one of equals; NONE where none is to be had."""
        row = self.landing
        chances = {Status.GREEN: row.green, Status.AMBER: row.amber, Status.RED: row.red}
        known = {status: chance for status, chance in chances.items() if chance is not None}
        return max(known, key=lambda status: known[status], default=Status.NONE)


def main_landings(
    panel: Panel, template: ScorecardTemplate, card: Scorecard, landings: Mapping[str, KpiForecast], count: int = MAIN
) -> tuple[MainLanding, ...]:
    """The ``count`` heaviest KPIs of ``card`` that have a landing and a plan that is not zero, the heaviest first."""
    rows = sorted(card.kpis, key=lambda row: -share_of_total(row, template))
    known = ((share_of_total(row, template), landings[row.kpi]) for row in rows if row.kpi in landings)
    found = (made for share, landing in known if (made := _beside_plan(panel, card.org_unit, share, landing)))
    return tuple(islice(found, count))


def _beside_plan(panel: Panel, org_unit: str, share: Decimal, landing: KpiForecast) -> MainLanding | None:
    plan = kpi_target(panel, landing.kpi, org_unit, landing.period, Window.YEAR).amount
    if not plan:
        return None
    version = panel.catalogue.kpi[landing.kpi].on(panel.calendar.end(landing.period))
    ends = (landing.p10, landing.p50, landing.p90)
    reached = [attainment(Decimal(end), plan, version.direction, version.bands).amount for end in ends]
    known = [end for end in reached if end is not None]  # all three, against a plan that is not zero
    return MainLanding(share, landing, plan, min(known), known[1], max(known))
