from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from forecast.benchmark.stored import read_peers
from scripts import peers
from tests.forecast.benchmark.files import panel_rows, stored


class Counted:
    """Stands for statsforecast, which has an environment of its own: each method gives a level of its own."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, int]] = []

    def __call__(self, method: str, values: Any) -> tuple[dict[str, Any], bool]:
        self.asked.append((method, len(values)))
        level = float((*peers.QUICK, *peers.SLOW).index(method))
        return {name: np.full(peers.HORIZON, level) for name in peers.NUMBERS}, method == "AutoCES"


@pytest.fixture
def counted(monkeypatch: pytest.MonkeyPatch) -> Counted:
    stand_in = Counted()
    monkeypatch.setattr(peers, "forecast_one", stand_in)
    return stand_in


def forecast(folder: Path, *more: str) -> pd.DataFrame:
    data = stored(panel_rows(), folder / "panel.parquet")
    peers.work(peers.options([str(data), str(folder / "out.parquet"), *more]))
    return pd.read_parquet(folder / "out.parquet")


def test_each_method_sees_the_end_of_the_training_part(tmp_path: Path, counted: Counted) -> None:
    rows = forecast(tmp_path, "--sample", "2", "--last", "10", "--methods", "AutoETS")

    assert counted.asked == [("AutoETS", 10)] * 2
    assert rows["unique_id"].tolist() == ["A"] * 8 + ["D"] * 8
    assert set(rows["last"]) == {10}


def test_what_is_there_is_not_run_again_and_the_median_follows(tmp_path: Path, counted: Counted) -> None:
    forecast(tmp_path, "--methods", "AutoETS", "SeasonalNaive")
    assert len(counted.asked) == 12
    rows = forecast(tmp_path)

    assert len(counted.asked) == 30
    median = rows[rows["method"] == peers.MEDIAN]
    assert len(median) == 6 * 8
    assert set(median["mean"]) == {2.5}  # of 1, 4, 3, 2
    assert median["fell_back"].all()


def test_the_benchmark_reads_what_is_written(tmp_path: Path, counted: Counted) -> None:
    forecast(tmp_path)

    found = read_peers(tmp_path / "out.parquet", tuple("ABCDEF"), 8, None)

    assert set(found) == {*peers.QUICK, *peers.SLOW, peers.MEDIAN}
    assert (found["AutoARIMA"].point == 4.0).all()


def test_a_file_of_other_series_or_histories_is_not_added_to(tmp_path: Path, counted: Counted) -> None:
    forecast(tmp_path, "--methods", "AutoETS")

    with pytest.raises(SystemExit, match="other series"):
        forecast(tmp_path, "--last", "12")
    with pytest.raises(SystemExit, match="other series"):
        forecast(tmp_path, "--sample", "3")
