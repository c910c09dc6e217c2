"""Initial weights from integer draws, the same on every machine."""

import numpy as np
import torch
from torch import nn

from forecast.draws import INITIAL_WEIGHTS, dyadic, stream

_ZERO = ("readout.",)


def initialise(network: nn.Module, seed: int, member: int) -> None:
    """Set all weights. Biases and the last layers start at zero: an untrained network forecasts the base.

    A weight is uniform on a grid of 2**-20 times a power of two no larger than 1 / sqrt(inputs).
    """
    generator = stream(seed, INITIAL_WEIGHTS, member)
    for name, parameter in sorted(network.named_parameters()):
        if name.endswith("bias") or name.startswith(_ZERO):
            values = np.zeros(tuple(parameter.shape))
        else:
            values = dyadic(generator, tuple(parameter.shape)) * reach(parameter.shape[1])
        with torch.no_grad():
            parameter.copy_(torch.from_numpy(values))


def reach(inputs: int) -> float:
    """The largest power of two that is at most 1 / sqrt(inputs), found in integers."""
    halvings = 0
    while 4**halvings < inputs:
        halvings += 1
    return 1.0 / (1 << halvings)
