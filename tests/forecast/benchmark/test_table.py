from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from forecast.benchmark.panel import BenchmarkPanel, read_panel
from forecast.benchmark.prediction import Prediction, by_method, by_network, measured
from forecast.benchmark.stored import read_entrants, read_peers
from forecast.benchmark.table import as_text, table, unmeasured
from forecast.simple.naive import naive
from kpi.errors import Refused
from tests.forecast.benchmark.files import HORIZON, Levels, entrant_rows, panel_rows, peer_rows, stored

IDS = tuple("ABCDEF")


@pytest.fixture
def panel(tmp_path: Path) -> BenchmarkPanel:
    return read_panel(stored(panel_rows(), tmp_path / "panel.parquet"))


def test_the_base_has_the_weighted_average_one_and_the_best_comes_first(panel: BenchmarkPanel) -> None:
    base, perfect = Prediction(panel.actual + 5.0), Prediction(panel.actual)

    best, other = table({"base": base, "perfect": perfect}, base, panel)

    assert (best.name, best.smape, best.mase, best.owa) == ("perfect", 0.0, 0.0, 0.0)
    assert (other.name, other.owa) == ("base", 1.0)
    assert other.mase == pytest.approx(float((5.0 / panel.scale).mean()))


def test_intervals_are_judged_where_they_are_given(panel: BenchmarkPanel) -> None:
    wide = panel.actual - 1.0, panel.actual + 3.0
    predictions = {"point": Prediction(panel.actual), "wide": Prediction(panel.actual, {80: wide}, 2.5)}

    point, interval = table(predictions, Prediction(panel.actual + 1.0), panel)

    assert (point.coverage, point.msis, point.cpu_seconds) == ({}, {}, None)
    assert interval.coverage == {80: 1.0}
    assert interval.msis[80] == pytest.approx(float((4.0 / panel.scale).mean()))
    assert as_text((point, interval)).splitlines()[2].split() == [
        *("wide", "0.000", "0.000", "0.000", "100.0%", f"{interval.msis[80]:.3f}", "2.50")
    ]


def test_a_series_that_repeats_itself_is_left_out_of_scaled_figures_and_counted(panel: BenchmarkPanel) -> None:
    scale = panel.scale.copy()
    scale[0] = np.nan
    without = BenchmarkPanel(panel.ids, panel.values, panel.present, panel.actual, scale)

    (line,) = table({"a": Prediction(panel.actual + 5.0)}, Prediction(panel.actual + 5.0), without)

    assert unmeasured(without) == 1
    assert line.mase == pytest.approx(float((5.0 / scale[1:]).mean()))


def test_a_simple_method_is_measured(panel: BenchmarkPanel) -> None:
    prediction = measured(by_method(naive), panel.values, panel.present, HORIZON)

    assert (prediction.point == naive(panel.values, panel.present, HORIZON)).all()
    assert prediction.cpu_seconds is not None


def test_a_network_gives_its_median_and_the_intervals_that_it_has(panel: BenchmarkPanel) -> None:
    prediction = by_network(Levels(0.1, 0.5, 0.9))(panel.values, panel.present, 3)

    assert prediction.point.shape == (6, 3)
    assert (prediction.point == 500.0).all()
    assert list(prediction.intervals) == [80]
    assert [float(end[0, 0]) for end in prediction.intervals[80]] == [100.0, 900.0]
    assert list(by_network(Levels(0.025, 0.1, 0.5, 0.9, 0.975))(panel.values, panel.present, 8).intervals) == [80, 95]


def test_a_network_with_a_shorter_horizon_is_refused(panel: BenchmarkPanel) -> None:
    with pytest.raises(Refused, match="9 quarters ahead"):
        by_network(Levels(0.5))(panel.values, panel.present, 9)


def test_stored_forecasts_come_in_the_order_of_the_panel(tmp_path: Path) -> None:
    rows = entrant_rows()
    rows["F2"] = np.arange(6.0)
    shuffled = pd.concat([rows.iloc[::-1], entrant_rows(method="other")])

    found = read_entrants(stored(shuffled, tmp_path / "entrants.parquet"), ("B", "D"), HORIZON)

    assert list(found) == ["submission-Naive2", "other"]
    assert found["submission-Naive2"].point[:, 1].tolist() == [1.0, 3.0]


def test_peers_bring_intervals_and_their_time(tmp_path: Path) -> None:
    shuffled = peer_rows().sample(frac=1.0, random_state=1)

    peer = read_peers(stored(shuffled, tmp_path / "peers.parquet"), ("A", "C", "F"), HORIZON, None)["Peer"]

    assert peer.point.shape == (3, HORIZON)
    assert [float(end[0, 0]) for end in (*peer.intervals[80], *peer.intervals[95])] == [110.0, 130.0, 100.0, 140.0]
    assert peer.cpu_seconds == 1.5


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda rows: rows[rows["unique_id"] != "C"], "lacks 1 of the series, such as C"),
        (lambda rows: rows.iloc[:-1], "lacks 1 of the series, such as F"),
        (lambda rows: rows.assign(last=16), "--last 16"),
        (lambda rows: rows.assign(unique_id="Z"), "none of the series, such as A"),
        (lambda rows: rows.replace({"mean": {120.0: np.inf}}), "mean of series A is inf"),
        (lambda rows: pd.concat([rows, rows]), "h 1 is there twice"),
    ],
)
def test_peers_that_do_not_fit_are_refused(
    change: Callable[[pd.DataFrame], pd.DataFrame], said: str, tmp_path: Path
) -> None:
    path = stored(change(peer_rows()), tmp_path / "peers.parquet")

    with pytest.raises(Refused, match=said):
        read_peers(path, IDS, HORIZON, None)
