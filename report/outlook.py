"""Finds the forecast that belongs to a place of a page or report."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from forecast.records import KpiForecast, ScoreForecast
from kpi.periods import Period
from kpi.scorecard.results import Window


@dataclass(frozen=True)
class Outlook:
    """The forecasts of one KPI in one org unit."""

    rows: tuple[KpiForecast, ...]

    def landing(self, quarter: Period) -> KpiForecast | None:
        """The year-end value of the fiscal year of ``quarter``; None when that year was not forecast."""
        return next((row for row in self.rows if row.window is Window.YEAR and row.period.year == quarter.year), None)

    def path(self, window: Window) -> list[KpiForecast]:
        """The coming quarters in order, each alone or as year to date."""
        return sorted((row for row in self.rows if row.window is window), key=lambda row: row.period)


def year_end_score(rows: Iterable[ScoreForecast], kind: str, code: str, quarter: Period) -> ScoreForecast | None:
    """The expected score of a group or the total at the end of the fiscal year of ``quarter``; None without one."""
    wanted = (kind, code, Window.YEAR, quarter.year)
    return next((row for row in rows if (row.kind, row.code, row.window, row.period.year) == wanted), None)


def landings_of_year(
    outlooks: Mapping[tuple[str, str], tuple[KpiForecast, ...]], kpis: Iterable[str], org_unit: str, quarter: Period
) -> dict[str, KpiForecast]:
    """By KPI the year-end values of ``org_unit`` in the fiscal year of ``quarter``, of those that have one."""
    found = {kpi: Outlook(outlooks.get((kpi, org_unit), ())).landing(quarter) for kpi in kpis}
    return {kpi: landing for kpi, landing in found.items() if landing}
