import json
from pathlib import Path
from typing import Any

import pytest

from forecast.commands import main
from forecast.ledger import Ledger
from forecast.records import KpiForecast
from kpi.catalogue.load import load_catalogue
from kpi.scorecard.load import load_templates
from kpi.scorecard.panel import Panel
from kpi.scorecard.results import Window
from kpi.scorecard.values import kpi_value
from kpi.settings import DATA
from kpi.store import Store, open_store
from tests.forecast.builders import LAST, UNITS
from tests.forecast.company import SCORECARD, install
from tests.forecast.test_ledger import DONE, RUN

pytestmark = pytest.mark.slow


@pytest.fixture
def store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Store:
    """A company with one approved snapshot, where the commands look for it."""
    for name, value in (("DATA_DIR", str(tmp_path)), ("SCORECARD", SCORECARD), ("LANGUAGE", "en")):
        monkeypatch.setenv(f"SCORECAST_{name}", value)
    install(tmp_path)
    return open_store(f"sqlite:///{tmp_path / 'scorecast.sqlite'}")


def newest(store: Store) -> Panel:
    organisation, catalogue = store.organisation(), load_catalogue(DATA / "catalogue")
    assert organisation is not None
    return Panel.build(
        store.snapshot_rows(1), organisation, catalogue, load_templates(DATA / "scorecards", catalogue)[SCORECARD]
    )


def forecast_the_last_quarter(store: Store) -> float:
    """A run that forecast a value known by now, exactly; what it is."""
    panel = newest(store)
    values = {kpi.code: kpi_value(panel, kpi.code, UNITS[0], LAST) for kpi in panel.catalogue.kpis}
    code, amount = next((code, value.amount) for code, value in values.items() if value.complete and value.amount)
    exact = float(amount)
    row = KpiForecast(
        kpi=code, org_unit=UNITS[0], period=LAST, window=Window.QUARTER, p10=exact - 1, p50=exact, p90=exact + 1
    )
    ledger = Ledger(store)
    ledger.begin_run(RUN)
    ledger.finish_run(RUN.run_id, DONE, [row], [])
    return exact


def said(capsys: pytest.CaptureFixture[str]) -> Any:
    return json.loads(capsys.readouterr().out)


def test_the_record_holds_each_past_forecast_beside_what_came(store: Store, capsys: pytest.CaptureFixture[str]) -> None:
    exact = forecast_the_last_quarter(store)

    assert main(["record", "--json"]) == 0
    (run,) = said(capsys)
    (judged,) = run["forecasts"]

    assert (run["run_id"], run["first"], run["summary"]["judged"], run["summary"]["inside"]) == (
        RUN.run_id,
        str(LAST),
        1,
        1,
    )
    assert float(judged["actual"]) == exact
    assert judged["error"] == pytest.approx(0.0, abs=1e-12)
    assert main(["record"]) == 0
    assert "1 of 1 actual values (100 %) lay between P10 and P90" in capsys.readouterr().out


def test_without_a_finished_run_there_is_nothing_to_say(store: Store, capsys: pytest.CaptureFixture[str]) -> None:
    assert store.latest_snapshot() is not None
    assert main(["record", "--json"]) == 0
    assert said(capsys) == []
    assert main(["record"]) == 0
    assert capsys.readouterr().err == "there is no finished forecast yet.\n"
