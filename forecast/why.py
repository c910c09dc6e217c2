"""Why a median forecast is what it is: an account whose terms add up to it, to the last bit."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Literal, get_args

import numpy as np

from forecast.choice import BY_NETWORK, Choices, middle_of
from forecast.combine import in_scales
from forecast.config import ForecastConfig
from forecast.paths import Paths, quantile, shown_median
from forecast.series import SeriesPanel
from forecast.training.fit import Fitted
from forecast.windows import Floats
from kpi.text import Text

Term = Literal["level", "season", "trend", "network", "adaptation", "combination", "limits", "rounding"]
TERMS: Final[tuple[Term, ...]] = get_args(Term)

_GRID_BITS: Final = 40
_FINEST: Final = 2.0**-1000

# What each term says of the amount {0}, when it adds and when it takes away.
_WORDS: Final[Mapping[Term, tuple[Text, Text]]] = {
    "level": (Text(zh="最近一期值 {0}", en="the newest value is {0}"),) * 2,
    "season": (
        Text(zh="季节因素增加 {0}", en="the season adds {0}"),
        Text(zh="季节因素减少 {0}", en="the season takes away {0}"),
    ),
    "trend": (
        Text(zh="趋势增加 {0}", en="the trend adds {0}"),
        Text(zh="趋势减少 {0}", en="the trend takes away {0}"),
    ),
    "network": (
        Text(zh="网络的一般经验增加 {0}", en="what the network learned elsewhere adds {0}"),
        Text(zh="网络的一般经验减少 {0}", en="what the network learned elsewhere takes away {0}"),
    ),
    "adaptation": (
        Text(zh="网络对本公司数据的适应增加 {0}", en="what it learned from this company adds {0}"),
        Text(zh="网络对本公司数据的适应减少 {0}", en="what it learned from this company takes away {0}"),
    ),
    "combination": (
        Text(zh="与简单方法组合增加 {0}", en="weighing it with simple methods adds {0}"),
        Text(zh="与简单方法组合减少 {0}", en="weighing it with simple methods takes away {0}"),
    ),
    "limits": (
        Text(zh="取值界限增加 {0}", en="limits of what is possible add {0}"),
        Text(zh="取值界限减少 {0}", en="limits of what is possible take away {0}"),
    ),
    "rounding": (
        Text(zh="舍入增加 {0}", en="rounding adds {0}"),
        Text(zh="舍入减少 {0}", en="rounding takes away {0}"),
    ),
}


@dataclass(frozen=True)
class Account:
    """``terms`` (term, series, horizon) in base units, in the order of :data:`TERMS`, and their sum ``median``."""

    terms: Floats
    median: Floats


def explain(panel: SeriesPanel, fitted: Fitted, choices: Choices, paths: Paths, config: ForecastConfig) -> Account:
    """The account of every series and quarter ahead; rows of ended series are 0.

    From the newest value the season leads to that value with the season of the quarter (Naive2), the trend to the
    damped trend or to what the chosen simple method says, the network to what the weights it began with predict,
    adaptation to what it predicts after training, combination to the chosen median, and limits to the published one.
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
    median = quantile(paths.samples, 0.5)
    ended = choices.all_of("ended")[:, None]
    return account(np.stack([np.where(ended, 0.0, each) for each in steps]), median)


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


def in_words(term: Term, positive: bool, amount: str) -> Text:
    """What ``term`` does, with its ``amount`` (without sign, except for the level) as the reader's page writes it."""
    words = _WORDS[term][0 if positive else 1]
    return Text(zh=words.zh.format(amount), en=words.en.format(amount))
