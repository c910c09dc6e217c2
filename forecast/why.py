"""Why a median forecast is what it is: an account whose terms add up to it, to the last bit."""

from dataclasses import dataclass
from typing import Final

import numpy as np

from forecast.choice import BY_NETWORK, Choices, middle_of
from forecast.combine import in_scales
from forecast.config import ForecastConfig
from forecast.follow import Following
from forecast.paths import Paths, quantile, shown_median
from forecast.reconcile import UNMOVED, Moves
from forecast.series import SeriesPanel
from forecast.training.fit import Fitted
from forecast.windows import Floats, Mask, Windows

_GRID_BITS: Final = 40
_FINEST: Final = 2.0**-1000


@dataclass(frozen=True)
class Account:
    """``terms`` (term, series, horizon) in base units and their sum ``median``.

    They stand in the order of :data:`forecast.words.TERMS`.
    """

    terms: Floats
    median: Floats


def explain(
    panel: SeriesPanel,
    fitted: Fitted,
    choices: Choices,
    paths: Paths,
    config: ForecastConfig,
    moves: Moves = UNMOVED,
    following: Following | None = None,
) -> Account:
    """The account of every series and quarter ahead; rows of ended series are 0.

    From the newest value the season leads to that value with the season of the quarter (Naive2), the trend to the
    damped trend or to what the chosen simple method says, the network to what the weights it began with predict,
    adaptation to what it predicts after training, combination to the chosen median, reconciliation to the one
    that heeds what the totals above say, rate to what a numerator that follows its denominator is along the paths, and
    limits to the published one.
    Where a simple method was chosen the network adds nothing.
    """
    newest = fitted.newest

    def in_units(relative: Floats) -> Floats:
        return newest.base + newest.scale[:, None] * relative

    chosen = shown_median(newest, choices)
    level = in_units(choices.ahead["naive"])
    naive2 = in_units(in_scales("naive2", panel.values, panel.present, newest, config.context))
    damped, start, end = (
        in_units(np.where(newest.moves[:, None], each, 0.0))
        for each in (choices.ahead["damped"], middle_of(fitted.started), middle_of(fitted.predicted))
    )
    networked = choices.all_of(*BY_NETWORK)[:, None]
    seasonal = choices.all_of("damped", "theta", *BY_NETWORK)[:, None]
    yearly = choices.all_of("seasonal_naive")[:, None]
    flat = choices.all_of("constant", "ended")[:, None]
    level, chosen = (np.where(flat, newest.base[:, :1], each) for each in (level, chosen))
    season = np.where(seasonal, naive2, np.where(yearly, chosen, level))
    trend = np.where(networked, damped, chosen)
    steps = [level, season, trend, np.where(networked, start, trend), np.where(networked, end, trend), chosen]
    steps.append(chosen + moves.ahead)
    median = quantile(paths.samples, 0.5)
    steps.append(
        steps[-1] if following is None else np.where(_followers(following, newest)[:, None], median, steps[-1])
    )
    ended = choices.all_of("ended")[:, None]
    return account(np.stack([np.where(ended, 0.0, each) for each in steps]), median)


def _followers(following: Following, newest: Windows) -> Mask:
    """(series,)."""
    found = np.zeros(len(newest.series), dtype=np.bool_)
    found[np.array(following.followers.rates.tops, dtype=np.int64)] = following.ahead(newest)
    return found


def account(steps: Floats, median: Floats) -> Account:
    """Terms that lead over ``steps`` (step, series, horizon) to ``median``.

    All but the last are whole multiples of a power of two, 2**-40 of the largest number in question, so adding them
    from left to right is exact. The last, ``rounding``, is the float64 difference between the median and its nearest
    such multiple; it is exact too, and so the sum of all terms is the median to the last bit.
    """
    stops = np.concatenate([steps, median[None]])
    _, exponent = np.frexp(np.abs(stops).max(0))
    unit = np.maximum(np.ldexp(1.0, exponent - _GRID_BITS), _FINEST)
    even = np.rint(stops / unit) * unit
    terms = np.concatenate([even[:1], even[1:] - even[:-1], (median - even[-1])[None]])
    return Account(terms + 0.0, median)
