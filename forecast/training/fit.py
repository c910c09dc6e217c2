"""Short training on rolling windows of the panel, judged on the newest origins, then repeated on all of it.

Networks begin from pretrained weights where there are any, else from drawn ones.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import fsum

import numpy as np
from numpy.typing import NDArray
from torch import nn

from forecast.arithmetic.workers import ALONE, Workers
from forecast.networks import FAMILIES
from forecast.networks.draws import initialise
from forecast.networks.parts import Shape
from forecast.networks.use import named_weights, predict, set_flat_weights, set_named_weights
from forecast.numerics import Numerics, OrderFree, Standard
from forecast.recipe import Recipe
from forecast.training.chain import Link, chained
from forecast.training.leg import NOWHERE, Drawn, Keeper, Leg, Progress, follow
from forecast.windows import SHORTEST, Windows, build_windows, feature_count

Floats = NDArray[np.float64]
Mask = NDArray[np.bool_]
Named = Sequence[tuple[str, Floats]]

_FEWEST_TRAINING_ORIGINS = 3


@dataclass(frozen=True)
class Fitted:
    """What training leaves behind.

    ``steps`` is the number that the validation origins chose; 0 says that the weights it began with were best.
    ``validation`` holds those origins and ``validated`` (window, horizon, quantiles) what was predicted
    there without having seen their targets, in units of scale: each origin with the number of steps that was best on
    the targets known by then, all of them where none was. ``newest`` and ``predicted`` are the forecast itself,
    ``started`` what the weights it began with predict there (``predicted`` where those were drawn, so say nothing), and
    ``apart`` (series, horizon) the largest less the smallest of the members' medians. ``chain`` has the weights on the
    way (:mod:`forecast.training.chain`).
    """

    steps: int
    losses: tuple[tuple[int, float], ...]
    validation: Windows
    validated: Floats
    newest: Windows
    predicted: Floats
    started: Floats
    apart: Floats
    initial_weights: tuple[tuple[str, Floats], ...]
    weights: tuple[tuple[str, Floats], ...]
    chain: tuple[Link, ...] = ()


@dataclass(frozen=True)
class Split:
    """The windows of a panel: ``early`` to train on before the ``validation`` origins are judged, ``everything`` to
    train on for the forecast, ``newest`` to forecast from. ``kept_out`` is the number of validation origins."""

    early: Windows
    everything: Windows
    validation: Windows
    newest: Windows
    kept_out: int

    @classmethod
    def of(cls, values: Floats, present: Mask, recipe: Recipe) -> "Split":
        """The windows of (series, quarters); where none can be kept out all four are the newest."""
        quarters = values.shape[1]
        kept_out = validation_count(quarters, recipe)
        cut = quarters - kept_out
        first = SHORTEST - 1

        def windows(origins: range, end: int) -> Windows:
            return build_windows(values, present, origins, recipe.context, recipe.horizon, end)

        newest = windows(range(quarters - 1, quarters), quarters)
        if not kept_out:
            return cls(newest, newest, newest, newest, 0)
        early, everything = (windows(range(first, end - 1), end) for end in (cut, quarters))
        return cls(early, everything, windows(range(cut - 1, quarters - 1), quarters), newest, kept_out)


def validation_count(quarters: int, recipe: Recipe) -> int:
    """How many of the newest origins can be kept out; 0 when the panel is too short to train at all."""
    spare = quarters - 1 - SHORTEST - _FEWEST_TRAINING_ORIGINS
    return max(0, min(recipe.validation_origins, spare))


def fit(
    values: Floats,
    present: Mask,
    recipe: Recipe,
    device: str,
    progress: Progress,
    start: Named = (),
    keeper: Keeper = NOWHERE,
    workers: Workers = ALONE,
    *,
    chunk: int | None = None,
) -> Fitted:
    """Train on (series, quarters) and forecast from the last quarter. ``progress`` gets a share done, and may raise.

    ``start`` holds pretrained weights by name, ``memberN.`` before each; more members than it has take them in turn.
    With a ``keeper`` an interrupted training goes on where it stood; ``workers`` share each batch; ``chunk`` rows are
    predicted at once. None of these changes a bit of what comes out under order-free numerics.
    """
    split = Split.of(values, present, recipe)
    newest, validation = split.newest, split.validation
    members = range(recipe.members)
    networks = [build_network(recipe, member, device, workers, start) for member in members]
    initial = _all_weights(networks)
    trainable = _trainable(split.early)
    if not split.kept_out or not trainable.usable.any() or not judged(validation).any():
        base = mean_of([predict(network, validation.features, chunk) for network in networks])
        lasts = [predict(network, newest.features, chunk) for network in networks]
        last = mean_of(lasts)
        return Fitted(0, (), validation, base, newest, last, last, apart(lasts), initial, initial)

    started = [predict(network, newest.features, chunk) for network in networks] if start else []
    looks: list[list[Floats]] = []
    legs: list[tuple[str, Mapping[int, Floats]]] = []
    for member, network in enumerate(networks):
        leg = _leg(f"judged{member}", member, trainable, recipe, recipe.checks)
        seen = follow(leg, network, workers, keeper, _part(progress, member, recipe, 0.0))
        legs.append((leg.name, seen))
        looks.append([_look(network, seen[check], validation, chunk) for check in recipe.checks])
    losses = _losses(looks, validation, judged(validation))
    best = recipe.checks[losses.index(min(losses))]
    everything = _trainable(split.everything)
    for member in members:
        networks[member] = build_network(recipe, member, device, workers, start)
        leg = _leg(f"final{member}", member, everything, recipe, (best,))
        legs.append((leg.name, follow(leg, networks[member], workers, keeper, _part(progress, member, recipe, 0.5))))
    lasts = [predict(network, newest.features, chunk) for network in networks]
    predicted = mean_of(lasts)
    return Fitted(
        steps=best,
        losses=tuple(zip(recipe.checks, losses, strict=True)),
        validation=validation,
        validated=_as_then(looks, validation),
        newest=newest,
        predicted=predicted,
        started=mean_of(started) if started else predicted,
        apart=apart(lasts),
        initial_weights=initial,
        weights=_all_weights(networks),
        chain=chained(legs),
    )


def judged(windows: Windows) -> Mask:
    """(window, horizon): the known targets by which a forecast can be judged."""
    return (windows.usable & windows.moves)[:, None] & windows.target_present


def seen_by(windows: Windows, quarter: int) -> Mask:
    """(window, horizon): those of :func:`judged` that were known once ``quarter`` was the newest one."""
    ahead = np.arange(1, windows.base.shape[1] + 1)
    return judged(windows) & (windows.origin[:, None] + ahead <= quarter)


def _leg(name: str, member: int, windows: Windows, recipe: Recipe, checks: Sequence[int]) -> Leg:
    rows = Drawn(windows, recipe.seed, member, recipe.batch)
    return Leg(name, rows, checks, recipe.quantiles, lambda step: recipe.learning_rate)


def build_network(recipe: Recipe, member: int, device: str, workers: Workers = ALONE, start: Named = ()) -> nn.Module:
    """The network that ``recipe`` describes, with its initial weights: drawn, or those of ``start``.

    Raises ValueError when ``start`` belongs to a network of another shape.
    """
    numerics: Numerics = OrderFree(workers) if recipe.numerics == "order_free" else Standard()
    network = FAMILIES[recipe.family](numerics, shape_of(recipe))
    if start:
        set_weights_of(network, start, member)
    else:
        initialise(network, recipe.seed, member)
    return network.to(device)


def shape_of(recipe: Recipe) -> Shape:
    """What a network of ``recipe`` reads and says."""
    features = feature_count(recipe.context, recipe.horizon)
    return Shape(features, recipe.context, recipe.horizon, len(recipe.quantiles), recipe.width, recipe.blocks)


def set_weights_of(network: nn.Module, weights: Named, member: int) -> None:
    """Give ``network`` the weights of a member. Raises ValueError when they belong to one of another shape."""
    set_named_weights(network, member_weights(weights, member))


def member_weights(weights: Named, member: int) -> dict[str, Floats]:
    """The weights of one member, without its prefix; members beyond the last take them in turn."""
    count = len({name.partition(".")[0] for name, _ in weights})
    prefix = f"member{member % count}."
    return {name.removeprefix(prefix): values for name, values in weights if name.startswith(prefix)}


def _look(network: nn.Module, weights: Floats, windows: Windows, chunk: int | None) -> Floats:
    """The predictions of ``network`` with these ``weights``."""
    set_flat_weights(network, weights)
    return predict(network, windows.features, chunk)


def _losses(looks: Sequence[Sequence[Floats]], windows: Windows, known: Mask) -> list[float]:
    """The mean over members of their losses at each check; ``looks`` are predictions by member and check."""
    curves = [[_loss(predicted, windows, known) for predicted in member] for member in looks]
    return [fsum(column) / len(looks) for column in zip(*curves, strict=True)]


def _as_then(looks: Sequence[Sequence[Floats]], windows: Windows) -> Floats:
    """(window, horizon, quantiles): at each origin the check that was best by what was known there."""
    result = np.zeros_like(looks[0][0])
    for origin in sorted(set(windows.origin.tolist())):
        known = seen_by(windows, origin)
        losses = _losses(looks, windows, known)
        best = losses.index(min(losses)) if known.any() else len(losses) - 1
        rows = windows.origin == origin
        result[rows] = mean_of([member[best][rows] for member in looks])
    return result


def apart(parts: Sequence[Floats]) -> Floats:
    """(window, horizon): the largest less the smallest of the members' medians."""
    medians = np.stack([part[:, :, part.shape[2] // 2] for part in parts])
    apart: Floats = medians.max(0) - medians.min(0)
    return apart


def _trainable(windows: Windows) -> Windows:
    return windows.take(windows.usable & windows.moves & windows.target_present.any(1))


def _all_weights(networks: Sequence[nn.Module]) -> tuple[tuple[str, Floats], ...]:
    return tuple(
        (f"member{member}.{name}", values)
        for member, network in enumerate(networks)
        for name, values in named_weights(network)
    )


def mean_of(parts: Sequence[Floats]) -> Floats:
    """The mean over members, added from the first to the last."""
    total = parts[0]
    for part in parts[1:]:
        total = total + part
    return total / len(parts)


def _part(progress: Progress, member: int, recipe: Recipe, start: float) -> Progress:
    """``progress`` for one member's share of one half of the work."""
    width = 0.5 / recipe.members
    return lambda share: progress(start + (member + share) * width)


def _loss(predicted: Floats, windows: Windows, known: Mask) -> float:
    """Mean absolute miss of the median over the ``known`` targets, each at its cost."""
    middle = predicted.shape[2] // 2
    miss = np.abs(windows.target - predicted[:, :, middle]) * windows.cost[:, None]
    return fsum(miss[known].tolist()) / max(int(known.sum()), 1)
