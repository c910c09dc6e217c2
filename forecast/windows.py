"""What the network sees of a series at one origin: scale-free features, and the base that it corrects.

Only + - * / and comparisons are used, which IEEE 754 defines to the last bit; no logarithms, no powers.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

SEASON = 4
SHORTEST = 2 * SEASON  # points a series needs before the network forecasts it
_CLIP = 30.0

Floats = NDArray[np.float64]
Mask = NDArray[np.bool_]
Integers = NDArray[np.int64]


@dataclass(frozen=True)
class Windows:
    """Rows (window); ``base`` (window, horizon) is the seasonal naive forecast, ``scale`` (window,) its usual miss.

    ``target`` is ``(future - base) / scale``, 0 where ``target_present`` is False. ``moves`` is False for a series that
    never changed inside its context, ``usable`` for one with too few points there.
    """

    series: Integers
    origin: Integers
    features: Floats
    base: Floats
    scale: Floats
    target: Floats
    target_present: Mask
    moves: Mask
    usable: Mask

    def take(self, rows: Mask) -> "Windows":
        """The rows where ``rows`` is True."""
        return Windows(**{name: getattr(self, name)[rows] for name in self.__dataclass_fields__})


def feature_count(context: int, horizon: int) -> int:
    """Length of a feature row."""
    return 4 * context + horizon + SEASON + 1


def build_windows(values: Floats, present: Mask, origins: range, context: int, horizon: int, end: int) -> Windows:
    """Windows of all series at all ``origins`` (index of the newest known quarter).

    No target at index ``end`` or later is shown: that is how a cut in time keeps the future out.
    """
    parts = [_at_origin(values, present, origin, context, horizon, end) for origin in origins]
    joined = {name: np.concatenate([getattr(part, name) for part in parts]) for name in Windows.__dataclass_fields__}
    return Windows(**joined)


def _column(values: Floats, present: Mask, index: int) -> tuple[Floats, Mask]:
    """Column ``index``, all missing when it lies outside."""
    if 0 <= index < values.shape[1]:
        return values[:, index], present[:, index]
    return np.zeros(len(values)), np.zeros(len(values), dtype=np.bool_)


def _stack(values: Floats, present: Mask, indices: list[int]) -> tuple[Floats, Mask]:
    columns = [_column(values, present, index) for index in indices]
    return np.stack([value for value, _ in columns], 1), np.stack([there for _, there in columns], 1)


def masked_mean(values: Floats, present: Mask) -> Floats:
    """Mean over axis 1 of what is present; 0 where nothing is. Added from left to right, the same everywhere."""
    total = np.zeros(len(values))
    for column in np.where(present, values, 0.0).T:
        total = total + column
    mean: Floats = total / np.maximum(present.sum(1), 1)
    return mean


def latest(values: Floats, present: Mask) -> Floats:
    """The newest present value of each row, 0 where there is none."""
    found = values[:, 0] * 0.0
    for index in range(values.shape[1]):
        found = np.where(present[:, index], values[:, index], found)
    return found


def seasonal_naive(values: Floats, present: Mask, origin: int, horizon: int) -> Floats:
    """(series, horizon): the newest known value of the same season, else the newest value of any."""
    known, there = values[:, : origin + 1], present[:, : origin + 1]
    last = latest(known, there)
    columns = []
    for ahead in range(1, horizon + 1):
        same = list(range((origin + ahead) % SEASON, origin + 1, SEASON))
        best = last
        for index in same:
            best = np.where(there[:, index], known[:, index], best)
        columns.append(best)
    return np.stack(columns, 1)


def _at_origin(values: Floats, present: Mask, origin: int, context: int, horizon: int, end: int) -> Windows:
    indices = list(range(origin - context + 1, origin + 1))
    seen, there = _stack(values, present, indices)
    year_ago, there_year_ago = _stack(values, present, [index - SEASON for index in indices])
    quarter_ago, there_quarter_ago = _stack(values, present, [index - 1 for index in indices])
    by_year, both_years = seen - year_ago, there & there_year_ago
    by_quarter, both_quarters = seen - quarter_ago, there & there_quarter_ago
    level = masked_mean(np.abs(seen), there)
    yearly, quarterly = masked_mean(np.abs(by_year), both_years), masked_mean(np.abs(by_quarter), both_quarters)
    scale = np.where(both_years.sum(1) >= SEASON, yearly, np.maximum(yearly, quarterly))
    moves = (yearly > 0.0) | (quarterly > 0.0)
    scale = np.maximum(scale, level * 2.0**-10)
    scale = np.where(scale > 0.0, scale, 1.0)[:, None]
    base = seasonal_naive(values, present, origin, horizon)
    last = latest(seen, there)[:, None]
    season = np.zeros((len(values), SEASON))
    season[:, origin % SEASON] = 1.0
    ratio = level[:, None] / scale
    features = np.concatenate(
        [
            np.where(both_years, np.clip(by_year / scale, -_CLIP, _CLIP), 0.0),
            both_years.astype(np.float64),
            np.where(there, np.clip((seen - last) / scale, -_CLIP, _CLIP), 0.0),
            there.astype(np.float64),
            np.clip((base - last) / scale, -_CLIP, _CLIP),
            season,
            ratio / (1.0 + ratio),
        ],
        axis=1,
    )
    ahead = list(range(origin + 1, origin + 1 + horizon))
    future, future_there = _stack(values, present, ahead)
    future_there = future_there & (np.array(ahead) < end)
    target = np.where(future_there, np.clip((future - base) / scale, -_CLIP, _CLIP), 0.0)
    count = len(values)
    return Windows(
        series=np.arange(count, dtype=np.int64),
        origin=np.full(count, origin, dtype=np.int64),
        features=features,
        base=base,
        scale=scale[:, 0],
        target=target,
        target_present=future_there,
        moves=moves,
        usable=present[:, : origin + 1].sum(1) >= SHORTEST,
    )
