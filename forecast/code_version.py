"""Which code computed: a hash over the sources that a forecast's numbers can depend on."""

import shutil
import subprocess
from functools import cache
from hashlib import sha256
from pathlib import Path

from kpi.settings import ROOT

_FOLDERS = ("forecast", "kpi/catalogue", "kpi/scorecard")
_SINGLE = "kpi"


@cache
def code_hash(root: Path = ROOT) -> str:
    """SHA-256 over names and contents of those sources; line endings count as ``\\n``.

    Intake, store and pages are left out: a number on its way from the snapshot to the forecast never meets them.
    """
    files = [path for folder in _FOLDERS for path in (root / folder).rglob("*.py")]
    files += (root / _SINGLE).glob("*.py")
    hashed = sha256()
    for path in sorted(files, key=lambda path: path.relative_to(root).as_posix()):
        content = path.read_bytes().replace(b"\r\n", b"\n")
        hashed.update(f"{path.relative_to(root).as_posix()}\0{len(content)}\0".encode() + content)
    return hashed.hexdigest()


def git_state(root: Path = ROOT) -> dict[str, str | bool] | None:
    """The commit checked out and whether files differ from it; None outside a repository or without git."""
    git = shutil.which("git")
    if git is None or not (root / ".git").exists():
        return None
    command = [git, "-C", str(root)]
    commit = subprocess.run([*command, "rev-parse", "HEAD"], capture_output=True, text=True, check=False)
    status = subprocess.run([*command, "status", "--porcelain"], capture_output=True, text=True, check=False)
    if commit.returncode or status.returncode:
        return None
    return {"commit": commit.stdout.strip(), "clean": not status.stdout.strip()}
