import pytest
from hypothesis import given
from hypothesis import strategies as st

from forecast.nearness import FEWEST, KpiPast, nearness, nearness_in_words
from kpi.periods import Period

FIRST = Period.quarter(2024, 1)


def past(*told: tuple[float, float, float | None]) -> list[KpiPast]:
    """Rows of what was said, what came, and last year's value."""
    return [
        KpiPast("premium", "beijing", FIRST.shift(at), said, actual, naive)
        for at, (said, actual, naive) in enumerate(told)
    ]


def test_half_of_the_misses_are_within_what_is_told_and_last_years_beside_it() -> None:
    rows = past((103.1, 100, 95), (120, 100, 94.8), (101, 100, 90), (100, 100, 120))

    found = nearness(rows, in_points=False)

    assert [found.quarters, found.within, found.last_year] == [4, pytest.approx(0.01), pytest.approx(0.052)]
    assert nearness_in_words(found).en == (
        "In the last 4 quarters the forecast made a quarter before was within 1.0 % half of the time; last year's same "
        "quarter would have been within 5.2 %."
    )
    assert (
        nearness_in_words(found).zh
        == "过去 4 个季度里，提前一个季度的预测有一半误差不超过 1.0%；若用上年同期值，则为 5.2%。"
    )


def test_shares_are_told_in_percentage_points() -> None:
    rows = past(*[(0.62, 0.6, 0.55)] * 8)

    words = nearness_in_words(nearness(rows, in_points=True))

    assert "within 2.0 percentage points" in words.en
    assert "within 5.0 percentage points" in words.en
    assert "2.0 个百分点" in words.zh


@pytest.mark.parametrize("count", range(FEWEST))
def test_too_few_quarters_say_that_they_are_too_few(count: int) -> None:
    found = nearness(past(*[(101.0, 100.0, 99.0)] * count), in_points=False)

    assert [found.quarters, found.within, found.last_year] == [count, None, None]
    assert nearness_in_words(found).en.startswith(f"Only {count} quarters can be checked")


def test_without_enough_last_years_the_forecast_is_told_alone() -> None:
    found = nearness(past(*[(101.0, 100.0, None)] * 5, (101.0, 100.0, 90.0)), in_points=False)

    assert [found.quarters, found.within, found.last_year] == [6, pytest.approx(0.01), None]
    assert "last year" not in nearness_in_words(found).en


def test_a_quarter_that_came_to_nought_has_no_relative_miss_but_one_in_points() -> None:
    rows = past(*[(0.01, 0.0, 0.02)] * 4)

    assert nearness(rows, in_points=False).quarters == 0
    assert nearness(rows, in_points=True).within == pytest.approx(0.01)


@given(st.lists(st.tuples(st.floats(1, 1e9), st.floats(1, 1e9), st.floats(1, 1e9)), min_size=FEWEST, max_size=12))
def test_at_least_half_of_the_misses_are_within_and_fewer_than_half_are_within_less(
    told: list[tuple[float, float, float]],
) -> None:
    found = nearness(past(*told), in_points=True)

    assert found.within is not None
    misses = [abs(said - actual) for said, actual, _ in told]
    assert 2 * sum(miss <= found.within for miss in misses) >= len(told)
    assert 2 * sum(miss < found.within for miss in misses) < len(told)
