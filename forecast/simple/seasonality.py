"""Seasonal adjustment as in the M4 benchmarks: only where a test finds a season, by classical decomposition."""

from dataclasses import dataclass

import numpy as np

from forecast.simple.history import values_there
from forecast.windows import SEASON, Floats, Mask, masked_mean

_CRITICAL = 1.645  # of the normal distribution, 90 % on two sides
_FEWEST = 3 * SEASON


@dataclass(frozen=True)
class Adjusted:
    """``values`` (series, quarters) without their season; ``factors`` (series, season) of column ``t % 4``, 1 if none.

    Values that are not present are 0.
    """

    values: Floats
    factors: Floats

    def seasonal(self, forecast: Floats) -> Floats:
        """A forecast (series, horizon) of the adjusted values with its season put back."""
        quarters = self.values.shape[1]
        columns = [(quarters + ahead) % SEASON for ahead in range(forecast.shape[1])]
        return forecast * self.factors[:, columns]


def adjust(values: Floats, present: Mask) -> Adjusted:
    """Divide by the factors of the season where :func:`is_seasonal` says so and every value is above 0."""
    known = values_there(values, present)
    positive = ((known > 0.0) | ~present).all(1)
    factors, complete = _factors(known, present)
    seasonal = is_seasonal(values, present) & positive & complete
    factors = np.where(seasonal[:, None], factors, 1.0)
    columns = [index % SEASON for index in range(values.shape[1])]
    return Adjusted(known / factors[:, columns], factors)


def is_seasonal(values: Floats, present: Mask) -> Mask:
    """Whether the autocorrelation at four quarters is beyond chance, given those at one to three; (series,).

    Bartlett's limit at 90 %, at least three years of values. Over gaps, the products whose two values are there count.
    Source: the M4 benchmarks (Makridakis et al., 2020, appendix).
    """
    count = present.sum(1)
    middle = np.where(present, values - masked_mean(values_there(values, present), present)[:, None], 0.0)
    variance = _lagged_sum(middle, 0)
    safe = np.where(variance > 0.0, variance, 1.0)
    spread = np.ones(len(values))
    for lag in range(1, SEASON):
        correlation = _lagged_sum(middle, lag) / safe
        spread = spread + 2.0 * correlation * correlation
    limit = _CRITICAL * np.sqrt(spread / np.maximum(count, 1))
    yearly = _lagged_sum(middle, SEASON) / safe
    found: Mask = (count >= _FEWEST) & (variance > 0.0) & (np.abs(yearly) > limit)
    return found


def _lagged_sum(middle: Floats, lag: int) -> Floats:
    """The sum over time of products of values ``lag`` quarters apart; a missing value is 0 and adds nothing."""
    total = np.zeros(len(middle))
    for index in range(lag, middle.shape[1]):
        total = total + middle[:, index] * middle[:, index - lag]
    return total


def _factors(values: Floats, present: Mask) -> tuple[Floats, Mask]:
    """The factor of each season (series, season) and whether every season has one.

    Each value over the mean of the year around it (half weight on both ends), averaged by season, the four factors
    then divided by their mean.
    """
    ratios, there = np.zeros_like(values), np.zeros_like(present)
    half = SEASON // 2
    for index in range(half, values.shape[1] - half):
        around = 0.5 * values[:, index - half]
        for near in range(index - half + 1, index + half):
            around = around + values[:, near]
        around = (around + 0.5 * values[:, index + half]) / SEASON
        there[:, index] = present[:, index - half : index + half + 1].all(1) & (around > 0.0)
        ratios[:, index] = values[:, index] / np.where(around > 0.0, around, 1.0)
    seasons = [slice(season, None, SEASON) for season in range(SEASON)]
    means = np.stack([masked_mean(ratios[:, season], there[:, season]) for season in seasons], 1)
    counts = np.stack([there[:, season].sum(1) for season in seasons], 1)
    middle = masked_mean(means, np.ones_like(means, dtype=np.bool_))
    usable = ((counts > 0) & (means > 0.0)).sum(1) == SEASON
    return means / np.where(middle > 0.0, middle, 1.0)[:, None], usable
