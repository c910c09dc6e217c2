"""Any order, split or batching of the operands gives the same bits."""

import math
from collections.abc import Sequence
from fractions import Fraction

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch import Tensor

from forecast.arithmetic.grid import LONGEST_PRODUCT, anchor, ceil_log2, product_bits, sum_bits, to_grid
from forecast.arithmetic.products import exact_total, linear, product, total

SIZES = st.integers(min_value=1, max_value=40)
SEEDS = st.integers(min_value=0, max_value=2**31)


def wild(seed: int, *shape: int) -> Tensor:
    """Numbers of very different magnitude, some of them zero and -0.0."""
    generator = torch.Generator().manual_seed(seed)
    size = torch.randint(-30, 31, shape, generator=generator, dtype=torch.float64)
    values = torch.randn(shape, generator=generator, dtype=torch.float64) * torch.exp2(size)
    return torch.where(torch.rand(shape, generator=generator) < 0.1, -0.0, values)


def bits(values: Tensor) -> list[int]:
    """The bytes, so that 0.0 and -0.0 differ."""
    found: list[int] = values.contiguous().view(torch.int64).reshape(-1).tolist()
    return found


def order(seed: int, count: int) -> Tensor:
    return torch.randperm(count, generator=torch.Generator().manual_seed(seed))


@given(st.integers(min_value=1, max_value=LONGEST_PRODUCT))
def test_the_bits_of_a_product_leave_room_for_its_sum(length: int) -> None:
    assert 2 * product_bits(length) + ceil_log2(length) <= 53
    assert sum_bits(length) + ceil_log2(length) <= 53


def test_a_product_too_long_for_its_proof_is_refused() -> None:
    with pytest.raises(ValueError, match="terms"):
        product_bits(LONGEST_PRODUCT + 1)
    with pytest.raises(ValueError, match="at least one"):
        sum_bits(0)


@given(SEEDS, SIZES, st.integers(min_value=10, max_value=51))
def test_rounding_to_a_grid_gives_the_nearest_multiple(seed: int, count: int, keep: int) -> None:
    values = wild(seed, count)
    largest = values.abs().max()

    found = to_grid(values, anchor(largest, keep)).tolist()

    unit = Fraction(2.0 ** (max(math.frexp(largest.item())[1] - 1, -400) + 1 - keep))
    for value, rounded in zip(values.tolist(), found, strict=True):
        assert Fraction(rounded) % unit == 0
        assert abs(Fraction(rounded) - Fraction(value)) <= unit / 2
        assert abs(Fraction(rounded) / unit) <= 2**keep


@given(SEEDS, SIZES)
def test_a_total_is_exact_on_its_grid_and_the_same_in_any_order(seed: int, count: int) -> None:
    values = wild(seed, 3, count)

    found = exact_total(values, 1)

    assert bits(exact_total(values[:, order(seed, count)], 1)) == bits(found)
    rounded = to_grid(values, anchor(values.abs().amax(1, keepdim=True), sum_bits(count)))
    for row, total_of_row in zip(rounded.tolist(), found[:, 0].tolist(), strict=True):
        assert sum(map(Fraction, row)) == Fraction(total_of_row)


@settings(max_examples=50)
@given(SEEDS, SIZES, SIZES, SIZES)
def test_a_linear_step_gives_the_same_bits_in_any_order_batch_and_library(
    seed: int, rows: int, inputs: int, outputs: int
) -> None:
    x, weight, bias = wild(seed, rows, inputs), wild(seed + 1, outputs, inputs), wild(seed + 2, outputs)

    found = linear(x, weight, bias)

    mixed = order(seed, inputs)
    assert bits(linear(x[:, mixed], weight[:, mixed], bias)) == bits(found)
    shuffled = order(seed + 1, rows)
    assert bits(linear(x[shuffled], weight, bias)) == bits(found[shuffled])
    assert bits(torch.cat([linear(x[row : row + 1], weight, bias) for row in range(rows)])) == bits(found)
    assert bits(linear(x, weight, None)) == bits(by_hand(x, weight))


def by_hand(x: Tensor, weight: Tensor) -> Tensor:
    """The same product term by term in exact fractions, from the rounded operands."""
    outputs, inputs = weight.shape
    rounded_weight = to_grid(weight, anchor(weight.abs().max(), product_bits(max(inputs, outputs)))).tolist()
    rounded = to_grid(x, anchor(x.abs().amax(1, keepdim=True), product_bits(inputs))).tolist()
    return torch.tensor([[_dot(row, column) for column in rounded_weight] for row in rounded], dtype=torch.float64)


def _dot(left: Sequence[float], right: Sequence[float]) -> float:
    exact = sum((Fraction(a) * Fraction(b) for a, b in zip(left, right, strict=True)), Fraction(0))
    assert Fraction(float(exact)) == exact
    return float(exact)


@settings(max_examples=50)
@given(SEEDS, st.integers(min_value=1, max_value=60), SIZES, SIZES, st.sampled_from([0.0, 1.0]))
def test_the_gradients_of_a_linear_step_are_the_same_in_any_order_of_rows(
    seed: int, rows: int, inputs: int, outputs: int, bound: float
) -> None:
    x = wild(seed, rows, inputs)
    x = x.clamp(-bound, bound) if bound else x
    weight, bias, slope = wild(seed + 1, outputs, inputs), wild(seed + 2, outputs), wild(seed + 3, rows, outputs)
    shuffled = order(seed, rows)

    for_x, for_weight, for_bias = gradients(x, weight, bias, slope, bound)
    again_x, again_weight, again_bias = gradients(x[shuffled], weight, bias, slope[shuffled], bound)

    assert bits(again_weight) == bits(for_weight)
    assert bits(again_bias) == bits(for_bias)
    assert bits(again_x) == bits(for_x[shuffled])


def gradients(x: Tensor, weight: Tensor, bias: Tensor, slope: Tensor, bound: float) -> tuple[Tensor, ...]:
    """Of a linear step, by x, weight and bias."""
    x, weight, bias = (part.clone().requires_grad_() for part in (x, weight, bias))
    return torch.autograd.grad(linear(x, weight, bias, bound), (x, weight, bias), slope)


@given(SEEDS, SIZES, SIZES, SIZES)
def test_a_product_of_matrices_does_not_depend_on_the_stack_or_on_the_order_of_terms(
    seed: int, m: int, k: int, n: int
) -> None:
    a, b = wild(seed, 4, m, k), wild(seed + 1, 4, k, n)

    found = product(a, b)

    mixed = order(seed, k)
    assert bits(product(a[:, :, mixed], b[:, mixed])) == bits(found)
    assert bits(product(a[2:3], b[2:3])) == bits(found[2:3])


@given(SEEDS, SIZES, SIZES)
def test_a_linear_step_is_within_its_stated_bound(seed: int, inputs: int, outputs: int) -> None:
    x, weight = wild(seed, 5, inputs), wild(seed + 1, outputs, inputs)

    miss = (linear(x, weight) - x @ weight.T).abs()

    keep = product_bits(max(inputs, outputs))
    bound = inputs * 2.0 ** -(keep - 1) * x.abs().amax(1, keepdim=True) * weight.abs().max()
    assert (miss <= bound + 2.0**-390).all()


def test_numbers_that_are_none_spread_over_their_row_alone() -> None:
    x = torch.ones(3, 4, dtype=torch.float64)
    x[0, 0], x[1, 2] = math.nan, math.inf

    found = linear(x, torch.ones(2, 4, dtype=torch.float64))

    assert found[:2].isnan().all()
    assert found[2].tolist() == [4.0, 4.0]


def test_numbers_out_of_the_proofs_range_are_none_and_tiny_ones_are_zero() -> None:
    x = torch.tensor([[2.0**401, 1.0], [2.0**-460, 5e-324], [-0.0, 0.0]], dtype=torch.float64)

    found = linear(x, torch.ones(1, 2, dtype=torch.float64))

    assert found[0].isnan()
    assert bits(found[1:]) == [0, 0]


def test_the_gradient_of_a_total_goes_to_every_term() -> None:
    x = wild(3, 2, 5).requires_grad_()

    (found,) = torch.autograd.grad(total(x), x, torch.tensor([[2.0], [3.0]], dtype=torch.float64))

    assert found.tolist() == [[2.0] * 5, [3.0] * 5]
