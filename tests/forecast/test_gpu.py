"""On a CUDA device, each time in a fresh process."""

from pathlib import Path

import pytest
import torch

from forecast.results import KPI_KEYS, read_numbers
from forecast.zipped import unpack
from tests.forecast.company import install

pytestmark = [
    pytest.mark.gpu,
    pytest.mark.slow,
    pytest.mark.skipif(not torch.cuda.is_available(), reason="there is no CUDA device on this machine"),
]

RUN = ("run", "--device", "cuda", "--numerics", "standard", "--json")


def test_a_run_on_the_gpu_repeats_to_the_bit_and_verifies(tmp_path: Path) -> None:
    made = install(tmp_path)

    answer = made.forecast(*RUN).json
    fresh = made.forecast(*RUN, "--fresh")
    verified = made.forecast("verify", answer["passport"], "--json")

    assert answer["device"] == "cuda:0"
    assert fresh.json == answer
    assert (verified.code, verified.json["verdict"]) == (0, "EXACT")


def test_the_record_is_the_same_run_with_the_same_digests_on_gpu_and_cpu(tmp_path: Path) -> None:
    made = install(tmp_path)

    gpu = made.forecast("run", "--json", "--device", "cuda").json
    cpu = made.forecast("run", "--json", "--device", "cpu", "--fresh").json

    assert gpu["device"] == "cuda:0"
    assert {"weights_digest", "forecast_digest", "run_id"} <= gpu.keys()
    assert all(gpu[name] == cpu[name] for name in ("run_id", "weights_digest", "forecast_digest"))


def test_standard_runs_on_gpu_and_cpu_are_different_with_nearly_the_same_forecasts(tmp_path: Path) -> None:
    made = install(tmp_path)
    standard = ("run", "--numerics", "standard", "--json")

    gpu, cpu = (made.forecast(*standard, "--device", device).json for device in ("auto", "cpu"))

    assert gpu["device"] == "cuda:0"
    assert gpu["run_id"] != cpu["run_id"]
    there, here = (medians(Path(answer["passport"])) for answer in (gpu, cpu))
    assert there.keys() == here.keys()
    assert all(there[key] == pytest.approx(here[key], rel=1e-6) for key in here)


def medians(passport: Path) -> dict[tuple[str, ...], float | None]:
    """The 50th percentile of every KPI forecast of a passport."""
    files, _ = unpack(passport.read_bytes())
    rows = read_numbers(files["results/kpi_forecast.csv"].decode(), KPI_KEYS)
    return {key: numbers["p50"] for key, numbers in rows.items()}
