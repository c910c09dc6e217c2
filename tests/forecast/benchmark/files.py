"""Small files in the forms that the benchmark reads."""

from pathlib import Path

import numpy as np
import pandas as pd

from forecast.windows import Floats, Mask

HORIZON = 8


def value(series: int, index: int) -> float:
    """A season, a trend, and a wobble of its own for each series."""
    return 100.0 + 10 * series + (20.0, 0.0, -15.0, 30.0)[index % 4] + index * series + (index * index * 7) % 11


def panel_rows(series: int = 6, known: int = 24) -> pd.DataFrame:
    """``known`` training values and eight test values for each of A, B, C, ..."""
    rows = [
        (chr(65 + each), index, value(each, index), "train" if index < known else "test")
        for each in range(series)
        for index in range(known + HORIZON)
    ]
    return pd.DataFrame(rows, columns=["unique_id", "ds_index", "y", "split"])


def entrant_rows(series: int = 6, level: float = 120.0, method: str = "submission-Naive2") -> pd.DataFrame:
    """The same level for all."""
    steps = {f"F{ahead}": level for ahead in range(1, HORIZON + 1)}
    return pd.DataFrame([{"unique_id": chr(65 + each), "method": method, **steps} for each in range(series)])


def peer_rows(series: int = 6, last: int = 0) -> pd.DataFrame:
    """One method with intervals of half-width 10 and 20."""
    rows = [
        ("Peer", chr(65 + each), ahead, 120.0, 110.0, 130.0, 100.0, 140.0, 0.5, False, last)
        for each in range(series)
        for ahead in range(1, HORIZON + 1)
    ]
    names = "method unique_id h mean lo-80 hi-80 lo-95 hi-95 cpu_seconds fell_back last"
    return pd.DataFrame(rows, columns=names.split())


def stored(rows: pd.DataFrame, path: Path) -> Path:
    """``rows`` as a Parquet file."""
    rows.to_parquet(path, index=False)
    return path


class Levels:
    """A network that knows nothing: its quantiles are its levels, in thousands."""

    horizon = HORIZON
    context = 40
    digest = ""

    def __init__(self, *levels: float) -> None:
        self.levels = levels

    def quantiles(self, values: Floats, present: Mask) -> Floats:
        return np.broadcast_to(1000 * np.array(self.levels), (len(values), self.horizon, len(self.levels)))
