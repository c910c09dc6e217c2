"""How ``predict`` grows with the number of series: ``python -m benchmarks.growth [--without-network] [SERIES ...]``.

Panels of 40 quarters a series are made of integer draws, written to a temporary Parquet file and forecast by the real
command in a fresh process each; printed are the peak memory of that process and its processor time, start and imports
included. A straight line through the points gives the figure for a million series, printed with
the largest miss of the line. ``--without-network`` puts the seasonal naive method of the tests in the network's place:
what remains is the cost of reading, checking, cutting and writing.
"""

import argparse
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from forecast.draws import stream

QUARTERS = 40
MILLION = 1_000_000
ROW_GROUP = 1 << 17
_USE = 100  # a stream of draws that no run uses

_WITHOUT_NETWORK = """
import sys
from forecast.determinism import seal
seal()
from tests.forecast import naive
sys.modules["forecast.pretrained"] = naive
from forecast.commands import main
sys.exit(main(sys.argv[1:]))
"""


@dataclass(frozen=True)
class Cost:
    """Of one forecast of so many series: megabytes at the peak, and seconds of processor time."""

    series: int
    megabytes: float
    seconds: float


def main() -> None:
    """Print one line a number of series, then the extrapolation."""
    parser = argparse.ArgumentParser(description="Memory and processor time of predict by the number of series.")
    parser.add_argument("series", nargs="*", type=int, metavar="SERIES")
    parser.add_argument("--without-network", action="store_true")
    chosen = parser.parse_args()
    program = ["-c", _WITHOUT_NETWORK] if chosen.without_network else ["-m", "forecast"]
    print(f"{'series':>10} {'peak MB':>9} {'CPU s':>8} {'CPU ms a series':>16}")
    costs = []
    for count in chosen.series or [1_000, 10_000, 100_000]:
        costs.append(measure(count, program))
        _print(costs[-1])
    if len(costs) > 2:
        _print_extrapolation(costs)


def measure(count: int, program: list[str]) -> Cost:
    """Forecast ``count`` series by the command in a fresh process."""
    with TemporaryDirectory() as folder:
        source, output = Path(folder) / "in.parquet", Path(folder) / "out.parquet"
        write_panel(source, count)
        command = [sys.executable, *program, "predict", str(source), "-o", str(output), "--device", "cpu", "--json"]
        process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
        assert process.stderr is not None
        said = process.stderr.read()
        _, status, used = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode != 0 or pq.read_metadata(output).num_rows != 8 * count:
            raise SystemExit(f"predict failed:\n{said}")
    # A process starts with the peak of the one that started it; ours stays below what torch alone takes.
    return Cost(count, used.ru_maxrss / 1024, used.ru_utime + used.ru_stime)


def write_panel(path: Path, count: int) -> None:
    """``count`` series with a level, a season and noise, all integers, in row groups of moderate size."""
    draw = stream(1, _USE)
    schema = pa.schema([("unique_id", pa.string()), ("ds", pa.string()), ("y", pa.float64())])
    quarters = pa.array([f"{2016 + index // 4}Q{index % 4 + 1}" for index in range(QUARTERS)])
    at_once = ROW_GROUP // QUARTERS
    with pq.ParquetWriter(path, schema) as writer:
        for first in range(0, count, at_once):
            series = np.arange(first, min(first + at_once, count))
            level = draw.integers(1_000, 1_000_000, (len(series), 1))
            season = draw.integers(-100, 100, (len(series), 4))[:, np.arange(QUARTERS) % 4]
            y = level + season + draw.integers(-50, 50, (len(series), QUARTERS))
            ids = pa.array([f"S{index:07}" for index in series]).take(pa.array(np.repeat(series - first, QUARTERS)))
            stamps = quarters.take(pa.array(np.tile(np.arange(QUARTERS), len(series))))
            writer.write_table(pa.table([ids, stamps, pa.array(y.ravel().astype(np.float64))], schema=schema))


def _print(cost: Cost, mark: str = "") -> None:
    each = 1000 * cost.seconds / cost.series
    print(f"{cost.series:10} {cost.megabytes:9.0f} {cost.seconds:8.1f} {each:16.3f}{mark}", flush=True)


def _print_extrapolation(costs: list[Cost]) -> None:
    counts = np.array([float(cost.series) for cost in costs])
    lines, misses = [], []
    for found in ([cost.megabytes for cost in costs], [cost.seconds for cost in costs]):
        slope, level = np.polyfit(counts, found, 1)
        lines.append(float(level + slope * MILLION))
        misses.append(float(np.abs(level + slope * counts - found).max()))
    _print(Cost(MILLION, *lines), "  extrapolated, not measured")
    print(
        f"straight lines through the {len(costs)} points miss them by at most {misses[0]:.1f} MB and {misses[1]:.2f} s"
    )


if __name__ == "__main__":
    main()
