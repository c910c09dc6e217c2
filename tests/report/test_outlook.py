from forecast.records import KpiForecast, ScoreForecast
from kpi.periods import Period
from kpi.scorecard.results import Window
from report.outlook import Outlook, year_end_score


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


def score(code: str, period: str, window: Window) -> ScoreForecast:
    place = {"kind": "group", "code": code, "org_unit": "head", "period": period, "window": window}
    shares = {"green": 0.5, "amber": 0.3, "red": 0.2, "coverage": 1}
    return ScoreForecast.model_validate({**place, "p10": 90, "p50": 95, "p90": 99, **shares})


def test_the_expected_score_is_the_year_end_one_of_the_part_and_fiscal_year() -> None:
    wanted = score("customer", "2026Q4", Window.YEAR)
    others = [score("customer", "2026Q4", Window.YTD), score("customer", "2027Q4", Window.YEAR)]
    rows = [*others, score("financial", "2026Q4", Window.YEAR), wanted]

    assert year_end_score(rows, "group", "customer", Period.parse("2026Q2")) == wanted
    assert year_end_score(rows, "total", "customer", Period.parse("2026Q2")) is None
