"""What order-free arithmetic costs beside torch's own layers: ``python -m benchmarks.numerics [WIDTH ...]``.

For each network family and hidden width: processor time of one training step (forward, loss, backward, optimiser) and
of one prediction of the same batch, one thread. All ways take turns, several rounds over; printed are medians in
microseconds, and as ratios to standard float32 with torch's own Adam.
"""

import statistics
import sys
from collections.abc import Callable
from time import process_time

import torch
from torch import nn

from forecast.networks import FAMILIES
from forecast.networks.adam import Adam
from forecast.networks.draws import initialise
from forecast.networks.parts import Shape
from forecast.networks.use import pinball
from forecast.numerics import Numerics, OrderFree, Standard
from forecast.recipe import Family

ROUNDS = 9
ROWS = 128
CONTEXT = 12
HORIZON = 8
LEVELS = (0.05, 0.1, 0.25, 0.5, 0.75, 0.9, 0.95)
FEATURES = 4 * CONTEXT + HORIZON + 5
WAYS: dict[str, Callable[[], Numerics]] = {
    "float32": lambda: Standard(torch.float32),
    "float64": Standard,
    "order_free": OrderFree,
}


def main() -> None:
    """Print one line a family and width."""
    torch.set_num_threads(1)
    widths = [int(word) for word in sys.argv[1:]] or [32, 128, 512]
    print(f"{'family':12} {'width':>5} {'step':>9}", end="")
    print(
        f"{'float32 us':>12} {'float64':>8} {'order_free':>11} | predict {'float32 us':>11} {'float64':>8} order_free"
    )
    for family in FAMILIES:
        for width in widths:
            steps, looks = measure(family, width)
            print(f"{family:12} {width:5} {'':9}{_row(steps)} | {'':7} {_row(looks)}", flush=True)


def _row(times: dict[str, float]) -> str:
    base = times["float32"]
    return f"{base * 1e6:12.0f} {times['float64'] / base:7.2f}x {times['order_free'] / base:10.2f}x"


def measure(family: Family, width: int) -> tuple[dict[str, float], dict[str, float]]:
    """Median seconds of a training step and of a prediction, by way."""
    training: dict[str, list[float]] = {name: [] for name in WAYS}
    predicting: dict[str, list[float]] = {name: [] for name in WAYS}
    made = {name: _prepare(family, width, way()) for name, way in WAYS.items()}
    for _ in range(ROUNDS):
        for name, (train, predict) in made.items():
            training[name].append(_time(train))
            predicting[name].append(_time(predict))
    return _medians(training), _medians(predicting)


def _medians(times: dict[str, list[float]]) -> dict[str, float]:
    return {name: statistics.median(values) for name, values in times.items()}


def _prepare(family: Family, width: int, numerics: Numerics) -> tuple[Callable[[], None], Callable[[], None]]:
    network = FAMILIES[family](numerics, Shape(FEATURES, CONTEXT, HORIZON, len(LEVELS), width, 2))
    initialise(network, seed=1, member=0)
    generator = torch.Generator().manual_seed(1)
    features = torch.randn(ROWS, FEATURES, generator=generator, dtype=torch.float64).to(numerics.dtype)
    target = torch.randn(ROWS, HORIZON, generator=generator, dtype=torch.float64).to(numerics.dtype)
    weight = torch.ones_like(target)
    step = _stepper(network, numerics)

    def train() -> None:
        loss = pinball(network(features), target, weight, LEVELS, target.numel())
        loss.backward()  # type: ignore[no-untyped-call]
        step()

    def predict() -> None:
        with torch.no_grad():
            network(features)

    return train, predict


def _stepper(network: nn.Module, numerics: Numerics) -> Callable[[], None]:
    if numerics.name == "order_free":
        return Adam(network.parameters(), 0.001).step
    optimizer = torch.optim.Adam(network.parameters(), 0.001)

    def step() -> None:
        optimizer.step()
        optimizer.zero_grad()

    return step


def _time(action: Callable[[], None], atleast: float = 0.05) -> float:
    action()
    count, start = 0, process_time()
    while process_time() - start < atleast:
        action()
        count += 1
    return (process_time() - start) / count


if __name__ == "__main__":
    main()
