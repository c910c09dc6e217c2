"""The sealed environment: every variable and switch that can change a bit, set before use and read back after.

Most variables are read when Python, OpenMP, numpy or torch load, so the command is started once more with them set.
For standard numerics all of them are required: on one class of machine with the same wheels that gives the same bytes
in every fresh process. Order-free numerics need none of those that choose instructions, so they run on any machine, and
with the fastest instructions it has: those variables make a product several times slower.
"""

import os
import platform
import subprocess
import sys
from collections.abc import Mapping
from importlib import import_module
from pathlib import Path
from types import ModuleType
from typing import Any

from forecast.recipe import NumericsName
from kpi.errors import refuse

GUARD = "SCORECAST_SEALED"
ON_X86 = platform.machine().lower() in {"x86_64", "amd64"}
NUMPY_FEATURES_OFF = ("X86_V4", "AVX512_ICL", "AVX512_SPR")

_ANYWHERE = {
    "PYTHONHASHSEED": "0",
    "OMP_NUM_THREADS": "1",
    "MKL_NUM_THREADS": "1",
    "OPENBLAS_NUM_THREADS": "1",
    "MKL_DYNAMIC": "FALSE",
    "OMP_DYNAMIC": "FALSE",
    "CUBLAS_WORKSPACE_CONFIG": ":4096:8",
    "NVIDIA_TF32_OVERRIDE": "0",
    "CUBLAS_EMULATE_DOUBLE_PRECISION": "0",
}
_X86 = {
    "NPY_DISABLE_CPU_FEATURES": ",".join(NUMPY_FEATURES_OFF),
    "OPENBLAS_CORETYPE": "Haswell",
    "ATEN_CPU_CAPABILITY": "avx2",
    "ONEDNN_MAX_CPU_ISA": "AVX2",
    # The only MKL branch that takes the same path on processors of every maker.
    "MKL_CBWR": "COMPATIBLE",
}


def _has_avx2() -> bool:
    """Whether the processor has what ``ATEN_CPU_CAPABILITY=avx2`` makes torch use without looking.

    Taken for granted elsewhere than on Linux.
    """
    try:
        return " avx2 " in Path("/proc/cpuinfo").read_text(encoding="utf-8").replace("\n", " ")
    except OSError:
        return True


SEALED: Mapping[NumericsName, Mapping[str, str]] = {
    "order_free": _ANYWHERE,
    "standard": _ANYWHERE | _X86 if ON_X86 and _has_avx2() else _ANYWHERE,
}
UNSET = (
    "ONEDNN_DEFAULT_FPMATH_MODE",
    "TORCH_ALLOW_TF32_CUBLAS_OVERRIDE",
    "MKL_ENABLE_INSTRUCTIONS",
    "NPY_ENABLE_CPU_FEATURES",
)

# What order-free numbers do not depend on: instructions, threads, and how torch's own layers compute.
_INSTRUCTIONS = (*(f"env.{name}" for name in _X86), "numpy.dispatch", "torch.cpu_capability")

Switches = dict[str, str | int | bool | None]


def sealed_environment(environment: Mapping[str, str], numerics: NumericsName) -> dict[str, str]:
    """``environment`` with the variables for ``numerics`` set, the harmful ones gone and the guard raised."""
    kept = {name: value for name, value in environment.items() if name not in UNSET}
    return kept | dict(SEALED[numerics]) | {GUARD: numerics}


def seal() -> None:
    """Start this very command again in the environment of order-free numerics; return at once in the second life.

    Must run before numpy or torch is imported.
    """
    if GUARD not in os.environ:
        _start_again("order_free")


def seal_for(numerics: NumericsName) -> None:
    """Start a sealed command once more when ``numerics`` need more than it was sealed for.

    Before anything is begun that must not be broken off.
    """
    if numerics == "standard" and os.environ.get(GUARD) == "order_free":
        _start_again(numerics)


def _start_again(numerics: NumericsName) -> None:
    """This command in the environment for ``numerics``.

    Elsewhere than on Windows the process keeps its id, so signals and
    exit codes reach the caller unchanged; Windows has no such exec, so a child process does the work.
    """
    command = [sys.executable, *sys.orig_argv[1:]]
    environment = sealed_environment(os.environ, numerics)
    if os.name == "nt":
        sys.exit(subprocess.run(command, env=environment, check=False).returncode)
    sys.stdout.flush()
    sys.stderr.flush()
    os.execve(sys.executable, command, environment)


def apply_switches(torch: ModuleType) -> None:
    """Set every switch of torch that determines bits. Call before the first tensor is made."""
    torch.use_deterministic_algorithms(True)
    torch.set_num_threads(1)
    torch.set_flush_denormal(False)
    torch.set_default_dtype(torch.float64)
    backends = torch.backends
    backends.fp32_precision = "ieee"
    # Each on its own too: builds with CUDA begin these with TF32, whatever the one above says.
    backends.cudnn.conv.fp32_precision = "ieee"
    backends.cudnn.rnn.fp32_precision = "ieee"
    backends.cudnn.deterministic = True
    backends.cudnn.benchmark = False
    backends.mkldnn.deterministic = True
    backends.nnpack.set_flags(False)
    backends.cuda.enable_math_sdp(True)
    backends.cuda.enable_flash_sdp(False)
    backends.cuda.enable_mem_efficient_sdp(False)
    backends.cuda.enable_cudnn_sdp(False)


def read_back(torch: ModuleType) -> Switches:
    """Every variable and switch as it stands in this process now, not as it was asked for."""
    numpy_core: Any = import_module("numpy._core._multiarray_umath")
    features: dict[str, bool] = numpy_core.__cpu_features__
    backends = torch.backends
    smallest = torch.tensor([5e-324], dtype=torch.float64)
    switches: Switches = {f"env.{name}": os.environ.get(name) for name in (*SEALED["standard"], *UNSET)}
    switches |= {
        "python.hash_randomization": bool(sys.flags.hash_randomization),
        "numpy.dispatch": ",".join(name for name in numpy_core.__cpu_dispatch__ if features.get(name)),
        "torch.deterministic_algorithms": torch.are_deterministic_algorithms_enabled(),
        "torch.deterministic_warn_only": torch.is_deterministic_algorithms_warn_only_enabled(),
        "torch.threads": torch.get_num_threads(),
        "torch.default_dtype": str(torch.get_default_dtype()),
        "torch.keeps_subnormals": bool((smallest * 1.0).item() > 0.0),
        "torch.cpu_capability": backends.cpu.get_cpu_capability(),
        "torch.fp32_precision": backends.fp32_precision,
        "torch.cudnn.conv.fp32_precision": backends.cudnn.conv.fp32_precision,
        "torch.cudnn.rnn.fp32_precision": backends.cudnn.rnn.fp32_precision,
        "torch.cuda.matmul.fp32_precision": backends.cuda.matmul.fp32_precision,
        "torch.mkldnn.matmul.fp32_precision": backends.mkldnn.matmul.fp32_precision,
        "torch.cudnn.deterministic": backends.cudnn.deterministic,
        "torch.cudnn.benchmark": backends.cudnn.benchmark,
        "torch.mkldnn.deterministic": backends.mkldnn.deterministic,
        "torch.nnpack": torch._C._get_nnpack_enabled(),
        "torch.sdp.math": backends.cuda.math_sdp_enabled(),
        "torch.sdp.flash": backends.cuda.flash_sdp_enabled(),
        "torch.sdp.mem_efficient": backends.cuda.mem_efficient_sdp_enabled(),
        "torch.sdp.cudnn": backends.cuda.cudnn_sdp_enabled(),
    }
    return switches


def required_switches(numerics: NumericsName = "standard") -> Switches:
    """What :func:`read_back` must say for a run in these ``numerics`` to start."""
    everywhere = _ANYWHERE | _X86 if ON_X86 else _ANYWHERE
    required: Switches = {f"env.{name}": value for name, value in everywhere.items()}
    required |= {f"env.{name}": None for name in UNSET}
    required |= {
        "python.hash_randomization": False,
        "torch.deterministic_algorithms": True,
        "torch.deterministic_warn_only": False,
        "torch.threads": 1,
        "torch.default_dtype": "torch.float64",
        "torch.keeps_subnormals": True,
        "torch.fp32_precision": "ieee",
        "torch.cudnn.conv.fp32_precision": "ieee",
        "torch.cudnn.rnn.fp32_precision": "ieee",
        "torch.cuda.matmul.fp32_precision": "ieee",
        "torch.mkldnn.matmul.fp32_precision": "ieee",
        "torch.cudnn.deterministic": True,
        "torch.cudnn.benchmark": False,
        "torch.mkldnn.deterministic": True,
        "torch.nnpack": False,
        "torch.sdp.math": True,
        "torch.sdp.flash": False,
        "torch.sdp.mem_efficient": False,
        "torch.sdp.cudnn": False,
    }
    if ON_X86:
        required |= {"numpy.dispatch": "X86_V3", "torch.cpu_capability": "AVX2"}
    if numerics == "order_free":
        required = {name: value for name, value in required.items() if name not in _INSTRUCTIONS}
    return required


def check_switches(found: Switches, numerics: NumericsName = "standard") -> None:
    """Raise :class:`kpi.errors.Refused` naming every switch that is not as required."""
    required = required_switches(numerics)
    wrong = [(name, value, found.get(name)) for name, value in required.items() if found.get(name) != value]
    if not wrong:
        return
    zh = ";".join(f"{name} 应为 {value!r}，实际为 {real!r}" for name, value, real in wrong)
    en = "; ".join(f"{name} should be {value!r} but reads {real!r}" for name, value, real in wrong)
    raise refuse(
        f"确定性开关未生效，拒绝运行：{zh}。请用 python -m forecast 启动，不要在其他程序里直接调用。",
        f"the deterministic switches are not in force, so the run is refused: {en}. "
        "Start it by python -m forecast, not from inside another program.",
    )


def enforce(torch: ModuleType, numerics: NumericsName) -> Switches:
    """Apply all switches, read them back, and return them; raises Refused when one that counts did not take."""
    apply_switches(torch)
    found = read_back(torch)
    check_switches(found, numerics)
    return found
