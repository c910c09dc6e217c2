"""Forecast a panel with the statistical methods of statsforecast, in an environment of their own (``.peers/``).

``python scripts/peers.py DATA.parquet OUT.parquet --sample 1000`` makes the environment the first time. ``DATA`` has
unique_id, ds_index, y, split; only ``train`` is read. ``OUT`` gets a row for each series, method and quarter ahead:
unique_id, method, h, mean, lo-80, hi-80, lo-95, hi-95, cpu_seconds (of that series), fell_back (on the seasonal naive
forecast, because the method gave none), last (0 for the whole history). A method that is in ``OUT`` already isn't run
again, so a command that was stopped goes on where it stood.
"""

import argparse
import os
import subprocess
import sys
import time
import warnings
from collections.abc import Sequence
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))
from forecast.benchmark.sample import sample  # noqa: E402  (found through the line above; needs nothing itself)

ENVIRONMENT = ROOT / ".peers"
PYTHON = ENVIRONMENT / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
# All that is installed, so that figures can be repeated. Licences: docs/accuracy.md.
PINNED = (
    "adagio==0.2.6", "cloudpickle==3.1.3", "coreforecast==0.0.20", "formulaic==1.2.2", "fsspec==2026.9.0",
    "fugue==0.9.7", "interface_meta==2.0.1", "narwhals==2.29.0", "numpy==2.4.6", "packaging==26.4",
    "pandas==2.3.3", "patsy==1.0.3", "pyarrow==26.0.1", "python-dateutil==2.9.0.post0", "pytz==2026.6",
    "scipy==1.17.1", "six==1.17.0", "statsforecast==2.1.1", "statsmodels==0.15.0", "threadpoolctl==3.8.0",
    "tqdm==4.70.1", "triad==1.0.4", "typing_extensions==4.16.0", "tzdata==2026.6", "utilsforecast==0.2.17",
    "wrapt==2.5.2",
)  # fmt: skip
ONE_THREAD = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "NUMEXPR_MAX_THREADS"), "1")
QUICK = ("SeasonalNaive", "AutoETS", "DynamicOptimizedTheta")
SLOW = ("AutoCES", "AutoARIMA")
MEDIAN = "Median"
IN_MEDIAN = ("AutoETS", "AutoARIMA", "AutoCES", "DynamicOptimizedTheta")
NUMBERS = ("mean", "lo-80", "hi-80", "lo-95", "hi-95")
SEASON = 4
HORIZON = 8


def options(arguments: Sequence[str]) -> argparse.Namespace:
    """What the command line says."""
    parser = argparse.ArgumentParser(description="Forecast a panel with the peers.")
    parser.add_argument("data", type=Path)
    parser.add_argument("out", type=Path)
    parser.add_argument("--sample", type=int, metavar="N", help="N series, evenly spread over the ids in order")
    parser.add_argument(
        "--last", type=int, default=0, metavar="N", help="only the last N training values of each series"
    )
    parser.add_argument("--methods", nargs="+", choices=(*QUICK, *SLOW), default=(*QUICK, *SLOW), metavar="METHOD")
    return parser.parse_args(arguments)


def make_environment() -> None:
    """A virtual environment with just the pinned packages."""
    stamp = ENVIRONMENT / "installed"
    wanted = "\n".join(PINNED)
    if stamp.exists() and stamp.read_text() == wanted:
        return
    print(f"preparing {ENVIRONMENT} (some minutes, the first time)", file=sys.stderr)
    subprocess.run([sys.executable, "-m", "venv", "--clear", str(ENVIRONMENT)], check=True)
    subprocess.run([str(PYTHON), "-m", "pip", "install", "--quiet", "--no-deps", *PINNED], check=True)
    stamp.write_text(wanted)


def histories(chosen: argparse.Namespace) -> dict[str, Any]:
    """The training values of each sampled series, oldest first."""
    import pandas as pd  # noqa: PLC0415  (only the environment of the peers is sure to have it)

    rows = pd.read_parquet(chosen.data, columns=["unique_id", "ds_index", "y", "split"])
    rows = rows[(rows["split"] == "train") & rows["unique_id"].isin(sample(rows["unique_id"], chosen.sample))]
    rows = rows.sort_values(["unique_id", "ds_index"])
    return {
        str(key): part.to_numpy()[-chosen.last or None :] for key, part in rows.groupby("unique_id", sort=True)["y"]
    }


def forecast_one(method: str, values: Any) -> tuple[dict[str, Any], bool]:
    """The forecast of one series; the seasonal naive one, and True, where the method gives none."""
    from statsforecast import models  # noqa: PLC0415  (see above)

    def by(name: str) -> dict[str, Any]:
        answer: dict[str, Any] = getattr(models, name)(season_length=SEASON).forecast(values, HORIZON, level=[80, 95])
        return answer

    try:
        answer = by(method)
    except Exception as failure:  # whatever a method raises on some series is that method's result, and is counted
        print(f"{method}: {type(failure).__name__}: {failure}", file=sys.stderr)
        return by("SeasonalNaive"), True
    if any(not (abs(answer[name]) < float("inf")).all() for name in NUMBERS):
        print(f"{method}: not a finite forecast", file=sys.stderr)
        return by("SeasonalNaive"), True
    return answer, False


def forecast_all(method: str, series: dict[str, Any], last: int) -> Any:
    """The rows of one method."""
    import pandas as pd  # noqa: PLC0415  (see above)

    parts = []
    for key, values in series.items():
        before = time.process_time()
        answer, fell_back = forecast_one(method, values)
        spent = time.process_time() - before
        part = pd.DataFrame({"unique_id": key, "method": method, "h": range(1, HORIZON + 1)})
        parts.append(
            part.assign(**{name: answer[name] for name in NUMBERS}, cpu_seconds=spent, fell_back=fell_back, last=last)
        )
    return pd.concat(parts, ignore_index=True)


def median(rows: Any) -> Any:
    """The median of the four, number by number; its time is the sum of theirs."""
    four = rows[rows["method"].isin(IN_MEDIAN)].groupby(["unique_id", "h"], as_index=False)
    how = dict.fromkeys(NUMBERS, "median") | {"cpu_seconds": "sum", "fell_back": "any", "last": "first"}
    return four.agg(how).assign(method=MEDIAN)[list(rows.columns)]


def work(chosen: argparse.Namespace) -> None:
    """Run what is missing, keeping each method as soon as it is done."""
    import pandas as pd  # noqa: PLC0415  (see above)

    series = histories(chosen)
    rows = pd.read_parquet(chosen.out) if chosen.out.exists() else None
    if rows is not None and (set(rows["unique_id"]) != set(series) or set(rows["last"]) != {chosen.last}):
        sys.exit(f"{chosen.out} holds other series, or another part of their history; name another file.")
    for method in chosen.methods:
        if rows is not None and method in set(rows["method"]):
            continue
        before = time.process_time()
        new = forecast_all(method, series, chosen.last)
        rows = new if rows is None else pd.concat([rows, new], ignore_index=True)
        if set(IN_MEDIAN) <= set(rows["method"]):
            rows = pd.concat([rows[rows["method"] != MEDIAN], median(rows)], ignore_index=True)
        half = chosen.out.with_suffix(".part")
        rows.to_parquet(half, index=False)
        half.replace(chosen.out)
        print(
            f"{method}: {len(series)} series, {time.process_time() - before:.1f} s of processor time", file=sys.stderr
        )


def main(arguments: Sequence[str]) -> int:
    """Make the environment, then do the work inside it."""
    chosen = options(arguments)
    if Path(sys.prefix).resolve() == ENVIRONMENT.resolve():
        import statsforecast.models  # noqa: F401, PLC0415  (here, so that no series is charged with the loading)

        warnings.simplefilter("ignore")
        work(chosen)
        return 0
    make_environment()
    command = [str(PYTHON), str(Path(__file__).resolve()), *arguments]
    return subprocess.run(command, env=os.environ | ONE_THREAD, check=False).returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
