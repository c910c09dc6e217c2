"""Pretraining: a network learns from simulated series alone, a fresh batch at every step."""

import json
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from functools import partial
from hashlib import sha256
from typing import Any

import numpy as np
from numpy.typing import NDArray
from torch import nn

from forecast.arithmetic.workers import ALONE, Workers
from forecast.draws import SIMULATOR, stream
from forecast.networks.use import set_flat_weights
from forecast.recipe import Recipe
from forecast.simulator.prior import Prior
from forecast.simulator.series import simulate
from forecast.training.fit import build_network
from forecast.training.leg import NOWHERE, Batch, Keeper, Leg, Progress, follow
from forecast.windows import SEASON, SHORTEST, Windows, build_windows

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]

_EARLY = 10  # a few seconds' worth of steps
_STEPS_A_DRAWING = 2
_WARM_UP = 100  # steps in which the learning rate rises
_WHOLE = 0.45  # of the series are seen over the whole context, the others over a shorter life
_GAPPED, _HOLES = 0.04, 0.1  # of the series have gaps, of so many of their quarters


@dataclass(frozen=True)
class Pretraining:
    """What determines the shipped weights: the network and its training, and the prior."""

    recipe: Recipe
    prior: Prior = field(default_factory=Prior)

    def as_dict(self) -> dict[str, Any]:
        """For the file beside the weights."""
        return asdict(self)

    @property
    def digest(self) -> str:
        """SHA-256 of everything here."""
        return sha256(json.dumps(self.as_dict(), sort_keys=True).encode()).hexdigest()

    @property
    def checks(self) -> tuple[int, ...]:
        """The steps at which weights are noted: an early one, that a quick check can reach, and the recipe's."""
        return tuple(sorted({*self.recipe.checks, _EARLY}))


SHIPPED = Pretraining(
    Recipe(
        numerics="order_free",
        family="mlp",
        seed=20260101,
        horizon=8,
        context=40,
        width=128,
        blocks=4,
        members=4,
        steps=24_000,
        check_every=4_000,
        batch=512,
        learning_rate=0.0015,
        validation_origins=1,
        quantiles=(0.025, 0.05, 0.1, 0.25, 0.5, 0.75, 0.9, 0.95, 0.975),
    )
)


class Simulated:
    """Batches of windows from the simulator; no series is seen twice."""

    def __init__(self, told: Pretraining, member: int) -> None:
        self.told, self.member = told, member
        self._drawn: tuple[int, Windows] | None = None

    def batch(self, step: int) -> Batch:
        """The windows of one step; the few that never move or are too short are left out."""
        drawing, part = divmod(step, _STEPS_A_DRAWING)
        windows = self._windows(drawing)
        rows = len(windows.series) // _STEPS_A_DRAWING
        mine = slice(part * rows, (part + 1) * rows)
        weight = windows.target_present[mine] * windows.cost[mine, None]
        return Batch(windows.features[mine], windows.target[mine], weight)

    def _windows(self, drawing: int) -> Windows:
        """Those of some steps at once, which costs half as much as one by one."""
        if self._drawn is None or self._drawn[0] != drawing:
            recipe = self.told.recipe
            generator = stream(recipe.seed, SIMULATOR, self.member, drawing)
            count = recipe.batch * _STEPS_A_DRAWING
            found = simulated_windows(generator, count, recipe.context, recipe.horizon, self.told.prior)
            self._drawn = drawing, found
        return self._drawn[1]


def simulated_windows(generator: np.random.Generator, count: int, context: int, horizon: int, prior: Prior) -> Windows:
    """One window of each of ``count`` simulated series, where it moves and is long enough."""
    length = context + SEASON + horizon
    values = simulate(generator, count, length, prior)
    known = context + SEASON
    whole = generator.integers(0, 1 << 20, size=count) < int(_WHOLE * (1 << 20))
    lives = np.where(whole, known, generator.integers(SHORTEST, known + 1, size=count))
    times = np.arange(length)
    present = times >= (known - lives)[:, None]
    gapped = generator.integers(0, 1 << 20, size=count) < int(_GAPPED * (1 << 20))
    holes = generator.integers(0, 1 << 20, size=values.shape) < int(_HOLES * (1 << 20))
    present &= ~(gapped[:, None] & holes & (times < known - 1))
    windows = build_windows(values, present, range(known - 1, known), context, horizon, length)
    return windows.take(windows.moves & windows.usable)


def rate_of(recipe: Recipe, step: int) -> float:
    """Rises over the first steps and then falls evenly to zero."""
    return recipe.learning_rate * min(1.0, (step + 1) / _WARM_UP) * (1.0 - step / recipe.steps)


def pretrain_member(
    told: Pretraining,
    member: int,
    device: str,
    progress: Progress,
    keeper: Keeper = NOWHERE,
    workers: Workers = ALONE,
    until: int | None = None,
) -> tuple[nn.Module, dict[int, str]]:
    """The trained network of one member, and the digest of its weights at each check.

    ``until`` a step ends it there, for a look at whether the same weights come out.

    Raises Diverged, and whatever ``progress`` raises.
    """
    recipe = told.recipe
    network = build_network(recipe, member, device, workers)
    rate: Callable[[int], float] = partial(rate_of, recipe)
    last = recipe.steps if until is None else min(until, recipe.steps)
    checks = sorted({*(check for check in told.checks if check <= last), last})
    leg = Leg(f"pretrain{member}", Simulated(told, member), checks, recipe.quantiles, rate)
    seen = follow(leg, network, workers, keeper, progress)
    chain = {step: sha256((weights + 0.0).astype("<f8").tobytes()).hexdigest() for step, weights in seen.items()}
    set_flat_weights(network, seen[last])
    return network, chain
