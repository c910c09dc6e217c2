import zipfile
from decimal import Decimal
from pathlib import Path

import pytest

from forecast.scenario.medians import read_medians
from kpi.catalogue.load import load_catalogue
from kpi.errors import Refused
from kpi.periods import Period
from kpi.scorecard.load import load_templates
from kpi.settings import DATA
from tests.forecast.builders import organisation
from tests.forecast.company import SCORECARD
from tests.forecast.scenario.company import as_last_year, write_passport
from tests.forecast.test_ledger import DONE

pytestmark = pytest.mark.slow

TABLE = "component,org_unit,quarter,method,p10,p50,p90\nclaims,beijing,2026Q4,network,1,0.1234567890123,9e22\n"


def test_the_medians_are_read_digit_by_digit(tmp_path: Path) -> None:
    seal = write_passport(tmp_path / "p.zip", TABLE)
    found = read_medians(DONE.model_copy(update={"passport": str(tmp_path / "p.zip"), "seal": seal}))

    assert found.values == {"claims": {("beijing", Period.quarter(2026, 4)): Decimal("0.1234567890123")}}


def test_definitions_that_were_changed_since_are_noticed(tmp_path: Path) -> None:
    write_passport(tmp_path / "p.zip", as_last_year())
    found = read_medians(DONE.model_copy(update={"passport": str(tmp_path / "p.zip")}))
    catalogue = load_catalogue(DATA / "catalogue")
    templates = load_templates(DATA / "scorecards", catalogue)

    assert found.made_with(catalogue, templates[SCORECARD], organisation())
    assert not found.made_with(catalogue, templates["balanced"], organisation())


def test_a_passport_that_is_gone_damaged_or_changed_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "p.zip"
    record = DONE.model_copy(update={"passport": str(path)})
    with pytest.raises(Refused, match="cannot be read"):
        read_medians(record)
    path.write_bytes(b"no passport")
    with pytest.raises(Refused, match="cannot be read"):
        read_medians(record)
    write_passport(path, TABLE.replace("0.1234567890123", "plenty"))
    with pytest.raises(Refused, match="cannot be read"):
        read_medians(record)
    seal = write_passport(path, TABLE)
    with pytest.raises(Refused, match="was changed"):
        read_medians(record.model_copy(update={"seal": "0" * 64}))
    with zipfile.ZipFile(path) as archive:
        manifest = archive.read("manifest.json")
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("manifest.json", manifest)
        archive.writestr("results/forecast.csv", TABLE.replace("9e22", "9e23"))
    with pytest.raises(Refused, match="was changed"):
        read_medians(record.model_copy(update={"seal": seal}))
