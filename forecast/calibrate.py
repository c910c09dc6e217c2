"""Predicted quantiles around a median, widened or narrowed by how past ones held, and read at any probability.

Quantiles are handled as offsets from the median, (..., quantile), in units of scale. Portable to the bit.
"""

from collections.abc import Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

from forecast.windows import Floats, Mask, Windows

# The factor counts as much as if so many more origins had shown predicted widths to be right.
TRUSTED_ORIGINS: Final = 4
_NARROWEST = 2.0**-20  # half width, in units of scale

Integers = NDArray[np.int64]


def offsets_of(predicted: Floats) -> Floats:
    """Predicted quantiles less their median."""
    middle = predicted.shape[-1] // 2
    offsets: Floats = predicted - predicted[..., middle : middle + 1]
    return offsets


def plain_offsets(levels: Sequence[float], horizon: int) -> Floats:
    """(horizon, quantile) for a series too short for the network: heavy tails, wider with the root of time.

    Student's t with two degrees of freedom, whose quantile is ``(2 p - 1) / sqrt(2 p (1 - p))``.
    """
    level = np.array(levels)
    shape = (2.0 * level - 1.0) / np.sqrt(2.0 * level * (1.0 - level))
    offsets: Floats = np.sqrt(np.arange(1.0, horizon + 1.0))[:, None] * shape
    return offsets


def factors(windows: Windows, median: Floats, offsets: Floats, known: Mask, levels: Sequence[float]) -> Floats:
    """(horizon, pair): what to multiply the two half widths of each pair of levels by, the outermost pair first.

    Split conformal prediction, pooled over series: the score of a miss is its size over the predicted half width on
    its side, and the factor is the ``ceil((n + 1) * coverage)``-th smallest of n scores, the largest where there are
    not so many. It is shrunk towards 1 by :data:`TRUSTED_ORIGINS`, because series share the shocks of an origin.
    Source: Romano, Patterson and Candes (2019), with scaled instead of shifted intervals.
    """
    pairs = len(levels) // 2
    result = np.ones((median.shape[1], pairs))
    miss = windows.target - median
    for pair in range(pairs):
        share = levels[-1 - pair] - levels[pair]
        upper = np.maximum(offsets[:, :, -1 - pair], _NARROWEST)
        lower = np.maximum(-offsets[:, :, pair], _NARROWEST)
        scores = np.maximum(miss / upper, -miss / lower)
        for ahead in range(median.shape[1]):
            there = known[:, ahead]
            found = np.sort(scores[there, ahead])
            if len(found):
                origins = len(set(windows.origin[there].tolist()))
                factor = found[_rank(len(found), share) - 1]
                result[ahead, pair] = (origins * factor + TRUSTED_ORIGINS) / (origins + TRUSTED_ORIGINS)
    return result


def _rank(count: int, share: float) -> int:
    millionths = round(share * 1_000_000)
    return min(count, -(-(count + 1) * millionths // 1_000_000))


def scaled(offsets: Floats, factor: Floats) -> Floats:
    """``offsets`` (row, horizon, quantile) times ``factor``; an outer level is never nearer than an inner one."""
    result = offsets.copy()
    pairs = factor.shape[1]
    for pair in range(pairs - 1, -1, -1):
        for side, beside in ((pair, pair + 1), (-1 - pair, -2 - pair)):
            result[:, :, side] = offsets[:, :, side] * factor[:, pair]
            further = np.minimum if side == pair else np.maximum
            result[:, :, side] = further(result[:, :, side], result[:, :, beside])
    return result


def _knots(levels: Sequence[float], quantiles: Floats) -> tuple[Floats, Floats]:
    """Levels and quantiles with the two ends: beyond the outermost levels the last piece goes on at its slope."""
    level = np.array([0.0, *levels, 1.0])
    ends = []
    for first, second in ((0, 1), (-1, -2)):
        reach = level[0 if first == 0 else -1] - levels[first]
        gap = levels[first] - levels[second] if len(levels) > 1 else 1.0
        step = quantiles[..., first] - quantiles[..., second if len(levels) > 1 else first]
        ends.append(quantiles[..., first] + step * (reach / gap))
    return level, np.concatenate([ends[0][..., None], quantiles, ends[1][..., None]], axis=-1)


def at_probabilities(levels: Sequence[float], quantiles: Floats, probabilities: Floats) -> Floats:
    """(probability, ...): the quantile function of each row of ``quantiles`` (..., quantile), linear between levels."""
    level, knots = _knots(levels, quantiles)
    parts = []
    for probability in probabilities.tolist():
        piece = min(int((level <= probability).sum()) - 1, len(level) - 2)
        share = (probability - level[piece]) / (level[piece + 1] - level[piece])
        parts.append(knots[..., piece] + (knots[..., piece + 1] - knots[..., piece]) * share)
    return np.stack(parts)


def position(levels: Sequence[float], quantiles: Floats, values: Floats) -> Floats:
    """(...): the probability at which each value stands, 0 to 1; the inverse of :func:`at_probabilities`."""
    level, knots = _knots(levels, quantiles)
    piece = np.clip((knots <= values[..., None]).sum(-1) - 1, 0, len(level) - 2)[..., None]
    low, high = (np.take_along_axis(knots, piece + step, -1)[..., 0] for step in (0, 1))
    share = np.clip((values - low) / np.where(high > low, high - low, 1.0), 0.0, 1.0)
    below, above = level[piece[..., 0]], level[piece[..., 0] + 1]
    found: Floats = below + (above - below) * share
    return found
