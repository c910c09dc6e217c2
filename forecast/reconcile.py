"""Forecasts of branches and of what they add up to, brought together.

A total has a forecast of its own, and its parts add up to another. The best of both is their mean, weighted by how
far each missed at past origins; what it differs by from the sum of the parts is spread over them, more over the more
doubtful. Going up the tree so and down again gives the minimum trace reconciliation of Wickramasuriya, Athanasopoulos
and Hyndman (2019) with a diagonal covariance, without solving a system. Whether it is done at all is one decision for
the whole panel: it must have brought past totals nearer. Portable to the bit.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from math import fsum, inf

import numpy as np

from forecast.choice import Choices, middle_of
from forecast.combine import FEWEST_TARGETS, MARGIN, Candidate, Medians, candidates, losses_of, picked
from forecast.config import ForecastConfig
from forecast.totals import Totals, added, rows_of
from forecast.training.fit import Fitted, seen_by
from forecast.windows import Floats, Mask, Windows


@dataclass(frozen=True, slots=True)
class Trial:
    """The mean loss (as in :class:`forecast.combine.Record`) of past totals: added up from their parts, and reconciled
    at each origin by what was missed at the others."""

    added_up: float
    reconciled: float
    origins: int
    targets: int

    @property
    def passed(self) -> bool:
        """Whether reconciling was better by :data:`forecast.combine.MARGIN`; else adding up is simpler."""
        return self.targets >= FEWEST_TARGETS and self.reconciled < (1.0 - MARGIN) * self.added_up


@dataclass(frozen=True)
class Moves:
    """How far medians move: ``past`` (window, horizon) in units of scale, ``ahead`` (series, horizon) in base units.

    Nothing moves when the trial did not pass.
    """

    trial: Trial
    past: Floats
    ahead: Floats


UNMOVED = Moves(Trial(0.0, 0.0, 0, 0), np.zeros(()), np.zeros(()))


@dataclass(frozen=True)
class Family:
    """The series and, in the rows behind them, the totals above them.

    ``components`` is by row; ``past`` and ``ahead`` hold the medians of all candidates for every window of ``fitted``.
    """

    series: int
    parts: tuple[tuple[int, ...], ...]
    components: tuple[str, ...]
    fitted: Fitted
    past: Medians
    ahead: Medians

    @classmethod
    def of(cls, totals: Totals, fitted: Fitted, choices: Choices, config: ForecastConfig) -> "Family":
        """``fitted`` is of series and totals, ``choices`` of the series.

        A total is not usable at an origin whose newest quarter it lacks: its parts know more there.
        """
        series = len(choices.components)
        above = rows_of(fitted, series, len(fitted.newest.series))
        there = np.concatenate([np.ones((series, totals.present.shape[1]), dtype=np.bool_), totals.present])
        medians = [
            {
                name: _behind(own[name], series, said, len(totals.ids))
                for name, said in candidates(
                    totals.values, totals.present, windows, middle_of(predicted), config.context
                ).items()
            }
            for own, windows, predicted in (
                (choices.past, above.validation, above.validated),
                (choices.ahead, above.newest, above.predicted),
            )
        ]
        complete = replace(
            fitted, validation=_complete(fitted.validation, there), newest=_complete(fitted.newest, there)
        )
        components = (*choices.components, *(component for component, _ in totals.ids))
        return cls(series, totals.parts, components, complete, *medians)

    def moves(self, quarter: int, chosen: Mapping[str, Candidate]) -> Moves:
        """How to reconcile by what was known once ``quarter`` was the newest one; ``chosen`` is by component."""
        if not self.parts:
            return UNMOVED
        windows, newest = self.fitted.validation, self.fitted.newest
        said = windows.in_units(picked(self.components, windows, self.past, chosen))
        misses, known = np.abs(windows.in_units(windows.target) - said), seen_by(windows, quarter)
        trial = self._trial(said, misses, known)
        if not trial.passed:
            return replace(UNMOVED, trial=trial)
        doubt = self._doubt(misses, known)
        ahead = newest.in_units(picked(self.components, newest, self.ahead, chosen))
        past, now = (self._adjusted(*each, doubt) - each[1] for each in ((windows, said), (newest, ahead)))
        own = windows.series < self.series
        return Moves(trial, past[own] / windows.scale[own, None], now[: self.series])

    def _trial(self, said: Floats, misses: Floats, known: Mask) -> Trial:
        windows = self.fitted.validation
        of_totals = known & (windows.series >= self.series)[:, None]
        origins = sorted(set(windows.origin[of_totals.any(1)].tolist()))
        unheard = np.where(np.arange(len(self.components)) < self.series, 0.0, inf)
        added_up = self._losses(self._adjusted(windows, said, unheard))
        before: list[float] = []
        after: list[float] = []
        for origin in origins:
            here = (windows.origin == origin)[:, None]
            moved = self._losses(self._adjusted(windows, said, self._doubt(misses, known & ~here)))
            before += added_up[of_totals & here].tolist()
            after += moved[of_totals & here].tolist()
        count = max(len(before), 1)
        return Trial(fsum(before) / count, fsum(after) / count, len(origins), len(before))

    def _losses(self, said: Floats) -> Floats:
        return losses_of(self.fitted.validation, self.fitted.validation.in_scales(said))

    def _doubt(self, misses: Floats, known: Mask) -> Floats:
        """(row,): the square of the mean miss; endless for a total with few ``known`` ones.

        A series without any stays where it is.
        """
        rows = len(self.components)
        by_row, there = (each.reshape(-1, rows, each.shape[1]).swapaxes(0, 1) for each in (misses, known))
        counts = there.sum((1, 2))
        means = np.array([fsum(by_row[row][there[row]].tolist()) for row in range(rows)]) / np.maximum(counts, 1)
        few = (np.arange(rows) >= self.series) & (counts < FEWEST_TARGETS)
        return np.where(few, inf, means * means)

    def _adjusted(self, windows: Windows, said: Floats, doubt: Floats) -> Floats:
        """As :func:`adjusted`, by window; a total that is not usable says nothing, a series that never moved stays."""
        rows, total = len(self.components), windows.series >= self.series
        silent, still = (each.reshape(-1, rows) for each in (total & ~windows.usable, ~total & ~windows.moves))
        doubts = np.where(silent, inf, np.where(still, 0.0, doubt))
        return adjusted(self.parts, said.reshape(-1, rows, said.shape[1]), doubts).reshape(said.shape)


def adjusted(parts: Sequence[Sequence[int]], said: Floats, doubt: Floats) -> Floats:
    """``said`` (origin, row, horizon) moved so that every total is the sum of its ``parts``, which stand before it.

    ``doubt`` (origin, row) weighs as a variance does: endless for a total that says nothing, 0 for a series that stays
    where it is. Totals are the last rows. What adds up already does not change by a bit.
    """
    best, left = said.copy(), doubt.copy()
    families = [(doubt.shape[1] - len(parts) + place, list(below)) for place, below in enumerate(parts)]
    for total, below in families:
        summed, together = added(best[:, below].swapaxes(0, 1)), added(left[:, below].T)
        share = _share(together, together + doubt[:, total])
        best[:, total] = summed + share[:, None] * (said[:, total] - summed)
        left[:, total] = together * (1.0 - share)
    for total, below in reversed(families):
        gap, together = best[:, total] - added(best[:, below].swapaxes(0, 1)), added(left[:, below].T)
        for part in below:
            best[:, part] = best[:, part] + _share(left[:, part], together)[:, None] * gap
    return best


def _share(part: Floats, whole: Floats) -> Floats:
    """0 of nothing and of what is endless."""
    share: Floats = np.where(whole > 0.0, part / np.where(whole > 0.0, whole, 1.0), 0.0)
    return share


def _behind(own: Floats, series: int, above: Floats, totals: int) -> Floats:
    """The windows of totals behind those of series, origin by origin."""
    origins, horizon = len(own) // series, own.shape[1]
    rows = [own.reshape(origins, series, horizon), above.reshape(origins, totals, horizon)]
    return np.concatenate(rows, axis=1).reshape(-1, horizon)


def _complete(windows: Windows, present: Mask) -> Windows:
    return replace(windows, usable=windows.usable & present[windows.series, windows.origin])
