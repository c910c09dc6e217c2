"""What order-free numbers cost when the shipped network forecasts: ``python -m benchmarks.shipped [SERIES]``.

Simulated series of 44 quarters; processor time on one thread. ``network`` is the networks alone on ready features, in
chunks of 512 rows; ``forecast`` is all that ``predict`` does for a series between reading and writing: features,
networks, simple methods, quantiles. Plain float32 and float64 are torch's own layers; all ways take turns, several
rounds over, and medians are printed with their ratio to float32.
"""

import argparse
import statistics
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property, partial
from time import process_time

import numpy as np
import torch
from torch import nn

from forecast.draws import SIMULATOR, stream
from forecast.networks import FAMILIES
from forecast.networks.use import CHUNK, predict, set_named_weights
from forecast.numerics import Numerics, OrderFree, Standard
from forecast.pretrained import Pretrained, Start, read_start
from forecast.simulator.series import simulate
from forecast.training.fit import member_weights, shape_of
from forecast.windows import Floats, build_windows
from kpi.settings import DATA

ROUNDS = 5
QUARTERS = 44
WAYS: dict[str, Callable[[], Numerics]] = {
    "float32": lambda: Standard(torch.float32),
    "float64": Standard,
    "order_free": OrderFree,
}


@dataclass(frozen=True)
class Shipped(Pretrained):
    """The shipped forecaster with networks that compute in another way."""

    way: Numerics

    @cached_property
    def networks(self) -> list[nn.Module]:
        """One of each member."""
        return [_network(self.start, member, self.way) for member in range(self.start.recipe.members)]

    def look(self, features: Floats) -> list[Floats]:
        """What each network says."""
        return [predict(network, features) for network in self.networks]


def _network(start: Start, member: int, way: Numerics) -> nn.Module:
    network = FAMILIES[start.recipe.family](way, shape_of(start.recipe))
    set_named_weights(network, member_weights(start.weights, member))
    return network


def main() -> None:
    """Print one line for the networks and one for whole forecasts."""
    parser = argparse.ArgumentParser(description="The shipped network in order-free and in plain numbers.")
    parser.add_argument("series", nargs="?", type=int, default=4096)
    count = parser.parse_args().series
    torch.set_num_threads(1)
    values = simulate(stream(1, SIMULATOR, 997), count, QUARTERS)
    present = np.ones(values.shape, dtype=np.bool_)
    start = read_start(DATA / "weights")
    # Standard numerics keep to one small shape for the sake of their last bits; plain ones would not.
    CHUNK["standard"] = CHUNK["order_free"]
    ways = {name: Shipped(start, "standard", "cpu", way()) for name, way in WAYS.items()}
    recipe = start.recipe
    features = build_windows(
        values, present, range(QUARTERS - 1, QUARTERS), recipe.context, recipe.horizon, QUARTERS
    ).features
    print(f"torch {torch.__version__}, {count} series, {recipe.members} networks of width {recipe.width}, one thread")
    _line("network", {name: partial(way.look, features) for name, way in ways.items()})
    _line("forecast", {name: partial(way.quantiles, values, present) for name, way in ways.items()})


def _line(name: str, actions: dict[str, Callable[[], object]]) -> None:
    times: dict[str, list[float]] = {way: [] for way in actions}
    for _ in range(ROUNDS):
        for way, action in actions.items():
            begun = process_time()
            action()
            times[way].append(process_time() - begun)
    middle = {way: statistics.median(found) for way, found in times.items()}
    row = ", ".join(f"{way} {seconds:.3f} s ({seconds / middle['float32']:.2f}x)" for way, seconds in middle.items())
    print(f"{name:9} {row}", flush=True)


if __name__ == "__main__":
    main()
