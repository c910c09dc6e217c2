"""What holds for every simple method."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from forecast.simple.methods import SIMPLE
from tests.forecast.simple.histories import digest, drawn, history

every_method = pytest.mark.parametrize("name", SIMPLE)

# Golden: a forecast that is combined into a run may not change by a bit without a new version of the run.
GOLDEN = {
    "naive": "9a337e6458065ba0",
    "seasonal_naive": "1ea8bf8eba81eb44",
    "drift": "a1ce2077273ee298",
    "naive2": "1ffce10c71486ffd",
    "smoothing": "0d72a756cbfe30ac",
    "damped": "6f8cc19625d530f3",
    "theta": "dd8d72e7986ca219",
}


@every_method
def test_the_bytes_are_the_golden_ones(name: str) -> None:
    assert digest(SIMPLE[name](*drawn(60, 30), 8))[:16] == GOLDEN[name]


@every_method
def test_a_series_is_forecast_alike_alone_and_among_others(name: str) -> None:
    values, present = drawn(300, 24)
    together = SIMPLE[name](values, present, 5)

    for row in (0, 7, 299):
        alone = SIMPLE[name](values[row : row + 1], present[row : row + 1], 5)
        assert (alone == together[row]).all()


@every_method
def test_padding_on_the_left_changes_nothing(name: str) -> None:
    values, present = drawn(40, 24)
    padded = np.pad(values, ((0, 0), (4, 0))), np.pad(present, ((0, 0), (4, 0)))

    assert (SIMPLE[name](*padded, 8) == SIMPLE[name](values, present, 8)).all()


@every_method
def test_what_is_not_present_is_never_read(name: str) -> None:
    values, present = drawn(40, 24)
    spoiled = np.where(present, values, np.nan)

    assert (SIMPLE[name](spoiled, present, 8) == SIMPLE[name](values, present, 8)).all()


@every_method
def test_one_value_alone_is_repeated(name: str) -> None:
    assert SIMPLE[name](*history(None, None, 7.0, None), 3).tolist() == [[7.0, 7.0, 7.0]]


@every_method
def test_without_any_value_there_is_no_forecast(name: str) -> None:
    assert np.isnan(SIMPLE[name](*history(None, None, None, None, None), 2)).all()


@every_method
def test_no_series_give_no_rows(name: str) -> None:
    values, present = drawn(3, 12)

    assert SIMPLE[name](values[:0], present[:0], 8).shape == (0, 8)


@every_method
@given(st.lists(st.integers(-1000, 1000), min_size=1, max_size=20), st.integers(-3, 3))
def test_a_unit_of_another_size_changes_the_size_of_the_forecast_only(name: str, drawn: list[int], power: int) -> None:
    values, present = history(*(float(value) for value in drawn))
    unit = 2.0**power

    assert (SIMPLE[name](values * unit, present, 4) == SIMPLE[name](values, present, 4) * unit).all()
