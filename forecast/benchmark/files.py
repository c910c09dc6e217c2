"""Parquet in, with a refusal that says what is wrong with it."""

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from pyarrow.lib import ArrowException

from kpi.errors import refuse


def read_columns(path: Path, columns: tuple[str, ...]) -> Any:  # pandas is not typed
    """A data frame with just these columns, unique_id as text. Raises Refused when the file or one isn't there."""
    try:
        rows = pd.read_parquet(path)
    except (OSError, ArrowException, ValueError) as problem:
        raise refuse(
            f"无法读取 Parquet 文件 {path}:{problem}", f"cannot read {path} as Parquet: {problem}"
        ) from problem
    missing = [name for name in columns if name not in rows.columns]
    if missing:
        wanted, found = ", ".join(columns), ", ".join(str(name) for name in rows.columns)
        raise refuse(
            f"{path} 缺少列 {', '.join(missing)}。需要：{wanted}；现有：{found}。",
            f"{path} lacks {', '.join(missing)}. It needs {wanted}; it has {found}.",
        )
    if rows.empty:
        raise refuse(f"{path} 没有数据行。", f"{path} has no rows.")
    if rows["unique_id"].isna().any():
        raise refuse(f"{path}:有的行没有 unique_id，请补上。", f"{path}: some rows have no unique_id. Fill it in.")
    return rows[list(columns)].assign(unique_id=rows["unique_id"].astype(str))


def check_numbers(path: Path, rows: Any, columns: tuple[str, ...]) -> None:
    """Raises Refused where one of these columns holds something other than finite numbers."""
    for name in columns:
        numeric = rows[name].dtype.kind in "iuf"
        wrong = ~np.isfinite(rows[name].to_numpy(np.float64)) if numeric else np.ones(len(rows), dtype=np.bool_)
        if wrong.any():
            row = rows[wrong].iloc[0]
            raise refuse(
                f"{path}:序列 {row['unique_id']} 的 {name} 为“{row[name]}”，应为有限的数值。",
                f"{path}: {name} of series {row['unique_id']} is {row[name]}, which is not a finite number.",
            )


def check_once(path: Path, rows: Any, keys: tuple[str, ...]) -> None:
    """Raises Refused where a combination of ``keys`` comes twice."""
    twice = rows.duplicated(list(keys))
    if twice.any():
        row = rows[twice].iloc[0]
        place = ", ".join(f"{key} {row[key]}" for key in keys)
        raise refuse(f"{path}:{place} 出现了两次，请只留一次。", f"{path}: {place} is there twice. Keep one.")
