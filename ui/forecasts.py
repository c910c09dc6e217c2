"""Finds the forecast that belongs to a place of the page."""

from dataclasses import dataclass

from forecast.records import KpiForecast
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
