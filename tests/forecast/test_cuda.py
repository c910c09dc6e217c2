"""What a GPU gives: ``make test-gpu``, which needs this checkout, torch, numpy and pytest, and nothing else."""

from typing import Any

import pytest
import torch

from forecast.fingerprint import PROMISED, check_exact, fingerprint
from tests.forecast.golden_digests import GOLDEN, PROMISE
from tests.forecast.trained import trained

pytestmark = [
    pytest.mark.gpu,
    pytest.mark.slow,
    pytest.mark.skipif(not torch.cuda.is_available(), reason="there is no CUDA device on this machine"),
]

ON_GPU = {"device": "cuda"}
# cuBLAS repeats itself only with a workspace of a fixed size.
STEADY = {"CUBLAS_WORKSPACE_CONFIG": ":4096:8", "NVIDIA_TF32_OVERRIDE": "0"}


def test_the_gpu_multiplies_exactly() -> None:
    check_exact("cuda:0")


def test_the_promised_probes_are_those_of_every_machine() -> None:
    found = {name.removeprefix(PROMISED): bits for name, bits in fingerprint("cuda:0").items() if PROMISED in name}

    assert found == PROMISE


@pytest.mark.parametrize("options", [{}, {"rows": 1}, {"rows": 7}, {"rows": 200}, {"backwards": True}], ids=str)
def test_every_family_gives_its_golden_bytes_on_the_gpu(options: dict[str, Any]) -> None:
    assert trained({}, ON_GPU | options) == GOLDEN


def test_a_workspace_or_precision_set_from_outside_changes_nothing() -> None:
    assert trained(STEADY, ON_GPU) == GOLDEN
    assert trained({"NVIDIA_TF32_OVERRIDE": "1"}, ON_GPU) == GOLDEN


@pytest.mark.parametrize("workers", [1, 2, 3])
def test_any_number_of_workers_gives_the_golden_bytes_on_the_gpu(workers: int) -> None:
    # Before torch 2.13 a launch takes one fixed port unless it is told to stand alone, and fails where it is in use.
    torchrun = ("-m", "torch.distributed.run", "--standalone", "--nproc-per-node", str(workers))

    assert trained({}, ON_GPU, *torchrun) == GOLDEN


def test_standard_numerics_repeat_from_process_to_process() -> None:
    standard = ON_GPU | {"numerics": "standard"}

    first, second = (trained(STEADY, standard) for _ in range(2))

    assert first == second
