"""The shipped weights, and forecasts by them of any quarterly series without training."""

import json
from dataclasses import dataclass, replace
from functools import cached_property
from hashlib import sha256
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray
from torch import nn

from forecast.combine import combined_median
from forecast.networks.use import predict
from forecast.recipe import NumericsName, Recipe
from forecast.training.fit import build_network, mean_of
from forecast.training.pretrain import Pretraining
from forecast.weights import pack_weights, unpack_weights
from forecast.windows import SHORTEST, Windows, build_windows
from kpi.errors import refuse

Floats = NDArray[np.float64]
Mask = NDArray[np.bool_]
Named = tuple[tuple[str, Floats], ...]

WEIGHTS: Final = "quarterly.safetensors"
ABOUT: Final = "quarterly.json"
_SHAPE: Final = ("family", "context", "horizon", "width", "blocks", "quantiles")
_BLOCK: Final = 4096  # series whose windows are in memory at once


@dataclass(frozen=True)
class Start:
    """Weights to begin from, each named ``memberN.parameter``, with the recipe of their pretraining."""

    recipe: Recipe
    weights: Named

    @property
    def digest(self) -> str:
        """SHA-256 of the weights as the shipped file holds them."""
        return sha256(pack_weights(self.weights, "F32")).hexdigest()

    def fits(self, recipe: Recipe) -> bool:
        """Whether a run by ``recipe`` trains networks of this shape."""
        return all(getattr(recipe, name) == getattr(self.recipe, name) for name in _SHAPE)


def read_about(folder: Path) -> dict[str, Any]:
    """What stands beside the weights: how they were made, and digests on the way; empty where there is nothing."""
    try:
        found: dict[str, Any] = json.loads((folder / ABOUT).read_text(encoding="utf-8"))
    except FileNotFoundError:
        return {}
    return found


def read_start(folder: Path) -> Start:
    """The weights in ``folder`` (``data/weights``). Raises Refused when they are missing or are not what is stated."""
    try:
        content, about = (folder / WEIGHTS).read_bytes(), read_about(folder)
        told = about["pretraining"]["recipe"]
        recipe = Recipe(**told | {"quantiles": tuple(told["quantiles"])})
        stated = about["weights"]
    except (OSError, ValueError, KeyError, TypeError) as problem:
        raise refuse(
            f"无法读取 {folder} 中的预训练权重：{problem}。请恢复 {WEIGHTS} 和 {ABOUT}，"
            "或运行 python -m forecast pretrain 重新生成。",
            f"the pretrained weights in {folder} cannot be read: {problem}. Restore {WEIGHTS} and {ABOUT}, or make "
            "them again with python -m forecast pretrain.",
        ) from problem
    if sha256(content).hexdigest() != stated:
        raise refuse(
            f"{folder / WEIGHTS} 与 {ABOUT} 中的摘要不符，文件被改动过。请恢复原文件。",
            f"{folder / WEIGHTS} is not what {ABOUT} states: it was changed. Restore the file.",
        )
    return Start(recipe, tuple(unpack_weights(content)))


def write_start(folder: Path, told: Pretraining, weights: Named, chain: dict[str, dict[int, str]]) -> Start:
    """Put the weights and what they were made of into ``folder``; the weights last, so that a stop leaves no pair."""
    content = pack_weights(weights, "F32")
    about = {
        "weights": sha256(content).hexdigest(),
        "pretraining": told.as_dict(),
        "chain": {member: {str(step): digest for step, digest in steps.items()} for member, steps in chain.items()},
    }
    folder.mkdir(parents=True, exist_ok=True)
    for name, data in ((ABOUT, (json.dumps(about, indent=1) + "\n").encode()), (WEIGHTS, content)):
        part = folder / f"{name}.part"
        part.write_bytes(data)
        part.replace(folder / name)
    return read_start(folder)


@dataclass(frozen=True)
class Pretrained:
    """Forecasts of any quarterly series by the shipped weights."""

    start: Start
    numerics: NumericsName
    device: str

    @property
    def levels(self) -> tuple[float, ...]:
        """The levels of the quantiles, rising."""
        return self.start.recipe.quantiles

    @property
    def horizon(self) -> int:
        """Quarters ahead."""
        return self.start.recipe.horizon

    @property
    def context(self) -> int:
        """Quarters seen."""
        return self.start.recipe.context

    @property
    def digest(self) -> str:
        """SHA-256 of the weights."""
        return self.start.digest

    @cached_property
    def networks(self) -> list[nn.Module]:
        """One of each member."""
        told = replace(self.start.recipe, numerics=self.numerics)
        return [build_network(told, member, self.device, start=self.start.weights) for member in range(told.members)]

    def quantiles(self, values: Floats, present: Mask) -> Floats:
        """(series, horizon, level) in the units of ``values`` (series, quarter), whose last column is the newest.

        The network's quantiles, moved so that the median is that of the default combination (:mod:`forecast.combine`).
        A series that never moved inside the context stays where it is. Raises ValueError when one has fewer than
        :data:`forecast.windows.SHORTEST` known values there.
        """
        parts = [
            self._block(values[first : first + _BLOCK], present[first : first + _BLOCK])
            for first in range(0, len(values), _BLOCK)
        ]
        return np.concatenate(parts) if parts else np.zeros((0, self.horizon, len(self.levels)))

    def _block(self, values: Floats, present: Mask) -> Floats:
        newest = values.shape[1] - 1
        windows = build_windows(values, present, range(newest, newest + 1), self.context, self.horizon, newest + 1)
        if not windows.usable.all():
            raise ValueError(f"a series has fewer than {SHORTEST} known values in its last {self.context} quarters")
        found = mean_of([predict(network, windows.features) for network in self.networks])
        middle = found[:, :, found.shape[2] // 2]
        combined = combined_median(values, present, windows, middle, self.context)
        return in_units(windows, found + (combined - middle)[:, :, None])


def in_units(windows: Windows, predicted: Floats) -> Floats:
    """(window, horizon, quantile) predictions in units of scale as values; what never moved stays at its base."""
    found = windows.base[:, :, None] + windows.scale[:, None, None] * predicted
    return np.where(windows.moves[:, None, None], found, windows.base[:, :, None])


def load_pretrained(folder: Path, numerics: NumericsName, device: str) -> Pretrained:
    """The shipped weights, ready to forecast. Raises Refused."""
    return Pretrained(read_start(folder), numerics, device)
