"""A temporal convolution: causal, with a dilation that doubles from block to block."""

import torch
from torch import Tensor, nn

from forecast.networks.parts import CHANNELS, FEATURE_BOUND, Dense, Readout, Shape, power_of_two_above, sequence
from forecast.numerics import Numerics

KERNEL = 3


class Layer(nn.Module):
    """``x + softsign(convolution(x))``: each adds at most 1 in magnitude."""

    def __init__(self, numerics: Numerics, width: int, dilation: int, bound: float) -> None:
        super().__init__()
        self.numerics, self.dilation, self.bound = numerics, dilation, bound
        self.weight = nn.Parameter(torch.zeros(width, KERNEL * width, dtype=numerics.dtype))
        self.bias = nn.Parameter(torch.zeros(width, dtype=numerics.dtype))

    def forward(self, x: Tensor) -> Tensor:
        """(batch, steps, width) -> the same shape."""
        return x + self.numerics.convolution(x, self.weight, self.bias, self.dilation, self.bound)


class TemporalConvolution(nn.Module):
    """(batch, features) -> (batch, horizon, quantiles), from the newest step."""

    def __init__(self, numerics: Numerics, shape: Shape) -> None:
        super().__init__()
        self.context = shape.context
        self.entry = Dense(numerics, CHANNELS, shape.width, bound=FEATURE_BOUND, bent=True)
        bounds = [power_of_two_above(1.0 + index) for index in range(shape.blocks + 1)]
        self.layers = nn.ModuleList(
            [Layer(numerics, shape.width, 1 << index, bounds[index]) for index in range(shape.blocks)]
        )
        self.readout = Readout(numerics, shape, bound=bounds[-1])

    def forward(self, features: Tensor) -> Tensor:
        """The quantiles of each row."""
        hidden = self.entry(sequence(features, self.context))
        for layer in self.layers:
            hidden = layer(hidden)
        quantiles: Tensor = self.readout(hidden[:, -1], features)
        return quantiles
