import zipfile
from pathlib import Path

import pytest

from forecast.past import definitions_of
from tests.forecast.builders import inputs


def passport(folder: Path, content: str) -> Path:
    path = folder / "passport.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("inputs/catalogue.json", content)
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
