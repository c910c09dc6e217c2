"""A panel whose futures are known: what forecasters see, and what they are judged by."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from forecast.benchmark.files import check_numbers, check_once, read_columns
from forecast.benchmark.sample import sample
from forecast.metrics import seasonal_scale
from forecast.windows import Floats, Mask
from kpi.errors import refuse

_COLUMNS = ("unique_id", "ds_index", "y", "split")


@dataclass(frozen=True)
class BenchmarkPanel:
    """Series in ascending order of id; ``values`` and ``present`` (series, quarters), 0.0 where nothing is present.

    The newest quarter is the last column and ``actual`` (series, horizon) comes right after it. ``scale`` (series,) is
    the seasonal one of the whole history, also where only the end of it may be seen: so figures stay comparable.
    """

    ids: tuple[str, ...]
    values: Floats
    present: Mask
    actual: Floats
    scale: Floats

    @property
    def horizon(self) -> int:
        """Quarters ahead."""
        return int(self.actual.shape[1])


def read_panel(path: Path, count: int | None = None, last: int | None = None, validate: bool = False) -> BenchmarkPanel:
    """Read unique_id, ds_index (position in the series), y, split (train or test) and take ``count`` of the series.

    With ``validate`` the test values are forgotten and as many at the end of each training part take their place, so
    that choices can be made without a look at the test. ``last`` shows forecasters only the newest so many quarters.
    Raises Refused, naming the series, for what does not fit together.
    """
    rows = read_columns(path, _COLUMNS)
    rows = rows[rows["unique_id"].isin(sample(rows["unique_id"], count))]
    check_numbers(path, rows, ("ds_index", "y"))
    check_once(path, rows, ("unique_id", "ds_index"))
    _check_split(path, rows)
    rows = rows.sort_values(["unique_id", "ds_index"])
    train, test = rows[rows["split"] == "train"], rows[rows["split"] == "test"]
    horizon = _horizon(path, rows, test)
    if validate:
        ahead = _from_end(train)
        train, test = train[ahead >= horizon], train[ahead < horizon]
    return _arrays(path, train, test, horizon, last)


def _check_split(path: Path, rows: Any) -> None:  # pandas is not typed, here and below
    other = rows[~rows["split"].isin(("train", "test"))]
    if len(other):
        found = other["split"].iloc[0]
        raise refuse(
            f"{path}:split 应为 train 或 test，而不是“{found}”。", f"{path}: split is {found!r}: train or test."
        )


def _horizon(path: Path, rows: Any, test: Any) -> int:
    """The one number of test values of every series. Raises Refused when they differ."""
    counts = test.groupby("unique_id").size().reindex(rows["unique_id"].unique(), fill_value=0)
    if counts.empty or counts.min() != counts.max() or counts.max() == 0:
        raise refuse(
            f"{path}:每个序列需要同样多的 test 值，现在从 {counts.min()} 到 {counts.max()} 个不等。",
            f"{path}: every series needs the same number of test values; they have {counts.min()} to {counts.max()}.",
        )
    return int(counts.max())


def _from_end(rows: Any) -> Any:
    """How many positions before the last one of its series each row stands."""
    return rows.groupby("unique_id")["ds_index"].transform("max") - rows["ds_index"]


def _arrays(path: Path, train: Any, test: Any, horizon: int, last: int | None) -> BenchmarkPanel:
    ids = tuple(test["unique_id"].unique())
    ends = train.groupby("unique_id")["ds_index"].max().reindex(ids)
    ahead = (test["ds_index"] - test["unique_id"].map(ends)).to_numpy()
    wrong = ahead != np.tile(np.arange(1, horizon + 1), len(ids))
    if wrong.any():
        series = test["unique_id"].to_numpy()[wrong][0]
        raise refuse(
            f"{path}:序列 {series} 的训练值之后没有紧接着 {horizon} 个检验值。",
            f"{path}: in series {series} the values that are judged are not the {horizon} right after the known ones.",
        )
    back = _from_end(train).to_numpy()
    quarters = int(back.max()) + 1
    row = np.searchsorted(np.array(ids), train["unique_id"].to_numpy(str))
    values, present = np.zeros((len(ids), quarters)), np.zeros((len(ids), quarters), dtype=np.bool_)
    values[row, quarters - 1 - back] = train["y"].to_numpy(np.float64)
    present[row, quarters - 1 - back] = True
    seen = slice(-last if last else None, None)
    actual = test["y"].to_numpy(np.float64).reshape(len(ids), horizon)
    return BenchmarkPanel(ids, values[:, seen], present[:, seen], actual, seasonal_scale(values, present))
