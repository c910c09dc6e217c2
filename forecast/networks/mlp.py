"""A perceptron with residual blocks over the whole feature row."""

from torch import Tensor, nn

from forecast.networks.parts import FEATURE_BOUND, Dense, Readout, Shape
from forecast.numerics import Numerics


class Block(nn.Module):
    """``x + outer(softsign(inner(x)))``."""

    def __init__(self, numerics: Numerics, width: int) -> None:
        super().__init__()
        self.inner = Dense(numerics, width, width, bent=True)
        self.outer = Dense(numerics, width, width, bound=1.0)

    def forward(self, hidden: Tensor) -> Tensor:
        """(batch, width) -> (batch, width)."""
        mixed: Tensor = self.outer(self.inner(hidden))
        return hidden + mixed


class Perceptron(nn.Module):
    """(batch, features) -> (batch, horizon, quantiles), in units of the window's scale."""

    def __init__(self, numerics: Numerics, shape: Shape) -> None:
        super().__init__()
        self.entry = Dense(numerics, shape.features, shape.width, bound=FEATURE_BOUND, bent=True)
        self.blocks = nn.ModuleList([Block(numerics, shape.width) for _ in range(shape.blocks)])
        self.readout = Readout(numerics, shape)

    def forward(self, features: Tensor) -> Tensor:
        """The quantiles of each row."""
        hidden = self.entry(features)
        for block in self.blocks:
            hidden = block(hidden)
        quantiles: Tensor = self.readout(hidden, features)
        return quantiles
