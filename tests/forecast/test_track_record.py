from collections.abc import Sequence
from datetime import UTC, datetime
from decimal import Decimal
from statistics import median

import pytest
from hypothesis import given
from hypothesis import strategies as st

from forecast.records import KpiForecast
from forecast.track_record import Judged, PastRun, in_words, judge, summarise
from kpi.periods import Period
from kpi.scorecard.panel import Panel
from kpi.scorecard.phasing import Row
from kpi.scorecard.results import Reason, Window
from tests.kpi.scorecard.builders import catalogue, fact, kpi, panel, quarters, version

RUN = PastRun(
    run_id="a" * 64,
    snapshot_id=1,
    started_at=datetime(2026, 2, 1, tzinfo=UTC),
    first=Period.parse("2026Q1"),
    passport="/var/runs/a/passport.zip",
)
SALES = kpi("sales_kpi", version("sales"))
RATIO = kpi("ratio", version("claims", "sales"))
KNOWN = catalogue([SALES, RATIO])
# n1 alone: what was known when the run was made, and what came.
BEFORE = [*quarters("sales", "n1", 2024, [90, 90, 90, 100]), *quarters("sales", "n1", 2025, [100, 110, 120, 130])]
CAME = [*BEFORE, *quarters("sales", "n1", 2026, [200, 220, 240, 260])]


def forecast(period: str, p10: float, p50: float, p90: float, **more: object) -> KpiForecast:
    about = {"kpi": "sales_kpi", "org_unit": "n1", "window": Window.QUARTER, "period": period}
    return KpiForecast.model_validate(about | {"p10": p10, "p50": p50, "p90": p90} | more)


def landing(year: int, p10: float, p50: float, p90: float) -> list[KpiForecast]:
    """As a run gives it: the same for each quarter of the year that it forecast."""
    return [forecast(f"{year}Q{index}", p10, p50, p90, window=Window.YEAR) for index in (1, 2, 3, 4)]


def judged(forecasts: Sequence[KpiForecast], facts: Sequence[Row] = CAME) -> tuple[Judged, ...]:
    return judge(RUN, forecasts, panel(facts, KNOWN), KNOWN)


def test_a_forecast_stands_beside_what_came_and_what_last_year_would_have_said() -> None:
    (found,) = judged([forecast("2026Q1", 150, 190, 205)])

    assert (found.actual, found.inside, found.error) == (Decimal(200), True, -0.05)
    assert (found.naive, found.naive_error) == (Decimal(100), -0.5)
    assert (found.snapshot_id, found.made_at, found.redefined) == (1, RUN.started_at, False)


@pytest.mark.parametrize(
    ("low", "high", "inside"), [(200, 300, True), (100, 200, True), (200.0000001, 300, False), (1, 199.9999, False)]
)
def test_the_ends_of_the_interval_belong_to_it(low: float, high: float, inside: bool) -> None:
    (found,) = judged([forecast("2026Q1", low, (low + high) / 2, high)])

    assert found.inside is inside


def test_a_landing_is_judged_once_by_the_whole_year_beside_the_year_before() -> None:
    (found,) = judged(landing(2026, 800, 966, 1000))

    assert found.period == Period.parse("2026")
    assert (found.actual, found.naive) == (Decimal(920), Decimal(460))
    assert found.error == pytest.approx(0.05)


def test_what_has_not_come_yet_is_not_judged() -> None:
    half = [*BEFORE, *quarters("sales", "n1", 2026, [200, 220])]

    found = judged([forecast("2026Q2", 1, 2, 3), forecast("2026Q3", 1, 2, 3), *landing(2026, 1, 2, 3)], half)

    assert [str(each.period) for each in found] == ["2026Q2"]


def test_a_total_of_which_a_part_is_still_missing_is_not_judged() -> None:
    both = [*CAME, *quarters("sales", "n2", 2026, [1, 1, 1])]
    rows = [forecast(quarter, 1, 2, 3, org_unit="north") for quarter in ("2026Q3", "2026Q4")]

    assert [str(each.period) for each in judged(rows, both)] == ["2026Q3"]


def test_the_year_to_date_is_left_to_its_quarters_and_the_landing() -> None:
    assert judged([forecast("2026Q2", 1, 2, 3, window=Window.YTD)]) == ()


def test_more_than_a_year_ahead_last_year_is_the_last_one_that_was_known() -> None:
    """In 2027 the first quarter of 2026 is known, but it was not when the run was made."""
    (found,) = judged([forecast("2027Q1", 1, 2, 3)], [*CAME, fact("sales", "n1", "2027Q1", 300)])

    assert found.naive == 100


def test_an_actual_value_of_zero_gives_no_error_but_may_lie_inside() -> None:
    (found,) = judged([forecast("2026Q1", -1, 0, 1)], [*BEFORE, fact("sales", "n1", "2026Q1", 0)])

    assert (found.actual, found.inside) == (Decimal(0), True)
    assert (found.error, found.reason) == (None, Reason.ZERO_ACTUAL)
    assert (found.naive_error, found.naive_reason) == (None, Reason.ZERO_ACTUAL)


def test_without_a_value_a_year_ago_the_forecast_is_judged_alone() -> None:
    (found,) = judged([forecast("2026Q1", 1, 190, 300)], quarters("sales", "n1", 2026, [200]))

    assert found.error == pytest.approx(-0.05)
    assert (found.naive, found.naive_error, found.naive_reason) == (None, None, Reason.NO_DATA)
    assert (summarise([found]).judged, summarise([found]).compared, summarise([found]).error) == (1, 0, None)


def test_a_restated_value_counts_in_place_of_the_first_one() -> None:
    (found,) = judged([forecast("2026Q1", 1, 2, 3)], [*CAME, fact("sales", "n1", "2026Q1", 205, "restated")])

    assert found.actual == 205


def test_a_definition_that_has_changed_since_counts_as_it_is_now_and_is_told() -> None:
    doubled = catalogue([kpi("sales_kpi", version("sales + claims")), RATIO])
    facts = [*CAME, *quarters("claims", "n1", 2026, [50])]

    (now,) = judge(RUN, [forecast("2026Q1", 1, 2, 3)], panel(facts, doubled), KNOWN)
    (unknown,) = judge(RUN, [forecast("2026Q1", 1, 2, 3)], panel(facts, doubled))

    assert (now.actual, now.redefined) == (Decimal(250), True)
    assert unknown.redefined is None


def test_last_year_is_not_comparable_across_a_break_of_the_definition() -> None:
    broken = kpi("sales_kpi", version("sales"), version("sales", effective_from="2026-01-01", breaks_history=True))

    (found,) = judge(RUN, [forecast("2026Q1", 1, 2, 3)], panel(CAME, catalogue([broken])))

    assert (found.naive, found.naive_reason) == (None, Reason.BREAK)


def test_ratios_are_judged_as_sum_over_sum() -> None:
    facts = [
        *quarters("sales", "n1", 2026, [100]),
        *quarters("sales", "n2", 2026, [300]),
        *quarters("claims", "n1", 2026, [100]),
        *quarters("claims", "n2", 2026, [100]),
    ]
    (found,) = judged([forecast("2026Q1", 0.4, 0.5, 0.6, kpi="ratio", org_unit="north")], facts)

    assert (found.actual, found.inside) == (Decimal("0.5"), True)


def test_a_kpi_or_an_org_unit_that_is_gone_is_left_out() -> None:
    assert judged([forecast("2026Q1", 1, 2, 3, kpi="gone"), forecast("2026Q1", 1, 2, 3, org_unit="gone")]) == ()


def whole_panel(actuals: Sequence[int], before: Sequence[int]) -> Panel:
    facts = [*quarters("sales", "n1", 2025, before), *quarters("sales", "n1", 2026, actuals)]
    return panel(facts, KNOWN)


@given(
    actuals=st.lists(st.integers(-50, 50), min_size=4, max_size=4),
    before=st.lists(st.integers(-50, 50), min_size=4, max_size=4),
    said=st.lists(st.tuples(st.integers(-60, 60), st.integers(0, 60), st.integers(0, 60)), min_size=4, max_size=4),
)
def test_the_summary_equals_what_anybody_would_count_by_hand(
    actuals: list[int], before: list[int], said: list[tuple[int, int, int]]
) -> None:
    rows = [forecast(f"2026Q{at + 1}", mid - low, mid, mid + high) for at, (mid, low, high) in enumerate(said)]

    summary = summarise(judge(RUN, rows, whole_panel(actuals, before)))

    triples = list(zip(actuals, before, said, strict=True))
    own = [abs(mid - actual) / abs(actual) for actual, _, (mid, _, _) in triples if actual]
    naive = [abs(last - actual) / abs(actual) for actual, last, _ in triples if actual]
    assert summary.judged == 4
    assert summary.inside == sum(mid - low <= actual <= mid + high for actual, _, (mid, low, high) in triples)
    assert summary.compared == len(own)
    if own:
        assert summary.error == pytest.approx(median(own))
        assert summary.naive_error == pytest.approx(median(naive))
    else:
        assert (summary.error, summary.naive_error) == (None, None)


def test_the_summary_says_what_was_and_what_should_be_in_both_languages() -> None:
    rows = [forecast("2026Q1", 150, 190, 205), forecast("2026Q2", 150, 209, 205)]

    words = in_words(summarise(judged(rows)))

    assert words.en == (
        "1 of 2 actual values (50 %) lay between P10 and P90, where 80 % should. "
        "The median error was 5.0 %; last year's value would have been 50.0 % off."
    )
    assert words.zh.startswith("2 个预测中，1 个(50%)的实际值落在 P10 至 P90 之间(应为 80%)。误差中位数为 5.0%")
    assert in_words(summarise([])).en == "No forecast can be held beside an actual value yet."
