"""A second run of the demo company beside the first: a corrected fact, another target, another configuration."""

import os
import shutil
import subprocess
import sys
from collections.abc import Mapping

from forecast.ledger import Ledger
from forecast.records import RunState
from kpi.settings import DATA, ROOT
from kpi.store import open_store
from tests.e2e.site import Site, store_url
from tests.kpi.intake.builders import workbook

HEADINGS = ("KPI", "Org unit", "Period", "Scenario", "Unit", "Value")
CORRECTED = ("Standard premium", "Beijing branch", "2026Q2", "actual", "yuan", 420_000_000)
BEFORE, AFTER = 'target: "0.84"', 'target: "0.86"'
"""The target of the 13-month premium persistency."""


def two_runs(site: Site, settings: Mapping[str, str], split: bool = False) -> tuple[str, str]:
    """Both runs, by the beginnings of their ids; ``split`` leaves their moves split by cause, too."""
    scorecards, book = site.data_dir / "scorecards", site.data_dir / "corrected.xlsx"
    shutil.copytree(DATA / "scorecards", scorecards)
    balanced = scorecards / "balanced.yaml"
    text = balanced.read_text(encoding="utf-8")
    assert text.count(BEFORE) == 1
    balanced.write_text(text.replace(BEFORE, AFTER), encoding="utf-8")
    book.write_bytes(workbook(HEADINGS, CORRECTED))
    own = dict(settings) | {"SCORECAST_SCORECARDS_DIR": str(scorecards), "SCORECAST_FORECAST_SAMPLES": "200"}
    command(site, own, "kpi", "load", str(book))
    command(site, own, "kpi", "approve", "7", "--reason", "a correction")
    command(site, own, "forecast", "run")
    old, new = done_runs(site)
    if split:
        command(site, own, "forecast", "compare", old, new, "--split")
    return old, new


def done_runs(site: Site) -> list[str]:
    """The finished runs, the first one first."""
    runs = Ledger(open_store(store_url(site.data_dir))).runs()
    return [run.run_id[:16] for run in runs if run.state is RunState.DONE]


def command(site: Site, settings: Mapping[str, str], *arguments: str) -> None:
    """``python -m`` with ``arguments``, on the data of the site."""
    environment = os.environ | {"SCORECAST_DATA_DIR": str(site.data_dir)} | dict(settings)
    done = subprocess.run(
        [sys.executable, "-m", *arguments], cwd=ROOT, env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
