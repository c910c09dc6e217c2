"""A small Transformer: attention over the quarters of the past, normalised before each step."""

from math import isqrt

import torch
from torch import Tensor, nn

from forecast.networks.draws import reach
from forecast.networks.parts import CHANNELS, FEATURE_BOUND, Dense, Readout, Shape, power_of_two_above, sequence
from forecast.numerics import Numerics

HEADS = 2


class Layer(nn.Module):
    """Attention and a perceptron of twice the width, each added to what came in.

    There is no key bias: the softmax does not see it, and its gradient would be noise alone.
    """

    def __init__(self, numerics: Numerics, width: int) -> None:
        super().__init__()
        self.numerics = numerics
        bound = power_of_two_above(isqrt(width - 1) + 1)  # no standardised number exceeds sqrt(width - 1)
        self.mix = Dense(numerics, width, 3 * width, bias=False, bound=bound)
        self.join = Dense(numerics, width, width)
        self.inner = Dense(numerics, width, 2 * width, bound=bound, bent=True)
        self.outer = Dense(numerics, 2 * width, width, bound=1.0)

    def forward(self, x: Tensor) -> Tensor:
        """(batch, steps, width) -> the same shape."""
        x = x + self.join(self._attend(self.numerics.standardise(x)))
        grown: Tensor = self.outer(self.inner(self.numerics.standardise(x)))
        return x + grown

    def _attend(self, x: Tensor) -> Tensor:
        rows, steps, width = x.shape
        each = width // HEADS
        apart = self.mix(x).reshape(rows, steps, 3, HEADS, each).permute(2, 0, 3, 1, 4)
        query, key, value = apart.reshape(3, rows * HEADS, steps, each).unbind(0)
        shares = self.numerics.softmax(self.numerics.product(query, key.transpose(1, 2)) * reach(each))
        seen = self.numerics.product(shares, value)
        return seen.reshape(rows, HEADS, steps, each).transpose(1, 2).reshape(rows, steps, width)


class Transformer(nn.Module):
    """(batch, features) -> (batch, horizon, quantiles), from the newest step.

    The place of a step is one more input, 1 in the column of its own, so its embedding is part of the first weights.
    """

    def __init__(self, numerics: Numerics, shape: Shape) -> None:
        super().__init__()
        if shape.width % HEADS:
            raise ValueError(f"the width of a Transformer must be a multiple of {HEADS}, not {shape.width}")
        self.numerics, self.context = numerics, shape.context
        self.entry = Dense(numerics, CHANNELS + shape.context, shape.width, bound=FEATURE_BOUND)
        self.layers = nn.ModuleList([Layer(numerics, shape.width) for _ in range(shape.blocks)])
        self.readout = Readout(numerics, shape, bound=power_of_two_above(isqrt(shape.width - 1) + 1))

    def forward(self, features: Tensor) -> Tensor:
        """The quantiles of each row."""
        place = torch.eye(self.context, dtype=features.dtype, device=features.device)
        past = sequence(features, self.context)
        hidden = self.entry(torch.cat([past, place.expand(len(past), -1, -1)], 2))
        for layer in self.layers:
            hidden = layer(hidden)
        quantiles: Tensor = self.readout(self.numerics.standardise(hidden[:, -1]), features)
        return quantiles
