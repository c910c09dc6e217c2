"""Predictions, the loss, and the weights by name."""

from collections.abc import Sequence
from typing import Final

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from forecast.arithmetic.weights import fixed_weights
from forecast.networks.parts import Dense
from forecast.recipe import NumericsName

Floats = NDArray[np.float64]

# Rows that are predicted at once. In standard numerics the last bits of a product depend on how many are multiplied, so
# there it is always this many, padded with zeros. Order-free numbers do not depend on it: as many as near memory holds.
CHUNK: Final[dict[NumericsName, int]] = {"standard": 64, "order_free": 512}


def predict(network: nn.Module, features: Floats, chunk: int | None = None) -> Floats:
    """(window, horizon, quantiles) in float64; ``chunk`` rows at once, every weight rounded once for all of them."""
    weights = next(network.parameters())
    numerics = numerics_of(network)
    size = chunk or CHUNK[numerics]
    parts: list[Floats] = []
    with torch.no_grad(), fixed_weights():
        for start in range(0, max(len(features), 1), size):
            rows = features[start : start + size]
            asked = _padded(rows, size) if numerics == "standard" else rows
            found = network(torch.tensor(asked, dtype=weights.dtype, device=weights.device))
            parts.append(found.to("cpu", torch.float64).numpy()[: len(rows)])
    return np.concatenate(parts)


def _padded(rows: Floats, size: int) -> Floats:
    padded = np.zeros((size, rows.shape[1]))
    padded[: len(rows)] = rows
    return padded


def numerics_of(network: nn.Module) -> NumericsName:
    """What ``network`` computes in."""
    return next(module.numerics.name for module in network.modules() if isinstance(module, Dense))


def pinball(predicted: Tensor, target: Tensor, weight: Tensor, levels: Sequence[float], known: int) -> Tensor:
    """Quantile loss over all levels; ``target`` and ``weight`` are (batch, horizon), a weight of 0 leaves a cell out.

    The mean is over ``known`` cells: those of the whole batch, of which ``predicted`` may be one worker's share.
    """
    miss = target.unsqueeze(-1) - predicted
    level = torch.tensor(tuple(levels), dtype=predicted.dtype, device=predicted.device)
    loss = torch.maximum(level * miss, (level - 1.0) * miss) * weight.unsqueeze(-1)
    return loss.sum() * (1.0 / (max(known, 1) * len(levels)))


def flat_weights(network: nn.Module) -> Floats:
    """All weights in one row of float64."""
    parts = [value.detach().reshape(-1).to("cpu", torch.float64) for value in network.parameters()]
    return torch.cat(parts).numpy().copy()


def set_flat_weights(network: nn.Module, weights: Floats) -> None:
    """Put back what :func:`flat_weights` gave."""
    at = 0
    with torch.no_grad():
        for value in network.parameters():
            value.copy_(torch.from_numpy(weights[at : at + value.numel()]).view(value.shape))
            at += value.numel()


def named_weights(network: nn.Module) -> list[tuple[str, Floats]]:
    """All weights by name, in order of name, in float64."""
    named = sorted(network.named_parameters())
    return [(name, value.detach().to("cpu", torch.float64).numpy().copy()) for name, value in named]
