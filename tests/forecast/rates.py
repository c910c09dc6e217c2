"""Panels whose quantities are rates of one another, built by code without any training."""

from collections.abc import Mapping
from dataclasses import replace

import numpy as np

from forecast.choice import Choices, choose
from forecast.combine import in_scales, picked
from forecast.config import ForecastConfig
from forecast.draws import dyadic, stream
from forecast.follow import Followers, Following
from forecast.rates import rates_of
from forecast.series import SeriesPanel
from forecast.totals import beside, rows_of
from forecast.training.fit import Fitted
from forecast.windows import Floats, Windows
from kpi.catalogue.models import Catalogue
from kpi.periods import FiscalCalendar
from kpi.scorecard.template import Entry, ScorecardTemplate
from tests.forecast.builders import TINY, catalogue, template
from tests.forecast.unfitted import unfitted

QUARTERS = 40
SEASONS = np.array([1.6, 0.95, 0.9, 0.75])


def scorecard(*kpis: str) -> ScorecardTemplate:
    """A scorecard of these KPIs in this order."""
    entries = tuple(Entry.model_validate({"kpi": kpi, "objective": "grow", "weight": 1 / len(kpis)}) for kpi in kpis)
    return template().model_copy(update={"entries": entries})


def premium(unit: int, quarters: int = QUARTERS) -> Floats:
    """Growing, seasonal, never quite the same."""
    noise = dyadic(stream(unit, 97), (quarters,))
    season = np.tile(SEASONS, quarters // 4 + 1)[:quarters]
    found: Floats = 1e6 * (1.0 + 0.02 * np.arange(quarters)) * season * (1.0 + 0.1 * noise)
    return found


def losses(rate: Floats, units: str = "abcd") -> dict[tuple[str, str], Floats]:
    """Premium of each org unit, and claims that are ``rate`` times of it."""
    quarters = len(rate)
    below = {("standard_premium", unit): premium(place, quarters) for place, unit in enumerate(units)}
    return below | {("claims", unit): rate * below["standard_premium", unit] for unit in units}


def followers(
    given: SeriesPanel,
    config: ForecastConfig = TINY,
    catalogue: Catalogue = catalogue(),  # noqa: B008
    kpis: tuple[str, ...] = ("loss_ratio", "in_time_rate", "licence_rate"),
) -> tuple[Followers, Fitted, Choices]:
    """What a run would hold with a network that says what a damped trend says."""
    rates = rates_of(given, catalogue, scorecard(*kpis), FiscalCalendar())
    series, every = len(given.ids), len(given.ids) + len(rates.ids)
    panel = SeriesPanel((*given.ids, *rates.ids), given.quarters, *beside(given, rates))
    whole = _damped(unfitted(panel, config), panel, config)
    fitted = rows_of(whole, 0, series)
    return Followers.of(rates, given, rows_of(whole, series, every), config), fitted, choose(given, fitted, config)


def _damped(fitted: Fitted, panel: SeriesPanel, config: ForecastConfig) -> Fitted:
    def said(windows: Windows, predicted: Floats) -> Floats:
        return predicted + in_scales("damped", panel.values, panel.present, windows, config.context)[:, :, None]

    ahead = said(fitted.newest, fitted.predicted)
    return replace(fitted, validated=said(fitted.validation, fitted.validated), predicted=ahead, started=ahead)


def following(
    given: SeriesPanel, config: ForecastConfig = TINY, quarter: int | None = None
) -> tuple[Following, Fitted, Choices]:
    """Who follows, decided at the newest quarter or an earlier one."""
    found, fitted, choices = followers(given, config)
    said = picked(choices.components, fitted.validation, choices.past, choices.preferred)
    return (
        found.decide(fitted.validation, said, len(given.quarters) - 1 if quarter is None else quarter),
        fitted,
        choices,
    )


def by_unit(panel: SeriesPanel, cells: Floats) -> Mapping[tuple[str, str], Floats]:
    """(..., series, horizon) as (..., horizon) by component and org unit."""
    return {key: cells[..., row, :] for row, key in enumerate(panel.ids)}
