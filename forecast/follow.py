"""Numerators that follow their denominators by the rate between the two, where the past says so.

The rate is forecast from its own history, by the default combination, and a numerator that follows is the rate times
the denominator, path by path: the KPI then has the season, the trend and the spread of its own past, and none that two
forecasts made apart leave between them. It is decided for each component: past rates must have been nearer so than as
the quotient of what was forecast of both sides. Denominators stay as they are, reconciled with their totals or not.
Portable to the bit.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from forecast.calibrate import factors, offsets_of, scaled
from forecast.choice import FEWEST_POINTS, middle_of
from forecast.combine import FEWEST_TARGETS, MARGIN, combined_median, losses_of, mean_loss, shrunk
from forecast.config import ForecastConfig
from forecast.rates import REACH, Rates, Summand, denominator
from forecast.series import SeriesPanel
from forecast.training.fit import Fitted, seen_by
from forecast.windows import SEASON, Floats, Mask, Windows


@dataclass(frozen=True, slots=True)
class RateTrial:
    """The losses (as in :class:`forecast.combine.Record`) of a numerator's past rates, as the quotient of both sides'
    own forecasts (``apart``) and as forecast themselves (``by_rate``), and of the numerator itself on its ``own`` and
    ``following``; of as many ``targets`` at as many ``origins``."""

    component: str
    kpi: str
    apart: float
    by_rate: float
    own: float
    following: float
    origins: int
    targets: int

    @property
    def passed(self) -> bool:
        """Whether the numerator follows: its rate was nearer by :data:`forecast.combine.MARGIN`."""
        return self.targets >= FEWEST_TARGETS and self.by_rate < (1.0 - MARGIN) * self.apart


@dataclass(frozen=True)
class Followers:
    """``fitted`` is of the rates alone; ``past`` and ``ahead`` (window, horizon) are their medians, in scales."""

    rates: Rates
    panel: SeriesPanel
    fitted: Fitted
    past: Floats
    ahead: Floats

    @classmethod
    def of(cls, rates: Rates, panel: SeriesPanel, fitted: Fitted, config: ForecastConfig) -> "Followers":
        """``fitted`` is of ``rates`` alone."""
        medians = (
            combined_median(rates.values, rates.present, windows, middle_of(predicted), config.context)
            for windows, predicted in ((fitted.validation, fitted.validated), (fitted.newest, fitted.predicted))
        )
        return cls(rates, panel, fitted, *medians)

    def decide(self, windows: Windows, said: Floats, quarter: int) -> "Following":
        """Who follows, by what was known once ``quarter`` was the newest one.

        ``said`` are the medians of all series at the ``windows`` of the validation origins, in units of scale.
        """
        if not self.rates.ids:
            return Following(self, ())
        rated, tops = self.fitted.validation, self.tops(windows)
        top, below = windows.in_units(said)[tops], self._below(windows, said)
        there = (below > 0.0) & self.ready(rated)[:, None]
        apart, rate = top / np.where(there, below, 1.0), rated.in_units(self.past)
        numerators = windows.take(tops)
        losses = {
            "apart": losses_of(rated, rated.in_scales(apart)),
            "by_rate": losses_of(rated, self.past),
            "own": losses_of(numerators, numerators.in_scales(top)),
            "following": losses_of(numerators, numerators.in_scales(rate * below)),
        }
        known = there & seen_by(rated, quarter) & seen_by(numerators, quarter)
        everywhere = {name: mean_loss(loss, known) for name, loss in losses.items()}
        owner = np.array([component for component, _ in self.rates.ids])[rated.series]
        trials = []
        for component, kpi in dict(zip((code for code, _ in self.rates.ids), self.rates.kpis, strict=True)).items():
            own = known & (owner == component)[:, None]
            missed = {name: shrunk(loss, own, everywhere[name]) for name, loss in losses.items()}
            origins = len(set(rated.origin[own.any(1)].tolist()))
            trials.append(RateTrial(component, kpi, origins=origins, targets=int(own.sum()), **missed))
        return Following(self, tuple(trials))

    def tops(self, windows: Windows) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
        """The windows of the numerators, origin by origin as those of the rates are."""
        series = len(self.panel.ids)
        starts = np.arange(len(windows.series) // series, dtype=np.int64) * series
        return (starts[:, None] + np.array(self.rates.tops, dtype=np.int64)).reshape(-1)

    def _below(self, windows: Windows, said: Floats) -> Floats:
        """(window of a rate, horizon): what was forecast of the denominators."""
        known, ahead = self.known(windows), self.by_series(windows.in_units(said))
        rows = [denominator(below, known, ahead) for below in self.rates.below]
        return np.stack(rows, axis=1).reshape(-1, said.shape[1])

    def by_series(self, cells: Floats) -> Floats:
        """(window, ...) of all series as (series, origin, ...)."""
        return cells.reshape(-1, len(self.panel.ids), *cells.shape[1:]).swapaxes(0, 1)

    def known(self, windows: Windows) -> Floats:
        """(series, origin, REACH): the newest values at each origin, 0 before the first."""
        values = np.pad(self.panel.values, ((0, 0), (REACH, 0)))
        origins = windows.origin[:: len(self.panel.ids)]
        return np.stack([values[:, origin + 1 : origin + 1 + REACH] for origin in origins.tolist()], axis=1)

    def ready(self, windows: Windows) -> Mask:
        """(window,): rates with a history that moves and enough of it, whose denominators are known far enough back."""
        counts = self.rates.present.cumsum(1)[windows.series, windows.origin]
        present = np.pad(self.panel.present, ((0, 0), (REACH, 0)))
        whole = [
            all(_reaches(present[each.row, : origin + 1 + REACH], each) for each in self.rates.below[row])
            for row, origin in zip(windows.series.tolist(), windows.origin.tolist(), strict=True)
        ]
        return windows.usable & windows.moves & (counts >= FEWEST_POINTS) & np.array(whole, dtype=np.bool_)


@dataclass(frozen=True)
class Following:
    """Which numerators follow, decided from the ``trials``, one for each component with a rate."""

    followers: Followers
    trials: tuple[RateTrial, ...]

    def ahead(self, newest: Windows) -> Mask:
        """(rate,): which are followed from the newest quarter on; ``newest`` is of all series."""
        return self._followed(self.followers.fitted.newest, newest)

    def along(self, newest: Windows, samples: Floats, rates: Floats) -> Floats:
        """``samples`` (sample, series, horizon) with every follower at its rate, (sample, rate, horizon), times its
        denominator in the same sample. A share of a whole is never above 1."""
        found = samples.swapaxes(0, 1).copy()
        known = np.broadcast_to(self.followers.known(newest), (*found.shape[:2], REACH))
        for row in np.flatnonzero(self.ahead(newest)).tolist():
            rate = np.minimum(rates[:, row], 1.0) if self.followers.rates.bounded[row] else rates[:, row]
            found[self.followers.rates.tops[row]] = rate * denominator(self.followers.rates.below[row], known, found)
        return found.swapaxes(0, 1)

    def at_origins(
        self, windows: Windows, median: Floats, spread: Floats, quarter: int, levels: Sequence[float]
    ) -> tuple[Floats, Floats]:
        """``median`` (window, horizon) and ``spread`` around it (window, horizon, level) of all series, in units of
        scale, with those of followers as their rates and denominators make them.

        Calibrated by what was known once ``quarter`` was the newest one. Rate and denominator are taken to miss
        independently of each other, so their relative spreads add up as squares.
        """
        mine = self.followers
        if not any(trial.passed for trial in self.trials):
            return median, spread
        rated, offsets = mine.fitted.validation, offsets_of(mine.fitted.validated)
        factor = factors(rated, mine.past, offsets, seen_by(rated, quarter), levels)
        rate = _by_row(rated.in_units(mine.past), len(mine.rates.ids))
        unsure = _by_row(rated.scale[:, None, None] * scaled(offsets, factor), len(mine.rates.ids)).swapaxes(2, 3)
        known, middle = mine.known(windows), mine.by_series(windows.in_units(median)).copy()
        reach = mine.by_series(windows.scale[:, None, None] * spread).swapaxes(2, 3).copy()
        nothing, moved = np.zeros((*reach.shape[:3], REACH)), np.zeros(reach.shape[:2], dtype=np.bool_)
        side = np.sign(np.arange(len(levels)) - len(levels) // 2)[None, :, None]
        followed = _by_row(self._followed(rated, windows), len(mine.rates.ids))
        for row in np.flatnonzero(followed.any(1)).tolist():
            top, below = mine.rates.tops[row], mine.rates.below[row]
            here, whole, whole_reach = (
                followed[row],
                denominator(below, known, middle),
                denominator(below, nothing, reach),
            )
            by_rate, by_whole = whole[:, None] * unsure[row], rate[row][:, None] * whole_reach
            middle[top, here] = (rate[row] * whole)[here]
            reach[top, here] = (side * np.sqrt(by_rate * by_rate + by_whole * by_whole))[here]
            moved[top, here] = True
        at = moved.T.reshape(-1)
        medians = windows.in_scales(middle.swapaxes(0, 1).reshape(median.shape))
        spreads = reach.swapaxes(0, 1).swapaxes(2, 3).reshape(spread.shape) / windows.scale[:, None, None]
        return np.where(at[:, None], medians, median), np.where(at[:, None, None], spreads, spread)

    def _followed(self, rated: Windows, windows: Windows) -> Mask:
        """(window of a rate,): where the numerator follows."""
        passed = {trial.component for trial in self.trials if trial.passed}
        component = np.array([code in passed for code, _ in self.followers.rates.ids], dtype=np.bool_)
        numerators = windows.take(self.followers.tops(windows))
        return component[rated.series] & self.followers.ready(rated) & numerators.usable & numerators.moves


def _by_row(cells: np.ndarray, rows: int) -> np.ndarray:
    """(window, ...) as (row, origin, ...)."""
    return cells.reshape(-1, rows, *cells.shape[1:]).swapaxes(0, 1)


def _reaches(present: Mask, summand: Summand) -> bool:
    """Whether a series is known as far back as a denominator needs, or at least has not ended."""
    return bool(present[-summand.back :].all() if summand.back else present[-SEASON:].any())
