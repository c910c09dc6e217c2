"""Train every network family, and one on simulated series, on foreign processors and compare the bytes.

``make test-portability`` runs it.

x86-64 processors of several generations and a 64-bit Arm processor are emulated by qemu-user; the Arm one runs its own
wheels of numpy and of another torch release. Needs Debian or Ubuntu with the right to install packages, or qemu-user
installed already; what it fetches lies in ``.portability/``. Prints a table; the exit code is 1 when a byte differs.
"""

import json
import os
import platform
import shutil
import subprocess
import sys
import time
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PLACE = ROOT / ".portability"
FAMILIES = ("mlp", "tcn", "gru", "transformer", "simulated")
X86 = {
    "Nehalem": "x86-64 with SSE4.2 (Nehalem)",
    "SandyBridge": "x86-64 with AVX (Sandy Bridge)",
    "Haswell": "x86-64 with AVX2 (Haswell)",
    "EPYC": "x86-64 with AVX2, of another maker (EPYC)",
}
ARM_TORCH = "2.8.0"
# A Python of its own and what it, numpy and torch are linked against.
ARM_PACKAGES = (
    "libc6",
    "libgcc-s1",
    "libstdc++6",
    "libgomp1",
    "libexpat1",
    "libffi8",
    "zlib1g",
    "libbz2-1.0",
    "liblzma5",
    "libuuid1",
    "libsqlite3-0",
    "libssl3",
    "libpython3.11-minimal",
    "libpython3.11-stdlib",
    "python3.11-minimal",
)
ARM_WHEELS = (f"torch=={ARM_TORCH}", "numpy==2.4.6")
ANY_WHEELS = ("typing_extensions", "sympy", "mpmath", "filelock", "fsspec", "jinja2", "MarkupSafe", "networkx")


@dataclass(frozen=True)
class Machine:
    """A processor, real or emulated, and how to start Python on it."""

    name: str
    python: tuple[str, ...]
    environment: dict[str, str] = field(default_factory=dict)


def main() -> int:
    """Run all machines one after another and print how they compare with this one."""
    _need_qemu()
    rows, expected = [], {}
    for machine in _machines():
        started = time.monotonic()
        answer = _train(machine)
        expected = expected or answer["digests"]
        agreed = [family for family in FAMILIES if answer["digests"].get(family) == expected[family]]
        rows.append((machine.name, answer["versions"], len(agreed)))
        took = time.monotonic() - started
        print(f"{machine.name}: {len(agreed)} of {len(FAMILIES)} families agree ({took:.0f} s)", flush=True)
    today = datetime.now(UTC).date()
    print("\n| machine | software | families that agree | seen |\n| --- | --- | --- | --- |")
    for name, versions, agreed in rows:
        print(f"| {name} | {versions} | {agreed} of {len(FAMILIES)} | {today} |")
    return 0 if all(agreed == len(FAMILIES) for _, _, agreed in rows) else 1


_PROGRAM = """
import contextlib, io, json, platform, sys
import numpy, torch
from tests.forecast.golden import main
said = io.StringIO()
with contextlib.redirect_stdout(said):
    main([sys.argv[1]])
versions = f"torch {torch.__version__}, numpy {numpy.__version__}, Python {platform.python_version()}"
print(json.dumps({"digests": json.loads(said.getvalue()), "versions": versions}))
"""


def _train(machine: Machine) -> dict[str, object]:
    command = [*machine.python, "-c", _PROGRAM, ",".join(FAMILIES)]
    done = subprocess.run(
        command, cwd=ROOT, env=os.environ | machine.environment, capture_output=True, text=True, check=False
    )
    if done.returncode:
        print(f"{machine.name}: exit code {done.returncode}\n{done.stderr}", file=sys.stderr)
        return {"digests": {}, "versions": "did not run"}
    answer: dict[str, object] = json.loads(done.stdout.splitlines()[-1])
    return answer


def _machines() -> Iterator[Machine]:
    yield Machine(f"this one ({platform.machine()}, {_processor()})", (sys.executable,))
    if platform.machine() == "x86_64":
        for model, name in X86.items():
            yield Machine(f"{name}, emulated", ("qemu-x86_64", "-cpu", model, sys.executable))
    yield _arm()


def _processor() -> str:
    lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    return next((line.partition(":")[2].strip() for line in lines if line.startswith("model name")), "unknown")


def _arm() -> Machine:
    """A 64-bit Arm machine: Debian's Python and libraries, and wheels for it, unpacked beside each other."""
    system, wheels = PLACE / "arm64", PLACE / "wheels-arm64"
    if not (PLACE / "complete").exists():
        shutil.rmtree(PLACE, ignore_errors=True)
        _fetch_packages(system)
        _fetch_wheels(wheels)
        (PLACE / "complete").touch()
    python = ("qemu-aarch64", "-L", str(system), str(system / "usr/bin/python3.11"))
    found = {"PYTHONHOME": str(system / "usr"), "PYTHONPATH": f"{wheels}:{ROOT}"}
    return Machine("64-bit Arm (Cortex-A), emulated", python, found)


def _fetch_packages(system: Path) -> None:
    """Debian's packages of the other architecture, fetched beside those of this system and only unpacked."""
    lists, archives = PLACE / "lists", PLACE / "archives"
    for folder in (lists / "partial", archives, system):
        folder.mkdir(parents=True)
    foreign = ["-oAPT::Architecture=arm64", "-oAPT::Architectures=arm64", f"-oDir::State::Lists={lists}"]
    # The sandbox's user may not write below a folder that belongs to somebody else.
    foreign.append("-oAPT::Sandbox::User=root")
    _do(["apt-get", *foreign, "-qq", "update"])
    _do(["apt-get", *foreign, "-qq", "download", *ARM_PACKAGES], archives)
    for archive in sorted(archives.glob("*.deb")):
        _do(["dpkg-deb", "--extract", str(archive), str(system)])


def _fetch_wheels(place: Path) -> None:
    fetched = PLACE / "fetched"
    pip = [sys.executable, "-m", "pip", "download", "-q", "--no-deps", "--only-binary=:all:", "-d", str(fetched)]
    for_arm = ["--python-version", "3.11", "--implementation", "cp"]
    for version in ("2_28", "2_27", "2_17"):
        for_arm += ["--platform", f"manylinux_{version}_aarch64"]
    for_arm += ["--platform", "manylinux2014_aarch64"]
    _do([*pip, *for_arm, *ARM_WHEELS, *ANY_WHEELS])
    for wheel in sorted(fetched.glob("*.whl")):
        with zipfile.ZipFile(wheel) as archive:
            archive.extractall(place)


def _need_qemu() -> None:
    if shutil.which("qemu-aarch64") and shutil.which("qemu-x86_64"):
        return
    if not shutil.which("apt-get") or os.geteuid() != 0:
        sys.exit("qemu-user is missing: install it (Debian, Ubuntu: apt-get install qemu-user) and try again.")
    _do(["apt-get", "-qq", "update"])
    _do(["apt-get", "-qq", "install", "-y", "--no-install-recommends", "qemu-user"])


def _do(command: Sequence[str], folder: Path | None = None) -> None:
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    if done.returncode:
        sys.exit(f"{' '.join(command)}\n{done.stdout}{done.stderr}")


if __name__ == "__main__":
    sys.exit(main())
