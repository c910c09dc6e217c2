"""A small residual network in float64: features of one window -> quantiles of the correction to the base."""

from collections.abc import Sequence

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from forecast.draws import INITIAL_WEIGHTS, dyadic, stream

Floats = NDArray[np.float64]

# One fixed shape for every prediction: the last bits of a product depend on how many rows are multiplied at once.
CHUNK = 64


class Block(nn.Module):
    """``x + outer(softsign(inner(x)))``. Softsign is x / (1 + |x|), exact by IEEE 754 where tanh is a library's."""

    def __init__(self, width: int) -> None:
        super().__init__()
        self.inner = nn.Linear(width, width, dtype=torch.float64)
        self.outer = nn.Linear(width, width, dtype=torch.float64)

    def forward(self, hidden: Tensor) -> Tensor:
        """(batch, width) -> (batch, width)."""
        mixed: Tensor = self.outer(nn.functional.softsign(self.inner(hidden)))
        return hidden + mixed


class Network(nn.Module):
    """(batch, features) -> (batch, horizon, quantiles), rising along the last axis, in units of the window's scale."""

    def __init__(self, features: int, horizon: int, quantiles: int, width: int, blocks: int) -> None:
        super().__init__()
        self.horizon, self.quantiles = horizon, quantiles
        self.entry = nn.Linear(features, width, dtype=torch.float64)
        self.blocks = nn.ModuleList([Block(width) for _ in range(blocks)])
        self.head = nn.Linear(width, horizon * quantiles, dtype=torch.float64)
        self.direct = nn.Linear(features, horizon * quantiles, bias=False, dtype=torch.float64)

    def forward(self, features: Tensor) -> Tensor:
        """The raw outputs are a median and steps away from it on both sides; steps are made positive."""
        hidden: Tensor = nn.functional.softsign(self.entry(features))
        for block in self.blocks:
            hidden = block(hidden)
        raw = (self.head(hidden) + self.direct(features)).reshape(-1, self.horizon, self.quantiles)
        middle = self.quantiles // 2
        columns = [raw[..., middle]]
        for index in range(middle + 1, self.quantiles):
            columns.append(columns[-1] + _positive(raw[..., index]))
        for index in range(middle - 1, -1, -1):
            columns.insert(0, columns[0] - _positive(raw[..., index]))
        return torch.stack(columns, dim=-1)


def _positive(steps: Tensor) -> Tensor:
    """A smooth positive function without exp: (1 + x) / 2 above zero, 1 / (2 (1 - x)) below."""
    above = (1.0 + steps.clamp(min=0.0)) * 0.5
    below = 0.5 / (1.0 - steps.clamp(max=0.0))
    return torch.where(steps > 0.0, above, below)


def initialise(network: Network, seed: int, member: int) -> None:
    """Set all weights from integer draws. The last layers start at zero: an untrained network forecasts the base.

    A weight is uniform on a grid of 2**-20 times a power of two no larger than 1 / sqrt(inputs).
    """
    generator = stream(seed, INITIAL_WEIGHTS, member)
    for name, parameter in sorted(network.named_parameters()):
        if name.endswith("bias") or name.startswith(("head", "direct")):
            values = np.zeros(tuple(parameter.shape))
        else:
            values = dyadic(generator, tuple(parameter.shape)) * _reach(parameter.shape[1])
        with torch.no_grad():
            parameter.copy_(torch.from_numpy(values))


def _reach(inputs: int) -> float:
    """The largest power of two that is at most 1 / sqrt(inputs), found in integers."""
    halvings = 0
    while 4**halvings < inputs:
        halvings += 1
    return 1.0 / (1 << halvings)


def predict(network: Network, features: Floats) -> Floats:
    """(window, horizon, quantiles), computed in chunks of one fixed shape padded with zeros."""
    device = next(network.parameters()).device
    parts: list[Floats] = []
    with torch.no_grad():
        for start in range(0, len(features), CHUNK):
            rows = features[start : start + CHUNK]
            padded = np.zeros((CHUNK, features.shape[1]))
            padded[: len(rows)] = rows
            parts.append(network(torch.from_numpy(padded).to(device)).cpu().numpy()[: len(rows)])
    return np.concatenate(parts) if parts else np.zeros((0, network.horizon, network.quantiles))


def named_weights(network: Network) -> list[tuple[str, Floats]]:
    """All weights by name, in order of name."""
    return [(name, value.detach().cpu().numpy().copy()) for name, value in sorted(network.named_parameters())]


def pinball(predicted: Tensor, target: Tensor, weight: Tensor, levels: Sequence[float]) -> Tensor:
    """Mean quantile loss; ``target`` and ``weight`` are (batch, horizon), a weight of 0 leaves a cell out."""
    miss = target.unsqueeze(-1) - predicted
    level = torch.tensor(tuple(levels), dtype=torch.float64, device=predicted.device)
    loss = torch.maximum(level * miss, (level - 1.0) * miss) * weight.unsqueeze(-1)
    return loss.sum() / (weight.sum().clamp(min=1.0) * float(len(levels)))
