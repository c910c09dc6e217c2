"""What the series of a component add up to in the org units above them, as series of their own."""

from dataclasses import dataclass, replace
from typing import Protocol

import numpy as np

from forecast.choice import FEWEST_POINTS
from forecast.series import SeriesPanel
from forecast.training.fit import Fitted
from forecast.windows import SEASON, Floats, Mask, Windows
from kpi.catalogue.models import Catalogue
from kpi.organisation import Organisation

Id = tuple[str, str]


@dataclass(frozen=True)
class Totals:
    """Rows (total); ``ids`` are (component, org unit), ``values`` and ``present`` (total, quarter).

    ``parts`` are the rows that a total adds up, rising: those of the panel's series, and behind them those of totals
    that stand before it here. No row is part of two totals. A total is present where all its parts are.
    """

    ids: tuple[Id, ...]
    parts: tuple[tuple[int, ...], ...]
    values: Floats
    present: Mask


def totals_of(panel: SeriesPanel, organisation: Organisation, catalogue: Catalogue) -> Totals:
    """A total of every component that adds up over org units, in every org unit with two parts or more below it.

    An org unit with facts of its own is shown by them, as the scorecard does, so it is a part of what is above it and
    adds up nothing. Series that ended count nowhere, and those with fewer than :data:`forecast.choice.FEWEST_POINTS`
    values are left out: they would cut the history of a total down to their own.
    """
    families = [
        (component, unit, below)
        for component in sorted({component for component, _ in panel.ids})
        if catalogue.component[component].over_units == "sum"
        for unit, below in _families(panel, organisation, component)
    ]
    row: dict[Id, int] = {key: index for index, key in enumerate(panel.ids)}
    values, present = list(panel.values), list(panel.present)
    ids: list[Id] = []
    parts: list[tuple[int, ...]] = []
    for component, unit, below in families:
        rows = tuple(sorted(row[component, each] for each in below))
        row[component, unit] = len(values)
        values.append(added(np.stack([values[each] for each in rows])))
        present.append(np.logical_and.reduce([present[each] for each in rows]))
        ids.append((component, unit))
        parts.append(rows)
    start, shape = len(panel.ids), (len(ids), len(panel.quarters))
    there = np.array(present[start:], dtype=np.bool_).reshape(shape)
    return Totals(tuple(ids), tuple(parts), np.where(there, np.array(values[start:]).reshape(shape), 0.0), there)


def added(rows: Floats) -> Floats:
    """The sum along axis 0, from the first to the last."""
    total: Floats = rows[0]
    for each in rows[1:]:
        total = total + each
    return total


def _families(panel: SeriesPanel, organisation: Organisation, component: str) -> list[tuple[str, list[str]]]:
    """Org units and the units whose rows they add up, the lowest first, in an order that follows from codes alone."""
    lives, settled = _own(panel, component)
    below: dict[str, list[str]] = {}
    found: list[tuple[str, list[str]]] = []
    for unit in sorted(organisation.by_code, key=lambda code: (-len(organisation.ancestors(code)), code)):
        parts = below.get(unit, [])
        if unit in lives:
            parts = [unit] if unit in settled else []
        elif len(parts) > 1:
            found.append((unit, parts))
            parts = [unit]
        if parts:
            below.setdefault(organisation.by_code[unit].parent or "", []).append(parts[0])
    return found


def _own(panel: SeriesPanel, component: str) -> tuple[set[str], set[str]]:
    """The org units with a living series of their own, and those of them that have settled."""
    rows = {unit: there for (code, unit), there in zip(panel.ids, panel.present, strict=True) if code == component}
    lives = {unit for unit, there in rows.items() if there[-SEASON:].any()}
    return lives, {unit for unit in lives if int(rows[unit].sum()) >= FEWEST_POINTS}


class Rows(Protocol):
    """Anything with ``values`` and ``present`` (row, quarter)."""

    @property
    def values(self) -> Floats:
        """0 where nothing is present."""

    @property
    def present(self) -> Mask:
        """Which values there are."""


def beside(panel: SeriesPanel, *further: Rows) -> tuple[Floats, Mask]:
    """Values and mask of the series with ``further`` rows behind them."""
    every: tuple[Rows, ...] = (panel, *further)
    return np.concatenate([each.values for each in every]), np.concatenate([each.present for each in every])


def rows_of(fitted: Fitted, first: int, last: int) -> Fitted:
    """What was found of the series ``first`` up to, not with, ``last``, which count from 0 there."""
    past, newest = (
        (first <= windows.series) & (windows.series < last) for windows in (fitted.validation, fitted.newest)
    )
    return replace(
        fitted,
        validation=_counted_from(first, fitted.validation.take(past)),
        validated=fitted.validated[past],
        newest=_counted_from(first, fitted.newest.take(newest)),
        predicted=fitted.predicted[newest],
        started=fitted.started[newest],
        apart=fitted.apart[newest],
    )


def _counted_from(first: int, windows: Windows) -> Windows:
    return replace(windows, series=windows.series - first)
