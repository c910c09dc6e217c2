"""The record does not depend on how a machine is set up: the golden digests again, each time in a fresh process."""

from typing import Any

import pytest

from tests.forecast.golden_digests import GOLDEN
from tests.forecast.trained import trained

pytestmark = pytest.mark.slow

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

    assert trained(environment, options) == GOLDEN


@pytest.mark.parametrize("workers", [2, 3, 4])
def test_every_family_gives_its_golden_bytes_with_any_number_of_workers(workers: int) -> None:
    torchrun = ("-m", "torch.distributed.run", "--nproc-per-node", str(workers))

    assert trained({}, {}, *torchrun) == GOLDEN
