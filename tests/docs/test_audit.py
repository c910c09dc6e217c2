"""The walk of ``docs/audit.md``, command by command, as an auditor would type it."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from kpi.settings import ROOT
from tests.forecast.test_verify_command import clone

pytestmark = pytest.mark.slow
PAGE = (ROOT / "docs" / "audit.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"^```bash\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A clean copy of the code, with the demo company in it."""
    code = clone(tmp_path_factory.mktemp("audit"))
    bash(code, "python -m kpi.demo load")
    return code


def bash(place: Path, commands: str) -> str:
    """What a shell says that stops at the first command that fails; ``python`` is the one of these tests."""
    own = {name: value for name, value in os.environ.items() if not name.startswith("SCORECAST_")}
    own |= {"PATH": f"{Path(sys.executable).parent}{os.pathsep}{own['PATH']}", "SCORECAST_LANGUAGE": "en"}
    shell = ["bash", "-euo", "pipefail", "-c", commands]
    done = subprocess.run(shell, cwd=place, env=own, capture_output=True, text=True, check=False)
    assert done.returncode == 0, f"{commands}\n{done.stdout}\n{done.stderr}"
    return done.stdout


def test_every_command_of_the_walk_does_what_the_page_says(place: Path) -> None:
    copied, traced, opened, signed, repeated, vouched, ledger = (bash(place, block) for block in BLOCKS)

    assert copied == ""
    assert "Data!H55  “6496.37”  万元 -> 元  the cell says so" in traced
    assert "the cell says otherwise" not in traced
    assert "manifest.json: OK" in opened
    assert "Signature Verified Successfully" in signed
    assert len(re.findall(r"^EXACT", repeated, re.MULTILINE)) == 3
    assert len(re.findall(r"^  EXACT", repeated, re.MULTILINE)) == 3
    assert len(re.findall(r"^EXACT", vouched, re.MULTILINE)) == 2
    assert "signed after a rerun  key auditor" in vouched
    lines = (place / "audit" / "ledger.txt").read_text(encoding="utf-8").splitlines()
    assert f"{len(lines)} · " in ledger
    assert lines[1].split("\t")[-1] in ledger


def test_its_pictures_and_links_are_there() -> None:
    for target in re.findall(r"\]\(([^)#:]+)\)", PAGE):
        assert (ROOT / "docs" / target).exists(), target
