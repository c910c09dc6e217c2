import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from forecast import metrics
from forecast.windows import Floats

LEVELS = (0.1, 0.5, 0.9)
numbers = st.floats(-1e6, 1e6, allow_subnormal=False)


def tables(*shape: int) -> st.SearchStrategy[Floats]:
    return arrays(np.float64, shape, elements=numbers)


def close(found: Floats, expected: list[float]) -> bool:
    return bool(np.allclose(found, np.array(expected), rtol=1e-9, atol=1e-9))


@given(tables(3, 4), tables(3, 4))
def test_smape_is_the_plain_loop(actual: Floats, forecast: Floats) -> None:
    def one(y: float, f: float) -> float:
        return 200.0 * abs(y - f) / (abs(y) + abs(f)) if abs(y) + abs(f) > 0 else 0.0

    expected = [
        sum(one(y, f) for y, f in zip(ys, fs, strict=True)) / 4 for ys, fs in zip(actual, forecast, strict=True)
    ]

    assert close(metrics.smape(actual, forecast), expected)


def test_smape_by_hand() -> None:
    assert metrics.smape(np.array([[100.0, 50.0]]), np.array([[300.0, 50.0]])).tolist() == [50.0]
    assert metrics.smape(np.array([[0.0]]), np.array([[0.0]])).tolist() == [0.0]


@given(tables(2, 9), arrays(np.bool_, (2, 9)))
def test_the_scale_is_the_plain_loop_over_pairs_that_are_both_there(values: Floats, present: "np.ndarray") -> None:
    found = metrics.seasonal_scale(values, present)

    for row in range(2):
        steps = [
            abs(values[row, t] - values[row, t - 4]) for t in range(4, 9) if present[row, t] and present[row, t - 4]
        ]
        if sum(steps) > 0:
            assert found[row] == pytest.approx(sum(steps) / len(steps))
        else:
            assert np.isnan(found[row])


def test_a_history_that_repeats_itself_measures_nothing() -> None:
    values = np.array([[1.0, 2.0, 3.0, 4.0] * 3])

    scale = metrics.seasonal_scale(values, np.ones((1, 12), dtype=np.bool_))

    assert np.isnan(metrics.mase(np.array([[5.0]]), np.array([[6.0]]), scale)).all()


@given(tables(2, 3), tables(2, 3), st.floats(0.1, 1e3))
def test_mase_is_the_plain_loop(actual: Floats, forecast: Floats, scale: float) -> None:
    expected = [
        sum(abs(y - f) for y, f in zip(ys, fs, strict=True)) / 3 / scale
        for ys, fs in zip(actual, forecast, strict=True)
    ]

    assert close(metrics.mase(actual, forecast, np.full(2, scale)), expected)


def test_the_weighted_average_is_of_ratios_of_averages() -> None:
    assert metrics.owa(10.0, 1.2, 10.0, 1.2) == 1.0
    assert metrics.owa(5.0, 1.8, 10.0, 1.2) == 1.0
    assert metrics.owa(9.0, 0.9, 10.0, 1.0) == pytest.approx(0.9)


@pytest.mark.parametrize("base", [(0.0, 1.0), (1.0, 0.0), (1.0, float("nan"))])
def test_a_base_without_a_miss_compares_with_nothing(base: tuple[float, float]) -> None:
    assert np.isnan(metrics.owa(1.0, 1.0, *base))


def test_the_ends_of_an_interval_belong_to_it() -> None:
    actual = np.array([[1.0, 2.0, 3.0, 4.0]])

    assert metrics.coverage(actual, np.full((1, 4), 2.0), np.full((1, 4), 3.0)).tolist() == [0.5]


@given(tables(2, 3), tables(2, 3), tables(2, 3), st.sampled_from([0.8, 0.95]))
def test_msis_is_the_plain_loop(actual: Floats, one: Floats, other: Floats, level: float) -> None:
    lower, upper = np.minimum(one, other), np.maximum(one, other)
    expected = []
    for ys, ls, us in zip(actual, lower, upper, strict=True):
        score = 0.0
        for y, low, high in zip(ys, ls, us, strict=True):
            score += high - low
            if y < low:
                score += 2 / (1 - level) * (low - y)
            if y > high:
                score += 2 / (1 - level) * (y - high)
        expected.append(score / 3 / 5.0)

    assert close(metrics.msis(actual, lower, upper, np.full(2, 5.0), level), expected)


@given(tables(2, 3), tables(2, 3, 3))
def test_pinball_is_the_plain_loop(actual: Floats, quantiles: Floats) -> None:
    expected = []
    for ys, rows in zip(actual, quantiles, strict=True):
        losses = [
            level * (y - q) if y >= q else (1 - level) * (q - y)
            for y, row in zip(ys, rows, strict=True)
            for level, q in zip(LEVELS, row, strict=True)
        ]
        expected.append(sum(losses) / len(losses))

    assert close(metrics.pinball(actual, quantiles, LEVELS), expected)
