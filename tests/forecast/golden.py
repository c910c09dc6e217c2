"""A small training whose bytes are known: ``python -m tests.forecast.golden FAMILY [JSON OPTIONS]`` prints its digests.

Needs only torch and numpy, so that a bare machine can run it. Options: threads, rows (how many are predicted at once),
shuffled, device, numerics, steps, switches (a list of torch settings to change: mkldnn_off).
"""

import json
import sys
from collections.abc import Sequence
from hashlib import sha256
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import nn

from forecast.draws import BATCHES, dyadic, stream
from forecast.networks import FAMILIES, Family
from forecast.networks.adam import Adam
from forecast.networks.draws import initialise
from forecast.networks.parts import Shape
from forecast.networks.use import named_weights, pinball, predict
from forecast.numerics import Numerics, OrderFree, Standard

Floats = NDArray[np.float64]

LEVELS = (0.1, 0.5, 0.9)
SHAPE = Shape(features=4 * 8 + 9, context=8, horizon=4, quantiles=3, width=24, blocks=2)
ROWS = 200
BATCH = 48


def main(arguments: Sequence[str]) -> None:
    """Train and print ``{"weights": ..., "forecast": ...}``."""
    family, *rest = arguments
    options: dict[str, Any] = json.loads(rest[0]) if rest else {}
    torch.set_num_threads(options.get("threads", 1))
    if "mkldnn_off" in options.get("switches", ()):
        torch.backends.mkldnn.set_flags(False)  # type: ignore[no-untyped-call]
    print(json.dumps(digests(family, options)))  # type: ignore[arg-type]


def digests(family: Family, options: dict[str, Any]) -> dict[str, str]:
    """SHA-256 of all weights and of the predictions after a short training."""
    features, target = data()
    device = options.get("device", "cpu")
    numerics: Numerics = OrderFree() if options.get("numerics", "order_free") == "order_free" else Standard()
    network = FAMILIES[family](numerics, SHAPE)
    initialise(network, seed=11, member=0)
    train(network.to(device), features, target, options.get("steps", 20), options.get("shuffled", False))
    predicted = predict(network, features, options.get("rows", 64))
    weights = sha256()
    for name, values in named_weights(network):
        weights.update(name.encode() + np.ascontiguousarray(values, dtype="<f8").tobytes())
    return {"weights": weights.hexdigest(), "forecast": sha256(predicted.astype("<f8").tobytes()).hexdigest()}


def data() -> tuple[Floats, Floats]:
    """Features (rows, features) up to 16 in magnitude and targets (rows, horizon), from integer draws."""
    features = dyadic(stream(11, BATCHES), (ROWS, SHAPE.features)) * 16.0
    noise = dyadic(stream(12, BATCHES), (ROWS, SHAPE.horizon))
    return features, features[:, :4] * 0.25 - features[:, 8:12] * 0.125 + noise


def train(network: nn.Module, features: Floats, target: Floats, steps: int, shuffled: bool) -> None:
    """``steps`` steps on drawn batches; ``shuffled`` puts the rows of each batch in another order."""
    device = next(network.parameters()).device
    dtype = next(network.parameters()).dtype
    x, y = (torch.from_numpy(part).to(device, dtype) for part in (features, target))
    optimizer = Adam(network.parameters(), 0.01)
    generator = stream(13, BATCHES)
    for _ in range(steps):
        rows = torch.from_numpy(generator.integers(0, ROWS, size=BATCH)).to(device)
        rows = rows.flip(0).roll(7) if shuffled else rows
        pinball(network(x[rows]), y[rows], torch.ones_like(y[rows]), LEVELS).backward()  # type: ignore[no-untyped-call]
        optimizer.step()


if __name__ == "__main__":
    main(sys.argv[1:])
