"""A store with one approved snapshot and one run on record, whose passport holds its inputs; nothing is trained."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from sqlalchemy import insert

from forecast.inputs import RunInputs
from forecast.ledger import Ledger
from forecast.past import KPI_FORECASTS, SCORE_FORECASTS
from forecast.records import KpiForecast, RunRecord, RunState
from forecast.results import kpi_csv, score_csv
from forecast.zipped import pack
from kpi.catalogue.load import load_catalogue
from kpi.scorecard.load import load_template_named
from kpi.scorecard.results import Window
from kpi.settings import DATA, Settings
from kpi.store import Store, open_store
from kpi.store.forecast_tables import journal
from tests.forecast.company import SCORECARD, Done, Installation, install
from tests.report.pack.builders import NOON

RUN_ID = "7f" * 32


@dataclass(frozen=True)
class Company:
    """The data directory and what is in it."""

    data_dir: Path
    run: RunRecord

    @property
    def settings(self) -> Settings:
        return Settings(data_dir=self.data_dir, scorecard=SCORECARD, language="en")

    def store(self) -> Store:
        return open_store(self.settings.store_url)

    def forge(self) -> None:
        """Put a line into the ledger that does not follow the one before it."""
        store = self.store()
        with store.writing("forger") as write:
            write.connection.execute(insert(journal).values(id=2, line="2\tforged"))
        store.close()

    def report(self, *arguments: str, **environment: str) -> Done:
        """``python -m report`` in a process of its own."""
        with Installation(self.data_dir, environment).start("-m", "report", *arguments) as process:
            out, err = process.communicate(timeout=120)
        return Done(process.returncode, out, err)


def company(data_dir: Path) -> Company:
    """Made anew in ``data_dir``."""
    install(data_dir)
    store = open_store(Settings(data_dir=data_dir).store_url)
    inputs = inputs_of(store)
    forecasts = [forecast(entry.kpi) for entry in inputs.template.entries]
    passport, seal = write_passport(data_dir / "passport.zip", inputs, forecasts)
    begun = RunRecord(
        run_id=RUN_ID,
        snapshot_id=1,
        state=RunState.RUNNING,
        progress=0.0,
        started_at=NOON,
        started_by="li",
        numerics="order_free",
        device="cpu",
    )
    done = begun.model_copy(
        update={
            "state": RunState.DONE,
            "progress": 1.0,
            "finished_at": NOON,
            "weights_digest": "1" * 64,
            "forecast_digest": "2" * 64,
            "passport": str(passport),
            "seal": seal,
        }
    )
    ledger = Ledger(store)
    ledger.begin_run(begun)
    ledger.finish_run(RUN_ID, done, forecasts, [])
    store.close()
    return Company(data_dir, done)


def inputs_of(store: Store) -> RunInputs:
    organisation, catalogue = store.organisation(), load_catalogue(DATA / "catalogue")
    assert organisation is not None
    template = load_template_named(SCORECARD, DATA / "scorecards", catalogue)
    return RunInputs.of(store.snapshot_rows(1), organisation, catalogue, template, Settings().calendar)


def write_passport(path: Path, inputs: RunInputs, forecasts: Iterable[KpiForecast] = ()) -> tuple[Path, str]:
    """A passport of inputs and forecasts alone, and its seal."""
    files = {f"inputs/{name}": content for name, content in inputs.files().items()}
    files |= {KPI_FORECASTS: kpi_csv(forecasts).encode(), SCORE_FORECASTS: score_csv(()).encode()}
    sums = {name: sha256(content).hexdigest() for name, content in files.items()}
    manifest = json.dumps({"files": sums, "identity": inputs.digests}).encode()
    path.write_bytes(pack(files | {"manifest.json": manifest}))
    return path, sha256(manifest).hexdigest()


def forecast(kpi: str) -> KpiForecast:
    return KpiForecast.model_validate(
        {"kpi": kpi, "org_unit": "head_office", "period": "2026Q4", "window": Window.YEAR}
        | {"p10": 1.0, "p50": 2.0, "p90": 3.0, "chance": 0.25, "green": 0.25, "amber": 0.25, "red": 0.5}
    )
