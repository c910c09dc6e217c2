"""The shipped network adapted to a benchmark's panel: trained on by what the panel shows before its last quarter."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cached_property, partial

import numpy as np

from forecast.arithmetic.workers import ALONE
from forecast.draws import BATCHES, stream
from forecast.networks.use import named_weights
from forecast.pretrained import Pretrained, Start
from forecast.training.fit import build_network
from forecast.training.leg import NOWHERE, Batch, Leg, follow
from forecast.windows import SEASON, SHORTEST, Floats, Integers, Mask, build_windows
from kpi.errors import refuse

LEARNING_RATE = 0.0005
BATCH = 512
_WARM_UP = 100
_OLDEST = 120  # quarters before the newest that an origin may lie


@dataclass(frozen=True)
class Origins:
    """Batches of windows, each of a drawn series at a drawn origin; every target lies inside the panel."""

    values: Floats
    present: Mask
    context: int
    horizon: int
    seed: int
    member: int

    def batch(self, step: int) -> Batch:
        """The rows of one step."""
        draws = stream(self.seed, BATCHES, self.member, step)
        long_enough, first = self._first
        chosen = draws.integers(0, len(long_enough), size=BATCH)
        series, first = long_enough[chosen], first[chosen]
        span = self._newest - first + 1
        origin = first + draws.integers(0, 1 << 40, size=BATCH) % span
        seen = self.context + SEASON
        quarters = origin[:, None] + np.arange(1 - seen, 1 + self.horizon)
        inside, at = quarters >= 0, (series[:, None], np.maximum(quarters, 0))
        present = inside & self.present[at]
        values = np.where(present, self.values[at], 0.0)
        windows = build_windows(values, present, range(seen - 1, seen), self.context, self.horizon, values.shape[1])
        windows = windows.take(windows.usable & windows.moves & windows.target_present.any(1))
        return Batch(windows.features, windows.target, windows.target_present * windows.cost[:, None])

    @property
    def _newest(self) -> int:
        return int(self.values.shape[1]) - 1 - self.horizon

    @cached_property
    def _first(self) -> tuple[Integers, Integers]:
        """The series that are long enough, and the first origin of each that is neither too short nor too old."""
        first = np.maximum(self.present.argmax(axis=1) + SHORTEST - 1, self._newest - _OLDEST)
        there = np.flatnonzero((first <= self._newest) & self.present.any(1))
        return there, first[there]


def adapted(
    shipped: Pretrained, values: Floats, present: Mask, steps: int, told: Callable[[float], None]
) -> Pretrained:
    """``shipped`` after ``steps`` more steps on (series, quarters) of a panel, each member by itself."""
    recipe = replace(shipped.start.recipe, numerics=shipped.numerics)
    if values.shape[1] < SHORTEST + recipe.horizon:
        raise refuse(
            f"历史只有 {values.shape[1]} 个季度，不足以适配网络，至少需要 {SHORTEST + recipe.horizon} 个。",
            f"{values.shape[1]} quarters of history are too few to adapt the network; it takes "
            f"{SHORTEST + recipe.horizon} at least.",
        )
    weights: list[tuple[str, Floats]] = []
    for member in range(recipe.members):
        network = build_network(recipe, member, shipped.device, start=shipped.start.weights)
        rows = Origins(values, present, recipe.context, recipe.horizon, recipe.seed, member)
        leg = Leg(f"adapted{member}", rows, (0, steps), recipe.quantiles, partial(_rate, steps=steps))
        follow(leg, network, ALONE, NOWHERE, partial(_tell, told, member, recipe.members))
        weights += [(f"member{member}.{name}", found) for name, found in named_weights(network)]
    return Pretrained(Start(shipped.start.recipe, tuple(weights)), shipped.numerics, shipped.device)


def _tell(told: Callable[[float], None], done: int, of: int, share: float) -> None:
    told((done + share) / of)


def _rate(step: int, steps: int) -> float:
    return LEARNING_RATE * min(1.0, (step + 1) / _WARM_UP) * (1.0 - step / steps)
