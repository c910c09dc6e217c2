"""A small training whose bytes are known: ``python -m tests.forecast.golden FAMILY,... [JSON OPTIONS]``.

``simulated`` in the place of a family is a short pretraining of the perceptron on series from the simulator.

Needs only torch and numpy, so that a bare machine can run it; under ``torchrun`` the workers share each batch.
Options: threads, rows (how many are predicted at once), backwards (the rows of each batch in reverse order), device
(cpu or cuda), numerics, steps, switches (torch settings to change: mkldnn_off).
"""

import json
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import nn

from forecast.arithmetic.workers import ALONE, Workers
from forecast.draws import BATCHES, dyadic, stream
from forecast.networks import FAMILIES
from forecast.networks.parts import Shape
from forecast.networks.use import named_weights, predict
from forecast.recipe import Family, Recipe
from forecast.team import leave, local_rank, team
from forecast.training.fit import build_network
from forecast.training.leg import NOWHERE, Batch, Leg, follow
from forecast.training.pretrain import Pretraining, Simulated, pretrain_member
from forecast.training.varied import Backwards
from forecast.windows import feature_count

Floats = NDArray[np.float64]

SIMULATED = "simulated"
ROWS = 200
LEVELS = (0.1, 0.5, 0.9)
SHAPE = Shape(feature_count(8, 4), context=8, horizon=4, quantiles=len(LEVELS), width=24, blocks=2)


@dataclass(frozen=True)
class Golden:
    """Batches of 48 rows of the golden data."""

    features: Floats
    target: Floats

    def batch(self, step: int) -> Batch:
        """The rows of one step."""
        drawn = stream(11, BATCHES, 0, step).integers(0, ROWS, size=48)
        return Batch(self.features[drawn], self.target[drawn], np.ones((48, SHAPE.horizon)))


def main(arguments: Sequence[str]) -> None:
    """Train each family and print ``{family: {"weights": ..., "forecast": ...}}``, once for all workers."""
    families, *rest = arguments
    options: dict[str, Any] = json.loads(rest[0]) if rest else {}
    torch.set_num_threads(options.get("threads", 1))
    if "mkldnn_off" in options.get("switches", ()):
        torch.backends.mkldnn.set_flags(False)  # type: ignore[no-untyped-call]
    if options.get("numerics") == "standard":
        # What forecast.determinism sets for such a run, without the packages that it needs.
        torch.use_deterministic_algorithms(True)
        torch.backends.cudnn.deterministic, torch.backends.cudnn.benchmark = True, False
    with team(_device(options)) as workers:
        named = [name for name in (*FAMILIES, SIMULATED) if name in families.split(",")]
        found = {name: digests(name, options, workers) for name in named}
        if workers.rank == 0:
            print(json.dumps(found), flush=True)


def _device(options: dict[str, Any]) -> str:
    """The processor, or the GPU of this worker."""
    if options.get("device", "cpu") == "cpu":
        return "cpu"
    return f"cuda:{local_rank() % torch.cuda.device_count()}"


def recipe_for(family: Family, options: dict[str, Any]) -> Recipe:
    """The training's recipe."""
    steps = options.get("steps", 20)
    return Recipe(
        numerics=options.get("numerics", "order_free"),
        family=family,
        seed=11,
        horizon=SHAPE.horizon,
        context=SHAPE.context,
        width=SHAPE.width,
        blocks=SHAPE.blocks,
        members=1,
        steps=steps,
        check_every=steps,
        batch=48,
        learning_rate=0.01,
        validation_origins=1,
        quantiles=LEVELS,
    )


def digests(name: str, options: dict[str, Any], workers: Workers = ALONE) -> dict[str, str]:
    """SHA-256 of all weights and of the predictions after a short training."""
    if name == SIMULATED:
        return simulated_digests(options, workers)
    family = next(family for family in FAMILIES if family == name)
    recipe = recipe_for(family, options)
    device = _device(options)
    features, target = data()
    leg = Leg("golden", Golden(features, target), recipe.checks, LEVELS, lambda _: recipe.learning_rate)
    shared = Backwards() if options.get("backwards") else workers
    network = build_network(recipe, 0, device, shared)
    follow(leg, network, shared, NOWHERE, lambda _: None)
    return _digests_of(network, features, options)


def simulated_digests(options: dict[str, Any], workers: Workers = ALONE) -> dict[str, str]:
    """The same for a pretraining, whose batches and features come from the simulator."""
    told = Pretraining(recipe_for("mlp", options))
    shared = Backwards() if options.get("backwards") else workers
    network, _ = pretrain_member(told, 0, _device(options), lambda _: None, workers=shared)
    return _digests_of(network, Simulated(told, 0).batch(0).features, options)


def _digests_of(network: nn.Module, features: Floats, options: dict[str, Any]) -> dict[str, str]:
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


if __name__ == "__main__":
    main(sys.argv[1:])
    leave(0)
