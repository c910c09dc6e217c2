"""A gated recurrent unit over the past, oldest step first; with more blocks, one on top of another."""

import torch
from torch import Tensor, nn

from forecast.networks.parts import CHANNELS, FEATURE_BOUND, Readout, Shape, sequence
from forecast.numerics import Numerics


class Cell(nn.Module):
    """One unit with torch's four parameters, in the order reset, update, candidate."""

    def __init__(self, numerics: Numerics, inputs: int, width: int, bound: float) -> None:
        super().__init__()
        self.numerics, self.bound = numerics, bound
        self.input_weight = nn.Parameter(torch.zeros(3 * width, inputs, dtype=numerics.dtype))
        self.state_weight = nn.Parameter(torch.zeros(3 * width, width, dtype=numerics.dtype))
        self.input_bias = nn.Parameter(torch.zeros(3 * width, dtype=numerics.dtype))
        self.state_bias = nn.Parameter(torch.zeros(3 * width, dtype=numerics.dtype))

    def forward(self, x: Tensor) -> Tensor:
        """(batch, steps, inputs) -> (batch, steps, width)."""
        weights = (self.input_weight, self.state_weight, self.input_bias, self.state_bias)
        return self.numerics.recurrence(x, weights, self.bound)


class Recurrent(nn.Module):
    """(batch, features) -> (batch, horizon, quantiles), from the newest state."""

    def __init__(self, numerics: Numerics, shape: Shape) -> None:
        super().__init__()
        self.context = shape.context
        first = Cell(numerics, CHANNELS, shape.width, FEATURE_BOUND)
        others = [Cell(numerics, shape.width, shape.width, 1.0) for _ in range(shape.blocks - 1)]
        self.cells = nn.ModuleList([first, *others])
        self.readout = Readout(numerics, shape, bound=1.0)

    def forward(self, features: Tensor) -> Tensor:
        """The quantiles of each row."""
        hidden = sequence(features, self.context)
        for cell in self.cells:
            hidden = cell(hidden)
        quantiles: Tensor = self.readout(hidden[:, -1], features)
        return quantiles
