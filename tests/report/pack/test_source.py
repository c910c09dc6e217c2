"""What a pack is made of: the sealed passport of a run and nothing that was changed since."""

from pathlib import Path

import pytest
from sqlalchemy import update

from forecast.inputs import RunInputs
from forecast.past import KPI_FORECASTS, KPI_RECORD, SCORE_FORECASTS, kpi_forecasts, score_forecasts
from forecast.results import kpi_csv, score_csv
from kpi.errors import Refused
from kpi.scorecard.results import Window
from kpi.store.forecast_tables import forecast_run, forecast_value
from kpi.text import LANGUAGES
from report.pack.build import build
from report.pack.pages import page_codes
from report.pack.source import Asked, LedgerRewritten, Sealed, Source, read_results, read_source
from tests.report.pack.builders import score_forecast
from tests.report.pack.company import RUN_ID, Company, company, forecast, inputs_of, write_passport

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Company:
    return company(tmp_path_factory.mktemp("company"))


def read(made: Company, asked: Asked | None = None) -> Source:
    store = made.store()
    try:
        return read_source(store, made.settings, asked or Asked())
    finally:
        store.close()


def test_the_newest_snapshot_is_shown_with_its_run_at_the_head_office(made: Company) -> None:
    source = read(made)
    assert (source.snapshot.id, source.run and source.run.run_id) == (1, RUN_ID)
    assert (source.org_unit, str(source.quarter)) == ("head_office", "2026Q3")
    assert source.head is not None
    assert source.head.number == 1
    assert source.digests["facts"] == source.snapshot.content_hash


def test_a_run_is_named_by_the_beginning_of_its_id(made: Company) -> None:
    assert read(made, Asked(run=RUN_ID[:6])).run == made.run


@pytest.mark.parametrize(
    ("asked", "words"),
    [
        (Asked(run="00"), RUN_ID[:16]),
        (Asked(snapshot=9), "9"),
        (Asked(org_unit="mars"), "beijing"),
        (Asked(quarter="2031Q1"), "2020Q1"),
        (Asked(quarter="now"), "2026Q3"),
    ],
)
def test_what_is_not_there_is_refused_with_what_there_is(made: Company, asked: Asked, words: str) -> None:
    with pytest.raises(Refused) as refusal:
        read(made, asked)
    for language in LANGUAGES:
        assert words in refusal.value.in_(language)


def test_definitions_that_changed_since_the_run_change_nothing_in_its_pack(made: Company) -> None:
    before = read(made)
    after = read_source(made.store(), made.settings.model_copy(update={"scorecard": "balanced"}), Asked())
    pages = page_codes(before.inputs.template)
    assert build(after, pages, "en", {}).hash == build(before, pages, "en", {}).hash


def test_a_passport_that_is_gone_or_not_the_sealed_one_makes_no_pack(tmp_path: Path) -> None:
    made = company(tmp_path)
    store = made.store()
    inputs = inputs_of(store)
    store.close()
    other = RunInputs.of(inputs.rows[1:], inputs.organisation, inputs.catalogue, inputs.template, inputs.calendar)
    write_passport(Path(made.run.passport), other)
    with pytest.raises(Refused, match="not the one that the ledger has sealed"):
        read(made)
    Path(made.run.passport).write_bytes(b"PK no zip")
    with pytest.raises(Refused, match="cannot be read"):
        read(made)
    Path(made.run.passport).unlink()
    with pytest.raises(Refused, match="cannot be read"):
        read(made)


def test_what_is_printed_is_what_the_passport_holds_whatever_the_store_has(tmp_path: Path) -> None:
    made = company(tmp_path)
    before = read(made)
    code = before.inputs.template.entries[0].kpi
    assert before.outlook(code).landing(before.quarter) == forecast(code)
    store = made.store()
    with store.writing("forger") as write:
        write.connection.execute(update(forecast_value).values(p50=99.0))
    store.close()
    assert read(made).forecasts == before.forecasts


@pytest.mark.parametrize("name", ["weights_digest", "forecast_digest", "seal"])
def test_a_run_whose_digests_are_not_those_of_the_ledger_makes_no_pack(tmp_path: Path, name: str) -> None:
    made = company(tmp_path)
    store = made.store()
    with store.writing("forger") as write:
        write.connection.execute(update(forecast_run).values({name: "0" * 64}))
    store.close()
    with pytest.raises(Refused) as refusal:
        read(made)
    assert "other digests than the ledger" in refusal.value.in_("en")
    assert "与账本不符" in refusal.value.in_("zh")


def test_forecasts_are_read_from_a_passport_to_the_last_bit() -> None:
    rows = [forecast("a"), forecast("b").model_copy(update={"p50": 0.1 + 0.2, "chance": None})]
    scores = [score_forecast("total", "small", Window.YEAR)]
    assert kpi_forecasts(kpi_csv(rows).encode()) == rows
    assert score_forecasts(score_csv(scores).encode()) == scores
    assert kpi_forecasts(kpi_csv(rows).encode(), "beijing") == []


@pytest.mark.parametrize("name", [KPI_FORECASTS, SCORE_FORECASTS, KPI_RECORD])
def test_a_passport_whose_tables_are_of_another_form_is_refused_and_no_trace(made: Company, name: str) -> None:
    tables = {KPI_FORECASTS: kpi_csv(()).encode(), SCORE_FORECASTS: score_csv(()).encode(), KPI_RECORD: b""}
    strange = tables | {name: b"kpi,org_unit,strange\na,head_office,1\n"}
    store = made.store()
    sealed = Sealed(inputs_of(store), {}, strange)
    store.close()
    with pytest.raises(Refused, match="tables that cannot be read"):
        read_results(made.run, sealed, "head_office")


def test_a_ledger_that_was_rewritten_stops_every_pack(tmp_path: Path) -> None:
    made = company(tmp_path)
    made.forge()
    with pytest.raises(LedgerRewritten) as found:
        read(made)
    assert "line 2" in found.value.message.en
    assert "第 2 行" in found.value.message.zh
