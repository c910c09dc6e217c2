import zipfile
from pathlib import Path

import pytest

from forecast.nearness import KpiPast
from forecast.past import definitions_of, kpi_past_of
from forecast.record_files import kpi_record_csv
from kpi.periods import Period
from tests.forecast.builders import inputs

CATALOGUE, RECORD = "inputs/catalogue.json", "results/kpi_record.csv"


def passport(folder: Path, content: str, name: str = CATALOGUE) -> Path:
    path = folder / "passport.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr(name, content)
    return path


def test_a_passport_tells_by_which_definitions_its_run_was_made(tmp_path: Path) -> None:
    catalogue = inputs().catalogue

    assert definitions_of(passport(tmp_path, catalogue.model_dump_json())) == catalogue


@pytest.mark.parametrize("content", ["", "{}", "[1"])
def test_a_passport_of_another_form_or_none_tells_nothing(tmp_path: Path, content: str) -> None:
    assert definitions_of(passport(tmp_path, content)) is None
    assert definitions_of(tmp_path / "gone.zip") is None
    (tmp_path / "bytes").write_bytes(b"PK no zip")
    assert definitions_of(tmp_path / "bytes") is None


def test_a_passport_tells_what_was_said_of_each_kpi_a_quarter_before(tmp_path: Path) -> None:
    first, second = (
        KpiPast("loss_ratio", "beijing", Period.quarter(2026, index), 0.5, 0.625, naive)
        for index, naive in ((1, None), (2, 0.75))
    )
    other = KpiPast("premium", "beijing", Period.quarter(2026, 1), 1e9, 2e9, None)

    found = kpi_past_of(passport(tmp_path, kpi_record_csv([first, second, other]), RECORD))

    assert found == {("loss_ratio", "beijing"): (first, second), ("premium", "beijing"): (other,)}


@pytest.mark.parametrize(
    "content", ["kpi,org_unit\na,b\n", "kpi,org_unit,quarter,said,actual,last_year\na,b,2026Q1,,1,\n", "x\n\x00"]
)
def test_a_record_of_another_form_tells_nothing(tmp_path: Path, content: str) -> None:
    assert kpi_past_of(passport(tmp_path, content, RECORD)) is None


def test_a_passport_of_a_time_without_such_a_record_tells_nothing(tmp_path: Path) -> None:
    assert kpi_past_of(passport(tmp_path, "{}")) is None
    assert kpi_past_of(tmp_path / "gone.zip") is None
