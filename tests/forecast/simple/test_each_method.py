"""Each simple method against figures worked out by hand or by a plain loop."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from forecast.simple.damped import damped
from forecast.simple.drift import drift
from forecast.simple.naive import naive
from forecast.simple.naive2 import naive2
from forecast.simple.seasonal_naive import seasonal_naive
from forecast.simple.seasonality import adjust, is_seasonal
from forecast.simple.slope import slope
from forecast.simple.smoothing import smoothed_level, smoothing
from forecast.simple.theta import theta
from tests.forecast.simple.histories import history

YEAR = (60.0, 100.0, 180.0, 60.0)  # mean 100
lines = st.tuples(st.integers(-50, 50), st.integers(-9, 9), st.integers(2, 12))


def test_naive_repeats_the_newest_value_there_is() -> None:
    assert naive(*history(1.0, 5.0, None), 2).tolist() == [[5.0, 5.0]]


def test_seasonal_naive_repeats_the_newest_value_of_the_same_quarter() -> None:
    values = history(1.0, 2.0, 3.0, 4.0, 5.0, None)

    assert seasonal_naive(*values, 5).tolist() == [[3.0, 4.0, 5.0, 2.0, 3.0]]


def test_seasonal_naive_of_less_than_a_year_fills_up_with_the_newest_value() -> None:
    assert seasonal_naive(*history(1.0, 2.0), 4).tolist() == [[2.0, 2.0, 1.0, 2.0]]


def test_drift_counts_the_quarters_of_a_gap() -> None:
    assert drift(*history(2.0, None, 6.0, None), 2).tolist() == [[10.0, 12.0]]


@given(lines)
def test_drift_theta_and_slope_know_a_straight_line(line: tuple[int, int, int]) -> None:
    start, step, quarters = line
    values = history(*(float(start + step * index) for index in range(quarters)))

    ahead = [start + step * (quarters - 1 + h) for h in range(1, 4)]
    assert drift(*values, 3)[0] == pytest.approx(ahead)
    assert slope(*values)[0] == pytest.approx(step)


def test_slope_is_the_least_squares_line_over_what_is_there() -> None:
    values = history(None, 3.0, 8.0, None, 4.0, 9.0, 11.0)
    times = np.flatnonzero(values[1][0])

    assert slope(*values)[0] == pytest.approx(np.polyfit(times, values[0][0][times], 1)[0])


def test_a_strong_season_is_found_and_taken_out() -> None:
    values, present = history(*YEAR * 4)

    adjusted = adjust(values, present)

    assert is_seasonal(values, present).all()
    assert adjusted.factors[0] == pytest.approx([0.6, 1.0, 1.8, 0.6])
    assert adjusted.values[0] == pytest.approx([100.0] * 16)


def test_under_three_years_no_season_is_found() -> None:
    values, present = history(*(YEAR * 3)[:11])

    assert not is_seasonal(values, present).any()
    assert (adjust(values, present).factors == 1.0).all()


def test_a_trend_is_not_a_season() -> None:
    assert not is_seasonal(*history(*(float(value) for value in range(20)))).any()


def test_a_season_of_values_at_or_below_zero_is_left_alone() -> None:
    values, present = history(*(value - 60.0 for value in YEAR * 4))

    assert is_seasonal(values, present).all()
    assert (adjust(values, present).values == values).all()


def test_a_quarter_that_is_never_there_has_no_factor() -> None:
    values, present = history(*(60.0, 100.0, 180.0, None) * 6)

    assert (adjust(values, present).factors == 1.0).all()


def test_naive2_is_naive_on_the_adjusted_series() -> None:
    values = history(*YEAR * 4)

    assert naive2(*values, 5)[0] == pytest.approx([60.0, 100.0, 180.0, 60.0, 60.0])
    assert naive2(*history(3.0, 9.0), 2).tolist() == [[9.0, 9.0]]


def loop_level(values: list[float | None], weight: float) -> tuple[float, float]:
    """Smoothing of one series with one weight: last level, sum of squared errors."""
    known = [value for value in values if value is not None]
    level, error = known[0], 0.0
    for value in known[1:]:
        error += (value - level) ** 2
        level += weight * (value - level)
    return level, error


@given(st.lists(st.one_of(st.none(), st.integers(-100, 100).map(float)), min_size=1, max_size=15), st.integers(-9, 9))
def test_the_weight_is_the_one_of_the_grid_with_the_least_error(drawn: list[float | None], first: int) -> None:
    series = [float(first), *drawn]

    level, weight = smoothed_level(*history(*series))

    chosen = loop_level(series, float(weight[0]))
    assert level[0] == pytest.approx(chosen[0])
    assert chosen[1] <= min(loop_level(series, step / 10)[1] for step in range(1, 11)) * (1 + 1e-9)


def test_smoothing_is_flat_but_for_the_season() -> None:
    assert smoothing(*history(*YEAR * 4), 4)[0] == pytest.approx(list(YEAR))
    ahead = smoothing(*history(5.0, 7.0, 6.0), 3)[0]
    assert (ahead == ahead[0]).all()


def test_theta_drifts_by_half_the_slope() -> None:
    values = history(1.0, 4.0, 2.0, 6.0, 5.0, 9.0)
    level, weight = smoothed_level(*values)
    half = slope(*values)[0] / 2

    ahead = theta(*values, 3)[0]

    assert np.diff(ahead) == pytest.approx([half, half])
    assert ahead[0] == pytest.approx(level[0] + half * (1 - (1 - weight[0]) ** 6) / weight[0])


def test_a_damped_trend_goes_on_by_less_and_less() -> None:
    ahead = damped(*history(*(10.0 + 3.0 * index for index in range(20))), 8)[0]
    steps = np.diff(np.concatenate([[67.0], ahead]))

    assert (steps > 0).all()
    assert (np.diff(steps) < 0).all()
    assert steps[0] > 2.0


def test_a_damped_trend_goes_on_through_a_gap() -> None:
    rising = [10.0 + 3.0 * index for index in range(20)]

    assert damped(*history(*rising, None), 4)[0] == pytest.approx(damped(*history(*rising), 5)[0][1:])
