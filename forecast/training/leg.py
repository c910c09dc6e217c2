"""One training from its first step to its last, which may be stopped at any step and gone on with."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Protocol

import numpy as np
import torch
from numpy.typing import NDArray
from torch import nn

from forecast.arithmetic.workers import Workers
from forecast.draws import BATCHES, stream
from forecast.networks.adam import Adam
from forecast.networks.use import flat_weights, pinball, set_flat_weights
from forecast.windows import Windows

Floats = NDArray[np.float64]
State = Mapping[str, Floats]
Progress = Callable[[float], None]

_TELL_EVERY = 10  # steps between two words about the progress
_CHECK = "check"


class Diverged(Exception):
    """Weights became infinite or NaN."""


class Keeper(Protocol):
    """Keeps the states of legs somewhere, by name, so that an interrupted training can go on."""

    def recall(self, leg: str) -> State | None:
        """The state that was kept last, if any."""

    def offer(self, leg: str, state: Callable[[], State]) -> None:
        """After each step: keep the state if it is time to."""

    def keep(self, leg: str, state: State) -> None:
        """Keep it now."""


class Nowhere:
    """Keeps nothing."""

    def recall(self, leg: str) -> State | None:
        """There is none."""
        return None

    def offer(self, leg: str, state: Callable[[], State]) -> None:
        """It is never time to."""

    def keep(self, leg: str, state: State) -> None:
        """Forget it."""


NOWHERE = Nowhere()


@dataclass(frozen=True)
class Batch:
    """``features`` (row, feature), ``target`` and ``weight`` (row, horizon); a weight of 0 leaves a cell out."""

    features: Floats
    target: Floats
    weight: Floats


class Rows(Protocol):
    """Where the batches of a leg come from; the same step gives the same batch, whenever it is asked for."""

    def batch(self, step: int) -> Batch:
        """The rows of one step."""


@dataclass(frozen=True)
class Drawn:
    """Batches of ``size`` rows drawn with replacement from fixed windows."""

    windows: Windows
    seed: int
    member: int
    size: int

    def batch(self, step: int) -> Batch:
        """The rows of one step."""
        chosen = stream(self.seed, BATCHES, self.member, step).integers(0, len(self.windows.series), size=self.size)
        weight = self.windows.target_present[chosen] * self.windows.cost[chosen, None]
        return Batch(self.windows.features[chosen], self.windows.target[chosen], weight)


@dataclass(frozen=True)
class Leg:
    """Train on ``rows`` and note the weights at each of ``checks``, the last of which ends it.

    ``rate`` gives the learning rate of a step.
    """

    name: str
    rows: Rows
    checks: Sequence[int]
    quantiles: Sequence[float]
    rate: Callable[[int], float]


def follow(leg: Leg, network: nn.Module, workers: Workers, keeper: Keeper, progress: Progress) -> dict[int, Floats]:
    """Train to the end of ``leg``; the flat weights at each of its checks.

    Every worker draws every batch; it computes only its own share of the rows. What ``progress`` raises ends the
    training, after the state has been kept. Raises Diverged.
    """
    device = next(network.parameters()).device
    dtype = next(network.parameters()).dtype
    optimizer = Adam(network.parameters(), workers)
    seen, done = _restore(keeper.recall(leg.name), network, optimizer)
    last = leg.checks[-1]
    for step in range(done, last + 1):
        if step in leg.checks:
            seen[step] = flat_weights(network)
            if not np.isfinite(seen[step]).all():
                raise Diverged(f"{leg.name} before step {step}")
        if step % _TELL_EVERY == 0 or step == last:
            try:
                progress(step / max(last, 1))
            except BaseException:
                keeper.keep(leg.name, _state(network, optimizer, seen, step))
                raise
        if step == last:
            break
        batch = leg.rows.batch(step)
        mine = workers.share(len(batch.features))
        features, target, weight = (
            torch.from_numpy(np.ascontiguousarray(part[mine])).to(device, dtype)
            for part in (batch.features, batch.target, batch.weight)
        )
        known = int((batch.weight > 0.0).sum())
        loss = pinball(network(features), target, weight, leg.quantiles, known)
        loss.backward()  # type: ignore[no-untyped-call]
        optimizer.step(leg.rate(step))
        keeper.offer(leg.name, partial(_state, network, optimizer, seen, step + 1))
    keeper.keep(leg.name, _state(network, optimizer, seen, last))
    return seen


def _state(network: nn.Module, optimizer: Adam, seen: Mapping[int, Floats], step: int) -> State:
    checks = {f"{_CHECK}{number}": weights for number, weights in seen.items()}
    return {"step": np.array([float(step)]), "weights": flat_weights(network), **optimizer.state(), **checks}


def _restore(state: State | None, network: nn.Module, optimizer: Adam) -> tuple[dict[int, Floats], int]:
    """Put ``state`` into network and optimiser; what was seen so far, and the number of steps done."""
    if state is None:
        return {}, 0
    set_flat_weights(network, state["weights"])
    optimizer.restore(state)
    checks = {name.removeprefix(_CHECK): weights for name, weights in state.items() if name.startswith(_CHECK)}
    return {int(number): weights for number, weights in checks.items()}, int(state["step"][0])
