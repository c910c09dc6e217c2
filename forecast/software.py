"""What computes: versions, the wheels they came from, and the machine."""

import csv
import io
import os
import platform
from collections.abc import Iterable
from hashlib import sha256
from importlib.metadata import Distribution, distributions, version
from pathlib import Path

from forecast.draws import VERSION as DRAWS
from kpi.settings import ROOT

LOCK = "requirements.lock"


def software() -> dict[str, str]:
    """Versions of what computes."""
    names = ("torch", "numpy", "pydantic")
    return {"python": platform.python_version(), "draws": DRAWS} | {name: version(name) for name in names}


def machine() -> dict[str, str]:
    """What kind of computer this is."""
    return {
        "system": platform.platform(),
        "architecture": platform.machine(),
        "processor": _processor(),
        "processors": str(os.cpu_count() or ""),
        "libc": "-".join(platform.libc_ver()),
    }


def _processor() -> str:
    try:
        with Path("/proc/cpuinfo").open(encoding="utf-8") as lines:
            return next((line.partition(":")[2].strip() for line in lines if line.startswith("model name")), "")
    except OSError:
        return platform.processor()


def lock_file(root: Path = ROOT) -> bytes:
    """The pinned versions that the code asks for; empty where the file is not there."""
    try:
        return (root / LOCK).read_bytes()
    except FileNotFoundError:
        return b""


def distributions_csv(installed: Iterable[Distribution] | None = None) -> bytes:
    """Every installed distribution: name, version, and the SHA-256 over what its wheel brought.

    That is over the lines ``path,hash`` of its RECORD for files with a hash inside the package folders, sorted: the
    same for everybody who installed the same wheel, whatever an installer wrote beside it.
    """
    found = distributions() if installed is None else installed
    rows = {(each.metadata["Name"].lower(), each.version, _of_wheel(each)) for each in found}
    out = io.StringIO()
    csv.writer(out, lineterminator="\n").writerows([("name", "version", "sha256"), *sorted(rows)])
    return out.getvalue().encode()


def _of_wheel(each: Distribution) -> str:
    """Empty where nothing is recorded, as for what is installed in place."""
    lines = sorted(
        f"{file.as_posix()},{file.hash.mode}={file.hash.value}"
        for file in each.files or ()
        if file.hash is not None and not _of_installer(file.as_posix())
    )
    return sha256("\n".join(lines).encode()).hexdigest() if lines else ""


def _of_installer(path: str) -> bool:
    """Scripts, compiled files and notes are made on the spot and differ from machine to machine."""
    notes = ("INSTALLER", "REQUESTED", "direct_url.json")
    return path.startswith("..") or path.endswith((".pyc", *(f".dist-info/{note}" for note in notes)))
