"""Order-free arithmetic beside torch's own layers: ``python -m benchmarks.numerics [--device D] [WIDTH ...]``.

For each network family and hidden width: time of one training step (forward, loss, backward, optimiser) or of
one prediction, of 128 rows on one thread; processor time on a CPU, time by the clock on a GPU. All ways take turns,
several rounds over; printed are medians in microseconds, and as ratios to standard float32 with torch's own Adam.
Memory is what training on 4096 rows adds to a fresh process at its peak (CPU only).
"""

import argparse
import statistics
import subprocess
import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path
from time import perf_counter, process_time

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
ROWS_PREDICTED = 128
ROWS_FOR_MEMORY = 4096
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
    parser = argparse.ArgumentParser(description="Order-free arithmetic beside torch's own layers.")
    parser.add_argument("widths", nargs="*", type=int, metavar="WIDTH")
    parser.add_argument("--device", default="cpu", help="cpu, cuda or auto")
    parser.add_argument("--memory-of", nargs=3, metavar=("FAMILY", "WIDTH", "WAY"), help=argparse.SUPPRESS)
    chosen = parser.parse_args()
    torch.set_num_threads(1)
    if chosen.memory_of:
        family, width, way = chosen.memory_of
        print(_memory(family, int(width), way))
        return
    device = ("cuda" if torch.cuda.is_available() else "cpu") if chosen.device == "auto" else chosen.device
    print(f"torch {torch.__version__} on {torch.cuda.get_device_name() if device == 'cuda' else 'CPU'}, {ROWS} rows")
    names = f"{'float32':>10} {'float64':>8} {'order_free':>10}"
    print(f"{'family':12} {'width':>5} | train {names} | predict {names} | memory {names}")
    for family in FAMILIES:
        for width in chosen.widths or [32, 128, 512]:
            steps, looks = measure(family, width, device)
            peaks = _peaks(family, width) if device == "cpu" else {}
            print(
                f"{family:12} {width:5} | {'':5} {_row(steps, 1e6, 'us')} | {'':7} {_row(looks, 1e6, 'us')} |"
                f" {'':6} {_row(peaks, 1.0, 'MB')}",
                flush=True,
            )


def _row(amounts: dict[str, float], factor: float, unit: str) -> str:
    if not amounts:
        return "-"
    base = max(amounts["float32"], 1e-9)
    return f"{base * factor:7.0f} {unit} {amounts['float64'] / base:7.2f}x {amounts['order_free'] / base:9.2f}x"


def measure(family: Family, width: int, device: str) -> tuple[dict[str, float], dict[str, float]]:
    """Median seconds of a training step and of a prediction, by way."""
    training: dict[str, list[float]] = {name: [] for name in WAYS}
    predicting: dict[str, list[float]] = {name: [] for name in WAYS}
    made = {name: _prepare(family, width, way(), device) for name, way in WAYS.items()}
    for _ in range(ROUNDS):
        for name, (train, predict) in made.items():
            training[name].append(_time(train, device))
            predicting[name].append(_time(predict, device))
    return _medians(training), _medians(predicting)


def _peaks(family: Family, width: int) -> dict[str, float]:
    """MB that training adds to a process, by way."""
    command = [sys.executable, "-m", "benchmarks.numerics", "--memory-of", family, str(width)]
    return {
        way: float(subprocess.run([*command, way], capture_output=True, text=True, check=True).stdout) for way in WAYS
    }


def _memory(family: Family, width: int, way: str) -> float:
    train, _ = _prepare(family, width, WAYS[way](), "cpu", ROWS_FOR_MEMORY, 1)
    Path("/proc/self/clear_refs").write_text("5", encoding="ascii")  # forget the peak of the imports
    before = _kilobytes("VmRSS")
    for _ in range(3):
        train()
    return (_kilobytes("VmHWM") - before) / 1024


def _kilobytes(name: str) -> int:
    """A figure that Linux keeps of this process."""
    lines = Path("/proc/self/status").read_text(encoding="ascii").splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith(name))


def _medians(times: dict[str, list[float]]) -> dict[str, float]:
    return {name: statistics.median(values) for name, values in times.items()}


def _prepare(
    family: Family, width: int, numerics: Numerics, device: str, rows: int = ROWS, predicted: int = ROWS_PREDICTED
) -> tuple[Callable[[], None], Callable[[], None]]:
    network = FAMILIES[family](numerics, Shape(FEATURES, CONTEXT, HORIZON, len(LEVELS), width, 2))
    initialise(network, seed=1, member=0)
    network = network.to(device)
    generator = torch.Generator().manual_seed(1)
    features = torch.randn(max(rows, predicted), FEATURES, generator=generator, dtype=torch.float64).to(
        device, numerics.dtype
    )
    target = torch.randn(rows, HORIZON, generator=generator, dtype=torch.float64).to(device, numerics.dtype)
    weight = torch.ones_like(target)
    step = _stepper(network, numerics)

    def train() -> None:
        loss = pinball(network(features[:rows]), target, weight, LEVELS, target.numel())
        loss.backward()  # type: ignore[no-untyped-call]
        step()

    def predict() -> None:
        with torch.no_grad():
            network(features[:predicted])

    return train, predict


def _stepper(network: nn.Module, numerics: Numerics) -> Callable[[], None]:
    if numerics.name == "order_free":
        return partial(Adam(network.parameters()).step, 0.001)
    optimizer = torch.optim.Adam(network.parameters(), 0.001)

    def step() -> None:
        optimizer.step()
        optimizer.zero_grad()

    return step


def _time(action: Callable[[], None], device: str, at_least: float = 0.05) -> float:
    clock = process_time if device == "cpu" else _clock_of_gpu
    action()
    count, start = 0, clock()
    while clock() - start < at_least:
        action()
        count += 1
    return (clock() - start) / count


def _clock_of_gpu() -> float:
    torch.cuda.synchronize()
    return perf_counter()


if __name__ == "__main__":
    main()
