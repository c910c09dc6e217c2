"""A perceptron with residual blocks over the whole feature row."""

from typing import Final

import torch
from torch import Tensor, nn

from forecast.networks.parts import FEATURE_BOUND, Dense, Readout, Shape
from forecast.numerics import Numerics

REACH: Final = 8.0  # a power of two that no unit of a hidden layer exceeds, so that all share one grid


def clipped(x: Tensor) -> Tensor:
    """``x`` held between 0 and :data:`REACH`; a comparison has no rounding, in either numerics."""
    return torch.clamp(x, 0.0, REACH)


class Block(nn.Module):
    """``x + outer(clipped(inner(x)))``."""

    def __init__(self, numerics: Numerics, width: int) -> None:
        super().__init__()
        self.inner = Dense(numerics, width, width)
        self.outer = Dense(numerics, width, width, bound=REACH)

    def forward(self, hidden: Tensor) -> Tensor:
        """(batch, width) -> (batch, width)."""
        mixed: Tensor = self.outer(clipped(self.inner(hidden)))
        return hidden + mixed


class Perceptron(nn.Module):
    """(batch, features) -> (batch, horizon, quantiles), in units of the window's scale."""

    def __init__(self, numerics: Numerics, shape: Shape) -> None:
        super().__init__()
        self.entry = Dense(numerics, shape.features, shape.width, bound=FEATURE_BOUND)
        self.blocks = nn.ModuleList([Block(numerics, shape.width) for _ in range(shape.blocks)])
        self.readout = Readout(numerics, shape)

    def forward(self, features: Tensor) -> Tensor:
        """The quantiles of each row."""
        hidden = clipped(self.entry(features))
        for block in self.blocks:
            hidden = block(hidden)
        quantiles: Tensor = self.readout(hidden, features)
        return quantiles
