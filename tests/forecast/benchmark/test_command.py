import json
from pathlib import Path

import pytest

from forecast.commands import main
from forecast.simple.methods import SIMPLE
from tests.forecast.benchmark.files import Levels, entrant_rows, panel_rows, peer_rows, stored


@pytest.fixture(autouse=True)
def _elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("SCORECAST_LANGUAGE", "en")
    stored(panel_rows(), tmp_path / "panel.parquet")
    stored(entrant_rows(), tmp_path / "entrants.parquet")
    stored(peer_rows(), tmp_path / "peers.parquet")
    # Loading the shipped one needs a sealed process; tests/forecast/test_commands.py has those.
    monkeypatch.setattr("forecast.commands.benchmark.shipped", lambda *_: Levels(0.025, 0.1, 0.5, 0.9, 0.975))


def test_everybody_stands_in_one_table(capsys: pytest.CaptureFixture[str]) -> None:
    files = ("--entrants", "entrants.parquet", "--peers", "peers.parquet")

    assert main(["benchmark", "--data", "panel.parquet", *files, "--json"]) == 0

    answer = json.loads(capsys.readouterr().out)
    rows = {row["name"]: row for row in answer["rows"]}
    assert set(rows) == {*SIMPLE, "scorecast", "submission-Naive2", "Peer"}
    assert rows["submission-Naive2"]["owa"] == 1.0
    assert rows["Peer"]["cpu_seconds"] == 3.0
    assert set(rows["Peer"]["coverage"]) == set(rows["scorecast"]["coverage"]) == {"80", "95"}
    assert (answer["series"], answer["horizon"], answer["judged_by"]) == (6, 8, "test")


def test_without_entrants_our_own_naive2_is_the_base(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["benchmark", "--data", "panel.parquet", "--sample", "2", "--last", "12", "--validate", "--json"]) == 0

    answer = json.loads(capsys.readouterr().out)
    assert (answer["base"], answer["series"], answer["last"], answer["judged_by"]) == ("naive2", 2, 12, "validation")
    assert {row["name"]: row["owa"] for row in answer["rows"]}["naive2"] == 1.0


def test_the_table_says_what_it_judges(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    assert main(["benchmark", "--data", "panel.parquet"]) == 0
    english = capsys.readouterr().out
    monkeypatch.setenv("SCORECAST_LANGUAGE", "zh")
    assert main(["benchmark", "--data", "panel.parquet"]) == 0
    chinese = capsys.readouterr().out

    assert english.startswith("6 series, 8 quarters ahead, all of the history, judged by the test values")
    assert chinese.startswith("6 个序列，预测 8 个季度，使用全部历史，以检验值评判")
    assert len(english.splitlines()) == len(chinese.splitlines()) == 3 + len(SIMPLE)


def test_forecasts_of_the_test_part_cannot_be_validated(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["benchmark", "--data", "panel.parquet", "--peers", "peers.parquet", "--validate"]) == 2

    assert "leave them out" in capsys.readouterr().err


def test_two_methods_of_one_name_are_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    stored(entrant_rows(method="theta"), tmp_path / "entrants.parquet")

    assert main(["benchmark", "--data", "panel.parquet", "--entrants", "entrants.parquet"]) == 2

    assert "theta is there twice" in capsys.readouterr().err


def test_series_that_never_move_have_no_scaled_figures(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    stored(panel_rows().assign(y=5.0), tmp_path / "panel.parquet")

    assert main(["benchmark", "--data", "panel.parquet", "--json"]) == 0

    answer = json.loads(capsys.readouterr().out)
    assert answer["unmeasured"] == 6
    assert {(row["smape"], row["mase"], row["owa"]) for row in answer["rows"] if row["name"] in SIMPLE} == {
        (0.0, None, None)
    }
