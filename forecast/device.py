"""Which device computes, and why."""

import re
from dataclasses import dataclass
from pathlib import Path

import torch

from kpi.errors import refuse
from kpi.text import Text


@dataclass(frozen=True, slots=True)
class Device:
    """``name`` is torch's spelling (``cpu``, ``cuda:0``); ``kind`` enters a run's identity, ``facts`` its passport."""

    name: str
    reason: Text
    facts: dict[str, str]

    @property
    def kind(self) -> str:
        """``cpu`` or ``cuda``."""
        return self.name.partition(":")[0]


def choose_device(wanted: str, worker: int = 0) -> Device:
    """The device for ``auto``, ``cpu``, ``cuda`` or ``cuda:N``. Raises Refused for what is misspelt or not there.

    Without a number the ``worker`` of that number on this machine takes the GPU of its number, going round.
    """
    count = torch.cuda.device_count() if torch.cuda.is_available() else 0
    match = re.fullmatch(r"auto|cpu|cuda(?::(?P<index>\d+))?", wanted)
    if not match:
        raise refuse(
            f"不认识设备“{wanted}”,请写 auto、cpu、cuda 或 cuda:0。",
            f"there is no device called {wanted!r}: write auto, cpu, cuda or cuda:0.",
        )
    if wanted == "cpu":
        return Device("cpu", Text(zh="按要求使用 CPU。", en="The CPU, as asked for."), {})
    if wanted == "auto" and count == 0:
        return Device("cpu", Text(zh="没有可用的 CUDA 设备，使用 CPU。", en="The CPU: no CUDA device was found."), {})
    index = int(match["index"] or (worker % count if count else 0))
    if index >= count:
        raise refuse(
            f"没有设备 cuda:{index}：这里可用的 CUDA 设备有 {count} 个。请改用 --device cpu 或 auto。",
            f"there is no cuda:{index}: {count} CUDA devices were found here. Use --device cpu or auto.",
        )
    facts = _describe_gpu(index)
    why = Text(zh="找到 CUDA 设备", en="a CUDA device was found")
    if wanted != "auto":
        why = Text(zh="按要求使用", en="as asked for")
    name = facts["model"]
    return Device(f"cuda:{index}", Text(zh=f"{why.zh}:{name}。", en=f"cuda:{index} ({name}): {why.en}."), facts)


def await_device(device: str) -> None:
    """Return when all that ``device`` was given to do is done: a GPU works on while the program goes on."""
    if device.startswith("cuda"):
        torch.cuda.synchronize(device)


def _driver() -> str:
    """The first line that the driver says of itself; empty where it says nothing."""
    try:
        return Path("/proc/driver/nvidia/version").read_text(encoding="utf-8").splitlines()[0].strip()
    except (OSError, IndexError):
        return ""


def _describe_gpu(index: int) -> dict[str, str]:
    """What bits on a GPU depend on."""
    about = torch.cuda.get_device_properties(index)
    return {
        "model": str(about.name),
        "memory_bytes": str(about.total_memory),
        "multiprocessors": str(about.multi_processor_count),
        "compute_capability": f"{about.major}.{about.minor}",
        "driver": _driver(),
        "cuda": str(torch.version.cuda),
        "cudnn": str(torch.backends.cudnn.version()),  # type: ignore[no-untyped-call]
    }
