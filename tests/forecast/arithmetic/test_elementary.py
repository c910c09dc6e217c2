import math
from collections.abc import Callable
from fractions import Fraction

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from torch import Tensor

from forecast.arithmetic.elementary import bend, exp, log, sigmoid, tanh
from forecast.arithmetic.roots import nearly_root, square_root

ANY = st.floats(allow_nan=False, allow_infinity=False)


def one(value: float) -> Tensor:
    return torch.tensor([value], dtype=torch.float64)


@given(st.floats(min_value=-708.0, max_value=708.0))
def test_exp_is_within_its_stated_bound(value: float) -> None:
    assert exp(one(value)).item() == pytest.approx(math.exp(value), rel=2.0**-40)


def test_exp_keeps_its_meaning_at_the_ends() -> None:
    found = exp(torch.tensor([math.nan, math.inf, -math.inf, 709.0, -709.0, 0.0, -0.0], dtype=torch.float64))

    assert found[0].isnan()
    assert found[1:].tolist() == [math.inf, 0.0, math.inf, 0.0, 1.0, 1.0]


@given(st.floats(min_value=5e-324, allow_infinity=False, allow_subnormal=True))
def test_log_is_within_its_stated_bound(value: float) -> None:
    true = math.log(value)

    assert abs(log(one(value)).item() - true) <= 2.0**-50 * max(1.0, abs(true))


def test_log_keeps_its_meaning_at_the_ends() -> None:
    found = log(torch.tensor([0.0, -0.0, math.inf, 1.0, -1.0, math.nan], dtype=torch.float64))

    assert found[:4].tolist() == [-math.inf, -math.inf, math.inf, 0.0]
    assert found[4:].isnan().all()


@given(ANY)
def test_sigmoid_and_tanh_are_within_their_stated_bounds(value: float) -> None:
    true = 1.0 / (1.0 + math.exp(-value)) if value > -700.0 else 0.0

    assert abs(sigmoid(one(value)).item() - true) <= 2.0**-40
    assert abs(tanh(one(value)).item() - math.tanh(value)) <= 2.0**-39


@given(ANY)
def test_softsign_stays_within_one_and_leaves_what_its_slope_needs(value: float) -> None:
    bent = one(value)
    bottom = bend(bent).item()

    assert -1.0 <= bent.item() <= 1.0
    assert bent.item() == value / (1.0 + abs(value))
    assert bottom == 1.0 + abs(value)


@given(st.floats(min_value=0.0, allow_infinity=False, allow_nan=False, allow_subnormal=True))
def test_the_square_root_is_correctly_rounded(value: float) -> None:
    assert square_root(one(value)).item() == math.sqrt(value)


def test_the_square_root_is_correctly_rounded_next_to_squares_and_at_the_ends() -> None:
    roots = 1.0 + np.arange(20_000) / 20_000
    squares = roots * roots
    powers = [4.0**k * (1 + j * 2.0**-52) for k in range(-500, 500, 7) for j in range(-4, 5)]
    edges = np.array([0.0, 5e-324, 2.2250738585072014e-308, 1.7976931348623157e308, *powers])
    values = np.concatenate([squares, np.nextafter(squares, 0), np.nextafter(squares, 9), edges])

    found = square_root(torch.from_numpy(values)).numpy()

    assert (found == np.sqrt(values)).all()


@given(st.floats(min_value=2.0**-1000, max_value=2.0**1000))
def test_three_newton_steps_give_a_root_within_two_in_a_million_million(value: float) -> None:
    assert nearly_root(one(value), 3).item() == pytest.approx(math.sqrt(value), rel=2e-12)


@pytest.mark.parametrize(
    ("ours", "theirs"),
    [(exp, torch.exp), (sigmoid, torch.sigmoid), (tanh, torch.tanh)],
)
def test_gradients_are_those_of_torch_and_of_finite_differences(
    ours: Callable[[Tensor], Tensor], theirs: Callable[[Tensor], Tensor]
) -> None:
    x = torch.linspace(-3.0, 3.0, 41, dtype=torch.float64)

    assert torch.allclose(slope(ours, x), slope(theirs, x), rtol=1e-11, atol=1e-11)
    step = 2.0**-10
    difference = (ours(x + step) - ours(x - step)) / (2.0 * step)
    away_from_the_kink = x.abs() > step
    assert torch.allclose(slope(ours, x)[away_from_the_kink], difference[away_from_the_kink], rtol=1e-5, atol=1e-6)


def test_the_gradient_of_log_is_one_over_x() -> None:
    x = torch.tensor([0.5, 2.0, 3.0], dtype=torch.float64)

    assert slope(log, x).tolist() == [float(Fraction(2)), 0.5, 1.0 / 3.0]


def slope(function: Callable[[Tensor], Tensor], x: Tensor) -> Tensor:
    """The gradient of the sum of ``function(x)``."""
    x = x.clone().requires_grad_()
    (found,) = torch.autograd.grad(function(x), x, torch.ones_like(x))
    return found
