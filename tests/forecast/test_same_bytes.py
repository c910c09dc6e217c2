"""The record does not depend on how a machine is set up: the golden digests again, each time in a fresh process."""

import json
import os
import subprocess
import sys
from typing import Any, get_args

import pytest

from forecast.recipe import Family
from kpi.settings import ROOT
from tests.forecast.golden_digests import GOLDEN

pytestmark = pytest.mark.slow

FAMILIES = ",".join(get_args(Family))
SETTINGS: dict[str, tuple[dict[str, str], dict[str, Any]]] = {
    "nothing set": ({}, {}),
    "2 threads": ({"OMP_NUM_THREADS": "2", "MKL_NUM_THREADS": "2"}, {"threads": 2, "rows": 200}),
    "4 threads": ({"OMP_NUM_THREADS": "4", "MKL_NUM_THREADS": "4"}, {"threads": 4, "rows": 1}),
    "ATEN_CPU_CAPABILITY=default": ({"ATEN_CPU_CAPABILITY": "default"}, {}),
    "ATEN_CPU_CAPABILITY=avx2": ({"ATEN_CPU_CAPABILITY": "avx2"}, {}),
    "oneDNN off": ({}, {"switches": ["mkldnn_off"]}),
    "oneDNN for SSE4.1": ({"ONEDNN_MAX_CPU_ISA": "SSE41"}, {}),
    "MKL_CBWR=COMPATIBLE": ({"MKL_CBWR": "COMPATIBLE"}, {"rows": 7}),
    "MKL_CBWR=AUTO": ({"MKL_CBWR": "AUTO"}, {}),
    "MKL_CBWR=AVX2,STRICT": ({"MKL_CBWR": "AVX2,STRICT"}, {}),
    "rows in reverse order": ({}, {"backwards": True}),
    "the C library without fused operations": ({"GLIBC_TUNABLES": "glibc.cpu.hwcaps=-FMA,-AVX2,-FMA4"}, {}),
    "another hash seed": ({"PYTHONHASHSEED": "12345"}, {}),
}


@pytest.mark.parametrize("setting", SETTINGS)
def test_every_family_gives_its_golden_bytes_whatever_is_set(setting: str) -> None:
    environment, options = SETTINGS[setting]

    assert trained(environment, options, sys.executable) == GOLDEN


@pytest.mark.parametrize("workers", [2, 3, 4])
def test_every_family_gives_its_golden_bytes_with_any_number_of_workers(workers: int) -> None:
    torchrun = ("-m", "torch.distributed.run", "--nproc-per-node", str(workers))

    assert trained({}, {}, sys.executable, *torchrun) == GOLDEN


def trained(environment: dict[str, str], options: dict[str, Any], *start: str) -> dict[str, tuple[str, str]]:
    """The first digits of the digests of all families, trained by a fresh process."""
    command = [*start, "-m", "tests.forecast.golden", FAMILIES, json.dumps(options)]
    done = subprocess.run(command, cwd=ROOT, env=os.environ | environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)
    return {family: (digests["weights"][:16], digests["forecast"][:16]) for family, digests in found.items()}
