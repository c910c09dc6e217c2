"""Short training on rolling windows of the panel, judged on the newest origins, then repeated on all of it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import fsum

import numpy as np
import torch
from numpy.typing import NDArray
from torch import nn

from forecast.config import ForecastConfig
from forecast.draws import BATCHES, stream
from forecast.networks import FAMILIES
from forecast.networks.adam import Adam
from forecast.networks.draws import initialise
from forecast.networks.parts import Shape
from forecast.networks.use import named_weights, pinball, predict
from forecast.numerics import Numerics, OrderFree, Standard
from forecast.windows import SHORTEST, Windows, build_windows, feature_count

Floats = NDArray[np.float64]
Mask = NDArray[np.bool_]
Progress = Callable[[float], None]

_FEWEST_TRAINING_ORIGINS = 3
_TELL_EVERY = 10  # steps between two words about the progress


@dataclass(frozen=True)
class Fitted:
    """What training leaves behind.

    ``steps`` is the number that the validation origins chose; 0 says that the base alone was best, so the network
    is not used. ``validation`` holds those origins and ``validated`` (window, horizon, quantiles) what was predicted
    there without having seen their targets, in units of scale. ``newest`` and ``predicted`` are the forecast itself.
    """

    steps: int
    losses: tuple[tuple[int, float], ...]
    validation: Windows
    validated: Floats
    newest: Windows
    predicted: Floats
    initial_weights: tuple[tuple[str, Floats], ...]
    weights: tuple[tuple[str, Floats], ...]


def validation_count(quarters: int, config: ForecastConfig) -> int:
    """How many of the newest origins can be kept out; 0 when the panel is too short to train at all."""
    spare = quarters - 1 - SHORTEST - _FEWEST_TRAINING_ORIGINS
    return max(0, min(config.validation_origins, spare))


def fit(values: Floats, present: Mask, config: ForecastConfig, device: str, progress: Progress) -> Fitted:
    """Train on (series, quarters) and forecast from the last quarter. ``progress`` gets a share done, and may raise."""
    quarters = values.shape[1]
    kept_out = validation_count(quarters, config)
    cut = quarters - kept_out
    first = SHORTEST - 1

    def windows(origins: range, end: int) -> Windows:
        return build_windows(values, present, origins, config.context, config.horizon, end)

    newest = windows(range(quarters - 1, quarters), quarters)
    early, everything = (windows(range(first, end - 1), end) for end in (cut, quarters)) if kept_out else (newest,) * 2
    validation = windows(range(cut - 1, quarters - 1), quarters) if kept_out else newest
    networks = [_network(config, member, device) for member in range(config.members)]
    initial = _all_weights(networks)
    judged = validation.take(validation.usable & validation.moves)
    trainable = _trainable(early)
    if not kept_out or not trainable.usable.any() or not judged.target_present.any():
        base = _mean([predict(network, validation.features) for network in networks])
        last = _mean([predict(network, newest.features) for network in networks])
        return Fitted(0, (), validation, base, newest, last, initial, initial)

    checks = list(range(0, config.steps + 1, config.check_every))
    curves, seen = [], []
    for member, network in enumerate(networks):
        looks = _train(network, trainable, config, member, checks, validation, _part(progress, member, config, 0.0))
        seen.append(looks)
        curves.append([_loss(look, validation) for look in looks])
    mean_loss = np.mean(np.array(curves), axis=0)
    best = int(np.argmin(mean_loss))
    validated = _mean([looks[best] for looks in seen])
    networks = [_network(config, member, device) for member in range(config.members)]
    for member, network in enumerate(networks):
        part = _part(progress, member, config, 0.5)
        _train(network, _trainable(everything), config, member, [checks[best]], newest, part)
    predicted = _mean([predict(network, newest.features) for network in networks])
    losses = tuple(zip(checks, mean_loss.tolist(), strict=True))
    return Fitted(checks[best], losses, validation, validated, newest, predicted, initial, _all_weights(networks))


def _network(config: ForecastConfig, member: int, device: str) -> nn.Module:
    features = feature_count(config.context, config.horizon)
    shape = Shape(features, config.context, config.horizon, len(config.quantiles), config.width, config.blocks)
    numerics: Numerics = OrderFree() if config.numerics == "order_free" else Standard()
    network = FAMILIES[config.family](numerics, shape)
    initialise(network, config.seed, member)
    return network.to(device)


def _trainable(windows: Windows) -> Windows:
    return windows.take(windows.usable & windows.moves & windows.target_present.any(1))


def _all_weights(networks: Sequence[nn.Module]) -> tuple[tuple[str, Floats], ...]:
    return tuple(
        (f"member{member}.{name}", values)
        for member, network in enumerate(networks)
        for name, values in named_weights(network)
    )


def _mean(parts: Sequence[Floats]) -> Floats:
    total = parts[0]
    for part in parts[1:]:
        total = total + part
    return total / len(parts)


def _part(progress: Progress, member: int, config: ForecastConfig, start: float) -> Progress:
    """``progress`` for one member's share of one half of the work."""
    width = 0.5 / config.members
    return lambda share: progress(start + (member + share) * width)


def _loss(predicted: Floats, windows: Windows) -> float:
    """Mean absolute miss of the median where a target is known, in units of scale; 0 steps give that of the base."""
    middle = predicted.shape[2] // 2
    there = windows.target_present & (windows.usable & windows.moves)[:, None]
    miss = np.abs(windows.target - predicted[:, :, middle])
    return fsum(miss[there].tolist()) / max(int(there.sum()), 1)


def _train(
    network: nn.Module,
    windows: Windows,
    config: ForecastConfig,
    member: int,
    checks: Sequence[int],
    look_at: Windows,
    progress: Progress,
) -> list[Floats]:
    """Train to the last of ``checks`` and return what ``network`` predicts for ``look_at`` after each of them."""
    device = next(network.parameters()).device
    features, target = (torch.from_numpy(part).to(device) for part in (windows.features, windows.target))
    weight = torch.from_numpy(windows.target_present.astype(np.float64)).to(device)
    generator = stream(config.seed, BATCHES, member)
    optimizer = Adam(network.parameters(), config.learning_rate)
    looks: list[Floats] = []
    for step in range(checks[-1] + 1):
        if step in checks:
            looks.append(predict(network, look_at.features))
        if step % _TELL_EVERY == 0 or step == checks[-1]:
            progress(step / max(checks[-1], 1))
        if step == checks[-1]:
            break
        rows = torch.from_numpy(generator.integers(0, len(windows.features), size=config.batch)).to(device)
        loss = pinball(network(features[rows]), target[rows], weight[rows], config.quantiles)
        loss.backward()  # type: ignore[no-untyped-call]
        optimizer.step()
    return looks
