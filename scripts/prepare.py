"""Make ready what a target of the Makefile needs; standard library only, because nothing is installed yet.

``python3 scripts/prepare.py run`` makes ``.venv`` with requirements.txt; ``test`` adds requirements-dev.txt, a Chromium
with Chinese fonts and the PostgreSQL programs. A step that is already done is not done again.
"""

import hashlib
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable
from ctypes.util import find_library
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
PYTHON = VENV / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
LOCK = ROOT / "requirements.lock"
DEBIAN_PACKAGES = {
    "chromium": lambda: shutil.which("chromium"),
    "fonts-noto-cjk": lambda: Path("/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc").exists(),
    "fonts-noto-color-emoji": lambda: Path("/usr/share/fonts/truetype/noto/NotoColorEmoji.ttf").exists(),
    "libpangoft2-1.0-0": lambda: find_library("pangoft2-1.0"),
    "postgresql": lambda: shutil.which("initdb") or any(Path("/usr/lib/postgresql").glob("*/bin/initdb")),
}


def say(text: str) -> None:
    """Print at once, also into a pipe."""
    print(text, flush=True)


def step(name: str, work: Callable[[], bool]) -> None:
    """Do ``work`` and say how long it took; ``work`` returns False when there was nothing to do."""
    started = time.monotonic()
    done = work()
    say(f"  {name}: {'done' if done else 'already there'} ({time.monotonic() - started:.1f} s)")


def run(*command: str) -> None:
    """Run a command; show its output only when it fails, and stop there."""
    result = subprocess.run(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False)
    if result.returncode:
        say(result.stdout)
        sys.exit(f"This step failed: {' '.join(command)}\nMend what the lines above say, then run the same make again.")


def make_environment() -> bool:
    """A virtual environment beside the code."""
    if PYTHON.exists():
        return False
    run(sys.executable, "-m", "venv", str(VENV))
    return True


def install(requirements: str) -> Callable[[], bool]:
    """Install a requirements file, unless the stamp says that just these lines are installed already."""

    def work() -> bool:
        lines = b"".join((ROOT / name).read_bytes() for name in ("requirements.txt", requirements, LOCK.name))
        stamp = VENV / f".installed-{requirements}"
        digest = hashlib.sha256(lines + sys.version.encode()).hexdigest()
        if stamp.exists() and stamp.read_text() == digest:
            return False
        pip = (str(PYTHON), "-m", "pip", "install", "--quiet", "--disable-pip-version-check")
        run(*pip, "-r", requirements, "-c", LOCK.name)
        stamp.write_text(digest)
        return True

    return work


def install_system_packages() -> bool:
    """Browser, fonts and PostgreSQL for the tests, on Debian and its kin."""
    missing = [name for name, present in DEBIAN_PACKAGES.items() if not present()]
    if not missing:
        return False
    if not shutil.which("apt-get"):
        sys.exit(f"The tests need {', '.join(missing)}: install them with your system's package manager, then again.")
    sudo = () if os.geteuid() == 0 else ("sudo",)
    run(*sudo, "apt-get", "update", "-qq")
    run(*sudo, "env", "DEBIAN_FRONTEND=noninteractive", "apt-get", "install", "-y", "-qq", *missing)
    return True


def main() -> None:
    """Prepare for ``run`` or ``test``."""
    if sys.version_info < (3, 11):  # noqa: UP036  (this file is run by whatever python3 a machine has)
        sys.exit(f"Scorecast needs Python 3.11 or newer; this is {sys.version.split()[0]} ({sys.executable}).")
    started = time.monotonic()
    testing = sys.argv[1:] == ["test"]
    say(f"Preparing Scorecast in {VENV} (the first time takes minutes: the forecaster's library is large)")
    step("virtual environment", make_environment)
    step("dependencies", install("requirements.txt"))
    if testing:
        step("test dependencies", install("requirements-dev.txt"))
        step("browser, fonts, PostgreSQL", install_system_packages)
    say(f"  ready after {time.monotonic() - started:.1f} s")


if __name__ == "__main__":
    main()
