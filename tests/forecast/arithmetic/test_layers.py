from collections.abc import Callable

import pytest
import torch
from torch import Tensor
from torch.nn import functional

from forecast.arithmetic.layers import recurrence, softmax, standardise, taps
from forecast.arithmetic.products import linear, product


def normal(*shape: int, seed: int = 1) -> Tensor:
    return torch.randn(shape, dtype=torch.float64, generator=torch.Generator().manual_seed(seed))


def gated(x: Tensor, by_input: Tensor, bias_input: Tensor, by_state: Tensor, bias_state: Tensor) -> Tensor:
    return recurrence(linear(x, by_input, bias_input), by_state, bias_state)


def torch_gated(x: Tensor, by_input: Tensor, bias_input: Tensor, by_state: Tensor, bias_state: Tensor) -> Tensor:
    start = x.new_zeros(1, len(x), by_state.shape[1])
    weights = [by_input, by_state, bias_input, bias_state]
    states: Tensor = torch.gru(x, start, weights, True, 1, 0.0, True, False, True)[0]
    return states


def bent(x: Tensor, weight: Tensor, bias: Tensor) -> Tensor:
    return linear(x, weight, bias, bent=True)


def bent_and_bounded(x: Tensor, weight: Tensor, bias: Tensor) -> Tensor:
    return linear(x, weight, bias, bound=8.0, bent=True)


def torch_bent(x: Tensor, weight: Tensor, bias: Tensor) -> Tensor:
    return functional.softsign(functional.linear(x, weight, bias))


def convolution(x: Tensor, weight: Tensor) -> Tensor:
    return linear(taps(x, 3, 2), weight)


def torch_convolution(x: Tensor, weight: Tensor) -> Tensor:
    by_tap = weight.reshape(len(weight), 3, x.shape[2]).transpose(1, 2)
    return functional.conv1d(functional.pad(x.transpose(1, 2), (4, 0)), by_tap, dilation=2).transpose(1, 2)


def torch_softmax(x: Tensor) -> Tensor:
    return functional.softmax(x, -1)


def torch_standardise(x: Tensor) -> Tensor:
    return functional.layer_norm(x, x.shape[-1:])


SMALL = 0.4
Operation = Callable[..., Tensor]
CASES: dict[str, tuple[Operation, Operation, tuple[Tensor, ...], float]] = {
    "linear": (linear, functional.linear, (normal(40, 30), normal(20, 30), normal(20)), 2.0**-19),
    "bent": (bent, torch_bent, (normal(40, 30), normal(20, 30), normal(20)), 2.0**-17),
    "bent and bounded": (bent_and_bounded, torch_bent, (normal(40, 30), normal(20, 30), normal(20)), 2.0**-15),
    "product": (product, torch.bmm, (normal(5, 7, 8), normal(5, 8, 9)), 2.0**-19),
    "softmax": (softmax, torch_softmax, (normal(40, 30) * 5.0,), 2.0**-38),
    "standardise": (standardise, torch_standardise, (normal(40, 30),), 2.0**-40),
    "convolution": (convolution, torch_convolution, (normal(5, 10, 4), normal(7, 12)), 2.0**-19),
    "recurrence": (
        gated,
        torch_gated,
        (normal(9, 12, 5), *(SMALL * normal(*shape) for shape in ((48, 5), (48,), (48, 16), (48,)))),
        2.0**-16,
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_values_and_gradients_are_torchs_to_within_the_kept_bits(name: str) -> None:
    ours, theirs, operands, tolerance = CASES[name]

    for found, wanted in zip(with_gradients(ours, operands), with_gradients(theirs, operands), strict=True):
        assert (found - wanted).abs().max() <= tolerance * wanted.abs().max()


@pytest.mark.parametrize("name", CASES)
def test_a_row_does_not_depend_on_the_rows_beside_it(name: str) -> None:
    ours, _, (x, *others), _ = CASES[name]
    stacked = name == "product"

    together = ours(x, *others)

    for row in range(len(x)):
        beside = [other[row : row + 1] for other in others] if stacked else others
        assert torch.equal(ours(x[row : row + 1], *beside), together[row : row + 1])


def with_gradients(function: Callable[..., Tensor], operands: tuple[Tensor, ...]) -> list[Tensor]:
    """The value, and its gradients by every operand for one drawn slope."""
    leaves = [operand.clone().requires_grad_() for operand in operands]
    value = function(*leaves)
    return [value, *torch.autograd.grad(value, leaves, normal(*value.shape, seed=2))]


def test_a_share_of_one_row_far_above_the_others_is_one() -> None:
    assert softmax(torch.tensor([[1000.0, 0.0, -1000.0]], dtype=torch.float64)).tolist()[0][0] == 1.0


def test_a_constant_row_standardises_to_zero_within_the_kept_bits() -> None:
    assert standardise(torch.full((2, 8), 3.7, dtype=torch.float64)).abs().max() <= 3.7 * 2.0**-40


def test_taps_see_nothing_later() -> None:
    x = normal(1, 6, 2)
    changed = x.clone()
    changed[0, 4:] = 99.0

    assert torch.equal(taps(x, 3, 2)[:, :4], taps(changed, 3, 2)[:, :4])
