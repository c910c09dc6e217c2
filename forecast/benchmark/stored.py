"""Forecasts that others made of the same series, from files."""

from pathlib import Path
from typing import Any

import numpy as np

from forecast.benchmark.files import check_numbers, check_once, read_columns
from forecast.benchmark.prediction import INTERVALS, Prediction
from forecast.windows import Floats
from kpi.errors import refuse

_POINTS = "mean"
_ENDS = tuple(f"{end}-{percent}" for percent in INTERVALS for end in ("lo", "hi"))


def read_entrants(path: Path, ids: tuple[str, ...], horizon: int) -> dict[str, Prediction]:
    """Point forecasts in wide form: unique_id, method, F1, F2, ... Raises Refused where one of ``ids`` is missing."""
    steps = tuple(f"F{ahead}" for ahead in range(1, horizon + 1))
    rows = read_columns(path, ("unique_id", "method", *steps))
    rows = _of_these(path, rows, ids)
    check_numbers(path, rows, steps)
    check_once(path, rows, ("method", "unique_id"))
    found = {}
    for name, part in rows.groupby("method", sort=False):
        _check_complete(path, str(name), part["unique_id"], ids)
        found[str(name)] = Prediction(part.set_index("unique_id").loc[list(ids), list(steps)].to_numpy(np.float64))
    return found


def read_peers(path: Path, ids: tuple[str, ...], horizon: int, last: int | None) -> dict[str, Prediction]:
    """What ``scripts/peers.py`` wrote. Raises Refused where a series is missing or the history had another length."""
    columns = ("unique_id", "method", "h", "last", _POINTS, *_ENDS, "cpu_seconds")
    rows = read_columns(path, columns)
    rows = _of_these(path, rows, ids)
    check_numbers(path, rows, columns[2:])
    check_once(path, rows, ("method", "unique_id", "h"))
    rows = rows[rows["h"].between(1, horizon)]
    _check_history(path, rows, last)
    rows = rows.sort_values(["unique_id", "h"])
    found = {}
    for name, part in rows.groupby("method", sort=False):
        counts = part.groupby("unique_id").size()
        _check_complete(path, str(name), counts[counts == horizon].index, ids)
        numbers = {each: _table(part[each], horizon) for each in (_POINTS, *_ENDS)}
        intervals = {percent: (numbers[f"lo-{percent}"], numbers[f"hi-{percent}"]) for percent in INTERVALS}
        spent = float(part["cpu_seconds"].iloc[::horizon].sum())
        found[str(name)] = Prediction(numbers[_POINTS], intervals, spent)
    return found


def _of_these(path: Path, rows: Any, ids: tuple[str, ...]) -> Any:  # pandas is not typed, here and below
    found = rows[rows["unique_id"].isin(ids)]
    if found.empty:
        raise refuse(f"{path} 不含所选的任何序列，如 {ids[0]}。", f"{path} holds none of the series, such as {ids[0]}.")
    return found


def _table(column: Any, horizon: int) -> Floats:
    table: Floats = column.to_numpy(np.float64).reshape(-1, horizon)
    return table


def _check_history(path: Path, rows: Any, last: int | None) -> None:
    other = sorted(set(rows["last"]) - {last or 0})
    if other:
        raise refuse(
            f"{path} 是用 --last {other[0]} 预测的(0 表示全部历史)，这里是 {last or 0}。请用同样的 --last。",
            f"{path} was forecast with --last {other[0]} (0 means the whole history), here it is {last or 0}. "
            "Use the same.",
        )


def _check_complete(path: Path, method: str, there: Any, ids: tuple[str, ...]) -> None:
    missing = sorted(set(ids) - set(there))
    if missing:
        raise refuse(
            f"{path}:{method} 缺少 {len(missing)} 个序列，如 {missing[0]}。请用预测时的 --sample。",
            f"{path}: {method} lacks {len(missing)} of the series, such as {missing[0]}. "
            "Use the --sample that it was made with.",
        )
