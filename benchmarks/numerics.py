"""Order-free arithmetic beside torch's own layers: ``python -m benchmarks.numerics [--device D] [WIDTH ...]``.

For each network family and hidden width, and for the wide perceptron (with ``--wide`` for that alone): time of one
training step (forward, loss, backward, optimiser) and of predicting 4096 rows in chunks of 512, on one thread;
processor time on a CPU, time by the clock on a GPU. All ways take turns, several rounds over; printed are medians in
microseconds, and as ratios to standard float32 with torch's own Adam. ``products`` is the floor: the same matrix
products in float64 and nothing else. Memory is what training on 4096 rows adds to a fresh process at most (CPU only).
"""

import argparse
import json
import statistics
import subprocess
import sys
from collections.abc import Callable
from dataclasses import asdict, dataclass, replace
from functools import partial
from pathlib import Path
from time import perf_counter, process_time
from typing import Any

import torch
from torch import nn
from torch.utils._python_dispatch import TorchDispatchMode

from forecast.networks import FAMILIES
from forecast.networks.adam import Adam
from forecast.networks.draws import initialise
from forecast.networks.parts import Shape
from forecast.networks.use import pinball, predict
from forecast.numerics import Numerics, OrderFree, Standard
from forecast.recipe import Family

ROUNDS = 9
ROWS_FOR_MEMORY = 4096
ROWS_PREDICTED = 4096
CHUNK_PREDICTED = 512
CONTEXT = 12
HORIZON = 8
WAYS: dict[str, Callable[[], Numerics]] = {
    "float32": lambda: Standard(torch.float32),
    "float64": Standard,
    "order_free": OrderFree,
}
PRODUCTS = (torch.ops.aten.mm.default, torch.ops.aten.bmm.default)


@dataclass(frozen=True)
class Size:
    """A network and how many rows it is given at once."""

    family: Family
    width: int
    blocks: int = 2
    features: int = 4 * CONTEXT + HORIZON + 5
    levels: tuple[float, ...] = (0.05, 0.1, 0.25, 0.5, 0.75, 0.9, 0.95)
    trained: int = 128

    @classmethod
    def read(cls, text: str) -> "Size":
        """What :func:`json.dumps` made of its fields."""
        found: dict[str, Any] = json.loads(text)
        return cls(**found | {"levels": tuple(found["levels"])})


WIDE = Size("mlp", 256, 5, 180, (0.05, 0.1, 0.2, 0.3, 0.5, 0.7, 0.8, 0.9, 0.95), trained=512)


def main() -> None:
    """Print one line a family and width."""
    parser = argparse.ArgumentParser(description="Order-free arithmetic beside torch's own layers.")
    parser.add_argument("widths", nargs="*", type=int, metavar="WIDTH")
    parser.add_argument("--device", default="cpu", help="cpu, cuda or auto")
    parser.add_argument("--wide", action="store_true", help="only the wide perceptron")
    parser.add_argument("--memory-of", nargs=2, metavar=("SIZE", "WAY"), help=argparse.SUPPRESS)
    chosen = parser.parse_args()
    torch.set_num_threads(1)
    widths = [] if chosen.wide else chosen.widths or [32, 128, 512]
    sizes = [*(Size(family, width) for family in FAMILIES for width in widths), WIDE]
    if chosen.memory_of:
        size, way = chosen.memory_of
        print(_memory(Size.read(size), way))
        return
    device = ("cuda" if torch.cuda.is_available() else "cpu") if chosen.device == "auto" else chosen.device
    print(f"torch {torch.__version__} on {torch.cuda.get_device_name() if device == 'cuda' else 'CPU'}")
    names = f"{'float32':>10} {'float64':>8} {'order_free':>10}"
    print(f"{'family':12} {'width':>5} | train {names} products | predict {names} products | memory {names}")
    for size in sizes:
        steps, looks = measure(size, device)
        peaks = _peaks(size) if device == "cpu" else {}
        print(
            f"{size.family:12} {size.width:5} | {'':5} {_row(steps, 1e6, 'us')} | {'':7} {_row(looks, 1e6, 'us')} |"
            f" {'':6} {_row(peaks, 1.0, 'MB')}",
            flush=True,
        )


def _row(amounts: dict[str, float], factor: float, unit: str) -> str:
    if not amounts:
        return "-"
    base = max(amounts["float32"], 1e-9)
    floor = f" {amounts['products'] / base:7.2f}x" if "products" in amounts else ""
    return f"{base * factor:7.0f} {unit} {amounts['float64'] / base:7.2f}x {amounts['order_free'] / base:9.2f}x{floor}"


def measure(size: Size, device: str) -> tuple[dict[str, float], dict[str, float]]:
    """Median seconds of a training step and of a prediction, by way."""
    made = {name: _prepare(size, way(), device) for name, way in WAYS.items()}
    train, look = made["order_free"]
    made["products"] = (bare_products(train), bare_products(look))
    training: dict[str, list[float]] = {name: [] for name in made}
    predicting: dict[str, list[float]] = {name: [] for name in made}
    for _ in range(ROUNDS):
        for name, (train, look) in made.items():
            training[name].append(_time(train, device))
            predicting[name].append(_time(look, device))
    return _medians(training), _medians(predicting)


class _Recorder(TorchDispatchMode):  # type: ignore[no-untyped-call]
    """Notes every matrix product."""

    def __init__(self) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self.products: list[Callable[[], object]] = []

    def __torch_dispatch__(self, func: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
        if func in PRODUCTS:
            self.products.append(partial(func, *(torch.empty_like(matrix).fill_(1.0) for matrix in args)))
        return func(*args, **(kwargs or {}))


def bare_products(action: Callable[[], None]) -> Callable[[], None]:
    """The matrix products that ``action`` makes, of the same shapes and layouts, and nothing else."""
    with _Recorder() as recorder:
        action()

    def multiply() -> None:
        for product in recorder.products:
            product()

    return multiply


def _peaks(size: Size) -> dict[str, float]:
    """MB that training adds to a process, by way."""
    command = [sys.executable, "-m", "benchmarks.numerics", "--memory-of", json.dumps(asdict(size))]
    return {
        way: float(subprocess.run([*command, way], capture_output=True, text=True, check=True).stdout) for way in WAYS
    }


def _memory(size: Size, way: str) -> float:
    train, _ = _prepare(replace(size, trained=ROWS_FOR_MEMORY), WAYS[way](), "cpu")
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


def _prepare(size: Size, numerics: Numerics, device: str) -> tuple[Callable[[], None], Callable[[], None]]:
    shape = Shape(size.features, CONTEXT, HORIZON, len(size.levels), size.width, size.blocks)
    network = FAMILIES[size.family](numerics, shape)
    initialise(network, seed=1, member=0)
    network = network.to(device)
    generator = torch.Generator().manual_seed(1)
    rows = max(size.trained, ROWS_PREDICTED)
    asked = torch.randn(rows, size.features, generator=generator, dtype=torch.float64)
    features = asked[: size.trained].to(device, numerics.dtype)
    target = torch.randn(size.trained, HORIZON, generator=generator, dtype=torch.float64).to(device, numerics.dtype)
    weight = torch.ones_like(target)
    step = _stepper(network, numerics)

    def train() -> None:
        loss = pinball(network(features), target, weight, size.levels, target.numel())
        loss.backward()  # type: ignore[no-untyped-call]
        step()

    def look() -> None:
        predict(network, asked[:ROWS_PREDICTED].numpy(), CHUNK_PREDICTED)

    return train, look


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
