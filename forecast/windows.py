"""What the network sees of a series at one origin: scale-free features, and the base that it corrects.

Only + - * /, comparisons and square roots are used, which IEEE 754 defines to the last bit; sums run left to right.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

SEASON = 4
SHORTEST = 5  # points a series needs before the network forecasts it
CHANNELS = 4  # rows of ``context`` numbers: to the newest value, whether known, to last year, to the level
BOUND = 32.0  # a power of two that no feature exceeds in magnitude

_FARTHEST = 200.0  # of a target, in units of scale
_SQUASHED = 90.0  # of a feature before it is squashed, which leaves less than BOUND
_FINEST = 2.0**-12  # of the level: the smallest scale
_NOTHING = 2.0**-400  # no amount of anything; dividing by less could overflow
_FINER = 2.0**-8  # of the changes, should all years or all quarters be alike
# What a miss costs: half by the yearly change (as in MASE), half by the level (as in sMAPE), beside its usual size.
_BY_YEAR, _BY_LEVEL, _DEAREST = 1.0 / 1.3, 1.0 / 0.113, 5.0

Floats = NDArray[np.float64]
Mask = NDArray[np.bool_]
Integers = NDArray[np.int64]


@dataclass(frozen=True)
class Windows:
    """Rows (window); ``base`` (window, horizon) lies between the newest value and the seasonal naive forecast.

    ``scale`` (window,) is the usual surprise of a quarter. ``target`` is ``(future - base) / scale``, 0 where
    ``target_present`` is False, and ``cost`` (window,) what a miss of one scale weighs. ``moves`` is False for a series
    that never changed inside its context, ``usable`` for one with too few points there.
    """

    series: Integers
    origin: Integers
    features: Floats
    base: Floats
    scale: Floats
    cost: Floats
    target: Floats
    target_present: Mask
    moves: Mask
    usable: Mask

    def take(self, rows: Mask | Integers) -> "Windows":
        """The rows where ``rows`` is True, or those of these numbers."""
        return Windows(**{name: getattr(self, name)[rows] for name in self.__dataclass_fields__})

    def in_units(self, relative: Floats) -> Floats:
        """(window, horizon) in base units of what is in units of scale around base."""
        found: Floats = self.base + self.scale[:, None] * relative
        return found

    def in_scales(self, units: Floats) -> Floats:
        """The way back from :meth:`in_units`, to rounding."""
        found: Floats = (units - self.base) / self.scale[:, None]
        return found


def feature_count(context: int, horizon: int) -> int:
    """Length of a feature row."""
    return CHANNELS * context + horizon + 3


def build_windows(values: Floats, present: Mask, origins: range, context: int, horizon: int, end: int) -> Windows:
    """Windows of all series at all ``origins`` (index of the newest known quarter).

    No target at index ``end`` or later is shown: that is how a cut in time keeps the future out.
    """
    parts = [_at_origin(values, present, origin, context, horizon, end) for origin in origins]
    joined = {name: np.concatenate([getattr(part, name) for part in parts]) for name in Windows.__dataclass_fields__}
    return Windows(**joined)


def _stretch(values: Floats, present: Mask, first: int, last: int) -> tuple[Floats, Mask]:
    """Quarters ``first`` up to, not with, ``last``; all missing where they lie outside."""
    before, behind = max(0, -first), max(0, last - values.shape[1])
    edges = ((0, 0), (before, behind))
    kept = slice(max(0, first), max(0, min(last, values.shape[1])))
    return np.pad(values[:, kept], edges)[:, : last - first], np.pad(present[:, kept], edges)[:, : last - first]


def masked_mean(values: Floats, present: Mask) -> Floats:
    """Mean over axis 1 of what is present; 0 where nothing is. Added from left to right, the same everywhere."""
    total = np.zeros(len(values))
    for column in np.where(present, values, 0.0).T:
        total = total + column
    mean: Floats = total / np.maximum(present.sum(1), 1)
    return mean


def latest(values: Floats, present: Mask) -> Floats:
    """The newest present value of each row, 0 where there is none."""
    at = values.shape[1] - 1 - np.argmax(present[:, ::-1], axis=1)
    return np.where(present.any(1), values[np.arange(len(values)), at], 0.0)


def seasonal_naive(values: Floats, present: Mask, origin: int, horizon: int) -> Floats:
    """(series, horizon): the newest known value of the same season, else the newest value of any."""
    known, there = values[:, : origin + 1], present[:, : origin + 1]
    last = latest(known, there)
    columns = []
    for ahead in range(1, horizon + 1):
        same = slice((origin + ahead) % SEASON, origin + 1, SEASON)
        found = there[:, same].any(1) if there[:, same].size else np.zeros(len(values), dtype=np.bool_)
        columns.append(np.where(found, latest(known[:, same], there[:, same]), last) if found.any() else last)
    return np.stack(columns, 1)


def squash(values: Floats) -> Floats:
    """Nearly the identity around zero, growing like the square root far out; never beyond :data:`BOUND`."""
    held = np.clip(values, -_SQUASHED, _SQUASHED)
    return held / np.sqrt(1.0 + np.abs(held) * 0.125)


def _at_origin(values: Floats, present: Mask, origin: int, context: int, horizon: int, end: int) -> Windows:
    count = len(values)
    past, past_there = _stretch(values, present, origin - context - SEASON + 1, origin + 1)
    seen, there = past[:, SEASON:], past_there[:, SEASON:]
    by_year, both_years = seen - past[:, :-SEASON], there & past_there[:, :-SEASON]
    by_quarter, both_quarters = seen[:, 1:] - seen[:, :-1], there[:, 1:] & there[:, :-1]
    yearly, quarterly = masked_mean(np.abs(by_year), both_years), masked_mean(np.abs(by_quarter), both_quarters)
    moves = (yearly > 0.0) | (quarterly > 0.0)
    level = masked_mean(np.abs(seen), there)
    newest_level = masked_mean(np.abs(seen[:, -SEASON:]), there[:, -SEASON:])
    level = np.where(there[:, -SEASON:].any(1) & (newest_level > 0.0), newest_level, level)
    known_years, known_quarters = both_years.any(1), both_quarters.any(1)
    yearly, quarterly = np.where(known_years, yearly, 2.0 * quarterly), np.where(known_quarters, quarterly, yearly)
    both = yearly + quarterly
    scale = np.where(both > 0.0, 2.0 * yearly * quarterly / np.where(both > 0.0, both, 1.0), 0.0)
    scale = np.maximum(scale, np.maximum(level * _FINEST, both * _FINER))
    scale = np.where(scale > _NOTHING, scale, 1.0)[:, None]

    squares = quarterly * quarterly + yearly * yearly
    seasonal = np.where(squares > 0.0, quarterly * quarterly / np.where(squares > 0.0, squares, 1.0), 0.5)[:, None]
    last = latest(seen, there)[:, None]
    base = last + seasonal * (seasonal_naive(values, present, origin, horizon) - last)
    features = np.concatenate(
        [
            np.where(there, squash((seen - last) / scale), 0.0),
            there.astype(np.float64),
            np.where(both_years, squash(by_year / scale), 0.0),
            np.where(there, squash((seen - last) * 4.0 / np.maximum(level[:, None], scale * 2.0**-20)), 0.0),
            squash((base - last) / scale),
            seasonal,
            4.0 * scale / (0.05 * level[:, None] + scale),
            np.minimum(yearly, 16.0 * quarterly)[:, None] / np.maximum(quarterly[:, None], scale * 2.0**-20) * 0.125,
        ],
        axis=1,
    )
    features = np.clip(features, -BOUND, BOUND)
    future, future_there = _stretch(values, present, origin + 1, origin + 1 + horizon)
    future_there = future_there & (np.arange(origin + 1, origin + 1 + horizon) < end)
    target = np.where(future_there, np.clip((future - base) / scale, -_FARTHEST, _FARTHEST), 0.0)
    by_change = scale[:, 0] / np.maximum(yearly, scale[:, 0] * 2.0**-10) * _BY_YEAR
    by_level = scale[:, 0] / np.maximum(level, scale[:, 0] * 2.0**-10) * _BY_LEVEL
    return Windows(
        series=np.arange(count, dtype=np.int64),
        origin=np.full(count, origin, dtype=np.int64),
        features=features,
        base=base,
        scale=scale[:, 0],
        cost=np.minimum(by_change + by_level, _DEAREST),
        target=target,
        target_present=future_there,
        moves=moves,
        usable=there.sum(1) >= SHORTEST,
    )
