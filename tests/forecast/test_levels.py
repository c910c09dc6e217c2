"""Intervals of any level from the quantiles that are stored."""

from decimal import Decimal
from statistics import NormalDist

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from forecast.levels import Floats, normal_quantile, parse_levels, quantile_at
from kpi.errors import Refused

STORED = (0.025, 0.05, 0.1, 0.25, 0.5, 0.75, 0.9, 0.95, 0.975)

rising_quantiles = st.lists(
    st.floats(-1e150, 1e150, allow_subnormal=False), min_size=len(STORED), max_size=len(STORED)
).map(lambda values: np.sort(np.array([values])))
probabilities = st.decimals("0.0005", "0.9995", places=5)


def quantile(probability: str, quantiles: Floats) -> float:
    return float(quantile_at(Decimal(probability), STORED, quantiles)[0])


@given(rising_quantiles)
def test_stored_levels_are_given_as_they_are(quantiles: Floats) -> None:
    for level, percent in (("50", 50), ("80", 80), ("90", 90), ("95", 95)):
        (asked,) = parse_levels(level)
        below, above = (100 - percent) / 200, (100 + percent) / 200

        assert quantile_at(asked.low, STORED, quantiles) == quantiles[:, STORED.index(below)]
        assert quantile_at(asked.high, STORED, quantiles) == quantiles[:, STORED.index(above)]


@given(rising_quantiles, probabilities, probabilities)
def test_a_higher_probability_never_gives_a_lower_quantile(quantiles: Floats, one: Decimal, other: Decimal) -> None:
    low, high = sorted((one, other))

    assert quantile_at(low, STORED, quantiles) <= quantile_at(high, STORED, quantiles)


@given(rising_quantiles, st.decimals("1", "99.9", places=2), st.decimals("1", "99.9", places=2))
def test_the_interval_of_a_higher_level_holds_that_of_a_lower(quantiles: Floats, one: Decimal, other: Decimal) -> None:
    inner, outer = (parse_levels(str(percent))[0] for percent in sorted((one, other)))
    middle = quantile_at(Decimal("0.5"), STORED, quantiles)

    assert quantile_at(outer.low, STORED, quantiles) <= quantile_at(inner.low, STORED, quantiles) <= middle
    assert middle <= quantile_at(inner.high, STORED, quantiles) <= quantile_at(outer.high, STORED, quantiles)


def test_between_two_stored_levels_the_quantile_is_linear_in_the_probability() -> None:
    quantiles = np.array([[0.0, 0.0, 0.0, 4.0, 8.0, 8.0, 8.0, 8.0, 8.0]])

    assert [quantile(p, quantiles) for p in ("0.25", "0.3125", "0.375", "0.4375", "0.5")] == [4, 5, 6, 7, 8]


def test_beyond_the_outermost_level_the_distance_from_the_median_grows_as_that_of_a_normal_distribution() -> None:
    normal = NormalDist(100.0, 7.0)
    quantiles = np.array([[normal.inv_cdf(level) for level in STORED]])

    for probability in ("0.0005", "0.005", "0.01", "0.99", "0.9995"):
        assert quantile(probability, quantiles) == pytest.approx(normal.inv_cdf(float(probability)), rel=1e-12)


def test_the_tail_goes_on_from_its_own_side_of_a_skewed_forecast() -> None:
    quantiles = np.array([[9.0, 9.0, 9.0, 9.0, 10.0, 10.0, 10.0, 10.0, 30.0]])

    assert 8.0 < quantile("0.0005", quantiles) < 9.0
    assert quantile("0.9995", quantiles) == pytest.approx(10.0 + 20.0 * 3.2905267 / 1.9599640)


@given(st.decimals("0.0001", "0.9999", places=6))
def test_the_normal_quantile_agrees_with_the_standard_library(probability: Decimal) -> None:
    expected = NormalDist().inv_cdf(float(probability))

    assert float(normal_quantile(probability)) == pytest.approx(expected, rel=1e-11, abs=1e-15)


def test_levels_are_read_as_they_are_written() -> None:
    assert [(level.text, level.low, level.high) for level in parse_levels("80, 99.5,95.0")] == [
        ("80", Decimal("0.1"), Decimal("0.9")),
        ("99.5", Decimal("0.0025"), Decimal("0.9975")),
        ("95", Decimal("0.025"), Decimal("0.975")),
    ]


@pytest.mark.parametrize("text", ["0.9", "99.91", "100", "-80", "", "80,", "eighty", "NaN", "80;95", "Infinity"])
def test_what_is_no_level_from_one_to_almost_a_hundred_is_refused(text: str) -> None:
    with pytest.raises(Refused, match=r"is not a level: write per cents from 1 to 99\.9") as refusal:
        parse_levels(text)

    assert "不是区间水平" in refusal.value.message.zh


def test_a_level_is_asked_for_once() -> None:
    with pytest.raises(Refused, match="level 80 is asked for twice"):
        parse_levels("80,95,80.0")


@pytest.mark.parametrize("stored", [(0.1, 0.9), (0.5, 0.1, 0.9), (0.1, 0.5, 0.5, 0.9)])
def test_stored_levels_without_order_or_median_are_a_mistake_of_the_caller(stored: tuple[float, ...]) -> None:
    with pytest.raises(ValueError, match=r"must rise and hold 0\.5"):
        quantile_at(Decimal("0.3"), stored, np.zeros((1, len(stored))))
