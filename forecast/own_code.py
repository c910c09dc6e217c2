"""The code that made a passport, taken out of this repository's history when the code here is another."""

import json
import os
import shutil
import subprocess
import sys
import tarfile
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from pydantic import ValidationError

from forecast.attest.envelopes import belongs
from forecast.code_version import code_hash
from forecast.determinism import GUARD
from forecast.evidence import Evidence
from forecast.manifest import Manifest
from forecast.verdict import Verification
from forecast.zipped import pack
from kpi.settings import ROOT


@contextmanager
def own_code(manifest: Manifest, root: Path = ROOT) -> Iterator[Path | None]:
    """A folder with the very code of the passport; None when it is not to be had here.

    It is there when the run was made from a commit without changes and this repository's history has that commit.
    """
    git = shutil.which("git")
    if git is None or manifest.git is None or not manifest.git["clean"] or not (root / ".git").exists():
        yield None
        return
    with tempfile.TemporaryDirectory(prefix="scorecast-code-") as name:
        folder = Path(name)
        command = [git, "-C", str(root), "archive", "--format=tar", str(manifest.git["commit"])]
        taken = folder / "code.tar"
        with taken.open("wb") as out:
            done = subprocess.run(command, stdout=out, stderr=subprocess.DEVNULL, check=False)
        if done.returncode:
            yield None
            return
        code = folder / "code"
        with tarfile.open(taken) as archive:
            archive.extractall(code, filter="data")
        yield code if code_hash(code) == manifest.identity.code else None


def unsigned(evidence: Evidence) -> bytes:
    """The passport without what was signed about it later, as every version of the code can read it."""
    return pack({name: content for name, content in evidence.files.items() if not belongs(name)})


def verify_with(code: Path, passport: bytes, *options: str) -> Verification | None:
    """What the code in the folder ``code`` says of ``passport``, in a process of its own; None when it says nothing.

    Its progress goes to standard error.
    """
    place = code.with_name("passport.zip")
    place.write_bytes(passport)
    environment = {name: value for name, value in os.environ.items() if name != GUARD}
    command = [sys.executable, "-m", "forecast", "verify", str(place), "--json", *options]
    done = subprocess.run(command, cwd=code, env=environment, stdout=subprocess.PIPE, check=False)
    return parsed(done.stdout)


def parsed(output: bytes) -> Verification | None:
    """The verification that a process printed; None when it printed none."""
    try:
        return Verification.model_validate(json.loads(output))
    except (ValueError, ValidationError):
        return None
