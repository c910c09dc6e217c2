"""The shipped network adapted to a benchmark's panel: trained on by what the panel shows before its last quarter."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial

import numpy as np

from forecast.arithmetic.workers import ALONE
from forecast.draws import BATCHES, stream
from forecast.networks.use import named_weights
from forecast.pretrained import Pretrained, Start
from forecast.training.fit import build_network
from forecast.training.leg import NOWHERE, Batch, Leg, follow
from forecast.windows import SHORTEST, Floats, Mask, build_windows
from kpi.errors import refuse

LEARNING_RATE = 0.0003
BATCH = 512
_WARM_UP = 50
_OLDEST = 40  # quarters before the newest that an origin may lie


@dataclass(frozen=True)
class Origins:
    """Batches of windows of drawn series at one drawn origin each; every target lies inside the panel."""

    values: Floats
    present: Mask
    context: int
    horizon: int
    seed: int
    member: int

    def batch(self, step: int) -> Batch:
        """The rows of one step."""
        draws = stream(self.seed, BATCHES, self.member, step)
        quarters = self.values.shape[1]
        newest = quarters - 1 - self.horizon
        origin = int(draws.integers(max(SHORTEST - 1, newest - _OLDEST), newest + 1))
        long_enough = np.flatnonzero(self.present[:, : origin + 1].sum(1) >= SHORTEST)
        chosen = long_enough[draws.integers(0, len(long_enough), size=BATCH)]
        part = slice(max(0, origin - self.context - self.horizon), origin + 1 + self.horizon)
        values, present = self.values[chosen, part], self.present[chosen, part]
        at = values.shape[1] - 1 - self.horizon
        windows = build_windows(values, present, range(at, at + 1), self.context, self.horizon, values.shape[1])
        windows = windows.take(windows.usable & windows.moves & windows.target_present.any(1))
        return Batch(windows.features, windows.target, windows.target_present * windows.cost[:, None])


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
