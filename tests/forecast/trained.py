"""Golden trainings in fresh processes. Needs only torch and numpy."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any, get_args

from forecast.recipe import Family

ROOT = Path(__file__).resolve().parent.parent.parent
FAMILIES = ",".join((*get_args(Family), "simulated"))


def trained(
    environment: dict[str, str], options: dict[str, Any], *start: str, families: str = FAMILIES
) -> dict[str, tuple[str, str]]:
    """The first digits of the digests by family, trained by ``python START -m tests.forecast.golden``."""
    command = [sys.executable, *start, "-m", "tests.forecast.golden", families, json.dumps(options)]
    done = subprocess.run(command, cwd=ROOT, env=os.environ | environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout.splitlines()[-1])
    return {family: (digests["weights"][:16], digests["forecast"][:16]) for family, digests in found.items()}
