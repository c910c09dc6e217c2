from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from forecast.benchmark.panel import read_panel
from forecast.benchmark.sample import sample
from kpi.errors import Refused
from tests.forecast.benchmark.files import panel_rows, stored, value


@given(st.lists(st.text(max_size=3), unique=True, min_size=1), st.integers(1, 50), st.randoms())
def test_a_sample_depends_on_the_ids_alone(ids: list[str], count: int, random: "object") -> None:
    chosen = sample(ids, count)

    assert sample([*reversed(ids), ids[0]], count) == chosen
    assert len(chosen) == min(count, len(ids))
    assert set(chosen) <= set(ids)


def test_a_sample_is_spread_over_all_ids() -> None:
    assert sample("ABCDEFGHIJ", 3) == ("A", "D", "G")
    assert sample("BA", None) == ("A", "B")
    with pytest.raises(ValueError, match="at least one"):
        sample("AB", 0)


def test_forecasters_see_the_training_part_and_are_judged_by_the_test_part(tmp_path: Path) -> None:
    shuffled = panel_rows().sample(frac=1.0, random_state=1)

    panel = read_panel(stored(shuffled, tmp_path / "panel.parquet"))

    assert panel.ids == tuple("ABCDEF")
    assert panel.values[2].tolist() == [value(2, index) for index in range(24)]
    assert panel.actual[2].tolist() == [value(2, index) for index in range(24, 32)]
    assert panel.present.all()


def test_validation_never_meets_a_test_value(tmp_path: Path) -> None:
    rows = panel_rows()
    rows.loc[rows["split"] == "test", "y"] = -1e9

    panel = read_panel(stored(rows, tmp_path / "panel.parquet"), validate=True)

    assert panel.values[2].tolist() == [value(2, index) for index in range(16)]
    assert panel.actual[2].tolist() == [value(2, index) for index in range(16, 24)]


def test_a_short_history_is_judged_on_the_scale_of_the_whole_one(tmp_path: Path) -> None:
    path = stored(panel_rows(), tmp_path / "panel.parquet")

    short, whole = read_panel(path, last=6), read_panel(path)

    assert (short.values == whole.values[:, -6:]).all()
    assert (short.scale == whole.scale).all()


def test_shorter_series_are_padded_on_the_left_and_gaps_stay_gaps(tmp_path: Path) -> None:
    rows = panel_rows(2)
    left_out = (rows["unique_id"] == "B") & rows["ds_index"].isin([0, 1, 2, 10])

    panel = read_panel(stored(rows[~left_out], tmp_path / "panel.parquet"))

    assert np.flatnonzero(~panel.present[1]).tolist() == [0, 1, 2, 10]
    assert panel.values[1, 10] == 0.0


def spoilt(column: str, cell: object) -> pd.DataFrame:
    rows = panel_rows().astype({column: object})
    rows.loc[40, column] = cell
    return rows.infer_objects()


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        (panel_rows().drop(columns="split"), "lacks split"),
        (spoilt("y", float("nan")), "y of series B is nan"),
        (spoilt("split", "future"), "split is 'future'"),
        (spoilt("ds_index", 7), "unique_id B, ds_index 7 is there twice"),
        (spoilt("unique_id", None), "no unique_id"),
        (panel_rows().iloc[:-1], "7 to 8"),
        (panel_rows().replace({"ds_index": {31: 99}}), "series A"),
        (panel_rows().assign(y="x"), "not a finite number"),
        (panel_rows().iloc[:0], "has no rows"),
    ],
)
def test_what_does_not_fit_is_refused_with_its_place(rows: pd.DataFrame, said: str, tmp_path: Path) -> None:
    with pytest.raises(Refused, match=said):
        read_panel(stored(rows, tmp_path / "panel.parquet"))


def test_a_file_that_is_not_parquet_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "panel.parquet"
    path.write_text("unique_id,ds_index,y,split")

    with pytest.raises(Refused, match=r"panel\.parquet as Parquet"):
        read_panel(path)
    with pytest.raises(Refused, match="nothing"):
        read_panel(tmp_path / "nothing")
