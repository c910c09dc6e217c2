"""A company in a store with a finished run, whose passport holds no more than scenarios read."""

import json
import shutil
import zipfile
from datetime import datetime, timedelta
from hashlib import sha256
from pathlib import Path

from forecast.inputs import model_digest
from forecast.ledger import Ledger
from forecast.records import KpiForecast, RunRecord
from kpi.catalogue.load import load_catalogue
from kpi.facts import canonical_decimal
from kpi.periods import Period
from kpi.scorecard.load import load_templates
from kpi.scorecard.results import Window
from kpi.settings import DATA
from kpi.store import Store, open_store
from tests.forecast.builders import LAST, organisation
from tests.forecast.company import SCORECARD, facts, install
from tests.forecast.test_ledger import DONE, RUN

HORIZON = 5


def write_passport(path: Path, table: str) -> str:
    """A passport with this table of forecasts; its seal."""
    catalogue = load_catalogue(DATA / "catalogue")
    parts = {
        "catalogue": catalogue,
        "template": load_templates(DATA / "scorecards", catalogue)[SCORECARD],
        "organisation": organisation(),
    }
    manifest = {
        "identity": {name: model_digest(part) for name, part in parts.items()},
        "files": {"results/forecast.csv": sha256(table.encode()).hexdigest()},
    }
    content = json.dumps(manifest)
    path.parent.mkdir(parents=True, exist_ok=True)
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("manifest.json", content)
        archive.writestr("results/forecast.csv", table)
    return sha256(content.encode()).hexdigest()


def as_last_year(percent: int = 100) -> str:
    """Every coming quarter as the same one of the year before, times ``percent``."""
    lines = ["component,org_unit,quarter,method,p10,p50,p90"]
    known = {(fact.key.measure, fact.key.org_unit, fact.key.period): fact.value for fact in facts()}
    for measure, unit in dict.fromkeys((measure, unit) for measure, unit, _ in known):
        for ahead in range(1, HORIZON + 1):
            quarter = LAST.shift(ahead)
            value = known[measure, unit, quarter.shift(-4 if ahead < 5 else -8)] * percent / 100
            text = canonical_decimal(value)
            lines.append(f"{measure},{unit},{quarter},network,{text},{text},{text}")
    return "\n".join(lines) + "\n"


def finish(store: Store, data_dir: Path, letter: str = "a", percent: int = 100, later: int = 0) -> RunRecord:
    """A finished run of the newest snapshot."""
    path = data_dir / "runs" / letter / "passport.zip"
    seal = write_passport(path, as_last_year(percent))
    snapshot = store.latest_snapshot()
    assert snapshot is not None
    own: dict[str, str | int | datetime] = {"run_id": letter * 64, "snapshot_id": snapshot.id}
    own["started_at"] = RUN.started_at + timedelta(hours=later)
    done = DONE.model_copy(update={**own, "passport": str(path), "seal": seal})
    ledger = Ledger(store)
    ledger.begin_run(RUN.model_copy(update=own))
    row = KpiForecast(
        kpi="combined_ratio",
        org_unit="beijing",
        period=Period.quarter(2026, 4),
        window=Window.YEAR,
        p10=0.9,
        p50=1.0,
        p90=1.1,
        chance=0.25,
    )
    ledger.finish_run(done.run_id, done, [row], [])
    return done


def install_with_run(data_dir: Path) -> Store:
    """The company with one snapshot and a forecast of it."""
    install(data_dir)
    store = open_store(f"sqlite:///{data_dir.resolve() / 'scorecast.sqlite'}")
    finish(store, data_dir)
    return store


def copied(installed: Path, data_dir: Path) -> Store:
    """The same company in a folder of its own."""
    shutil.copytree(installed, data_dir, dirs_exist_ok=True)
    store = open_store(f"sqlite:///{data_dir.resolve() / 'scorecast.sqlite'}")
    ledger = Ledger(store)
    for run in ledger.runs():
        place = data_dir / Path(run.passport).relative_to(installed)
        ledger.move_passport(run.model_copy(update={"passport": str(place)}))
    return store
