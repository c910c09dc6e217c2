"""The two numerics a network can compute in, behind one set of steps. Needs only torch.

``order_free`` is the record: the same bytes on every machine. ``standard`` is torch's own layers, cuDNN on a GPU:
repeatable on one class of machine.
"""

import warnings
from typing import Protocol

import torch
from torch import Tensor
from torch.nn import functional

from forecast.arithmetic import layers, products
from forecast.arithmetic.workers import ALONE, Workers
from forecast.recipe import NumericsName


class Numerics(Protocol):
    """The steps that networks are made of; all take and give tensors of ``dtype``."""

    name: NumericsName
    dtype: torch.dtype

    def linear(self, x: Tensor, weight: Tensor, bias: Tensor | None, bound: float = 0.0, bent: bool = False) -> Tensor:
        """``x @ weight.T + bias`` over the last axis, or the softsign ``y / (1 + |y|)`` of that if ``bent``.

        ``bound`` promises ``|x| <= bound``, a power of two.
        """

    def standardise(self, x: Tensor) -> Tensor:
        """Layer normalisation over the last axis without gain and shift, which a linear step after it absorbs."""

    def softmax(self, x: Tensor) -> Tensor:
        """Shares over the last axis."""

    def product(self, a: Tensor, b: Tensor) -> Tensor:
        """(stack, m, k) @ (stack, k, n)."""

    def convolution(self, x: Tensor, weight: Tensor, bias: Tensor, dilation: int, bound: float = 0.0) -> Tensor:
        """Causal and bent: x (rows, steps, channels), weight (outputs, kernel * channels) with taps oldest first."""

    def recurrence(self, x: Tensor, weights: tuple[Tensor, Tensor, Tensor, Tensor], bound: float = 0.0) -> Tensor:
        """States of a gated recurrent unit: weights are input weight, state weight, input bias, state bias."""


class OrderFree:
    """Exact sums, IEEE 754 operations, float64; parameter gradients meet those of other ``workers`` on one grid."""

    name: NumericsName = "order_free"
    dtype = torch.float64

    def __init__(self, workers: Workers = ALONE) -> None:
        self.workers = workers

    def linear(self, x: Tensor, weight: Tensor, bias: Tensor | None, bound: float = 0.0, bent: bool = False) -> Tensor:
        """See :func:`forecast.arithmetic.products.linear`."""
        return products.linear(x, weight, bias, bound, self.workers, bent)

    def standardise(self, x: Tensor) -> Tensor:
        """See :func:`forecast.arithmetic.layers.standardise`."""
        return layers.standardise(x)

    def softmax(self, x: Tensor) -> Tensor:
        """See :func:`forecast.arithmetic.layers.softmax`."""
        return layers.softmax(x)

    def product(self, a: Tensor, b: Tensor) -> Tensor:
        """See :func:`forecast.arithmetic.products.product`."""
        return products.product(a, b)

    def convolution(self, x: Tensor, weight: Tensor, bias: Tensor, dilation: int, bound: float = 0.0) -> Tensor:
        """A linear step over the taps."""
        return self.linear(layers.taps(x, weight.shape[1] // x.shape[2], dilation), weight, bias, bound, bent=True)

    def recurrence(self, x: Tensor, weights: tuple[Tensor, Tensor, Tensor, Tensor], bound: float = 0.0) -> Tensor:
        """See :func:`forecast.arithmetic.layers.recurrence`."""
        by_input, by_state, bias_input, bias_state = weights
        return layers.recurrence(self.linear(x, by_input, bias_input, bound), by_state, bias_state, self.workers)


class Standard:
    """torch's own layers in ``dtype``."""

    name: NumericsName = "standard"

    def __init__(self, dtype: torch.dtype = torch.float64) -> None:
        self.dtype = dtype

    def linear(self, x: Tensor, weight: Tensor, bias: Tensor | None, bound: float = 0.0, bent: bool = False) -> Tensor:
        """torch's linear layer and softsign; it has no use for ``bound``."""
        straight = functional.linear(x, weight, bias)
        return functional.softsign(straight) if bent else straight

    def standardise(self, x: Tensor) -> Tensor:
        """torch's layer normalisation."""
        return functional.layer_norm(x, x.shape[-1:])

    def softmax(self, x: Tensor) -> Tensor:
        """torch's softmax."""
        return functional.softmax(x, -1)

    def product(self, a: Tensor, b: Tensor) -> Tensor:
        """torch's batched product."""
        return torch.bmm(a, b)

    def convolution(self, x: Tensor, weight: Tensor, bias: Tensor, dilation: int, bound: float = 0.0) -> Tensor:
        """torch's convolution, cuDNN's on a GPU, and softsign."""
        kernel = weight.shape[1] // x.shape[2]
        by_tap = weight.reshape(len(weight), kernel, x.shape[2]).transpose(1, 2)
        padded = functional.pad(x.transpose(1, 2), ((kernel - 1) * dilation, 0))
        return functional.softsign(functional.conv1d(padded, by_tap, bias, dilation=dilation)).transpose(1, 2)

    def recurrence(self, x: Tensor, weights: tuple[Tensor, Tensor, Tensor, Tensor], bound: float = 0.0) -> Tensor:
        """torch's gated recurrent unit, cuDNN's on a GPU."""
        return gated_recurrence(x, weights, self_training(x))


def gated_recurrence(x: Tensor, weights: tuple[Tensor, Tensor, Tensor, Tensor], training: bool) -> Tensor:
    """torch's gated recurrent unit from a state of zeros: (batch, time, feature) to (batch, time, state).

    cuDNN copies weights that do not lie side by side before it uses them, and warns each time; they are few here.
    """
    start = x.new_zeros(1, len(x), weights[1].shape[1])
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", message="RNN module weights")
        states: Tensor = torch.gru(x, start, list(weights), True, 1, 0.0, training, False, True)[0]
    return states


def self_training(x: Tensor) -> bool:
    """Whether gradients are wanted; cuDNN keeps what its backward pass needs only then."""
    return torch.is_grad_enabled() and not x.is_inference()
