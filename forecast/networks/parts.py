"""What the network families share: parameters by name, the shape of a task, and quantiles that cannot cross."""

from dataclasses import dataclass

import torch
from torch import Tensor, nn

from forecast.numerics import Numerics
from forecast.windows import BOUND as FEATURE_BOUND
from forecast.windows import CHANNELS

__all__ = ["CHANNELS", "FEATURE_BOUND", "Dense", "Readout", "Shape", "positive", "power_of_two_above", "sequence"]


@dataclass(frozen=True)
class Shape:
    """What a network reads and says: ``features`` = CHANNELS * context numbers of the past, then others."""

    features: int
    context: int
    horizon: int
    quantiles: int
    width: int
    blocks: int

    @property
    def outputs(self) -> int:
        """Length of a raw output row."""
        return self.horizon * self.quantiles


class Dense(nn.Module):
    """A linear step with its parameters; ``bound`` promises the size of its inputs, ``bent`` bends what comes out."""

    def __init__(
        self,
        numerics: Numerics,
        inputs: int,
        outputs: int,
        bias: bool = True,
        bound: float = 0.0,
        bent: bool = False,
    ) -> None:
        super().__init__()
        self.numerics, self.bound, self.bent = numerics, bound, bent
        self.weight = nn.Parameter(torch.zeros(outputs, inputs, dtype=numerics.dtype))
        self.bias = nn.Parameter(torch.zeros(outputs, dtype=numerics.dtype)) if bias else None

    def forward(self, x: Tensor) -> Tensor:
        """(..., inputs) -> (..., outputs)."""
        return self.numerics.linear(x, self.weight, self.bias, self.bound, self.bent)


class Readout(nn.Module):
    """Hidden state and features -> (batch, horizon, quantiles), rising along the last axis.

    A head on the state and a direct linear map of the features are added; both begin at zero, so that an untrained
    network forecasts its base. The raw outputs are a median and steps away from it on both sides, made positive.
    """

    def __init__(self, numerics: Numerics, shape: Shape, bound: float = 0.0) -> None:
        super().__init__()
        self.shape = shape
        self.head = Dense(numerics, shape.width, shape.outputs, bound=bound)
        self.direct = Dense(numerics, shape.features, shape.outputs, bias=False, bound=FEATURE_BOUND)

    def forward(self, hidden: Tensor, features: Tensor) -> Tensor:
        """(batch, width), (batch, features) -> (batch, horizon, quantiles)."""
        raw = (self.head(hidden) + self.direct(features)).reshape(-1, self.shape.horizon, self.shape.quantiles)
        middle = self.shape.quantiles // 2
        parts = raw.unbind(-1)
        columns = [parts[middle]]
        for part in parts[middle + 1 :]:
            columns.append(columns[-1] + positive(part))
        for part in parts[:middle][::-1]:
            columns.insert(0, columns[0] - positive(part))
        return torch.stack(columns, dim=-1)


def positive(steps: Tensor) -> Tensor:
    """A smooth positive function without exp: (1 + x) / 2 above zero, 1 / (2 (1 - x)) below."""
    above = (1.0 + steps.clamp(min=0.0)) * 0.5
    below = 0.5 / (1.0 - steps.clamp(max=0.0))
    return torch.where(steps > 0.0, above, below)


def sequence(features: Tensor, context: int) -> Tensor:
    """The past of each row as (batch, context, CHANNELS), oldest first."""
    return features[:, : CHANNELS * context].reshape(-1, CHANNELS, context).transpose(1, 2)


def power_of_two_above(size: float) -> float:
    """The smallest power of two that is at least ``size``, for ``size >= 1``."""
    power = 1.0
    while power < size:
        power *= 2.0
    return power
