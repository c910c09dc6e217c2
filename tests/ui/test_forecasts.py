from forecast.records import KpiForecast
from kpi.periods import Period
from kpi.scorecard.results import Window
from ui.forecasts import Outlook


def forecast(period: str, window: Window) -> KpiForecast:
    return KpiForecast(
        kpi="premium", org_unit="head", period=Period.parse(period), window=window, p10=1, p50=2, p90=3, chance=0.5
    )


YEAR_2026, YEAR_2027 = forecast("2026Q4", Window.YEAR), forecast("2027Q4", Window.YEAR)
LATE, SOON = forecast("2027Q1", Window.QUARTER), forecast("2026Q4", Window.QUARTER)
OUTLOOK = Outlook((YEAR_2027, LATE, YEAR_2026, SOON, forecast("2026Q4", Window.YTD)))


def test_the_landing_is_the_one_of_the_quarters_own_fiscal_year() -> None:
    assert OUTLOOK.landing(Period.parse("2026Q2")) == YEAR_2026
    assert OUTLOOK.landing(Period.parse("2027Q1")) == YEAR_2027


def test_a_year_that_was_not_forecast_has_no_landing() -> None:
    assert OUTLOOK.landing(Period.parse("2025Q4")) is None
    assert Outlook(()).landing(Period.parse("2026Q4")) is None


def test_the_quarters_ahead_come_in_order_and_of_one_window_only() -> None:
    assert OUTLOOK.path(Window.QUARTER) == [SOON, LATE]
    assert [row.window for row in OUTLOOK.path(Window.YTD)] == [Window.YTD]
