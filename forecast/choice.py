"""How each series of a run is forecast, and why so, in words."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Literal

import numpy as np

from forecast.combine import (
    DEFAULT,
    Candidate,
    Medians,
    Record,
    candidates,
    enough_targets,
    preferences,
    records,
)
from forecast.config import ForecastConfig
from forecast.series import SeriesPanel
from forecast.training.fit import Fitted, judged
from forecast.windows import SEASON, Floats, Mask
from kpi.text import Text

Method = Literal[Candidate, "constant", "ended"]

BY_NETWORK: Final[tuple[Method, ...]] = ("combined", "network")
# Two years: with less, neither a season nor a trend can be told from chance.
FEWEST_POINTS: Final = 2 * SEASON
# The members' medians lie apart by more than this share of the predicted range from P10 to P90.
UNSTABLE: Final = 0.5

NAMES: Final[Mapping[Candidate, Text]] = {
    "naive": Text(zh="最近一期值", en="the last value"),
    "seasonal_naive": Text(zh="上年同期值", en="the same quarter of last year"),
    "drift": Text(zh="长期平均变化", en="the average change"),
    "damped": Text(zh="阻尼趋势", en="a damped trend"),
    "theta": Text(zh="Theta 法", en="the theta method"),
    "combined": Text(zh="网络与简单方法的组合", en="the network combined with simple methods"),
    "network": Text(zh="网络", en="the network"),
}


@dataclass(frozen=True, slots=True)
class SeriesMethod:
    """How one series was forecast.

    ``reason`` says why not by the network, or why by the default combination without a record. ``record`` is that of
    the series' component, None where no candidate was judged. ``disagreement`` is how far the networks' medians lie
    apart, as a share of the predicted range from P10 to P90.
    """

    method: Method
    reason: Text | None = None
    record: Record | None = None
    disagreement: float = 0.0

    @property
    def recommended(self) -> bool:
        """Whether the network clearly won at past origins."""
        return self.method in BY_NETWORK and self.record is not None

    @property
    def unstable(self) -> bool:
        """Whether the networks disagree so much that another seed could give another forecast."""
        return self.method in BY_NETWORK and self.disagreement > UNSTABLE


@dataclass(frozen=True)
class Choices:
    """The method of every series in the panel's order, and the candidate that the record of its component prefers.

    ``past`` holds the medians of all candidates at the validation origins, ``ahead`` those at the newest quarter.
    """

    components: tuple[str, ...]
    methods: tuple[SeriesMethod, ...]
    preferred: Mapping[str, Candidate]
    past: Medians
    ahead: Medians

    def all_of(self, *names: Method) -> Mask:
        """(series,): which series one of these methods forecasts."""
        return np.array([method.method in names for method in self.methods], dtype=np.bool_)


def choose(panel: SeriesPanel, fitted: Fitted, config: ForecastConfig) -> Choices:
    """The method of each series: by its own history where that says enough, else by its component's record."""
    components = tuple(component for component, _ in panel.ids)
    past, ahead = (
        candidates(panel.values, panel.present, windows, middle_of(predicted), config.context)
        for windows, predicted in ((fitted.validation, fitted.validated), (fitted.newest, fitted.predicted))
    )
    known = judged(fitted.validation)
    found = records(components, fitted.validation, past, known)
    enough = enough_targets(known)
    preferred = preferences(found, enough)
    disagreement = _disagreement(fitted, config)
    methods = tuple(
        _special(values[there], there, bool(moves), config.context)
        or _by_record(preferred[component], found[component] if enough else None, apart)
        for component, values, there, moves, apart in zip(
            components, panel.values, panel.present, fitted.newest.moves, disagreement.tolist(), strict=True
        )
    )
    return Choices(components, methods, preferred, past, ahead)


def middle_of(predicted: Floats) -> Floats:
    """The median among (..., quantile)."""
    middle: Floats = predicted[..., predicted.shape[-1] // 2]
    return middle


def _disagreement(fitted: Fitted, config: ForecastConfig) -> Floats:
    """(series,): the mean over the quarters ahead, added from left to right."""
    low, high = outer_pair(config.quantiles)
    total = np.zeros(len(fitted.predicted))
    for ahead in range(fitted.predicted.shape[1]):
        width = fitted.predicted[:, ahead, high] - fitted.predicted[:, ahead, low]
        total = total + fitted.apart[:, ahead] / np.maximum(width, 2.0**-20)
    mean: Floats = total / fitted.predicted.shape[1]
    return mean


def outer_pair(levels: tuple[float, ...]) -> tuple[int, int]:
    """The columns of P10 and P90; of the outermost levels where those are not predicted."""
    low = levels.index(0.1) if 0.1 in levels and 0.9 in levels else 0
    return low, len(levels) - 1 - low


def _special(points: Floats, there: Mask, moves: bool, context: int) -> SeriesMethod | None:
    """What the series' own history settles."""
    if not there[-SEASON:].any():
        zh, en = "最近四个季度没有数据，视为已停止", "no value in the last four quarters, taken as ended"
        return SeriesMethod("ended", Text(zh=zh, en=en))
    count = len(points)
    if count > 1 and (points == points[0]).all():
        return SeriesMethod("constant", Text(zh="历史数值从未变化", en="the value has never changed"))
    if count >= FEWEST_POINTS and not moves:
        zh, en = f"最近 {context} 个季度的数值没有变化", f"the value has not changed in the last {context} quarters"
        return SeriesMethod("constant", Text(zh=zh, en=en))
    if count >= FEWEST_POINTS:
        return None
    zh = f"只有 {count} 个季度的数据，少于 {FEWEST_POINTS} 个"
    reason = Text(zh=zh, en=f"only {count} quarters of data, fewer than {FEWEST_POINTS}")
    seasons = {int(index) % SEASON for index in np.flatnonzero(there)}
    return SeriesMethod("seasonal_naive" if len(seasons) == SEASON else "naive", reason)


def _by_record(name: Candidate, record: Record | None, disagreement: float) -> SeriesMethod:
    if record is None:
        zh = f"历史太短，没有足够的过去预测可供比较，采用{NAMES[name].zh}"
        en = f"the history is too short to compare past forecasts, so it is {NAMES[name].en}"
        return SeriesMethod(DEFAULT, Text(zh=zh, en=en), None, disagreement)
    if name in BY_NETWORK:
        return SeriesMethod(name, None, record, disagreement)
    rival = min(record.losses["combined"], record.losses["network"])
    own = record.losses[name]
    zh = (
        f"在过去 {record.origins} 个时点，网络(误差 {rival:.3g})并不明显优于{NAMES[name].zh}({own:.3g})，"
        "故取更简单的方法"
    )
    en = (
        f"at {record.origins} past origins the network (miss {rival:.3g}) was not clearly better than "
        f"{NAMES[name].en} ({own:.3g}), which is simpler"
    )
    return SeriesMethod(name, Text(zh=zh, en=en), record, disagreement)
