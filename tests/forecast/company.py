"""A small company in a store, for the command line: two branches, real catalogue, a few years of quarters."""

import json
import os
import subprocess
import sys
from dataclasses import dataclass, field
from decimal import Decimal
from hashlib import sha256
from pathlib import Path
from typing import Any

from forecast.series import needed_components
from kpi.catalogue.load import load_catalogue
from kpi.facts import CellOfOrigin, Fact, FactKey, Scenario
from kpi.periods import quarter_range
from kpi.scorecard.load import load_templates
from kpi.settings import DATA, ROOT
from kpi.store import open_store
from tests.forecast.builders import FIRST, LAST, UNITS, amount, organisation

SCORECARD = "finance_ministry"
_BOOK = b"figures"
_COMPONENTS = 10
# A fraction of the default training.
_SMALL = {"STEPS": "40", "CHECK_EVERY": "20", "SAMPLES": "100"}


@dataclass(frozen=True)
class Installation:
    """A data directory; ``forecast`` runs the command line of the ``code`` on it in a fresh process."""

    data_dir: Path
    environment: dict[str, str] = field(default_factory=dict)
    code: Path = ROOT

    @property
    def settings(self) -> dict[str, str]:
        """What its processes get: nothing of the settings of whoever runs the tests."""
        own = {name: value for name, value in os.environ.items() if not name.startswith("SCORECAST_")}
        own |= {"SCORECAST_DATA_DIR": str(self.data_dir), "SCORECAST_SCORECARD": SCORECARD}
        own |= {f"SCORECAST_FORECAST_{name}": value for name, value in _SMALL.items()}
        return own | {"SCORECAST_LANGUAGE": "en", "PYTHONIOENCODING": "utf-8"} | self.environment

    def start(self, *command: str) -> "subprocess.Popen[str]":
        """``python`` with these arguments."""
        pipe = subprocess.PIPE
        return subprocess.Popen(
            [sys.executable, *command], cwd=self.code, env=self.settings, stdout=pipe, stderr=pipe, text=True
        )

    def forecast(self, *arguments: str) -> "Done":
        """``python -m forecast`` with these arguments, to its end."""
        with self.start("-m", "forecast", *arguments) as process:
            out, err = process.communicate(timeout=120)
        return Done(process.returncode, out, err)


@dataclass(frozen=True)
class Done:
    """How a process ended and what it said."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:  # whatever the command documents
        """The one document on standard output."""
        assert self.out, self.err
        return json.loads(self.out)


def install(data_dir: Path) -> Installation:
    """A store with the organisation and one approved snapshot."""
    made = Installation(data_dir)
    store = open_store(f"sqlite:///{data_dir.resolve() / 'scorecast.sqlite'}")
    store.save_organisation(organisation(), "li", "start")
    record, _ = store.keep_workbook(_BOOK, "figures.xlsx", "li")
    upload = store.record_check(record.sha256, facts(), [], "li")
    store.approve(upload.id, "wang", "quarter end")
    store.close()
    return made


def facts() -> list[Fact]:
    """Seasonal growing figures of some of the components that the scorecard needs."""
    catalogue = load_catalogue(DATA / "catalogue")
    template = load_templates(DATA / "scorecards", catalogue)[SCORECARD]
    needed = sorted(c for c in needed_components(catalogue, template) if not catalogue.component[c].derived_from)
    found = []
    for rank, measure in enumerate(needed[:_COMPONENTS]):
        for branch, unit in enumerate(UNITS):
            for position, quarter in enumerate(quarter_range(FIRST, LAST)):
                value = amount(position, 1_000_000 * (rank + 1), 2 + rank + branch)
                about = FactKey(measure=measure, org_unit=unit, period=quarter, scenario=Scenario.ACTUAL)
                origin = CellOfOrigin(
                    workbook=sha256(_BOOK).hexdigest(), sheet=measure, cell=f"B{position + 2}", text=str(value)
                )
                found.append(Fact(key=about, value=Decimal(value), origin=origin))
    return found
